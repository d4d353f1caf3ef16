"""Articles from the first draft to the archive: people, days, versions, what may be found."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backend.domains.knowledge import (
    answering,
    editing,
    events,
    living,
    reading,
    reviewing,
    service,
    viewing,
)
from backend.domains.retrieval import service as retrieval
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.knowledge_world import make

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


def test_an_article_goes_live_only_through_two_others(base, heard):
    article = base.write()
    assert readable(base, article) is None
    base.act("author", reviewing.submit, article)
    with pytest.raises(Forbidden):
        base.act("author", reviewing.approve, article)
    base.act("head", reviewing.approve, article)
    assert readable(base, article) is None
    with pytest.raises(Forbidden):
        base.act("head", reviewing.approve, article)
    base.act("centre", reviewing.approve, article)
    shown = readable(base, article)
    assert shown["title"] == "失业保险金怎么申领"
    assert "内部" not in str(shown)
    assert [type(one).__name__ for one in heard] == [
        "ArticleSubmitted", "ArticleSubmitted", "ArticlePublished",
    ]  # fmt: skip
    assert found(base) == {article}


def test_a_head_who_wrote_a_part_does_not_review_it(base):
    article = base.write()
    base.save(article, "head", summary="改过的摘要")
    base.act("author", reviewing.submit, article)
    with pytest.raises(Forbidden, match="same_person"):
        base.act("head", reviewing.approve, article)
    assert "approve" not in base.act("head", viewing.show, article)["can"]
    assert "approve" in base.act("head2", viewing.show, article)["can"]
    base.act("head2", reviewing.approve, article)


def test_the_database_itself_refuses_one_person_twice(base):
    article = base.publish()
    (version,) = base.versions(article)
    for column in ("department_reviewer_id", "centre_reviewer_id"):
        with pytest.raises(IntegrityError), base.services.unit() as uow:
            uow.session.execute(
                text(f"UPDATE article_version SET {column} = author_id WHERE id = :id"),
                {"id": version.id},
            )


def test_other_departments_neither_see_nor_review_a_draft(base):
    article = base.write()
    for who in ("elsewhere", "head_elsewhere", "operator", "centre"):
        with pytest.raises(NotFound):
            base.act(who, viewing.show, article)
    base.act("author", reviewing.submit, article)
    with pytest.raises(NotFound):
        base.act("head_elsewhere", reviewing.approve, article)
    base.publish(base.write(title="第二篇"))
    base.act("head", reviewing.approve, article)
    assert base.act("centre", viewing.show, article)["draft"]["state"] == "centre_review"


def test_an_edit_makes_the_next_version_while_this_one_stays_live(base):
    article = base.publish()
    base.save(article, public_text="新的内容：每月1800元。")
    assert "1500" in readable(base, article)["text"]
    states = [(one.number, one.state) for one in base.versions(article)]
    assert states == [(2, "draft"), (1, "published")]
    base.publish(article)
    assert "1800" in readable(base, article)["text"]
    states = [(one.number, one.state) for one in base.versions(article)]
    assert states == [(2, "published"), (1, "superseded")]


def test_a_pinned_version_stays_as_it_was(base):
    article = base.publish()
    with base.services.unit() as uow:
        pinned = service.live(uow, article).version_id
    base.save(article, public_text="新的内容")
    base.publish(article)
    with base.services.unit() as uow:
        assert "1500" in service.pinned(uow, pinned).public_text
        assert service.live(uow, article).version_number == 2
        draft = base.versions(base.write(title="另一篇"))[0]
        with pytest.raises(NotFound):
            service.pinned(uow, draft.id)


def test_of_two_editors_the_second_is_told_and_loses_nothing(base):
    article = base.write()
    read = editing.etag(base.article(article))
    base.act("author", editing.save, article, editing.Draft({"summary": "甲的话"}), read)
    with pytest.raises(Stale) as caught:
        base.act("author2", editing.save, article, editing.Draft({"summary": "乙的话"}), read)
    assert caught.value.article_id == article
    assert base.versions(article)[0].summary == "甲的话"
    with pytest.raises(Stale):
        base.act("author2", editing.save, article, editing.Draft({"summary": "乙"}), None)


def test_what_is_in_review_is_not_changed_under_the_reviewer(base):
    article = base.write()
    base.act("author", reviewing.submit, article)
    with pytest.raises(Conflict):
        base.save(article, summary="偷偷改")
    base.act("author", reviewing.recall, article)
    base.save(article, summary="改好了")
    assert base.versions(article)[0].state == "draft"


def test_sent_back_with_a_reason_both_reviews_begin_anew(base, heard):
    article = base.write()
    base.act("author", reviewing.submit, article)
    base.act("head", reviewing.approve, article)
    base.act("centre", reviewing.send_back, article, "金额不对")
    (version,) = base.versions(article)
    assert (version.state, version.return_reason) == ("draft", "金额不对")
    assert version.department_reviewer_id is None
    with pytest.raises(NotFound):
        base.act("centre", viewing.show, article)
    assert heard[-1].reason == "金额不对"
    base.publish(article)


def test_an_incomplete_draft_is_not_submitted_and_every_gap_is_named(base):
    article = base.write(title="没写完", issuing_unit="", category_code="", public_text="")
    with pytest.raises(Invalid) as caught:
        base.act("author", reviewing.submit, article)
    assert set(caught.value.fields) == {"issuing_unit", "category_code", "public_text"}


def test_two_live_articles_never_share_a_title(base):
    base.publish()
    second = base.write(title="失业保险金，怎么申领？")
    with pytest.raises(Invalid, match="article_not_ready"):
        base.act("author", reviewing.submit, second)
    base.save(second, title="失业金标准")
    base.publish(second)


def test_a_version_waits_for_its_first_day(base):
    article = base.publish(effective_on=TODAY + timedelta(days=3))
    assert base.versions(article)[0].state == "waiting"
    assert readable(base, article) is None
    assert found(base) == set()
    base.on(TODAY + timedelta(days=3), 0)
    assert base.versions(article)[0].state == "published"
    assert readable(base, article)


def test_a_title_taken_while_waiting_sends_the_version_back(base):
    waiting = base.publish(effective_on=TODAY + timedelta(days=3))
    base.publish()
    base.on(TODAY + timedelta(days=3), 1)
    (version,) = base.versions(waiting)
    assert version.state == "draft"
    assert "同名" in version.return_reason


def test_reminders_expiry_and_the_banner_of_old_links(base, heard):
    end = TODAY + timedelta(days=40)
    article = base.publish(expires_on=end)
    heard.clear()
    for before in (30, 7, 1):
        base.on(end - timedelta(days=before))
    assert [one.days for one in heard] == [30, 7, 1]
    base.on(end, 23)
    assert base.article(article).state == "published"
    assert not readable(base, article)["expired"]
    base.services.clock.advance(timedelta(hours=2))
    shown = readable(base, article)
    assert shown["expired"], "the banner does not wait for the timer"
    assert shown["expired_text"]
    with base.services.unit() as uow, pytest.raises(NotFound):
        service.public(uow, article)
    base.services.timers.fire_due(base.services)
    assert base.article(article).state == "expired"
    assert found(base, audience="internal") == set()
    assert readable(base, article)["expired"]


def test_expired_ones_leave_the_search_before_any_timer_fires(base):
    end = TODAY + timedelta(days=2)
    article = base.publish(expires_on=end)
    assert found(base) == {article}
    base.services.clock.advance(timedelta(days=3))
    answers = base.act("operator", answering.for_staff, ask("失业保险金"))
    assert (answers["total"], answers["items"]) == (0, [])


def ask(words, **more):
    return {
        "q": words, "deep": False, "kinds": "", "department": "", "region": "",
        "material_kind": "", "category": "", "latitude": None, "longitude": None, "limit": 10,
    } | more  # fmt: skip


def test_a_renewal_is_for_somebody_who_did_not_write_it(base):
    end = TODAY + timedelta(days=10)
    article = base.publish(expires_on=end)
    later = end + timedelta(days=100)
    for who in ("author", "operator"):
        with pytest.raises(Forbidden):
            base.act(who, living.renew, article, expires_on=later)
    with pytest.raises(Invalid):
        base.act("head", living.renew, article, expires_on=end)
    base.act("head", living.renew, article, expires_on=later)
    base.on(end + timedelta(days=1))
    assert base.article(article).state == "published"
    base.on(later + timedelta(days=1))
    assert base.article(article).state == "expired"
    base.act("head", living.renew, article, expires_on=later + timedelta(days=30))
    assert base.article(article).state == "published"


def test_what_is_taken_down_is_gone_for_every_reader_at_once(base):
    article = base.publish()
    with pytest.raises(Forbidden):
        base.act("author", living.withdraw, article, "有误")
    base.act("centre", living.withdraw, article, "有误")
    assert readable(base, article) is None
    assert found(base, audience="internal") == set()
    with pytest.raises(NotFound):
        base.act("operator", viewing.show, article)
    assert base.act("author", viewing.show, article)["state"] == "withdrawn"
    base.save(article, public_text="改正后的内容")
    base.publish(article)
    assert "改正" in readable(base, article)["text"]


def test_the_archive_is_the_end(base):
    article = base.publish()
    with pytest.raises(Conflict):
        base.act("author", living.archive, article)
    base.act("centre", living.withdraw, article, "过时")
    base.save(article, summary="还没写完")
    base.act("author", living.archive, article)
    assert [one.state for one in base.versions(article)] == ["withdrawn", "published"]
    with pytest.raises(Conflict):
        base.save(article, summary="再改")
    assert readable(base, article) is None


def test_a_draft_given_up_stays_in_the_history(base):
    article = base.publish()
    base.save(article, summary="试试")
    base.act("author", editing.discard, article, None)
    base.act("author", editing.open_draft, article, None, 2)
    versions = base.versions(article)
    assert [(one.number, one.state) for one in versions] == [
        (3, "draft"), (2, "withdrawn"), (1, "published"),
    ]  # fmt: skip
    assert versions[0].summary == "试试"
