"""What is found, and what never is: scope, dates, withdrawal, totals, snippets, suggestions."""

from datetime import date, timedelta
from uuid import uuid4

import numpy as np
import pytest

from backend.domains.retrieval import live, meaning, service, upkeep
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


@pytest.fixture
def suggest(services, uow):
    def run(text: str, scope: Scope = RESIDENT) -> list[str]:
        return [hit.title for hit in service.suggest(services, uow.session, text, scope)]

    return run


def titles(found) -> list[str]:
    return [hit.title for hit in found.hits]


def shown(found) -> str:
    return "".join(part.text for hit in found.hits for part in hit.snippet)


def test_words_find_what_has_them_best_first(put, ask):
    put(
        document("社会保障卡挂失", "丢失社会保障卡后，可以拨打电话挂失。"),
        document("居住证办理", "办理居住证需要带身份证。"),
        document("身份证补领", "居民身份证丢失后补领的材料。"),
    )
    found = ask("社会保障卡丢失")
    assert titles(found)[0] == "社会保障卡挂失"
    marked = [part.text for part in found.hits[0].snippet if part.hit]
    assert "社会保障卡" in "".join(marked)
    assert found.as_of.isoformat().startswith("2026-11-23")


@pytest.mark.parametrize(
    "hidden",
    [
        {"audience": "internal"},
        {"expires_on": TODAY - timedelta(days=1)},
        {"effective_on": TODAY + timedelta(days=1)},
    ],
    ids=["internal", "expired", "not yet effective"],
)
def test_what_residents_may_not_read_is_nowhere(put, ask, suggest, hidden):
    put(
        document("停水补偿口径", "停水补偿的答复口径", **hidden),
        document("停水通知", "停水补偿请拨打热线"),
    )
    found = ask("停水补偿口径")
    assert titles(found) == ["停水通知"]
    assert found.total == 1
    assert "答复口径" not in shown(found)
    assert suggest("停水补") == []


def test_staff_find_internal_texts_and_residents_do_not(put, ask):
    put(
        document("停水怎么办", "停水请等待抢修。", internal_body="注意：供水公司王工负责解释赔付。")
    )
    assert titles(ask("供水公司赔付", STAFF)) == ["停水怎么办"]
    assert ask("供水公司赔付").hits == []
    assert "王工" not in shown(ask("停水怎么办"))
    assert "王工" in shown(ask("供水公司赔付", STAFF))


def test_first_and_last_day_are_valid_days(put, ask):
    put(document("元旦停车安排", "停车", effective_on=TODAY, expires_on=TODAY))
    assert ask("停车安排").total == 1


def test_a_withdrawal_is_at_once_even_before_it_is_indexed(services, uow, put, ask, monkeypatch):
    ref = uuid4()
    put(document("公租房申请条件", "申请公租房的条件", ref_id=ref))
    assert ask("公租房申请").total == 1
    monkeypatch.setattr(live, "_catch_up", lambda session, index: 0)
    service.remove(uow, "article", ref)
    found = ask("公租房申请")
    assert found.hits == [] and found.total == 0


def test_a_change_of_audience_is_at_once_even_before_it_is_indexed(put, ask, suggest, monkeypatch):
    ref = uuid4()
    put(document("公租房申请条件", "申请公租房的条件", ref_id=ref))
    assert suggest("公租房") == ["公租房申请条件"]
    monkeypatch.setattr(live, "_catch_up", lambda session, index: 0)
    put(document("公租房申请条件", "申请公租房的条件", ref_id=ref, audience="internal"))
    assert ask("公租房申请").total == 0
    assert suggest("公租房") == []


def test_what_is_rolled_back_was_never_found(services, uow, ask):
    nested = uow.session.begin_nested()
    service.put(uow, document("夜间施工许可", "夜间施工"))
    nested.rollback()
    assert ask("夜间施工").total == 0


def test_departments_kinds_regions_and_categories_narrow(put, ask):
    mine, other = uuid4(), uuid4()
    put(
        document("路灯报修一", "路灯", department_id=mine, region_codes=("440105",)),
        document("路灯报修二", "路灯", department_id=other, category_code="city.lamp"),
        Document("item", uuid4(), "路灯报修三", "路灯", material_kind="guide"),
    )
    only = Scope("internal", TODAY, frozenset({mine}))
    assert titles(ask("路灯报修", only)) == ["路灯报修一"]
    assert ask("路灯报修", only, department_id=other).total == 0
    assert titles(ask("路灯报修", kinds=frozenset({"item"}))) == ["路灯报修三"]
    assert set(titles(ask("路灯报修", region="440106"))) == {"路灯报修二", "路灯报修三"}
    assert titles(ask("路灯报修", category="city")) == ["路灯报修二"]
    assert titles(ask("路灯报修", material_kind="guide")) == ["路灯报修三"]


def test_everyday_words_traditional_characters_and_sounds_find_the_official_name(put, ask):
    put(
        document("社会保障卡补领", "补领社会保障卡", aliases=("社保卡",)),
        document("机动车停车", "停车"),
        document("道路照明", "照明"),
    )
    assert titles(ask("社保卡丢了"))[0] == "社会保障卡补领"
    assert titles(ask("社會保障卡補領"))[0] == "社会保障卡补领"
    assert titles(ask("设会保张卡"))[0] == "社会保障卡补领"


def test_suggestions_take_characters_pinyin_and_initials(put, suggest):
    put(document("居住证办理", "办理"), document("居民身份证补领", "补领"))
    assert suggest("居住") == ["居住证办理"]
    assert suggest("juzhuz") == ["居住证办理"]
    assert suggest("jmsfz") == ["居民身份证补领"]
    assert suggest("") == suggest("。。") == []


def test_blank_and_strange_queries_find_nothing_and_do_not_fail(put, ask):
    put(document("居住证办理", "办理"))
    for text in ("", "  ", "？！", "a" * 5000, "(", "居住证 AND *:*", "\\", "\x00"):
        assert ask(text).total in (0, 1)


def test_putting_the_same_again_changes_nothing(services, uow, put):
    one = document("居住证办理", "办理")
    put(one)
    index = live.of(services).current(uow.session)
    before = index.write
    index.write = lambda *_: pytest.fail("written again")
    put(one)
    live.of(services).current(uow.session)
    index.write = before


class Meaning:
    """Knows that tap water has to do with the waterworks."""

    def _of(self, text: str) -> np.ndarray:
        found = np.zeros(384, np.float32)
        found[0 if any(word in text for word in ("自来水", "供水")) else 1] = 1
        return found

    query = passage = _of


def test_a_deep_search_finds_by_meaning_within_the_same_scope(services, uow, put, ask):
    services.extensions[meaning.EXTENSION] = Meaning
    put(
        document("供水公司电话", "抢修热线"),
        document("供水内部口径", "请勿外传", audience="internal"),
        document("停车收费", "收费标准"),
    )
    assert upkeep.embed_missing(services) == 3
    assert ask("自来没有自来水").hits == []
    found = ask("家里没自来水了", deep=True)
    assert titles(found)[0] == "供水公司电话"
    assert "供水内部口径" not in titles(found)
    assert "供水内部口径" in titles(ask("家里没自来水了", STAFF, deep=True))


def test_words_that_nothing_answers_are_not_answered_by_what_is_least_far(services, uow, put, ask):
    services.extensions[meaning.EXTENSION] = Meaning
    put(document("停车收费", "收费标准"), document("图书馆读者证", "带身份证办理"))
    assert upkeep.embed_missing(services) == 2
    found = ask("龘龖靐", deep=True)
    assert (found.hits, found.total) == ([], 0)


def test_a_changed_title_is_embedded_again_only_where_the_text_changed(services, uow, put):
    services.extensions[meaning.EXTENSION] = Meaning
    ref = uuid4()
    put(document("供水公司电话", "抢修热线", ref_id=ref))
    upkeep.embed_missing(services)
    put(document("供水公司电话", "抢修热线", ref_id=ref, keywords=("停水",)))
    assert upkeep.embed_missing(services) == 0
    put(document("供水公司电话", "新的抢修热线", ref_id=ref))
    assert upkeep.embed_missing(services) == 1


def test_sources_are_compared_and_repaired(services, uow, ask):
    from backend.domains.retrieval import ports

    one, other = document("居住证办理", "办理"), document("旧文章", "旧")

    class Source:
        def documents(self, uow):
            yield one

    service.put(uow, other)
    uow.session.commit()
    ports.register_source(services, "article", Source())
    assert upkeep.compare_sources(services) == 2
    assert upkeep.compare_sources(services) == 0
    assert titles(ask("居住证办理")) == ["居住证办理"]
    assert ask("旧文章").total == 0
