"""Staff keep the register: communities, buildings, single rooms; and see masked values in full."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backend.domains.community import access, moves, rules
from backend.domains.community.model import (
    HousingBuilding,
    HousingCommunity,
    HousingRoom,
    OwnerRecord,
    Residence,
)
from backend.domains.grid import service as grid
from backend.domains.identity import service as identity
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound, Stale
from backend.kernel.reveals import log_reveal
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

Row = TypeVar("Row", HousingCommunity, HousingBuilding, HousingRoom)
COMMUNITY, BUILDING, ROOM = "housing_community", "housing_building", "housing_room"


def etag(row: HousingCommunity | HousingBuilding | HousingRoom) -> str:
    """What a change must name in If-Match."""
    return f"{row.id.hex[-12:]}-{row.version}"


def create_community(uow: UnitOfWork, by: Principal, told: dict[str, Any]) -> HousingCommunity:
    """A new estate or village in a grid community that the worker keeps."""
    allowed = access.areas(uow, by, access.EDIT)
    area_id = told["area_id"]
    known = {area.id for area in grid.areas(uow, "community")}
    if area_id not in known or (allowed is not None and area_id not in allowed):
        text = "请选自己负责的社区"
        raise Invalid("wrong_area", title=text, fields={"area_id": [text]})
    row = HousingCommunity(**told)
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
    except IntegrityError as error:
        if "area_id_name" not in str(error.orig):
            raise
        text = "这个社区里已有同名的小区或村"
        raise Conflict("name_taken", title=text, fields={"name": [text]}) from error
    _note(uow, COMMUNITY, row.id, "create", row.name)
    return row


def change_community(
    uow: UnitOfWork, by: Principal, community_id: UUID, told: dict[str, Any], if_match: str | None
) -> HousingCommunity:
    """Change name, address and what was declared."""
    row = access.reach(uow, by, access.EDIT, community_id)
    return _change(uow, row, COMMUNITY, told, if_match)


def change_building(
    uow: UnitOfWork, by: Principal, building_id: UUID, told: dict[str, Any], if_match: str | None
) -> HousingBuilding:
    """Change storeys and whether there is a lift."""
    row = uow.session.get(HousingBuilding, building_id)
    if row is None:
        raise moves.unknown()
    access.reach(uow, by, access.EDIT, row.community_id)
    return _change(uow, row, BUILDING, told, if_match)


def room(
    uow: UnitOfWork, by: Principal, room_id: UUID, permission: str = access.VIEW
) -> HousingRoom:
    """The room, where `permission` is held; `NotFound` otherwise."""
    row = uow.session.get(HousingRoom, room_id)
    if row is None:
        raise moves.unknown()
    access.reach(uow, by, permission, row.community_id)
    return row


def change_room(
    uow: UnitOfWork, by: Principal, room_id: UUID, told: dict[str, Any], if_match: str | None
) -> HousingRoom:
    """Correct a room's area, storey and use, and whether it counts. Frozen rolls stay as they are."""
    row = room(uow, by, room_id, access.EDIT)
    return _change(uow, row, ROOM, told, if_match)


def _change(
    uow: UnitOfWork, row: Row, kind: str, told: dict[str, Any], if_match: str | None
) -> Row:
    if if_match is None or if_match.strip().removeprefix("W/").strip('"') != etag(row):
        raise Stale("stale", detail="别人刚改过这一条", action="请刷新后再改")
    model = type(row)
    words = "、".join(
        f"{name} {getattr(row, name)}→{value}"
        for name, value in told.items()
        if getattr(row, name) != value
    )
    changed: Row | None = uow.session.scalars(
        update(model)
        .where(model.id == row.id, model.version == row.version)
        .values(**told, version=model.version + 1)
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise Stale("stale", detail="别人刚改过这一条", action="请刷新后再改")
    _note(uow, kind, row.id, "edit", words)
    return changed


def _note(uow: UnitOfWork, kind: str, row_id: UUID, action: str, words: str) -> None:
    trace.record(uow, subject=Subject(kind, row_id), action=action, internal_text=words)


def reveal_owner(uow: UnitOfWork, by: Principal, owner_id: UUID, field: str, purpose: str) -> str:
    """An owner's full name, phone or number; who looked and why is kept."""
    row = uow.session.get(OwnerRecord, owner_id)
    if row is None:
        raise moves.unknown()
    access.reach(uow, by, access.CONFIRM, row.community_id)
    log_reveal(uow, Subject("owner_record", row.id), field, purpose)
    sealed = {
        "name": row.name_sealed, "phone": row.phone_sealed, "id_number": row.number_sealed,
    }[field]  # fmt: skip
    if sealed is None:
        raise NotFound("value_not_found", detail="没有这一项信息")
    return uow.services.privacy.open(sealed)


def reveal_claimant(
    uow: UnitOfWork, by: Principal, residence_id: UUID, field: str, purpose: str
) -> str:
    """The full name or phone of who claims a home, while it waits or is confirmed."""
    row = uow.session.get(Residence, residence_id)
    if row is None:
        raise moves.unknown()
    room(uow, by, row.room_id, access.CONFIRM)
    if row.person_id is None or row.state not in rules.LIVE_RESIDENCES:
        raise NotFound("value_not_found", detail="没有这一项信息")
    log_reveal(uow, Subject("residence", row.id), field, purpose)
    return identity.reveal_value(uow, row.person_id, field)


def reachable_ids(uow: UnitOfWork, by: Principal, permission: str) -> Any:
    """The ids of the communities in which `permission` is held, as a subquery."""
    condition = access.reachable(uow, by, permission)
    return select(HousingCommunity.id).where(condition)
