"""From what waits for a unit to what its groups and systems are told, without a word of anybody.

No title and no address that a resident wrote goes out: the category, the street, the number.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from backend.domains.content import events as content_events
from backend.domains.content import service as content
from backend.domains.dispatch import events as d
from backend.domains.dispatch import service as dispatch
from backend.domains.hotline import events as h
from backend.domains.knowledge import events as n
from backend.domains.messages import kinds_rooms as k
from backend.domains.messages import letters, rooms
from backend.domains.organisation import service as organisation
from backend.kernel.events import EventBus
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.kinds import Kind

_ROLE_TEXT = {"lead": "主办", "co": "协办"}
_STEP_TEXT = {"department_review": "部门审核", "centre_review": "中心审核"}
_CALLS = (k.CALL, k.ESCALATED)
_OF_EVENT = (*_CALLS, k.WHISTLE, k.EVENT_OVERDUE)
_OF_TICKET = (k.TICKET, k.TICKET_OVERDUE)


def subscribe(events: EventBus) -> None:
    """Hear of what waits, and of what no longer does."""
    for kind, handler in (
        (d.EventCalled, on_called),
        (d.EventEscalated, on_escalated),
        (d.EventClaimed, on_taken),
        (d.EventAssigned, on_taken),
        (d.WhistleBlown, on_whistle),
        (d.WhistleAnswered, on_whistle_answered),
        (d.ClockOverdue, on_event_overdue),
        (d.EventClosed, on_event_over),
        (d.EventMerged, on_event_over),
        (d.EventCancelled, on_event_over),
        (d.EventTransferred, on_event_over),
        (d.EventTicketed, on_event_over),
        (h.TicketDispatched, on_dispatched),
        (h.TicketSigned, on_signed),
        (h.ClockOverdue, on_ticket_overdue),
        (h.TicketClosed, on_ticket_over),
        (h.TicketCancelled, on_ticket_over),
        (h.TicketMerged, on_ticket_over),
        (n.ArticleSubmitted, on_submitted),
        (n.ArticleReturned, on_reviewed),
        (n.ArticlePublished, on_reviewed),
        (n.ArticleExpiring, on_expiring),
        (n.ArticleRenewed, on_renewed),
        (n.ArticleEnded, on_renewed),
        (n.CorrectionAsked, on_correction),
        (n.CorrectionAnswered, on_corrected),
        (content_events.ContentDecided, on_content),
    ):
        events.subscribe(kind, handler)  # type: ignore[arg-type]  # each handler takes its kind


def on_called(uow: UnitOfWork, event: d.EventCalled) -> None:
    """The street hears that somebody is needed."""
    _event(uow, k.CALL, event, until=letters.until(event.due_at))


def on_escalated(uow: UnitOfWork, event: d.EventEscalated) -> None:
    """Nobody came in time."""
    _event(uow, k.ESCALATED, event, until=letters.until(event.due_at))


def on_taken(uow: UnitOfWork, event: d.EventClaimed | d.EventAssigned) -> None:
    """Somebody has it: what has not left need not."""
    _stop(uow, Subject("event", event.event_id), *_CALLS)


def on_whistle(uow: UnitOfWork, event: d.WhistleBlown) -> None:
    """The department is called."""
    _event(uow, k.WHISTLE, event, unit=event.department_id, until=letters.until(event.due_at))


def on_whistle_answered(uow: UnitOfWork, event: d.WhistleAnswered) -> None:
    """The department has answered."""
    _stop(uow, Subject("event", event.event_id), k.WHISTLE)


def on_event_overdue(uow: UnitOfWork, event: d.ClockOverdue) -> None:
    """A limit has passed."""
    clock_text = dispatch.CLOCK_TEXT[event.clock_kind]
    _event(uow, k.EVENT_OVERDUE, event, clock_text=clock_text, due=event.due_at or event.at)


def on_event_over(uow: UnitOfWork, event: d.DispatchEvent) -> None:
    """Nothing waits any more."""
    _stop(uow, Subject("event", event.event_id), *_OF_EVENT)


def on_dispatched(uow: UnitOfWork, event: h.TicketDispatched) -> None:
    """The units have a ticket to sign."""
    _ticket(
        uow, k.TICKET, event, event.unit_ids, until=letters.until(event.due_at),
        role_text=_ROLE_TEXT[event.role],
    )  # fmt: skip


def on_signed(uow: UnitOfWork, event: h.TicketSigned) -> None:
    """Signed by whoever leads: the others have their own desk."""
    if event.role == "lead":
        _stop(uow, Subject("ticket", event.ticket_id), k.TICKET)


def on_ticket_overdue(uow: UnitOfWork, event: h.ClockOverdue) -> None:
    """A limit has passed."""
    _ticket(
        uow, k.TICKET_OVERDUE, event, (event.lead_unit_id,), clock_text=event.clock_text,
        due=event.due_at or event.at,
    )  # fmt: skip


def on_ticket_over(uow: UnitOfWork, event: h.TicketEvent) -> None:
    """Nothing waits any more."""
    _stop(uow, Subject("ticket", event.ticket_id), *_OF_TICKET)


def on_submitted(uow: UnitOfWork, event: n.ArticleSubmitted) -> None:
    """A version waits for review: at the centre the district's groups hear of it alone."""
    subject = Subject("article", event.article_id)
    _stop(uow, subject, k.REVIEW)
    unit = event.department_id if event.stage == "department_review" else None
    step = {"step_text": _STEP_TEXT[event.stage]}
    rooms.tell(uow, subject, k.REVIEW, (unit,), lambda: {**_article(event), **step})


def on_reviewed(uow: UnitOfWork, event: n.ArticleEvent) -> None:
    """Returned or published: nothing waits for review."""
    _stop(uow, Subject("article", event.article_id), k.REVIEW)


def on_expiring(uow: UnitOfWork, event: n.ArticleExpiring) -> None:
    """The department renews it or takes it down."""
    subject, units = Subject("article", event.article_id), (event.department_id,)
    rooms.tell(uow, subject, k.EXPIRING, units, lambda: {**_article(event), "days": event.days})


def on_renewed(uow: UnitOfWork, event: n.ArticleEvent) -> None:
    """Renewed or taken down: the end is not ahead any more."""
    _stop(uow, Subject("article", event.article_id), k.EXPIRING)


def on_correction(uow: UnitOfWork, event: n.CorrectionAsked) -> None:
    """The department answers."""
    subject, units = Subject("article_correction", event.correction_id), (event.department_id,)
    due = {"until": letters.until(event.due_at)}
    rooms.tell(uow, subject, k.CORRECTION, units, lambda: {**_article(event), **due})


def on_corrected(uow: UnitOfWork, event: n.CorrectionAnswered) -> None:
    """Answered."""
    _stop(uow, Subject("article_correction", event.correction_id), k.CORRECTION)


def on_content(uow: UnitOfWork, event: content_events.ContentDecided) -> None:
    """A person has to look; or somebody has."""
    subject = Subject("content_check", event.check_id)
    _stop(uow, subject, k.DOUBT)
    row = content.current(uow, Subject(event.subject_kind, event.subject_id))
    if event.state != content.REVIEW or row is None:
        return
    street_id, due = row.street_id, letters.until(row.review_by)
    rooms.tell(
        uow, subject, k.DOUBT, (row.area_id, street_id),
        lambda: {"street": _street(uow, street_id), "until": due},
    )  # fmt: skip


def _event(
    uow: UnitOfWork, kind: Kind, event: d.DispatchEvent, *, unit: UUID | None = None, **more: Any
) -> None:
    urgent = event.urgency == dispatch.URGENT

    def values() -> dict[str, Any]:
        return {
            "event_id": event.event_id,
            "number": event.number,
            "category": _category(uow, event.category_code) or "其他事件",
            "street": _street(uow, event.street_id),
            "urgency_text": dispatch.URGENCY_TEXT[event.urgency] if urgent else "",
            **more,
        }

    units = (event.street_id,) if unit is None else (unit,)
    rooms.tell(uow, Subject("event", event.event_id), kind, units, values)


def _ticket(
    uow: UnitOfWork, kind: Kind, event: h.TicketEvent, units: Iterable[UUID | None], **more: Any
) -> None:
    def values() -> dict[str, Any]:
        # What a confidential ticket is about is for those who open it.
        category = "" if event.confidential else _category(uow, event.category_code)
        known = {"ticket_id": event.ticket_id, "number": event.number}
        return {**known, "category": category or "诉求", **more}

    rooms.tell(uow, Subject("ticket", event.ticket_id), kind, units, values)


def _category(uow: UnitOfWork, code: str) -> str:
    return dispatch.category_names(uow, [code]).get(code, "")


def _article(event: n.ArticleEvent) -> dict[str, Any]:
    return {"article_id": event.article_id, "number": event.number, "title": event.title}


def _street(uow: UnitOfWork, street_id: UUID | None) -> str:
    names = organisation.place_names(uow, "street")
    return names.get(street_id, "全区") if street_id else "全区"


def _stop(uow: UnitOfWork, subject: Subject, *kinds: Kind) -> None:
    outbox.cancel(uow.session, subject, [kind.key for kind in kinds], uow.now)
