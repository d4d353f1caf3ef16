"""Limits, lights and the working calendar: every branch, and laws that hold for any moment."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.kernel import clock_rules as rules
from backend.kernel.clock_rules import HOURS, MINUTES, WORKING_DAYS, WORKING_HOURS, Limit, Rule

ZONE = ZoneInfo("Asia/Shanghai")
# 2026-11-23 is a Monday; Wednesday the 25th is made a day off, Sunday the 29th is worked.
OFF, ON = date(2026, 11, 25), date(2026, 11, 29)


def working(day: date) -> bool:
    return day == ON or (day.weekday() < 5 and day != OFF)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_minutes_and_hours_run_through_days_off():
    assert rules.plan(at(24, 23), Limit(30, MINUTES), working).due_at == at(24, 23, 30)
    plan = rules.plan(at(24, 12), Limit(10, HOURS), working)
    assert (plan.warn_at, plan.due_at) == (at(24, 20), at(24, 22))
    assert rules.plan(at(24, 12), Limit(168, HOURS), working).due_at == at(30, 0) + timedelta(
        days=1, hours=12
    )


def test_working_days_have_24_hours_and_pass_over_days_off():
    assert rules.plan(at(23, 9), Limit(1, WORKING_DAYS), working).due_at == at(24, 9)
    assert rules.plan(at(24, 9), Limit(1, WORKING_DAYS), working).due_at == at(26, 9)
    # Friday to the Sunday that is worked, instead of it to Monday.
    assert rules.plan(at(27, 9), Limit(1, WORKING_DAYS), working).due_at == at(29, 9)
    plan = rules.plan(at(23, 0), Limit(5, WORKING_DAYS), working)
    assert (plan.due_at, plan.warn_at) == (at(30, 0), at(28, 0))


def test_started_on_a_day_off_it_begins_at_the_next_working_midnight():
    assert rules.plan(at(25, 15), Limit(1, WORKING_DAYS), working).due_at == at(27, 0)
    assert rules.plan(at(28, 3), Limit(2, WORKING_DAYS), working).due_at == at(30) + timedelta(
        days=1
    )


def test_a_limit_that_ends_with_the_offices_is_over_on_the_evening_of_its_last_day():
    six = time(18)
    # Asked on a day off or late in the evening: the second working day after it, at six.
    for start in (at(21, 15), at(22, 23, 59)):
        plan = rules.plan(start, Limit(2, WORKING_DAYS), working, six)
        assert plan.due_at == at(24, 18)
    plan = rules.plan(at(23, 10), Limit(2, WORKING_DAYS), working, six)
    assert plan.due_at == at(26, 18), "Wednesday is a day off, Monday itself is not counted"
    assert at(23, 10) < plan.warn_at < plan.due_at
    # Hours are hours.
    assert rules.plan(at(23, 10), Limit(2, HOURS), working, six).due_at == at(23, 12)


def test_working_hours_stand_still_on_days_off():
    assert rules.plan(at(24, 9), Limit(2, WORKING_HOURS), working).due_at == at(24, 11)
    assert rules.plan(at(24, 23), Limit(2, WORKING_HOURS), working).due_at == at(26, 1)
    assert Limit(2, WORKING_HOURS).text == "2个工作小时"


def test_a_limit_that_ends_at_midnight_ends_with_the_day():
    assert rules.plan(at(24, 0), Limit(1, WORKING_DAYS), working).due_at == at(25, 0)


def test_the_calendar_is_asked_only_for_working_days():
    def never(day: date) -> bool:
        raise AssertionError(day)

    assert rules.plan(at(23), Limit(3, HOURS), never).due_at == at(23, 3)
    assert rules.measure(at(23), at(24), HOURS, never) == timedelta(days=1)


def test_moments_keep_their_zone():
    start = at(23, 9).astimezone(ZoneInfo("UTC"))
    assert rules.plan(start, Limit(1, WORKING_DAYS), working).due_at.tzinfo == ZoneInfo("UTC")


def test_a_pause_moves_what_was_ahead_and_nothing_else():
    args = (at(23, 12), at(24, 12), HOURS, working)
    assert rules.shifted(at(23, 14), *args) == at(24, 14)
    assert rules.shifted(at(23, 11), *args) == at(23, 11)
    # Half a working day was left; the pause ends on a day off.
    assert rules.shifted(at(24, 12), at(24, 0), at(25, 18), WORKING_DAYS, working) == at(26, 12)


def test_measured_time():
    assert rules.measure(at(24, 12), at(26, 6), WORKING_DAYS, working) == timedelta(hours=18)
    assert rules.measure(at(26), at(24), WORKING_DAYS, working) == timedelta()
    assert rules.measure(at(26), at(24), HOURS, working) == timedelta()


def test_lights():
    plan = rules.plan(at(23), Limit(10, HOURS), working)

    def light(hour: int, minute: int = 0, paused: datetime | None = None) -> str:
        return rules.light(at(23, hour, minute), plan.warn_at, plan.due_at, paused)

    assert [light(7, 59), light(8), light(10), light(10, 1)] == ["green", "yellow", "yellow", "red"]
    assert light(20, paused=at(23, 7)) == "green"
    assert rules.light(at(23), None, None, None) == "none"
    assert rules.light(at(23), None, at(23), None) == "none"
    assert rules.worst([]) == "none"
    assert rules.worst(["green", "red", "yellow"]) == "red"
    assert rules.worst(["green", "yellow"]) == "yellow"


def test_outcomes():
    assert rules.outcome(at(23, 1), at(23, 2), None) == "met"
    assert rules.outcome(at(23, 3), at(23, 2), None) == "overdue"
    assert rules.outcome(at(23, 3), at(23, 2), at(23, 1)) == "met"
    assert rules.outcome(at(23, 3), None, None) == "met"


def test_the_most_specific_limit_wins():
    own, above, all_ = Limit(1, HOURS), Limit(2, HOURS), Limit(3, HOURS)
    urgent, base = Limit(4, HOURS), Limit(9, HOURS)
    line, fallback = ("light", "city"), Limit(30, MINUTES)
    general = [Rule("claim", None, None, all_), Rule("claim", None, "urgent", urgent)]
    both = [*general, Rule("claim", "city", None, above)]

    def limit(found: list[Rule], urgency: str = "normal", base: Limit | None = None) -> Limit:
        return rules.limit_of(found, "claim", line, urgency, default=fallback, base=base)

    assert limit([]) == Limit(30, MINUTES)
    assert limit(general) == all_
    assert limit(general, "urgent") == urgent
    assert limit(both, "urgent") == above
    assert limit(list(reversed(both)), "urgent") == above
    assert limit([*both, Rule("claim", "light", None, own)]) == own
    assert limit([Rule("claim", "pipe", None, own), Rule("accept", None, None, own)]) == Limit(
        30, MINUTES
    )
    assert limit(both, base=base) == base
    assert limit([*both, Rule("claim", "light", None, own)], base=base) == own


moments = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 20), timezones=st.just(ZONE)).map(
    lambda moment: moment.replace(microsecond=0)
)
limits = st.builds(Limit, st.integers(1, 20), st.sampled_from([*rules.UNIT_TEXT]))


@settings(max_examples=150, deadline=None)
@given(moments, limits)
def test_what_is_planned_is_what_is_measured(start, limit):
    plan = rules.plan(start, limit, working)
    assert rules.measure(start, plan.due_at, limit.unit, working) == limit.span
    assert start < plan.warn_at < plan.due_at


@settings(max_examples=150, deadline=None)
@given(
    moments, limits, st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 20000)), max_size=4)
)
def test_pauses_neither_give_nor_take_time(start, limit, pauses):
    """However often it stands still, the counted time to the due moment is the limit."""
    due, counted, now = rules.plan(start, limit, working).due_at, timedelta(), start
    for run, rest in pauses:
        paused = now + timedelta(minutes=run)
        if paused >= due:
            break
        counted += rules.measure(now, paused, limit.unit, working)
        now = paused + timedelta(minutes=rest)
        due = rules.shifted(due, paused, now, limit.unit, working)
    assert counted + rules.measure(now, due, limit.unit, working) == limit.span
