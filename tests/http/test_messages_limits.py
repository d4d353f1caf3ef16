"""Caps and rates of delivery, edited by whoever may, each change traced."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.kernel.services import Services
from backend.kernel.trace import TraceEntry
from notifications import limits
from tests.conftest import KeyedClient
from tests.people import Headers, sign_in_staff
from tests.web import web_app

PATH = "/api/v1/staff/message-limits"
CAP = {"scope": "appointment_no_show", "per_day": 2}
RATE = {"key": "sms", "per_second": 20.0, "burst": 40, "per_day": 1000}


@pytest.fixture
def http(services: Services) -> FlaskClient:
    app = web_app(services)
    app.test_client_class = KeyedClient
    return app.test_client()


@pytest.fixture
def admin(services: Services) -> Headers:
    return sign_in_staff(services, ("administrator", "district", None))


def read(http: FlaskClient, who: Headers) -> Any:
    return http.get(PATH, headers=who).get_json()


def save(http: FlaskClient, who: Headers, body: Any, etag: str) -> Any:
    return http.put(PATH, headers={**who, "If-Match": f'"{etag}"'}, json=body)


def test_they_are_replaced_as_a_whole_and_hold_for_the_workers(
    services: Services, http: FlaskClient, admin: Headers
) -> None:
    shown = read(http, admin)
    assert (shown["caps"], shown["rates"]) == ([], [])
    assert {row["scope"] for row in shown["default_caps"]} == set(limits.DEFAULT_CAPS)
    assert {row["key"] for row in shown["default_rates"]} == set(limits.DEFAULT_RATES)
    assert all(row["name"] for row in [*shown["default_caps"], *shown["default_rates"]])
    saved = save(http, admin, {"caps": [CAP], "rates": [RATE]}, shown["etag"])
    assert saved.status_code == 200
    assert saved.get_json()["caps"] == [{**CAP, "name": "没到场"}]
    assert saved.headers["ETag"] != f'"{shown["etag"]}"'
    with services.unit() as uow:
        known = limits.known(uow.session)
    assert known.caps["appointment_no_show"] == 2
    assert (known.rates["sms"].per_second, known.rates["sms"].per_day) == (20.0, 1000)
    empty = save(http, admin, {"caps": [], "rates": []}, saved.get_json()["etag"])
    assert empty.status_code == 200
    with services.unit() as uow:
        assert dict(limits.known(uow.session).caps) == dict(limits.DEFAULT_CAPS)
        query = select(TraceEntry.internal_text).where(TraceEntry.subject_kind == "message_limits")
        texts = list(uow.session.scalars(query.order_by(TraceEntry.seq)))
    assert texts == [
        "没到场每人每天 2 条；短信每秒 20 条，一下最多 40 条，每天 1000 条",
        "取消：没到场每人每天 2 条；取消：短信每秒 20 条，一下最多 40 条，每天 1000 条",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"caps": [CAP, CAP], "rates": []},
        {"caps": [{**CAP, "scope": "none_such"}], "rates": []},
        # Who is called to a window is told each time, and work reaches those who do it.
        {"caps": [{**CAP, "scope": "appointment_called"}], "rates": []},
        {"caps": [{**CAP, "per_day": 0}], "rates": []},
        {"caps": [{**CAP, "per_day": 1.5}], "rates": []},
        {"caps": [], "rates": [RATE, RATE]},
        {"caps": [], "rates": [{**RATE, "key": "inbox"}]},
        {"caps": [], "rates": [{**RATE, "key": "wechat_subscribe:none"}]},
        {"caps": [], "rates": [{**RATE, "per_second": 0}]},
        {"caps": [], "rates": [{**RATE, "burst": 0}]},
        {"caps": [], "rates": [{**RATE, "per_day": 0}]},
        {"caps": []},
    ],
)
def test_limits_that_mean_nothing_are_refused(
    http: FlaskClient, admin: Headers, body: dict[str, Any]
) -> None:
    shown = read(http, admin)
    refused = save(http, admin, body, shown["etag"])
    assert (refused.status_code, bool(refused.get_json()["errors"])) == (422, True)
    assert read(http, admin) == shown


def test_one_template_can_be_slower_than_its_channel(http: FlaskClient, admin: Headers) -> None:
    shown = read(http, admin)
    (key,) = [row["key"] for row in shown["keys"] if row["key"].endswith(":booked")]
    body = {"caps": [], "rates": [{**RATE, "key": key, "per_day": None}]}
    assert save(http, admin, body, shown["etag"]).get_json()["rates"][0]["name"] == "预约成功提醒"


def test_who_has_not_seen_the_latest_changes_nothing(http: FlaskClient, admin: Headers) -> None:
    shown = read(http, admin)
    assert save(http, admin, {"caps": [CAP], "rates": []}, shown["etag"]).status_code == 200
    stale = save(http, admin, {"caps": [], "rates": []}, shown["etag"])
    assert (stale.status_code, stale.get_json()["detail"]) == (412, "别人刚改过限额")
    assert len(read(http, admin)["caps"]) == 1


def test_who_may_only_look_may_not_change(services: Services, http: FlaskClient) -> None:
    supervisor = sign_in_staff(services, ("supervisor", "district", None))
    shown = read(http, supervisor)
    assert save(http, supervisor, {"caps": [], "rates": []}, shown["etag"]).status_code == 403
