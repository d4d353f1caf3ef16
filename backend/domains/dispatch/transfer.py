"""Ways out of this desk: the emergency services, and the 12345 hotline."""

from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch import (
    access,
    emergency_rules,
    events,
    moves,
    ports,
    rules,
    telling,
    windup,
)
from backend.domains.dispatch.claiming import needs
from backend.domains.dispatch.model import Event, EventCaller
from backend.domains.dispatch.parts import Part
from backend.kernel import receipts
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
    ticket_number: str = "",
    reason: str = "",
    *,
    version: int | None = None,
) -> Event:
    """Goes on as a 12345 ticket; both carry each other's number.

    Without a number the hotline takes a new ticket of it. A number of this system must be that
    of a ticket; one of another city's hotline is kept as it is told.
    """
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    needs(reason, "reason", "请写明转12345的原因")
    moves.allowed(rules.EVENT_TRANSITIONS, event.state, "ticket", viewer)
    number = _ticket(uow, event, ticket_number.strip())
    working = telling.hands_on(uow, event) or telling.candidates(uow, event.id)
    moves.move(
        uow, viewer, "ticket",
        values={"ticket_number": number, "closed_at": uow.now}, reason=reason,
        public=f"已转12345热线办理，工单号 {number}",
    )  # fmt: skip
    windup.wind_up(uow, event)
    uow.emit(
        events.EventTicketed(
            **telling.facts(uow, event),
            ticket_number=number,
            callers=telling.callers(uow, event.id),
            staff_ids=tuple(working),
        )
    )
    return event


def _ticket(uow: UnitOfWork, event: Event, number: str) -> str:
    door = ports.ticket_door(uow.services)
    own = receipts.normalise(number) if number else None
    if door is None or (number and own is None):
        needs(number, "ticket_number", "请填12345工单号")
        return number
    if own is not None:
        door.link(uow, own, event.id, event.number)
        return own
    first = uow.session.scalars(
        select(EventCaller).where(EventCaller.event_id == event.id, EventCaller.kind == "first")
    ).first()
    sealed = first.name_sealed if first else None
    return door.make(
        uow,
        ports.TicketWish(
            event_id=event.id,
            number=event.number,
            words=event.words or event.title,
            category_code=event.category_code,
            urgent=event.urgency == rules.URGENT,
            address=event.address,
            latitude=event.latitude,
            longitude=event.longitude,
            confidential=event.confidential,
            person_id=first.person_id if first else None,
            caller_name=uow.services.privacy.open(sealed) if sealed else "",
        ),
    )
