"""One ticket with everything about it, as staff see it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.hotline import (
    access,
    card_view,
    clock_rules,
    intake_reveals,
    linked,
    offering,
    photos,
    rules,
    suggesting,
    work_view,
)
from backend.domains.hotline.access import Viewer
from backend.domains.hotline.model import Ticket, TicketClock, TicketPin
from backend.domains.identity import service as identity
from backend.domains.insight import service as insight
from backend.domains.organisation import service as organisation
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.clocks import light_of
from backend.kernel.trace import Subject, TraceEntry
from backend.kernel.uow import UnitOfWork

MOST_REPEATS = 10
_WHO = {"person": "来电人", "system": "系统", "public": "访客"}


def show(uow: UnitOfWork, by: Principal, ticket_id: UUID) -> dict[str, Any]:
    """The ticket within the viewer's reach."""
    return shown(uow, access.reach(uow, by, ticket_id))


def shown(uow: UnitOfWork, viewer: Viewer) -> dict[str, Any]:
    """The ticket as this viewer sees it, whatever they have just done to it."""
    ticket = viewer.ticket
    units = organisation.place_names(uow, "department")
    names = identity.staff_names(
        uow, [one for one in (ticket.first_signer_id, ticket.replied_by) if one]
    )
    links = linked.shown(uow, ticket)
    return {
        **card_view.cards(uow, [ticket])[0],
        **card_view.place(ticket.latitude, ticket.longitude),
        "words": ticket.words,
        "files": photos.shown(uow, ticket.id),
        "difficulty": ticket.difficulty,
        "difficulty_text": rules.DIFFICULTY_TEXT[ticket.difficulty],
        "address": ticket.address,
        "first_unit_name": _named(units, ticket.first_unit_id),
        "first_signer_name": _named(names, ticket.first_signer_id),
        **work_view.parts(uow, viewer, units),
        "clocks": [_clock(clock, uow) for clock in _clocks(uow, ticket.id)],
        "pins": _pins(uow, ticket.id),
        "links": links,
        "reply_internal": ticket.reply_internal,
        "reply_public": ticket.reply_public,
        "replied_by": _named(names, ticket.replied_by),
        "repeat": card_view.cards(uow, _repeats(uow, ticket)),
        "hot": insight.issue_of(
            uow, [ticket.id, *(one.id for one in links["events"])],
            "" if ticket.confidential else f"{ticket.title} {ticket.words}",
        ),
        "suggestions": _suggestions(uow, ticket),
        "timeline": _timeline(uow, ticket.id),
        "can": offering.can(viewer),
        "can_reveal": intake_reveals.may_reveal(viewer),
    }  # fmt: skip


def _named(names: dict[UUID, str], id_: UUID | None) -> str | None:
    return names.get(id_) if id_ else None


def _suggestions(uow: UnitOfWork, ticket: Ticket) -> dict[str, Any]:
    if not suggesting.asked_before(ticket.state):
        return {"categories": [], "departments": []}
    return suggesting.places(uow, ticket.title, ticket.words)


def _repeats(uow: UnitOfWork, ticket: Ticket) -> Sequence[Ticket]:
    """Other tickets of the same caller; nothing where the caller asked to stay unknown."""
    theirs = None
    if not ticket.confidential:
        theirs = card_view.same_caller(ticket.caller_phone_hash, ticket.person_id)
    if theirs is None:
        return []
    query = select(Ticket).where(theirs, Ticket.id != ticket.id)
    order = query.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(MOST_REPEATS)
    return list(uow.session.scalars(order))


def _clocks(uow: UnitOfWork, ticket_id: UUID) -> Sequence[TicketClock]:
    query = select(TicketClock).where(TicketClock.ticket_id == ticket_id)
    return list(uow.session.scalars(query.order_by(TicketClock.started_at, TicketClock.id)))


def _clock(clock: TicketClock, uow: UnitOfWork) -> dict[str, Any]:
    paused = clock.paused_seconds
    if clock.paused_at is not None:
        paused += round((uow.now - clock.paused_at).total_seconds())
    return {
        "kind": clock.kind,
        "kind_text": clock_rules.KIND_TEXT[clock.kind],
        "state_text": _clock_text(clock),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "stopped_at": clock.stopped_at,
        "light": light_of(clock, uow.now),
        "paused_minutes": max(0, paused // 60),
    }


def _clock_text(clock: TicketClock) -> str:
    if clock.paused_at is not None:
        return "挂账暂停"
    if clock.stopped_at is None:
        return "已超时" if clock.outcome == "overdue" else "计时中"
    return {"met": "按时完成", "overdue": "超时完成"}.get(clock.outcome, "已取消")


def _pins(uow: UnitOfWork, ticket_id: UUID) -> Sequence[TicketPin]:
    query = select(TicketPin).where(TicketPin.ticket_id == ticket_id)
    return list(uow.session.scalars(query.order_by(TicketPin.at, TicketPin.version_id)))


def _timeline(uow: UnitOfWork, ticket_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "at": entry.at,
            "action": entry.action,
            "action_text": rules.ACTION_TEXT.get(entry.action, entry.action),
            "actor_name": entry.actor_name or _WHO.get(entry.actor_kind, "系统"),
            "role_text": entry.actor_role,
            "text": entry.public_text,
            "internal_text": _internal(entry),
        }
        for entry in reversed(trace.entries(uow.session, Subject("ticket", ticket_id)))
    ]


def _internal(entry: TraceEntry) -> str:
    parts = [entry.internal_text, entry.reason]
    return "；".join(dict.fromkeys(part for part in parts if part))
