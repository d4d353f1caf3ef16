"""Receipts: what a provider says later about a message it took. States only move forward.

A receipt looks for its message when it comes, and a message for its receipts when its call is
settled. Where both happen at once, neither sees the other's transaction, and ``link`` brings
them together afterwards.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from notifications.model import DeliveryEvent, OutboxMessage
from notifications.rules import UNHEARD, after

_BATCH = 500


def record(
    session: Session,
    now: datetime,
    *,
    event_key: str,
    channel: str,
    provider_msgid: str,
    ok: bool,
    text: str = "",
) -> bool:
    """Keep a receipt and apply it; False for one seen before.

    A receipt may overtake the answer to the call it belongs to: it then waits, and
    ``apply_waiting`` finds it, or ``link``.
    """
    row = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.channel == channel, OutboxMessage.provider_msgid == provider_msgid)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    event_id = session.scalar(
        insert(DeliveryEvent)
        .values(
            id=uuid4(),
            event_key=event_key,
            outbox_id=row.id if row else None,
            channel=channel,
            provider_msgid=provider_msgid,
            ok=ok,
            text=text[:200],
            at=now,
        )
        .on_conflict_do_nothing(index_elements=["event_key"])
        .returning(DeliveryEvent.id)
    )
    if event_id is None:
        return False
    if row is not None:
        _apply(row, ok, text, now)
    session.flush()
    return True


def apply_waiting(session: Session, row: OutboxMessage, now: datetime) -> None:
    """Apply what came before its message was known to be accepted. The caller holds the row."""
    if not row.provider_msgid:
        return
    events = session.scalars(
        select(DeliveryEvent)
        .where(
            DeliveryEvent.channel == row.channel,
            DeliveryEvent.provider_msgid == row.provider_msgid,
            DeliveryEvent.outbox_id.is_(None),
        )
        .order_by(DeliveryEvent.at, DeliveryEvent.id)
        .with_for_update()
    ).all()
    for event in events:
        event.outbox_id = row.id
        _apply(row, event.ok, event.text, now)


def link(session: Session, now: datetime) -> int:
    """Apply receipts that missed their messages; of how many messages.

    Those of nobody we know are looked at again for as long as a message may go unheard of.
    """
    missed = (
        select(OutboxMessage.id)
        .join(
            DeliveryEvent,
            and_(
                DeliveryEvent.channel == OutboxMessage.channel,
                DeliveryEvent.provider_msgid == OutboxMessage.provider_msgid,
            ),
        )
        .where(
            DeliveryEvent.outbox_id.is_(None),
            DeliveryEvent.at > now - UNHEARD,
            OutboxMessage.provider_msgid != "",
        )
        .limit(_BATCH)
    )
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.id.in_(session.scalars(missed).all()))
        .order_by(OutboxMessage.id)
        # What somebody holds is settled or reported on at this moment: the next round sees it.
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        apply_waiting(session, row, now)
    session.flush()
    return len(rows)


def _apply(row: OutboxMessage, ok: bool, text: str, now: datetime) -> None:
    if row.status != "accepted":
        return
    row.updated_at = now
    if ok:
        row.status = after(row.status, "deliver")
        return
    row.last_errcode, row.last_error = "receipt", text[:300]
    if row.step + 1 < len(row.ladder) and row.expires_at > now:
        row.status = after(row.status, "next")
        row.step, row.attempts, row.next_at = row.step + 1, 0, now
        row.provider_msgid = ""
    else:
        row.status = after(row.status, "refuse")
