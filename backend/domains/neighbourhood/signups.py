"""Signing up, the waiting line, offers of places that fall free.

The activity's row is held from the first look to the end, so counts and line move in one order;
the CHECK on `taken` and the conditional update refuse what must not happen all the same.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from backend.domains.neighbourhood import access, events, moves, rules, telling
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.domains.neighbourhood.party import is_reported
from backend.kernel import timers
from backend.kernel.errors import Conflict, Forbidden, Gone
from backend.kernel.uow import UnitOfWork

OFFER_TIMER = "activity.offer"
_PERSON, _SYSTEM = (rules.PERSON,), (rules.SYSTEM,)


def sign_up(uow: UnitOfWork, person_id: UUID, activity_id: UUID) -> ActivitySignup:
    """Take a place, or a turn in the line where none is free; `Conflict` where neither is."""
    activity = held(uow, activity_id)
    problem = rules.sign_up_problem(
        activity.state, uow.now, activity.sign_up_from, activity.sign_up_until
    )
    if problem:
        raise Conflict(problem[0], title=problem[1], action="看看别的活动吧")
    check_audience(uow, person_id, activity)
    if mine(uow, person_id, activity_id) is not None:
        raise Conflict("already_signed_up", title="您已经报名了", action="到「我的活动」查看")
    if activity.taken < activity.places and not _line_moves(uow, activity):
        count(uow, activity, taken=1)
        return _begin(uow, activity, person_id, rules.CONFIRMED, None)
    if activity.waiting < activity.most_waiting:
        count(uow, activity, waiting=1, last_turn=1)
        return _begin(uow, activity, person_id, rules.WAITLISTED, activity.last_turn)
    raise Conflict("activity_full", title="名额满了", detail="候补也满了", action="看看别的活动吧")


def cancel(uow: UnitOfWork, person_id: UUID, activity_id: UUID) -> ActivitySignup:
    """Give up place, offer or turn; whoever waits longest is offered the place at once."""
    activity = held(uow, activity_id)
    signup = _mine(uow, person_id, activity_id)
    if activity.state != rules.PUBLISHED:
        raise Conflict("sign_up_over", title="活动已经开始，不能再取消")
    return end(uow, activity, signup, "cancel", _PERSON)


def accept(uow: UnitOfWork, person_id: UUID, activity_id: UUID) -> ActivitySignup:
    """Take the place that was offered; `Gone` when the time for it is over."""
    activity = held(uow, activity_id)
    signup = _mine(uow, person_id, activity_id)
    if signup.offered_until is not None and uow.now > signup.offered_until:
        raise Gone("offer_over", title="确认时间过了", detail="名额已让给下一位")
    changed = moves.move(uow, signup, "accept", _PERSON, public="确认了名额", offered_until=None)
    timers.disarm(uow, OFFER_TIMER, moves.subject(changed))
    telling.activity(uow, events.SignedUp, activity, [person_id], ahead=None)
    return changed


def end(
    uow: UnitOfWork, activity: Activity, signup: ActivitySignup, action: str, parts: Iterable[str]
) -> ActivitySignup:
    """End a sign-up of an activity that is held; a place that falls free goes to the line."""
    waited = signup.state == rules.WAITLISTED
    changed = moves.move(
        uow, signup, action, parts, public="取消了报名", offered_until=None,
        checked_in_at=None, minutes=0,
    )  # fmt: skip
    timers.disarm(uow, OFFER_TIMER, moves.subject(changed))
    telling.activity(uow, events.SignupEnded, activity, [changed.person_id])
    if waited:
        count(uow, activity, waiting=-1)
    else:
        count(uow, activity, taken=-1)
        offer_free(uow, activity)
    return changed


def offer_free(uow: UnitOfWork, activity: Activity) -> None:
    """Offer every free place to the line, in its order; the activity is held by this unit."""
    until = rules.offer_until(uow.now, activity.starts_at)
    if activity.state != rules.PUBLISHED or until is None:
        return
    while activity.taken < activity.places and activity.waiting:
        first = uow.session.scalars(
            select(ActivitySignup)
            .where(
                ActivitySignup.activity_id == activity.id,
                ActivitySignup.state == rules.WAITLISTED,
            )
            .order_by(ActivitySignup.turn)
            .limit(1)
            .execution_options(populate_existing=True)
        ).one()
        changed = moves.move(
            uow, first, "offer", _SYSTEM, public="有名额了，待本人确认", offered_until=until
        )
        count(uow, activity, taken=1, waiting=-1)
        timers.arm(uow, OFFER_TIMER, moves.subject(changed), until)
        if changed.person_id is not None:
            telling.activity(uow, events.PlaceOffered, activity, [changed.person_id], until=until)


def lapse(uow: UnitOfWork, signup_id: UUID) -> None:
    """Nobody accepted in time: the next one is asked. Acting twice changes nothing."""
    known = uow.session.get(ActivitySignup, signup_id)
    if known is None:
        return
    activity = held(uow, known.activity_id, shown=False)
    signup = moves.locked(uow, ActivitySignup, signup_id)
    if signup is None or signup.state != rules.OFFERED:
        return
    person = signup.person_id
    end(uow, activity, signup, "lapse", _SYSTEM)
    if person is not None:
        telling.activity(uow, events.PlaceGone, activity, [person], lapsed=True)


def held(uow: UnitOfWork, activity_id: UUID, *, shown: bool = True) -> Activity:
    """The activity, locked; a draft is `NotFound` for those it is not shown to."""
    activity = moves.locked(uow, Activity, activity_id)
    if activity is None or (shown and activity.state not in rules.SHOWN):
        raise access.unknown()
    return activity


def mine(uow: UnitOfWork, person_id: UUID, activity_id: UUID) -> ActivitySignup | None:
    """The person's live sign-up, fresh."""
    return uow.session.scalar(
        select(ActivitySignup)
        .where(
            ActivitySignup.activity_id == activity_id,
            ActivitySignup.person_id == person_id,
            ActivitySignup.state.in_(rules.LIVE),
        )
        .execution_options(populate_existing=True)
    )


def check_audience(uow: UnitOfWork, person_id: UUID, activity: Activity) -> None:
    """Raise `Forbidden` where the activity is for others."""
    if activity.audience == "members":
        access.members_only(uow, person_id, activity.area_id)
    if activity.audience == "party" and not is_reported(uow, person_id, activity.area_id):
        raise Forbidden(
            "party_only", title="只限已报到的党员", detail="您还没有在这个社区报到",
            action="到「党员报到」登记，社区确认后就可以参加",
        )  # fmt: skip


def count(uow: UnitOfWork, activity: Activity, **changes: int) -> None:
    """Change the counters of an activity that is held, within the limits the schema keeps."""
    values: dict[str, Any] = {name: getattr(Activity, name) + by for name, by in changes.items()}
    conditions = [Activity.id == activity.id]
    if changes.get("taken", 0) > 0:
        conditions.append(Activity.taken < Activity.places)
    uow.session.scalars(
        update(Activity)
        .where(*conditions)
        .values(**values)
        .returning(Activity)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one()


def _line_moves(uow: UnitOfWork, activity: Activity) -> bool:
    """Whether free places belong to those who wait: so long as there is time to ask them."""
    return bool(activity.waiting) and rules.offer_until(uow.now, activity.starts_at) is not None


def _begin(
    uow: UnitOfWork, activity: Activity, person_id: UUID, state: str, turn: int | None
) -> ActivitySignup:
    row = ActivitySignup(
        activity_id=activity.id, person_id=person_id, state=state, turn=turn,
        signed_up_at=uow.now,
    )  # fmt: skip
    words = "报名成功" if state == rules.CONFIRMED else "进入候补"
    ahead = None if turn is None else activity.waiting - 1
    moves.begin(uow, row, public=words)
    telling.activity(uow, events.SignedUp, activity, [person_id], ahead=ahead)
    return row


def _mine(uow: UnitOfWork, person_id: UUID, activity_id: UUID) -> ActivitySignup:
    found = mine(uow, person_id, activity_id)
    if found is None:
        raise Conflict("not_signed_up", title="您没有报名这个活动", action="请刷新后再看")
    return found
