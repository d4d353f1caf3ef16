"""The inbox in the app: always there, written with the thing itself, needs no provider."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from notifications.model import InboxMessage


def visible(person_key: UUID, now: datetime) -> Select[InboxMessage]:
    """The query of what this person may read now, in no order."""
    return select(InboxMessage).where(
        InboxMessage.person_key == person_key,
        InboxMessage.visible_from <= now,
        InboxMessage.withdrawn_at.is_(None),
    )


def unread(session: Session, person_key: UUID, now: datetime) -> int:
    """How many of them are not read yet."""
    query = visible(person_key, now).where(InboxMessage.read_at.is_(None)).subquery()
    return session.scalar(select(func.count()).select_from(query)) or 0


def find(
    session: Session, person_key: UUID, message_id: UUID, now: datetime
) -> InboxMessage | None:
    """One message of this person; another's does not exist."""
    return session.scalars(visible(person_key, now).where(InboxMessage.id == message_id)).first()


def count_by_kind(session: Session, person_key: UUID, now: datetime) -> dict[str, tuple[int, int]]:
    """For each kind this person has messages of: how many, and how many not read yet."""
    mine = visible(person_key, now).subquery()
    new = func.count().filter(mine.c.read_at.is_(None))
    rows = session.execute(select(mine.c.kind, func.count(), new).group_by(mine.c.kind))
    return {kind: (total, unread) for kind, total, unread in rows}


def mark_all_read(
    session: Session, person_key: UUID, now: datetime, kinds: Iterable[str] | None = None
) -> int:
    """Mark everything (of these kinds) read; how many were not. The first reading is kept."""
    narrowed = [] if kinds is None else [InboxMessage.kind.in_(list(kinds))]
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an UPDATE's result
        update(InboxMessage)
        .where(
            InboxMessage.person_key == person_key,
            InboxMessage.visible_from <= now,
            InboxMessage.withdrawn_at.is_(None),
            InboxMessage.read_at.is_(None),
            *narrowed,
        )
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount
