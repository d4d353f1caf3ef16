"""What the community's staff do with an activity: write, publish, change, call off, end, settle."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.neighbourhood import (
    access,
    attendance,
    events,
    moves,
    rules,
    signups,
    telling,
)
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.kernel import timers
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid, Stale
from backend.kernel.uow import UnitOfWork

START_TIMER, END_TIMER = "activity.start", "activity.end"
SETTLE_TIMER, REMIND_TIMER = "activity.settle", "activity.remind"
_STAFF, _SYSTEM = (rules.STAFF,), (rules.SYSTEM,)
_MINUTE = timedelta(minutes=1)
_TOLD = ("starts_at", "ends_at", "place")


def create(uow: UnitOfWork, by: Principal, values: dict[str, Any]) -> Activity:
    """A draft, for the staff alone."""
    access.own_area(uow, by, values["area_id"])
    _check(uow, values)
    assert by.actor.id is not None
    row = Activity(**values, state=rules.DRAFT, staff_id=by.actor.id, created_at=uow.now)
    return moves.begin(uow, row, internal="新建活动")


def edit(
    uow: UnitOfWork, by: Principal, activity_id: UUID, version: int, values: dict[str, Any]
) -> Activity:
    """Change a draft or a published one; those who signed up hear of another time or place."""
    activity = access.staff_row(uow, by, Activity, activity_id)
    expect(activity, version)
    if activity.state not in (rules.DRAFT, rules.PUBLISHED):
        text = "活动已经开始或结束，不能再修改"
        raise Invalid("activity_fixed", title=text)
    access.own_area(uow, by, values["area_id"])
    if activity.state == rules.PUBLISHED and values["area_id"] != activity.area_id:
        raise _wrong("area_id", "已发布的活动不能换社区")
    _check(uow, values)
    if values["places"] < activity.taken:
        raise _wrong("places", f"已有{activity.taken}人报名，名额不能更少")
    if values["most_waiting"] < activity.waiting:
        raise _wrong("most_waiting", f"已有{activity.waiting}人候补，名额不能更少")
    moved = any(getattr(activity, name) != values[name] for name in _TOLD)
    changed = moves.touch(uow, activity, "edit", internal="修改活动", **values)
    if changed.state == rules.PUBLISHED:
        _arm(uow, changed)
        signups.offer_free(uow, changed)
        if moved:
            people = _people(uow, changed, rules.CONFIRMED, rules.OFFERED, rules.WAITLISTED)
            telling.activity(uow, events.ActivityChanged, changed, people)
    return changed


def publish(uow: UnitOfWork, by: Principal, activity_id: UUID) -> Activity:
    """Residents see it and sign up."""
    activity = access.staff_row(uow, by, Activity, activity_id)
    _check(uow, {name: getattr(activity, name) for name in _CHECKED})
    changed = moves.move(uow, activity, "publish", _STAFF, public="发布活动", published_at=uow.now)
    _arm(uow, changed)
    return changed


def cancel(uow: UnitOfWork, by: Principal, activity_id: UUID, reason: str) -> Activity:
    """It does not take place; all who signed up are told why."""
    activity = access.staff_row(uow, by, Activity, activity_id)
    changed = _cancelled(uow, activity, reason)
    people = _people(uow, changed, *rules.LIVE)
    for signup in rows(uow, changed.id, *rules.LIVE):
        signups.end(uow, changed, signup, "cancel", _SYSTEM)
    telling.activity(uow, events.ActivityCancelled, changed, people, reason=reason)
    return changed


def start(uow: UnitOfWork, activity_id: UUID) -> None:
    """It begins: offers lapse and the line ends."""
    activity = signups.held(uow, activity_id, shown=False)
    if activity.state != rules.PUBLISHED or activity.starts_at > uow.now:
        return
    changed = moves.move(uow, activity, "start", _SYSTEM, public="活动开始")
    people = _people(uow, changed, rules.OFFERED, rules.WAITLISTED)
    for signup in rows(uow, activity_id, rules.OFFERED, rules.WAITLISTED):
        action = "lapse" if signup.state == rules.OFFERED else "cancel"
        signups.end(uow, changed, signup, action, _SYSTEM)
    telling.activity(uow, events.PlaceGone, changed, people, lapsed=False)
    timers.arm(uow, END_TIMER, moves.subject(changed), changed.ends_at)


def end(uow: UnitOfWork, by: Principal, activity_id: UUID) -> Activity:
    """It is over before its time."""
    return _end(uow, access.staff_row(uow, by, Activity, activity_id), _STAFF)


def end_due(uow: UnitOfWork, activity_id: UUID) -> None:
    """Its time is over."""
    activity = signups.held(uow, activity_id, shown=False)
    if activity.state == rules.RUNNING and activity.ends_at <= uow.now:
        _end(uow, activity, _SYSTEM)


def settle(uow: UnitOfWork, by: Principal, activity_id: UUID) -> Activity:
    """The staff have looked through who came and for how long."""
    activity = access.staff_row(uow, by, Activity, activity_id)
    return attendance.settle(uow, activity, _STAFF)


def settle_due(uow: UnitOfWork, activity_id: UUID) -> None:
    """A day after the end what is recorded stands."""
    activity = signups.held(uow, activity_id, shown=False)
    if activity.state == rules.ENDED:
        attendance.settle(uow, activity, _SYSTEM)


def remind(uow: UnitOfWork, activity_id: UUID) -> None:
    """It starts soon."""
    activity = signups.held(uow, activity_id, shown=False)
    if activity.state == rules.PUBLISHED:
        people = _people(uow, activity, rules.CONFIRMED)
        telling.activity(uow, events.ActivitySoon, activity, people)


def rows(uow: UnitOfWork, activity_id: UUID, *states: str) -> list[ActivitySignup]:
    """Sign-ups in these states, the earliest first."""
    return list(
        uow.session.scalars(
            select(ActivitySignup)
            .where(ActivitySignup.activity_id == activity_id, ActivitySignup.state.in_(states))
            .order_by(ActivitySignup.signed_up_at, ActivitySignup.id)
            .execution_options(populate_existing=True)
        )
    )


def expect(row: Any, version: int) -> None:
    """Raise `Stale` when a colleague has changed it since."""
    if row.version != version:
        raise Stale(detail="您打开后，有同事修改过", action="请刷新后再改")


_CHECKED = ("starts_at", "ends_at", "sign_up_from", "sign_up_until", "check_in", "latitude",
            "longitude")  # fmt: skip


def _check(uow: UnitOfWork, values: dict[str, Any]) -> None:
    problem = rules.times_problem(
        uow.now, values["starts_at"], values["ends_at"], values["sign_up_from"],
        values["sign_up_until"],
    )  # fmt: skip
    if problem:
        raise _wrong(*problem)
    if values["check_in"] in ("place", "both") and values.get("latitude") is None:
        raise _wrong("latitude", "按到场定位签到，请先在地图上选地点")


def _wrong(field: str, text: str) -> Invalid:
    return Invalid("invalid", title=text, fields={field: [text]})


def _cancelled(uow: UnitOfWork, activity: Activity, reason: str) -> Activity:
    for kind in (START_TIMER, END_TIMER, REMIND_TIMER):
        timers.disarm(uow, kind, moves.subject(activity))
    changed = moves.move(uow, activity, "cancel", _STAFF, public="取消活动", reason=reason)
    changed.reason = reason
    uow.session.flush()
    return changed


def _end(uow: UnitOfWork, activity: Activity, parts: tuple[str, ...]) -> Activity:
    until = min(activity.ends_at, max(uow.now, activity.starts_at + _MINUTE))
    changed = moves.move(uow, activity, "end", parts, public="活动结束", ends_at=until)
    timers.disarm(uow, END_TIMER, moves.subject(changed))
    attendance.reckon(uow, changed)
    timers.arm(uow, SETTLE_TIMER, moves.subject(changed), uow.now + rules.SETTLE_AFTER)
    return changed


def _people(uow: UnitOfWork, activity: Activity, *states: str) -> list[UUID | None]:
    return [row.person_id for row in rows(uow, activity.id, *states)]


def _arm(uow: UnitOfWork, activity: Activity) -> None:
    subject = moves.subject(activity)
    timers.arm(uow, START_TIMER, subject, activity.starts_at)
    moment: datetime | None = rules.reminder_at(uow.now, activity.starts_at)
    if moment is None:
        timers.disarm(uow, REMIND_TIMER, subject)
    else:
        timers.arm(uow, REMIND_TIMER, subject, moment)
