"""The hall without a network: the printed list, and catching up from paper."""

from datetime import date

import pytest
from sqlalchemy import func, select

from appointments import reconcile
from appointments.demand_model import Missed
from appointments.model import Appointment
from tests.appointments_api import CARD
from tests.appointments_world import at
from tests.http.hall import booked, call, clerk, manager, resident, spot  # noqa: F401 - fixtures

TUESDAY = date(2026, 11, 24)


def stamp(hour: int, minute: int = 0) -> str:
    return at(hour, minute).isoformat()


def line(**more) -> dict:
    return {
        "group": "shebao", "ticket_no": "B101", "arrived_at": stamp(9), "called_at": stamp(9, 10),
        "window_number": 1, "finished_at": stamp(9, 20), "outcome": "finished", **more,
    }  # fmt: skip


@pytest.fixture
def enter(call, spot, clerk, clock, sign_in_staff):
    """Catch up at noon with these lines; the clerk has signed in anew."""

    def run(*entries: dict, when=None) -> dict:
        clock.set(when or at(12))
        clerk.update(sign_in_staff(("clerk", "hall", spot.hall)))
        path = f"POST /staff/halls/{spot.hall}/paper-entries"
        status, found = call(path, clerk, {"date": "2026-11-23", "entries": list(entries)})
        assert status == 200, found
        return found

    return run


def of_day(call, spot, clerk) -> dict[str, dict]:
    _, board = call(f"GET /staff/halls/{spot.hall}/board", clerk)
    return {row["ticket_no"]: row for row in board["appointments"]}


def test_the_sheet_has_who_is_booked_and_where_numbers_begin(call, spot, booked, clerk):
    one = booked(9)
    status, sheet = call(f"GET /staff/halls/{spot.hall}/paper", clerk)
    assert (status, sheet["date"]) == (200, "2026-11-23")
    (row,) = sheet["appointments"]
    assert row["code"] == one["check_in_code"]
    assert (row["name"], row["item_name"], row["state_text"]) == ("测*甲", CARD.name, "已预约")
    assert [(one["group"], one["ticket_no"]) for one in sheet["tickets_from"]] == [
        ("shebao", "B101"), ("huji", "C101"),
    ]  # fmt: skip
    assert sheet["windows"] == [1, 2, 3]


def test_a_booking_is_ended_with_the_times_on_paper(call, spot, booked, clerk, enter, resident):
    one = booked(9)
    entry = line(code=one["check_in_code"])
    assert enter(entry) == {"rows": 1, "made": 1, "known": 0, "errors": []}
    row = of_day(call, spot, clerk)["B101"]
    assert (row["id"], row["state"], row["window_number"]) == (one["id"], "finished", 1)
    assert row["called_at"] == stamp(9, 10)
    _, mine = call(f"GET /appointments/{one['id']}", resident)
    assert mine["state"] == "finished"
    assert "补录" in mine["timeline"][0]["text"]
    # The machine goes on behind the paper's numbers.
    door = f"POST /staff/halls/{spot.hall}/walk-ins"
    assert call(door, clerk, {"group": "shebao"})[1]["ticket_no"] == "B102"
    # Sent once more, in another call: nothing twice.
    assert enter(entry) == {"rows": 1, "made": 0, "known": 1, "errors": []}


def test_who_was_served_while_the_clock_ended_her_booking_is_not_lost(
    call, spot, booked, clerk, enter, services, clock, resident
):
    one = booked(9)
    clock.set(at(10))
    assert services.timers.fire_due(services) == 1
    _, mine = call(f"GET /appointments/{one['id']}", resident)
    assert mine["state"] == "no_show"
    with services.unit() as uow:
        assert uow.session.get_one(Missed, one["id"]).state == "counted"
    entry = line(code=one["check_in_code"])
    assert enter(entry)["made"] == 1
    with services.unit() as uow:
        assert uow.session.get_one(Missed, one["id"]).state == "forgiven"
        assert list(reconcile.mismatches(uow.session)) == []
    _, past = call("GET /appointments?state=past", resident)
    assert sorted(row["state"] for row in past["items"]) == ["finished", "no_show"]
    assert enter(entry) == {"rows": 1, "made": 0, "known": 1, "errors": []}


def test_no_show_left_and_strangers(call, spot, booked, clerk, enter, services):
    one, other = booked(9), None
    found = enter(
        {"group": "shebao", "code": one["check_in_code"], "outcome": "no_show"},
        line(ticket_no="B104", name="测试丙"),
        line(
            ticket_no="B105", outcome="left", called_at=None, window_number=None, finished_at=None
        ),
        line(ticket_no="B106", outcome="no_show", finished_at=None),
    )
    assert (found["made"], found["errors"], other) == (4, [], None)
    rows = of_day(call, spot, clerk)
    assert rows["B104"]["source"] == "paper"
    assert rows["B104"]["person_name"] == "测*丙"
    states = {ticket: row["state"] for ticket, row in rows.items() if ticket}
    assert states == {"B104": "finished", "B105": "cancelled", "B106": "no_show"}
    with services.unit() as uow:
        # Who was booked and did not come counts; strangers count nowhere.
        assert [row.appointment_id.hex for row in uow.session.scalars(select(Missed))] == [
            one["id"].replace("-", "")
        ]
        assert list(reconcile.mismatches(uow.session)) == []


def test_who_had_a_ticket_before_keeps_it(call, spot, booked, clerk, enter):
    one = booked(9)
    call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": one["check_in_code"]})
    window = f"POST /staff/windows/{spot.windows[0]}/calls"
    call(window, clerk, {})
    # Called when the network went: ended where she stands, and the window is free.
    assert enter(line(ticket_no="B001", arrived_at=stamp(8)))["made"] == 1
    row = of_day(call, spot, clerk)["B001"]
    assert (row["id"], row["state"]) == (one["id"], "finished")
    assert call(window, clerk, {})[1]["code"] == "queue_empty"


def test_who_waited_when_the_day_was_closed_has_a_row_of_her_own(
    call, spot, booked, clerk, enter, services, clock, resident
):
    one = booked(9)
    call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": one["check_in_code"]})
    clock.set(at(1, day=TUESDAY))
    services.timers.fire_due(services)
    assert call(f"GET /appointments/{one['id']}", resident)[1]["state"] == "cancelled"
    entry = line(ticket_no="B001", arrived_at=stamp(8))
    (error,) = enter(entry, when=at(9, day=TUESDAY))["errors"]
    assert "请填取号码" in error["text"]
    entry = {**entry, "code": one["check_in_code"]}
    assert enter(entry, when=at(9, day=TUESDAY))["made"] == 1
    assert enter(entry, when=at(9, day=TUESDAY))["known"] == 1
    _, past = call("GET /appointments?state=past", resident)
    assert sorted(row["state"] for row in past["items"]) == ["cancelled", "finished"]


def test_all_or_nothing_with_what_is_wrong(call, spot, booked, clerk, enter, services):
    one = booked(9)
    good = line(code=one["check_in_code"])
    wrong = [
        (line(group="nothing"), "这个大厅不办这类业务"),
        (line(ticket_no="C101"), "字母要和业务一致"),
        (line(ticket_no="B1"), "号码不对"),
        (line(arrived_at=None), "没有写取号时间"),
        (line(window_number=None), "要写窗口"),
        (line(window_number=9), "没有这个窗口"),
        (line(called_at=stamp(8)), "时间先后不对"),
        (line(finished_at=stamp(13)), "还没有到"),
        (line(arrived_at="2026-11-22T09:00:00+08:00"), "不是这一天"),
        (line(code="000000" if one["check_in_code"] != "000000" else "000001"), "没有这个取号码"),
        (line(code=one["check_in_code"], ticket_no="B102"), "和前面一行"),
    ]
    for changed, text in wrong:
        own = {"ticket_no": "B103"} if changed["ticket_no"] == "B101" else {}
        entry = {**changed, **own}
        found = enter(good, entry)
        assert found["made"] == 0, entry
        assert any(text in error["text"] and error["row"] == 2 for error in found["errors"]), found
    with services.unit() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Appointment)) == 1
    # Not even the counters were moved.
    door = f"POST /staff/halls/{spot.hall}/walk-ins"
    _, taken = call(door, clerk, {"group": "shebao"})
    assert taken["ticket_no"] == "B001"
    assert enter(good)["made"] == 1
    (error,) = enter(line(ticket_no="B001", code=one["check_in_code"]))["errors"]
    assert "已经是别人的" in error["text"]
    (error,) = enter(line(code=one["check_in_code"], outcome="no_show"))["errors"]
    assert "已经办结" in error["text"]


def test_only_days_that_can_be_remembered(call, spot, clerk):
    path = f"POST /staff/halls/{spot.hall}/paper-entries"
    for day in ("2026-11-24", "2026-10-01"):
        status, problem = call(path, clerk, {"date": day, "entries": [line()]})
        assert (status, problem["code"]) == (422, "paper_day")
    assert call(path, clerk, {"date": "2026-11-23", "entries": []})[0] == 422
