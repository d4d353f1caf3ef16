"""A hall's figures: who came, how long they waited, what the windows did."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from appointments import booking, figures, load, queue, views
from appointments.model import WindowGroup
from tests.appointments_world import MONDAY, World, at, make_hall


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def world(session) -> World:
    return make_hall(session)


def served(world: World, came, called, done, window: int = 0) -> None:
    made = world.checked_in(came=came)
    row = queue.call(world.session, world.windows[window].id, called, made.id).appointment
    row = queue.start(world.session, row, called).appointment
    queue.finish(world.session, row, done)


def test_a_day_in_figures(world, session):
    served(world, at(8, 50), at(9, 0), at(9, 8))
    served(world, at(9, 0), at(9, 20), at(9, 32), window=1)
    missed = world.book(at(9, 30))
    booking.expire(session, missed, at(10, 31))
    world.checked_in(at(9, 30), came=at(9, 25))
    found = figures.figures(session, world.hall.id, MONDAY, MONDAY)
    assert found.total == figures.Line(3, 2, 1, 15.0, 10.0)
    assert found.days == {MONDAY: found.total}
    assert {hour: line.came for hour, line in found.hours.items()} == {8: 1, 9: 2}
    assert [(row.number, row.finished, row.busy_minutes) for row in found.windows] == [
        (1, 1, 8.0), (2, 1, 12.0), (3, 0, 0.0),
    ]  # fmt: skip
    nothing = figures.figures(
        session, world.hall.id, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    )
    assert nothing.total == figures.Line(0, 0, 0, None, None) and nothing.days == {}


def test_a_window_for_two_kinds_of_business_lengthens_both_waits(world, session):
    # The one window of huji serves shebao too.
    session.add(WindowGroup(window_id=world.windows[2].id, group_code="shebao"))
    session.flush()
    for _ in range(2):
        world.checked_in()
    last = world.checked_in(at(9, 30), group="huji")
    place = views.position(session, last)
    # Nobody of her business is before her, yet a third of the other two come to her window.
    assert (place.ahead, place.wait_minutes) == (0, 7)
    assert load.loads(session, [world.hall.id], MONDAY, "huji")[world.hall.id].wait_minutes == 17
