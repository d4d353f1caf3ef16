"""Deadlines: armed, moved and forgotten in the caller's transaction; fired once; retried."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.kernel import timers
from backend.kernel.ids import new_id
from backend.kernel.timers import Timer
from backend.kernel.trace import Subject

HOUR = timedelta(hours=1)


def thing() -> Subject:
    return Subject("case", new_id())


def arm(services, subject, due, payload=None, kind="test.remind"):
    with services.unit() as uow:
        timers.arm(uow, kind, subject, due, payload)


def rows(services, subject):
    with services.db.transaction() as session:
        query = select(Timer).where(Timer.subject_id == subject.id).order_by(Timer.due)
        return list(session.scalars(query))


@pytest.fixture
def fired(services):
    """What the handler of `test.remind` was given, in order."""
    seen = []
    services.timers.register("test.remind", lambda uow, timer: seen.append(timer.payload))
    return seen


def test_a_timer_fires_when_due_and_not_before(services, clock, fired) -> None:
    arm(services, thing(), clock.now() + HOUR, {"n": 1})
    assert services.timers.fire_due(services) == 0
    clock.advance(HOUR)
    assert services.timers.fire_due(services) == 1
    assert services.timers.fire_due(services) == 0
    assert fired == [{"n": 1}]


def test_the_longest_overdue_fires_first(services, clock, fired) -> None:
    for hours in (3, 1, 2):
        arm(services, thing(), clock.now() + hours * HOUR, {"n": hours})
    clock.advance(4 * HOUR)
    assert services.timers.fire_due(services) == 3
    assert [found["n"] for found in fired] == [1, 2, 3]


def test_arming_again_moves_the_pending_one(services, clock, fired) -> None:
    subject = thing()
    arm(services, subject, clock.now() + HOUR, {"n": 1})
    arm(services, subject, clock.now() + 3 * HOUR, {"n": 2})
    assert len(rows(services, subject)) == 1
    clock.advance(2 * HOUR)
    assert services.timers.fire_due(services) == 0
    clock.advance(HOUR)
    services.timers.fire_due(services)
    assert fired == [{"n": 2}]


def test_another_kind_or_subject_is_another_timer(services, clock, fired) -> None:
    services.timers.register("test.other", lambda uow, timer: fired.append("other"))
    subject = thing()
    arm(services, subject, clock.now())
    arm(services, thing(), clock.now())
    arm(services, subject, clock.now(), kind="test.other")
    assert services.timers.fire_due(services) == 3


def test_a_disarmed_timer_never_fires(services, clock, fired) -> None:
    subject = thing()
    arm(services, subject, clock.now() + HOUR)
    with services.unit() as uow:
        timers.disarm(uow, "test.remind", subject)
    clock.advance(2 * HOUR)
    assert services.timers.fire_due(services) == 0
    assert fired == []


def test_a_timer_of_a_unit_that_failed_was_never_armed(services, clock, fired) -> None:
    subject = thing()
    with pytest.raises(RuntimeError), services.unit() as uow:
        timers.arm(uow, "test.remind", subject, clock.now())
        raise RuntimeError
    assert rows(services, subject) == []


def test_a_failing_handler_is_undone_noted_and_tried_again_later_and_later(services, clock) -> None:
    tries = []

    def fail_twice(uow, timer):
        tries.append(clock.now())
        timers.arm(uow, "test.trace-of-failure", Subject("x", timer.subject_id), clock.now() + HOUR)
        if len(tries) < 3:
            raise ValueError("cannot reach 13800005678\0")

    services.timers.register("test.remind", fail_twice)
    subject = thing()
    arm(services, subject, clock.now())
    services.timers.fire_due(services)
    (row,) = rows(services, subject)
    assert (row.failures, row.fired_at) == (1, None)
    assert row.last_error == "ValueError: cannot reach 138****5678"
    assert row.due == clock.now() + timedelta(minutes=1)
    assert services.timers.fire_due(services) == 0
    clock.advance(timedelta(minutes=1))
    services.timers.fire_due(services)
    (row,) = rows(services, subject)
    assert row.due == clock.now() + timedelta(minutes=2)
    clock.advance(timedelta(minutes=2))
    services.timers.fire_due(services)
    assert len(tries) == 3
    assert [row.fired_at is not None for row in rows(services, subject)] == [True, False]


def test_one_failing_timer_does_not_keep_the_others_waiting(services, clock, fired) -> None:
    def fail(uow, timer):
        raise ValueError

    services.timers.register("test.broken", fail)
    for number in range(3):
        arm(services, thing(), clock.now() - HOUR, kind="test.broken")
        arm(services, thing(), clock.now(), {"n": number})
    services.timers.fire_due(services)
    assert len(fired) == 3


def test_a_handler_may_arm_its_own_kind_for_the_next_time(services, clock) -> None:
    seen = []

    def again(uow, timer):
        seen.append(uow.now)
        timers.arm(uow, timer.kind, Subject(timer.subject_kind, timer.subject_id), uow.now + HOUR)

    services.timers.register("test.remind", again)
    arm(services, thing(), clock.now())
    for _ in range(3):
        assert services.timers.fire_due(services) == 1
        clock.advance(HOUR)
    assert len(seen) == 3


def test_a_handler_may_disarm_its_own_kind(services, clock, fired) -> None:
    def over(uow, timer):
        timers.disarm(uow, timer.kind, Subject(timer.subject_kind, timer.subject_id))

    services.timers.register("test.over", over)
    subject = thing()
    arm(services, subject, clock.now(), kind="test.over")
    assert services.timers.fire_due(services) == 1
    assert services.timers.fire_due(services) == 0
    assert rows(services, subject)[0].fired_at is not None


def test_a_kind_nobody_handles_waits_untouched(services, clock, fired) -> None:
    subject = thing()
    arm(services, subject, clock.now(), kind="test.of-a-newer-version")
    assert services.timers.fire_due(services) == 0
    assert rows(services, subject)[0].failures == 0


def test_a_round_stops_at_its_limit(services, clock, fired) -> None:
    for _ in range(5):
        arm(services, thing(), clock.now())
    assert services.timers.fire_due(services, limit=2) == 2
    assert services.timers.fire_due(services) == 3


def test_a_second_handler_for_a_kind_is_a_mistake(services, fired) -> None:
    with pytest.raises(ValueError, match="has a handler already"):
        services.timers.register("test.remind", lambda uow, timer: None)
