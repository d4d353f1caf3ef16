"""The telephone: events in any order, a screen with the caller's history, the soft phone."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from backend.domains.hotline.model import Call
from tests.hotline_api import NUMBER, HotlineApi, make_api


@pytest.fixture
def api(services, client) -> HotlineApi:
    return make_api(services, client)


def calls(api: HotlineApi) -> list[Call]:
    with api.services.unit() as uow:
        return list(uow.session.scalars(select(Call).order_by(Call.external_id)))


def current(api: HotlineApi, who: str = "desk:han"):
    return api.ok("GET /staff/calls/current", who)


def ready(api: HotlineApi, who: str = "desk:han"):
    return api.ok("PUT /staff/calls/agent", who, {"state": "ready"})


def test_only_a_live_key_may_tell_of_calls(api: HotlineApi) -> None:
    right, api.key = api.key, "wrong"
    assert api.tell("ringing")[0] == 403
    api.key = right
    assert api.tell("ringing", number=NUMBER) == (200, {"call_id": "c1", "state": "ringing"})


def test_a_revoked_key_tells_nothing_more(api: HotlineApi) -> None:
    from tests.people import sign_in_staff

    admin = sign_in_staff(api.services, ("administrator", "district", None))
    api.known["admin"] = admin
    made = api.ok("POST /staff/cti-keys", "admin", {"name": "新交换机"})
    api.key = made["key"]
    assert api.tell("ringing")[0] == 200
    listed = api.ok("GET /staff/cti-keys", "admin")["items"]
    assert made["key"] not in str(listed)
    assert next(row for row in listed if row["id"] == made["id"])["used_at"]
    api.ok(f"POST /staff/cti-keys/{made['id']}/revocations", "admin")
    assert api.tell("answered")[0] == 403


def test_what_is_no_event_is_refused_with_its_fields(api: HotlineApi) -> None:
    status, body = api.tell("sung")
    assert (status, list(body["errors"])) == (422, ["event"])
    answer = api.client.post("/cti/v1/events", data="{", headers={"X-Api-Key": api.key})
    assert answer.status_code == 422
    assert api.tell("ringing", at="gestern")[0] == 422


def test_the_same_event_twice_is_once(api: HotlineApi) -> None:
    for _ in range(3):
        api.ring()
        api.tell("answered", agent=api.username("han"))
    (call,) = calls(api)
    assert (call.state, call.version, call.agent_id) == ("answered", 3, api.world.id("han"))


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (["ended", "ringing", "answered"], "ended"),
        (["answered", "ringing"], "answered"),
        (["missed", "ringing", "answered", "ended"], "missed"),
        (["ringing", "ended", "missed"], "ended"),
    ],
)
def test_late_events_fill_in_and_never_go_back(api: HotlineApi, events, state) -> None:
    clock = api.services.clock
    for turn, event in enumerate(events):
        at = (clock.now() + timedelta(seconds=turn)).isoformat()
        assert api.tell(event, number=NUMBER, at=at)[0] == 200
    (call,) = calls(api)
    assert call.state == state
    assert call.rang_at is not None
    assert (call.answered_at is not None) == ("answered" in events and state != "missed")


def test_the_number_is_nowhere_in_plain(api: HotlineApi) -> None:
    api.ring()
    with api.services.unit() as uow:
        row = uow.session.execute(text("SELECT call::text FROM call")).scalar_one()
        assert NUMBER not in row and NUMBER.encode().hex() not in row
    ready(api)
    assert NUMBER not in str(current(api))


def test_a_ringing_call_shows_the_caller_with_history(api: HotlineApi) -> None:
    wang = api.headers("wang")
    api.new(caller_phone=NUMBER)
    api.new(caller_phone="+86 138-1234-5678", confidential=True)
    assert current(api)["call"] is None
    api.ring(number=f"0{NUMBER}", agent=api.username("han"))
    found = current(api)
    assert found["call"]["number_masked"] == "138****5678"
    assert (found["call"]["state"], found["call"]["mine"]) == ("ringing", True)
    assert found["caller"]["name_masked"] == "王*兰"
    assert found["caller"]["known"] is True
    # The confidential one would say who asked to stay unknown.
    assert found["caller"]["tickets_count"] == len(found["caller"]["tickets"]) == 1
    assert found["caller"]["appointments_count"] == 0
    assert found["line"] == {"waiting": 1, "talking": 0, "agents_ready": 0}
    # Nobody else's screen pops.
    assert current(api, "desk:wang")["call"] is None
    assert wang.id


def test_a_number_of_an_account_brings_what_the_account_has(api: HotlineApi) -> None:
    me = api.headers("zhao")
    filed = api.ok("POST /tickets", "zhao", {"kind": "request", "words": "想装充电桩"})
    with api.services.unit() as uow:
        from backend.domains.identity import service as identity

        phone = identity.person_card(uow, me.id).phone
    api.ring(number=phone, agent=api.username("han"))
    caller = current(api)["caller"]
    assert [row["id"] for row in caller["tickets"]] == [filed["id"]]
    assert caller["name_masked"].startswith("z")


def test_polling_costs_nothing_while_nothing_changes(api: HotlineApi) -> None:
    first = api.raw("/api/v1/staff/calls/current", "desk:han")
    again = api.raw(
        "/api/v1/staff/calls/current", "desk:han", **{"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    api.ring(agent=api.username("han"))
    changed = api.raw(
        "/api/v1/staff/calls/current", "desk:han", **{"If-None-Match": first.headers["ETag"]}
    )
    assert changed.status_code == 200


def test_a_call_for_anybody_is_answered_by_one(api: HotlineApi) -> None:
    api.ring()
    # Whoever does not take calls is not asked.
    assert current(api)["call"] is None
    ready(api)
    ready(api, "desk:wang")
    call = current(api)["call"]
    assert current(api, "desk:wang")["call"]["id"] == call["id"]
    taken = api.ok(f"POST /staff/calls/{call['id']}/answer", "desk:han")
    assert (taken["call"]["state"], taken["call"]["mine"]) == ("answered", True)
    assert api.ask(f"POST /staff/calls/{call['id']}/answer", "desk:wang")[0] == 404
    assert current(api, "desk:wang")["call"] is None
    # The exchange's own word for it, a moment later, changes nothing.
    api.tell("answered", agent=api.username("han"))
    assert current(api)["line"]["talking"] == 1
    ended = api.ok(f"POST /staff/calls/{call['id']}/end", "desk:han")
    assert ended["state"] == "ended"
    assert api.ok(f"POST /staff/calls/{call['id']}/end", "desk:han")["state"] == "ended"
    assert api.tell("ended") == (200, {"call_id": "c1", "state": "ended"})


def test_nobody_speaks_with_two_or_leaves_in_the_middle(api: HotlineApi) -> None:
    for call_id in ("c1", "c2"):
        api.ring(call_id, agent=api.username("han"))
    first = current(api)["call"]["id"]
    api.ok(f"POST /staff/calls/{first}/answer", "desk:han")
    second = next(str(call.id) for call in calls(api) if str(call.id) != first)
    assert api.ask(f"POST /staff/calls/{second}/answer", "desk:han")[1]["code"] == "in_a_call"
    status, body = api.ask("PUT /staff/calls/agent", "desk:han", {"state": "off"})
    assert (status, body["code"]) == (409, "in_a_call")
    assert api.ok("PUT /staff/calls/agent", "desk:han", {"state": "away"})["state_text"] == "示忙"


def test_a_call_that_nobody_ended_stops_ringing_on_screens(api: HotlineApi) -> None:
    api.ring(agent=api.username("han"))
    api.services.clock.advance(timedelta(minutes=6))
    assert current(api)["call"] is None


def test_another_operators_call_does_not_exist(api: HotlineApi) -> None:
    api.ring(agent=api.username("han"))
    call = current(api)["call"]["id"]
    assert api.ask(f"POST /staff/calls/{call}/end", "desk:wang")[0] == 404
    status, _ = api.ask(
        "POST /staff/tickets", "desk:wang", {"kind": "request", "words": "x", "call_id": call}
    )
    assert status == 404
    assert api.ask("GET /staff/calls/current", "desk:gao")[0] == 403


def test_a_ticket_of_a_call_has_its_number_and_account(api: HotlineApi) -> None:
    me = api.headers("zhao")
    with api.services.unit() as uow:
        from backend.domains.identity import service as identity

        phone = identity.person_card(uow, me.id).phone
    api.ring(number=phone, agent=api.username("han"))
    call = current(api)["call"]["id"]
    ticket = api.new(call_id=call, caller_phone="", caller_name="")
    assert ticket["phone_masked"] == f"{phone[:3]}****{phone[-4:]}"
    assert api.ok(f"GET /tickets/{ticket['id']}", "zhao")["number"] == ticket["number"]
    # A number that is only typed proves nothing.
    typed = api.new(caller_phone=phone)
    assert api.ask(f"GET /tickets/{typed['id']}", "zhao")[0] == 404


def test_a_withheld_number_is_nobodys(api: HotlineApi) -> None:
    api.ring(number="", agent=api.username("han"))
    found = current(api)
    assert found["call"]["number_masked"] is None
    assert found["caller"]["known"] is False and found["caller"]["tickets"] == []
