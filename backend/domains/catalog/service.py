"""Use cases of the catalogue: write an item, publish it, and tell other domains about it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, select

from backend.domains.catalog import store
from backend.domains.catalog.content import Content
from backend.domains.catalog.events import ItemPublished
from backend.domains.catalog.model import Item, ItemVersion
from backend.domains.catalog.rules import DRAFT, LIVE, VERSION_TRANSITIONS, Problem, problems
from backend.kernel.database import table_of
from backend.kernel.errors import Conflict, Invalid, NotFound, Stale
from backend.kernel.ids import stable_id
from backend.kernel.state import step
from backend.kernel.trace import Subject, record
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Codes:
    """What stays the same through all versions of an item."""

    implementation_code: str
    department_id: UUID
    base_code: str = ""
    business_code: str = ""
    source: str = "staff"


@dataclass(frozen=True, slots=True)
class BookingInfo:
    """What booking needs to know of a live item."""

    id: UUID
    name: str
    group_code: str
    bookable: bool
    material_names: list[str]
    # The halls that handle it; empty where the guide names none of ours.
    hall_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A wording of an item that residents read (`live`) or once read."""

    id: UUID
    item_id: UUID
    implementation_code: str
    number: int
    name: str
    live: bool


def item_version(uow: UnitOfWork, version_id: UUID) -> PublishedVersion | None:
    """A version that was published, live or not; None for a draft or no version of an item."""
    return next(_published(uow, ItemVersion.id == version_id, ItemVersion.state != DRAFT), None)


def live_versions(uow: UnitOfWork, item_ids: Collection[UUID]) -> dict[UUID, PublishedVersion]:
    """What residents read now of these items, by the items' ids."""
    rows = _published(uow, ItemVersion.item_id.in_(item_ids), ItemVersion.state == LIVE)
    return {row.item_id: row for row in rows}


def _published(uow: UnitOfWork, *conditions: ColumnElement[bool]) -> Iterator[PublishedVersion]:
    # Columns only: the content is big.
    query = select(
        ItemVersion.id,
        ItemVersion.item_id,
        Item.implementation_code,
        ItemVersion.number,
        ItemVersion.name,
        (ItemVersion.state == LIVE).label("live"),
    ).join(Item, Item.id == ItemVersion.item_id)
    for row in uow.session.execute(query.where(*conditions)):
        yield PublishedVersion(*row)


def bookable_items(uow: UnitOfWork) -> list[tuple[UUID, str]]:
    """What can be booked at a window now, by name: id and name."""
    rows = uow.session.execute(
        select(ItemVersion.item_id, ItemVersion.name)
        .where(ItemVersion.state == LIVE, ItemVersion.bookable)
        .order_by(ItemVersion.name, ItemVersion.item_id)
    )
    return [(row.item_id, row.name) for row in rows]


def subject(item_id: UUID) -> Subject:
    """The item as a subject of the trace."""
    return Subject("item", item_id)


def create(uow: UnitOfWork, codes: Codes, content: Content) -> ItemVersion:
    """Make an item with its first draft; `Conflict` when the implementation code is taken."""
    item_id = stable_id("item", codes.implementation_code)
    if uow.session.get(Item, item_id) is not None:
        text = "这个实施编码已经有事项了"
        raise Conflict("code_taken", detail=text, fields={"implementation_code": [text]})
    item = Item(
        id=item_id,
        implementation_code=codes.implementation_code,
        base_code=codes.base_code,
        business_code=codes.business_code,
        department_id=codes.department_id,
        source=codes.source,
        created_at=uow.now,
    )
    uow.session.add(item)
    uow.session.flush()
    version = open_draft(uow, item_id, 1, content)
    record(uow, subject=subject(item_id), action="create", to_state=DRAFT)
    return version


def save_draft(
    uow: UnitOfWork, item_id: UUID, content: Content, if_match: str | None
) -> ItemVersion:
    """Save the draft, or begin version N+1 beside the live version N.

    `if_match` is the ETag of what the editor had read (`etag`); `Stale` when it has moved on.
    """
    newest = _newest_locked(uow, item_id)
    if if_match is None:
        _stale("要带上读取时的版本标记（If-Match）")
    if if_match.strip().removeprefix("W/").strip('"') != etag(newest):
        _stale("别人刚刚改过这个事项")
    if newest.state != DRAFT:
        version = open_draft(uow, item_id, newest.number + 1, content)
        action = "open_draft"
    else:
        step(VERSION_TRANSITIONS, newest.state, "save")
        store.write(newest, content, uow)
        newest.revision += 1
        version, action = newest, "save"
    uow.session.flush()
    record(
        uow,
        subject=subject(item_id),
        action=action,
        to_state=DRAFT,
        internal_text=f"第{version.number}版第{version.revision}次保存",
    )
    return version


def publish(uow: UnitOfWork, item_id: UUID) -> ItemVersion:
    """Make the draft what residents read; `Invalid` lists every cross-check it fails."""
    newest = _newest_locked(uow, item_id)
    if newest.state != DRAFT:
        raise Conflict("no_draft", detail="没有待发布的草稿", action="请先修改事项再发布")
    found = problems(store.content_of(newest))
    if found:
        raise not_publishable(found)
    return put_live(uow, newest)


def put_live(uow: UnitOfWork, version: ItemVersion) -> ItemVersion:
    """Publish a version that has been checked, or that came in by import with warnings."""
    before = store.live(uow.session, version.item_id)
    if before is not None:
        before.state = step(VERSION_TRANSITIONS, before.state, "supersede").to
        uow.session.flush()
    version.state = step(VERSION_TRANSITIONS, version.state, "publish").to
    version.published_at = uow.now
    version.published_by = uow.actor.name
    uow.session.flush()
    store.touch_revision(uow.session)
    record(
        uow,
        subject=subject(version.item_id),
        action="publish",
        from_state=DRAFT,
        to_state=LIVE,
        public_text=f"发布第{version.number}版",
    )
    uow.emit(ItemPublished(version.item_id, version.number))
    return version


def booking_info(uow: UnitOfWork, item_id: UUID) -> BookingInfo:
    """What booking needs to know of a live item; `NotFound` when it is not published."""
    row = uow.session.execute(_LIVE_LINE, {"of_item": item_id}).one_or_none()
    if row is None:
        raise NotFound(detail="没有这个事项，或者它已下线", action="请重新搜索要办的事")
    return _booking_info(uow, row)


def bookable_infos(uow: UnitOfWork) -> list[BookingInfo]:
    """What booking needs to know of everything that can be booked at a window now, by name."""
    return [_booking_info(uow, row) for row in uow.session.execute(_BOOKABLE_LINES)]


def _booking_info(uow: UnitOfWork, row: Any) -> BookingInfo:
    mark = (row.id, row.content_hash)
    known = _FROM_CONTENT.get(mark)
    if known is None:
        content = store.content_of(uow.session.get_one(ItemVersion, row.id))
        if len(_FROM_CONTENT) >= _KEPT:
            _FROM_CONTENT.clear()
        known = _FROM_CONTENT[mark] = _for_booking(content)
    materials, hall_codes = known
    return BookingInfo(
        id=row.item_id,
        name=row.name,
        group_code=row.group_code,
        bookable=row.bookable,
        material_names=list(materials),
        hall_codes=hall_codes,
    )


_VERSIONS = table_of(ItemVersion)
_LINES = select(
    _VERSIONS.c.id,
    _VERSIONS.c.item_id,
    _VERSIONS.c.name,
    _VERSIONS.c.group_code,
    _VERSIONS.c.bookable,
    _VERSIONS.c.content_hash,
).where(_VERSIONS.c.state == LIVE)
_LIVE_LINE = _LINES.where(_VERSIONS.c.item_id == bindparam("of_item"))
_BOOKABLE_LINES = _LINES.where(_VERSIONS.c.bookable).order_by(_VERSIONS.c.name, _VERSIONS.c.item_id)
# A wording never changes under its hash, so what was read from it once holds for good: the big
# document is fetched and taken apart once a process instead of once a booking.
_FROM_CONTENT: dict[tuple[UUID, bytes], tuple[tuple[str, ...], tuple[str, ...]]] = {}
_KEPT = 5000


def _for_booking(content: Content) -> tuple[tuple[str, ...], tuple[str, ...]]:
    # What everybody must bring; papers for special cases are in the guide.
    materials = (m["name"] for m in content["materials"] if m["necessity"] == "required")
    return tuple(materials), tuple(p["hall_code"] for p in content["places"] if p["hall_code"])


def etag(version: ItemVersion) -> str:
    """What changes whenever the newest version is saved, published or replaced."""
    return f"{version.number}-{version.state}-{version.revision}"


def not_publishable(found: list[Problem]) -> Invalid:
    """The error that lists the cross-checks an item fails, field by field."""
    fields: dict[str, list[str]] = {}
    for problem in found:
        fields.setdefault(problem.field, []).append(problem.text)
    return Invalid(
        "item_not_publishable",
        title="还不能发布",
        detail=f"有{len(found)}处需要补全或改正：" + "；".join(p.text for p in found),
        action="请按提示修改后再发布",
        fields=fields,
    )


def newest(uow: UnitOfWork, item_id: UUID) -> ItemVersion:
    """The draft if there is one, otherwise the live version."""
    version = uow.session.scalar(_newest_query(item_id))
    if version is None:
        raise NotFound(detail="没有这个事项")
    return version


def _newest_query(item_id: UUID) -> Select[ItemVersion]:
    return (
        select(ItemVersion)
        .where(ItemVersion.item_id == item_id)
        .order_by(ItemVersion.number.desc())
        .limit(1)
    )


def _newest_locked(uow: UnitOfWork, item_id: UUID) -> ItemVersion:
    # The item row is locked, so that two editors cannot both open version N+1.
    uow.session.execute(select(Item.id).where(Item.id == item_id).with_for_update())
    return newest(uow, item_id)


def open_draft(uow: UnitOfWork, item_id: UUID, number: int, content: Content) -> ItemVersion:
    """Begin version `number` of an item."""
    version = ItemVersion(
        item_id=item_id, number=number, state=DRAFT, revision=1, created_at=uow.now
    )
    store.write(version, content, uow)
    uow.session.add(version)
    uow.session.flush()
    return version


def _stale(detail: str) -> NoReturn:
    raise Stale(detail=detail, action="请重新打开事项，把改动再填一次")
