"""Uploads: typed by content, limited, re-encoded; nothing of the sender's file survives as it was."""

import io
import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.kernel import files
from backend.kernel.errors import Invalid
from backend.kernel.files import FileStore, clean_image

GPS = "31.2304"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return out.getvalue()


def clean(raw: bytes) -> files.CleanFile:
    return clean_image(io.BytesIO(raw))


def refused(raw: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        clean(raw)
    assert caught.value.code == "bad_file"
    assert caught.value.fields["file"]
    return caught.value


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/jpeg")],
)
def test_common_pictures_are_taken_and_encoded_anew(kind: str, media_type: str) -> None:
    raw = picture(kind)
    found = clean(raw)
    assert found.media_type == media_type
    assert found.body != raw
    assert Image.open(io.BytesIO(found.body)).size == (40, 20)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM", "PDF", "JPEG2000"])
def test_rare_formats_are_refused(kind: str) -> None:
    refused(picture(kind))


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
     b"<!doctype html><script>alert(1)</script>", b"MZ" + b"\0" * 200, b"%PDF-1.7\n", b"PK\x03\x04",
     b"GIF89a<script>", b"\x89PNG\r\n\x1a\n" + b"x" * 50, "照片.jpg".encode()],
)  # fmt: skip
def test_other_files_under_a_pictures_name_are_refused(raw: bytes) -> None:
    assert "JPG 或 PNG" in refused(raw).detail


def test_a_script_behind_a_picture_does_not_survive() -> None:
    found = clean(picture() + b"<script>alert('tail')</script><?php system($_GET[0]); ?>")
    assert b"script" not in found.body
    assert b"php" not in found.body


def test_where_and_with_what_it_was_taken_is_removed() -> None:
    tags = Image.Exif()
    tags[0x010E] = "拍摄于家门口".encode("utf-16-le").hex()
    tags[0x0110] = "CANARY-PHONE-MODEL"
    tags.get_ifd(0x8825)[29] = GPS
    raw = picture(exif=tags, comment=b"CANARY-COMMENT")
    assert b"CANARY-PHONE-MODEL" in raw
    found = clean(raw)
    assert b"CANARY" not in found.body
    assert GPS.encode() not in found.body
    assert not Image.open(io.BytesIO(found.body)).getexif()


def test_text_in_a_png_is_removed() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "CANARY")
    info.add_itxt("XML:com.adobe.xmp", "CANARY")
    assert b"CANARY" not in clean(picture("PNG", pnginfo=info)).body


def test_a_picture_taken_sideways_stands_upright() -> None:
    tags = Image.Exif()
    tags[0x0112] = 6
    assert Image.open(io.BytesIO(clean(picture(exif=tags)).body)).size == (20, 40)


def test_a_phones_jpeg_with_a_second_picture_inside_is_taken() -> None:
    out = io.BytesIO()
    first, second = Image.new("RGB", (30, 30), "red"), Image.new("RGB", (10, 10), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    assert clean(out.getvalue()).media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_any_colour_depth_are_taken(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (9, 9)).save(out, "PNG")
    assert clean(out.getvalue()).media_type == "image/png"


def test_large_pictures_are_made_smaller() -> None:
    found = clean(picture(size=(5200, 2600)))
    assert Image.open(io.BytesIO(found.body)).size == (2560, 1280)


def test_a_file_over_ten_mebibytes_is_refused_without_reading_on() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 <= size <= files.MAX_BYTES + 1
            self.given += size
            return b"\xff" * size

    stream = Endless()
    with pytest.raises(Invalid, match="太大"):
        clean_image(stream)  # type: ignore[arg-type]  # read() is all it needs
    assert stream.given <= files.MAX_BYTES + 1


def png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data
            + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b""))  # fmt: skip


@pytest.mark.parametrize("edge", [7100, 9500, 14000, 60000, 2**31 - 1])
def test_a_small_file_that_claims_to_be_a_huge_picture_is_refused(edge: int) -> None:
    refused(png(edge, edge))


def test_a_compressed_text_that_unpacks_to_a_hundred_mebibytes_is_refused() -> None:
    bomb = b"Comment\0\0" + zlib.compress(b"x" * (100 * 1024 * 1024), 1)
    body = struct.pack(">I", len(bomb)) + b"zTXt" + bomb
    refused(png(10, 10, body + struct.pack(">I", zlib.crc32(b"zTXt" + bomb))))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_damaged_pictures_are_taken_or_refused_never_worse(kind: str, data: st.DataObject) -> None:
    raw = bytearray(SAMPLES[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(raw) // 2, len(raw)))
    try:
        clean(bytes(raw[:cut]))
    except Invalid as error:
        assert error.code == "bad_file"


_TAGS = Image.Exif()
_TAGS[0x0112] = 6
_TAGS[0x0110] = "model"
SAMPLES = {kind: picture(kind, exif=_TAGS) for kind in ("JPEG", "PNG", "WEBP")}


def test_bytes_are_kept_by_hash_in_a_closed_folder_and_recorded(uow, tmp_path) -> None:
    store = FileStore(tmp_path / "files")
    row = store.store(uow, io.BytesIO(picture()), "rating")
    path = store.path(row)
    assert path.read_bytes() == clean(picture()).body
    assert path.name == row.sha256
    assert path.is_relative_to(store.root)
    assert path.parent.stat().st_mode & 0o077 == 0
    assert (row.purpose, row.media_type, row.size) == (
        "rating",
        "image/jpeg",
        len(path.read_bytes()),
    )


def test_a_purpose_or_a_name_never_becomes_a_path(uow, tmp_path) -> None:
    store = FileStore(tmp_path / "files")
    stream = io.BytesIO(picture())
    stream.name = "../../../etc/cron.d/x"
    row = store.store(uow, stream, "../../escape")
    assert store.path(row).is_relative_to(tmp_path / "files")
    assert [p.name for p in tmp_path.iterdir()] == ["files"]


def test_the_same_picture_stored_many_times_at_once_is_one_whole_file(tmp_path) -> None:
    store = FileStore(tmp_path)
    body = os.urandom(2_000_000)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: store._write("ab" * 32, body), range(64)))
    assert [p.read_bytes() == body for p in tmp_path.rglob("*") if p.is_file()] == [True]


def test_a_crash_while_writing_leaves_no_half_file_under_a_true_name(tmp_path, monkeypatch) -> None:
    store = FileStore(tmp_path)
    monkeypatch.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        store._write("cd" * 32, b"body")
    monkeypatch.undo()
    assert not list((tmp_path / "cd").iterdir())
    store._write("cd" * 32, b"body")
    assert (tmp_path / "cd" / ("cd" * 32)).read_bytes() == b"body"
