"""Identifiers: time-ordered for new rows, derived for rows with a code of their own."""

import os
import time
import uuid

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://huying.example/ids")


def new_id() -> uuid.UUID:
    """A fresh UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def stable_id(kind: str, code: str) -> uuid.UUID:
    """The one UUID of the thing of this `kind` that carries this `code`, the same everywhere."""
    return uuid.uuid5(_NAMESPACE, f"{kind}:{code}")
