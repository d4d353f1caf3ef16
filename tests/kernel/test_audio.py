"""Voice notes: known by their content, never longer than a minute, freed of their tags."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.kernel import audio
from backend.kernel.audio import CleanAudio, clean_audio
from backend.kernel.errors import Invalid
from tests import sounds


def clean(raw: bytes) -> CleanAudio:
    return clean_audio(io.BytesIO(raw))


def refused(raw: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        clean(raw)
    assert caught.value.code == "bad_file"
    return caught.value.detail


@pytest.mark.parametrize("media_type", sounds.KINDS)
def test_each_kind_is_known_by_its_content(media_type: str) -> None:
    found = clean(sounds.KINDS[media_type](2.0))
    assert found.media_type == media_type
    assert found.seconds == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize("media_type", sounds.KINDS)
def test_a_minute_is_the_most(media_type: str) -> None:
    make = sounds.KINDS[media_type]
    assert clean(make(59.5)).seconds == pytest.approx(59.5, abs=0.3)
    assert "60秒" in refused(make(62.0))


@pytest.mark.parametrize("make", [sounds.mp3, sounds.m4a, sounds.ogg, sounds.webm])
def test_tags_do_not_survive(make) -> None:
    raw = make(1.0, title="CANARY")
    assert b"CANARY" in raw
    found = clean(raw)
    assert b"CANARY" not in found.body
    assert clean(found.body).seconds == pytest.approx(found.seconds)


@pytest.mark.parametrize(
    "raw",
    [b"", b"ID3", b"RIFF\0\0\0\0WAVE", b"<script>alert(1)</script>", b"OggS" + b"\0" * 60,
     b"\xff\xfb" + b"\0" * 500, b"\0\0\0\x18ftypM4A " + b"\0" * 80, b"%PDF-1.7", b"\xff\xd8\xff\xe0",
     b"\x1a\x45\xdf\xa3\x80", sounds.m4a(1.0, handler=b"vide"), sounds.webm(1.0, kinds=(2, 1)),
     sounds.webm(1.0, kinds=()), sounds.webm(1.0, doc=b"matroska"), sounds.wav(0)],
)  # fmt: skip
def test_what_is_no_recording_is_refused(raw: bytes) -> None:
    assert refused(raw)


def test_more_than_two_mebibytes_are_refused_without_reading_on() -> None:
    stream = io.BytesIO(sounds.wav(1.0) + bytes(audio.MAX_BYTES * 2))
    with pytest.raises(Invalid, match="太大"):
        clean_audio(stream)
    assert stream.tell() == audio.MAX_BYTES + 1


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(sorted(sounds.KINDS)),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=1, max_size=8)), max_size=4),
    st.integers(0, 4000) | st.none(),
)
def test_whatever_arrives_is_taken_or_refused(
    kind: str, changes: list[tuple[int, bytes]], cut: int | None
) -> None:
    raw = bytearray(
        sounds.KINDS[kind](
            1.0,
        )
    )
    for place, patch in changes:
        raw[place : place + len(patch)] = patch
    try:
        found = clean(bytes(raw[:cut]))
    except Invalid as error:
        assert error.code == "bad_file"
    else:
        assert 0 < found.seconds < 61
