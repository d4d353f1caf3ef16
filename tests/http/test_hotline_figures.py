"""The hotline's figures over HTTP: the board, reports, their workbook, the public page."""

import io
import json
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from backend.domains.hotline import published
from backend.domains.hotline.busy_hour import FILE
from backend.domains.hotline.model import RateTarget
from backend.domains.organisation import service as organisation
from backend.kernel.clock import local_date
from backend.kernel.services import Services
from tests.hotline_world import World, make_world
from tests.people import sign_in_staff


@pytest.fixture
def world(services: Services) -> World:
    made = make_world(services)
    with services.unit() as uow:
        organisation.put(uow.session, "department", [("cgj", "=城管局")])
    made.closed(words="我叫王秀兰，电话13800138000，公积金怎么提", kind="consult", source="phone")
    made.dispatched(confidential=True, words="机密的事")
    return made


def span(services: Services) -> str:
    today = local_date(services.clock.now())
    return f"from={today}&to={today}"


def test_the_public_page_holds_figures_and_nobody(world: World, client: FlaskClient) -> None:
    answer = client.get("/api/v1/public/hotline")
    assert answer.status_code == 200
    page = answer.get_json()
    assert page["figures"]["tickets"] == 2
    assert page["answered"][0]["reply"]
    for secret in ("王秀兰", "13800138000", "机密"):
        assert secret not in answer.get_data(as_text=True)
    # So few would tell how a single caller felt; the numbers beside the rate would tell it too.
    nothing = {
        "numerator": None,
        "denominator": None,
        "excluded": None,
        "reasons": [],
        "rate": None,
    }
    assert page["rates"] == dict.fromkeys(("response", "solved", "satisfied"), nothing)


def test_a_rate_of_enough_tickets_is_public_with_its_numbers(
    world: World, client: FlaskClient
) -> None:
    for _ in range(published.LEAST - 1):
        world.closed()
    rate = client.get("/api/v1/public/hotline").get_json()["rates"]["satisfied"]
    assert (rate["numerator"], rate["denominator"], rate["rate"]) == (5, 5, 1.0)


def test_the_board_and_the_report_show_rates_with_what_they_count(
    world: World, client: FlaskClient
) -> None:
    who = sign_in_staff(world.services, ("hotline_reviewer", "district", None))
    with world.services.unit() as uow:
        uow.session.add(RateTarget(rate="solved", target=0.9))
    board = client.get("/api/v1/staff/hotline-board", headers=who).get_json()
    assert board["satisfied"]["numerator"] == board["satisfied"]["denominator"] == 1
    assert board["satisfied"]["reasons"] == [{"text": "还没有办结", "count": 1}]
    assert board["by_unit"][0]["open"] == 1
    where = f"/api/v1/staff/hotline-reports?{span(world.services)}&group=department"
    report = client.get(where, headers=who).get_json()
    # The district has set one target only.
    assert board["targets"] == {"response": None, "solved": 0.9, "satisfied": None}
    assert report["targets"] == board["targets"]
    assert report["total"]["tickets"] == 2
    assert report["rows"][0]["name"] == "=城管局"


def test_no_cell_of_the_workbook_is_a_formula(world: World, client: FlaskClient) -> None:
    who = sign_in_staff(world.services, ("hotline_reviewer", "district", None))
    where = f"/api/v1/staff/hotline-reports/export?{span(world.services)}&format=xlsx"
    answer = client.get(where, headers=who)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells: list[Any] = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "'=城管局" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert book.sheetnames == ["三率", "口径"]


@pytest.mark.parametrize("query", ["from=2026-11-23&to=2026-11-22", "from=2024-01-01&to=2026-01-01",
                                   "from=x&to=y", "from=2026-11-23"])  # fmt: skip
def test_dates_that_make_no_report_are_refused(
    services: Services, client: FlaskClient, query: str
) -> None:
    who = sign_in_staff(services, ("hotline_reviewer", "district", None))
    assert client.get(f"/api/v1/staff/hotline-reports?{query}", headers=who).status_code == 422


def test_the_busy_hour_is_shown_once_it_was_simulated(
    services: Services, client: FlaskClient
) -> None:
    who = sign_in_staff(services, ("hotline_reviewer", "district", None))
    where = "/api/v1/staff/hotline-reports/busy-hour"
    assert client.get(where, headers=who).get_json()["points"] == []
    path = services.settings.data_dir / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"measured_on": "2026-11-23", "operators": 60, "calls": 1000,
                    "average_wait_seconds": 2.0, "answered_15s_rate": 1.0, "actions": [],
                    "points": [{"minute": 0, "calls": 3, "p50_ms": 9.5, "p95_ms": 20.0}]}),
        encoding="utf-8",
    )  # fmt: skip
    try:
        assert client.get(where, headers=who).get_json()["points"][0]["p95_ms"] == 20.0
    finally:
        path.unlink()
