"""The demo's hotline: every state, made by the real use cases, once; the rates add up."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from backend.demo import seed_hotline
from backend.domains.hotline import board, published, rates, rules
from backend.domains.hotline.model import Call, Ticket, TicketCallback, TicketPin, TicketUrge
from backend.domains.retrieval.model import SearchDocument
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.services import Services
from backend.kernel.trace import TraceEntry
from tests.district import TEN, District


@pytest.fixture(scope="module")
def shared_database(district: District) -> Iterator[Database]:
    """The demo up to its tickets."""
    yield from district.opened(district.upto(seed_hotline))


@pytest.fixture
def clock() -> FixedClock:
    """When that was seeded."""
    return FixedClock(TEN)


def test_the_demos_hotline_is_alive(services: Services) -> None:
    with services.unit() as uow:
        session = uow.session
        states = dict(
            session.execute(select(Ticket.state, func.count()).group_by(Ticket.state)).all()
        )
        assert set(states) == set(rules.STATES)
        assert sum(states.values()) == len(seed_hotline.rows()) >= 50
        assert session.scalar(select(func.count()).where(Ticket.confidential)) == 1
        assert (session.scalar(select(func.count(TicketUrge.id))) or 0) >= 2
        results = set(session.scalars(select(Ticket.callback_result)))
        assert results == {None, "satisfied", "dissatisfied", "unreached"}
        assert session.scalar(select(func.count()).where(TicketCallback.contacted.is_(False))) >= 5
        assert (session.scalar(select(func.count(TicketPin.version_id))) or 0) >= 4
        # One caller has called three times about two things, one three times about one road.
        repeats = session.execute(
            select(Ticket.caller_phone_hash, func.count())
            .where(Ticket.caller_phone_hash.is_not(None))
            .group_by(Ticket.caller_phone_hash)
        ).all()
        assert max(row[1] for row in repeats) >= 3
        assert (session.scalar(select(func.count(Call.id))) or 0) > 300
        assert rates.live(uow, rates.came_in(None, None)) == rates.recompute_from_trace(uow)
        shown = board.show(uow)
        assert shown["satisfied"]["denominator"] >= 15
        assert 0 < shown["response"]["rate"] < 1
        page = published.show(uow)
        assert page["answered"]
        assert page["frequent"]
        found = session.scalars(
            select(SearchDocument.ref_id).where(
                SearchDocument.kind == "ticket", SearchDocument.deleted.is_(False)
            )
        ).all()
        assert len(found) >= 10
        secret = select(Ticket.id).where(Ticket.confidential)
        assert session.scalar(secret) not in found
        before = session.scalar(select(func.count(TraceEntry.id)))
    seed_hotline.seed(services)
    with services.unit() as uow:
        assert uow.session.scalar(select(func.count(TraceEntry.id))) == before
