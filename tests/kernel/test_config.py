"""Settings: a wrong one ends the start and names itself; production refuses the demo's parts."""

import base64

import pytest

from backend import config
from backend.config import DEMO_KEY, SettingsError, load

KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://db/huying",
    "REDIS_URL": "redis://cache:6379/0",
    "PRIVACY_KEYS": f"1:{KEY}",
    "BALLOT_KEY": base64.b64encode(b"b" * 32).decode(),
    "BALLOT_SIGNING_KEY": base64.b64encode(b"s" * 32).decode(),
    "PUBLIC_URL": "https://fuwu.example.gov.cn",
}


def test_a_complete_production_starts() -> None:
    settings = load(PRODUCTION)
    assert not settings.demo
    assert settings.database_url == "postgresql+psycopg://db/huying"
    assert settings.privacy_keys == {1: b"k" * 32}
    assert settings.host == "127.0.0.1"


def test_production_is_the_default() -> None:
    with pytest.raises(SettingsError, match="PRIVACY_KEYS"):
        load({})


@pytest.mark.parametrize("environment", ["demo", "test"])
def test_the_demo_needs_no_settings_at_all(environment: str) -> None:
    settings = load({"ENVIRONMENT": environment})
    assert settings.demo
    assert settings.privacy_keys == {1: DEMO_KEY}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "prod"), ("ENVIRONMENT", "Demo"),
        ("PORT", "eighty"), ("PORT", "0"), ("PORT", "65536"), ("PORT", "-1"),
        ("TRUSTED_PROXIES", "yes"), ("TRUSTED_PROXIES", "-1"), ("ROUTING_THRESHOLD", "1.5"),
        ("PRIVACY_KEYS", "secret"), ("PRIVACY_KEYS", "1:AAAA"), ("PRIVACY_KEYS", f"0:{KEY}"),
        ("PRIVACY_KEYS", f"256:{KEY}"), ("PRIVACY_KEYS", f"1:{KEY},1:{KEY}"),
        ("PRIVACY_KEYS", f"１:{KEY}"), ("PRIVACY_KEYS", ""),
        ("BALLOT_KEY", ""), ("BALLOT_KEY", "secret"), ("BALLOT_KEY", KEY),
        ("BALLOT_SIGNING_KEY", ""), ("BALLOT_SIGNING_KEY", "AAAA"),
        ("PRIVACY_KEY_CURRENT", "2"), ("PRIVACY_KEY_CURRENT", "first"),
        ("DATABASE_URL", "mysql://db/huying"), ("DATABASE_URL", "huying"),
        ("REDIS_URL", "http://cache"), ("REDIS_URL", "cache:6379"),
        ("LOG_LEVEL", "LOUD"), ("PUBLIC_URL", "fuwu.example.gov.cn"),
        ("DISTRICT_CODE", "lingchuan"), ("WECHAT_PAGE_STATE", "beta"),
        ("WECHAT_API_BASE", "api.weixin.qq.com"), ("SMS_API_URL", "sms.example.cn"),
        ("WECHAT_PUSH_AES_KEY", "short"),
    ],
)  # fmt: skip
def test_a_wrong_setting_names_itself(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({**PRODUCTION, name: value})


@pytest.mark.parametrize(
    "name",
    ["PORT", "TRUSTED_PROXIES", "PRIVACY_KEY_CURRENT", "LOG_LEVEL", "PUBLIC_URL", "WECHAT_APP_ID",
     "DISTRICT_CODE", "WECHAT_PAGE_STATE", "WECHAT_API_BASE", "HOST", "DATA_DIR"],
)  # fmt: skip
def test_a_setting_left_empty_in_the_file_means_its_default(name: str) -> None:
    bare = {key: value for key, value in PRODUCTION.items() if key != name}
    assert load({**bare, name: ""}) == load(bare)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRIVACY_KEYS", f"1:{KEY},2:{base64.b64encode(DEMO_KEY).decode()}"),
        ("STANDIN_URL", "http://127.0.0.1:8001"),
        ("DATABASE_URL", ""),
        ("REDIS_URL", ""),
        ("WECHAT_API_BASE", "http://127.0.0.1:8001/wechat"),
        ("WECHAT_API_BASE", "http://LOCALHOST:8001"),
        ("SMS_API_URL", "http://[::1]:8001/sms"),
        ("SMS_API_URL", "http://127.0.0.2/sms"),
    ],
)
def test_production_refuses_what_belongs_to_the_demo_or_is_missing(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({**PRODUCTION, name: value})


def test_all_that_is_missing_in_production_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load({**PRODUCTION, "DATABASE_URL": "", "REDIS_URL": ""})
    assert "DATABASE_URL" in str(caught.value)
    assert "REDIS_URL" in str(caught.value)


def test_an_error_never_repeats_a_key() -> None:
    with pytest.raises(SettingsError) as caught:
        load({**PRODUCTION, "PRIVACY_KEYS": f"1:{KEY}CANARY"})
    assert "CANARY" not in str(caught.value)
    assert KEY not in str(caught.value)
    assert KEY not in repr(load(PRODUCTION))


def test_the_newest_key_seals_unless_told_otherwise() -> None:
    keys = f"1:{KEY},7:{base64.b64encode(b'n' * 32).decode()}"
    assert load({**PRODUCTION, "PRIVACY_KEYS": keys}).privacy_key_current == 7
    chosen = load({**PRODUCTION, "PRIVACY_KEYS": keys, "PRIVACY_KEY_CURRENT": "1"})
    assert chosen.privacy_key_current == 1


def test_the_process_environment_is_read_by_default(monkeypatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORT", "9001")
    assert config.load().port == 9001
