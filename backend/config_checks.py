"""What a setting may be. Each finding starts with the setting's name."""

import hashlib
import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from backend.config import Settings

DEMO_KEY = hashlib.sha256(b"huying demo key: never protects anything real").digest()
DEMO_BALLOT_KEY = hashlib.sha256(b"huying demo ballots: never protects anything real").digest()
DEMO_SIGNING_KEY = hashlib.sha256(b"huying demo checkpoints: never proves anything real").digest()
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
PAGE_STATES = ("developer", "trial", "formal")
SMS_DIALECTS = ("json", "form")
_DATABASES = ("postgresql+psycopg",)
_REDIS = ("redis", "rediss", "unix")
_WEB = ("http", "https")


def wrong(settings: "Settings") -> list[str]:
    """What no installation can run with."""
    found = []
    if not 1 <= settings.port <= 65535:
        found.append("PORT must be between 1 and 65535")
    if settings.trusted_proxies < 0:
        found.append("TRUSTED_PROXIES must not be negative")
    if min(settings.booking_tries_per_address, settings.booking_tries_per_person) < 0:
        found.append("BOOKING_TRIES_PER_ADDRESS and _PER_PERSON must not be negative")
    if not 1 <= settings.web_threads <= 64:
        found.append("WEB_THREADS must be between 1 and 64")
    if not 1 <= settings.live_streams <= 900:
        found.append("LIVE_STREAMS must be between 1 and 900")
    if settings.privacy_key_current not in settings.privacy_keys:
        found.append("PRIVACY_KEY_CURRENT is not among the ids of PRIVACY_KEYS")
    if settings.log_level not in LOG_LEVELS:
        found.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}")
    if not 0 < settings.routing_threshold <= 1:
        found.append("ROUTING_THRESHOLD must be above 0 and at most 1")
    if not re.fullmatch(r"[0-9]{6,12}", settings.district_code):
        found.append("DISTRICT_CODE must be a division code of 6 to 12 digits")
    wechat = settings.wechat
    if wechat.page_state not in PAGE_STATES:
        found.append(f"WECHAT_PAGE_STATE must be one of {', '.join(PAGE_STATES)}")
    if wechat.push_aes_key and not re.fullmatch(r"[A-Za-z0-9]{43}", wechat.push_aes_key):
        found.append("WECHAT_PUSH_AES_KEY must have 43 letters and digits")
    if unknown := sorted(wechat.long_term - set(wechat.templates)):
        found.append(f"WECHAT_LONG_TERM_TEMPLATES names {', '.join(unknown)}, which is not set")
    return found + _wrong_texts(settings) + _wrong_addresses(settings)


def _wrong_texts(settings: "Settings") -> list[str]:
    found = []
    for account, prefix in ((settings.sms.first, "SMS_"), (settings.sms.second, "SMS_B_")):
        if account.dialect not in SMS_DIALECTS:
            found.append(f"{prefix}DIALECT must be one of {', '.join(SMS_DIALECTS)}")
        if not 0 <= account.weight <= 100:
            found.append(f"{prefix}WEIGHT must be between 0 and 100")
    return found


def _wrong_addresses(settings: "Settings") -> list[str]:
    addresses = [
        ("DATABASE_URL", settings.database_url, _DATABASES, "postgresql://"),
        ("REDIS_URL", settings.redis_url, _REDIS, "redis://, rediss:// or unix://"),
        ("PUBLIC_URL", settings.public_url, _WEB, "https://"),
        ("MAP_TILE_URL", settings.map_tile_url, _WEB, "https://"),
        ("WECHAT_API_BASE", settings.wechat.api_base, _WEB, "https://"),
        ("SMS_API_URL", settings.sms.first.api_url, _WEB, "https://"),
        ("SMS_B_API_URL", settings.sms.second.api_url, _WEB, "https://"),
        ("SPEECH_API_URL", settings.speech.api_url, _WEB, "https://"),
        ("VIDEO_ROOM_URL", settings.video_room_url, _WEB, "https://"),
        ("STANDIN_URL", settings.standin_url, _WEB, "http://"),
    ]
    room = settings.video_room_url
    parts = [part for part in ("{room}", "{word}") if room and part not in room]
    return [f"VIDEO_ROOM_URL must hold {part}" for part in parts] + [
        f"{name} must start with {wanted}"
        for name, value, schemes, wanted in addresses
        if value and (urlsplit(value).scheme not in schemes or "://" not in value)
    ]


def demo_parts(settings: "Settings") -> list[str]:
    """What production refuses: with a demo key or a stand-in it would protect nothing."""
    found = []
    if DEMO_KEY in settings.privacy_keys.values():
        found.append("PRIVACY_KEYS holds the demo key")
    if settings.ballot_key == DEMO_BALLOT_KEY:
        found.append("BALLOT_KEY is the demo's key")
    if settings.ballot_signing_key == DEMO_SIGNING_KEY:
        found.append("BALLOT_SIGNING_KEY is the demo's key")
    if len({settings.ballot_key, settings.ballot_signing_key, *settings.privacy_keys.values()}) != (
        2 + len(settings.privacy_keys)
    ):
        found.append("BALLOT_KEY, BALLOT_SIGNING_KEY and PRIVACY_KEYS must all differ")
    if settings.standin_url:
        found.append("STANDIN_URL is set: the stand-ins are for the demo only")
    if not settings.database_url:
        found.append("DATABASE_URL is not set")
    if not settings.redis_url:
        found.append("REDIS_URL is not set")
    if _on_this_machine(settings.video_room_url):
        found.append("VIDEO_ROOM_URL points at this machine")
    if _on_this_machine(settings.wechat.api_base):
        found.append("WECHAT_API_BASE points at this machine")
    if _on_this_machine(settings.sms.first.api_url):
        found.append("SMS_API_URL points at this machine")
    if _on_this_machine(settings.sms.second.api_url):
        found.append("SMS_B_API_URL points at this machine")
    return found


def _on_this_machine(url: str) -> bool:
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
