"""From the door to the window: tickets, order, calls, and one person at a window."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from appointments import boards, booking, load, queue, reconcile, views
from appointments.model import Appointment, Rating
from appointments.rules import Refused, State, Who
from appointments.tokens import Claim
from tests.appointments_world import MONDAY, NOW, World, at, make_hall, minutes


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


def tickets(world: World) -> list[str | None]:
    return [row.ticket_no for row in boards.queue_of(world.session, world.hall.id, MONDAY)]


def test_a_ticket_goes_the_whole_way(world, session):
    made = world.book()
    shown = queue.by_code(session, world.hall.id, made.check_in_code)
    ticket = queue.check_in(session, shown, Who.STAFF, at(8, 50)).appointment
    assert (ticket.state, ticket.ticket_no, ticket.queue_day) == ("checked_in", "B001", MONDAY)
    called = queue.call(session, world.windows[0].id, at(9)).appointment
    assert (called.id, called.state, called.call_count) == (made.id, "called", 1)
    again = queue.recall(session, called, at(9, 1)).appointment
    assert (again.call_count, again.called_at) == (2, at(9, 1))
    assert queue.start(session, again, at(9, 2)).after is State.SERVING
    done = queue.finish(session, again, at(9, 9)).appointment
    assert (done.state, done.finished_at, done.ended_at) == ("finished", at(9, 9), at(9, 9))
    assert world.slot(at(9)).booked == 1
    assert reconcile.mismatches(session) == []


def test_tickets_run_by_group_and_day(world):
    assert world.checked_in().ticket_no == "B001"
    assert world.checked_in().ticket_no == "B002"
    assert world.checked_in(group="huji").ticket_no == "C001"
    tomorrow = MONDAY + timedelta(days=1)
    nine = at(9, day=tomorrow)
    assert world.checked_in(nine, came=at(8, 50, day=tomorrow)).ticket_no == "B001"


def test_coming_twice_tells_the_ticket_that_stands(world, session):
    made = world.checked_in()
    problem = refused("already_checked_in", lambda: queue.check_in(session, made, Who.STAFF, NOW))
    assert problem.facts["ticket_no"] == "B001"


def test_check_in_has_its_hours_and_a_refusal_wastes_no_number(world, session):
    tomorrow = MONDAY + timedelta(days=1)
    made = world.book(at(9, day=tomorrow))
    refused("check_in_too_early", lambda: queue.check_in(session, made, Who.STAFF, NOW))
    late = at(10, 1, day=tomorrow)
    refused("check_in_too_late", lambda: queue.check_in(session, made, Who.STAFF, late))
    came = queue.check_in(session, made, Who.STAFF, at(0, day=tomorrow))
    assert came.appointment.ticket_no == "B001"


def test_a_demo_hall_gives_tickets_days_before(session):
    world = make_hall(session, early_check_in_minutes=7 * 24 * 60)
    made = world.book(at(9, day=MONDAY + timedelta(days=4)))
    ticket = queue.check_in(session, made, Who.STAFF, NOW).appointment
    assert ticket.queue_day == MONDAY
    assert queue.call(session, world.windows[0].id, NOW).appointment.id == made.id


def test_a_cancelled_booking_gets_no_ticket(world, session):
    made = world.book(at(10, 30))
    booking.cancel(session, made, NOW)
    refused("wrong_state", lambda: queue.check_in(session, made, Who.STAFF, NOW))


def test_the_queue_is_by_booked_time_with_late_ones_where_they_arrive(world):
    late = world.checked_in(at(9), came=at(9, 45))
    on_time = world.checked_in(at(9, 30), came=at(9, 35))
    next_half = world.checked_in(at(10), came=at(9, 20))
    assert tickets(world) == [on_time.ticket_no, late.ticket_no, next_half.ticket_no]


def test_priority_goes_first(world):
    world.checked_in(at(9))
    elder = world.checked_in(at(10, 30), priority=1)
    assert tickets(world)[0] == elder.ticket_no


def test_a_window_calls_only_what_it_serves(world, session):
    world.checked_in()
    refused("queue_empty", lambda: queue.call(session, world.windows[2].id, NOW))


def test_the_next_for_a_window_comes_from_its_own_hall(world, session):
    other = make_hall(session, code="other-hall")
    other.checked_in()
    refused("queue_empty", lambda: queue.call(session, world.windows[0].id, NOW))


def test_yesterdays_tickets_are_not_called_today(world, session):
    world.checked_in()
    tomorrow = NOW + timedelta(days=1)
    refused("queue_empty", lambda: queue.call(session, world.windows[0].id, tomorrow))


def test_a_window_has_one_person_at_a_time(world, session):
    world.called()
    world.checked_in()
    refused("window_busy", lambda: queue.call(session, world.windows[0].id, NOW))
    second = world.called(window=1, start=at(9, 30))
    with pytest.raises(IntegrityError, match="uq_appointment_at_window"), session.begin_nested():
        session.execute(
            update(Appointment)
            .where(Appointment.id == second.id)
            .values(window_id=world.windows[0].id)
        )


def test_two_windows_get_different_tickets(world, session):
    world.checked_in()
    world.checked_in()
    first = queue.call(session, world.windows[0].id, NOW).appointment
    second = queue.call(session, world.windows[1].id, NOW).appointment
    assert first.id != second.id


def test_calling_somebody_out_of_turn(world, session):
    world.checked_in()
    second = world.checked_in()
    assert queue.call(session, world.windows[0].id, NOW, second.id).appointment.id == second.id
    huji = world.checked_in(group="huji")
    refused("window_wrong_group", lambda: queue.call(session, world.windows[1].id, NOW, huji.id))
    refused("appointment_unknown", lambda: queue.call(session, world.windows[1].id, NOW, uuid4()))
    booked = world.book(at(10))
    refused("wrong_state", lambda: queue.call(session, world.windows[1].id, NOW, booked.id))
    stranger = make_hall(session, code="other-hall").checked_in()
    refused(
        "appointment_unknown",
        lambda: queue.call(session, world.windows[1].id, NOW, stranger.id),
    )


def test_an_unknown_or_paused_window_calls_nobody(world, session):
    refused("window_unknown", lambda: queue.call(session, uuid4(), NOW))
    queue.set_window_status(session, world.windows[0], "paused")
    world.checked_in()
    refused("window_not_open", lambda: queue.call(session, world.windows[0].id, NOW))


def test_skipped_and_back(world, session):
    gone = world.called()
    world.checked_in(at(9))
    queue.skip(session, gone, at(9, 3))
    refused("wrong_state", lambda: queue.start(session, gone, at(9, 4)))
    back = queue.requeue(session, gone, at(9, 10)).appointment
    assert back.queue_at == at(9, 10)
    assert tickets(world)[-1] == back.ticket_no
    queue.skip(session, queue.call(session, world.windows[0].id, NOW, back.id).appointment, NOW)
    assert queue.call(session, world.windows[0].id, NOW, back.id).after is State.CALLED


def test_called_in_vain_is_a_no_show_and_frees_place_and_window(world, session):
    gone = world.called()
    change = queue.no_show(session, gone, at(9, 5))
    assert change.after is State.NO_SHOW
    assert world.slot(at(9)).booked == 0
    world.called()


@pytest.mark.parametrize(
    ("state", "end"),
    [
        ("checked_in", State.CANCELLED),
        ("called", State.NO_SHOW),
        ("skipped", State.NO_SHOW),
        ("serving", State.FINISHED),
    ],
)
def test_the_end_of_the_day_ends_everything(world, session, state, end):
    row = world.checked_in() if state == "checked_in" else world.called()
    if state == "skipped":
        row = queue.skip(session, row, NOW).appointment
    if state == "serving":
        row = queue.start(session, row, NOW).appointment
    change = queue.close_day(session, row, at(23, 59))
    assert change.after is end
    assert reconcile.mismatches(session) == []


def test_codes_and_tokens_find_their_appointment(world, session):
    made = world.book()
    assert queue.by_claim(session, world.hall.id, Claim(made.id, made.qr_nonce)).id == made.id
    refused("code_unknown", lambda: queue.by_code(session, world.hall.id, "nope"))
    refused(
        "qr_invalid",
        lambda: queue.by_claim(session, world.hall.id, Claim(uuid4(), made.qr_nonce)),
    )
    refused(
        "qr_invalid",
        lambda: queue.by_claim(session, world.hall.id, Claim(made.id, b"12345678")),
    )
    other = make_hall(session, code="other-hall")
    refused(
        "other_hall",
        lambda: queue.by_claim(session, other.hall.id, Claim(made.id, made.qr_nonce)),
    )


def test_a_code_names_the_live_one_first(world, session, monkeypatch):
    monkeypatch.setattr(booking.secrets, "randbelow", lambda top: 42)
    old = world.book(at(10, 30))
    booking.cancel(session, old, NOW)
    new = world.book(at(10, 30))
    assert queue.by_code(session, world.hall.id, "000042").id == new.id


def test_window_status(world, session):
    window = world.windows[0]
    version = window.version
    assert queue.set_window_status(session, window, "open").version == version
    assert queue.set_window_status(session, window, "paused").version == version + 1
    refused("window_status_unknown", lambda: queue.set_window_status(session, window, "gone"))
    queue.set_window_status(session, window, "open")
    world.called()
    refused("window_busy", lambda: queue.set_window_status(session, window, "closed"))
    assert queue.set_window_status(session, window, "paused").status == "paused"


def serve(world: World, minutes_: float, waited: float = 4) -> Appointment:
    row = world.checked_in(at(9), came=at(8, 50))
    queue.call(world.session, world.windows[0].id, at(8, 50) + minutes(waited), row.id)
    queue.start(world.session, row, at(9))
    return queue.finish(world.session, row, at(9) + minutes(minutes_)).appointment


def test_the_wait_estimate_comes_from_real_services(session):
    world = make_hall(session, rules=None)
    for slot in (world.slot(at(9)),):
        slot.capacity = 20
    session.flush()
    hall_id = world.hall.id
    assert load.average_service(session, hall_id, ["shebao"]) == 10
    for length in (6, 8, 10):
        serve(world, length)
    assert load.average_service(session, hall_id, ["shebao"]) == 8
    assert load.average_service(session, hall_id, ["huji"]) == 10
    assert load.average_service(session, hall_id) == 8
    waiting = [world.checked_in(at(9, 30)), world.checked_in(at(10)), world.checked_in(at(10, 30))]
    place = views.position(session, waiting[2])
    assert (place.ahead, place.wait_minutes) == (2, 8)  # 2 people × 8 minutes ÷ 2 windows
    assert views.position(session, waiting[0]).ahead == 0
    found = load.loads(session, [hall_id], MONDAY, "shebao")[hall_id]
    assert (found.waiting, found.wait_minutes) == (3, 12)
    queue.set_window_status(session, world.windows[0], "closed")
    queue.set_window_status(session, world.windows[1], "paused")
    assert views.position(session, waiting[2]).wait_minutes is None
    assert load.loads(session, [hall_id], MONDAY)[hall_id].wait_minutes == 24


def test_the_days_numbers(session):
    world = make_hall(session)
    world.slot(at(9)).capacity = 20
    session.flush()
    serve(world, 6, waited=3)
    serve(world, 10, waited=5)
    booking.cancel(session, world.book(at(10, 30)), NOW)
    queue.no_show(session, world.called(), NOW)
    world.called()
    world.checked_in()
    world.book()
    found = boards.stats(session, world.hall.id, MONDAY)
    assert (found.booked, found.finished, found.cancelled, found.no_show) == (6, 2, 1, 1)
    assert (found.waiting, found.serving) == (1, 1)
    assert (found.avg_wait_minutes, found.avg_service_minutes) == (4, 8)
    assert len(boards.appointments_of(session, world.hall.id, MONDAY)) == 7
    assert len(boards.at_windows(session, world.hall.id)) == 1
    nothing = boards.stats(session, world.hall.id, MONDAY + timedelta(days=1))
    assert (nothing.booked, nothing.avg_wait_minutes) == (0, None)


def test_the_screen_shows_tickets_only_and_its_mark_moves_with_it(world, session):
    def mark():
        return boards.screen_mark(session, world.hall.id, MONDAY, at(9))[0]

    marks = [mark()]
    called = world.called()
    marks.append(mark())
    world.checked_in()
    marks.append(mark())
    shown = boards.screen(session, world.hall.id, MONDAY)
    assert [(call.ticket_no, call.window_number) for call in shown.calling] == [("B001", 1)]
    assert (shown.waiting, shown.waiting_count) == (["B002"], 1)
    queue.start(session, called, NOW)
    marks.append(mark())
    queue.set_window_status(session, world.windows[1], "paused")
    marks.append(mark())
    assert len(set(marks)) == len(marks)
    assert mark() == marks[-1]
    assert boards.screen(session, world.hall.id, MONDAY).calling == []


def test_windows_with_their_groups(world, session):
    numbers = [window.number for window in boards.windows(session, world.hall.id)]
    assert numbers == [1, 2, 3]
    groups = boards.window_groups(session, world.hall.id)
    assert [row.code for row in groups[world.windows[2].id]] == ["huji"]


def test_halls_that_serve_a_group(world, session):
    assert [hall.code for hall in views.halls(session, "huji")] == ["test-hall"]
    assert views.halls(session, "minzheng") == []
    world.hall.active = False
    session.flush()
    assert views.halls(session) == []


def test_a_rating_stays_within_its_scale(world, session):
    made = world.book()
    with pytest.raises(IntegrityError, match="score"), session.begin_nested():
        session.add(Rating(appointment_id=made.id, score=0, comment="", at=NOW))
        session.flush()
