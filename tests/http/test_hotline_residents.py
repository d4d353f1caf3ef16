"""Residents and the hotline over HTTP: tell, follow, urge, rate, ask; nobody else's, nothing internal."""

import pytest
from sqlalchemy import select

from backend.domains.hotline import own_data
from backend.domains.hotline.model import Ticket
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.kernel.ids import new_id
from tests.hotline_api import HotlineApi, make_api
from tests.hotline_world import CGJ

INSIDE = "内部口径：先拖着"


@pytest.fixture
def api(services, client) -> HotlineApi:
    return make_api(services, client)


def file(api: HotlineApi, who: str = "zhao", **changes):
    body = {"kind": "complaint", "words": "路灯坏了。晚上看不见", "address": "南湖路3号", **changes}
    return api.ok("POST /tickets", who, body)


def replied(api: HotlineApi, ticket) -> None:
    api.act("han", ticket, "accept")
    api.act("sun", ticket, "dispatch", {"lead_id": str(CGJ)})
    api.act("gao", ticket, "sign")
    api.act("gao", ticket, "contact", {"note": "说好了"})
    api.act("gao", ticket, "reply", {"internal_record": INSIDE, "public_text": "路灯修好了"})


def test_what_one_tells_says_what_happens_next(api: HotlineApi) -> None:
    ticket = file(api)
    assert ticket["number"].startswith("H") and len(ticket["query_code"]) == 6
    assert (ticket["state_text"], ticket["open"], ticket["question"]) == ("待受理", True, False)
    assert ticket["due_text"] == "最晚11月23日（周一）10:00受理"
    assert ticket["can"] == ["urge", "add", "cancel"]
    assert ticket["words"] == "路灯坏了。晚上看不见"
    assert api.ok(f"GET /tickets/{ticket['id']}", "zhao") == ticket
    (row,) = api.ok("GET /tickets?open=true", "zhao")["items"]
    assert row["id"] == ticket["id"]
    assert api.ok("GET /tickets?open=false", "zhao")["items"] == []
    refused = api.ask("POST /tickets", "zhao", {"kind": "complaint", "words": ""})
    assert (refused[0], list(refused[1]["errors"])) == (422, ["words"])


def test_a_ticket_is_among_ones_matters_and_behind_number_and_code(api: HotlineApi) -> None:
    ticket = file(api)
    (matter,) = api.ok("GET /matters", "zhao")["items"]
    assert (matter["kind"], matter["kind_text"]) == ("ticket", "12345诉求")
    assert matter["subject_id"] == ticket["id"]
    asked = {"receipt_number": ticket["number"], "query_code": ticket["query_code"]}
    found = api.ok("POST /matter-lookups", "nobody", asked)
    assert found["state_text"] == "待受理"
    assert "南湖路" not in str(found) and "晚上看不见" not in str(found)


def test_another_persons_ticket_does_not_exist(api: HotlineApi) -> None:
    ticket = file(api)
    for what, body in (
        (f"GET /tickets/{ticket['id']}", None),
        (f"POST /tickets/{ticket['id']}/notes", {"words": "x"}),
        (f"POST /tickets/{ticket['id']}/urges", {}),
        (f"POST /tickets/{ticket['id']}/cancellations", {"reason": "x"}),
        (f"POST /tickets/{ticket['id']}/ratings", {"solved": True, "satisfied": True}),
        (f"GET /questions/{ticket['id']}", None),
    ):
        assert api.ask(what, "li", body)[0] == 404, what
        assert api.ask(what, "nobody", body)[0] == 401, what
    # One's own, but no question.
    assert api.ask(f"GET /questions/{ticket['id']}", "zhao")[0] == 404


def test_one_urges_once_a_day_and_adds(api: HotlineApi) -> None:
    ticket = file(api)
    path = f"POST /tickets/{ticket['id']}"
    assert "urge" in ticket["can"]
    api.act("han", ticket, "accept")
    given = api.act("sun", ticket, "dispatch", {"lead_id": str(CGJ)})
    assert given["state"] == "to_sign"
    urged = api.ok(f"{path}/urges", "zhao", {"words": "天都黑了"})
    assert "urge" not in urged["can"] and urged["urge_text"].startswith("今天已经催过")
    assert api.ask(f"{path}/urges", "zhao", {})[0] == 409
    added = api.ok(f"{path}/notes", "zhao", {"words": "现在两盏都不亮"})
    assert "现在两盏都不亮" in added["words"]
    seen = api.ok(f"GET /staff/tickets/{ticket['id']}", "desk:gao")
    assert seen["urges"][0]["words"] == "天都黑了" and seen["urges_count"] == 1


def test_the_answer_is_read_once_it_has_passed_and_rated(api: HotlineApi) -> None:
    ticket = file(api)
    replied(api, ticket)
    waiting = api.ok(f"GET /tickets/{ticket['id']}", "zhao")
    assert (waiting["reply"], waiting["replied_at"]) == ("", None)
    assert "路灯修好了" not in str(waiting)
    api.act("liang", ticket, "unit-approval")
    api.act("mao", ticket, "centre-approval")
    answered = api.ok(f"GET /tickets/{ticket['id']}", "zhao")
    assert (answered["reply"], answered["unit_name"]) == ("路灯修好了", "城管局")
    assert "rate" in answered["can"] and INSIDE not in str(answered)
    rated = api.ok(
        f"POST /tickets/{ticket['id']}/ratings", "zhao",
        {"solved": True, "satisfied": True, "comment": "很快"},
    )  # fmt: skip
    assert rated["rating"] == {"solved": True, "satisfied": True, "comment": "很快"}
    assert (rated["state_text"], rated["open"]) == ("已办结", False)


def test_one_takes_it_back_before_a_unit_has_it(api: HotlineApi) -> None:
    ticket = file(api)
    back = api.ok(f"POST /tickets/{ticket['id']}/cancellations", "zhao", {"reason": "好了"})
    assert (back["state"], back["can"]) == ("cancelled", [])
    status, _ = api.ask(f"POST /tickets/{ticket['id']}/cancellations", "zhao", {"reason": "x"})
    assert status == 409


def test_a_question_comes_back_answered_and_names_public_articles_only(api: HotlineApi) -> None:
    body = {"query": "公积金怎么提取", "words": "我离职了能取吗"}
    asked = api.ok("POST /questions", "zhao", body)
    assert (asked["query"], asked["state"], asked["answer"]) == ("公积金怎么提取", "pending", "")
    public = api.hotline.shelf.put(new_id(), 1)
    internal = api.hotline.shelf.put(new_id(), 1, audience="internal")
    api.hotline.shelf.versions[internal].title = "内部口径"
    api.act(
        "han", asked, "answer",
        {"public_text": "离职可以取", "version_ids": [str(public), str(internal)]},
    )  # fmt: skip
    answered = api.ok(f"GET /questions/{asked['id']}", "zhao")
    assert (answered["answer"], answered["state_text"]) == ("离职可以取", "已答复")
    assert [one["title"] for one in answered["sources"]] == ["公积金提取指南"]
    assert answered["answered_at"] and "内部口径" not in str(answered)
    (row,) = api.ok("GET /tickets", "zhao")["items"]
    assert row["question"] is True
    assert api.ask("POST /questions", "nobody", body)[0] == 401


def test_a_question_may_be_asked_without_a_search_but_not_without_a_word(api: HotlineApi) -> None:
    asked = api.ok("POST /questions", "zhao", {"words": "我妈户口在外地，能在这里领养老金吗？"})
    assert (asked["query"], asked["words"]) == ("", "我妈户口在外地，能在这里领养老金吗？")
    (row,) = api.ok("GET /tickets", "zhao")["items"]
    assert row["title"] == "我妈户口在外地，能在这里领养老金吗"
    status, problem = api.ask("POST /questions", "zhao", {"query": "", "words": " "})
    assert (status, problem["errors"]) == (422, {"words": ["请写下想问的，一句话就行"]})


def test_a_machine_is_stopped_after_twenty(api: HotlineApi) -> None:
    for _ in range(20):
        api.ok("POST /questions", "zhao", {"query": "怎么办"})
    assert api.ask("POST /questions", "zhao", {"query": "怎么办"})[0] == 429


def test_an_account_takes_its_words_along(api: HotlineApi) -> None:
    ticket = file(api)
    person = api.headers("zhao").id
    with api.services.unit() as uow:
        (kept,) = own_data.export(uow, person)
        assert (kept["receipt_number"], kept["words"]) == (ticket["number"], ticket["words"])
        assert own_data.open_matters(uow, person) == [f"12345诉求 {ticket['number']}：待受理"]
        other = new_id()
        own_data.move(uow, PersonMerged(source_id=person, target_id=other))
        assert own_data.export(uow, person) == [] and len(own_data.export(uow, other)) == 1
        own_data.forget(uow, PersonClosed(person_id=other))
        row = uow.session.scalars(select(Ticket)).one()
        uow.session.refresh(row)
        assert row.person_id is None and row.address == "" and row.caller_phone_hash is None
        assert (row.words, row.title) == (own_data.ERASED, own_data.ERASED)
