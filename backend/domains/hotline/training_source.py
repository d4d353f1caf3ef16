"""Closed tickets as examples for the training of suggestions."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from sqlalchemy import select

from backend.domains.hotline.model import Ticket
from backend.domains.hotline.own_data import ERASED
from backend.domains.organisation import service as organisation
from backend.domains.routing.ports import Finished, Kind
from backend.kernel.uow import UnitOfWork

_PAGE = 1000
_DONE = ("closed", "archived")


class TicketExamples:
    """What training asks of the hotline: where tickets belonged after all corrections."""

    def kinds(self, uow: UnitOfWork) -> list[Kind]:
        """None of its own: tickets have the categories of events."""
        return []

    def finished(self, uow: UnitOfWork, most: int) -> Iterator[Finished]:
        """The newest closed tickets with the category and the lead unit they ended in."""
        codes = {place.id: place.code for place in organisation.departments(uow.session)}
        rows = uow.session.execute(
            select(
                Ticket.title, Ticket.words, Ticket.category_code, Ticket.lead_unit_id,
                Ticket.closed_at,
            )
            .where(
                Ticket.closed_at.is_not(None), Ticket.state.in_(_DONE),
                Ticket.confidential.is_(False), Ticket.words != ERASED,
            )
            .order_by(Ticket.closed_at.desc(), Ticket.id.desc())
            .limit(most)
            .execution_options(yield_per=_PAGE)
        )  # fmt: skip
        for title, words, category, unit, closed_at in rows:
            yield Finished(
                title, words, category, codes.get(unit) if unit else None, cast(datetime, closed_at)
            )
