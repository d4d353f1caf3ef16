"""Several appointments as one: times that fit, all or nothing, moved and given back together."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from appointments import reconcile
from appointments.model import Slot
from backend.domains.appointments import visits
from tests.appointments_api import CARD, PASS
from tests.appointments_world import MONDAY
from tests.http.hall import (  # noqa: F401 - fixtures
    call,
    clerk,
    resident,
    spot,
)
from tests.http.test_agent_consents import (  # noqa: F401 - fixtures
    daughter,
    given,
    mother,
)


def part(spot, item, hour, minute=0, **more):
    slot = spot.slot(hour, minute, group=item.group_code)
    return {"item_id": str(item.id), "slot_id": str(slot), **more}


def book(call, who, kind, *parts):
    return call("POST /visits", who, {"kind": kind, "parts": list(parts)})


def agrees(services) -> bool:
    with services.unit() as uow:
        return reconcile.mismatches(uow.session) == []


def test_times_that_fit_two_items(call, spot, resident):
    door = f"GET /halls/{spot.hall}/visit-times?date=2026-11-23&item_ids={CARD.id},{PASS.id}"
    status, found = call(door, resident)
    assert status == 200
    first = found["items"][0]
    assert {row["item_name"] for row in first["parts"]} == {CARD.name, PASS.name}
    assert [row["start"][11:16] for row in first["parts"]] == ["09:00", "09:30"]
    parts = [{"item_id": row["item_id"], "slot_id": row["slot_id"]} for row in first["parts"]]
    assert book(call, resident, "items", *parts)[0] == 201
    base = f"GET /halls/{spot.hall}/visit-times?date=2026-11-23&item_ids="
    assert call(f"{base}{CARD.id}", resident)[0] == 422
    assert call(f"{base}{CARD.id},{CARD.id}", resident)[0] == 422
    assert call(f"{base}x", resident)[0] == 422
    assert call(f"{base}{CARD.id},{uuid4()}", resident)[0] == 404


def test_two_items_in_one_visit(call, spot, resident, clerk, services, sign_in_person):
    status, made = book(call, resident, "items", part(spot, PASS, 10, 30), part(spot, CARD, 10))
    assert status == 201, made
    assert [row["item"]["name"] for row in made["appointments"]] == [CARD.name, PASS.name]
    brief = {"id": made["id"], "kind": "items", "count": 2}
    assert all(row["visit"] == brief for row in made["appointments"])
    _, seen = call(f"GET /staff/appointments/{made['appointments'][0]['id']}", clerk)
    assert seen["visit"] == brief
    assert call(f"GET /visits/{made['id']}", resident)[1] == made
    stranger = sign_in_person(name="测试丙")
    assert call(f"GET /visits/{made['id']}", stranger)[0] == 404
    assert call(f"POST /visits/{made['id']}/cancel", stranger, {})[0] == 404
    status, gone = call(f"POST /visits/{made['id']}/cancel", resident, {"reason": "有事"})
    assert status == 200
    assert {row["state"] for row in gone["appointments"]} == {"cancelled"}
    assert agrees(services)


def test_all_or_nothing(call, spot, resident, services, sign_in_person):
    for name in ("测试丙", "测试丁"):
        slot = str(spot.slot(10, 30, group="huji"))
        body = {"slot_id": slot, "item_id": str(PASS.id)}
        assert call("POST /appointments", sign_in_person(name=name), body)[0] == 201
    status, problem = book(call, resident, "items", part(spot, CARD, 10), part(spot, PASS, 10, 30))
    assert (status, problem["code"]) == (409, "slot_full")
    assert call("GET /appointments", resident)[1]["items"] == []
    assert agrees(services)
    overlap = book(call, resident, "items", part(spot, CARD, 10), part(spot, CARD, 10))
    assert (overlap[0], overlap[1]["code"]) == (409, "already_booked")
    one = book(call, resident, "items", part(spot, CARD, 10))
    assert one[0] == 422
    group = book(call, resident, "group", part(spot, CARD, 10), part(spot, PASS, 10, 30))
    assert group[1]["code"] == "visit_kind"
    unknown = {**part(spot, CARD, 10), "slot_id": str(uuid4())}
    assert book(call, resident, "items", unknown, part(spot, PASS, 10))[0] == 404


def test_a_family_with_a_consent(call, spot, mother, daughter, services):
    consent = given(call, mother, daughter)
    mine, hers = part(spot, CARD, 10), part(spot, CARD, 10, consent_id=consent)
    status, made = book(call, daughter, "group", mine, hers)
    assert status == 201, made
    assert [row["principal"] is None for row in made["appointments"]].count(True) == 1
    _, seen = call(f"GET /visits/{made['id']}", mother)
    assert len(seen["appointments"]) == 1 and seen["appointments"][0]["agent"]
    moves = [
        {"appointment_id": row["id"], "slot_id": str(spot.slot(10, 30))}
        for row in made["appointments"]
    ]
    status, moved = call(f"POST /visits/{made['id']}/reschedule", daughter, {"parts": moves})
    assert status == 200, moved
    assert {row["start"][11:16] for row in moved["appointments"]} == {"10:30"}
    away = [{**moves[0], "slot_id": str(spot.slot(9))}, {**moves[1], "slot_id": str(uuid4())}]
    assert call(f"POST /visits/{made['id']}/reschedule", daughter, {"parts": away})[0] == 404
    _, same = call(f"GET /visits/{made['id']}", daughter)
    assert {row["start"][11:16] for row in same["appointments"]} == {"10:30"}
    other = [{"appointment_id": str(uuid4()), "slot_id": moves[0]["slot_id"]}]
    assert call(f"POST /visits/{made['id']}/reschedule", daughter, {"parts": other})[0] == 404
    assert agrees(services)


def test_moving_one_of_a_visit_away_is_refused(call, spot, resident, services):
    _, made = book(call, resident, "items", part(spot, CARD, 10), part(spot, PASS, 10, 30))
    tomorrow = MONDAY + timedelta(days=1)
    _, found = call(f"GET /halls/{spot.hall}/slots?item_id={CARD.id}&date={tomorrow}", resident)
    away = {
        "appointment_id": made["appointments"][0]["id"], "slot_id": found["items"][0]["id"],
    }  # fmt: skip
    door = f"POST /visits/{made['id']}/reschedule"
    status, problem = call(door, resident, {"parts": [away]})
    assert (status, problem["code"]) == (422, "visit_apart")
    assert call(f"GET /visits/{made['id']}", resident)[1] == made
    assert agrees(services)


@pytest.mark.parametrize("open_again", [True, False])
def test_a_race_lost_is_tried_once_more(call, spot, resident, monkeypatch, services, open_again):
    """The place goes between looking and taking; the same time may have one in another quota."""
    slot = spot.slot(10, 30, group="huji")
    with services.unit() as uow:
        uow.session.execute(update(Slot).where(Slot.id == slot).values(capacity=0))
    tried = []
    real = visits._again

    def again(uow, wanted, people):
        tried.append(1)
        if open_again:
            uow.session.execute(update(Slot).where(Slot.id == slot).values(capacity=1))
        return real(uow, wanted, people)

    monkeypatch.setattr(visits, "_again", again)
    status, made = book(call, resident, "items", part(spot, CARD, 10), part(spot, PASS, 10, 30))
    assert tried == [1]
    assert (status, made.get("code")) == ((201, None) if open_again else (409, "slot_full"))
    assert agrees(services)
