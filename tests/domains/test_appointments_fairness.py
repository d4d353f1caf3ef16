"""No-shows that count, appeals, forgiveness; other times when a day is full."""

from datetime import timedelta

from sqlalchemy import select, update

from appointments.demand_model import Missed
from appointments.model import Slot
from tests.appointments_api import CARD
from tests.appointments_world import MONDAY
from tests.http.hall import booked, call, resident, spot  # noqa: F401 - fixtures


def test_a_no_show_counts_and_can_be_appealed_and_forgiven(
    services,
    booked,
    call,
    resident,
    sign_in_person,
    spot,
    clock,
    sign_in_staff,
):
    shown = booked(10)
    assert call("GET /booking-standing", resident)[1]["counted"] == 0
    clock.advance(timedelta(hours=4))
    services.timers.fire_due(services)
    standing = call("GET /booking-standing", resident)[1]
    assert (standing["counted"], standing["banned_until"]) == (1, None)
    assert standing["missed"][0]["can_appeal"] is True
    door = f"POST /missed-appointments/{shown['id']}/appeal"
    assert call(door, sign_in_person(name="测试乙"), {"words": "病了"})[0] == 404
    assert call(door, resident, {"words": "那天住院了"})[1]["state_text"] == "申诉中"
    assert call(door, resident, {"words": "再说一遍"})[1]["code"] == "missed_settled"
    clerk, manager = (
        sign_in_staff((role, "hall", spot.hall)) for role in ("clerk", "hall_manager")
    )
    assert call("GET /staff/missed-appointments", clerk)[0] == 403
    (row,) = call("GET /staff/missed-appointments?state=appealed", manager)[1]["items"]
    decision = f"POST /staff/missed-appointments/{shown['id']}/decision"
    body = {"forgive": True, "words": "情况属实", "version": row["version"]}
    assert call(decision, manager, {**body, "version": 1})[1]["code"] == "stale"
    assert call(decision, manager, body)[1]["state"] == "forgiven"
    assert call("GET /booking-standing", resident)[1]["counted"] == 0


def test_three_rest_online_booking_until_the_hall_was_late(
    services,
    spot,
    booked,
    call,
    resident,
    clock,
    sign_in_staff,
):
    shown = booked(10)
    clock.advance(timedelta(hours=4))
    services.timers.fire_due(services)
    with services.unit() as uow:
        row = uow.session.get_one(Missed, shown["id"])
        one = row.person_key
    for hour in (1, 2):
        body = {"slot_id": str(spot.slots[_tuesday(spot, hour)]), "item_id": str(CARD.id)}
        status, made = call("POST /appointments", resident, body)
        assert status == 201, made
        clock.advance(timedelta(days=1))
        services.timers.fire_due(services)
    standing = call("GET /booking-standing", resident)[1]
    assert standing["counted"] == 3, (standing, one)
    assert standing["banned_until"] is not None
    body = {"slot_id": str(spot.slots[_tuesday(spot, 3)]), "item_id": str(CARD.id)}
    assert call("POST /appointments", resident, body)[1]["code"] == "barred"
    manager = sign_in_staff(("hall_manager", "hall", spot.hall))
    late = {"date": MONDAY.isoformat(), "from": "09:00", "to": "12:00", "reason": "系统停了"}
    assert call(f"POST /staff/halls/{spot.hall}/forgiveness", manager, late)[1]["forgiven"] == 1
    assert call("GET /booking-standing", resident)[1]["banned_until"] is None
    assert call("POST /appointments", resident, body)[0] == 201


def _tuesday(spot, days: int) -> str:
    from tests.appointments_world import at

    start = at(10, day=MONDAY + timedelta(days=days))
    return f"shebao online {start.timestamp():.0f}"


def test_a_full_day_points_to_other_days(services, spot, call, resident):
    with services.unit() as uow:
        full = select(Slot.id).where(Slot.day == MONDAY)
        uow.session.execute(update(Slot).where(Slot.id.in_(full)).values(closed=True))
    path = f"GET /halls/{spot.hall}/suggestions?item_id={CARD.id}&date={MONDAY.isoformat()}"
    items = call(path, resident)[1]["items"]
    assert [row["date"] for row in items] == ["2026-11-24", "2026-11-25", "2026-11-26"]
    assert items[0]["why_text"] == "这个大厅明天有名额"
    assert items[0]["remaining"] == 2
