"""The message log: what was sent to whom, how, and what went wrong."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.identity import service as identity
from backend.domains.messages import hooks, log_filters, resending, rules
from backend.domains.messages.kinds import KINDS
from backend.domains.messages.topics import TOPICS
from backend.http.schemas import paginate
from backend.kernel.access import Principal
from backend.kernel.errors import NotFound
from backend.kernel.uow import UnitOfWork
from notifications.kinds import STAFF_HOOK
from notifications.model import DeliveryAttempt, DeliveryEvent, InboxMessage, OutboxMessage

_NOBODY = "已注销用户"


def list_log(uow: UnitOfWork, *, limit: int, cursor: str | None, **filters: Any) -> dict[str, Any]:
    """One page of the log, newest first."""
    keys = [OutboxMessage.created_at, OutboxMessage.id]
    query = log_filters.chosen(uow, filters)
    rows, further = paginate(uow.session, query, keys, limit=limit, cursor=cursor)
    return {"items": cards(uow, rows), "next_cursor": further}


def choices() -> dict[str, Any]:
    """What the log can be filtered by, in the order of the topics."""
    order = list(TOPICS)
    kinds = sorted(KINDS, key=lambda kind: (order.index(kind.topic), kind.name))
    # Two states have the same words: the log names what waits by one of them.
    states = {text: key for key, text in reversed(rules.STATE_TEXT.items())}
    return {
        "kinds": [{"key": one.key, "name": one.name, "topic": one.topic} for one in kinds],
        "topics": _choices(TOPICS),
        "states": _choices({key: text for key, text in rules.STATE_TEXT.items()
                            if states[text] == key}),
        "channels": _choices(rules.CHANNEL_TEXT),
    }  # fmt: skip


def find(uow: UnitOfWork, message_id: UUID) -> OutboxMessage:
    """The message with this id; `NotFound` for an unknown one."""
    row = uow.session.get(OutboxMessage, message_id)
    if row is None:
        raise NotFound("message_not_found", action="请返回消息记录刷新")
    return row


def show(uow: UnitOfWork, by: Principal, message_id: UUID) -> dict[str, Any]:
    """One message with its attempts and receipts; `NotFound` for an unknown id."""
    row = find(uow, message_id)
    body = uow.session.scalar(select(InboxMessage.body).where(InboxMessage.id == row.id))
    waiting = row.status in ("created", "temporary_failure")
    return {
        **cards(uow, [row])[0],
        "body": rules.mask_receipts(body or row.payload.get("body", "")),
        "ladder_texts": [rules.CHANNEL_TEXT.get(name, name) for name in ("inbox", *row.ladder)],
        "not_before": row.not_before,
        "expires_at": row.expires_at,
        "next_at": row.next_at if waiting else None,
        "payload": rules.mask_receipts(row.payload),
        "attempt_list": _attempts(uow, row.id),
        "receipts": _receipts(uow, row.id),
        **resending.shown(uow, by, row),
    }


def cards(uow: UnitOfWork, rows: Sequence[OutboxMessage]) -> list[dict[str, Any]]:
    """The messages as lines of the log: people masked, receipt numbers starred."""
    people = identity.person_cards(uow, {row.person_key for row in rows})
    names = {id_: card.name_masked for id_, card in people.items()}
    names |= hooks.names(uow, {row.person_key for row in rows if STAFF_HOOK in row.ladder})
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
            "provider": rules.PROVIDER_TEXT.get(row.provider, row.provider),
            "state": row.status,
            "state_text": rules.STATE_TEXT[row.status],
            "person_id": row.person_key,
            "person_name": names.get(row.person_key, _NOBODY),
            "title": row.title,
            "created_at": row.created_at,
            "attempts": counts.get(row.id, 0),
            "last_error": rules.error_text(row.last_errcode, row.last_error),
        }
        for row in rows
    ]


def _choices(words: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "name": text} for key, text in words.items()]


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
            "provider": rules.PROVIDER_TEXT.get(row.provider, row.provider),
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
