"""Voice notes: typed by content, limited in length, freed of their tags, never converted."""

import io
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from mutagen import MutagenError
from mutagen.aac import AAC
from mutagen.id3 import delete as delete_id3
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from backend.kernel import webm
from backend.kernel.errors import Invalid

MAX_BYTES = 2 * 1024 * 1024
MAX_SECONDS = 60.0
# A recorder that is stopped at sixty seconds writes its last frame to the end.
_GRACE = 0.9
_UNREADABLE = (
    MutagenError, OSError, ValueError, TypeError, KeyError, IndexError, AttributeError,
    AssertionError, OverflowError, ZeroDivisionError, EOFError, struct.error, RecursionError,
)  # fmt: skip
_PICTURES_IN_MP4 = re.compile(rb"hdlr.{8}vide", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CleanAudio:
    """Bytes that are safe to keep and to serve as `media_type`, and how long they sound."""

    body: bytes
    media_type: str
    seconds: float


def clean_audio(stream: IO[bytes]) -> CleanAudio:
    """Read the recording, refuse what is none, and drop every tag that can be dropped.

    Taken are AAC, M4A, MP3, Ogg (Opus, Vorbis), WebM and WAV, told apart by their content
    whatever the name says; at most 2 MiB and 60 seconds. `Invalid` says what to do.
    """
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _refuse("语音太大，请录短一些")
    reader = _reader_of(raw)
    if reader is None:
        raise _refuse("这不是能播放的语音，请重新录一段")
    try:
        found = reader(raw)
    except _UNREADABLE:
        raise _refuse("这段语音已损坏，请重新录一段") from None
    if not 0 < found.seconds <= MAX_SECONDS + _GRACE:
        raise _refuse("语音最长60秒，请分开说或录短一些")
    return found


def _reader_of(raw: bytes) -> Callable[[bytes], CleanAudio] | None:
    if raw[4:8] == b"ftyp":
        return _m4a
    if raw[:4] == b"OggS":
        return _ogg
    if raw[:4] == b"RIFF" and raw[8:12] == b"WAVE":
        return _wav
    if raw[:4] == webm.SIGNATURE:
        return _webm
    return _frames if raw[:3] == b"ID3" or _is_sync(raw) else None


def _is_sync(raw: bytes) -> bool:
    return len(raw) > 2 and raw[0] == 0xFF and raw[1] & 0xE0 == 0xE0


def _frames(raw: bytes) -> CleanAudio:
    """MP3 or AAC (ADTS), both a row of frames and perhaps with ID3 before or behind."""
    file = io.BytesIO(raw)
    delete_id3(file)
    bare = file.getvalue()
    if not _is_sync(bare):
        raise ValueError("no frames behind the tags")
    if bare[1] & 0x06 == 0:
        return CleanAudio(bare, "audio/aac", _seconds(_parsed(AAC, bare)))
    found = _parsed(MP3, bare)
    if found.info.sketchy:
        raise ValueError("too few frames")
    return CleanAudio(bare, "audio/mpeg", _seconds(found))


def _m4a(raw: bytes) -> CleanAudio:
    if _PICTURES_IN_MP4.search(raw):
        raise ValueError("a film")
    return _without_tags(raw, MP4, "audio/mp4")


def _ogg(raw: bytes) -> CleanAudio:
    kind = OggOpus if b"OpusHead" in raw[:200] else OggVorbis
    return _without_tags(raw, kind, "audio/ogg")


def _wav(raw: bytes) -> CleanAudio:
    return _without_tags(raw, WAVE, "audio/wav")


def _webm(raw: bytes) -> CleanAudio:
    body, seconds = webm.clean(raw)
    return CleanAudio(body, "audio/webm", seconds)


def _without_tags(raw: bytes, kind: Any, media_type: str) -> CleanAudio:
    file = io.BytesIO(raw)
    found = kind(file)
    file.seek(0)
    found.delete(file)
    body = file.getvalue()
    return CleanAudio(body, media_type, _seconds(kind(io.BytesIO(body))))


def _parsed(kind: Any, raw: bytes) -> Any:
    """mutagen's reading of it; untyped upstream."""
    return kind(io.BytesIO(raw))


def _seconds(found: Any) -> float:
    return float(found.info.length)


def _refuse(text: str) -> Invalid:
    return Invalid("bad_file", title="语音不能用", detail=text, fields={"file": [text]})
