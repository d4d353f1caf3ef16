"""What is found, and what never is: scope, dates, withdrawal, totals, snippets, suggestions."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from backend.domains.retrieval import service
from backend.domains.retrieval.ports import Document
from backend.domains.retrieval.service import Query, Scope

TODAY = date(2026, 11, 23)
RESIDENT = Scope("public", TODAY)
STAFF = Scope("internal", TODAY)


def document(title: str, body: str = "", **values) -> Document:
    return Document("article", values.pop("ref_id", None) or uuid4(), title, body, **values)


@pytest.fixture
def put(services, uow):
    def run(*documents: Document) -> None:
        for one in documents:
            service.put(uow, one)
        uow.session.commit()

    return run


@pytest.fixture
def ask(services, uow):
    def run(text: str, scope: Scope = RESIDENT, **values):
        return service.search(services, uow.session, Query(text, scope, **values))

    return run


def titles(found) -> list[str]:
    return [hit.title for hit in found.hits]


def test_words_find_what_has_them_best_first(put, ask):
    put(
        document("社会保障卡挂失", "丢失社会保障卡后，可以拨打电话挂失。"),
        document("居住证办理", "办理居住证需要带身份证。"),
        document("身份证补领", "居民身份证丢失后补领的材料。"),
    )
    found = ask("社会保障卡丢失")
    assert titles(found)[0] == "社会保障卡挂失"
    assert any(part.hit for part in found.hits[0].snippet)


def test_what_is_internal_is_found_by_staff_only(put, ask, services, uow):
    put(document("内部口径：停水答复", "停水答复口径", audience="internal"))
    assert ask("停水答复口径").total == 0
    assert service.suggest(services, uow.session, "内部口径", RESIDENT) == []
    assert ask("停水答复口径", STAFF).total == 1
    assert len(service.suggest(services, uow.session, "内部口径", STAFF)) == 1
