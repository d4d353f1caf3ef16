"""The waitlist and its offers: who is asked, for how long, and that no place is lost."""

from collections.abc import Iterator
from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from appointments import booking, missed, offers, reconcile, waitlist
from appointments.demand_model import Missed, Offer, Precedence, WaitlistEntry
from appointments.model import Slot
from appointments.rules import Refused
from tests.appointments_world import MONDAY, NOW, World, at, make_hall, minutes, week

ITEM = uuid4()


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def world(session) -> World:
    """Every time of Monday full, one place a time."""
    made = make_hall(session, rules=week(capacity=1))
    session.execute(update(Slot).where(Slot.day != MONDAY).values(closed=True))
    for hour, minute in ((9, 0), (9, 30), (10, 0), (10, 30)):
        made.book(at(hour, minute))
    return made


def join(world: World, person: UUID | None = None, **more: object) -> WaitlistEntry:
    values = {
        "entry_id": uuid4(), "hall": world.hall, "person_key": person or uuid4(), "item_key": ITEM,
        "item_name": "社会保障卡挂失", "group_code": "shebao", "day": MONDAY, "earliest": None,
        "latest": None, "channels": ("online",), "priority": 0, "now": NOW, **more,
    }  # fmt: skip
    return waitlist.join(world.session, **values)


def cancel(world: World, hour: int, minute: int = 0) -> Slot:
    slot = world.slot(at(hour, minute))
    row = world.session.query(booking.Appointment).filter_by(slot_id=slot.id, state="booked").one()
    booking.cancel(world.session, row, NOW - minutes(600))
    return slot


def ask(world: World, slot: Slot, now=NOW) -> Offer | None:
    return offers.offer_next(world.session, slot.id, uuid4(), now)


def accept(world: World, offer: Offer, now=NOW) -> booking.Booking:
    return offers.accept(
        world.session, offer.id, appointment_id=uuid4(), priority=0,
        details={"item_name": "社会保障卡挂失"}, now=now,
    )  # fmt: skip


def refused(code: str, act) -> None:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code


def test_only_a_full_day_has_a_waitlist(world):
    person = uuid4()
    entry = join(world, person)
    assert (entry.state, waitlist.ahead(world.session, entry)) == ("waiting", 0)
    refused("already_waiting", lambda: join(world, person))
    assert waitlist.ahead(world.session, join(world, now=NOW + minutes(1))) == 1
    refused("waitlist_no_times", lambda: join(world, day=MONDAY + timedelta(days=1)))
    refused("waitlist_no_times", lambda: join(world, earliest=time(12)))
    cancel(world, 10)
    refused("waitlist_not_full", lambda: join(world))
    assert join(world, latest=time(9, 30)).state == "waiting"


def test_the_first_who_fits_is_asked_and_nobody_else_gets_the_place(world, session):
    join(world, latest=time(9, 30))
    second, third = join(world, now=NOW + minutes(1)), join(world, now=NOW + minutes(2))
    slot = cancel(world, 10)
    offer = ask(world, slot)
    assert (offer.entry_id, second.state) == (second.id, "offered")
    assert offer.expires_at == NOW + minutes(30)
    assert ask(world, slot) is None and third.state == "waiting"
    refused("slot_full", lambda: world.book(at(10)))
    assert reconcile.mismatches(session) == []
    made = accept(world, offer)
    assert made.appointment.person_key == second.person_key
    assert (second.state, offer.state, offer.booked_id) == (
        "booked", "accepted", made.appointment.id,
    )  # fmt: skip
    assert reconcile.mismatches(session) == []
    refused("offer_over", lambda: accept(world, offer))


def test_who_goes_first_is_asked_first(world):
    join(world)
    first = join(world, priority=1, now=NOW + minutes(5))
    assert ask(world, cancel(world, 10)).entry_id == first.id


def test_a_lapsed_place_goes_on_and_two_lapses_end_the_waiting(world, session):
    one, two = join(world), join(world, now=NOW + minutes(1))
    slot = cancel(world, 10)
    offer = ask(world, slot)
    refused("offer_open", lambda: offers.end(session, offer.id, "lapsed", NOW))
    later = offer.expires_at
    refused("offer_over", lambda: accept(world, offer, later))
    assert offers.end(session, offer.id, "lapsed", later).entry is one
    assert (one.state, one.lapses) == ("waiting", 1)
    following = ask(world, slot, later)
    assert following.entry_id == two.id
    again = ask(world, cancel(world, 10, 30), later)
    assert again.entry_id == one.id
    offers.end(session, again.id, "lapsed", again.expires_at)
    assert (one.state, one.lapses) == ("ended", 2)
    assert reconcile.mismatches(session) == []


def test_a_kept_time_ends_before_the_slot_can_no_longer_be_booked(world):
    join(world)
    slot = cancel(world, 10)
    assert ask(world, slot, at(9, 26)) is None
    assert ask(world, slot, at(9, 20)).expires_at == at(9, 30)


def test_declining_is_no_lapse_and_is_not_asked_twice(world, session):
    entry = join(world)
    slot = cancel(world, 10)
    offers.end(session, ask(world, slot).id, "declined", NOW)
    assert (entry.state, entry.lapses) == ("waiting", 0)
    assert ask(world, slot) is None
    assert world.slot(at(10)).held == 0


def test_leaving_gives_the_kept_place_back(world, session):
    entry = join(world)
    slot = cancel(world, 10)
    offer = ask(world, slot)
    left, over = offers.leave(session, entry.id, NOW)
    assert (left.state, over.state) == ("left", "declined")
    assert offer.state == "declined" and world.slot(at(10)).held == 0
    refused("waitlist_over", lambda: offers.leave(session, entry.id, NOW))
    assert reconcile.mismatches(session) == []


def test_a_closed_or_booked_day_cannot_be_accepted(world, session):
    entry = join(world)
    offer = ask(world, cancel(world, 10))
    session.execute(update(Slot).where(Slot.id == offer.slot_id).values(closed=True))
    refused("slot_closed", lambda: accept(world, offer))
    session.execute(update(Slot).where(Slot.id == offer.slot_id).values(closed=False))
    cancel(world, 10, 30)
    world.book(at(10, 30), person=entry.person_key, item=ITEM)
    refused("already_booked", lambda: accept(world, offer))


def test_who_is_barred_neither_books_nor_waits_nor_accepts(world, session):
    person = uuid4()
    entry = join(world, person)
    offer = ask(world, cancel(world, 10))
    assert offer.entry_id == entry.id
    rows = session.query(booking.Appointment).limit(3).all()
    for number, row in enumerate(rows):
        session.add(
            Missed(
                appointment_id=row.id, person_key=person, hall_id=world.hall.id,
                at=NOW - timedelta(days=10 + number), state="counted",
            )
        )  # fmt: skip
    session.flush()
    refused("barred", lambda: accept(world, offer))
    refused("barred", lambda: join(world, person, item_key=uuid4()))
    cancel(world, 10, 30)
    refused("barred", lambda: world.book(at(10, 30), person=person))
    row = session.query(Missed).filter_by(person_key=person).first()
    missed.settle(session, row, forgive=True, words="大厅叫号晚了", by=uuid4(), now=NOW)
    assert world.book(at(10, 30), person=person).state == "booked"


def test_the_rest_of_a_batch_is_found_a_little_ahead(world, session):
    entry = join(world)
    slot = world.slot(at(10))
    rest = NOW + minutes(10)
    session.execute(
        update(Slot).where(Slot.id == slot.id).values(capacity=3, first_places=1, rest_at=rest)
    )
    assert waitlist.with_places(session, world.hall, NOW, NOW + minutes(1)) == []
    just_before = rest - minutes(1)
    assert waitlist.with_places(session, world.hall, just_before, rest) == [slot.id]
    offer = offers.offer_next(session, slot.id, uuid4(), just_before, at=rest)
    assert offer.entry_id == entry.id
    assert reconcile.mismatches(session) == []


def test_waiting_ends_with_the_last_time_that_suits(world, session):
    early, late = join(world, latest=time(9)), join(world)
    assert waitlist.end_past(session, world.hall, at(8, 40)) == [early]
    assert waitlist.end_past(session, world.hall, at(10, 5)) == [late]
    assert not waitlist.any_open(session, world.hall.id)


def test_a_closed_hall_offers_the_nearest_place(world, session):
    lost = session.query(booking.Appointment).filter_by(slot_id=world.slot(at(10)).id).one()
    booking.hall_cancel(session, lost, NOW)
    session.execute(update(Slot).values(closed=True))
    next_day = MONDAY + timedelta(days=1)
    session.execute(update(Slot).where(Slot.day == next_day).values(closed=False))
    offer = offers.offer_instead(
        session, lost, uuid4(), channels=("online",), hall_codes=("test-hall",), now=NOW
    )
    assert session.get(Slot, offer.slot_id).start_at == at(10, day=next_day)
    assert offer.expires_at == NOW + timedelta(hours=24)
    made = accept(world, offer)
    assert made.appointment.item_key == lost.item_key
    assert reconcile.mismatches(session) == []


def test_precedence_puts_a_booking_first(world, session):
    person = uuid4()
    session.add(Precedence(person_key=person, until=MONDAY, granted_by=uuid4(), granted_at=NOW))
    session.flush()
    assert world.book(at(9), group="huji", person=person).priority == 1
    other = MONDAY + timedelta(days=1)
    session.execute(update(Slot).where(Slot.day == other).values(closed=False))
    assert world.book(at(9, day=other), person=person).priority == 0
