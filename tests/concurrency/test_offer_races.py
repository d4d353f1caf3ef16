"""Kept places on a real PostgreSQL: taken once, passed on once, never lost, never doubled."""

from collections import Counter
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from appointments import booking, offers, places, reconcile, waitlist
from appointments.demand_model import Offer, WaitlistEntry
from appointments.model import Appointment, Slot
from appointments.rules import Refused
from tests.appointments_world import MONDAY, NOW, at, minutes
from tests.concurrency.test_booking_races import (
    THREADS,
    attempt,
    database,  # noqa: F401 - fixture
    hall,
    together,
)

ROUNDS = 6


def wait(database, world, people: int) -> list[UUID]:
    """So many people wait for the only place of Monday; the slot is sold out."""
    ids = []
    with database.transaction() as session:
        world.session = session
        session.execute(update(Slot).where(Slot.start_at != at(9)).values(closed=True))
        for number in range(people):
            entry = waitlist.join(
                session, entry_id=uuid4(), hall=world.hall, person_key=uuid4(), item_key=uuid4(),
                item_name="社会保障卡挂失", group_code="shebao", day=MONDAY, earliest=None,
                latest=None, channels=("online",), priority=0, now=NOW + minutes(number / 60),
            )  # fmt: skip
            ids.append(entry.id)
    return ids


def give_back(database, slot_id: UUID) -> None:
    """Whoever has the place gives it up."""
    with database.transaction() as session:
        row = session.scalars(
            select(Appointment).where(Appointment.slot_id == slot_id, Appointment.state == "booked")
        ).one()
        booking.hall_cancel(session, row, NOW)


def ask(database, slot_id: UUID) -> str:
    with database.transaction() as session:
        made = offers.offer_next(session, slot_id, uuid4(), NOW)
    return "asked" if made else "nobody"


def accept(database, offer_id: UUID, now=NOW) -> str:
    try:
        with database.transaction() as session:
            offers.accept(
                session, offer_id, appointment_id=uuid4(), priority=0,
                details={"item_name": "社会保障卡挂失"}, now=now,
            )  # fmt: skip
    except Refused as refused:
        return refused.code
    return "accepted"


def end(database, offer_id: UUID, state: str, now) -> str:
    try:
        with database.transaction() as session:
            offers.end(session, offer_id, state, now)
    except Refused as refused:
        return refused.code
    return state


def agrees(database) -> None:
    with database.transaction() as session:
        assert reconcile.mismatches(session) == []


def the_open(database) -> Offer:
    with database.transaction() as session:
        return session.scalars(select(Offer).where(Offer.state == "open")).one()


def test_a_place_given_back_is_kept_for_one_however_many_look(database):
    world, slot_id = hall(database, capacity=1)
    attempt(database, slot_id, uuid4(), uuid4())
    entries = wait(database, world, 5)
    give_back(database, slot_id)
    assert together(THREADS, lambda _: ask(database, slot_id)) == {
        "asked": 1,
        "nobody": THREADS - 1,
    }
    # The others may have passed over the row that was just locked, but nobody jumped the queue.
    assert the_open(database).entry_id in entries
    agrees(database)


def test_an_offer_taken_from_many_devices_is_one_booking(database):
    world, slot_id = hall(database, capacity=1)
    for _ in range(ROUNDS):
        attempt(database, slot_id, uuid4(), uuid4())
        wait(database, world, 1)
        give_back(database, slot_id)
        assert ask(database, slot_id) == "asked"
        offer = the_open(database)
        outcomes = together(THREADS, lambda _, offer=offer: accept(database, offer.id))
        assert outcomes == {"accepted": 1, "offer_over": THREADS - 1}
        agrees(database)
        give_back(database, slot_id)


def test_accepting_in_the_moment_it_lapses_has_one_end(database):
    """The tap and the worker at once: taken or lapsed, never both, and the place is not lost."""
    world, slot_id = hall(database, capacity=1)
    seen: Counter[str] = Counter()
    for _ in range(ROUNDS):
        attempt(database, slot_id, uuid4(), uuid4())
        wait(database, world, 1)
        give_back(database, slot_id)
        ask(database, slot_id)
        offer = the_open(database)
        late = offer.expires_at

        def act(number: int, offer=offer, late=late) -> str:
            if number % 2:
                return end(database, offer.id, "lapsed", late)
            return accept(database, offer.id, late - minutes(0.01))

        outcomes = together(2, act)
        assert outcomes["accepted"] + outcomes["lapsed"] == 1
        assert outcomes["offer_over"] == 1
        seen.update(outcomes)
        agrees(database)
        with database.transaction() as session:
            slot = session.get_one(Slot, slot_id)
            assert (slot.booked, slot.held) == (outcomes["accepted"], 0)
        if outcomes["accepted"]:
            give_back(database, slot_id)


def test_nobody_else_books_a_kept_place(database):
    world, slot_id = hall(database, capacity=1)
    attempt(database, slot_id, uuid4(), uuid4())
    wait(database, world, 1)
    give_back(database, slot_id)
    ask(database, slot_id)
    offer = the_open(database)

    def act(number: int) -> str:
        if number == 3:
            return accept(database, offer.id)
        return attempt(database, slot_id, uuid4(), uuid4())

    assert together(THREADS, act) == {"accepted": 1, "slot_full": THREADS - 1}
    agrees(database)


def test_without_the_condition_the_kept_place_is_sold_twice_over(database, monkeypatch):
    """The negative control: where `held` is not looked at, the schema itself has to refuse."""
    world, slot_id = hall(database, capacity=1)
    attempt(database, slot_id, uuid4(), uuid4())
    wait(database, world, 1)
    give_back(database, slot_id)
    ask(database, slot_id)

    def careless(session, of_slot, now, earliest) -> bool:
        session.execute(update(Slot).where(Slot.id == of_slot).values(booked=Slot.booked + 1))
        return True

    monkeypatch.setattr(places, "left", lambda slot, now: 1)
    monkeypatch.setattr(places, "take", careless)
    with pytest.raises(Exception, match="never_oversold"):
        attempt(database, slot_id, uuid4(), uuid4())
    agrees(database)


def test_two_answers_without_the_lock_end_an_offer_twice(database, monkeypatch):
    """The negative control: an offer read without its lock is ended by both."""
    world, slot_id = hall(database, capacity=1)

    def unlocked(session, offer_id):
        offer = session.get(Offer, offer_id)
        entry = session.get(WaitlistEntry, offer.entry_id)
        if offer.state != "open":
            raise Refused("offer_over", state=offer.state)
        return offer, entry

    monkeypatch.setattr(offers, "_take_hold", unlocked)
    doubled = 0
    for _ in range(ROUNDS * 4):
        attempt(database, slot_id, uuid4(), uuid4())
        wait(database, world, 1)
        give_back(database, slot_id)
        ask(database, slot_id)
        offer = the_open(database)

        def act(_: int, offer=offer) -> str:
            try:
                return accept(database, offer.id)
            except Exception as error:  # the schema or the counter refuses what the lock did not
                return type(error).__name__

        outcomes = together(THREADS, act)
        doubled += outcomes["offer_over"] != THREADS - 1
        with database.transaction() as session:
            live = session.scalar(
                select(func.count()).where(
                    Appointment.slot_id == slot_id, Appointment.state == "booked"
                )
            )
            assert live <= 1
        if doubled:
            return
        give_back(database, slot_id)
    assert doubled, "the lock was never missed"
