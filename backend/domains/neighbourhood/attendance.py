"""Who came and for how long: reckoned at the end, looked through by staff, then points for it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from backend.domains.neighbourhood import (
    access,
    certificates,
    events,
    moves,
    point_rules,
    points,
    rules,
    telling,
)
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork

_STAFF = (rules.STAFF,)
_OPEN = (rules.RUNNING, rules.ENDED, rules.SETTLED)


def reckon(uow: UnitOfWork, activity: Activity) -> None:
    """At the end: the minutes of everybody who checked in."""
    for signup in _in(uow, activity, rules.ATTENDED):
        assert signup.checked_in_at is not None
        minutes = rules.minutes_served(signup.checked_in_at, activity.starts_at, activity.ends_at)
        moves.touch(uow, signup, "reckon", internal=f"{minutes}分钟", minutes=minutes)


def settle(uow: UnitOfWork, activity: Activity, parts: Iterable[str]) -> Activity:
    """What is recorded stands: who never came is absent, who came gets hours and points."""
    changed = moves.move(uow, activity, "settle", parts, public="确认时长")
    for signup in _in(uow, changed, rules.CONFIRMED):
        moves.move(uow, signup, "miss", (rules.STAFF, rules.SYSTEM), public="未到")
    for signup in _in(uow, changed, rules.ATTENDED):
        _credit(uow, changed, signup)
    return changed


def mark(
    uow: UnitOfWork, by: Principal, activity_id: UUID, signup_id: UUID, *, attended: bool,
    minutes: int | None,
) -> ActivitySignup:  # fmt: skip
    """Correct who came and for how long; after settling the ledger gets a correcting line."""
    activity = access.staff_row(uow, by, Activity, activity_id)
    if activity.state not in _OPEN:
        raise Conflict("activity_not_begun", title="活动开始后才能登记签到")
    signup = moves.locked(uow, ActivitySignup, signup_id)
    if signup is None or signup.activity_id != activity_id:
        raise access.unknown()
    if attended and signup.state != rules.ATTENDED:
        signup = moves.move(
            uow, signup, "check_in", _STAFF, public="工作人员登记签到", checked_in_by="staff",
            checked_in_at=uow.now,
            minutes=_default(activity) if minutes is None else minutes,
        )  # fmt: skip
    elif attended and minutes is not None and minutes != signup.minutes:
        signup = moves.touch(
            uow, signup, "correct", internal=f"{signup.minutes} → {minutes}分钟",
            minutes=minutes,
        )  # fmt: skip
    elif not attended and signup.state != rules.ABSENT:
        signup = moves.move(
            uow, signup, "miss", _STAFF, public="未到", checked_in_at=None, minutes=0
        )
    if activity.state == rules.SETTLED:
        _credit(uow, activity, signup)
    return signup


def _default(activity: Activity) -> int:
    if activity.state == rules.RUNNING:
        return 0
    return rules.minutes_served(activity.starts_at, activity.starts_at, activity.ends_at)


def _credit(uow: UnitOfWork, activity: Activity, signup: ActivitySignup) -> None:
    """Bring the ledger to what the sign-up says; certificates that said otherwise end."""
    if activity.kind not in rules.SERVICE_KINDS or signup.person_id is None:
        return
    subject = moves.subject(signup)
    known_points, known_minutes = points.of_subject(uow, subject)
    wanted = point_rules.of_minutes(signup.minutes)
    if (known_points, known_minutes) == (wanted, signup.minutes):
        return
    first = not points.known(uow, subject)
    points.add(
        uow, subject, person_id=signup.person_id, area_id=activity.area_id,
        reason="service" if first else "correction", points=wanted - known_points,
        minutes=signup.minutes - known_minutes, title=activity.title,
    )  # fmt: skip
    if first:
        telling.activity(
            uow, events.HoursRecorded, activity, [signup.person_id], minutes=signup.minutes,
            points=wanted,
        )  # fmt: skip
    else:
        certificates.withdraw_stale(uow, signup.person_id, activity)


def _in(uow: UnitOfWork, activity: Activity, state: str) -> list[ActivitySignup]:
    query = select(ActivitySignup).where(
        ActivitySignup.activity_id == activity.id, ActivitySignup.state == state
    )
    query = query.order_by(ActivitySignup.id).with_for_update()
    return list(uow.session.scalars(query.execution_options(populate_existing=True)))
