"""The district's working days over HTTP, and what they do to places."""

from datetime import date

import pytest
from sqlalchemy import select

from appointments.model import Slot
from backend.kernel.trace import TraceEntry
from tests.appointments_api import CARD
from tests.http.hall import (  # noqa: F401 - fixtures
    API,
    booked,
    call,
    clerk,
    manager,
    resident,
    spot,
)

# Monday, when the clock of the tests stands at its morning; a Friday and a Saturday within reach.
MONDAY, FRIDAY, SATURDAY = "2026-11-23", "2026-11-27", "2026-11-28"


@pytest.fixture
def admin(sign_in_staff) -> dict[str, str]:
    return sign_in_staff(("administrator", "district", None))


@pytest.fixture
def status_of(call, spot, resident):
    """`status_of(day)`: what residents read about a day of the hall; None where it is not listed."""

    def run(day: str) -> str | None:
        _, days = call(f"GET /halls/{spot.hall}/days?item_id={CARD.id}", resident)
        return {row["date"]: row["status"] for row in days["items"]}.get(day)

    return run


def day(call, who, wanted):
    """One row of the calendar."""
    status, shown = call(f"GET /staff/workdays?from={wanted}&to={wanted}", who)
    assert status == 200, shown
    return shown["items"][0]


def test_the_calendar_says_what_was_published_and_guesses_nothing(call, manager, clerk, admin):
    status, shown = call("GET /staff/workdays?from=2026-10-01&to=2026-10-10", manager)
    assert status == 200
    assert [row["national"] for row in shown["items"]] == [False] * 7 + [True, True, True]
    assert shown["items"][9] == {
        "day": "2026-10-10", "working": True, "national": True, "own": False, "note": "",
    }  # fmt: skip
    unknown = day(call, admin, "2031-05-06")
    assert (unknown["working"], unknown["national"]) == (None, None)
    assert call("GET /staff/workdays?from=2026-10-01&to=2026-10-10", clerk)[0] == 403
    for wrong in (
        "from=2026-10-02&to=2026-10-01",
        "from=2026-01-01&to=2026-12-31",
        "from=2026-10-01",
    ):
        assert call(f"GET /staff/workdays?{wrong}", manager)[0] == 422, wrong


def test_a_day_of_rest_closes_the_halls_and_is_taken_back(
    call, spot, admin, manager, status_of, services
):
    assert status_of(FRIDAY) == "open"
    status, shown = call(
        f"PUT /staff/workdays/{FRIDAY}", admin, {"working": False, "note": "区庆放假"}
    )
    assert (status, shown["working"], shown["national"], shown["own"]) == (200, False, True, True)
    assert status_of(FRIDAY) == "closed"
    assert day(call, manager, FRIDAY)["note"] == "区庆放假"
    with services.unit() as uow:
        slots = uow.session.scalars(
            select(Slot.closed).where(
                Slot.hall_id == spot.hall, Slot.day == date.fromisoformat(FRIDAY)
            )
        ).all()
        assert slots and all(slots)
        entry = uow.session.scalars(
            select(TraceEntry).where(TraceEntry.subject_kind == "workday")
        ).one()
        assert (entry.action, entry.reason) == ("set_workday", "区庆放假")
    status, shown = call(f"DELETE /staff/workdays/{FRIDAY}", admin)
    assert (status, shown["working"], shown["own"]) == (200, True, False)
    assert status_of(FRIDAY) == "open"


def test_a_saturday_worked_is_on_offer_at_once(call, admin, status_of):
    assert status_of(SATURDAY) in (None, "closed")
    assert call(f"PUT /staff/workdays/{SATURDAY}", admin, {"working": True})[0] == 200
    assert status_of(SATURDAY) == "open"


def test_a_day_with_people_booked_does_not_become_one_of_rest(
    call, spot, admin, manager, booked, status_of
):
    mine = booked(9)
    status, problem = call(
        f"PUT /staff/workdays/{MONDAY}", admin, {"working": False, "note": "台风"}
    )
    assert (status, problem["code"]) == (409, "workday_booked")
    assert "1个号" in problem["detail"]
    assert day(call, admin, MONDAY)["own"] is False
    assert status_of(MONDAY) == "open"
    # The hall shuts on its own, which tells everybody; then the district can.
    closing = f"PUT /staff/halls/{spot.hall}/day-overrides/{MONDAY}"
    assert call(closing, manager, {"open": False, "note": "台风"})[1]["cancelled"] == 1
    assert (
        call(f"PUT /staff/workdays/{MONDAY}", admin, {"working": False, "note": "台风"})[0] == 200
    )
    assert mine


def test_only_days_to_come_and_only_the_administrator(call, admin, manager, clerk):
    body = {"working": False, "note": "检修"}
    assert call("PUT /staff/workdays/2026-11-20", admin, body)[1]["code"] == "day_past"
    assert call("DELETE /staff/workdays/2026-11-20", admin)[1]["code"] == "day_past"
    for who in (manager, clerk):
        assert call(f"PUT /staff/workdays/{FRIDAY}", who, body)[0] == 403
        assert call(f"DELETE /staff/workdays/{FRIDAY}", who)[0] == 403
    assert call("PUT /staff/workdays/2026-13-01", admin, body)[0] == 404
    assert call("PUT /staff/workdays/0000-01-01", admin, body)[0] == 404
    assert call(f"PUT /staff/workdays/{FRIDAY}", admin, {"note": "检修"})[0] == 422
