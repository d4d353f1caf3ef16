"""Passwords (argon2id) and one-time codes (RFC 6238) of staff."""

import secrets
from datetime import datetime, timedelta
from functools import cache
from hmac import compare_digest

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.domains.identity.staff_rules import TOTP_PERIOD

ISSUER = "呼应管理台"
# OWASP's first choice for argon2id: strong, and a burst of guesses cannot eat all memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt and cost."""
    return _hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether it matches; takes as long for an unknown account (None) as for a known one."""
    try:
        _hasher.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with a lower cost than today's."""
    return _hasher.check_needs_rehash(password_hash)


def temporary_password() -> str:
    """Four groups of four unmistakable characters (79 bits), to be changed at first sign-in."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def new_totp_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def matched_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is: the present one or a neighbour; None if none."""
    found = None
    for offset in (-1, 0, 1):
        at = now + timedelta(seconds=offset * TOTP_PERIOD)
        if compare_digest(current_code(secret, at).encode(), code.encode()):
            found = int(at.timestamp()) // TOTP_PERIOD
    return found


def current_code(secret: str, now: datetime) -> str:
    """The six digits an authenticator shows at `now`."""
    return pyotp.TOTP(secret, interval=TOTP_PERIOD).at(now)


def enrolment_uri(secret: str, username: str) -> str:
    """The otpauth address an authenticator reads."""
    return pyotp.TOTP(secret, interval=TOTP_PERIOD).provisioning_uri(
        name=username, issuer_name=ISSUER
    )


def qr_data_uri(text: str) -> str:
    """`text` as a QR picture (PNG data address)."""
    return segno.make(text, error="m").png_data_uri(scale=5, border=4)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_hex(16))
