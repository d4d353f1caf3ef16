"""The demo's hotline: every state, made by the real use cases, once; the rates add up."""

import pytest
from sqlalchemy import func, select

from backend.demo import seed_dispatch, seed_hotline, seed_identity, seed_knowledge
from backend.domains.hotline import board, published, rates, rules
from backend.domains.hotline.model import Call, Ticket, TicketCallback, TicketPin, TicketUrge
from backend.domains.retrieval.model import SearchDocument
from backend.kernel.services import Services
from backend.kernel.trace import TraceEntry


def _few_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those the tickets are answered from, without items to lead to."""
    needed = {row["article"] for row in seed_hotline.rows() if "article" in row}
    few = [row for row in seed_knowledge.data()["articles"] if row["key"] in needed]
    data = {"articles": few, "corrections": [], "misses": []}
    monkeypatch.setattr(seed_knowledge, "data", lambda: data)
    monkeypatch.setattr(seed_knowledge, "_ASKED", ())
    monkeypatch.setattr(seed_knowledge, "_related", lambda row, made: ())


def test_the_demos_hotline_is_alive(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed_dispatch.Stage, "play", lambda self: None)
    _few_articles(monkeypatch)
    for part in (seed_identity, seed_dispatch, seed_knowledge, seed_hotline):
        part.seed(services)
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
