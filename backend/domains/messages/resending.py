"""An operator sends a message again: for a written reason, traced, never what is there already."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.messages import rules
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.trace import Subject, TraceEntry
from backend.kernel.uow import UnitOfWork
from notifications import resending
from notifications.model import OutboxMessage
from notifications.resending import Standing

PERMISSION = "messages.manage"
_SHORTEST = 4


def shown(uow: UnitOfWork, by: Principal, row: OutboxMessage) -> dict[str, Any]:
    """Whether the message can be sent again, and which one it was sent again as, or is of."""
    found = resending.standing(uow.session, uow.now, row)
    why_not = found.hindrance or ("" if by.may(PERMISSION) else "forbidden")
    return {
        "resend": {
            "allowed": not why_not,
            "why_not": why_not,
            "why_not_text": rules.NOT_AGAIN_TEXT.get(why_not, ""),
            "doubts": _doubts(found),
        },
        "resent_of": row.resent_of,
        "resent_as": found.resent_as,
        "resent_why": _why(uow, row.resent_of or row.id),
    }


def resend(uow: UnitOfWork, message_id: UUID, *, reason: str, sure: bool) -> UUID:
    """Write the message once more; the id of the new one.

    `Conflict` where it was delivered, still runs, no longer holds or was sent again before,
    and, unless `sure`, where it may have arrived or its time is over: `doubts` names which.
    """
    if len(reason) < _SHORTEST:
        text = f"请写明为什么重发，至少{_SHORTEST}个字"
        raise Invalid("reason_needed", title=text, fields={"reason": [text]})
    try:
        new = resending.resend(uow.session, uow.now, message_id, sure=sure)
    except LookupError:
        raise NotFound("message_not_found", action="请返回消息记录刷新") from None
    except resending.NotNow as error:
        raise _refusal(error.standing) from None
    before = uow.session.get_one(OutboxMessage, message_id)
    trace.record(
        uow,
        subject=_subject(message_id),
        action="resend",
        from_state=before.status,
        to_state=before.status,
        reason=reason,
        internal_text=f"as {new.id}",
    )
    return new.id


def _refusal(found: Standing) -> Conflict:
    if found.hindrance:
        text = rules.NOT_AGAIN_TEXT[found.hindrance]
        return Conflict("not_resent", title="这条不能重发", detail=text, action="刷新后再看")
    doubts = _doubts(found)
    return Conflict(
        "resend_doubtful",
        title="重发前请确认",
        detail="；".join(one["text"] for one in doubts),
        action="确认要重发，请再点一次",
        extra={"doubts": [one["code"] for one in doubts]},
    )


def _doubts(found: Standing) -> list[dict[str, str]]:
    if found.hindrance:
        return []
    return [{"code": code, "text": rules.DOUBT_TEXT[code]} for code in found.doubts]


def _why(uow: UnitOfWork, message_id: UUID) -> str:
    """The reason that was given when the message was sent again."""
    subject = _subject(message_id)
    query = select(TraceEntry.reason, TraceEntry.actor_name).where(
        TraceEntry.subject_kind == subject.kind,
        TraceEntry.subject_id == subject.id,
        TraceEntry.action == "resend",
    )
    row = uow.session.execute(query.limit(1)).first()
    return f"{row.actor_name}：{row.reason}" if row else ""


def _subject(message_id: UUID) -> Subject:
    return Subject("message", message_id)
