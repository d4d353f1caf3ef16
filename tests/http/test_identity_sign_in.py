"""Residents sign in by WeChat and by phone, and sign out."""

from datetime import timedelta

import pytest
import redis
from sqlalchemy import select

from backend.demo import register, seed_identity
from backend.domains.identity.model import SmsCode
from backend.kernel.limits import Limiter
from tests.identity_fakes import bearer, equip, sign_in_sms, sign_in_wechat

PHONE = "13800000099"


@pytest.fixture
def sms(services):
    return equip(services)[0]


@pytest.mark.usefixtures("sms")
class TestWeChat:
    def test_the_same_openid_is_the_same_person(self, client):
        first, second = sign_in_wechat(client, "o-1"), sign_in_wechat(client, "o-1")
        assert first.json["person"]["id"] == second.json["person"]["id"]
        assert first.json["token"] != second.json["token"]
        assert first.json["csrf_token"] is None
        assert first.json["person"]["verified"] is False
        assert first.json["person"]["has_wechat"] is True

    def test_one_unionid_is_one_person(self, client):
        first, second = sign_in_wechat(client, "o-1/u"), sign_in_wechat(client, "o-2/u")
        assert first.json["person"]["id"] == second.json["person"]["id"]

    @pytest.mark.parametrize(("code", "status"), [("bad", 422), ("risky", 403), ("down", 503)])
    def test_refusals_say_what_to_do(self, client, code, status):
        answer = sign_in_wechat(client, code)
        assert answer.status_code == status
        assert answer.json["action"]

    def test_the_session_key_stays_here(self, client):
        assert b"KEYCANARY" not in sign_in_wechat(client, "o-1").data

    def test_without_wechat_it_says_so(self, client, services):
        services.wechat = None
        assert sign_in_wechat(client, "o-1").json["code"] == "wechat_off"


class TestSms:
    def test_a_code_signs_in_once(self, client, sms):
        answer = sign_in_sms(client, sms, PHONE)
        assert answer.json["person"]["phone_masked"] == "138****0099"
        body = {"phone": PHONE, "code": sms.last_code(), "channel": "weixin"}
        again = client.post("/api/v1/sessions/sms", json=body)
        assert again.status_code == 422
        assert "过期" in again.json["errors"]["code"][0]

    def test_the_code_expires(self, client, sms, clock):
        client.post("/api/v1/sms-codes", json={"phone": PHONE, "purpose": "sign_in"})
        clock.advance(timedelta(minutes=5))
        body = {"phone": PHONE, "code": sms.last_code(), "channel": "h5"}
        assert client.post("/api/v1/sessions/sms", json=body).status_code == 422

    def test_five_wrong_tries_end_the_code(self, client, sms):
        client.post("/api/v1/sms-codes", json={"phone": PHONE, "purpose": "sign_in"})
        right = sms.last_code()
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        for _ in range(5):
            body = {"phone": PHONE, "code": wrong, "channel": "h5"}
            answer = client.post("/api/v1/sessions/sms", json=body)
            assert "不对" in answer.json["detail"]
        body = {"phone": PHONE, "code": right, "channel": "h5"}
        answer = client.post("/api/v1/sessions/sms", json=body)
        assert answer.status_code == 422
        assert "重新获取" in answer.json["detail"]

    def test_resending_waits_sixty_seconds(self, client, sms, clock):
        body = {"phone": PHONE, "purpose": "sign_in"}
        first = client.post("/api/v1/sms-codes", json=body)
        assert first.json == {"expires_in": 300, "resend_in": 60}
        second = client.post("/api/v1/sms-codes", json=body)
        assert second.status_code == 429
        assert second.headers["Retry-After"] == "60"
        clock.advance(timedelta(seconds=60))
        assert client.post("/api/v1/sms-codes", json=body).status_code == 202
        assert len(sms.sent) == 2

    def test_a_phone_gets_ten_codes_a_day(self, client, sms, clock):
        body = {"phone": PHONE, "purpose": "sign_in"}
        for _ in range(10):
            assert client.post("/api/v1/sms-codes", json=body).status_code == 202
            clock.advance(timedelta(seconds=61))
        assert client.post("/api/v1/sms-codes", json=body).status_code == 429
        assert len(sms.sent) == 10

    def test_a_code_for_one_purpose_does_not_serve_another(self, client, sms):
        client.post("/api/v1/sms-codes", json={"phone": PHONE, "purpose": "bind_phone"})
        body = {"phone": PHONE, "code": sms.last_code(), "channel": "h5"}
        assert client.post("/api/v1/sessions/sms", json=body).status_code == 422

    def test_the_code_is_not_kept_in_the_clear(self, client, sms, services):
        client.post("/api/v1/sms-codes", json={"phone": PHONE, "purpose": "sign_in"})
        with services.unit() as uow:
            row = uow.session.scalars(select(SmsCode)).one()
        assert sms.last_code().encode() not in row.code_hash
        assert PHONE.encode() not in row.phone_fingerprint

    def test_old_codes_are_forgotten_within_a_day(self, client, sms, services, clock):
        client.post("/api/v1/sms-codes", json={"phone": PHONE, "purpose": "sign_in"})
        clock.advance(timedelta(hours=23, minutes=1))
        services.timers.fire_due(services)
        with services.unit() as uow:
            assert uow.session.scalars(select(SmsCode)).all() == []

    def test_a_broken_provider_is_told(self, client, sms):
        sms.broken = True
        answer = client.post("/api/v1/sms-codes", json={"phone": PHONE, "purpose": "sign_in"})
        assert answer.status_code == 503
        assert answer.json["code"] == "sms_not_sent"

    def test_without_redis_nobody_gets_a_code_or_a_guess(self, client, sms, services):
        client.post("/api/v1/sms-codes", json={"phone": PHONE, "purpose": "sign_in"})
        services.limiter = Limiter("redis://127.0.0.1:9/0")
        with pytest.raises(redis.RedisError):
            redis.Redis(port=9, socket_connect_timeout=1).ping()
        body = {"phone": PHONE, "code": sms.last_code(), "channel": "h5"}
        for path, sent in (
            ("/api/v1/sessions/sms", body),
            ("/api/v1/sessions/wechat", {"code": "o-1", "channel": "h5"}),
            ("/api/v1/sms-codes", {"phone": "13800000098", "purpose": "sign_in"}),
            ("/api/v1/staff/sessions", {"username": "a", "password": "b", "totp": ""}),
        ):
            answer = client.post(path, json=sent)
            assert (answer.status_code, answer.json["code"]) == (503, "limiter_unavailable")
        assert len(sms.sent) == 1

    @pytest.mark.parametrize("phone", ["1380000009", "abc", "😀", "1" * 40])
    def test_wrong_phones_are_named(self, client, sms, phone):
        answer = client.post("/api/v1/sms-codes", json={"phone": phone, "purpose": "sign_in"})
        assert answer.status_code == 422
        assert answer.json["errors"]["phone"]
        assert not sms.sent


@pytest.mark.usefixtures("sms")
class TestSessions:
    def test_nobody(self, client):
        assert client.get("/api/v1/session").json == {"person": None, "csrf_token": None}
        assert client.get("/api/v1/me").status_code == 401

    def test_signing_in_again_ends_the_old_session(self, client):
        old = bearer(sign_in_wechat(client, "o-1"))
        body = {"code": "o-1", "channel": "weixin"}
        new = bearer(client.post("/api/v1/sessions/wechat", json=body, headers=old))
        assert client.get("/api/v1/me", headers=old).status_code == 401
        assert client.get("/api/v1/me", headers=new).status_code == 200

    def test_signing_out_ends_it_at_once(self, client):
        headers = bearer(sign_in_wechat(client, "o-1"))
        assert client.delete("/api/v1/session", headers=headers).status_code == 204
        assert client.get("/api/v1/me", headers=headers).status_code == 401
        assert client.delete("/api/v1/session", headers=headers).status_code == 204

    def test_a_browser_gets_a_closed_cookie_and_needs_the_csrf_token(self, client, services):
        seed_identity.seed(services)
        body = {"person_key": "wang-xiulan", "channel": "h5"}
        answer = client.post("/api/v1/sessions/demo", json=body)
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert answer.json["token"] is None
        csrf = answer.json["csrf_token"]
        assert client.get("/api/v1/session").json["csrf_token"] == csrf
        change = {"elder_mode": False}
        assert client.patch("/api/v1/me", json=change).status_code == 403
        assert client.get("/api/v1/me").json["elder_mode"] is True
        right = {"X-CSRF-Token": csrf}
        assert client.patch("/api/v1/me", json=change, headers=right).json["elder_mode"] is False
        assert client.delete("/api/v1/session").status_code == 403
        assert client.delete("/api/v1/session", headers=right).status_code == 204
        assert client.get("/api/v1/session").json["person"] is None

    def test_the_cookie_is_secure_over_https(self, client, services):
        seed_identity.seed(services)
        body = {"person_key": "visitor", "channel": "h5"}
        answer = client.post("/api/v1/sessions/demo", json=body, base_url="https://localhost")
        assert "Secure" in answer.headers["Set-Cookie"]

    def test_a_staff_token_is_no_resident(self, client, sign_in_staff):
        cookie = sign_in_staff(("administrator", "district", None))["Cookie"]
        token = cookie.partition("=")[2]
        answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401

    @pytest.mark.parametrize(
        ("raw", "kind"),
        [
            ("{", "application/json"),
            ("[]", "application/json"),
            ('"x"', "application/json"),
            ("code=1", "application/x-www-form-urlencoded"),
            ('{"code":"o","channel":"h5","more":1}', "application/json"),
            ('{"code":1,"channel":"h5"}', "application/json"),
            ('{"code":"\\ud83d","channel":"h5"}', "application/json"),
            ('{"code":"o","channel":"fax"}', "application/json"),
        ],
    )
    def test_broken_input_is_told_in_chinese(self, client, raw, kind):
        answer = client.post("/api/v1/sessions/wechat", data=raw, content_type=kind)
        assert 400 <= answer.status_code < 500
        assert answer.content_type == "application/problem+json"
        assert any("\u4e00" <= char <= "\u9fff" for char in answer.json["title"])

    def test_demo_persons_are_shown_and_unknown_ones_refused(self, client):
        keys = [row["key"] for row in client.get("/api/v1/demo/persons").json["items"]]
        assert keys == [person.key for person in register.persons()]
        body = {"person_key": "nobody", "channel": "h5"}
        assert client.post("/api/v1/sessions/demo", json=body).status_code == 404
