"""A resident's own checks: shown to them, moved with them, forgotten with their account."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from backend.domains.content import rules
from backend.domains.content.model import ContentCheck, ContentItem
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.kernel.clock import local
from backend.kernel.uow import UnitOfWork


def export(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """What was checked of the person's words and how it ended, as JSON values."""
    rows = uow.session.scalars(
        select(ContentCheck)
        .where(ContentCheck.person_id == person_id)
        .order_by(ContentCheck.created_at)
    )
    return [
        {
            "checked_at": local(row.created_at).isoformat(timespec="seconds"),
            "state": rules.STATE_TEXT[row.state],
            "reason": row.reason,
            "appeal": row.appeal,
        }
        for row in rows
    ]


def forget(uow: UnitOfWork, told: PersonClosed) -> None:
    """Their words are kept here no longer, and nobody is named."""
    mine = select(ContentCheck.id).where(ContentCheck.person_id == told.person_id)
    uow.session.execute(
        delete(ContentItem)
        .where(ContentItem.check_id.in_(mine))
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(
        update(ContentCheck)
        .where(ContentCheck.person_id == told.person_id)
        .values(person_id=None, appeal="", appealed_at=None)
        .execution_options(synchronize_session=False)
    )


def move(uow: UnitOfWork, told: PersonMerged) -> None:
    """The provisional account became another."""
    uow.session.execute(
        update(ContentCheck)
        .where(ContentCheck.person_id == told.source_id)
        .values(person_id=told.target_id)
        .execution_options(synchronize_session=False)
    )
