"""Ways out of this desk: the emergency services, and the 12345 hotline."""

from uuid import UUID

from backend.domains.dispatch import access, emergency_rules, events, moves, telling, windup
from backend.domains.dispatch.claiming import needs
from backend.domains.dispatch.model import Event
from backend.domains.dispatch.parts import Part
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork


def to_emergency(
    uow: UnitOfWork,
    by_or_person: Principal | UUID,
    event_id: UUID,
    service: str,
    note: str = "",
) -> Event:
    """Given to 110, 119, 120 or 122, by anybody who sees it, before somebody took it on."""
    if service not in emergency_rules.NUMBERS:
        text = "请选110、119、120或122"
        raise Invalid("bad_service", detail=text, fields={"service": [text]})
    part: Part
    if isinstance(by_or_person, UUID):
        part = access.enter_caller(uow, by_or_person, event_id)
        # What a resident writes stays out of the trace, which nothing can be taken out of.
        note = ""
    else:
        part = access.enter(uow, by_or_person, event_id)
    event = part.event
    asked = telling.candidates(uow, event.id)
    name = f"{service}{emergency_rules.NUMBERS[service]}"
    moves.move(
        uow, part, "transfer", values={"transferred_to": service, "closed_at": uow.now},
        public=f"已转{name}处理", internal=note.strip(),
    )  # fmt: skip
    windup.wind_up(uow, event)
    uow.emit(
        events.EventTransferred(
            **telling.facts(uow, event),
            service=service,
            callers=telling.callers(uow, event.id),
            staff_ids=tuple(asked),
        )
    )
    return event


def to_ticket(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    ticket_number: str,
    reason: str,
    *,
    version: int | None = None,
) -> Event:
    """Goes on as a 12345 ticket; both carry each other's number."""
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    needs(ticket_number, "ticket_number", "请填12345工单号")
    needs(reason, "reason", "请写明转12345的原因")
    working = telling.hands_on(uow, event) or telling.candidates(uow, event.id)
    moves.move(
        uow, viewer, "ticket",
        values={"ticket_number": ticket_number.strip(), "closed_at": uow.now}, reason=reason,
        public=f"已转12345热线办理，工单号 {ticket_number.strip()}",
    )  # fmt: skip
    windup.wind_up(uow, event)
    uow.emit(
        events.EventTicketed(
            **telling.facts(uow, event),
            ticket_number=ticket_number.strip(),
            callers=telling.callers(uow, event.id),
            staff_ids=tuple(working),
        )
    )
    return event
