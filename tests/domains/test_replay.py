"""A day of the district through the real services, and hundreds calling about one thing."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.demo import seed_grid, seed_identity
from backend.demo.replay import result, world
from backend.demo.replay.day import Day
from backend.demo.replay.incident import BurstPipe
from backend.domains.dispatch.model import Event, EventCaller, EventClock
from backend.domains.dispatch.settings_model import EventCategory
from backend.kernel import trace_audit
from backend.kernel.clock import FixedClock
from backend.kernel.services import Services
from notifications.model import InboxMessage

KINDS = [("lamp", "路灯不亮"), ("noise", "半夜有噪音"), ("pipe", "水管漏水")]


@pytest.fixture
def day(services: Services, clock: FixedClock) -> Day:
    seed_identity.seed(services)
    seed_grid.seed(services)
    with services.unit() as uow:
        uow.session.add_all(
            [
                EventCategory(code="lamp", name="路灯不亮", after_photo=True, position=1),
                EventCategory(code="noise", name="噪音", position=2),
                EventCategory(code="pipe", name="水管爆裂", urgency="urgent", position=3,
                              dispose_amount=24),
            ]
        )  # fmt: skip
    chance = random.Random(7)
    people = world.build(services, workers=60, residents=40, chance=chance)
    return Day(services, clock, people, chance)


def test_a_day_is_answered_and_its_clocks_add_up(day: Day, clock: FixedClock) -> None:
    start = clock.now() - timedelta(hours=8)
    clock.set(start)
    day.calls(start, 40, KINDS)
    day.run(start + timedelta(days=1, hours=12))
    found = result.summary(day.services, start, start + timedelta(days=1))
    assert sum(found["states"].values()) == 40
    assert found["response_minutes"]["claimed"] >= 36
    assert found["asked_by_level"]["worker"] >= 30
    with day.services.unit() as uow:
        for clock_row in uow.session.scalars(select(EventClock)):
            if clock_row.stopped_at:
                ran = (clock_row.stopped_at - clock_row.started_at).total_seconds()
                assert ran >= clock_row.paused_seconds
        assert trace_audit.verify(uow.session) == []


def test_hundreds_who_call_about_one_pipe_are_one_matter_and_all_hear_the_end(
    day: Day, clock: FixedClock
) -> None:
    many = world.people(day.services, 60)
    pipe = BurstPipe(day, "pipe", many)
    pipe.begin(clock.now())
    day.run(clock.now() + timedelta(days=9))
    with day.services.unit() as uow:
        parents = uow.session.scalars(select(Event).where(Event.parent_id.is_(None))).all()
        assert [one.id for one in parents] == [pipe.first]
        assert parents[0].state == "closed"
        callers = select(func.count(EventCaller.person_id.distinct()))
        assert uow.session.scalar(callers) == len(many)
        told = select(InboxMessage.person_key).where(InboxMessage.kind == "event_closed")
        assert sorted(uow.session.scalars(told)) == sorted(many)
