"""Small recordings of every kind that phones and browsers make, written byte by byte."""

import io
import struct
import wave

from mutagen.id3 import ID3, TIT2
from mutagen.ogg import OggPage


def wav(seconds: float = 1.0) -> bytes:
    """Silence as WAV, 8 kHz, 8 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * int(8000 * seconds))
    return out.getvalue()


def mp3(seconds: float = 1.0, title: str = "") -> bytes:
    """Frames of MPEG-1 layer 3, 32 kbit/s, 32 kHz (36 ms each), with an ID3 title if given."""
    frames = (b"\xff\xfb\x18\xc4" + bytes(140)) * int(seconds / 0.036)
    if not title:
        return frames
    out = io.BytesIO(frames)
    tags = ID3()
    tags.add(TIT2(encoding=3, text=[title]))
    tags.save(out)
    return out.getvalue()


def aac(seconds: float = 1.0) -> bytes:
    """ADTS frames, AAC-LC, 16 kHz, one channel, 64 ms each."""
    length = 40
    head = struct.pack(
        ">BBBBBBB", 0xFF, 0xF1, 0x60, 0x40 | length >> 11, length >> 3 & 0xFF,
        (length & 7) << 5 | 0x1F, 0xFC,
    )  # fmt: skip
    return (head + bytes(length - 7)) * int(seconds / 0.064)


def _atom(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def m4a(seconds: float = 1.0, *, handler: bytes = b"soun", title: str = "") -> bytes:
    """The boxes of an MP4 with one track."""
    mdhd = _atom(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1000, int(seconds * 1000), 0, 0))
    hdlr = _atom(b"hdlr", bytes(8), handler, bytes(13))
    minf = _atom(b"minf", _atom(b"stbl", _atom(b"stsd", struct.pack(">II", 0, 0))))
    parts = [_atom(b"trak", _atom(b"mdia", mdhd, hdlr, minf))]
    if title:
        data = _atom(b"data", struct.pack(">II", 1, 0), title.encode())
        named = _atom(b"ilst", _atom(b"\xa9nam", data))
        meta = _atom(b"meta", bytes(4), _atom(b"hdlr", bytes(8), b"mdirappl", bytes(9)), named)
        parts.append(_atom(b"udta", meta))
    return _atom(b"ftyp", b"M4A ", bytes(4), b"isom") + _atom(b"moov", *parts) + _atom(b"mdat")


def ogg(seconds: float = 1.0, title: str = "") -> bytes:
    """Ogg with an Opus stream of one page."""
    comment = f"TITLE={title}".encode()
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", bool(title))
    tags += struct.pack("<I", len(comment)) + comment if title else b""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48000, 0, 0)
    pages = []
    for number, packet in enumerate((head, tags, b"\xfc" * 40)):
        page = OggPage()
        page.packets = [packet]
        page.serial, page.sequence = 7, number
        page.first, page.last = number == 0, number == 2
        page.position = int(48000 * seconds) if number == 2 else 0
        pages.append(page.write())
    return b"".join(pages)


def _element(name: bytes, body: bytes, *, endless: bool = False) -> bytes:
    size = b"\x01" + (b"\xff" * 7 if endless else len(body).to_bytes(7))
    return name + size + body


def webm(
    seconds: float = 1.0, *, title: str = "", kinds: tuple[int, ...] = (2,), doc: bytes = b"webm"
) -> bytes:
    """What a browser's recorder writes: sizes left open, no duration, a block each 100 ms."""
    tracks = b"".join(_element(b"\xae", _element(b"\x83", bytes([kind]))) for kind in kinds)
    parts = [
        _element(b"\x15\x49\xa9\x66", _element(b"\x2a\xd7\xb1", (1_000_000).to_bytes(3))),
        _element(b"\x16\x54\xae\x6b", tracks),
    ]
    if title:
        parts.append(_element(b"\x12\x54\xc3\x67", title.encode()))
    for start in range(0, int(seconds * 1000), 1000):
        blocks = _element(b"\xe7", start.to_bytes(4))
        for at in range(100, min(1000, int(seconds * 1000) - start) + 1, 100):
            blocks += _element(b"\xa3", b"\x81" + at.to_bytes(2) + b"\x80" + b"sound")
        parts.append(_element(b"\x1f\x43\xb6\x75", blocks, endless=True))
    head = _element(b"\x1a\x45\xdf\xa3", _element(b"\x42\x82", doc))
    return head + _element(b"\x18\x53\x80\x67", b"".join(parts), endless=True)


KINDS = {
    "audio/wav": wav, "audio/mpeg": mp3, "audio/aac": aac, "audio/mp4": m4a, "audio/ogg": ogg,
    "audio/webm": webm,
}  # fmt: skip
