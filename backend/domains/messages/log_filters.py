"""Which messages of the log somebody wants to see."""

from datetime import datetime, timedelta
from datetime import time as day_time
from typing import Any

from sqlalchemy import Select, false, select

from backend.domains.messages import rules
from backend.domains.messages.kinds import KINDS
from backend.domains.messages.topics import TOPICS
from backend.kernel import receipts
from backend.kernel.clock import SHANGHAI
from backend.kernel.uow import UnitOfWork
from notifications.model import OutboxMessage

#: Names of the filters; what is left out is None.
Filters = dict[str, Any]


def chosen(uow: UnitOfWork, filters: Filters) -> Select[OutboxMessage]:
    """The messages that meet every filter."""
    query = select(OutboxMessage)
    for column, name in (
        (OutboxMessage.kind, "kind"),
        (OutboxMessage.status, "state"),
        (OutboxMessage.channel, "channel"),
        (OutboxMessage.person_key, "person"),
        (OutboxMessage.campaign_id, "campaign"),
    ):
        if filters.get(name) is not None:
            query = query.where(column == filters[name])
    if topic := filters.get("topic"):
        kinds = [kind.key for kind in KINDS if kind.topic == topic]
        query = query.where(OutboxMessage.kind.in_(kinds))
    if filters.get("trouble"):
        query = query.where(
            OutboxMessage.status.in_(rules.TROUBLE) | (OutboxMessage.last_errcode != "")
        )
    if since := filters.get("from_"):
        query = query.where(OutboxMessage.created_at >= _midnight(since))
    if until := filters.get("to"):
        query = query.where(OutboxMessage.created_at < _midnight(until) + timedelta(days=1))
    if number := filters.get("number"):
        query = _about(uow, query, number)
    return query


def words(filters: Filters) -> list[str]:
    """The filters in words, for a file that was made by them. Nobody is named."""
    said = [
        KINDS.name(filters["kind"]) if filters.get("kind") else "",
        TOPICS.get(filters.get("topic") or "", ""),
        rules.STATE_TEXT.get(filters.get("state") or "", ""),
        rules.CHANNEL_TEXT.get(filters.get("channel") or "", ""),
        "只看有问题的" if filters.get("trouble") else "",
        f"{filters['from_']}起" if filters.get("from_") else "",
        f"到{filters['to']}" if filters.get("to") else "",
        "按编号查" if filters.get("number") else "",
        "按人查" if filters.get("person") else "",
        "一次群发的" if filters.get("campaign") else "",
    ]
    return [one for one in said if one]


def _about(uow: UnitOfWork, query: Select[OutboxMessage], number: str) -> Select[OutboxMessage]:
    """Those about the matter with this receipt number; none for a number that is none."""
    written = receipts.normalise(number)
    row = uow.session.get(receipts.ReceiptRow, written) if written else None
    if row is None:
        return query.where(false())
    return query.where(
        OutboxMessage.subject_kind == row.kind, OutboxMessage.subject_id == row.subject_id
    )


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, day_time.min, SHANGHAI)
