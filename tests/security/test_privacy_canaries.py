"""No plain identity number, name, phone, openid, password or code lies in the database."""

import pytest
import redis
from sqlalchemy import text

from backend.demo import register
from backend.kernel.identity_number import check_digit
from backend.migrations.tables import all_metadata
from tests.identity_fakes import agree, bearer, equip, prove, sign_in_sms, sign_in_wechat

PHONE = "13800000041"
OPENID = "oCANARYopenidCANARYopenid01"
UNIONID = "uCANARYunion"
NAME = "𠮷㐂田"
BODY = "99990119770707701"
NUMBER = BODY + check_digit(BODY)


def rows_as_text(services):
    """Every row of every table, by table, with bytes as hex and as characters."""
    with services.db.transaction() as session:
        for metadata in all_metadata():
            for table in metadata.sorted_tables:
                for row in session.execute(table.select()):
                    shown = "|".join(
                        f"{bytes(v).hex()} {bytes(v).decode('latin1')}"
                        if isinstance(v, bytes | memoryview)
                        else str(v)
                        for v in row
                    )
                    yield table.name, shown


def tables_with(services, *canaries):
    forms = [form for canary in canaries for form in (canary, canary.encode().hex())]
    return {(name, form) for name, row in rows_as_text(services) for form in forms if form in row}


@pytest.fixture
def resident(client, services, monkeypatch):
    sms, _ = equip(services)
    monkeypatch.setattr(register, "register", lambda: {NUMBER: NAME})
    headers = bearer(sign_in_wechat(client, f"{OPENID}/{UNIONID}"))
    agree(client, headers)
    assert prove(client, headers, NAME, NUMBER).status_code == 200
    assert client.post("/api/v1/me/phone", json={"code": PHONE}, headers=headers).status_code == 200
    assert sign_in_sms(client, sms, PHONE).json["person"]["verified"] is True
    return headers, sms


def test_nothing_personal_lies_open(services, resident):
    headers, sms = resident
    token = headers["Authorization"].partition(" ")[2]
    assert tables_with(services, NUMBER, NAME, PHONE, OPENID, UNIONID, "KEYCANARY", token) == set()
    assert sms.sent


def test_answers_are_masked_but_for_the_own_export(client, resident):
    headers, _ = resident
    for path in ("/api/v1/me", "/api/v1/session"):
        shown = client.get(path, headers=headers).get_data(as_text=True)
        for secret in (NUMBER, PHONE, OPENID):
            assert secret not in shown
    assert NUMBER in client.get("/api/v1/me/export", headers=headers).get_data(as_text=True)


def test_redis_holds_nothing_personal(services, resident):
    link = redis.Redis.from_url(services.settings.redis_url)
    keys = link.keys("*")
    assert keys
    held = b"".join(key + (link.dump(key) or b"") for key in keys)
    link.close()
    for secret in (NUMBER, PHONE, OPENID, NAME):
        assert secret.encode() not in held


def test_a_closed_account_leaves_no_trace_of_the_person(client, services, resident):
    """Neither the values nor the keyed hashes by which they could be found again."""
    headers, _ = resident
    privacy = services.privacy
    marks = [
        privacy.fingerprint(NUMBER, "id_number"),
        privacy.fingerprint(PHONE, "phone"),
        privacy.fingerprint(OPENID, "mini_openid"),
        privacy.fingerprint(UNIONID, "unionid"),
    ]
    with services.db.transaction() as session:
        sealed = [
            bytes(value)
            for row in session.execute(
                text("SELECT name_sealed, phone_sealed, id_number_sealed FROM person"
                     " WHERE state = 'verified'")
            )
            for value in row
        ] + [bytes(row[0]) for row in session.execute(text("SELECT sealed FROM channel_identity"))]  # fmt: skip
    assert len(sealed) == 6
    hexes = [value.hex() for value in marks + sealed]
    before = {name for name, row in rows_as_text(services) if any(h in row for h in hexes)}
    assert {"person", "channel_identity", "sms_code"} <= before
    body = {"confirm": "注销账号"}
    assert client.post("/api/v1/me/close", json=body, headers=headers).status_code == 204
    after = {name for name, row in rows_as_text(services) if any(h in row for h in hexes)}
    assert after == set()
    assert tables_with(services, NUMBER, NAME, PHONE, OPENID, UNIONID) == set()
