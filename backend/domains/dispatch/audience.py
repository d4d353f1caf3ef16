"""Who among the live listeners may see a changed event, decided from one look at each event."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch import access, card_view, ports
from backend.domains.dispatch.feed import MOVED, Change
from backend.domains.dispatch.model import Event
from backend.domains.dispatch.staff_schemas import ChangeSchema
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork

_SCHEMA = ChangeSchema()


@dataclass(frozen=True, slots=True)
class Scope:
    """What one member of staff may see: streets (None: all), own events, departments, cells."""

    staff_id: UUID
    streets: frozenset[UUID] | None
    departments: frozenset[UUID]
    cells: frozenset[UUID]


@dataclass(slots=True)
class Seen:
    """A changed event with its card, and who has to do with it."""

    change: Change
    card: dict[str, Any]
    event: Event
    ties: card_view.Ties
    _texts: dict[str | None, str] = field(default_factory=dict)

    def item_for(self, scope: Scope) -> dict[str, Any] | None:
        """The change as an answer shows it to this viewer; None when it is out of reach.

        To a street that the event has left it is shown without the event.
        """
        about = {
            "id": str(self.change.place),
            "what": self.change.what,
            "event_id": self.event.id,
            "number": self.event.number,
        }
        if self.change.what == MOVED:
            left = scope.streets is not None and self.change.street_id in scope.streets
            if not left or self._reaches(scope):
                return None
            return {**about, "moved_to": self.card["street_name"], "event": None}
        if not self._reaches(scope):
            return None
        mine = self.ties.mine(self.event, scope.staff_id, scope.departments)
        return {**about, "moved_to": None, "event": {**self.card, "mine": mine}}

    def for_(self, scope: Scope) -> str | None:
        """The same as JSON; written once for all whose part is the same."""
        item = self.item_for(scope)
        if item is None:
            return None
        if item["event"] is None:
            return in_json(item)
        mine = item["event"]["mine"]
        if mine not in self._texts:
            self._texts[mine] = in_json(item)
        return self._texts[mine]

    def _reaches(self, scope: Scope) -> bool:
        if scope.streets is None or self.event.street_id in scope.streets:
            return True
        if self.event.cell_id in scope.cells:
            return True
        return self.ties.has(self.event, scope.staff_id, scope.departments)


def scope_of(uow: UnitOfWork, by: Principal) -> Scope:
    """What a member of staff may see; the same rules as `access.Viewer.reaches`."""
    staff_id = access.by_id(by)
    streets: set[UUID] | None = set()
    for permission in access.SEEING:
        found = by.scope_ids(permission, "street")
        if found is None or streets is None:
            streets = None
            break
        streets |= found
    handles = by.may("events.handle")
    return Scope(
        staff_id=staff_id,
        streets=None if streets is None else frozenset(streets),
        departments=frozenset(access.departments(by)),
        cells=frozenset(ports.duty_cells(uow, staff_id)) if handles else frozenset(),
    )


def seen(uow: UnitOfWork, changes: Sequence[Change]) -> list[Seen]:
    """The changed events with their cards, each built once, in the order of the changes."""
    if not changes:
        return []
    ids = {change.event_id for change in changes}
    rows = list(uow.session.scalars(select(Event).where(Event.id.in_(ids))))
    cards = {card["id"]: card for card in card_view.cards(uow, rows, base=card_view.STAFF)}
    ties = card_view.ties(uow, rows)
    by_id = {row.id: row for row in rows}
    return [
        Seen(change, cards[change.event_id], by_id[change.event_id], ties)
        for change in changes
        if change.event_id in by_id
    ]


def in_json(item: dict[str, Any]) -> str:
    """A change as one line of JSON."""
    return json.dumps(_SCHEMA.dump(item), ensure_ascii=False, separators=(",", ":"))
