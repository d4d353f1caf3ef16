"""What other domains may know of a person: a card, one value to reveal, where to write to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domains.identity import rules
from backend.domains.identity.model import ChannelIdentity, Person
from backend.domains.identity.names import named
from backend.kernel.database import among
from backend.kernel.errors import NotFound
from backend.kernel.identity_number import birth_date
from backend.kernel.privacy import Privacy, mask_id_number, mask_name, mask_phone
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

NOBODY = "已注销用户"
UNNAMED = "未实名用户"
_ADDRESSES = ("mini_openid", "service_openid", "phone")


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as shown beside a matter. Only the masked values belong on a screen."""

    id: UUID
    name: str
    name_masked: str
    phone: str | None
    phone_masked: str | None
    id_number_masked: str | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where messages to a person can go; empty for what she has not bound."""

    mini_openid: str | None = None
    service_openid: str | None = None
    phone: str | None = None


def person_card(uow: UnitOfWork, person_id: UUID) -> PersonCard:
    """The card of one person; `NotFound` when there was never such a person."""
    found = person_cards(uow, [person_id])
    if person_id not in found:
        raise NotFound("person_not_found")
    return found[person_id]


def person_cards(uow: UnitOfWork, person_ids: Iterable[UUID]) -> dict[UUID, PersonCard]:
    """Cards by the id asked for, in one query; who is unknown is left out.

    A merged account's id gives the card of the person it became.
    """
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = {row.id: row for row in _rows(uow.session, wanted)}
    further = {row.merged_into for row in rows.values() if row.merged_into} - rows.keys()
    targets = {row.id: row for row in _rows(uow.session, {id_ for id_ in further if id_})}
    known = {**targets, **rows}
    privacy = uow.services.privacy
    return {
        id_: _card(privacy, known.get(row.merged_into, row) if row.merged_into else row)
        for id_, row in rows.items()
    }


def reveal_value(uow: UnitOfWork, person_id: UUID, field: str) -> str:
    """The full name, phone or id_number. The caller has logged the reveal and checked the right.

    Raises `NotFound` for a field the person has not given.
    """
    person = uow.session.get(Person, person_id)
    sealed = None
    if person is not None:
        sealed = {
            "name": person.name_sealed,
            "phone": person.phone_sealed,
            "id_number": person.id_number_sealed,
        }.get(field)
    if sealed is None:
        raise NotFound("value_not_found", detail="没有这一项信息")
    return uow.services.privacy.open(sealed)


def identity_mark(uow: UnitOfWork, person_id: UUID, purpose: str) -> bytes | None:
    """The keyed hash of a person's identity number for another table's `purpose`.

    The number itself stays here. None while the real name is not proved.
    """
    person = uow.session.get(Person, person_id)
    if person is None or person.state != rules.VERIFIED or person.id_number_sealed is None:
        return None
    privacy = uow.services.privacy
    return privacy.fingerprint(privacy.open(person.id_number_sealed), purpose)


def person_by_identity(uow: UnitOfWork, name: str, id_number: str) -> UUID | None:
    """Whose proved name and identity number these are, as they stand on the card."""
    mark = uow.services.privacy.fingerprint(id_number.strip().upper(), "id_number")
    return uow.session.scalar(
        named(uow, name).where(Person.id_number_fingerprint == mark, Person.state == rules.VERIFIED)
    )


def verified_among(uow: UnitOfWork, person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the persons whose real name is proved and whose account lives."""
    wanted = set(person_ids)
    if not wanted:
        return set()
    query = select(Person.id).where(among(Person.id, wanted), Person.state == rules.VERIFIED)
    return set(uow.session.scalars(query))


def births(uow: UnitOfWork, person_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Birth dates of verified persons, out of their identity numbers."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    open_ = uow.services.privacy.open
    rows = uow.session.execute(
        select(Person.id, Person.id_number_sealed).where(
            among(Person.id, wanted), Person.state == rules.VERIFIED
        )
    )
    return {id_: birth_date(open_(sealed)) for id_, sealed in rows if sealed is not None}


def addresses(services: Services, session: Session, person_id: UUID) -> Addresses:
    """Where to write to; the newest identity of each kind."""
    rows = session.execute(
        select(ChannelIdentity.kind, ChannelIdentity.sealed)
        .where(ChannelIdentity.person_id == person_id)
        .order_by(ChannelIdentity.proved_at)
    )
    newest = {kind: sealed for kind, sealed in rows if kind in _ADDRESSES}
    return Addresses(**{kind: services.privacy.open(value) for kind, value in newest.items()})


def addresses_of(
    services: Services, session: Session, people: Collection[UUID]
) -> dict[UUID, Addresses]:
    """Where to write to all of these people; who has no address at all is left out."""
    rows = session.execute(
        select(ChannelIdentity.person_id, ChannelIdentity.kind, ChannelIdentity.sealed)
        .where(among(ChannelIdentity.person_id, people))
        .order_by(ChannelIdentity.proved_at)
    )
    newest: dict[UUID, dict[str, bytes]] = {}
    for person, kind, sealed in rows:
        if kind in _ADDRESSES:
            newest.setdefault(person, {})[kind] = sealed
    opened = services.privacy.open
    return {
        person: Addresses(**{kind: opened(value) for kind, value in found.items()})
        for person, found in newest.items()
    }


def person_by_channel(services: Services, session: Session, kind: str, value: str) -> UUID | None:
    """Whose openid, unionid or phone this is."""
    return session.scalar(
        select(ChannelIdentity.person_id).where(
            ChannelIdentity.kind == kind,
            ChannelIdentity.fingerprint == services.privacy.fingerprint(value, kind),
        )
    )


def person_by_id_number(uow: UnitOfWork, number: str) -> UUID | None:
    """Whose proved identity number this is; the number is looked for by its keyed hash."""
    mark = uow.services.privacy.fingerprint(number, "id_number")
    return uow.session.scalar(
        select(Person.id).where(
            Person.id_number_fingerprint == mark, Person.state == rules.VERIFIED
        )
    )


def person_by_mark(uow: UnitOfWork, kind: str, mark: bytes) -> UUID | None:
    """Whose channel identity has this keyed hash."""
    return uow.session.scalar(
        select(ChannelIdentity.person_id).where(
            ChannelIdentity.kind == kind, ChannelIdentity.fingerprint == mark
        )
    )


def _rows(session: Session, ids: set[UUID]) -> list[Person]:
    return list(session.scalars(select(Person).where(Person.id.in_(ids)))) if ids else []


def _card(privacy: Privacy, row: Person) -> PersonCard:
    name = privacy.open(row.name_sealed) if row.name_sealed else None
    phone = privacy.open(row.phone_sealed) if row.phone_sealed else None
    number = privacy.open(row.id_number_sealed) if row.id_number_sealed else None
    nameless = NOBODY if row.state == rules.CLOSED else UNNAMED
    return PersonCard(
        id=row.id,
        name=name or nameless,
        name_masked=mask_name(name) if name else nameless,
        phone=phone,
        phone_masked=mask_phone(phone) if phone else None,
        id_number_masked=mask_id_number(number) if number else None,
        verified=row.state == rules.VERIFIED,
    )
