"""The check-in QR code: a signed word that names one appointment and ends by itself.

`HY1.<payload>.<mac>`, both base64url. The payload is the appointment's id (16 bytes), the
expiry in Unix seconds (8) and the appointment's own nonce (8); the MAC is HMAC-SHA256 cut
to 16 bytes. It holds nothing personal, so a photograph of it tells nobody anything.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from appointments.rules import Refused

PREFIX = "HY1"
NONCE_BYTES = 8
_SHAPE = struct.Struct(">16sQ8s")
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Claim:
    """What a genuine token says."""

    appointment_id: UUID
    nonce: bytes


def _mac(key: bytes, payload: bytes) -> bytes:
    return hmac.new(key, PREFIX.encode() + payload, hashlib.sha256).digest()[:_MAC_BYTES]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def sign(key: bytes, appointment_id: UUID, nonce: bytes, expires: datetime) -> str:
    """The token for one appointment. The same facts always make the same token."""
    payload = _SHAPE.pack(appointment_id.bytes, int(expires.timestamp()), nonce)
    return f"{PREFIX}.{_encode(payload)}.{_encode(_mac(key, payload))}"


def read(key: bytes, token: str, now: datetime) -> Claim:
    """What a genuine, unexpired token claims; `Refused` for any other text."""
    parts = token.split(".")
    if len(parts) != 3 or parts[0] != PREFIX or not token.isascii():
        raise Refused("qr_invalid")
    try:
        payload, mac = _decode(parts[1]), _decode(parts[2])
    except (binascii.Error, ValueError):
        raise Refused("qr_invalid") from None
    # Re-encoding refuses spellings that decode alike: one token has exactly one text.
    genuine = hmac.compare_digest(mac, _mac(key, payload)) and _encode(mac) == parts[2]
    if not genuine or len(payload) != _SHAPE.size or _encode(payload) != parts[1]:
        raise Refused("qr_invalid")
    raw_id, expires, nonce = _SHAPE.unpack(payload)
    if datetime.fromtimestamp(expires, UTC) < now:
        raise Refused("qr_expired")
    return Claim(UUID(bytes=raw_id), nonce)
