"""The feed of changed events, as live lists read it (`moves.feed` writes it).

A row's place is (transaction, id), not its id alone: ids are given out before the commit, so a
row with a smaller id can appear after one with a larger. Only rows of transactions below
`pg_snapshot_xmin` are read, since every transaction below it has ended: none can appear later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.kernel.errors import Invalid

KEPT_FOR = timedelta(days=1)
# A reader that has been away longer reads everything anew.
_REACHES_BACK = KEPT_FOR - timedelta(hours=1)
MOST = 200
# It went to another street: told to the street it left, which the row names.
MOVED = "moved"
_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
_AFTER = text(
    "SELECT id, event_id, street_id, what, xid::text AS xid, at FROM event_change "
    "WHERE (xid, id) > (CAST(:xid AS xid8), :id) AND xid < CAST(:horizon AS xid8) "
    "ORDER BY xid, id LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader has come: the last row's transaction, its id, and when that was."""

    xid: int
    id: int
    at: int

    def __str__(self) -> str:
        return f"{self.xid}-{self.id}-{self.at}"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one event; `street_id` is where it lay then, or what it left (`MOVED`)."""

    place: Place
    event_id: UUID
    what: str
    street_id: UUID | None = None


def here(session: Session, now: datetime) -> Place:
    """Where the feed stands now: whatever commits from here on comes after it."""
    return Place(int(session.execute(_HORIZON).scalar_one()), 0, _seconds(now))


def after(session: Session, place: Place, now: datetime) -> tuple[list[Change], Place]:
    """Changes behind `place` that are settled, at most 200, and the place to go on from."""
    horizon = int(session.execute(_HORIZON).scalar_one())
    rows = session.execute(
        _AFTER, {"xid": str(place.xid), "id": place.id, "horizon": str(horizon), "most": MOST}
    ).all()
    found = [
        Change(Place(int(row.xid), row.id, _seconds(row.at)), row.event_id, row.what, row.street_id)
        for row in rows
    ]
    if len(found) == MOST:
        return found, found[-1].place
    # Nothing else can turn up below the horizon.
    return found, Place(max(horizon, place.xid), 0 if horizon > place.xid else place.id,
                        _seconds(now))  # fmt: skip


def read_place(text_: str) -> Place:
    """A place as given out before; `Invalid` for what cannot be one."""
    parts = text_.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise Invalid("bad_cursor", title="更新标记无效", action="请刷新页面")
    xid, id_, at = (int(part) for part in parts)
    if xid >= 1 << 63 or id_ >= 1 << 63 or at >= 1 << 40:
        raise Invalid("bad_cursor", title="更新标记无效", action="请刷新页面")
    return Place(xid, id_, at)


def too_old(place: Place, now: datetime) -> bool:
    """Whether rows behind this place may be purged already."""
    return _seconds(now) - place.at > _REACHES_BACK.total_seconds()


def last_of_each(changes: Sequence[Change]) -> list[Change]:
    """The latest change of each event, in their order: a card shows only how it is now.

    A street that an event has left is told so whatever came after.
    """
    latest = {_about(change): change for change in changes}
    return [change for change in changes if latest[_about(change)] is change]


def _about(change: Change) -> tuple[UUID, UUID | None]:
    return change.event_id, change.street_id if change.what == MOVED else None


def _seconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
