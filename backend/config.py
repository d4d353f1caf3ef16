"""Typed settings from the environment; a wrong one fails at boot and names itself."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from environs import Env, EnvError

from backend.config_checks import DEMO_BALLOT_KEY, DEMO_KEY, DEMO_SIGNING_KEY, demo_parts, wrong

ENVIRONMENTS = ("production", "demo", "test")


class SettingsError(Exception):
    """The environment holds a setting that cannot be used; the text names it."""


#: The subscribe templates of the mini-program, each with a setting of its own.
TEMPLATE_KEYS = (
    "booked",
    "called",
    "reminder",
    "event",
    "task",
    "ticket",
    "life",
    "council",
    "news",
)


@dataclass(frozen=True, slots=True)
class WeChatSettings:
    """WeChat's side: the mini-program, the service account and the message push."""

    api_base: str
    app_id: str
    app_secret: str = field(repr=False)
    service_app_id: str
    service_app_secret: str = field(repr=False)
    push_token: str = field(repr=False)
    push_aes_key: str = field(repr=False)
    template_booked: str
    template_called: str
    template_reminder: str
    template_event: str
    template_task: str
    template_ticket: str
    template_news: str
    template_life: str
    template_council: str
    #: Keys of the templates that stand until they are withdrawn (category 政务民生).
    long_term: frozenset[str]
    service_template: str
    #: Whether the service account drops a repeated ``client_msg_id``, as WeChat documents.
    service_drops_repeats: bool
    page_state: str

    @property
    def templates(self) -> dict[str, str]:
        """The ids of the subscribe templates by key; those not set are left out."""
        found = {key: getattr(self, f"template_{key}") for key in TEMPLATE_KEYS}
        return {key: value for key, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class SmsAccount:
    """An account at a provider of text messages: its dialect (json, form) and its share."""

    name: str
    dialect: str
    api_url: str
    api_key: str
    api_secret: str = field(repr=False)
    weight: int


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The providers of text messages, one or two, and the signature before each text."""

    first: SmsAccount
    second: SmsAccount
    sign: str
    reports: bool

    @property
    def accounts(self) -> tuple[SmsAccount, ...]:
        """Those that are set up."""
        return tuple(one for one in (self.first, self.second) if one.api_url)


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """The service that turns voice notes into text; without an address there is none."""

    api_url: str
    api_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations. See `.env.example` for each."""

    environment: str
    host: str
    port: int
    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    privacy_keys: dict[int, bytes] = field(repr=False)
    privacy_key_current: int
    ballot_key: bytes = field(repr=False)
    ballot_signing_key: bytes = field(repr=False)
    public_url: str
    map_tile_url: str
    trusted_proxies: int
    booking_tries_per_address: int
    booking_tries_per_person: int
    metrics_token: str = field(repr=False)
    log_level: str
    standin_url: str
    district_code: str
    quiet_hours: bool
    routing_threshold: float
    wechat: WeChatSettings
    sms: SmsSettings
    speech: SpeechSettings
    video_room_url: str
    web_threads: int
    live_streams: int

    @property
    def demo(self) -> bool:
        """Whether demo sign-in and stand-ins are allowed (the demo and the tests)."""
        return self.environment in ("demo", "test")


def anything_set() -> bool:
    """Whether the process's environment names an installation at all."""
    return bool(os.environ.get("ENVIRONMENT") or os.environ.get("DATABASE_URL"))


def load(environ: dict[str, str] | None = None) -> Settings:
    """Settings from `environ` (the process environment by default); `SettingsError` if wrong."""
    env = _Environment(os.environ if environ is None else environ)
    try:
        settings = _read(env)
    except (EnvError, ValueError) as error:
        raise SettingsError(str(error)) from error
    found = wrong(settings) + ([] if settings.demo else demo_parts(settings))
    if found:
        raise SettingsError("; ".join(found))
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
        ballot_key=_secret("BALLOT_KEY", env.str("BALLOT_KEY", ""), environment, DEMO_BALLOT_KEY),
        ballot_signing_key=_secret(
            "BALLOT_SIGNING_KEY", env.str("BALLOT_SIGNING_KEY", ""), environment, DEMO_SIGNING_KEY
        ),
        public_url=env.str("PUBLIC_URL", ""),
        map_tile_url=env.str("MAP_TILE_URL", ""),
        trusted_proxies=env.int("TRUSTED_PROXIES", 0),
        booking_tries_per_address=env.int("BOOKING_TRIES_PER_ADDRESS", 600),
        booking_tries_per_person=env.int("BOOKING_TRIES_PER_PERSON", 30),
        metrics_token=env.str("METRICS_TOKEN", ""),
        log_level=env.str("LOG_LEVEL", "INFO").upper(),
        standin_url=env.str("STANDIN_URL", "").rstrip("/"),
        district_code=env.str("DISTRICT_CODE", "999901"),
        quiet_hours=env.bool("QUIET_HOURS", True),
        routing_threshold=env.float("ROUTING_THRESHOLD", 0.80),
        wechat=_wechat(env),
        sms=_sms(env),
        video_room_url=env.str("VIDEO_ROOM_URL", ""),
        speech=SpeechSettings(env.str("SPEECH_API_URL", ""), env.str("SPEECH_API_KEY", "")),
        web_threads=env.int("WEB_THREADS", 8),
        live_streams=env.int("LIVE_STREAMS", 250),
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
        template_event=env.str("WECHAT_TEMPLATE_EVENT", ""),
        template_task=env.str("WECHAT_TEMPLATE_TASK", ""),
        template_ticket=env.str("WECHAT_TEMPLATE_TICKET", ""),
        template_news=env.str("WECHAT_TEMPLATE_NEWS", ""),
        template_life=env.str("WECHAT_TEMPLATE_LIFE", ""),
        template_council=env.str("WECHAT_TEMPLATE_COUNCIL", ""),
        long_term=frozenset(env.list("WECHAT_LONG_TERM_TEMPLATES", [])),
        service_template=env.str("WECHAT_SERVICE_TEMPLATE", ""),
        service_drops_repeats=env.bool("WECHAT_SERVICE_DROPS_REPEATS", True),
        page_state=env.str("WECHAT_PAGE_STATE", "formal"),
    )


def _sms(env: Env) -> SmsSettings:
    first = SmsAccount(
        "sms_a",
        env.str("SMS_DIALECT", "json"),
        env.str("SMS_API_URL", ""),
        env.str("SMS_API_KEY", ""),
        env.str("SMS_API_SECRET", ""),
        env.int("SMS_WEIGHT", 50),
    )
    second = SmsAccount(
        "sms_b",
        env.str("SMS_B_DIALECT", "form"),
        env.str("SMS_B_API_URL", ""),
        env.str("SMS_B_API_KEY", ""),
        env.str("SMS_B_API_SECRET", ""),
        env.int("SMS_B_WEIGHT", 50),
    )
    return SmsSettings(
        first, second, env.str("SMS_SIGN", "岭川政务"), env.bool("SMS_REPORTS", False)
    )


def _database_url(url: str) -> str:
    """The same address with the driver this code is written for."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _secret(name: str, text: str, environment: str, demo: bytes) -> bytes:
    """32 bytes in base64; the demo has its own, production must be given one."""
    if not text:
        if environment != "production":
            return demo
        raise ValueError(f"{name} is not set: 32 random bytes in base64")
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError(f"{name} must be 32 bytes in base64")
    return key


def _keys(text: str) -> dict[int, bytes]:
    """`1:base64,2:base64` with 32 bytes each."""
    keys: dict[int, bytes] = {}
    for part in filter(None, text.split(",")):
        kid, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        number = int(kid) if kid.isascii() and kid.isdigit() else 0
        if not 1 <= number <= 255 or len(key) != 32:
            raise ValueError("PRIVACY_KEYS must look like 1:BASE64 with 32 bytes behind each id")
        if number in keys:
            raise ValueError(f"PRIVACY_KEYS names id {number} twice")
        keys[number] = key
    return keys


class _Environment(Env):
    """Reads a given mapping; what is left empty, as in `.env.example`, has its default."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(eager=True)
        self._mapping = environ

    def _get_value(self, env_key: str, default: object) -> object:
        return self._mapping.get(env_key) or default
