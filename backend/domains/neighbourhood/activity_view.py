"""Activities as residents see them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from backend.domains.neighbourhood import access, ports, rules
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.kernel.clock import moment_text
from backend.kernel.uow import UnitOfWork

_SIGNUP_NEXT = {
    rules.WAITLISTED: "有人退出时按先后顺序通知您",
    rules.ABSENT: "这次没有到场；记错了请联系社区",
}


def query(area: UUID | None, kind: str | None, *, coming: bool) -> Select[Activity]:
    """Coming ones or those that are over, as a query for a page."""
    states = rules.COMING if coming else (rules.ENDED, rules.SETTLED, rules.CANCELLED)
    found = select(Activity).where(Activity.state.in_(states))
    if area is not None:
        found = found.where(Activity.area_id == area)
    if kind is not None:
        found = found.where(Activity.kind == kind)
    return found


def query_mine(person_id: UUID) -> Select[ActivitySignup]:
    """The person's sign-ups, cancelled ones left out."""
    return select(ActivitySignup).where(
        ActivitySignup.person_id == person_id, ActivitySignup.state.in_(rules.LIVE)
    )


def cards(
    uow: UnitOfWork, rows: Sequence[Activity], person_id: UUID | None
) -> list[dict[str, Any]]:
    """Rows of a list."""
    names = ports.area_names(uow, [row.area_id for row in rows])
    own = _own(uow, [row.id for row in rows], person_id)
    return [_card(uow, row, names, own.get(row.id)) for row in rows]


def of_signups(uow: UnitOfWork, rows: Sequence[ActivitySignup]) -> list[dict[str, Any]]:
    """The activities of one's sign-ups, in their order."""
    ids = [row.activity_id for row in rows]
    known = {
        row.id: row for row in uow.session.scalars(select(Activity).where(Activity.id.in_(ids)))
    }
    names = ports.area_names(uow, [row.area_id for row in known.values()])
    return [_card(uow, known[row.activity_id], names, row) for row in rows]


def show(uow: UnitOfWork, activity_id: UUID, person_id: UUID | None) -> dict[str, Any]:
    """One activity; a draft is `NotFound`."""
    row = uow.session.get(Activity, activity_id)
    if row is None or row.state not in rules.SHOWN:
        raise access.unknown()
    names = ports.area_names(uow, [row.area_id])
    mine = _own(uow, [row.id], person_id).get(row.id)
    point = None
    if row.latitude is not None and row.longitude is not None:
        latitude, longitude = ports.gcj02(row.latitude, row.longitude)
        point = {"latitude": latitude, "longitude": longitude}
    return {
        **_card(uow, row, names, mine),
        "words": row.words,
        "contact": row.contact,
        "gcj02": point,
        "radius_m": row.radius_m,
        "check_in": row.check_in,
        "check_in_text": rules.CHECK_IN_TEXT[row.check_in],
        "counts_hours": row.kind in rules.SERVICE_KINDS,
        "sign_up_from": row.sign_up_from,
        "sign_up_until": row.sign_up_until,
        "reason": row.reason,
        "next_text": _next_text(uow, row, mine),
        "can": _can(uow, row, mine),
    }


def _own(
    uow: UnitOfWork, activity_ids: list[UUID], person_id: UUID | None
) -> dict[UUID, ActivitySignup]:
    if person_id is None or not activity_ids:
        return {}
    rows = uow.session.scalars(
        query_mine(person_id)
        .where(ActivitySignup.activity_id.in_(activity_ids))
        .execution_options(populate_existing=True)
    )
    return {row.activity_id: row for row in rows}


def _card(
    uow: UnitOfWork, row: Activity, names: dict[UUID, str], mine: ActivitySignup | None
) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_text": rules.KIND_TEXT[row.kind],
        "title": row.title,
        "area": {"id": row.area_id, "name": names.get(row.area_id, "")},
        "place": row.place,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "state": row.state,
        "state_text": state_text(uow, row),
        "places": row.places,
        "free": free(uow, row),
        "waiting": row.waiting,
        "audience_text": rules.AUDIENCE_TEXT[row.audience],
        "mine": _signup(uow, mine),
    }


def free(uow: UnitOfWork, row: Activity) -> int:
    """Places for who signs up now: none while others wait for them."""
    waited_for = row.waiting and rules.offer_until(uow.now, row.starts_at) is not None
    return 0 if waited_for else row.places - row.taken


def state_text(uow: UnitOfWork, row: Activity) -> str:
    """The state in words; whether one can sign up now makes the difference."""
    if row.state != rules.PUBLISHED:
        return "已结束" if row.state == rules.ENDED else rules.STATE_TEXT[row.state]
    if uow.now < row.sign_up_from:
        return "即将报名"
    if uow.now > row.sign_up_until:
        return "报名截止"
    if free(uow, row):
        return "报名中"
    return "可候补" if row.waiting < row.most_waiting else "已报满"


def _signup(uow: UnitOfWork, mine: ActivitySignup | None) -> dict[str, Any] | None:
    if mine is None:
        return None
    ahead = None
    if mine.state == rules.WAITLISTED:
        before = select(func.count()).select_from(ActivitySignup)
        ahead = uow.session.scalar(
            before.where(
                ActivitySignup.activity_id == mine.activity_id,
                ActivitySignup.state == rules.WAITLISTED,
                ActivitySignup.turn < mine.turn,
            )
        )
    return {
        "state": mine.state,
        "state_text": rules.SIGNUP_TEXT[mine.state],
        "ahead": ahead,
        "offered_until": mine.offered_until,
        "checked_in_at": mine.checked_in_at,
        "minutes": mine.minutes,
    }


def _can(uow: UnitOfWork, row: Activity, mine: ActivitySignup | None) -> list[str]:
    if mine is None:
        closed = rules.sign_up_problem(row.state, uow.now, row.sign_up_from, row.sign_up_until)
        if closed:
            return []
        if free(uow, row):
            return ["sign_up"]
        return ["wait"] if row.waiting < row.most_waiting else []
    found = []
    if mine.state == rules.OFFERED and mine.offered_until and uow.now <= mine.offered_until:
        found.append("accept")
    early = rules.check_in_problem(row.state, uow.now, row.starts_at, row.ends_at)
    if mine.state == rules.CONFIRMED and early is None:
        found.append("check_in")
    if row.state == rules.PUBLISHED and mine.state != rules.ATTENDED:
        found.append("cancel")
    return found


def _next_text(uow: UnitOfWork, row: Activity, mine: ActivitySignup | None) -> str:
    if row.state == rules.CANCELLED:
        return f"活动取消了：{row.reason}" if row.reason else "活动取消了"
    if mine is None:
        return _before_signing(uow, row)
    if mine.state == rules.CONFIRMED:
        return _before_arriving(uow, row)
    if mine.state == rules.ATTENDED:
        return _after_arriving(row, mine)
    if mine.state == rules.OFFERED and mine.offered_until:
        return f"有名额了，请在{moment_text(mine.offered_until)}前确认"
    return _SIGNUP_NEXT[mine.state]


def _before_arriving(uow: UnitOfWork, row: Activity) -> str:
    opens = row.starts_at - rules.CHECK_IN_EARLY
    if uow.now < opens:
        return f"{moment_text(opens)}起可以签到；来不了请提前取消，把名额让给邻居"
    return "到了请签到" if row.state in rules.COMING else "活动结束了，签到有误请联系社区"


def _before_signing(uow: UnitOfWork, row: Activity) -> str:
    if row.state != rules.PUBLISHED:
        return "活动进行中" if row.state == rules.RUNNING else "活动结束了"
    if uow.now < row.sign_up_from:
        return f"{moment_text(row.sign_up_from)}开始报名"
    if uow.now > row.sign_up_until:
        return "报名已经截止"
    left = free(uow, row)
    if left:
        return f"还有{left}个名额，{moment_text(row.sign_up_until)}截止"
    if row.waiting < row.most_waiting:
        return f"名额满了，可以候补，前面有{row.waiting}人"
    return "名额和候补都满了"


def _after_arriving(row: Activity, mine: ActivitySignup) -> str:
    if row.state == rules.SETTLED:
        return f"已记{mine.minutes}分钟" if mine.minutes else "已签到"
    if row.state == rules.ENDED and row.kind in rules.SERVICE_KINDS:
        return "时长一天内由社区确认"
    return "已签到，时长在结束后记录" if row.kind in rules.SERVICE_KINDS else "已签到"
