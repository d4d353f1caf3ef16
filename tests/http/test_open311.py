"""GeoReport v2 as an independent reader sees it, and what it must never tell."""

import threading
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import requests
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from georeport import GeoReport
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi import checks
from werkzeug.serving import make_server

from backend.domains.dispatch.model import Event
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.open311 import keys
from backend.domains.open311.model import ServiceAttribute
from backend.kernel.services import Services
from tests.people import SignIn

V2 = "/open311/v2"
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
WORDS = "灯杆 L-12 不亮，联系我 13800000001"


@pytest.fixture
def key(services: Services) -> str:
    """A district with two public categories and one that is not, and a key to report with."""
    with services.unit() as uow:
        uow.session.add_all(
            [
                EventCategory(code="facility", name="市政设施", position=1),
                EventCategory(code="lamp", parent_code="facility", name="路灯不亮", position=2,
                              hint="灯不亮、灯杆歪", keywords=["路灯", "灯杆"]),
                EventCategory(code="noise", parent_code="facility", name="噪音", position=3),
                EventCategory(code="dispute", parent_code="facility", name="家庭纠纷", position=4,
                              public=False),
            ]
        )  # fmt: skip
        uow.session.add_all(
            [
                ServiceAttribute(
                    service_code="lamp", code="pole", datatype="string", required=True,
                    description="灯杆号", datatype_description="杆上的编号", position=1, choices=[],
                ),
                ServiceAttribute(
                    service_code="lamp", code="since", datatype="multivaluelist", required=False,
                    description="什么时候不亮", datatype_description="", position=2,
                    choices=[["evening", "傍晚"], ["night", "整夜"]],
                ),
            ]
        )  # fmt: skip
        return keys.issue(uow, "街坊拍拍")[1]


def report(client: FlaskClient, key: str, form: str = "json", **fields: Any) -> Any:
    body = {
        "api_key": key, "service_code": "lamp", "lat": "20.5081", "long": "115.3042",
        "description": WORDS, "attribute[pole]": "L-12", **fields,
    }  # fmt: skip
    return client.post(f"{V2}/requests.{form}", data={k: v for k, v in body.items() if v})


def submitted(client: FlaskClient, key: str, **fields: Any) -> str:
    answer = report(client, key, **fields)
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()[0]["service_request_id"])


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application on a real socket, one request at a time."""
    server = make_server("127.0.0.1", 0, app, threaded=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.mark.parametrize("form", ["json", "xml"])
def test_an_independent_reader_reads_both_formats(
    client: FlaskClient, key: str, address: str, form: str
) -> None:
    first, second = submitted(client, key), submitted(client, key, service_code="noise",
                                                      **{"attribute[pole]": ""})  # fmt: skip
    reader = GeoReport(f"{address}{V2}", jurisdiction="999901", output_format=form)
    services = {one["service_code"]: one for one in reader.get_service_list()}
    assert services.keys() == {"lamp", "noise"}
    assert services["lamp"]["service_name"] == "路灯不亮"
    assert str(services["lamp"]["metadata"]).lower() == "true"
    asked = reader.get_service_definition("lamp")
    assert asked["service_code"] == "lamp"
    rows = asked["attributes"] if form == "json" else asked["attributes"]["attribute"]
    assert [row["code"] for row in rows] == ["pole", "since"]
    found = reader.get_service_requests(status="open")
    assert {row["service_request_id"] for row in found} == {first, second}
    one = reader.get_service_request(first)
    assert (one["status"], one["service_code"], float(one["lat"])) == ("open", "lamp", 20.508)
    assert one["requested_datetime"].endswith("+08:00")


def test_discovery_names_both_formats(client: FlaskClient) -> None:
    found = client.get(f"{V2}/discovery.json").get_json()
    assert found["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    page = client.get(f"{V2}/discovery.xml")
    assert page.content_type == "text/xml; charset=utf-8"
    formats = ET.fromstring(page.text).findall("endpoints/endpoint/formats/format")
    assert [one.text for one in formats] == ["text/xml", "application/json"]


def test_a_report_becomes_an_event_with_its_answers(
    client: FlaskClient, services: Services, key: str
) -> None:
    number = submitted(client, key, **{"attribute[since][]": "night"})
    with services.unit() as uow:
        event = uow.session.get_one(Event, number)
        assert event.source == "open311" and event.category_code == "lamp"
        assert "灯杆号：L-12" in event.words and "什么时候不亮：整夜" in event.words
        assert event.latitude == 20.5081


def test_nothing_of_the_words_or_the_caller_is_published(client: FlaskClient, key: str) -> None:
    number = submitted(client, key)
    for path in (f"requests/{number}.json", "requests.json", f"requests/{number}.xml"):
        text = client.get(f"{V2}/{path}").text
        assert "13800000001" not in text and "街坊拍拍" not in text and "L-12" not in text


def test_what_is_not_public_does_not_exist(
    client: FlaskClient, services: Services, key: str
) -> None:
    number = submitted(client, key)
    with services.unit() as uow:
        uow.session.get_one(Event, number).confidential = True
    assert client.get(f"{V2}/requests/{number}.json").status_code == 404
    assert client.get(f"{V2}/requests.json").get_json() == []
    assert client.get(f"{V2}/services/dispute.json").status_code == 404
    assert report(client, key, service_code="dispute").status_code == 404


def test_the_same_report_again_is_one_event(
    client: FlaskClient, services: Services, key: str
) -> None:
    # An application that knows nothing of our keys for repeats.
    plain = FlaskClient(client.application)
    assert submitted(plain, key) == submitted(plain, key)
    assert submitted(plain, key) != submitted(plain, key, description="另一盏灯不亮")
    with services.unit() as uow:
        assert uow.session.query(Event).count() == 2


def test_a_place_in_words_waits_for_the_dispatcher_behind_a_token(
    client: FlaskClient, services: Services, key: str, sign_in_staff: SignIn
) -> None:
    answer = report(client, key, lat="", long="", address_string="和平路12号")
    token = answer.get_json()[0]["token"]
    assert "service_request_id" not in answer.get_json()[0]
    path = f"{V2}/tokens/{token}.json"
    assert client.get(path).get_json() == [{"token": token}]
    desk = sign_in_staff(("dispatcher", "district", None))
    waiting = client.get("/api/v1/staff/intakes", headers=desk).get_json()["items"]
    assert [one["address"] for one in waiting] == ["和平路12号"]
    body = {"category_code": "lamp", "latitude": 20.5081, "longitude": 115.3042}
    url = f"/api/v1/staff/intakes/{waiting[0]['id']}/event"
    made = client.post(url, json=body, headers=desk)
    assert made.status_code == 201, made.text
    found = client.get(path).get_json()[0]
    assert client.get(f"{V2}/requests/{found['service_request_id']}.json").status_code == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"api_key": "wrong"}, 403),
        ({"api_key": ""}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "nothing"}, 404),
        ({"lat": "", "long": ""}, 400),
        ({"lat": "200"}, 400),
        ({"description": "字" * 4001}, 400),
        ({"attribute[pole]": ""}, 400),
        ({"media_url": "javascript:alert(1)"}, 400),
        ({"jurisdiction_id": "elsewhere"}, 404),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_report_that_cannot_be_taken_leaves_nothing(
    client: FlaskClient, services: Services, key: str, changes: dict[str, str], status: int,
    form: str,
) -> None:  # fmt: skip
    answer = report(client, key, form, **changes)
    assert answer.status_code == status
    if form == "json":
        assert answer.get_json()[0]["code"] == status and answer.get_json()[0]["description"]
    else:
        assert ET.fromstring(answer.text).find("error/code").text == str(status)
    with services.unit() as uow:
        assert uow.session.query(Event).count() == 0


def test_a_revoked_key_reports_no_more(
    client: FlaskClient, key: str, sign_in_staff: SignIn
) -> None:
    admin = sign_in_staff(("administrator", "district", None))
    issued = client.post("/api/v1/staff/api-keys", json={"name": "另一个应用"}, headers=admin)
    fresh = issued.get_json()
    submitted(client, fresh["key"])
    revoked = client.post(f"/api/v1/staff/api-keys/{fresh['id']}/revocations", headers=admin)
    assert revoked.get_json()["revoked_at"]
    assert report(client, fresh["key"], description="再报一次").status_code == 403
    listed = client.get("/api/v1/staff/api-keys", headers=admin).get_json()["items"]
    assert {one["name"] for one in listed} == {"另一个应用", "街坊拍拍"}
    assert fresh["key"] not in client.get("/api/v1/staff/api-keys", headers=admin).text


def test_a_format_or_an_address_nobody_knows_is_an_error_of_its_own_shape(
    client: FlaskClient, key: str
) -> None:
    assert client.get(f"{V2}/services.yaml").status_code == 404
    wrong = client.get(f"{V2}/requests.json?start_date=yesterday")
    assert wrong.status_code == 400 and wrong.get_json()[0]["code"] == 400
    assert client.get(f"{V2}/requests/nonsense.json").status_code == 404
    assert client.post(f"{V2}/requests.json", json={}).get_json()[0]["code"] == 400


def test_control_characters_do_not_break_the_xml() -> None:
    from backend.domains.open311 import render

    text = render.many([{"description": "响\x07铃 & <b>"}], "requests", "request", "xml")
    assert ET.fromstring(text).find("request/description").text == "响铃 & <b>"


def test_schemathesis_finds_nothing_on_the_description(app: Flask, client: FlaskClient) -> None:
    spec = client.get(f"{V2}/openapi.json").get_json()
    for path in spec["paths"].values():
        for operation in path.values():
            for one in operation["parameters"]:
                if one["name"] == "form":
                    one["schema"] = {"enum": ["json"]}
    config = schemathesis.Config()
    schema = schemathesis.openapi.from_dict(spec, config=config)
    schema.app = app
    found = []
    for operation in schema.get_all_operations():
        calls = operation.ok().as_strategy()

        @settings(max_examples=25, deadline=None, database=None, derandomize=True,
                  suppress_health_check=list(HealthCheck), phases=[Phase.generate])  # fmt: skip
        @given(case=calls)
        def attempt(case: Any) -> None:
            answer = case.call()
            if answer.status_code >= 500:
                found.append(f"{case.method} {case.path} {answer.status_code}")
            case.validate_response(answer, checks=CHECKS)

        attempt()
    assert not found


def test_the_reader_is_turned_away_with_a_status(address: str) -> None:
    assert requests.get(f"{address}{V2}/services/none.xml", timeout=5).status_code == 404
