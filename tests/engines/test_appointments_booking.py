"""Booking: never more than there is, never twice, never half."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from appointments import booking, queue, reconcile, views
from appointments.model import Appointment, Slot
from appointments.rules import Refused, State
from tests.appointments_world import MONDAY, NOW, World, at, make_hall, week, weekdays


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def world(session) -> World:
    return make_hall(session)


def refused(code: str, act) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def rows(session) -> int:
    return session.scalar(select(func.count()).select_from(Appointment))


def test_booking_takes_one_place_and_gives_a_code(world):
    made = world.book()
    assert made.state == State.BOOKED
    assert len(made.check_in_code) == 6 and made.check_in_code.isdigit()
    assert world.slot(at(9)).booked == 1
    assert made.details == {"item_name": "社会保障卡挂失"}


def test_a_full_slot_refuses_and_leaves_nothing(world, session):
    world.book()
    world.book()
    refused("slot_full", world.book)
    assert rows(session) == 2
    assert world.slot(at(9)).booked == 2
    assert reconcile.mismatches(session) == []


def test_the_last_place_taken_meanwhile_leaves_nothing(world, session, monkeypatch):
    """The slot was read as free, and is full when the place is taken."""
    world.book()
    world.book()
    real = booking._look

    def stale(*args):
        slot, *others = real(*args)
        session.expunge(slot)
        slot.booked = 0
        return slot, *others

    monkeypatch.setattr(booking, "_look", stale)
    refused("slot_full", world.book)
    assert rows(session) == 2


def test_one_live_booking_per_person_item_and_day(world):
    person, item = uuid4(), uuid4()
    world.book(person=person, item=item)
    refused("already_booked", lambda: world.book(at(10), person=person, item=item))
    world.book(at(10), person=person)
    world.book(at(10, day=MONDAY + timedelta(days=1)), person=person, item=item)


def test_the_second_device_of_the_same_person_is_told_so(world, monkeypatch):
    """The first look found nothing, the insert meets the row of the other device."""
    person, item = uuid4(), uuid4()
    world.book(person=person, item=item)
    real = booking._look
    monkeypatch.setattr(booking, "_look", lambda *args: (*real(*args)[:2], False, *real(*args)[3:]))
    refused("already_booked", lambda: world.book(at(10), person=person, item=item))
    assert world.slot(at(10)).booked == 0


def test_a_taken_code_is_drawn_again(world, monkeypatch):
    draws = iter([111111, 111111, 222222])
    monkeypatch.setattr(booking.secrets, "randbelow", lambda top: next(draws))
    assert world.book().check_in_code == "111111"
    assert world.book().check_in_code == "222222"


def test_when_no_code_is_free_booking_is_refused(world, monkeypatch):
    monkeypatch.setattr(booking.secrets, "randbelow", lambda top: 7)
    world.book()
    refused("codes_exhausted", world.book)
    assert world.slot(at(9)).booked == 1


def test_after_cancelling_the_same_day_can_be_booked_again(world):
    person, item = uuid4(), uuid4()
    made = world.book(at(10, 30), person=person, item=item)
    change = booking.cancel(world.session, made, NOW)
    assert (change.before, change.after) == (State.BOOKED, State.CANCELLED)
    assert world.slot(at(10, 30)).booked == 0
    world.book(at(10, 30), person=person, item=item)


def test_cancelling_twice_gives_one_place_back(world):
    world.book(at(10, 30))
    made = world.book(at(10, 30))
    booking.cancel(world.session, made, NOW)
    refused("wrong_state", lambda: booking.cancel(world.session, made, NOW))
    assert world.slot(at(10, 30)).booked == 1


def test_who_acts_on_an_old_version_changes_nothing(world, session):
    made = world.book(at(10, 30))
    session.expunge(made)
    session.execute(update(Appointment).values(version=7))
    refused("changed_meanwhile", lambda: booking.cancel(session, made, NOW))
    assert world.slot(at(10, 30)).booked == 1


def test_the_cancel_deadline_is_the_halls(world):
    made = world.book(at(9))
    problem = refused("cancel_too_late", lambda: booking.cancel(world.session, made, at(7, 1)))
    assert problem.facts["deadline"] == at(7)
    booking.hall_cancel(world.session, made, at(7, 1))


@pytest.mark.parametrize(
    ("code", "moment"),
    [("slot_past", at(9)), ("slot_past", at(9, 1)), ("slot_too_soon", at(8, 31))],
)
def test_a_time_that_is_over_or_too_near_is_refused(world, code, moment):
    refused(code, lambda: world.book(now=moment))


def test_half_an_hour_ahead_is_in_time(world):
    assert world.book(now=at(8, 30)).state == State.BOOKED


def test_a_slot_not_released_closed_unknown_or_of_other_business_is_refused(world, session):
    slot = world.slot(at(9))
    slot.release_at = at(12)
    session.flush()
    refused("slot_not_released", world.book)
    slot.release_at = NOW
    slot.closed = True
    session.flush()
    refused("slot_closed", world.book)
    keys = {"person_key": uuid4(), "item_key": uuid4(), "channels": ("online",), "now": NOW}
    refused(
        "slot_unknown",
        lambda: booking.book(
            session, appointment_id=uuid4(), slot_id=uuid4(), group_code="shebao", **keys
        ),
    )
    refused(
        "slot_wrong_group",
        lambda: booking.book(
            session, appointment_id=uuid4(), slot_id=slot.id, group_code="huji", **keys
        ),
    )


def test_a_business_is_done_only_where_it_is_done(world, session):
    keys = {"person_key": uuid4(), "item_key": uuid4(), "channels": ("online",), "now": NOW}
    slot = world.slot(at(9)).id

    def book(*codes):
        return booking.book(
            session,
            appointment_id=uuid4(),
            slot_id=slot,
            group_code="shebao",
            hall_codes=codes,
            **keys,
        )

    refused("slot_wrong_hall", lambda: book("elsewhere"))
    assert book("elsewhere", "test-hall").appointment.state == State.BOOKED


def test_quotas_do_not_leak(session):
    """What is kept for older people is not sold to others, even when all else is gone."""
    world = make_hall(session, rules=week(capacity=1, channels=("online", "elderly")))
    world.book()
    refused("slot_full", world.book)
    refused("slot_reserved", lambda: world.book(channel="elderly"))
    elder = world.book(channel="elderly", channels=("elderly", "online"), priority=1)
    assert elder.channel == "elderly"


def test_on_site_places_are_released_on_their_day(session):
    world = make_hall(session, rules=week(channels=("on_site",)))
    assert world.slot(at(9), channel="on_site").release_at == at(0)


def test_the_schema_itself_refuses_overselling(world, session):
    slot = world.slot(at(9))
    with pytest.raises(IntegrityError, match="never_oversold"), session.begin_nested():
        session.execute(update(Slot).where(Slot.id == slot.id).values(booked=3))
    with pytest.raises(IntegrityError, match="never_oversold"), session.begin_nested():
        session.execute(update(Slot).where(Slot.id == slot.id).values(booked=-1))


def test_the_reconciler_reports_and_does_not_mend(world, session):
    world.book()
    session.execute(update(Slot).where(Slot.id == world.slot(at(9)).id).values(booked=2))
    found = reconcile.mismatches(session, since=MONDAY)
    assert [(row.booked, row.appointments) for row in found] == [(2, 1)]
    assert found[0].start == at(9)
    assert world.slot(at(9)).booked == 2


def test_days_and_times_tell_what_is_left(world, session):
    for _ in range(2):
        world.book(at(9, day=MONDAY + timedelta(days=1)))
    days = views.days(
        session, world.hall, "shebao", channels=("online",), now=NOW, working=weekdays
    )
    assert [(day.day.day, day.status, day.remaining) for day in days[:3]] == [
        (23, "open", 8),
        (24, "open", 6),
        (25, "open", 8),
    ]
    assert [day.status for day in days[3:]] == [
        "open",
        "open",
        "closed",
        "closed",
        "open",
        "not_released",
        "not_released",
    ]
    slots = views.slots(
        session, world.hall, "shebao", MONDAY + timedelta(days=1), channels=("online",), now=NOW
    )
    assert [(slot.remaining, slot.status) for slot in slots] == [
        (0, "full"),
        (2, "open"),
        (2, "open"),
        (2, "open"),
    ]


def test_in_the_evening_today_is_closed_and_its_times_are_past(world, session):
    evening = at(20)
    days = views.days(
        session, world.hall, "shebao", channels=("online",), now=evening, working=weekdays
    )
    assert days[0].status == "closed"
    assert days[0].opened
    assert not days[5].opened, "a Saturday"
    slots = views.slots(session, world.hall, "shebao", MONDAY, channels=("online",), now=evening)
    assert {slot.status for slot in slots} == {"past"}


def test_a_full_day_says_full(session):
    world = make_hall(session, rules=week(capacity=0))
    days = views.days(
        session, world.hall, "shebao", channels=("online",), now=NOW, working=weekdays
    )
    assert days[0].status == "full"


def test_an_elder_sees_both_quotas_and_gets_her_own_first(session):
    world = make_hall(session, rules=week(capacity=1, channels=("online", "elderly")))
    both = ("elderly", "online")

    def first():
        return views.slots(session, world.hall, "shebao", MONDAY, channels=both, now=NOW)[0]

    assert first().remaining == 2
    assert first().id == world.slot(at(9), channel="elderly").id
    world.book(channel="elderly", channels=both)
    assert first().remaining == 1
    assert first().id == world.slot(at(9)).id


def test_an_unpublished_calendar_is_said_not_guessed(world, session):
    days = views.days(
        session,
        world.hall,
        "shebao",
        channels=("online",),
        now=NOW,
        working=lambda day: None,
    )
    assert {day.status for day in days} == {"calendar_unknown"}


def test_a_service_is_rated_once_and_only_when_finished(world, session):
    made = world.book()
    refused("rating_not_finished", lambda: booking.rate(session, made, 5, "", NOW))
    made = world.called()
    queue.start(session, made, NOW)
    made = queue.finish(session, made, NOW).appointment
    refused("rating_out_of_range", lambda: booking.rate(session, made, 6, "", NOW))
    late = NOW + timedelta(days=31)
    refused("rating_too_late", lambda: booking.rate(session, made, 5, "", late))
    assert booking.rate(session, made, 5, "很快", NOW).score == 5
    refused("already_rated", lambda: booking.rate(session, made, 1, "", NOW))
    assert views.ratings(session, [made.id])[made.id].comment == "很快"


def test_nobody_came(world):
    made = world.book()
    refused("no_show_too_early", lambda: booking.expire(world.session, made, at(9, 59)))
    change = booking.expire(world.session, made, at(10))
    assert change.after is State.NO_SHOW
    assert change.appointment.ended_at == at(10)
    assert world.slot(at(9)).booked == 0


def test_a_persons_own_appointments_by_time(world, session):
    person = uuid4()
    late, early = world.book(at(10), person=person), world.book(at(9), person=person)
    found = views.of_person(session, person, states=[State.BOOKED], newest_first=False)
    assert [row.id for row in found] == [early.id, late.id]
    found = views.of_person(session, person, states=[State.BOOKED], newest_first=True)
    assert [row.id for row in found] == [late.id, early.id]
    assert views.of_person(session, person, states=[State.FINISHED], newest_first=True) == []


def test_a_moment_without_zone_is_refused(world, session):
    world.hall.slots_until = None
    with pytest.raises(Exception, match="time zone"):
        session.execute(update(Slot).values(start_at=NOW.replace(tzinfo=None)))
