"""Sending a message once more on an operator's word: a new row that names the old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from notifications.model import DeliveryAttempt, OutboxMessage
from notifications.resend_rules import doubts, hindrance

#: How long a message that is sent again may take, where its own time is over sooner.
LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a message may be sent again: not for ``hindrance``, not before ``doubts`` are met.

    ``resent_as`` is the message it was already sent again as.
    """

    hindrance: str | None
    doubts: tuple[str, ...]
    resent_as: UUID | None


class NotNow(Exception):
    """The message is not sent again: ``standing`` says why, or what was not confirmed."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.hindrance or ",".join(standing.doubts))
        self.standing = standing


def standing(session: Session, now: datetime, row: OutboxMessage) -> Standing:
    """Where a message stands towards being sent again."""
    resent_as = session.scalar(select(OutboxMessage.id).where(OutboxMessage.resent_of == row.id))
    unclear = session.scalar(
        select(DeliveryAttempt.id)
        .where(
            DeliveryAttempt.outbox_id == row.id,
            or_(
                DeliveryAttempt.outcome.is_(None), DeliveryAttempt.outcome.in_(("unclear", "late"))
            ),
        )
        .limit(1)
    )
    newer = session.scalar(
        select(OutboxMessage.id)
        .where(
            OutboxMessage.subject_kind == row.subject_kind,
            OutboxMessage.subject_id == row.subject_id,
            OutboxMessage.person_key == row.person_key,
            OutboxMessage.kind != row.kind,
            OutboxMessage.created_at > row.created_at,
        )
        .limit(1)
    )
    return Standing(
        hindrance(
            row.status,
            row.last_errcode,
            of_campaign=row.campaign_id is not None,
            resent=resent_as is not None,
        ),
        doubts(
            row.status,
            row.last_errcode,
            unclear=unclear is not None,
            newer=newer is not None,
            expires_at=row.expires_at,
            now=now,
        ),
        resent_as,
    )


def resend(session: Session, now: datetime, message_id: UUID, *, sure: bool) -> OutboxMessage:
    """Write the same words to the same person once more, from the first rung of the ladder.

    ``sure``: every doubt was put to a person and confirmed. Raises ``NotNow``, and LookupError
    for an id that is not there. A message is sent again once; whoever wants more sends the new
    one again. The inbox keeps the one entry it has.
    """
    row = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise LookupError(message_id)
    found = standing(session, now, row)
    if found.hindrance or (found.doubts and not sure):
        raise NotNow(found)
    new = OutboxMessage(
        id=uuid4(), dedupe_key=f"resend:{row.id}", resent_of=row.id,
        person_key=row.person_key, kind=row.kind, subject_kind=row.subject_kind,
        subject_id=row.subject_id, title=row.title, payload=row.payload, ladder=row.ladder,
        channel=row.ladder[0], priority=row.priority, may_repeat=row.may_repeat,
        patience=row.patience, status="created", campaign_id=row.campaign_id,
        created_at=now, updated_at=now, not_before=now, next_at=now,
        expires_at=max(row.expires_at, now + LIFE),
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new
