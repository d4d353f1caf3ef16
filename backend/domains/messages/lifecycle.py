"""What happens to messages and grants when accounts are merged or closed."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.messages.kinds import KINDS
from backend.kernel.clock import local
from backend.kernel.events import EventBus
from backend.kernel.uow import UnitOfWork
from notifications import consent
from notifications.channels import inbox
from notifications.model import InboxMessage, MessageGrant, MessageGrantEvent, OutboxMessage


def subscribe(events: EventBus) -> None:
    """Hear of merged and closed accounts."""
    events.subscribe(PersonMerged, on_merged)
    events.subscribe(PersonClosed, on_closed)


def on_merged(uow: UnitOfWork, event: PersonMerged) -> None:
    """Move messages and add up grants."""
    for table in (OutboxMessage, InboxMessage, MessageGrantEvent):
        uow.session.execute(
            update(table)
            .where(table.person_key == event.source_id)
            .values(person_key=event.target_id)
            .execution_options(synchronize_session=False)
        )
    for grant in consent.balances(uow.session, event.source_id).values():
        consent.move(uow.session, uow.now, grant, event.target_id)


def on_closed(uow: UnitOfWork, event: PersonClosed) -> None:
    """Forget everything; what waited is not sent."""
    for table in (OutboxMessage, MessageGrantEvent, MessageGrant):
        uow.session.execute(
            delete(table)
            .where(table.person_key == event.person_id)
            .execution_options(synchronize_session=False)
        )


def export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """The person's part of 'my data': inbox and grants."""
    rows = uow.session.scalars(
        inbox.visible(person_id, uow.now).order_by(InboxMessage.visible_from)
    )
    grants = uow.session.scalars(select(MessageGrant).where(MessageGrant.person_key == person_id))
    return {
        "inbox": [
            {
                "kind": KINDS.name(row.kind),
                "title": row.title,
                "body": row.body,
                "at": local(row.visible_from).isoformat(timespec="seconds"),
                "read": row.read_at is not None,
            }
            for row in rows
        ],
        "grants": [{"template_id": row.template_id, "remaining": row.remaining} for row in grants],
    }
