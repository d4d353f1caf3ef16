"""The one way a ticket changes its state, and the trace every change leaves."""

from typing import Any
from uuid import UUID

from backend.domains.hotline import rules
from backend.domains.hotline.model import Ticket
from backend.domains.hotline.parts import Part
from backend.kernel import parts, trace
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

KIND = "ticket"


def subject(ticket_id: UUID) -> Subject:
    """What the trace of a ticket is filed under."""
    return Subject(KIND, ticket_id)


def not_yours() -> Forbidden:
    """In sight, but this step is somebody else's."""
    return Forbidden(
        "not_your_step",
        title="这一步不由您操作",
        action="请由负责的单位或人员操作",
    )


def changed_meanwhile() -> Conflict:
    """Somebody else acted first."""
    return Conflict(
        "changed_meanwhile",
        title="别人刚处理过",
        detail="这件工单刚有了变化，您的操作没有生效",
        action="请刷新后再看",
    )


_WAYS = parts.Ways(not_yours, changed_meanwhile)
allowed, set_state, touch = _WAYS.allowed, _WAYS.set_state, parts.touch


def move(
    uow: UnitOfWork,
    part: Part,
    action: str,
    *,
    values: dict[str, Any] | None = None,
    public: str = "",
    internal: str = "",
    reason: str = "",
    actor: Actor | None = None,
) -> str:
    """Take one way of the ticket's table, with its trace entry; answers the state before.

    A conditional update on state and version: whoever acted on what is no longer true gets
    `Conflict` and changes nothing. Refuses what the table does not have, and whoever it is not for.
    """
    ticket = part.ticket
    before = _WAYS.move(uow, ticket, rules.TICKET_TRANSITIONS, action, part, **(values or {}))
    note(
        uow, ticket, action, before=before, public=public, internal=internal, reason=reason,
        actor=actor,
    )  # fmt: skip
    return before


def note(
    uow: UnitOfWork,
    ticket: Ticket,
    action: str,
    *,
    before: str | None = None,
    public: str = "",
    internal: str = "",
    reason: str = "",
    actor: Actor | None = None,
    first: bool = False,
) -> None:
    """A trace entry. The ticket's row must be held by this unit of work."""
    trace.record(
        uow,
        subject=subject(ticket.id),
        action=action,
        from_state=None if first else before or ticket.state,
        to_state=ticket.state,
        reason=reason,
        public_text=public,
        internal_text=internal,
        actor=actor,
        first=first,
    )


def needs(text: str, field: str, message: str) -> str:
    """`text` without blanks around it; `Invalid` at the field when nothing is left."""
    clean = text.strip()
    if not clean:
        raise Invalid("missing", detail=message, fields={field: [message]})
    return clean
