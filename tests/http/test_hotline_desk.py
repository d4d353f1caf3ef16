"""The desks over HTTP: taking down, drafts, suggestions, lists, every step to the end, links."""

from datetime import timedelta

import pytest
from sqlalchemy import and_, func, select, text

from backend.domains.dispatch import intakes
from backend.domains.dispatch.model import Event
from backend.domains.hotline import desk
from backend.domains.hotline.desk_model import TicketCorrection
from backend.domains.hotline.hot_source import recent_messages
from backend.domains.hotline.model import Ticket
from backend.domains.routing import ports as routing
from backend.kernel.reveals import Reveal
from tests.hotline_api import NUMBER, HotlineApi, make_api
from tests.hotline_world import CGJ, ZJJ

FILLED = {"internal_record": "内部：换了灯泡", "public_text": "路灯修好了"}


@pytest.fixture
def api(services, client) -> HotlineApi:
    return make_api(services, client)


def get(api: HotlineApi, ticket, who: str = "desk:han"):
    return api.ok(f"GET /staff/tickets/{ticket['id']}", who)


def test_a_draft_is_kept_as_it_is_typed_and_gone_with_the_ticket(api: HotlineApi) -> None:
    draft = "/staff/ticket-drafts/call-1"
    none = {"key": "call-1", "body": {}, "version": 0, "saved_at": None}
    assert api.ok(f"GET {draft}", "desk:han") == none
    first = api.ok(f"PUT {draft}", "desk:han", {"body": {"words": "路灯"}, "version": 0})
    assert (first["version"], first["body"]) == (1, {"words": "路灯"})
    second = {"body": {"words": "路灯坏了", "caller_name": "王小兰"}, "version": 1}
    assert api.ok(f"PUT {draft}", "desk:han", second)["version"] == 2
    # Sent again because the answer was lost: no conflict with oneself.
    assert api.ok(f"PUT {draft}", "desk:han", second)["version"] == 2
    assert [one["key"] for one in api.ok("GET /staff/ticket-drafts", "desk:han")["items"]] == [
        "call-1"
    ]
    assert api.ok(f"GET {draft}", "desk:wang") == none
    with api.services.unit() as uow:
        kept = uow.session.execute(text("SELECT ticket_draft::text FROM ticket_draft")).scalar_one()
    assert "王小兰" not in kept and "王小兰".encode().hex() not in kept
    api.new(draft_key="call-1")
    assert api.ok(f"GET {draft}", "desk:han") == none


def test_two_windows_lose_nobodys_words(api: HotlineApi) -> None:
    draft = "PUT /staff/ticket-drafts/new"
    api.ok(draft, "desk:han", {"body": {"words": "一"}, "version": 0})
    api.ok(draft, "desk:han", {"body": {"words": "二"}, "version": 1})
    status, other = api.ask(draft, "desk:han", {"body": {"words": "三"}, "version": 1})
    assert (status, other["code"]) == (409, "draft_changed")
    assert other["current"]["body"] == {"words": "二"} and other["current"]["version"] == 2
    assert api.ask(draft, "desk:han", {"body": {"words": "x"}, "version": 0})[0] == 409
    long = {"body": {"words": "长" * 20000}, "version": 2}
    assert api.ask(draft, "desk:han", long)[0] == 422
    gone = api.client.delete("/api/v1/staff/ticket-drafts/new", headers=api.headers("desk:han"))
    assert gone.status_code == 204
    # What is still being typed after a send elsewhere is kept all the same.
    assert api.ok(draft, "desk:han", {"body": {"words": "四"}, "version": 2})["version"] == 1


def test_a_ticket_is_taken_down_with_masked_caller_and_help(api: HotlineApi) -> None:
    ticket = api.new()
    assert ticket["number"].startswith("H") and ticket["state"] == "pending"
    assert (ticket["caller_masked"], ticket["phone_masked"]) == ("王*兰", "138****5678")
    assert ticket["category"] == {"code": "light", "name": "路灯"}
    assert ticket["clock"]["kind"] == "accept" and ticket["light"] == "green"
    assert ticket["can"] == [
        "accept", "reject", "answer", "edit", "urges", "links", "pins", "events",
    ]  # fmt: skip
    assert ticket["suggestions"]["categories"][0]["code"] == "light"
    assert NUMBER not in str(ticket)
    again = api.new()
    assert again["repeat_count"] == 1
    assert [one["id"] for one in again["repeat"]] == [ticket["id"]]


def test_suggestions_help_while_the_caller_speaks_and_keep_nothing(api: HotlineApi) -> None:
    api.new()
    body = {"words": "路灯坏了，有人触电昏迷", "number": NUMBER}
    found = api.ok("POST /staff/ticket-suggestions", "desk:han", body)
    assert found["categories"][0]["code"] == "light"
    assert found["emergency"]["services"][0]["number"] == "120"
    assert len(found["repeat"]) == 1 and found["hot"] is None
    assert api.ask("POST /staff/ticket-suggestions", "desk:gao", body)[0] == 403
    with api.services.unit() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_confidential_callers_are_nowhere(api: HotlineApi) -> None:
    open_ = api.new()
    secret = api.new(confidential=True)
    for found in (secret, get(api, secret, "desk:sun"), get(api, open_)):
        assert found["repeat_count"] == 0 and found["repeat"] == []
    assert (secret["caller_masked"], secret["phone_masked"]) == ("（要求保密）", None)
    listed = api.ok(f"GET /staff/tickets?q={NUMBER}", "desk:sun")["items"]
    assert [row["id"] for row in listed] == [open_["id"]]


def test_a_reveal_needs_a_reason_a_right_and_is_kept(api: HotlineApi) -> None:
    ticket = api.new(confidential=True)
    path = f"POST /staff/tickets/{ticket['id']}/reveals"
    why = {"field": "phone", "purpose": "核对回电号码"}
    assert api.ok(path, "desk:han", why) == {"value": NUMBER}
    assert api.ok(path, "desk:han", {**why, "field": "name"}) == {"value": "王小兰"}
    assert api.ask(path, "desk:han", {**why, "purpose": "看"})[0] == 422
    assert api.ask(path, "desk:sun", why)[0] == 403
    assert api.ask(path, "desk:wang", why)[0] == 403
    assert api.ask(path, "desk:gao", why)[0] == 404
    api.act("han", ticket, "accept")
    # Taken on, the operator has no reason to look any more.
    assert api.ask(path, "desk:han", why)[0] == 403
    with api.services.unit() as uow:
        rows = uow.session.scalars(select(Reveal).order_by(Reveal.at, Reveal.field)).all()
    assert [(row.subject_kind, row.field) for row in rows] == [
        ("ticket", "name"), ("ticket", "phone"),
    ]  # fmt: skip


def test_an_edit_needs_the_version_that_was_seen(api: HotlineApi) -> None:
    ticket = api.new()
    path = f"PUT /staff/tickets/{ticket['id']}"
    one = api.raw(f"/api/v1/staff/tickets/{ticket['id']}", "desk:han").headers["ETag"]
    changed = api.ok(
        path, "desk:han",
        {"words": "路灯和井盖都坏了", "title": "路灯和井盖", "category_code": "gas",
         "caller_name": "李四", "caller_phone": "13900001111"},
        **{"If-Match": one},
    )  # fmt: skip
    assert (changed["title"], changed["category"]["code"]) == ("路灯和井盖", "gas")
    assert (changed["caller_masked"], changed["phone_masked"]) == ("李*", "139****1111")
    assert changed["timeline"][0]["internal_text"] == "更正：标题、内容、类别、来电人、电话"
    status, refused = api.ask(path, "desk:wang", {"words": "别的"}, **{"If-Match": one})
    assert (status, refused["code"]) == (412, "stale")
    assert api.ask(path, "desk:wang", {"words": "别的"})[0] == 412
    assert api.ask(path, "desk:gao", {"words": "别的"}, **{"If-Match": one})[0] == 404
    assert api.ask(path, "desk:cai", {"words": "别的"}, **{"If-Match": '"2"'})[0] == 403


def test_what_a_resident_wrote_stays_as_it_is(api: HotlineApi) -> None:
    filed = api.ok("POST /tickets", "zhao", {"kind": "request", "words": "想装充电桩"})
    path = f"PUT /staff/tickets/{filed['id']}"
    status, refused = api.ask(path, "desk:han", {"words": "不想装"}, **{"If-Match": '"1"'})
    assert (status, refused["code"]) == (422, "own_words")
    assert api.ok(path, "desk:han", {"title": "充电桩"}, **{"If-Match": '"1"'})["version"] == 2


def test_every_list_shows_what_waits_there_and_counts_it(api: HotlineApi) -> None:
    api.services.extensions.pop("ticket_counts", None)
    waiting, given = api.new(), api.new()
    api.act("han", given, "accept")
    api.act("sun", given, "dispatch", {"lead_id": str(CGJ), "co_ids": [str(ZJJ)]})

    def ids(who: str, name: str) -> list[str]:
        found = api.ok(f"GET /staff/tickets?list={name}", who)
        return [row["id"] for row in found["items"]]

    assert ids("desk:han", "pending") == [waiting["id"]]
    assert ids("desk:han", "mine") == [given["id"], waiting["id"]]
    assert ids("desk:gao", "unit") == ids("desk:tang", "unit") == [given["id"]]
    assert ids("desk:gao", "all") == [given["id"]] and ids("desk:yu", "all") == []
    assert ids("desk:gao", "mine") == []
    api.act("gao", given, "sign")
    assert ids("desk:gao", "mine") == [given["id"]]
    assert ids("desk:sun", "overdue") == []
    api.services.extensions.pop("ticket_counts", None)
    found = api.ok("GET /staff/tickets?limit=1", "desk:sun")
    assert found["counts"] == {
        "pending": 1, "to_dispatch": 0, "mine": 0, "unit": 0, "to_review": 0, "callback": 0,
        "judgement": 0, "overdue": 0, "all": 2,
    }  # fmt: skip
    further = api.ok(f"GET /staff/tickets?limit=1&cursor={found['next_cursor']}", "desk:sun")
    assert [row["id"] for row in found["items"] + further["items"]] == [
        given["id"], waiting["id"],
    ]  # fmt: skip
    for query in (
        f"q={given['number']}", f"department={CGJ}", "state=handling", "light=green&list=unit",
        "category=light&from=2026-11-23&to=2026-11-23", "kind=complaint&q=路灯",
    ):  # fmt: skip
        assert given["id"] in [
            row["id"] for row in api.ok(f"GET /staff/tickets?{query}", "desk:gao")["items"]
        ], query
    assert api.ok("GET /staff/tickets?light=red", "desk:sun")["items"] == []


def test_a_ticket_goes_all_the_way_over_http(api: HotlineApi) -> None:
    ticket = api.new()
    api.act("han", ticket, "accept", {"version": ticket["version"]})
    status, late = api.ask(
        f"POST /staff/tickets/{ticket['id']}/accept", "desk:wang", {"version": 1}
    )
    assert (status, late["code"]) == (409, "changed_meanwhile")
    api.act("sun", ticket, "dispatch", {"lead_id": str(CGJ), "co_ids": [str(ZJJ)]})
    asked = api.act("gao", ticket, "returns", {"legal_basis": "三定方案", "reason": "不归我们"})
    (request,) = asked["requests"]
    assert (request["kind"], request["can"]) == ("return", [])
    seen = get(api, ticket, "desk:sun")["requests"][0]
    assert seen["can"] == ["decision"]
    decide = f"POST /staff/ticket-requests/{request['id']}/decision"
    assert api.ask(decide, "desk:yu", {"approved": False, "note": "不"})[0] == 404
    assert api.ask(decide, "desk:sun", {"approved": False})[0] == 422
    back = api.ok(decide, "desk:sun", {"approved": False, "note": "属于你们"})
    assert back["state"] == "to_sign"
    signed = api.act("gao", ticket, "sign")
    assert (signed["first_unit_name"], signed["first_signer_name"]) == ("城管局", "gao")
    api.act("tang", ticket, "sign")
    api.act("gao", ticket, "contact", {"note": "约了上门"})
    api.act("tang", ticket, "co-reply", {"text": "线路没问题"})
    ordered = api.act(
        "zheng", ticket, "supervisions",
        {"words": "请尽快", "due_at": "2026-11-24T12:00:00+08:00"},
    )  # fmt: skip
    (order,) = ordered["orders"]
    assert order["can"] == ["close"] and ordered["orders_open"] == 1
    answered = api.ok(
        f"POST /staff/ticket-orders/{order['id']}/reply", "desk:gao", {"words": "明天好"}
    )
    assert answered["orders"][0]["reply"] == "明天好"
    api.ok(f"POST /staff/ticket-orders/{order['id']}/close", "desk:zheng", {})
    api.act("han", ticket, "urges", {"words": "还没好"})
    api.act("gao", ticket, "extensions", {"days": 3, "reason": "等材料"})
    wish = get(api, ticket, "desk:zheng")["requests"][-1]
    api.ok(f"POST /staff/ticket-requests/{wish['id']}/decision", "desk:zheng", {"approved": True})
    api.act("gao", ticket, "reply", FILLED)
    api.act("liang", ticket, "unit-approval")
    api.act("mao", ticket, "send-back", {"reason": "写清楚"})
    api.act("gao", ticket, "reply", FILLED)
    api.act("liang", ticket, "unit-approval")
    passed = api.act("mao", ticket, "centre-approval")
    assert passed["state"] == "callback" and passed["reply_public"] == "路灯修好了"
    bad = api.act(
        "cai", ticket, "callbacks", {"contacted": True, "solved": False, "satisfied": False}
    )
    assert bad["state"] == "judgement" and len(bad["callbacks"]) == 1
    api.act("min", ticket, "judgements", {"decision": "redo", "reason": "重新修"})
    redone = get(api, ticket, "desk:gao")
    assert redone["state"] == "handling" and redone["clock"]["kind"] == "redo"
    assert {"reply", "holds", "contact", "units"} <= set(redone["can"])
    assert [line["action_text"] for line in redone["timeline"]][:2] == ["重办", "回访不满意"]


def test_who_may_not_is_told_so_or_sees_nothing(api: HotlineApi) -> None:
    ticket = api.new()
    path = f"POST /staff/tickets/{ticket['id']}"
    assert api.ask(f"{path}/dispatch", "desk:sun", {"lead_id": str(CGJ)})[0] == 409
    api.act("han", ticket, "accept")
    assert api.ask(f"{path}/dispatch", "desk:han", {"lead_id": str(CGJ)})[0] == 403
    assert api.ask(f"{path}/sign", "desk:gao", {})[0] == 404
    assert api.ask(f"GET /staff/tickets/{ticket['id']}", "desk:gao")[0] == 404
    assert api.ask(f"{path}/accept", "nobody", {})[0] == 401


def test_what_was_chosen_is_kept_beside_what_was_suggested(api: HotlineApi) -> None:
    ticket = api.new(category_code="gas")
    api.act("han", ticket, "accept")
    api.act("sun", ticket, "dispatch", {"lead_id": str(ZJJ)})
    with api.services.unit() as uow:
        rows = uow.session.scalars(select(TicketCorrection).order_by(TicketCorrection.target))
        found = [(row.target, row.suggested_code, row.chosen_code) for row in rows]
    assert found == [("category", "light", "gas"), ("department", "", "zjj")]


def test_closed_tickets_are_examples_to_learn_from(api: HotlineApi) -> None:
    api.hotline.closed()
    api.hotline.closed(confidential=True)
    with api.services.unit() as uow:
        source = routing.source(api.services)
        (one,) = source.finished(uow, 10)
    assert (one.category_code, one.department_code) == ("light", "cgj")
    assert one.words == "路灯坏了。没人修"


def test_an_answer_pins_the_version_it_was_taken_from(api: HotlineApi) -> None:
    from backend.kernel.ids import new_id

    version = api.hotline.shelf.put(new_id(), 3)
    ticket = api.new(kind="consult")
    pinned = api.act("han", ticket, "pins", {"version_id": str(version)})
    (pin,) = pinned["pins"]
    assert (pin["version_number"], pin["title"], pin["public"]) == (3, "公积金提取指南", True)
    assert api.act("han", ticket, "unpins", {"version_id": str(version)})["pins"] == []
    done = api.act(
        "han", ticket, "answer",
        {"public_text": "带身份证", "version_ids": [str(version)]},
    )  # fmt: skip
    assert done["state"] == "answered" and len(done["pins"]) == 1


def test_a_ticket_becomes_an_event_and_both_say_so(api: HotlineApi) -> None:
    ticket = api.new(address="南湖路3号")
    made = api.act("han", ticket, "events")
    (linked,) = made["links"]["events"]
    assert linked["number"].startswith("E") and "events" not in made["can"]
    assert api.ask(f"POST /staff/tickets/{ticket['id']}/events", "desk:han", {})[0] == 409
    with api.services.unit() as uow:
        event = uow.session.scalars(select(Event)).one()
    assert (event.external_number, event.source) == (ticket["number"], "ticket")


def test_events_and_cases_are_tied_and_untied_by_number(api: HotlineApi) -> None:
    first, second = api.new(), api.new()
    event = api.act("han", first, "events")["links"]["events"][0]
    tied = api.act("han", second, "links", {"kind": "event", "number": event["number"]})
    assert [one["id"] for one in tied["links"]["events"]] == [event["id"]]
    case = api.act("han", second, "links", {"kind": "case", "number": "B-2026-7"})
    assert [one["number"] for one in case["links"]["cases"]] == ["B-2026-7"]
    gone = api.act("han", second, "unlinks", {"kind": "case", "number": "B-2026-7"})
    assert gone["links"]["cases"] == []
    wrong = {"kind": "event", "number": "E261123-000000-0"}
    assert api.ask(f"POST /staff/tickets/{second['id']}/links", "desk:han", wrong)[0] == 422


def test_a_caller_with_two_merged_reports_is_one_caller_with_one_matter(api: HotlineApi) -> None:
    parent, child = api.new(), api.new()
    for one in (parent, child):
        api.act("han", one, "accept")
    assert get(api, parent)["repeat_count"] == 1
    api.act("sun", parent, "dispatch", {"lead_id": str(CGJ)})
    api.act("sun", child, "merge", {"parent_id": parent["id"]})
    assert get(api, parent)["repeat_count"] == get(api, child)["repeat_count"] == 0
    neighbour = api.new(caller_phone="13812345679")
    api.act("han", neighbour, "accept")
    api.act("sun", neighbour, "merge", {"parent_id": parent["id"]})
    with api.services.unit() as uow:
        (told,) = recent_messages(uow, uow.now - timedelta(days=1), 10)
    assert (str(told.id), told.callers, len(told.who)) == (parent["id"], 2, 2)
    # Another matter of the same caller: the two merged ones are one before it.
    assert api.new()["repeat_count"] == 1


def test_a_search_that_takes_too_long_is_refused_with_what_to_do(
    api: HotlineApi, monkeypatch
) -> None:
    ticket = api.new(words="桥下积水")
    found = api.ok("GET /staff/tickets?list=all&q=桥下", "desk:han")
    assert [one["id"] for one in found["items"]] == [ticket["id"]]
    slow = desk._named
    monkeypatch.setattr(
        desk, "_named", lambda uow, q: and_(func.pg_sleep(1).is_not(None), slow(uow, q))
    )
    monkeypatch.setattr(desk, "SEARCH_SECONDS", 0.05)
    status, answer = api.ask("GET /staff/tickets?list=all&q=桥下", "desk:han")
    assert (status, answer["code"]) == (422, "search_too_wide")
    assert answer["title"] == "搜索范围过大，请缩小"
    # The limit was that search's alone.
    with api.services.unit() as uow:
        assert uow.session.scalar(text("SELECT current_setting('statement_timeout')")) == "15s"
    assert api.ok("GET /staff/tickets?list=mine", "desk:han")["items"]


def test_a_forwarded_message_becomes_a_ticket_once(api: HotlineApi) -> None:
    with api.services.unit() as uow:
        (message,) = intakes.paste(uow, "张三 11/23 09:12\n社保卡丢了怎么补")
        intake_id = str(message.id)
    ticket = api.new(source="wechat", kind="consult", intake_id=intake_id)
    body = {"source": "wechat", "kind": "consult", "words": "再来", "intake_id": intake_id}
    assert api.ask("POST /staff/tickets", "desk:han", body)[0] == 404
    with api.services.unit() as uow:
        row = uow.session.get(type(message), message.id)
        assert row.state == "dismissed" and ticket["number"] in row.reason


def test_merged_tickets_show_on_both_sides(api: HotlineApi) -> None:
    parent, child = api.new(), api.new()
    for one in (parent, child):
        api.act("han", one, "accept")
    api.act("sun", parent, "dispatch", {"lead_id": str(CGJ)})
    merged = api.act("sun", child, "merge", {"parent_id": parent["id"]})
    assert merged["links"]["parent"]["number"] == parent["number"]
    found = get(api, parent, "desk:gao")
    assert [one["number"] for one in found["links"]["children"]] == [child["number"]]
