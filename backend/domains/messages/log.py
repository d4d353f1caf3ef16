"""The message log: what was sent to whom, how, and what went wrong."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.identity import service as identity
from backend.domains.messages import rules
from backend.domains.messages.kinds import KINDS
from backend.http.schemas import paginate
from backend.kernel.errors import NotFound
from backend.kernel.uow import UnitOfWork
from notifications.model import DeliveryAttempt, DeliveryEvent, InboxMessage, OutboxMessage

_NOBODY = "已注销用户"


def list_log(
    uow: UnitOfWork,
    *,
    kind: str | None,
    state: str | None,
    channel: str | None,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """One page of the log, newest first."""
    query = select(OutboxMessage)
    for column, value in (
        (OutboxMessage.kind, kind),
        (OutboxMessage.status, state),
        (OutboxMessage.channel, channel),
    ):
        if value is not None:
            query = query.where(column == value)
    keys = [OutboxMessage.created_at, OutboxMessage.id]
    rows, further = paginate(uow.session, query, keys, limit=limit, cursor=cursor)
    return {"items": _cards(uow, rows), "next_cursor": further}


def show(uow: UnitOfWork, message_id: UUID) -> dict[str, Any]:
    """One message with its attempts and receipts; `NotFound` for an unknown id."""
    row = uow.session.get(OutboxMessage, message_id)
    if row is None:
        raise NotFound("message_not_found", action="请返回消息记录刷新")
    body = uow.session.scalar(select(InboxMessage.body).where(InboxMessage.id == row.id))
    waiting = row.status in ("created", "temporary_failure")
    return {
        **_cards(uow, [row])[0],
        "body": rules.mask_receipts(body or ""),
        "ladder_texts": [rules.CHANNEL_TEXT.get(name, name) for name in ("inbox", *row.ladder)],
        "not_before": row.not_before,
        "expires_at": row.expires_at,
        "next_at": row.next_at if waiting else None,
        "payload": rules.mask_receipts(row.payload),
        "attempt_list": _attempts(uow, row.id),
        "receipts": _receipts(uow, row.id),
    }


def _cards(uow: UnitOfWork, rows: list[OutboxMessage]) -> list[dict[str, Any]]:
    people = identity.person_cards(uow, {row.person_key for row in rows})
    query = (
        select(DeliveryAttempt.outbox_id, func.count())
        .where(DeliveryAttempt.outbox_id.in_([row.id for row in rows]))
        .group_by(DeliveryAttempt.outbox_id)
    )
    counts = dict(uow.session.execute(query).all())
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "kind_text": KINDS.name(row.kind),
            "channel": row.channel,
            "channel_text": rules.CHANNEL_TEXT.get(row.channel, row.channel),
            "state": row.status,
            "state_text": rules.STATE_TEXT[row.status],
            "person_name": people[row.person_key].name_masked
            if row.person_key in people
            else _NOBODY,
            "title": row.title,
            "created_at": row.created_at,
            "attempts": counts.get(row.id, 0),
            "last_error": rules.error_text(row.last_errcode, row.last_error),
        }
        for row in rows
    ]


def _attempts(uow: UnitOfWork, outbox_id: UUID) -> list[dict[str, Any]]:
    rows = uow.session.scalars(
        select(DeliveryAttempt)
        .where(DeliveryAttempt.outbox_id == outbox_id)
        .order_by(DeliveryAttempt.started_at, DeliveryAttempt.id)
    )
    return [
        {
            "channel": row.channel,
            "channel_text": rules.CHANNEL_TEXT.get(row.channel, row.channel),
            "number": row.number,
            "started_at": row.started_at,
            "finished_at": row.finished_at,
            "outcome_text": rules.OUTCOME_TEXT.get(row.outcome, row.outcome or ""),
            "error": rules.error_text(row.errcode, row.error),
        }
        for row in rows
    ]


def _receipts(uow: UnitOfWork, outbox_id: UUID) -> list[DeliveryEvent]:
    return list(
        uow.session.scalars(
            select(DeliveryEvent)
            .where(DeliveryEvent.outbox_id == outbox_id)
            .order_by(DeliveryEvent.at)
        )
    )
