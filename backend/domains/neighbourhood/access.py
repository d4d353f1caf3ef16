"""Who reaches what: staff the communities of their scope, neighbours their own community."""

from typing import Any, TypeVar
from uuid import UUID

from backend.domains.neighbourhood import moves, ports
from backend.kernel.access import Principal
from backend.kernel.database import Base
from backend.kernel.errors import Forbidden, Invalid, NotFound
from backend.kernel.uow import UnitOfWork

MANAGE = "activities.manage"
Row = TypeVar("Row", bound=Base)


def staff_reach(by: Principal, area_id: UUID) -> bool:
    """Whether the member of staff manages the life of this community."""
    return by.may(MANAGE, community=area_id)


def staff_areas(uow: UnitOfWork, by: Principal) -> dict[UUID, str]:
    """The communities the member of staff manages, by id."""
    ids = by.scope_ids(MANAGE, "community")
    found = ports.communities(uow)
    return {id_: name for id_, name in found.items() if ids is None or id_ in ids}


def own_area(uow: UnitOfWork, by: Principal, area_id: UUID) -> UUID:
    """The community, if the member of staff manages it; `Invalid` otherwise."""
    if area_id not in staff_areas(uow, by):
        text = "请选您负责的社区"
        raise Invalid("area_unknown", title=text, fields={"area_id": [text]})
    return area_id


def staff_row(
    uow: UnitOfWork, by: Principal, model: type[Row], row_id: UUID, *, lock: bool = True
) -> Row:
    """A row of a community that the member of staff manages; anything else is `NotFound`."""
    row: Any = moves.locked(uow, model, row_id) if lock else uow.session.get(model, row_id)
    if row is None or not staff_reach(by, row.area_id):
        raise unknown()
    found: Row = row
    return found


def members_only(uow: UnitOfWork, person_id: UUID, area_id: UUID) -> None:
    """Raise `Forbidden` unless a home of the person's in this community is confirmed."""
    if area_id not in ports.areas_of(uow, person_id):
        raise not_a_member()


def not_a_member() -> Forbidden:
    """Only for those who live there."""
    return Forbidden(
        "members_only",
        title="只限本社区居民",
        detail="社区还没有确认您住在这里",
        action="到「我的家」登记住处，社区确认后就可以参加",
    )


def unknown() -> NotFound:
    """What is out of reach looks like nothing."""
    return NotFound("not_there", title="没有找到", detail="可能已经删除", action="请返回列表刷新")
