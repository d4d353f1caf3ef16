"""Bring a register in: one row for each person of a room, with a report of what was refused.

A room whose rows hold one fault is refused as a whole, since half its owners would be another
head. Running a file again changes nothing. Who owns a room that has owners already is changed by
a transfer only, never by a file.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.community import (
    access,
    import_files,
    import_rules,
    parties,
    people_input,
    rules,
)
from backend.domains.community.import_rules import Refused, RoomRow
from backend.domains.community.model import (
    HouseholdMember,
    HousingBuilding,
    HousingCommunity,
    HousingEntrance,
    HousingRoom,
    OwnerRecord,
    RoomOwnership,
)
from backend.domains.community.parties import PHONE, Named
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.database import table_of
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

PER_HOUR = "30 per hour"
KIND = "housing_community"
REFUSED_MOST = 500


@dataclass(slots=True)
class _Person:
    """A person of a room, and what they are there."""

    role: str
    named: Named


@dataclass(slots=True)
class _Room:
    """What all rows of one room say together."""

    row: RoomRow
    numbers: list[int] = field(default_factory=list)
    people: list[_Person] = field(default_factory=list)
    fault: str = ""


def run(
    uow: UnitOfWork, by: Principal, community_id: UUID, raw: bytes, *, dry_run: bool
) -> dict[str, Any]:
    """Import the file (or only tell what would happen, with `dry_run`) as the acting worker."""
    uow.services.limiter.hit(PER_HOUR, "register_import", str(uow.actor.id))
    access.reach(uow, by, access.EDIT, community_id)
    return take(uow, community_id, raw, dry_run=dry_run)


def take(uow: UnitOfWork, community_id: UUID, raw: bytes, *, dry_run: bool) -> dict[str, Any]:
    """The import itself; access was checked. A dry run does everything and takes it back."""
    place = uow.session.get_one(
        HousingCommunity, community_id, with_for_update=True, populate_existing=True
    )
    rooms, refused, read = _read(uow, raw)
    with uow.session.begin_nested() as attempt:
        counted: Counter[str] = Counter()
        for room in rooms:
            try:
                with uow.session.begin_nested():
                    done = _put(uow, place, room)
                counted += done
            except Refused as error:
                refused += [(one, room.row.label, str(error)) for one in room.numbers]
        report = _report(uow, place, counted)
        if dry_run:
            attempt.rollback()
    if not dry_run:
        trace.record(
            uow, subject=Subject(KIND, place.id), action="import",
            internal_text=f"{read} rows, {counted['rooms_created']} rooms new",
        )  # fmt: skip
    lines = [
        {"row": number, "label": label, "reason": reason}
        for number, label, reason in sorted(refused)
    ]
    return {
        "dry_run": dry_run, "read": read, **report, "refused_count": len(lines),
        "refused": lines[:REFUSED_MOST],
    }  # fmt: skip


def _read(uow: UnitOfWork, raw: bytes) -> tuple[list[_Room], list[tuple[int, str, str]], int]:
    """The rooms of the file, refusals of rows that name no room, and how many rows there are."""
    today = local_date(uow.now)
    found: dict[str, _Room] = {}
    refused: list[tuple[int, str, str]] = []
    read = 0
    for number, values in import_files.rows(raw):
        read += 1
        try:
            row = import_rules.room_of(values)
        except Refused as error:
            label = rules.label_of(values.get("label", "")) or values.get("label", "")[:40]
            refused.append((number, label, str(error)))
            if label in found:
                found[label].fault = f"同一房屋的第{number}行有误"
            continue
        room = found.setdefault(row.label, _Room(row))
        room.numbers.append(number)
        room.fault = room.fault or _add(room, row, values, today)
    spoiled = {label for _, label, _ in refused}
    good = []
    for label, room in found.items():
        if label in spoiled and not room.fault:
            room.fault = "同一房屋的另一行有误"
        if room.fault:
            refused += [(one, label, room.fault) for one in room.numbers]
        else:
            good.append(room)
    return good, refused, read


def _add(room: _Room, row: RoomRow, values: dict[str, str], today: Any) -> str:
    """Take the row's person into the room; why it cannot be, or ''."""
    if row != room.row:
        return f"第{room.numbers[0]}行和第{room.numbers[-1]}行写的同一房屋不一样"
    if not any(values.get(one) for one in ("name", "number", "phone")):
        return ""
    try:
        role = import_rules.role_of(values)
        kind = import_rules.owner_kind(values)
        member = import_rules.party_member(values)
    except Refused as error:
        return str(error)
    told = Named(
        kind, values.get("name", ""), values.get("number", ""), values.get("phone", ""), member
    )
    problem, named = people_input.normal(told, today)
    if role == import_rules.MEMBER and kind == rules.COMPANY:
        problem = "单位不能是户籍成员"
    room.people.append(_Person(role, named))
    return problem or ""


def _put(uow: UnitOfWork, place: HousingCommunity, told: _Room) -> Counter[str]:
    counted: Counter[str] = Counter()
    entrance_id = _entrance(uow, place.id, told.row)
    room = uow.session.scalar(
        select(HousingRoom).where(
            HousingRoom.community_id == place.id, HousingRoom.label == told.row.label
        )
    )
    row = told.row
    if room is None:
        room = HousingRoom(
            entrance_id=entrance_id, community_id=place.id, label=row.label, storey=row.storey,
            area_centi=row.area_centi, use=row.use, in_roll=row.in_roll,
        )  # fmt: skip
        uow.session.add(room)
        uow.session.flush()
        outcome = "rooms_created"
    else:
        outcome = "rooms_updated" if _change(room, entrance_id, row) else "rooms_unchanged"
    owners = [_entry(uow, place.id, one, counted) for one in told.people if _owns(one)]
    members = [_entry(uow, place.id, one, counted) for one in told.people if not _owns(one)]
    _owned(uow, place.id, room, owners)
    for owner_id in members:
        uow.session.execute(
            insert(table_of(HouseholdMember))
            .values(room_id=room.id, owner_id=owner_id)
            .on_conflict_do_nothing()
        )
    counted[outcome] += 1
    return counted


def _owns(person: _Person) -> bool:
    return person.role == import_rules.OWNER


def _owned(uow: UnitOfWork, community_id: UUID, room: HousingRoom, owners: list[UUID]) -> None:
    if not owners:
        return
    party_id = parties.party(uow, community_id, owners)
    before = parties.live_party(uow, room.id)
    if before is None:
        parties.own(uow, room.id, party_id, "import")
    elif before != party_id:
        raise Refused("和现在登记的产权人不同，请走过户")


def _change(room: HousingRoom, entrance_id: UUID, row: RoomRow) -> bool:
    """Correct a known room; whether anything was different."""
    wanted = {
        "entrance_id": entrance_id, "storey": row.storey, "area_centi": row.area_centi,
        "use": row.use, "in_roll": row.in_roll, "active": True,
    }  # fmt: skip
    different = {name for name, value in wanted.items() if getattr(room, name) != value}
    for name in different:
        setattr(room, name, wanted[name])
    if different:
        room.version += 1
    return bool(different)


def _entry(uow: UnitOfWork, community_id: UUID, person: _Person, counted: Counter[str]) -> UUID:
    """The person's record, with phone and party membership as the file has them."""
    named, privacy = person.named, uow.services.privacy
    known = uow.session.scalar(
        select(OwnerRecord).where(
            OwnerRecord.community_id == community_id,
            OwnerRecord.number_fingerprint == parties.mark_of(uow, named.number),
        )
    )
    if known is None:
        counted["people_created"] += 1
        return parties.entry(uow, community_id, named)
    if privacy.open(known.name_sealed) != named.name:
        raise Refused("证件号码已登记在另一个姓名下")
    mark = privacy.fingerprint(named.phone, PHONE) if named.phone else None
    if mark is not None and known.phone_fingerprint != mark:
        known.phone_sealed, known.phone_fingerprint = privacy.seal(named.phone), mark
        counted["people_updated"] += 1
    if named.party_member and not known.party_member:
        known.party_member = True
        counted["people_updated"] += 1
    return known.id


def _entrance(uow: UnitOfWork, community_id: UUID, row: RoomRow) -> UUID:
    """The entrance of the row's building, both made where they are new."""
    building = uow.session.scalar(
        select(HousingBuilding).where(
            HousingBuilding.community_id == community_id, HousingBuilding.name == row.building
        )
    )
    if building is None:
        building = HousingBuilding(
            id=new_id(), community_id=community_id, name=row.building,
            storeys=max(row.storeys or row.storey, 1), has_lift=bool(row.has_lift),
        )  # fmt: skip
        uow.session.add(building)
        uow.session.flush()
    elif row.storeys is None and row.storey > building.storeys:
        building.storeys = row.storey
    entrance = uow.session.scalar(
        select(HousingEntrance.id).where(
            HousingEntrance.building_id == building.id, HousingEntrance.name == row.entrance
        )
    )
    if entrance is None:
        entrance = new_id()
        uow.session.add(
            HousingEntrance(
                id=entrance, building_id=building.id, community_id=community_id, name=row.entrance
            )
        )
        uow.session.flush()
    return entrance


def _report(uow: UnitOfWork, place: HousingCommunity, counted: Counter[str]) -> dict[str, Any]:
    found = totals(uow, place.id)
    declared = place.area_declared_centi
    return {
        "rooms_created": counted["rooms_created"],
        "rooms_updated": counted["rooms_updated"],
        "rooms_unchanged": counted["rooms_unchanged"],
        "people_created": counted["people_created"],
        "people_updated": counted["people_updated"],
        **found,
        "rooms_declared": place.room_count_declared,
        "area_declared_centi": declared,
        "area_difference_centi": None if declared is None else found["area_centi"] - declared,
    }


def totals(uow: UnitOfWork, community_id: UUID) -> dict[str, int]:
    """Rooms in use, those that count, their areas, and those without known owners."""
    owned = select(RoomOwnership.room_id).where(RoomOwnership.until.is_(None))
    counts = HousingRoom.in_roll
    row = uow.session.execute(
        select(
            func.count().label("rooms"),
            func.count().filter(counts).label("rooms_in_roll"),
            func.coalesce(func.sum(HousingRoom.area_centi).filter(counts), 0).label("area_centi"),
            func.count().filter(counts, HousingRoom.id.not_in(owned)).label("rooms_without_owner"),
        ).where(HousingRoom.community_id == community_id, HousingRoom.active)
    ).one()
    return {name: int(value) for name, value in row._mapping.items()}
