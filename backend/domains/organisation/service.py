"""Look-ups of places: departments, streets, and whatever else staff can be responsible for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domains.organisation.model import Department, District, Street
from backend.kernel.ids import stable_id
from backend.kernel.uow import UnitOfWork

_KINDS: dict[str, type[Department] | type[Street]] = {"department": Department, "street": Street}


@dataclass(frozen=True, slots=True)
class Place:
    """Something with a name that a role can be limited to."""

    id: UUID
    code: str
    name: str


PlaceSource = Callable[[UnitOfWork], Sequence[Place]]


def register_places(extensions: dict[str, object], kind: str, source: PlaceSource) -> None:
    """Let another domain tell its places (`hall`): `source(uow)` lists all of them.

    The first argument is `services.extensions`, so that two applications in one
    process (as in tests) do not share it.
    """
    sources = extensions.setdefault("places", {})
    assert isinstance(sources, dict)
    sources[kind] = source


def departments(session: Session) -> list[Place]:
    """All departments in the district's own order."""
    return _all(session, Department)


def streets(session: Session) -> list[Place]:
    """All streets and towns in the district's own order."""
    return _all(session, Street)


def places(uow: UnitOfWork, kind: str) -> list[Place]:
    """All places of a kind (hall, department, street); none for a kind nobody tells of."""
    if kind in _KINDS:
        return _all(uow.session, _KINDS[kind])
    source = uow.services.extensions.get("places", {}).get(kind)
    return list(source(uow)) if source else []


def place_names(uow: UnitOfWork, kind: str) -> dict[UUID, str]:
    """Names of all places of a kind by id."""
    return {place.id: place.name for place in places(uow, kind)}


def district(session: Session, code: str) -> District:
    """The district with this code; a nameless one where none was imported yet."""
    found = session.get(District, code)
    return found or District(code=code, name="", city="", hotline="12345")


def load(session: Session, document: dict[str, Any]) -> None:
    """Bring in `{district: {code, name, city, hotline}, streets: […], departments: […]}`.

    Rows are matched by code and renamed where they differ; nothing is deleted.
    """
    values = {key: str(document["district"][key]) for key in ("code", "name", "city", "hotline")}
    session.execute(
        insert(District).values(values).on_conflict_do_update(index_elements=["code"], set_=values)
    )
    for kind, part in (("street", "streets"), ("department", "departments")):
        put(session, kind, [(row["code"], row["name"]) for row in document[part]])


def put(session: Session, kind: str, rows: Sequence[tuple[str, str]]) -> None:
    """Insert or rename the (code, name) rows of a kind, keeping their order; deletes nothing."""
    table = _KINDS[kind]
    for position, (code, name) in enumerate(rows):
        values = {"id": stable_id(kind, code), "code": code, "name": name, "position": position}
        session.execute(
            insert(table)
            .values(values)
            .on_conflict_do_update(index_elements=["id"], set_={"name": name, "position": position})
        )


def add(session: Session, kind: str, code: str, name: str) -> None:
    """Append one row after the others unless its code is there already."""
    table = _KINDS[kind]
    last = session.scalar(select(func.max(table.position)))
    values = {"id": stable_id(kind, code), "code": code, "name": name, "position": (last or 0) + 1}
    session.execute(insert(table).values(values).on_conflict_do_nothing(index_elements=["id"]))


def _all(session: Session, table: type[Department] | type[Street]) -> list[Place]:
    rows = session.execute(select(table.id, table.code, table.name).order_by(table.position))
    return [Place(id_, code, name) for id_, code, name in rows]
