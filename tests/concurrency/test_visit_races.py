"""Visits at once on a real PostgreSQL: all or nothing, nothing oversold, nobody in a ring."""

from collections import Counter
from uuid import UUID

from sqlalchemy import func, select

from appointments import reconcile
from appointments.model import Appointment, Slot
from appointments.rules import State
from backend.domains.appointments import service, visits
from backend.domains.appointments.service import Wanted
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict
from tests.appointments_api import CARD, PASS, fake_items, place
from tests.concurrency.test_booking_races import THREADS, together
from tests.people import sign_in_person


def test_visits_and_single_bookings_want_the_same_last_places(live_services, monkeypatch):
    fake_items(monkeypatch)
    made = place(live_services)
    card, other = made.slot(10), made.slot(10, 30, group="huji")
    people = [sign_in_person(live_services).id for _ in range(THREADS * 2)]

    def act(number: int) -> str:
        person = people[number]
        try:
            with live_services.unit(Actor("person", person)) as uow:
                if number % 3 == 2:
                    service.book(uow, person, other, PASS.id)
                    return "single"
                parts = [Wanted(card, CARD.id), Wanted(other, PASS.id)]
                if number % 2:
                    parts.reverse()
                visits.book(uow, person, "items", parts)
        except Conflict as conflict:
            return conflict.code
        return "visit"

    outcomes = together(len(people), act)
    assert set(outcomes) <= {"visit", "single", "slot_full"}
    assert outcomes["visit"] + outcomes["single"] == 2
    with live_services.unit() as uow:
        assert reconcile.mismatches(uow.session) == []
        each: Counter[UUID] = Counter(
            uow.session.scalars(
                select(Appointment.visit_id).where(Appointment.visit_id.is_not(None))
            )
        )
        assert set(each.values()) <= {2}
        assert uow.session.get_one(Slot, other).booked == 2


def test_moving_and_cancelling_visits_at_once(live_services, monkeypatch):
    fake_items(monkeypatch)
    made = place(live_services)
    slots = [(10, 0), (10, 30)]
    shown = []
    for number in range(2):
        person = sign_in_person(live_services).id
        first, second = slots[number], slots[1 - number]
        with live_services.unit(Actor("person", person)) as uow:
            parts = [
                Wanted(made.slot(*first), CARD.id),
                Wanted(made.slot(*second, group="huji"), PASS.id),
            ]
            shown.append((person, visits.book(uow, person, "items", parts)))

    def act(number: int) -> str:
        person, visit = shown[number % 2]
        rows = {row["item"]["id"]: row for row in visit["appointments"]}
        at = slots[(number // 2) % 2], slots[1 - (number // 2) % 2]
        try:
            with live_services.unit(Actor("person", person)) as uow:
                if number == THREADS - 1:
                    visits.cancel(uow, person, visit["id"], "")
                    return "cancelled"
                moves = {
                    rows[CARD.id]["id"]: made.slot(*at[0]),
                    rows[PASS.id]["id"]: made.slot(*at[1], group="huji"),
                }
                visits.reschedule(uow, person, visit["id"], moves)
        except Conflict as conflict:
            return conflict.code
        return "moved"

    outcomes = together(THREADS, act)
    assert outcomes["cancelled"] == 1
    with live_services.unit() as uow:
        assert reconcile.mismatches(uow.session) == []
        live = uow.session.scalar(
            select(func.count(Appointment.id)).where(Appointment.state == State.BOOKED.value)
        )
        assert live == 2
