"""The demo's categories and events: every state, made by the real use cases, once."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from backend.demo import drawings, seed_dispatch
from backend.domains.dispatch import rules
from backend.domains.dispatch.model import Event, EventCaller, EventClock
from backend.domains.dispatch.settings_model import ClockRule, EventCategory
from backend.domains.organisation import service as organisation
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.trace import TraceEntry
from tests.district import TEN, District


@pytest.fixture(scope="module")
def shared_database(district: District) -> Iterator[Database]:
    """The demo up to its events."""
    yield from district.opened(district.upto(seed_dispatch))


@pytest.fixture
def clock() -> FixedClock:
    """When that was seeded."""
    return FixedClock(TEN)


def test_the_streets_of_the_demo_are_alive(services) -> None:
    with services.unit() as uow:
        states = dict(
            uow.session.execute(select(Event.state, func.count()).group_by(Event.state)).all()
        )
        assert set(states) == set(rules.STATES)
        assert sum(states.values()) == 62
        assert states["closed"] >= 15
        assert uow.session.scalar(select(func.count()).where(Event.on_hold)) == 2
        # The burst pipe: one event, with neighbours who joined and duplicates merged into it.
        pipe = uow.session.scalars(select(Event).where(Event.parent_id.is_not(None))).all()
        assert len({row.parent_id for row in pipe}) == 1
        # Every event lies in a cell, and has its trace and clocks.
        assert uow.session.scalar(select(func.count()).where(Event.cell_id.is_(None))) == 0
        traced = select(TraceEntry.subject_id).where(TraceEntry.subject_kind == "event")
        assert uow.session.scalar(select(func.count()).where(Event.id.not_in(traced))) == 0
        late = select(func.count()).where(
            EventClock.due_at < uow.now, EventClock.stopped_at.is_(None)
        )
        assert uow.session.scalar(late) > 0
        assert uow.session.scalar(select(func.count(EventCaller.score))) >= 18
        departments = {place.code for place in organisation.departments(uow.session)}
        rows = uow.session.scalars(select(EventCategory)).all()
        assert {row.department_code for row in rows} - {None} <= departments
        assert len([row for row in rows if row.parent_code]) >= 45
        codes = {row.code for row in rows}
        assert {row.category_code for row in uow.session.scalars(select(ClockRule))} <= codes
        before = uow.session.scalar(select(func.count(TraceEntry.id)))
    seed_dispatch.seed(services)
    with services.unit() as uow:
        assert uow.session.scalar(select(func.count(TraceEntry.id))) == before


def test_each_drawing_differs_before_and_after() -> None:
    for kind in (*drawings.SCENES, "board"):
        before, after = drawings.drawing(kind, False), drawings.drawing(kind, True)
        assert before != after
        assert before[:2] == after[:2] == b"\xff\xd8"
