"""The check-in code as a picture, drawn without the cost of a general drawing library."""

import base64
import struct
import zlib
from functools import lru_cache

from backend.domains.appointments import qr_codes

#: Pixels a module is wide, and the light modules around the code that ISO/IEC 18004 asks for.
SCALE = 6
QUIET = 4
_PIXELS = {ord("1"): "0" * SCALE, ord("0"): "1" * SCALE}
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@lru_cache(maxsize=1024)
def image(token: str) -> str:
    """`token` as a QR code: a `data:` URI of a PNG in black and white."""
    # Any mask makes a valid code; a fixed one saves drawing and judging all eight.
    return "data:image/png;base64," + base64.b64encode(_png(qr_codes.rows(token))).decode()


def _png(rows_of_modules: list[str]) -> bytes:
    """Rows of dark (1) and light (0) modules as a PNG of one bit a pixel."""
    pixels = (len(rows_of_modules) + 2 * QUIET) * SCALE
    light = _line("1" * pixels)
    margin = "1" * (QUIET * SCALE)
    rows = [light * (QUIET * SCALE)]
    for row in rows_of_modules:
        bits = row.translate(_PIXELS)
        rows.append(_line(margin + bits + margin) * SCALE)
    rows.append(light * (QUIET * SCALE))
    header = struct.pack(">IIBBBBB", pixels, pixels, 1, 0, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 6)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _line(bits: str) -> bytes:
    """A line of pixels as PNG stores it: no filter, then whole bytes, the last one filled up."""
    width = -(-len(bits) // 8)
    return b"\0" + int(bits.ljust(width * 8, "1"), 2).to_bytes(width)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
