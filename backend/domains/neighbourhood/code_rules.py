"""The code shown at the entrance: a word for the QR picture and six digits, new every half minute.

`HYA1.<activity id>.<window>.<mac>`: the window is the Unix time divided by 30 seconds, the MAC is
cut from a keyed signature over both. It holds nothing personal, and a photograph of it is worth
nothing a minute later. Pure: the signing function is handed in.
"""

import base64
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

PREFIX = "HYA1"
SECONDS = 30
#: How many windows back a code is still taken: scanning and sending take a moment.
LATE = 1
_MAC_BYTES = 12
Sign = Callable[[str], bytes]


def window(now: datetime) -> int:
    """The number of the half minute."""
    return int(now.timestamp()) // SECONDS


def ends(now: datetime) -> datetime:
    """When the code shown now changes."""
    return datetime.fromtimestamp((window(now) + 1) * SECONDS, UTC)


def token(sign: Sign, activity_id: UUID, now: datetime) -> str:
    """The word in the QR code."""
    return _token(sign, activity_id, window(now))


def digits(sign: Sign, activity_id: UUID, now: datetime) -> str:
    """Six digits for whoever cannot scan."""
    return _digits(sign, activity_id, window(now))


def genuine(sign: Sign, activity_id: UUID, given: str, now: datetime) -> bool:
    """Whether `given` (the word or the digits) is this activity's code of now or just before."""
    text = given.strip()
    found = False
    for back in range(LATE + 1):
        at = window(now) - back
        for right in (_token(sign, activity_id, at), _digits(sign, activity_id, at)):
            found |= hmac.compare_digest(text.encode(), right.encode())
    return found


def activity_of(given: str) -> UUID | None:
    """Which activity a word claims to be of; None for anything else."""
    parts = given.strip().split(".")
    if len(parts) != 4 or parts[0] != PREFIX:
        return None
    try:
        return UUID(hex=parts[1])
    except ValueError:
        return None


def _token(sign: Sign, activity_id: UUID, at: int) -> str:
    mac = base64.urlsafe_b64encode(_mac(sign, activity_id, at)[:_MAC_BYTES]).decode()
    return f"{PREFIX}.{activity_id.hex}.{at}.{mac}"


def _digits(sign: Sign, activity_id: UUID, at: int) -> str:
    return f"{int.from_bytes(_mac(sign, activity_id, at)[-8:]) % 1_000_000:06d}"


def _mac(sign: Sign, activity_id: UUID, at: int) -> bytes:
    return sign(f"{PREFIX}:{activity_id.hex}:{at}")
