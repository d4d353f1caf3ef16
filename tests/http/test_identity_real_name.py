"""Real names, phones and one person over several channels."""

import json

import pytest

from backend.demo import register
from backend.domains.identity.real_name import ProviderDown, Verdict
from backend.kernel import trace
from tests.identity_fakes import (
    DataOnlyRealName,
    agree,
    bearer,
    equip,
    prove,
    sign_in_sms,
    sign_in_wechat,
)  # fmt: skip

RARE = next(number for number, name in register.register().items() if name == "𠮷田禾")
LI_XI = next(number for number, name in register.register().items() if name == "李㐂")
OTHER = next(number for number, name in register.register().items() if name == "黎雪")


@pytest.fixture
def sms(services):
    return equip(services)[0]


@pytest.fixture
def visitor(client, sms):
    headers = bearer(sign_in_wechat(client, "o-visitor"))
    agree(client, headers)
    return headers


@pytest.mark.parametrize(("name", "number"), [("𠮷田禾", RARE), ("李㐂", LI_XI)])
def test_rare_characters_are_verified(client, visitor, name, number):
    answer = prove(client, visitor, f" {name} ", number.lower())
    assert answer.status_code == 200, answer.json
    assert answer.json["verified"] is True
    assert answer.json["name"] == name
    assert answer.json["id_number_masked"].startswith("999***")
    assert number not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "number", "field"),
    [
        ("黎雪", OTHER[:-1] + ("0" if OTHER[-1] != "0" else "1"), "id_number"),
        ("黎雪", "123", "id_number"),
        ("黎雪", "99990120261301018X", "id_number"),
        ("黎雪", "999901202612310011", "id_number"),
        ("黎雪", "９" * 18, "id_number"),
        ("黎雪", "９９９９０１" + "😀" * 12, "id_number"),
        ("黎霜", OTHER, "name"),
        ("黎😀", OTHER, "name"),
        ("黎" * 10_000, OTHER, "name"),
        ("黎雪\u202e", OTHER, "name"),
        ("", OTHER, "name"),
        ("黎雪", "999901200303150197", "id_number"),
    ],
)
def test_wrong_input_is_told_at_the_field(client, visitor, name, number, field):
    answer = prove(client, visitor, name, number)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert client.get("/api/v1/me", headers=visitor).json["verified"] is False


def test_both_fields_are_told_at_once(client, visitor):
    answer = prove(client, visitor, "x", "1")
    assert set(answer.json["errors"]) == {"name", "id_number"}


def test_a_number_missing_from_the_register_is_told(client, visitor):
    from tests.people import fictional_id_number

    answer = prove(client, visitor, "黎雪", fictional_id_number())
    assert answer.json["code"] == "id_number_unknown"


def test_consent_comes_first(client, sms):
    headers = bearer(sign_in_wechat(client, "o-2"))
    assert prove(client, headers, "黎雪", OTHER).json["code"] == "consent_needed"
    agree(client, headers)
    withdrawn = {"document": "privacy", "version": "2026-11-01", "agreed": False}
    answer = client.post("/api/v1/me/consents", json=withdrawn, headers=headers)
    assert answer.json["consent_version"] is None
    assert prove(client, headers, "黎雪", OTHER).status_code == 409


def test_only_the_version_in_force_can_be_agreed_to(client, sms):
    headers = bearer(sign_in_wechat(client, "o-2"))
    body = {"document": "privacy", "version": "1999", "agreed": True}
    answer = client.post("/api/v1/me/consents", json=body, headers=headers)
    assert answer.json["code"] == "policy_changed"
    policy = client.get("/api/v1/privacy-policy").json
    assert client.get("/api/v1/config").json["privacy_version"] == policy["version"]


def test_sending_it_again_is_harmless(client, visitor):
    assert prove(client, visitor, "黎雪", OTHER).status_code == 200
    assert prove(client, visitor, "黎雪", OTHER).status_code == 200
    assert prove(client, visitor, "李㐂", LI_XI).json["code"] == "already_verified"


@pytest.mark.requirement("000.01")
def test_one_person_over_two_channels(client, sms, services, visitor):
    """The identity number is the key: the second channel joins the person of the first."""
    first = prove(client, visitor, "黎雪", OTHER).json
    phone = bearer(sign_in_sms(client, sms, "13800000077"))
    agree(client, phone)
    provisional = client.get("/api/v1/me", headers=phone).json["id"]
    assert provisional != first["id"]
    joined = prove(client, phone, "黎雪", OTHER).json
    assert joined["id"] == first["id"]
    # The session signed in by phone goes on as the same person, and so does the other one.
    for headers in (phone, visitor):
        me = client.get("/api/v1/me", headers=headers).json
        assert me["id"] == first["id"]
        assert me["phone_masked"] == "138****0077"
        assert me["has_wechat"] is True
    assert sign_in_wechat(client, "o-visitor").json["person"]["id"] == first["id"]
    with services.unit() as uow:
        from uuid import UUID

        entries = trace.entries(uow.session, trace.Subject("person", UUID(provisional)))
        assert entries[-1].action == "merge"
        entries = trace.entries(uow.session, trace.Subject("person", UUID(first["id"])))
        assert "absorb" in [entry.action for entry in entries]


def test_data_alone_opens_nobodys_account(client, services, sms, visitor):
    assert prove(client, visitor, "黎雪", OTHER).status_code == 200
    services.extensions["real_name"] = DataOnlyRealName()
    thief = bearer(sign_in_wechat(client, "o-thief"))
    agree(client, thief)
    answer = prove(client, thief, "黎雪", OTHER)
    assert (answer.status_code, answer.json["code"]) == (409, "verified_elsewhere")
    assert client.get("/api/v1/me", headers=thief).json["verified"] is False


@pytest.mark.requirement("001.33")
def test_the_provider_is_exchangeable(client, services, visitor):
    """Whatever implements the interface decides: also one that is down, or saw a face."""

    class FaceCheck:
        name = "face-check"
        down = True

        def check(self, name, id_number):
            if self.down:
                raise ProviderDown
            return Verdict("match", presence=True, reference="F-1")

    provider = services.extensions["real_name"] = FaceCheck()
    answer = prove(client, visitor, "黎雪", OTHER)
    assert (answer.status_code, answer.json["code"]) == (503, "real_name_unavailable")
    provider.down = False
    assert prove(client, visitor, "黎雪", OTHER).json["verified"] is True
    export = client.get("/api/v1/me/export", headers=visitor).json["identity"]
    assert export["provider"] == "face-check"
    assert export["real_name_checks"][-1]["outcome"] == "match"


def test_a_number_verified_under_another_name_is_sent_to_the_counter(
    client, services, sms, visitor, monkeypatch
):
    assert prove(client, visitor, "黎雪", OTHER).status_code == 200
    renamed = {**register.register(), OTHER: "黎雪梅"}
    monkeypatch.setattr(register, "register", lambda: renamed)
    second = bearer(sign_in_wechat(client, "o-second"))
    agree(client, second)
    assert prove(client, second, "黎雪梅", OTHER).json["code"] == "verified_under_other_name"


def test_without_a_provider_it_says_so(client, services, visitor):
    del services.extensions["real_name"]
    assert prove(client, visitor, "黎雪", OTHER).json["code"] == "real_name_off"


class TestPhone:
    def test_bound_by_code_and_by_wechat(self, client, sms, clock, visitor):
        body = {"phone": "13800000055", "purpose": "bind_phone"}
        client.post("/api/v1/sms-codes", json=body, headers=visitor)
        body = {"phone": "13800000055", "sms_code": sms.last_code()}
        answer = client.post("/api/v1/me/phone", json=body, headers=visitor)
        assert answer.json["phone_masked"] == "138****0055"
        answer = client.post("/api/v1/me/phone", json={"code": "13800000056"}, headers=visitor)
        assert answer.json["phone_masked"] == "138****0056"
        # Who gets the old number tomorrow must not get this account.
        clock.advance(__import__("datetime").timedelta(minutes=2))
        stranger = sign_in_sms(client, sms, "13800000055").json["person"]["id"]
        assert stranger != answer.json["id"]

    def test_another_persons_phone_is_not_taken(self, client, sms, visitor, sign_in_person):
        sign_in_person(phone="13800000066")
        prove(client, visitor, "黎雪", OTHER)
        answer = client.post("/api/v1/me/phone", json={"code": "13800000066"}, headers=visitor)
        assert (answer.status_code, answer.json["code"]) == (409, "belongs_to_another")

    def test_binding_the_phone_of_the_own_verified_account_joins_it(
        self, client, visitor, sign_in_person
    ):
        known = sign_in_person(phone="13800000067")
        answer = client.post("/api/v1/me/phone", json={"code": "13800000067"}, headers=visitor)
        assert answer.json["id"] == str(known.id)
        assert client.get("/api/v1/me", headers=visitor).json["verified"] is True

    @pytest.mark.parametrize(
        "body",
        [{}, {"phone": "13800000055"}, {"code": "x", "phone": "13800000055", "sms_code": "1"}],
    )
    def test_one_way_at_a_time(self, client, visitor, body):
        answer = client.post("/api/v1/me/phone", json=body, headers=visitor)
        assert answer.status_code == 422

    def test_wrong_codes(self, client, visitor):
        body = {"phone": "13800000055", "sms_code": "000000"}
        answer = client.post("/api/v1/me/phone", json=body, headers=visitor)
        assert "sms_code" in answer.json["errors"]
        answer = client.post("/api/v1/me/phone", json={"code": "bad"}, headers=visitor)
        assert "code" in answer.json["errors"]


class TestOwnData:
    def test_export_holds_everything(self, client, sms, visitor):
        client.post("/api/v1/me/phone", json={"code": "13800000058"}, headers=visitor)
        prove(client, visitor, "黎雪", OTHER)
        export = client.get("/api/v1/me/export", headers=visitor).json
        mine = export["identity"]
        assert (mine["name"], mine["id_number"], mine["phone"]) == ("黎雪", OTHER, "13800000058")
        assert mine["consents"][0]["agreed"] is True
        assert {"登录", "通过实名认证", "导出个人信息"} <= {row["text"] for row in mine["history"]}
        assert "o-visitor" not in json.dumps(export)

    def test_closing_needs_the_words(self, client, visitor):
        answer = client.post("/api/v1/me/close", json={"confirm": "注销"}, headers=visitor)
        assert answer.status_code == 422
        assert "注销账号" in answer.json["errors"]["confirm"][0]

    def test_closing_waits_for_open_matters(self, client, visitor, monkeypatch):
        from backend.domains.identity import own_data

        monkeypatch.setitem(own_data._open_matters, "test", lambda uow, id: ["11月24日的预约"])
        body = {"confirm": "注销账号"}
        answer = client.post("/api/v1/me/close", json=body, headers=visitor)
        assert answer.status_code == 409
        assert "11月24日的预约" in answer.json["detail"]
        assert client.get("/api/v1/me", headers=visitor).status_code == 200

    def test_a_closed_account_is_gone_and_the_person_can_come_back(self, client, sms, visitor):
        old = prove(client, visitor, "黎雪", OTHER).json["id"]
        body = {"confirm": "注销账号"}
        assert client.post("/api/v1/me/close", json=body, headers=visitor).status_code == 204
        assert client.get("/api/v1/me", headers=visitor).status_code == 401
        again = bearer(sign_in_wechat(client, "o-visitor"))
        agree(client, again)
        new = prove(client, again, "黎雪", OTHER)
        assert new.status_code == 200
        assert new.json["id"] != old
