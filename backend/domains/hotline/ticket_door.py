"""The hotline's door for dispatch: an event goes on as a ticket, and both know each other."""

from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch.service import TicketWish
from backend.domains.hotline import linking, rules, taking
from backend.domains.hotline.model import Ticket
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork


class Door:
    """What dispatch asks of the hotline."""

    def make(self, uow: UnitOfWork, wish: TicketWish) -> str:
        """A new ticket in `pending`, tied to the event; its number."""
        ticket = taking.take(
            uow,
            taking.NewTicket(
                kind="request",
                source="transfer",
                words=wish.words,
                category_code=wish.category_code,
                urgency=rules.EMERGENCY if wish.urgent else None,
                address=wish.address,
                latitude=wish.latitude,
                longitude=wish.longitude,
                confidential=wish.confidential,
                person_id=wish.person_id,
                caller_name=wish.caller_name,
            ),
        )
        linking.link_event(uow, ticket, wish.event_id, wish.number)
        return ticket.number

    def link(self, uow: UnitOfWork, number: str, event_id: UUID, event_number: str) -> None:
        """Tie the event to the ticket of this number; `Invalid` where there is none."""
        query = select(Ticket).where(Ticket.number == number).with_for_update()
        ticket = uow.session.scalars(query.execution_options(populate_existing=True)).first()
        if ticket is None:
            text = "没有这个编号的工单，请核对；留空会新建一件"
            raise Invalid("ticket_unknown", detail=text, fields={"ticket_number": [text]})
        linking.link_event(uow, ticket, event_id, event_number)
