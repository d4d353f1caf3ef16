"""Acting for somebody: asked, answered, used, withdrawn; on paper; and nobody is sought out."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from appointments.demand_model import AgentConsent
from backend.domains.identity.events import PersonClosed
from backend.domains.identity.service import reveal_value
from backend.kernel import trace
from notifications.model import InboxMessage
from tests.appointments_api import CARD, PASS
from tests.appointments_world import MONDAY
from tests.http.hall import (  # noqa: F401 - fixtures
    call,
    clerk,
    spot,
)

UNTIL = str(MONDAY + timedelta(days=30))
OLD, YOUNG = "13800008001", "13800008002"


@pytest.fixture
def mother(spot, sign_in_person):
    return sign_in_person(name="测试妈", phone=OLD)


@pytest.fixture
def daughter(sign_in_person):
    return sign_in_person(name="测试女", phone=YOUNG)


def ask(call, who, **changes):
    wanted = {
        "role": "agent", "name": "测试妈", "phone": OLD, "item_id": str(CARD.id),
        "relation": "子女", "until": UNTIL, **changes,
    }  # fmt: skip
    return call("POST /agent-consents", who, wanted)


def given(call, mother, daughter, **changes) -> str:
    _, asked = ask(call, daughter, **changes)
    (seen,) = call("GET /agent-consents", mother)[1]["items"][:1]
    status, yes = call(f"POST /agent-consents/{asked['id']}/answer", mother, {"give": True})
    assert (status, yes["state"], seen["can_answer"]) == (200, "given", True)
    return asked["id"]


def told(services, person) -> list[str]:
    with services.unit() as uow:
        query = select(InboxMessage.title).where(InboxMessage.person_key == person)
        return list(uow.session.scalars(query.order_by(InboxMessage.visible_from, InboxMessage.id)))


def test_asked_given_used_and_withdrawn(call, spot, mother, daughter, clerk, services):
    status, asked = ask(call, daughter)
    assert status == 201
    assert (asked["role"], asked["other_name"], asked["state"]) == ("agent", "测*妈", "asked")
    assert (asked["can_answer"], asked["can_withdraw"]) == (False, True)
    body = {"slot_id": str(spot.slot(10)), "item_id": str(CARD.id), "consent_id": asked["id"]}
    status, problem = call("POST /appointments", daughter, body)
    assert (status, problem["code"]) == (409, "consent_not_given")
    assert call(f"POST /agent-consents/{asked['id']}/answer", daughter, {"give": True})[0] == 409
    assert told(services, mother.id)[-1].endswith("想替您办事")
    status, yes = call(f"POST /agent-consents/{asked['id']}/answer", mother, {"give": True})
    assert (status, yes["state_text"], yes["role"]) == (200, "可以代办", "principal")
    assert told(services, daughter.id) == ["代办：委托已同意"]
    again = call(f"POST /agent-consents/{asked['id']}/answer", mother, {"give": False})
    assert again[1]["code"] == "consent_answered"

    wrong = {**body, "item_id": str(PASS.id), "slot_id": str(spot.slot(10, group="huji"))}
    assert call("POST /appointments", daughter, wrong)[1]["code"] == "consent_other_item"
    status, shown = call("POST /appointments", daughter, body)
    assert status == 201, shown
    assert shown["principal"]["name"].startswith("测") and shown["agent"] is None
    status, hers = call(f"GET /appointments/{shown['id']}", mother)
    assert (status, hers["principal"]) == (200, None) and hers["agent"]["name"].startswith("测")
    assert {line["actor_text"] for line in hers["timeline"]} == {"代办人"}
    assert [row["id"] for row in call("GET /appointments?role=agent", daughter)[1]["items"]] == [
        shown["id"]
    ]
    assert call("GET /appointments?role=own", daughter)[1]["items"] == []
    assert len(call("GET /appointments", mother)[1]["items"]) == 1
    for person in (mother.id, daughter.id):
        assert any(title.startswith("约好了") for title in told(services, person))
    door = f"GET /staff/appointments/{shown['id']}"
    _, seen = call(door, clerk)
    assert (seen["agent"]["relation"], seen["agent"]["consent_state_text"]) == ("子女", "可以代办")
    assert (seen["source"], seen["channel"], seen["visit"]) == ("booked", "online", None)

    status, moved = call(
        f"POST /appointments/{shown['id']}/reschedule", daughter,
        {"slot_id": str(spot.slot(10, 30))},
    )  # fmt: skip
    assert status == 200, moved
    status, gone = call(f"POST /agent-consents/{asked['id']}/withdraw", mother)
    assert (status, gone["state"]) == (200, "withdrawn")
    after = call(door, clerk)[1]["agent"]
    assert (after["consent_holds"], after["consent_state_text"]) == (False, "已撤回")
    assert call(f"GET /appointments/{shown['id']}", mother)[1]["state"] == "booked"
    status, problem = call(f"POST /appointments/{shown['id']}/cancel", daughter, {})
    assert (status, problem["code"]) == (409, "consent_not_given")
    assert call(f"POST /appointments/{shown['id']}/cancel", mother, {})[0] == 200
    assert call(f"POST /agent-consents/{asked['id']}/withdraw", mother)[0] == 409
    assert any(title.startswith("预约已取消") for title in told(services, daughter.id))


def test_a_stranger_sees_and_uses_nothing(call, spot, mother, daughter, sign_in_person):
    consent = given(call, mother, daughter)
    stranger = sign_in_person(name="测试丙")
    assert call("GET /agent-consents", stranger)[1]["items"] == []
    for step, json in (("answer", {"give": True}), ("withdraw", None)):
        assert call(f"POST /agent-consents/{consent}/{step}", stranger, json)[0] == 404
    body = {"slot_id": str(spot.slot(10)), "item_id": str(CARD.id), "consent_id": consent}
    assert call("POST /appointments", stranger, body)[0] == 404
    assert call("POST /appointments", mother, body)[0] == 404


def test_asking_tells_nobody_who_exists(call, mother, daughter, services):
    """Found, another name, another number, nobody: the same answer, list and refusals."""

    def shape(answer) -> tuple:
        status, one = answer
        return status, {**one, "id": "", "asked_at": "", "other_name": len(one["other_name"])}

    somebody = ask(call, daughter)
    nobody = ask(call, daughter, name="测试某", phone="13800008999")
    wrong_name = ask(call, daughter, name="测试错")
    assert shape(somebody) == shape(nobody) == shape(wrong_name)
    assert {one[1]["other_name"] for one in (somebody, nobody, wrong_name)} != {""}
    twice = [ask(call, daughter)[1], ask(call, daughter, name="测试某", phone="13800008999")[1]]
    assert [one["code"] for one in twice] == ["consent_exists"] * 2
    listed = call("GET /agent-consents", daughter)[1]["items"]
    assert len({(row["state"], row["can_withdraw"], row["way"]) for row in listed}) == 1
    assert len(listed) == 3
    assert len(call("GET /agent-consents", mother)[1]["items"]) == 1
    for row in listed:
        assert call(f"POST /agent-consents/{row['id']}/withdraw", daughter)[0] == 200
    with services.unit() as uow:
        assert reveal_value(uow, mother.id, "name") == "测试妈"


def test_what_cannot_be_asked(call, mother, daughter):
    assert ask(call, daughter, name="测试女", phone=YOUNG)[1]["code"] == "consent_own"
    assert ask(call, daughter, until=str(MONDAY - timedelta(days=1)))[1]["code"] == "consent_until"
    late = str(MONDAY + timedelta(days=400))
    assert ask(call, daughter, until=late)[1]["code"] == "consent_until"
    for wrong in ({"role": "boss"}, {"phone": "123"}, {"relation": "老板"}, {"name": ""}):
        assert ask(call, daughter, **wrong)[0] == 422
    for number in range(5):
        assert ask(call, daughter, phone=f"1380000810{number}")[0] == 201
    assert ask(call, daughter)[1]["code"] == "consents_open"


def test_the_principal_asks_and_any_business(call, spot, mother, daughter):
    _, asked = ask(call, mother, role="principal", name="测试女", phone=YOUNG, item_id=None)
    assert asked["item"] is None
    _, no = call(f"POST /agent-consents/{asked['id']}/answer", daughter, {"give": False})
    assert no["state_text"] == "没有同意"
    _, asked = ask(call, mother, role="principal", name="测试女", phone=YOUNG, item_id=None)
    _, yes = call(f"POST /agent-consents/{asked['id']}/answer", daughter, {"give": True})
    assert yes["role"] == "agent"
    body = {"slot_id": str(spot.slot(10, group="huji")), "item_id": str(PASS.id)}
    status, _ = call("POST /appointments", daughter, {**body, "consent_id": asked["id"]})
    assert status == 201


def test_on_paper_seen_by_a_clerk(call, spot, mother, daughter, clerk, services, sign_in_staff):
    with services.unit() as uow:
        cards = {
            side: {"name": name, "id_number": reveal_value(uow, who.id, "id_number")}
            for side, name, who in (
                ("principal", "测试妈", mother), ("agent", "测试女", daughter),
            )
        }  # fmt: skip
    wanted = {"hall_id": str(spot.hall), **cards, "relation": "女儿", "until": UNTIL}
    status, made = call("POST /staff/agent-consents", clerk, wanted)
    assert (status, made["state_text"], made["item_name"]) == (201, "可以代办", "各类事项")
    assert "测试妈" not in str(made)
    (row,) = call("GET /agent-consents", daughter)[1]["items"]
    assert (row["way"], row["state"], row["can_answer"]) == ("paper", "given", False)
    assert "代办：窗口登记了代办委托" in told(services, mother.id)
    with services.unit() as uow:
        kept = uow.session.scalars(select(AgentConsent)).one()
        assert kept.witnessed_by is not None
    unknown = {**wanted, "agent": {"name": "测试错", "id_number": cards["agent"]["id_number"]}}
    assert call("POST /staff/agent-consents", clerk, unknown)[1]["code"] == "person_unknown"
    same = {**wanted, "agent": cards["principal"]}
    assert call("POST /staff/agent-consents", clerk, same)[1]["code"] == "consent_own"
    other = sign_in_staff(("clerk", "hall", spot.windows[0]))
    assert call("POST /staff/agent-consents", other, wanted)[0] == 404


def test_a_consent_that_ran_out_makes_room(call, mother, daughter, clock):
    consent = given(call, mother, daughter, until=str(MONDAY))
    clock.advance(timedelta(days=1))
    (row,) = call("GET /agent-consents", mother)[1]["items"]
    assert (row["id"], row["state_text"]) == (consent, "已过期")
    assert (row["can_answer"], row["can_withdraw"]) == (False, False)


def test_a_closed_account_acts_for_nobody(call, mother, daughter, services):
    consent = given(call, mother, daughter)
    with services.unit() as uow:
        uow.emit(PersonClosed(daughter.id))
    (row,) = call("GET /agent-consents", mother)[1]["items"]
    assert (row["state"], row["relation"]) == ("withdrawn", "")
    # The mother, who counted on her, is told; and why it ended can be read later.
    assert "代办：委托已撤回" in told(services, mother.id)
    with services.unit() as uow:
        last = trace.entries(uow.session, trace.Subject("agent_consent", UUID(consent)))[-1]
    assert (last.from_state, last.to_state, last.public_text) == (
        "given", "withdrawn", "账号注销，委托结束",
    )  # fmt: skip
