"""The demo's articles: every state, made by the real use cases, once."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from backend.demo import seed_knowledge
from backend.domains.knowledge import rules
from backend.domains.knowledge.model import (
    Article,
    ArticleRelation,
    ArticleUse,
    ArticleVersion,
    Correction,
    SearchMiss,
)
from backend.kernel.clock import FixedClock, local_date
from backend.kernel.database import Database
from backend.kernel.services import Services
from backend.kernel.trace import TraceEntry
from tests.district import TEN, District


@pytest.fixture(scope="module")
def shared_database(district: District) -> Iterator[Database]:
    """The demo up to its articles."""
    yield from district.opened(district.upto(seed_knowledge))


@pytest.fixture
def clock() -> FixedClock:
    """When that was seeded."""
    return FixedClock(TEN)


def test_the_demos_knowledge_base_is_alive(services: Services) -> None:
    with services.unit() as uow:
        session = uow.session
        versions = dict(
            session.execute(
                select(ArticleVersion.state, func.count()).group_by(ArticleVersion.state)
            ).all()
        )
        assert versions[rules.PUBLISHED] >= 45
        for state in (rules.DRAFT, rules.DEPARTMENT_REVIEW, rules.CENTRE_REVIEW, rules.WAITING,
                      rules.SUPERSEDED):  # fmt: skip
            assert versions[state] >= 1
        states = dict(
            session.execute(select(Article.state, func.count()).group_by(Article.state)).all()
        )
        assert states[rules.EXPIRED] == 1
        today = local_date(uow.now)
        left = [
            (day - today).days
            for day in session.scalars(select(ArticleVersion.expires_on))
            if day is not None
        ]
        assert 7 in left
        audiences = set(session.scalars(select(ArticleVersion.audience)))
        assert audiences == {"public", "internal"}
        assert len(set(session.scalars(select(Article.department_id)))) >= 15
        assert len(set(session.scalars(select(ArticleVersion.material_kind)))) == 5
        corrections = sorted(session.scalars(select(Correction.state)))
        assert corrections == ["accepted", "open", "open", "rejected"]
        assert (session.scalar(select(func.count()).select_from(SearchMiss)) or 0) >= 5
        assert (session.scalar(select(func.count()).select_from(ArticleRelation)) or 0) >= 40
        assert (session.scalar(select(func.sum(ArticleUse.count))) or 0) > 500
        before = session.scalar(select(func.count(TraceEntry.id)))
    seed_knowledge.seed(services)
    with services.unit() as uow:
        assert uow.session.scalar(select(func.count(TraceEntry.id))) == before
