"""Limits of bookings, set by the district and its halls (预约限制)."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from appointments.demand_model import BookingLimit
from appointments.limits_rules import BUILT_IN, MOST_AS_AGENT
from appointments.model import Hall, ItemGroup
from backend.domains.appointments import ports
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden, NotFound
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

PERMISSION = "limits.edit"
PER_TEXT = {"day": "同一天", "week": "同一周", "live": "没办完的"}


def shown(uow: UnitOfWork, who: Principal) -> dict[str, Any]:
    """Every limit, with whether the one who looks may change it, and those built in."""
    found = list(uow.session.scalars(select(BookingLimit).order_by(BookingLimit.id)))
    return {
        "items": _shown(uow, who, found),
        "built_in": [
            {"per": per, "per_text": PER_TEXT[per], "most": most} for per, most in BUILT_IN.items()
        ],
        "most_as_agent": MOST_AS_AGENT,
        "everywhere": _may_set(who, None),
    }


def add(uow: UnitOfWork, who: Principal, wanted: dict[str, Any]) -> dict[str, Any]:
    """A new limit for a hall, a business, an item, or everywhere."""
    _check_place(uow, who, wanted["hall_id"])
    _check_what(uow, wanted["group"], wanted["item_id"])
    made = uow.session.scalars(
        insert(BookingLimit)
        .values(
            id=new_id(),
            hall_id=wanted["hall_id"],
            group_code=wanted["group"],
            item_key=wanted["item_id"],
            per=wanted["per"],
            most=wanted["most"],
        )
        .on_conflict_do_nothing()
        .returning(BookingLimit)
    ).one_or_none()
    if made is None:
        raise Conflict(
            "limit_exists",
            title="这样的限制已经有了",
            action="请改原来那一条的数目",
        )
    (answer,) = _shown(uow, who, [made])
    _trace(uow, made.id, "add_limit", answer)
    return answer


def change(uow: UnitOfWork, who: Principal, limit_id: UUID, most: int) -> dict[str, Any]:
    """Another number; what is booked already stays."""
    row = _row(uow, who, limit_id)
    changed = uow.session.scalars(
        update(BookingLimit)
        .where(BookingLimit.id == row.id)
        .values(most=most)
        .returning(BookingLimit)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one()
    (answer,) = _shown(uow, who, [changed])
    _trace(uow, limit_id, "change_limit", answer)
    return answer


def remove(uow: UnitOfWork, who: Principal, limit_id: UUID) -> None:
    """The limit no longer holds; where it was for everywhere, the built-in one does again."""
    row = _row(uow, who, limit_id)
    (answer,) = _shown(uow, who, [row])
    _trace(uow, limit_id, "remove_limit", answer)
    uow.session.execute(delete(BookingLimit).where(BookingLimit.id == limit_id))


def _may_set(who: Principal, hall_id: UUID | None) -> bool:
    if hall_id is None:
        return PERMISSION in who.permissions and who.scope_ids(PERMISSION, "hall") is None
    return who.may(PERMISSION, hall=hall_id)


def _row(uow: UnitOfWork, who: Principal, limit_id: UUID) -> BookingLimit:
    found = uow.session.get(BookingLimit, limit_id)
    if found is None or not _may_set(who, found.hall_id):
        raise NotFound("limit_unknown", title="没有找到这条限制", action="请刷新后再看")
    return found


def _check_place(uow: UnitOfWork, who: Principal, hall_id: UUID | None) -> None:
    if hall_id is None:
        if not _may_set(who, None):
            raise Forbidden(
                detail="全区的限制由区里设置", action="请选自己的大厅，或联系区政务服务管理部门"
            )
        return
    hall = uow.session.get(Hall, hall_id)
    if hall is None or not who.may(PERMISSION, hall=hall_id):
        raise NotFound("hall_unknown", title="没有找到这个大厅", action="请刷新后再选")


def _check_what(uow: UnitOfWork, group: str | None, item_id: UUID | None) -> None:
    if group is not None and uow.session.get(ItemGroup, group) is None:
        raise NotFound("group_unknown", title="没有这个业务类别", action="请刷新后再选")
    if item_id is not None:
        ports.item_of(uow, item_id)


def _shown(uow: UnitOfWork, who: Principal, rows: list[BookingLimit]) -> list[dict[str, Any]]:
    halls = dict(uow.session.execute(select(Hall.id, Hall.name)).all())
    groups = dict(uow.session.execute(select(ItemGroup.code, ItemGroup.name)).all())
    found = []
    for row in rows:
        found.append(
            {
                "id": row.id,
                "hall_id": row.hall_id,
                "hall_name": halls.get(row.hall_id, "") if row.hall_id else "",
                "group": row.group_code,
                "group_name": groups.get(row.group_code, "") if row.group_code else "",
                "item_id": row.item_key,
                "item_name": _item_name(uow, row.item_key),
                "per": row.per,
                "per_text": PER_TEXT[row.per],
                "most": row.most,
                "can_edit": _may_set(who, row.hall_id),
            }
        )
    return found


def _item_name(uow: UnitOfWork, item_id: UUID | None) -> str:
    if item_id is None:
        return ""
    try:
        return ports.item_of(uow, item_id).name
    except NotFound:
        return "（已下架的事项）"


def _trace(uow: UnitOfWork, limit_id: UUID, action: str, answer: dict[str, Any]) -> None:
    where = [answer[key] for key in ("hall_name", "group_name", "item_name") if answer[key]]
    trace.record(
        uow,
        subject=Subject("booking_limit", limit_id),
        action=action,
        internal_text=f"{'、'.join(where) or '全区'}：{answer['per_text']}最多{answer['most']}个",
    )
