"""A hall's own queue rules, as the engine keeps them."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from appointments import boards, door, missed, queue, queue_rules
from appointments.queue_rules import Waiting
from appointments.rules import Refused
from tests.appointments_world import MONDAY, World, at, make_hall

SPANS = st.integers(0, 5)


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def world(session) -> World:
    return make_hall(session)


def order(world) -> list[str | None]:
    return [row.ticket_no for row in boards.queue_of(world.session, world.hall.id, MONDAY)]


def skipped(world, **booked):
    gone = world.called(**booked)
    return queue.skip(world.session, gone, at(9, 1)).appointment


@pytest.mark.parametrize("behind", [0, 1, 2, 3, 4, 9])
def test_who_is_back_stands_behind_exactly_so_many(world, session, behind):
    world.hall.return_behind = behind
    back = skipped(world, start=at(9), came=at(8, 1))
    # Three queued by one and the same instant, one by another.
    for minute, start in ((2, 9), (3, 9), (4, 10), (5, 10)):
        world.checked_in(at(start, 30 * (minute == 3)), came=at(8, minute))
    queue.requeue(session, back, at(9, 2))
    assert order(world).index(back.ticket_no) == min(behind, 4)


def test_among_those_of_one_time_too(world, session):
    world.hall.return_behind = 1
    back = skipped(world, start=at(9, 30))
    world.checked_in(at(9), came=at(8, 2))
    world.checked_in(at(9), came=at(8, 3))
    for _ in range(3):
        queue.requeue(session, back, at(9, 2))
        assert order(world).index(back.ticket_no) == 1
        queue.skip(
            session,
            queue.call(session, world.windows[0].id, at(9, 3), back.id).appointment,
            at(9, 4),
        )
        world.hall.most_skips = 9


def test_without_the_rule_coming_back_is_like_coming(world, session):
    back = skipped(world, start=at(9))
    world.checked_in(at(9, 30), came=at(8, 2))
    assert queue.requeue(session, back, at(9, 2)).appointment.queue_at == at(9, 2)
    assert order(world)[0] == back.ticket_no


@given(
    st.lists(st.tuples(st.integers(0, 1), SPANS, st.integers(0, 10_000)), max_size=8),
    st.integers(0, 1),
    st.integers(0, 9),
)
def test_the_place_of_who_is_back_is_exact_wherever_precedence_allows(rows, priority, behind):
    places = {place for _, _, place in rows}
    waiting = sorted(
        {
            Waiting(high, at(9) + timedelta(minutes=start), at(8) + timedelta(milliseconds=place))
            for (high, start, place) in rows
            if place in places and not places.discard(place)
        },
        key=lambda one: (-one.priority, one.queue_at, one.place),
    )
    mine = queue_rules.return_place(waiting, priority, behind, at(8, 30))
    before = sum((-one.priority, one.queue_at, one.place) < (-priority, *mine) for one in waiting)
    higher = sum(one.priority > priority for one in waiting)
    reach = higher + sum(one.priority == priority for one in waiting)
    assert before == min(max(behind, higher), reach)


def test_who_missed_her_call_too_often_takes_a_new_ticket(world, session):
    world.hall.most_skips = 2
    row = skipped(world, start=at(9))
    row = queue.requeue(session, row, at(9, 2)).appointment
    row = queue.call(session, world.windows[0].id, at(9, 3)).appointment
    row = queue.skip(session, row, at(9, 4)).appointment
    assert row.skip_count == 2
    for act in (
        lambda: queue.requeue(session, row, at(9, 5)),
        lambda: queue.call(session, world.windows[0].id, at(9, 5), row.id),
    ):
        with pytest.raises(Refused, match="skipped_too_often"):
            act()
    queue.no_show(session, row, at(9, 6))


def served(world, now) -> int:
    row = queue.call(world.session, world.windows[0].id, now).appointment
    queue.start(world.session, row, now)
    queue.finish(world.session, row, now + timedelta(minutes=1))
    return row.priority


@pytest.mark.parametrize(
    ("run", "called"),
    [(0, [1, 1, 1, 1, 0, 0]), (1, [1, 0, 1, 0, 1, 1]), (2, [1, 1, 0, 1, 1, 0])],
)
def test_after_a_run_with_priority_one_of_the_others_is_called(world, run, called):
    world.hall.priority_run = run
    for priority in (0, 0, 1, 1, 1, 1):
        door.walk_in(
            world.session, appointment_id=uuid4(), hall_id=world.hall.id, group_code="shebao",
            now=at(9), priority=priority,
        )  # fmt: skip
    assert [served(world, at(9, 2 * n)) for n in range(1, 7)] == called


def test_a_late_hall_is_late_by_its_own_measure(world, session):
    for minutes, counts in ((20, False), (60, True)):
        world.hall.hall_late_minutes = minutes
        row = world.checked_in(at(9), came=at(8, 50))
        row = queue.call(session, world.windows[0].id, at(9, 30)).appointment
        row = queue.no_show(session, row, at(9, 40)).appointment
        assert missed.count(session, row, at(9, 40)) is counts
