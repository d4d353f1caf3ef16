"""All active areas in this process, found by place or by words, fresh whenever one has changed."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shapely import STRtree
from shapely.geometry import Point, shape
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domains.grid import name_rules
from backend.domains.grid.model import Area, AreaRevision
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

EXTENSION = "grid_areas"
# A neighbour shares a border: closer than this (degrees, about 1 m) for rounding's sake.
TOUCHING = 1e-5


@dataclass(frozen=True, slots=True)
class AreaRef:
    """An area by name."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Located:
    """Where a place is: the cell, its community and street; the smaller may be unknown."""

    street: AreaRef
    street_id: UUID
    community: AreaRef | None = None
    cell: AreaRef | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """An area as the index keeps it."""

    ref: AreaRef
    kind: str
    parent_id: UUID | None
    street_id: UUID
    aliases: tuple[str, ...]
    geometry: Any


@dataclass(slots=True)
class AreaIndex:
    """One state of the areas. Never changed once made, so threads may share it."""

    by_id: dict[UUID, Known]
    street_areas: dict[UUID, UUID] = field(default_factory=dict)
    children: dict[UUID, list[UUID]] = field(default_factory=dict)
    _trees: dict[str, tuple[STRtree, list[Known]]] = field(default_factory=dict)
    _names: list[name_rules.Name] = field(default_factory=list)
    # What the public list answers, by kind and coordinate system: made once a state.
    texts: dict[tuple[str | None, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind in ("cell", "community", "street"):
            rows = [known for known in self.by_id.values() if known.kind == kind]
            self._trees[kind] = STRtree([known.geometry for known in rows]), rows
        for known in self.by_id.values():
            if known.kind == "street":
                self.street_areas[known.street_id] = known.ref.id
            if known.parent_id is not None:
                self.children.setdefault(known.parent_id, []).append(known.ref.id)
            words = (known.ref.name, *known.aliases)
            self._names += [name_rules.Name(w, known.kind, known.ref.id) for w in words]

    def at(self, latitude: float, longitude: float) -> Located | None:
        """The smallest area that holds the point; on a border the one whose code comes first."""
        point = Point(longitude, latitude)
        for kind in ("cell", "community", "street"):
            tree, rows = self._trees[kind]
            hits = [rows[one] for one in tree.query(point, predicate="intersects")]
            if hits:
                return self.located(min(hits, key=lambda known: known.ref.code).ref.id)
        return None

    def named(self, text: str) -> Located | None:
        """The area that the words name most closely; None when they name none, or several."""
        found = name_rules.best(text, self._names, self.lineage)
        return self.located(found) if found else None

    def located(self, area_id: UUID) -> Located | None:
        """The area with what lies above it; None when it, or its street, is not active."""
        line = {self.by_id[one].kind: self.by_id[one].ref for one in self.lineage(area_id)}
        if "street" not in line:
            return None
        street_id = self.by_id[area_id].street_id
        return Located(line["street"], street_id, line.get("community"), line.get("cell"))

    def lineage(self, area_id: UUID | None) -> list[UUID]:
        """The area and all above it, smallest first; ends where one is not active."""
        found = []
        while area_id is not None and area_id in self.by_id:
            found.append(area_id)
            area_id = self.by_id[area_id].parent_id
        return found

    def cells_below(self, area_ids: Iterable[UUID]) -> set[UUID]:
        """All cells of these areas; a cell is its own."""
        found: set[UUID] = set()
        waiting = [one for one in area_ids if one in self.by_id]
        while waiting:
            area_id = waiting.pop()
            if self.by_id[area_id].kind == "cell":
                found.add(area_id)
            waiting += self.children.get(area_id, [])
        return found

    def beside(self, cell_id: UUID) -> list[AreaRef]:
        """Cells that share a border or a corner with this one, by code."""
        known = self.by_id.get(cell_id)
        if known is None:
            return []
        tree, rows = self._trees["cell"]
        near = tree.query(known.geometry, predicate="dwithin", distance=TOUCHING)
        found = [rows[one].ref for one in near if rows[one].ref.id != cell_id]
        return sorted(found, key=lambda ref: ref.code)


class LiveAreas:
    """Hands out the present `AreaIndex`, made anew when the areas' mark has moved."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[UUID | None, AreaIndex] | None = None

    def current(self, session: Session) -> AreaIndex:
        """The index of what this transaction sees; one short query when nothing has changed."""
        mark = revision(session)
        kept = self._kept
        if kept is not None and kept[0] == mark:
            return kept[1]
        with self._lock:
            # The mark is read first: what changes while reading is found by the next look.
            index = AreaIndex(_read(session))
            self._kept = (mark, index)
        return index


def wire(services: Services) -> None:
    """Give this process its index."""
    services.extensions[EXTENSION] = LiveAreas()


def areas_of(uow: UnitOfWork) -> AreaIndex:
    """The index of this process, as of this unit of work."""
    live = uow.services.extensions[EXTENSION]
    assert isinstance(live, LiveAreas)
    return live.current(uow.session)


def revision(session: Session) -> UUID | None:
    """The areas' mark as this transaction sees it; None before the first import."""
    return session.scalar(select(AreaRevision.mark))


def touch(uow: UnitOfWork) -> None:
    """Tell every process that areas have changed; changes of areas wait for each other here."""
    values = {"mark": new_id(), "changed_at": uow.now}
    statement = insert(AreaRevision).values(id=1, **values)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _read(session: Session) -> dict[UUID, Known]:
    rows = session.execute(
        select(
            Area.id, Area.code, Area.name, Area.kind, Area.parent_id, Area.street_id,
            Area.aliases, Area.geometry,
        )
        .where(Area.active)
        .order_by(Area.code)
    )  # fmt: skip
    return {
        row.id: Known(
            ref=AreaRef(row.id, row.code, row.name),
            kind=row.kind,
            parent_id=row.parent_id,
            street_id=row.street_id,
            aliases=tuple(row.aliases),
            geometry=shape(row.geometry),
        )
        for row in rows
    }
