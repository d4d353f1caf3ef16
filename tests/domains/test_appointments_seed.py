"""The demo's halls: five of them, walkable at any hour, the same after a second run."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from appointments import reconcile
from appointments.demand_model import AgentConsent, Missed
from appointments.model import Appointment, Hall, Rating, Slot, Window, WindowGroup
from backend.demo import seed_appointments, seed_bookings, seed_identity, seed_queue
from backend.domains.appointments import halls, service, staff
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.clock import SHANGHAI
from backend.kernel.ids import new_id, stable_id
from tests.appointments_api import CARD, ITEMS, fake_items
from tests.people import sign_in_person

YUEHE = stable_id("hall", "yuehe")
CLERK = Principal(
    Actor("staff", new_id(), "周敏", "clerk"),
    grants=(Grant("clerk", frozenset({"queue.operate", "appointments.view"}), "hall", YUEHE),),
)
MOMENTS = [
    datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI),
    datetime(2026, 11, 23, 15, 20, tzinfo=SHANGHAI),
    datetime(2026, 11, 28, 21, 40, tzinfo=SHANGHAI),
    datetime(2026, 10, 1, 3, 5, tzinfo=SHANGHAI),
    datetime(2027, 2, 6, 12, 30, tzinfo=SHANGHAI),
]


@pytest.fixture
def items(monkeypatch):
    """Items of some groups without a catalogue."""
    fake_items(monkeypatch)
    groups: dict[str, list] = {}
    for item in ITEMS.values():
        if item.bookable:
            groups.setdefault(item.group_code, []).append(item.id)
    monkeypatch.setattr(seed_queue, "_items", lambda uow: groups)


def counts(services) -> list[int]:
    tables = (Hall, Window, WindowGroup, Slot, Appointment, Rating)
    with services.unit() as uow:
        return [uow.session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_five_halls_and_running_again_changes_nothing(services, items):
    seed_appointments.seed(services)
    first = counts(services)
    assert first[:2] == [5, 28]
    seed_appointments.seed(services)
    assert counts(services) == first
    with services.unit() as uow:
        assert reconcile.mismatches(uow.session) == []
        third = uow.session.get_one(Window, stable_id("window", "yuehe-3"))
        assert uow.session.get(WindowGroup, (third.id, "shebao"))


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_newcomer_walks_the_whole_way_within_five_minutes_at_any_hour(
    services, items, clock, moment
):
    clock.set(moment)
    seed_appointments.seed(services)
    person = sign_in_person(services).id
    with services.unit(Actor("person", person)) as uow:
        days = halls.days(uow, YUEHE, CARD.id)
        day = next(day["date"] for day in days if day["status"] == "open")
        times = halls.slots(uow, YUEHE, CARD.id, day)
        slot = next(slot for slot in times if slot["status"] == "open")
        shown = service.book(uow, person, slot["id"], CARD.id)
    clock.advance(timedelta(minutes=2))
    with services.unit(CLERK.actor) as uow:
        token = shown["qr_token"]
        ticket = staff.check_in(uow, CLERK, YUEHE, code=None, token=token)
        assert ticket["state"] == "checked_in"
        called = staff.call(uow, CLERK, stable_id("window", "yuehe-3"), None)
        assert (called["id"], called["window_number"]) == (shown["id"], 3)
        for step in ("start", "finish"):
            staff.step(uow, CLERK, shown["id"], step, None)
    with services.unit(Actor("person", person)) as uow:
        service.rate(uow, person, shown["id"], 5, "")


def test_the_board_looks_lived_in(services, items, clock):
    clock.set(MOMENTS[1])
    seed_appointments.seed(services)
    with services.unit(CLERK.actor) as uow:
        board = staff.board(uow, CLERK, YUEHE, None)
    assert board["stats"].finished >= 3
    assert board["stats"].waiting >= 2
    assert board["stats"].avg_service_minutes > 0
    assert board["windows"][1]["current"]["state"] == "serving"
    assert board["hall"]["waiting_count"] >= 2
    assert all("*" in row["person_name"] for row in board["appointments"])


@pytest.mark.parametrize("minute", [0, 8, 30])
def test_somebody_waits_and_is_served_just_after_midnight_too(services, items, clock, minute):
    clock.set(datetime(2026, 11, 24, 0, minute, tzinfo=SHANGHAI))
    seed_appointments.seed(services)
    with services.unit(CLERK.actor) as uow:
        board = staff.board(uow, CLERK, YUEHE, None)
    assert board["hall"]["waiting_count"] >= 2
    assert board["windows"][1]["current"]["state"] == "serving"


def test_tomorrow_brings_its_own_day(services, items, clock):
    clock.set(MOMENTS[1])
    seed_appointments.seed(services)
    before = counts(services)[4]
    clock.advance(timedelta(days=1))
    while services.timers.fire_due(services):
        pass
    seed_appointments.seed(services)
    assert counts(services)[4] > before
    with services.unit() as uow:
        assert reconcile.mismatches(uow.session) == []


def test_without_items_there_are_halls_only(services, monkeypatch):
    fake_items(monkeypatch)
    monkeypatch.setattr(seed_queue, "_items", lambda uow: {})
    seed_appointments.seed(services)
    assert counts(services)[4] == 0


def test_what_is_arranged_around_bookings_is_there_once(services, items, clock, monkeypatch):
    clock.set(MOMENTS[1])
    monkeypatch.setattr(seed_queue, "NEVER_CAME", 0)
    monkeypatch.setattr(seed_bookings, "WANTED", CARD.id)
    seed_identity.seed(services)
    seed_appointments.seed(services)
    for _ in range(2):
        seed_bookings.seed(services)
        with services.unit() as uow:
            (consent,) = uow.session.scalars(select(AgentConsent))
            assert (consent.state, consent.relation) == ("given", "子女")
            (appealed,) = uow.session.scalars(select(Missed).where(Missed.state == "appealed"))
            assert appealed.appeal == seed_bookings.EXCUSE
            rongan = uow.session.get_one(Hall, stable_id("hall", "rongan"))
            assert rongan.release.days == 5
            halves = select(func.count()).where(
                Slot.hall_id == rongan.id, Slot.first_places < Slot.capacity
            )
            assert uow.session.scalar(halves)
            video = select(func.count()).where(Slot.channel == "video")
            assert uow.session.scalar(video)
            assert reconcile.mismatches(uow.session) == []
