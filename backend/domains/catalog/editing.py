"""The catalogue for staff: who may see and edit which item, and what the editor shows.

An editor works on the items of the own department; what is outside looks as if it did not exist.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from backend.domains.catalog import presenting, service, store
from backend.domains.catalog.content import Content
from backend.domains.catalog.model import Item, ItemVersion
from backend.domains.catalog.rules import DRAFT, SUPERSEDED, VERSION_STATE_TEXTS, problems
from backend.domains.organisation import service as organisation
from backend.http.schemas import paginate
from backend.kernel.access import Principal
from backend.kernel.errors import Forbidden, Invalid, NotFound
from backend.kernel.ids import stable_id
from backend.kernel.uow import UnitOfWork

EDIT, PUBLISH, VIEW = "items.edit", "items.publish", "items.view"


def _scope(who: Principal) -> set[UUID] | None:
    """Departments whose items `who` may read; None for all; `Forbidden` for none."""
    if not {EDIT, VIEW} & who.permissions:
        raise Forbidden(detail="这项操作不在您的岗位权限内", action="需要时请联系系统管理员")
    found: set[UUID] = set()
    for permission in (EDIT, VIEW):
        ids = who.scope_ids(permission, "department")
        if ids is None:
            return None
        found |= ids
    return found


def item_for(uow: UnitOfWork, who: Principal, item_id: UUID, permission: str | None = None) -> Item:
    """The item, if `who` may read it (or holds `permission` over it); otherwise `NotFound`."""
    scope = _scope(who)
    item = uow.session.get(Item, item_id)
    if item is None or (scope is not None and item.department_id not in scope):
        raise NotFound(detail="没有这个事项，或者它不归您的部门管")
    if permission:
        who.require(permission, department=item.department_id)
    return item


def listing(
    uow: UnitOfWork,
    who: Principal,
    *,
    words: str,
    state: str | None,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """Items by code with their newest version; `words` look in names and codes."""
    newest = _newest(_scope(who))
    if words.strip():
        like = f"%{_escaped(words.strip())}%"
        newest = newest.where(
            or_(ItemVersion.name.ilike(like), Item.implementation_code.ilike(like))
        )
    if state:
        newest = newest.where(ItemVersion.state == state)
    rows, following = paginate(
        uow.session,
        newest,
        [ItemVersion.name, ItemVersion.id],
        limit=limit,
        cursor=cursor,
        descending=False,
    )
    names = organisation.place_names(uow, "department")
    lives = store.live_items(uow.session, [version.item_id for version in rows])
    return {
        "items": [_row(v, lives.get(v.item_id, (None, None))[1], names, who) for v in rows],
        "next_cursor": following,
    }


def _newest(scope: set[UUID] | None) -> Select[ItemVersion]:
    later = aliased(ItemVersion)
    no_later = and_(later.item_id == ItemVersion.item_id, later.number > ItemVersion.number)
    query = (
        select(ItemVersion)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(ItemVersion.state != SUPERSEDED)
        .where(~select(later.id).where(no_later).exists())
    )
    return query if scope is None else query.where(Item.department_id.in_(scope))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(
    newest: ItemVersion, live: ItemVersion | None, names: dict[UUID, str], who: Principal
) -> dict[str, Any]:
    item = newest.item
    return {
        "id": item.id,
        "implementation_code": item.implementation_code,
        "base_code": item.base_code,
        "business_code": item.business_code,
        "department_id": item.department_id,
        "department_name": names.get(item.department_id, ""),
        "name": newest.name,
        "state": newest.state,
        "state_text": VERSION_STATE_TEXTS[newest.state],
        "live_version": live.number if live else None,
        "draft_version": newest.number if newest.state == DRAFT else None,
        "saved_at": newest.saved_at,
        "published_at": live.published_at if live else None,
        "can_edit": who.may(EDIT, department=item.department_id),
        "etag": service.etag(newest),
    }


def detail(uow: UnitOfWork, who: Principal, item_id: UUID) -> dict[str, Any]:
    """One item with its live content, its draft, and what stands against publishing the draft."""
    item = item_for(uow, who, item_id)
    newest = service.newest(uow, item.id)
    live = store.live(uow.session, item.id)
    draft = newest if newest.state == DRAFT else None
    names = organisation.place_names(uow, "department")
    found = problems(store.content_of(draft)) if draft else []
    return {
        **_row(newest, live, names, who),
        "live": store.content_of(live) if live else None,
        "draft": store.content_of(draft) if draft else None,
        "problems": [{"field": p.field, "code": p.code, "text": p.text} for p in found],
    }


def create(uow: UnitOfWork, who: Principal, body: dict[str, Any]) -> dict[str, Any]:
    """Make an item with its first draft in a department of the editor's own."""
    department_id = stable_id("department", body["department"])
    known = {place.id for place in organisation.departments(uow.session)}
    if department_id not in known or not who.may(EDIT, department=department_id):
        text = "只能为自己的部门新增事项"
        raise Invalid("unknown_department", detail=text, fields={"department": [text]})
    codes = service.Codes(
        implementation_code=body["implementation_code"],
        department_id=department_id,
        base_code=body["base_code"],
        business_code=body["business_code"],
    )
    version = service.create(uow, codes, body["content"])
    return detail(uow, who, version.item_id)


def save(
    uow: UnitOfWork, who: Principal, item_id: UUID, content: Content, if_match: str | None
) -> dict[str, Any]:
    """Save the draft (see `service.save_draft`)."""
    item = item_for(uow, who, item_id, EDIT)
    service.save_draft(uow, item.id, content, if_match)
    return detail(uow, who, item.id)


def publish(uow: UnitOfWork, who: Principal, item_id: UUID) -> dict[str, Any]:
    """Publish the draft (see `service.publish`)."""
    item = item_for(uow, who, item_id, PUBLISH)
    service.publish(uow, item.id)
    return detail(uow, who, item.id)


def versions(uow: UnitOfWork, who: Principal, item_id: UUID) -> list[dict[str, Any]]:
    """All versions, newest first."""
    item = item_for(uow, who, item_id)
    rows = uow.session.scalars(
        select(ItemVersion)
        .where(ItemVersion.item_id == item.id)
        .order_by(ItemVersion.number.desc())
    )
    return [_version(row) for row in rows]


def _version(row: ItemVersion) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name,
        "state": row.state,
        "state_text": VERSION_STATE_TEXTS[row.state],
        "saved_at": row.saved_at,
        "published_at": row.published_at,
        "published_by": row.published_by,
    }


def version(uow: UnitOfWork, who: Principal, item_id: UUID, number: int) -> dict[str, Any]:
    """One version: its content to edit from, and the guide as residents would read it."""
    item = item_for(uow, who, item_id)
    row = uow.session.scalar(
        select(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.number == number)
    )
    if row is None:
        raise NotFound(detail="没有这个版本")
    names = organisation.place_names(uow, "department")
    return {
        **_version(row),
        "content": store.content_of(row),
        "preview": presenting.guide(uow.session, item, row, names),
    }
