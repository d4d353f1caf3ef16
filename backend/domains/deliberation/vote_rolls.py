"""Freezing the roll: numbered, summed, hashed, and closed by the database itself."""

import secrets
from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from backend.domains.deliberation import merkle_rules, record_rules, roll_rules
from backend.domains.deliberation.roll_rules import BadRoll, Entry, Head, Room
from backend.domains.deliberation.vote_model import (
    Roll,
    RollCaster,
    RollEntry,
    RollRoom,
    Vote,
)
from backend.domains.deliberation.vote_ports import Place, register_of
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork


def place_of(vote: Vote) -> Place:
    """What the vote is about."""
    return Place(vote.community_id, vote.scope_kind, vote.scope_id)


def freeze(uow: UnitOfWork, vote: Vote) -> Roll:
    """The roll as the register stands at this moment; who is confirmed later is not on it."""
    register = register_of(uow)
    heads = register.heads(uow, place_of(vote), vote.electorate)
    by_area = vote.by_area
    try:
        roll_rules.checked(heads, by_area=by_area)
    except BadRoll as error:
        raise Conflict("bad_roll", title="名册还不能用", detail=str(error)) from None
    if by_area and (missing := register.unowned(uow, place_of(vote))):
        raise Conflict(
            "rooms_without_owner", title="名册还不完整",
            detail=f"有{len(missing)}套房没有登记业主：{'、'.join(missing[:5])}",
            action="请先补齐产权信息",
        )  # fmt: skip
    if not by_area:
        # By no order: neither that of rooms nor that in which people were confirmed.
        secrets.SystemRandom().shuffle(heads)
    salts = [secrets.token_bytes(record_rules.SALT) for _ in heads]
    entries = roll_rules.numbered(heads, salts, by_area=by_area)
    _write(uow, vote, entries)
    sums = roll_rules.sums(entries)
    root = merkle_rules.root_of(roll_rules.leaves(entries, by_area=by_area))
    roll = Roll(vote_id=vote.id, heads=sums.heads, area_centi=sums.area_centi, root=root,
                frozen_at=uow.now)  # fmt: skip
    uow.session.add(roll)
    uow.session.flush()
    return roll


def _write(uow: UnitOfWork, vote: Vote, entries: Iterable[Entry]) -> None:
    lines, casters, rooms = [], [], []
    for entry in entries:
        id_ = uuid4()
        head = entry.head
        lines.append({
            "id": id_, "vote_id": vote.id, "ordinal": entry.ordinal, "ref_id": UUID(head.ref),
            "rooms": entry.opening["rooms"], "area_centi": head.area_centi, "salt": entry.salt,
        })  # fmt: skip
        casters += [
            {"entry_id": id_, "person_id": UUID(person), "vote_id": vote.id}
            for person in sorted(set(head.persons))
        ]
        rooms += [
            {"vote_id": vote.id, "room_id": UUID(room.id), "entry_id": id_} for room in head.rooms
        ]
    uow.session.execute(insert(RollEntry), lines)
    if casters:
        uow.session.execute(insert(RollCaster), casters)
    if rooms:
        uow.session.execute(insert(RollRoom), rooms)


def entries(uow: UnitOfWork, vote: Vote) -> list[tuple[RollEntry, Entry]]:
    """The frozen roll in its order, as rows and as the rules know it."""
    casters: dict[UUID, list[str]] = {}
    found = uow.session.execute(
        select(RollCaster.entry_id, RollCaster.person_id).where(RollCaster.vote_id == vote.id)
    )
    for entry_id, person_id in found:
        casters.setdefault(entry_id, []).append(str(person_id))
    rows = uow.session.scalars(
        select(RollEntry)
        .where(RollEntry.vote_id == vote.id)
        .order_by(RollEntry.ordinal)
        .execution_options(populate_existing=True)
    )
    return [(row, as_entry(row, casters.get(row.id, []))) for row in rows]


def as_entry(row: RollEntry, persons: Iterable[str]) -> Entry:
    """A row as the rules know it."""
    rooms = tuple(Room(str(id_), str(label), int(area)) for id_, label, area in row.rooms)
    return Entry(row.ordinal, Head(str(row.ref_id), rooms, tuple(sorted(persons))), row.salt)


def roll_of(uow: UnitOfWork, vote: Vote) -> Roll:
    """The sums of an open vote's roll."""
    return uow.session.get_one(Roll, vote.id)
