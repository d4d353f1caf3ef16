"""The demo walks the real ways: through the stand-ins of WeChat and of the SMS provider."""

import re

import pytest

from backend.demo import register, seed_identity
from tests.conftest import KeyedClient
from tests.standin import standin, talking  # noqa: F401 - fixtures
from tests.web import web_app


@pytest.fixture
def client(talking):
    seed_identity.seed(talking)
    app = web_app(talking)
    app.test_client_class = KeyedClient
    return app.test_client()


def test_wechat_code_signs_in_through_the_stand_in(client, standin):
    code = client.get("/api/v1/demo/wechat-code?person_key=li-xi").json["code"]
    body = {"code": code, "channel": "weixin"}
    answer = client.post("/api/v1/sessions/wechat", json=body)
    assert answer.status_code == 201, answer.json
    assert answer.json["person"]["name"] == "李㐂"
    assert standin.calls("/sns/jscode2session")
    again = client.post("/api/v1/sessions/wechat", json=body)
    assert (again.status_code, again.json["code"]) == (422, "invalid_code")
    code = client.get("/api/v1/demo/wechat-code").json["code"]
    answer = client.post("/api/v1/sessions/wechat", json={"code": code, "channel": "h5"})
    assert answer.json["person"]["verified"] is False


def test_sms_code_signs_in_through_the_stand_in(client):
    phone = register.persons()[0].phone
    sent = client.post("/api/v1/sms-codes", json={"phone": phone, "purpose": "sign_in"})
    assert sent.status_code == 202, sent.json
    shown = client.get(f"/api/v1/demo/sms?phone={phone}").json["items"][0]
    assert shown["at"].endswith("+08:00")
    code = re.search(r"验证码 (\d{6})", shown["text"])[1]
    body = {"phone": phone, "code": code, "channel": "h5"}
    answer = client.post("/api/v1/sessions/sms", json=body)
    assert answer.json["person"]["name_masked"] == "王*兰"
    assert answer.json["person"]["elder_mode"] is True


def test_a_phone_is_bound_by_wechats_own_code(client, standin):
    signed = client.post(
        "/api/v1/sessions/demo", json={"person_key": "visitor", "channel": "weixin"}
    )
    headers = {"Authorization": f"Bearer {signed.json['token']}"}
    code = standin.get("/demo/phone-code", phone="13800000088")["code"]
    answer = client.post("/api/v1/me/phone", json={"code": code}, headers=headers)
    assert answer.json["phone_masked"] == "138****0088"
    answer = client.post("/api/v1/me/phone", json={"code": code}, headers=headers)
    assert answer.status_code == 422


def test_the_register_offers_names_to_try(client):
    rows = client.get("/api/v1/demo/register").json["items"]
    assert len(rows) == 10
    assert all(row["id_number"].startswith("999901") for row in rows)


def test_config_says_what_is_open(client):
    shown = client.get("/api/v1/config").json
    assert shown["district"] == {"code": "999901", "name": "岭川区", "city": "南屿市"}
    assert shown["sign_in"] == {"wechat": True, "sms": True, "demo": True}
    assert [row["key"] for row in shown["subscribe_templates"]] == [
        "booked", "called", "reminder", "event", "task", "ticket",
        "life", "council", "news",
    ]  # fmt: skip


def test_without_stand_ins_it_says_so(app):
    answer = app.test_client().get("/api/v1/demo/wechat-code")
    assert (answer.status_code, answer.json["code"]) == (503, "standin_off")


@pytest.mark.parametrize("path", ["/api/v1/demo/sms", "/api/v1/demo/sms?phone=1"])
def test_a_phone_must_be_named(app, path):
    assert app.test_client().get(path).status_code == 422
