"""The inbox in the app: always there, written with the thing itself, needs no provider."""

from __future__ import annotations

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


def mark_all_read(session: Session, person_key: UUID, now: datetime) -> int:
    """Mark everything read; how many were not. The first time of reading is kept."""
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an UPDATE's result
        update(InboxMessage)
        .where(
            InboxMessage.person_key == person_key,
            InboxMessage.visible_from <= now,
            InboxMessage.withdrawn_at.is_(None),
            InboxMessage.read_at.is_(None),
        )
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount
