"""What could wait goes out in the evening, in one message for each person.

Every single one is in the inbox from the first; only the channels after it are spared. A
message waits with ``digest`` set and cannot be claimed; at its time it is either let go alone
or gathered with the others of its person into a new message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from notifications import outbox, templates
from notifications.fitting import cut
from notifications.kinds import Kind
from notifications.model import OutboxMessage
from notifications.rules import Priority, after

#: The rungs that would reach a message's person.
Rungs = Callable[[Session, OutboxMessage], Sequence[str]]
_PEOPLE = 50
#: UTF-16 units of all titles together, as the text of a digest shows them.
_TITLES = 120


@dataclass(frozen=True, slots=True)
class _Evening:
    id: UUID
    kind: str = "digest"


def due(session: Session, now: datetime) -> list[UUID]:
    """People whose waiting messages have come to their time."""
    return list(
        session.scalars(
            select(OutboxMessage.person_key)
            .where(
                OutboxMessage.digest,
                OutboxMessage.status == "created",
                OutboxMessage.next_at <= now,
            )
            .distinct()
            .limit(_PEOPLE)
        )
    )


def gather(
    session: Session, now: datetime, person_key: UUID, kind: Kind | None, rungs: Rungs
) -> UUID | None:
    """Let go what has waited: two or more as one message of ``kind``, whose id is returned.

    A message that none of the digest's channels could carry goes on by itself. One worker at a
    time does this for a person.
    """
    key = person_key.int & ((1 << 63) - 1)
    if not session.scalar(select(func.pg_try_advisory_xact_lock(key))):
        return None
    found = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.person_key == person_key,
            OutboxMessage.digest,
            OutboxMessage.status == "created",
            OutboxMessage.next_at <= now,
        )
        .order_by(OutboxMessage.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    rows = sorted(found, key=lambda row: (row.created_at, row.id))
    for row in rows:
        row.digest, row.updated_at = False, now
    made = None if kind is None else _together(session, now, kind, rows, rungs)
    session.flush()
    return made


def _together(
    session: Session, now: datetime, kind: Kind, rows: Sequence[OutboxMessage], rungs: Rungs
) -> UUID | None:
    ladder = templates.in_use(session).of(kind)[0].ladder
    theirs = {row.id: set(rungs(session, row)).intersection(ladder) for row in rows}
    told = [row for row in rows if theirs[row.id]]
    if len(told) < 2:
        return None
    open_ways = set().union(*(theirs[row.id] for row in told))
    number = uuid4()
    made = outbox.enqueue_apart(
        session,
        now,
        outbox.Letter(
            outbox.Draft(
                kind, f"digest:{number}", ladder=tuple(way for way in ladder if way in open_ways)
            ),
            told[0].person_key,
            _Evening(number),
            {
                "count": len(told),
                "first": told[0].title,
                "titles": cut("；".join(row.title for row in told), _TITLES),
                "at": now,
            },
        ),
        Priority(min(row.priority for row in told)),
    )
    for row in told:
        row.status = after(row.status, "gather")
        row.digest_id = made
        row.last_error = f"和另外{len(told) - 1}条一起，汇总成一条发出"
    return made
