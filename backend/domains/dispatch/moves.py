"""The one way an event changes its state, and the traces every change leaves."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from backend.domains.dispatch import access, rules
from backend.domains.dispatch.model import Event, EventChange
from backend.domains.dispatch.parts import Part
from backend.kernel import parts, trace
from backend.kernel.access import Actor
from backend.kernel.database import table_of
from backend.kernel.errors import Conflict, Forbidden
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

KIND = "event"
_CHANGE = insert(table_of(EventChange)).inline()


def subject(event_id: UUID) -> Subject:
    """What the trace of an event is filed under."""
    return Subject(KIND, event_id)


def not_yours() -> Forbidden:
    """In sight, but this step is somebody else's."""
    return Forbidden(
        "not_your_step",
        title="这一步不由您操作",
        detail="",
        action="请由负责的人操作，或联系调度员",
    )


_WAYS = parts.Ways(not_yours, access.changed_meanwhile)
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
    """Take one way of the event's table, with its trace entry; answers the state before.

    A conditional update on state and version: whoever acted on what is no longer true gets
    `Conflict` and changes nothing. Refuses what the table does not have, and whoever it is not for.
    """
    event = part.event
    before = _WAYS.move(uow, event, rules.EVENT_TRANSITIONS, action, part, **(values or {}))
    note(
        uow, event, action, before=before, public=public, internal=internal, reason=reason,
        actor=actor,
    )  # fmt: skip
    return before


def note(
    uow: UnitOfWork,
    event: Event,
    action: str,
    *,
    before: str | None = None,
    public: str = "",
    internal: str = "",
    reason: str = "",
    actor: Actor | None = None,
    first: bool = False,
) -> None:
    """A trace entry and a row of the live feed. The event's row must be held by this unit."""
    trace.record(
        uow,
        subject=subject(event.id),
        action=action,
        from_state=None if first else before or event.state,
        to_state=event.state,
        reason=reason,
        public_text=public,
        internal_text=internal,
        actor=actor,
        first=first,
    )
    feed(uow, event, action)


def feed(uow: UnitOfWork, event: Event, what: str, street_id: UUID | None = None) -> None:
    """A row for the live lists; `street_id` where it is for another street than the event's."""
    street = street_id or event.street_id
    uow.session.execute(
        _CHANGE, {"event_id": event.id, "street_id": street, "what": what, "at": uow.now}
    )


def not_on_hold(event: Event) -> None:
    """Work that would start a clock waits until the hold has ended."""
    if event.on_hold:
        raise Conflict(
            "on_hold",
            title="这件事已挂账",
            detail="挂账期间时限暂停",
            action="请先结束挂账，再继续处置",
        )


def rows_of(uow: UnitOfWork, model: Any, event_id: UUID, states: tuple[str, ...]) -> list[Any]:
    """Rows of the event in these states, oldest first."""
    query = select(model).where(model.event_id == event_id, model.state.in_(states))
    return list(uow.session.scalars(query.order_by(model.id)))
