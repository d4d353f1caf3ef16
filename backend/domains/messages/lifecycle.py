"""What becomes of messages, consents and choices when accounts are merged or closed."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.messages import campaign_running
from backend.domains.messages.kinds import KINDS
from backend.kernel.clock import local
from backend.kernel.events import EventBus
from backend.kernel.uow import UnitOfWork
from notifications import campaigns, consent, preferences
from notifications.channels import inbox
from notifications.control_model import MessageDayCount, MessagePreference
from notifications.model import InboxMessage, MessageGrant, MessageGrantEvent, OutboxMessage
from notifications.rules import ENDS


def subscribe(events: EventBus) -> None:
    """Hear of merged and closed accounts."""
    events.subscribe(PersonMerged, on_merged)
    events.subscribe(PersonClosed, on_closed)


def on_merged(uow: UnitOfWork, event: PersonMerged) -> None:
    """Move messages and choices; add up grants, and what was counted under the day's caps.

    A campaign that both accounts were told is told once.
    """
    campaign_running.hold_still(uow)
    # In one order everywhere, so that nobody who sends waits for this and this for them.
    uow.session.execute(
        select(OutboxMessage.id)
        .where(
            OutboxMessage.person_key.in_((event.source_id, event.target_id)),
            OutboxMessage.status.not_in(ENDS),
        )
        .order_by(OutboxMessage.id)
        .with_for_update()
    )
    for table in (OutboxMessage, InboxMessage, MessageGrantEvent):
        uow.session.execute(
            update(table)
            .where(table.person_key == event.source_id)
            .values(person_key=event.target_id)
            .execution_options(synchronize_session=False)
        )
    for grant in consent.balances(uow.session, event.source_id).values():
        consent.move(uow.session, uow.now, grant, event.target_id)
    preferences.move(uow.session, event.source_id, event.target_id)
    _add_day_counts(uow, event)
    campaigns.keep_one(uow.session, uow.now, event.target_id)


def on_closed(uow: UnitOfWork, event: PersonClosed) -> None:
    """Forget everything; what waited is not sent."""
    campaign_running.hold_still(uow)
    for table in (
        OutboxMessage, MessageGrantEvent, MessageGrant, MessagePreference, MessageDayCount,
    ):  # fmt: skip
        uow.session.execute(
            delete(table)
            .where(table.person_key == event.person_id)
            .execution_options(synchronize_session=False)
        )


def _add_day_counts(uow: UnitOfWork, event: PersonMerged) -> None:
    mine = select(
        literal(event.target_id), MessageDayCount.day, MessageDayCount.scope, MessageDayCount.sent
    ).where(MessageDayCount.person_key == event.source_id)
    new = insert(MessageDayCount).from_select(["person_key", "day", "scope", "sent"], mine)
    uow.session.execute(
        new.on_conflict_do_update(
            index_elements=["person_key", "day", "scope"],
            set_={"sent": MessageDayCount.sent + new.excluded.sent},
        )
    )
    uow.session.execute(
        delete(MessageDayCount)
        .where(MessageDayCount.person_key == event.source_id)
        .execution_options(synchronize_session=False)
    )


def export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """The person's part of 'my data': inbox, grants and what is muted."""
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
        "grants": [
            {
                "template_id": row.template_id,
                "remaining": row.remaining,
                "long_term": row.long_term,
            }
            for row in grants
        ],
        "muted": {
            topic: sorted(channels)
            for topic, channels in preferences.choices(uow.session, person_id).items()
        },
    }
