"""Typed settings from the environment; a wrong one fails at boot and names itself."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from environs import Env, EnvError

ENVIRONMENTS = ("production", "demo", "test")
DEMO_KEY = hashlib.sha256(b"huying demo key: never protects anything real").digest()
STANDIN_HOSTS = ("127.0.0.1", "localhost", "[::1]")


class SettingsError(Exception):
    """The environment holds a setting that cannot be used; the text names it."""


@dataclass(frozen=True, slots=True)
class WeChatSettings:
    """WeChat's side: the mini-program, the service account and the message push."""

    api_base: str
    app_id: str
    app_secret: str
    service_app_id: str
    service_app_secret: str
    push_token: str
    push_aes_key: str
    template_booked: str
    template_called: str
    template_reminder: str
    service_template: str
    page_state: str


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The SMS provider's HTTP interface."""

    api_url: str
    api_key: str
    api_secret: str
    sign: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations. See `.env.example` for each."""

    environment: str
    host: str
    port: int
    data_dir: Path
    database_url: str
    redis_url: str
    privacy_keys: dict[int, bytes]
    privacy_key_current: int
    public_url: str
    trusted_proxies: int
    metrics_token: str
    log_level: str
    standin_url: str
    district_code: str
    wechat: WeChatSettings
    sms: SmsSettings

    @property
    def demo(self) -> bool:
        """Whether demo sign-in and stand-ins are allowed (the demo and the tests)."""
        return self.environment in ("demo", "test")


def load(environ: dict[str, str] | None = None) -> Settings:
    """Settings from `environ` (the process environment by default); `SettingsError` if wrong."""
    env = Env(eager=True) if environ is None else _EnvOf(environ)
    try:
        settings = _read(env)
    except (EnvError, ValueError) as error:
        raise SettingsError(str(error)) from error
    if not settings.demo:
        _refuse_demo_parts(settings)
    return settings


def _read(env: Env) -> Settings:
    environment = env.str("ENVIRONMENT", "production")
    if environment not in ENVIRONMENTS:
        raise ValueError(f"ENVIRONMENT must be one of {', '.join(ENVIRONMENTS)}")
    data_dir = Path(env.str("DATA_DIR", "./var")).resolve()
    keys = _keys(env.str("PRIVACY_KEYS", ""))
    if not keys and environment != "production":
        keys = {1: DEMO_KEY}
    if not keys:
        raise ValueError("PRIVACY_KEYS is not set: the keys that seal personal data")
    return Settings(
        environment=environment,
        host=env.str("HOST", "127.0.0.1"),
        port=env.int("PORT", 8000),
        data_dir=data_dir,
        database_url=_database_url(env.str("DATABASE_URL", "")),
        redis_url=env.str("REDIS_URL", ""),
        privacy_keys=keys,
        privacy_key_current=env.int("PRIVACY_KEY_CURRENT", max(keys)),
        public_url=env.str("PUBLIC_URL", ""),
        trusted_proxies=env.int("TRUSTED_PROXIES", 0),
        metrics_token=env.str("METRICS_TOKEN", ""),
        log_level=env.str("LOG_LEVEL", "INFO").upper(),
        standin_url=env.str("STANDIN_URL", "").rstrip("/"),
        district_code=env.str("DISTRICT_CODE", "999901"),
        wechat=_wechat(env),
        sms=SmsSettings(
            api_url=env.str("SMS_API_URL", ""),
            api_key=env.str("SMS_API_KEY", ""),
            api_secret=env.str("SMS_API_SECRET", ""),
            sign=env.str("SMS_SIGN", "岭川政务"),
        ),
    )


def _wechat(env: Env) -> WeChatSettings:
    return WeChatSettings(
        api_base=env.str("WECHAT_API_BASE", "https://api.weixin.qq.com"),
        app_id=env.str("WECHAT_APP_ID", ""),
        app_secret=env.str("WECHAT_APP_SECRET", ""),
        service_app_id=env.str("WECHAT_SERVICE_APP_ID", ""),
        service_app_secret=env.str("WECHAT_SERVICE_APP_SECRET", ""),
        push_token=env.str("WECHAT_PUSH_TOKEN", ""),
        push_aes_key=env.str("WECHAT_PUSH_AES_KEY", ""),
        template_booked=env.str("WECHAT_TEMPLATE_BOOKED", ""),
        template_called=env.str("WECHAT_TEMPLATE_CALLED", ""),
        template_reminder=env.str("WECHAT_TEMPLATE_REMINDER", ""),
        service_template=env.str("WECHAT_SERVICE_TEMPLATE", ""),
        page_state=env.str("WECHAT_PAGE_STATE", "formal"),
    )


def _database_url(url: str) -> str:
    """The same address with the driver this code is written for."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _keys(text: str) -> dict[int, bytes]:
    """`1:base64,2:base64` with 32 bytes each."""
    keys: dict[int, bytes] = {}
    for part in filter(None, text.split(",")):
        kid, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not kid.strip().isdigit() or not 1 <= int(kid) <= 255 or len(key) != 32:
            raise ValueError("PRIVACY_KEYS must look like 1:BASE64 with 32 bytes behind each id")
        keys[int(kid)] = key
    return keys


def _refuse_demo_parts(settings: Settings) -> None:
    """Production with a demo key or a stand-in would protect and deliver nothing."""
    wrong = []
    if DEMO_KEY in settings.privacy_keys.values():
        wrong.append("PRIVACY_KEYS holds the demo key")
    if settings.standin_url:
        wrong.append("STANDIN_URL is set: the stand-ins are for the demo only")
    if not settings.database_url:
        wrong.append("DATABASE_URL is not set")
    if not settings.redis_url:
        wrong.append("REDIS_URL is not set")
    if any(host in settings.wechat.api_base for host in STANDIN_HOSTS):
        wrong.append("WECHAT_API_BASE points at this machine")
    if any(host in settings.sms.api_url for host in STANDIN_HOSTS):
        wrong.append("SMS_API_URL points at this machine")
    if wrong:
        raise SettingsError("; ".join(wrong))


class _EnvOf(Env):
    """An `Env` over a given mapping, so that tests need not touch the process's own."""

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__(eager=True)
        self._mapping = environ

    def _get_value(self, env_key: str, default: object) -> object:
        return self._mapping.get(env_key, default)
