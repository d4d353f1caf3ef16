"""Owner parties and the people in the register: found by hash, made where they are new."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.community import rules
from backend.domains.community.model import (
    HousingParty,
    OwnerRecord,
    PartyMember,
    Residence,
    RoomOwnership,
)
from backend.domains.community.model import HousingRoom as Room
from backend.domains.identity import service as identity
from backend.kernel.database import among, table_of
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

NUMBER, PHONE = "register_number", "register_phone"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as papers name them. `number`: identity number, or a company's code."""

    kind: str
    name: str
    number: str
    phone: str = ""
    party_member: bool = False


def mark_of(uow: UnitOfWork, number: str) -> bytes:
    """What an identity number is found by in the register."""
    return uow.services.privacy.fingerprint(number, NUMBER)


def entry(uow: UnitOfWork, community_id: UUID, person: Named) -> UUID:
    """The id of the person's record in this community, made if new; safe when two come at once.

    Somebody known keeps their name and phone: only `set_phone` and the import change them.
    """
    privacy = uow.services.privacy
    table = table_of(OwnerRecord)
    mark = mark_of(uow, person.number)
    uow.session.execute(
        insert(table)
        .values(
            id=new_id(), community_id=community_id, kind=person.kind,
            name_sealed=privacy.seal(person.name),
            phone_sealed=privacy.seal(person.phone) if person.phone else None,
            phone_fingerprint=privacy.fingerprint(person.phone, PHONE) if person.phone else None,
            number_sealed=privacy.seal(person.number), number_fingerprint=mark,
            party_member=person.party_member,
        )
        .on_conflict_do_nothing(index_elements=["community_id", "number_fingerprint"])
    )  # fmt: skip
    return uow.session.scalars(
        select(OwnerRecord.id).where(
            OwnerRecord.community_id == community_id, OwnerRecord.number_fingerprint == mark
        )
    ).one()


def party(uow: UnitOfWork, community_id: UUID, owner_ids: Iterable[UUID]) -> UUID:
    """The party of exactly these owners, made if new; safe when two come at once."""
    members = sorted(set(owner_ids))
    key = rules.key_of(members)
    made: UUID | None = uow.session.scalar(
        insert(table_of(HousingParty))
        .values(id=new_id(), community_id=community_id, key_hash=key)
        .on_conflict_do_nothing(index_elements=["community_id", "key_hash"])
        .returning(table_of(HousingParty).c.id)
    )
    if made is not None:
        rows = [{"party_id": made, "owner_id": one} for one in members]
        uow.session.execute(insert(table_of(PartyMember)), rows)
        return made
    return uow.session.scalars(
        select(HousingParty.id).where(
            HousingParty.community_id == community_id, HousingParty.key_hash == key
        )
    ).one()


def live_party(uow: UnitOfWork, room_id: UUID) -> UUID | None:
    """Who owns the room now; None where the register knows nobody."""
    return uow.session.scalar(
        select(RoomOwnership.party_id).where(
            RoomOwnership.room_id == room_id, RoomOwnership.until.is_(None)
        )
    )


def own(uow: UnitOfWork, room_id: UUID, party_id: UUID, source: str) -> None:
    """The room's new owners from now on; the partial unique index refuses a second live row."""
    uow.session.execute(
        update(RoomOwnership)
        .where(RoomOwnership.room_id == room_id, RoomOwnership.until.is_(None))
        .values(until=uow.now)
        .execution_options(synchronize_session=False)
    )
    uow.session.add(RoomOwnership(room_id=room_id, party_id=party_id, since=uow.now, source=source))
    uow.session.flush()


def members(uow: UnitOfWork, party_ids: Iterable[UUID]) -> dict[UUID, list[OwnerRecord]]:
    """The owners of each party, by record id."""
    rows = uow.session.execute(
        select(PartyMember.party_id, OwnerRecord)
        .join(OwnerRecord, OwnerRecord.id == PartyMember.owner_id)
        .where(among(PartyMember.party_id, set(party_ids)))
        .order_by(OwnerRecord.id)
    )
    found: dict[UUID, list[OwnerRecord]] = {}
    for party_id, owner in rows:
        found.setdefault(party_id, []).append(owner)
    return found


def record_of(uow: UnitOfWork, community_id: UUID, person_id: UUID) -> OwnerRecord | None:
    """The record whose identity number is the person's, bound or not; None without one."""
    mark = identity.identity_mark(uow, person_id, NUMBER)
    if mark is None:
        return None
    return uow.session.scalar(
        select(OwnerRecord).where(
            OwnerRecord.community_id == community_id, OwnerRecord.number_fingerprint == mark
        )
    )


def bind(uow: UnitOfWork, record: OwnerRecord, person_id: UUID) -> None:
    """Staff have confirmed that the account is this person's."""
    uow.session.execute(
        update(OwnerRecord)
        .where(OwnerRecord.id == record.id, OwnerRecord.person_id.is_(None))
        .values(person_id=person_id, bound_at=uow.now)
        .execution_options(synchronize_session=False)
    )
    uow.session.expire(record)


def unbind_idle(uow: UnitOfWork, community_id: UUID, person_id: UUID) -> None:
    """Take the account off its record where the person has no confirmed home left here."""
    rooms = select(Room.id).where(Room.community_id == community_id)
    still = uow.session.scalar(
        select(Residence.id)
        .where(
            Residence.person_id == person_id, Residence.state == rules.CONFIRMED,
            Residence.room_id.in_(rooms),
        )
        .limit(1)
    )  # fmt: skip
    if still is None:
        uow.session.execute(
            update(OwnerRecord)
            .where(OwnerRecord.community_id == community_id, OwnerRecord.person_id == person_id)
            .values(person_id=None, bound_at=None)
            .execution_options(synchronize_session=False)
        )


def labels(uow: UnitOfWork, party_id: UUID) -> list[str]:
    """The labels of the rooms a party owns now."""
    return list(
        uow.session.scalars(
            select(Room.label)
            .join(RoomOwnership, RoomOwnership.room_id == Room.id)
            .where(RoomOwnership.party_id == party_id, RoomOwnership.until.is_(None))
            .order_by(Room.label)
        )
    )
