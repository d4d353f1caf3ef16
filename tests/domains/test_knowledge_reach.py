"""Who reaches which article, by reading, search, link or list; what its trace says."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.domains.knowledge import (
    answering,
    editing,
    events,
    listing,
    reading,
    reviewing,
    rules,
    service,
    viewing,
)
from backend.domains.knowledge.model import ArticleVersion
from backend.domains.retrieval import service as retrieval
from backend.kernel import trace
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.trace import Subject
from tests.knowledge_world import RSJ, ZJJ, make

TODAY = date(2026, 11, 23)
KINDS = [kind for kind in vars(events).values() if isinstance(kind, type)]


@pytest.fixture
def base(services):
    return make(services)


@pytest.fixture
def heard(services):
    found = []
    for kind in KINDS:
        services.events.subscribe(kind, lambda uow, event: found.append(event))
    return found


def found(base, words="失业保险金", audience="public"):
    with base.services.unit() as uow:
        scope = retrieval.Scope(audience, TODAY)
        query = retrieval.Query(words, scope)
        return {hit.ref_id for hit in retrieval.search(base.services, uow.session, query).hits}


def readable(base, article_id):
    with base.services.unit() as uow:
        try:
            return reading.show(uow, article_id)[0]
        except NotFound:
            return None


def ask(words, **more):
    return {
        "q": words, "deep": False, "kinds": "", "department": "", "region": "",
        "material_kind": "", "category": "", "latitude": None, "longitude": None, "limit": 10,
    } | more  # fmt: skip


def test_internal_articles_are_for_staff_who_may_read_them(base):
    article = base.publish(audience="internal", title="内部处置口径")
    assert readable(base, article) is None
    assert found(base, "处置口径") == set()
    assert found(base, "处置口径", "internal") == {article}
    assert base.act("operator", viewing.show, article)["live"]["internal_text"]
    with pytest.raises(NotFound):
        base.act("elsewhere", viewing.show, article)
    answers = base.act("elsewhere", answering.for_staff, ask("处置口径"))
    assert (answers["items"], answers["total"]) == ([], 0)
    rows = base.act("elsewhere", listing.page, {"limit": 10, "cursor": None, "q": "处置"})
    assert rows["items"] == []
    with base.services.unit() as uow, pytest.raises(NotFound):
        service.public(uow, article)


def test_an_article_that_becomes_internal_is_gone_for_residents(base):
    article = base.publish()
    base.save(article, audience="internal")
    base.publish(article)
    assert readable(base, article) is None
    assert found(base) == set()


def test_the_internal_part_of_a_public_article_is_not_searched_by_residents(base):
    article = base.publish(internal_text="转金桂楼三层")
    assert found(base, "金桂楼") == set()
    assert found(base, "金桂楼", "internal") == {article}
    shown = base.act("elsewhere", viewing.show, article)["live"]
    assert (shown["internal_text"], bool(shown["public_text"])) == ("", True)


def test_related_articles_are_shown_to_whom_they_are_open(base):
    inner = base.publish(audience="internal", title="内部口径")
    outer = base.publish(title="就业登记")
    article = base.write(title="主文章")
    related = (("article", inner), ("article", outer))
    tag = editing.etag(base.article(article))
    base.act("author", editing.save, article, editing.Draft({}, related), tag)
    base.publish(article)
    assert [one["title"] for one in readable(base, article)["related"]] == ["就业登记"]
    staff = base.act("operator", viewing.show, article)["live"]["related"]
    assert [one["title"] for one in staff] == ["内部口径", "就业登记"]


def test_a_public_text_may_not_link_to_what_is_not_public(base):
    inner = base.publish(audience="internal", title="内部口径")
    article = base.write(title="带链接", public_text=f"见[这里](/articles/{inner})")
    with pytest.raises(Invalid) as caught:
        base.act("author", reviewing.submit, article)
    assert list(caught.value.fields) == ["public_text"]


def test_an_article_of_another_department_cannot_be_written(base):
    with pytest.raises(Invalid):
        base.write("author", ZJJ)
    with pytest.raises(Invalid):
        base.write("author", uuid4())


def test_relations_to_what_is_not_there_are_refused(base):
    article = base.write()
    tag = editing.etag(base.article(article))
    for related in ((("article", uuid4()),), (("item", uuid4()),), (("article", article),)):
        with pytest.raises(Invalid):
            base.act("author", editing.save, article, editing.Draft({}, related), tag)


def test_every_step_is_in_the_trace(base):
    article = base.publish()
    with base.services.unit() as uow:
        entries = trace.entries(uow.session, Subject("article", article))
    assert [one.action for one in entries] == [
        "create", "submit", "approve", "approve", "go_live", "go_live",
    ]  # fmt: skip
    assert not any(one.public_text for one in entries)


@pytest.mark.requirement("card.07")
def test_the_department_reader_finds_public_and_own_internal_answers_once(base):
    mine = base.publish(audience="internal", title="失业保险金内部口径")
    public = base.publish()
    answers = base.act("author", answering.for_staff, ask("失业保险金"))
    assert {one["id"] for one in answers["items"]} == {mine, public}
    assert answers["total"] == 2
    version = base.versions(public)[0]
    card = next(one for one in answers["items"] if one["id"] == public)
    assert (card["version_id"], card["public_text"]) == (version.id, version.public_text)


def test_a_region_filter_keeps_what_holds_everywhere(base):
    here = base.publish(title="越和街道失业保险金", region_codes=["yuehe"])
    everywhere = base.publish()
    ids = {one["id"] for one in base.act("operator", answering.for_staff,
                                         ask("失业保险金", region="shitang"))["items"]}  # fmt: skip
    assert ids == {everywhere}
    ids = {one["id"] for one in base.act("operator", answering.for_staff,
                                         ask("失业保险金", region="yuehe"))["items"]}  # fmt: skip
    assert ids == {here, everywhere}


def test_numbers_are_given_in_order_and_versions_belong_to_their_article(base):
    first, second = base.write(), base.write(title="第二篇")
    a, b = base.article(first), base.article(second)
    assert b.serial > a.serial
    assert a.number == f"K{a.serial:06d}"
    with base.services.unit() as uow:
        rows = uow.session.scalars(select(ArticleVersion.article_id))
        assert set(rows) >= {UUID(str(first)), UUID(str(second))}


def test_the_list_never_matches_words_of_what_is_out_of_sight(base):
    article = base.publish()
    base.save(article, title="机密标题草稿")
    query = {"limit": 10, "cursor": None, "q": "机密标题"}
    assert base.act("operator", listing.page, query)["items"] == []
    (row,) = base.act("author", listing.page, query)["items"]
    assert row["draft_title"] == "机密标题草稿"
    mine = {"limit": 10, "cursor": None, "mine": True}
    assert len(base.act("author", listing.page, mine)["items"]) == 1
    assert base.act("author2", listing.page, mine)["items"] == []
    assert rules.ARTICLE_TEXT[row["state"]] == "已发布"
    number = {"limit": 10, "cursor": None, "q": row["number"].lower()}
    assert len(base.act("operator", listing.page, number)["items"]) == 1
    department = {"limit": 10, "cursor": None, "department": "rsj"}
    assert len(base.act("operator", listing.page, department)["items"]) == 1
    assert base.act("operator", listing.page, department | {"department": str(ZJJ)})["items"] == []
    assert base.act("operator", listing.page, department)["items"][0]["department_id"] == RSJ
