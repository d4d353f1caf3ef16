"""Machines at the door: set up, used with their key, ended."""

import pytest
from sqlalchemy import select

from appointments.model import Appointment
from appointments.remote_model import Kiosk
from backend.domains.identity.service import reveal_value
from backend.kernel.errors import Unavailable
from backend.kernel.trace import TraceEntry
from tests.appointments_api import CARD, ONLINE
from tests.http.hall import API, booked, call, clerk, manager, resident, spot  # noqa: F401 - fixtures
from tests.people import fictional_id_number


@pytest.fixture
def machine(call, spot, manager) -> dict[str, str]:
    """The headers of a machine of the hall."""
    status, made = call(f"POST /staff/halls/{spot.hall}/kiosks", manager, {"name": "一楼大门"})
    assert status == 201, made
    return {"X-Kiosk-Key": made["key"]}


def listed(call, spot, headers) -> list[dict]:
    return call(f"GET /staff/halls/{spot.hall}/kiosks", headers)[1]["items"]


def test_a_key_is_told_once_and_kept_as_a_hash(call, client, spot, manager, clerk, services):
    path = f"/staff/halls/{spot.hall}/kiosks"
    assert call(f"POST {path}", clerk, {"name": "一楼大门"})[0] == 403
    assert call(f"POST {path}", manager, {"name": ""})[0] == 422
    status, made = call(f"POST {path}", manager, {"name": "一楼大门"})
    assert status == 201
    (shown,) = listed(call, spot, clerk)
    assert shown["name"] == "一楼大门"
    assert (shown["seen_at"], shown["ended_at"]) == (None, None)
    assert "key" not in shown
    with services.unit() as uow:
        row = uow.session.get_one(Kiosk, made["id"])
        assert made["key"].encode() not in row.key_hash
        assert len(row.key_hash) == 32
    machine = {"X-Kiosk-Key": made["key"]}
    assert call("GET /kiosk/hall", machine)[0] == 200
    assert call("POST /kiosk/walk-ins", machine, {"group": "shebao"})[0] == 201
    assert listed(call, spot, clerk)[0]["seen_at"] is not None
    assert call(f"DELETE {path}/{made['id']}", clerk)[0] == 403
    for _ in range(2):
        ended = client.delete(f"{API}{path}/{made['id']}", headers=manager)
        assert ended.status_code == 204
    assert listed(call, spot, clerk)[0]["ended_at"] is not None
    status, problem = call("GET /kiosk/hall", machine)
    assert (status, problem["code"]) == (401, "kiosk_key")


def test_without_a_key_or_with_a_persons_session_nothing_opens(call, spot, manager, resident):
    for headers in ({}, {"X-Kiosk-Key": ""}, {"X-Kiosk-Key": "x" * 32}, manager, resident):
        assert call("GET /kiosk/hall", headers)[0] == 401
        assert call("POST /kiosk/check-ins", headers, {"code": "123456"})[0] == 401
        assert call("POST /kiosk/walk-ins", headers, {"group": "shebao"})[0] == 401


def test_a_machine_of_another_hall_is_not_found(call, spot, manager, sign_in_staff, services):
    _, made = call(f"POST /staff/halls/{spot.hall}/kiosks", manager, {"name": "一楼大门"})
    other = sign_in_staff(("hall_manager", "district", None))
    path = f"DELETE /staff/halls/{made['id']}/kiosks/{made['id']}"
    assert call(path, other)[0] == 404
    unknown = f"DELETE /staff/halls/{spot.hall}/kiosks/{spot.hall}"
    assert call(unknown, manager)[1]["code"] == "kiosk_unknown"


def test_the_machine_shows_what_is_done_here(call, spot, machine, booked, clerk):
    one = booked(9)
    call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": one["check_in_code"]})
    status, home = call("GET /kiosk/hall", machine)
    assert status == 200
    assert home["hall"] == {"id": str(spot.hall), "name": "测试街政务服务中心"}
    assert home["groups"][0] == {
        "code": "shebao", "name": "社保医保", "waiting": 1, "wait_minutes": 5,
    }  # fmt: skip
    names = {item["name"]: item for item in home["items"]}
    assert names[CARD.name] == {"id": str(CARD.id), "name": CARD.name, "group": "shebao"}
    assert ONLINE.name not in names


def test_a_code_a_card_or_a_qr_code_gives_the_ticket(
    call, spot, machine, booked, services, resident
):
    one = booked(9)
    assert call("POST /kiosk/check-ins", machine, {})[0] == 422
    missing = {"code": "000000" if one["check_in_code"] != "000000" else "000001"}
    assert call("POST /kiosk/check-ins", machine, missing)[1]["code"] == "code_unknown"
    status, ticket = call("POST /kiosk/check-ins", machine, {"code": one["check_in_code"]})
    assert status == 200, ticket
    assert ticket == {
        "ticket_no": "B001", "group_name": "社保医保", "item_name": CARD.name, "name": "测*甲",
        "start": one["start"], "ahead": 0, "wait_minutes": 0, "windows": [1, 2],
    }  # fmt: skip
    again = call("POST /kiosk/check-ins", machine, {"token": one["qr_token"]})
    assert (again[0], again[1]["code"]) == (409, "already_checked_in")
    with services.unit() as uow:
        number = reveal_value(uow, resident.id, "id_number")
        entry = uow.session.scalars(
            select(TraceEntry).where(
                TraceEntry.subject_id == one["id"], TraceEntry.action == "check_in"
            )
        ).one()
        assert (entry.actor_kind, entry.actor_name) == ("kiosk", "一楼大门")
    assert call("POST /kiosk/check-ins", machine, {"id_number": number})[1]["code"] == (
        "already_checked_in"
    )
    _, mine = call(f"GET /appointments/{one['id']}", resident)
    assert mine["timeline"][0]["actor_text"] == "自助机"


def test_a_card_gives_the_ticket_of_today(call, machine, booked, services, resident):
    with services.unit() as uow:
        number = reveal_value(uow, resident.id, "id_number")
    card = {"id_number": number}
    assert call("POST /kiosk/check-ins", machine, card)[1]["code"] == "none_today"
    one = booked(9)
    status, ticket = call("POST /kiosk/check-ins", machine, card)
    assert (status, ticket["start"]) == (200, one["start"])


def test_who_has_no_booking_takes_a_ticket(call, spot, machine, services):
    assert call("POST /kiosk/walk-ins", machine, {"group": "nothing"})[0] == 404
    assert call("POST /kiosk/walk-ins", machine, {})[0] == 422
    number = fictional_id_number()
    wanted = {"item_id": str(CARD.id), "name": "测试丙", "id_number": number}
    status, first = call("POST /kiosk/walk-ins", machine, wanted)
    assert status == 201, first
    assert (first["ticket_no"], first["name"], first["start"]) == ("B001", "测*丙", None)
    _, second = call("POST /kiosk/walk-ins", machine, {"group": "shebao"})
    assert (second["ticket_no"], second["name"], second["ahead"]) == ("B002", "", 1)
    with services.unit() as uow:
        kept = uow.session.scalars(select(Appointment.details)).all()
        assert number not in str(kept)
        assert "测试丙" not in str(kept)


def test_the_same_touch_twice_is_one_ticket(call, machine):
    key = {"Idempotency-Key": "kiosk-touch-1"}
    wanted = {"group": "shebao"}
    first = call("POST /kiosk/walk-ins", machine, wanted, **key)
    assert call("POST /kiosk/walk-ins", machine, wanted, **key) == first
    assert call("POST /kiosk/walk-ins", machine, wanted)[1]["ticket_no"] == "B002"


def test_guessing_at_a_machine_is_slow(call, spot, manager, machine):
    for _ in range(20):
        assert call("POST /kiosk/check-ins", machine, {"code": "123456"})[0] == 422
    assert call("POST /kiosk/check-ins", machine, {"code": "123456"})[0] == 429
    _, made = call(f"POST /staff/halls/{spot.hall}/kiosks", manager, {"name": "二楼"})
    other = {"X-Kiosk-Key": made["key"]}
    assert call("POST /kiosk/check-ins", other, {"code": "123456"})[0] == 422


def test_without_redis_the_machine_goes_on(call, machine, services, monkeypatch):
    def gone(*_: object) -> None:
        raise Unavailable("limiter_unavailable")

    monkeypatch.setattr(services.limiter, "hit", gone)
    assert call("POST /kiosk/walk-ins", machine, {"group": "shebao"})[0] == 201
