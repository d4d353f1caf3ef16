"""Photos and voice notes over HTTP: cleaned, limited, replayed, shown to whom they concern."""

import io
import zlib

import pytest
from PIL import Image

from tests import sounds
from tests.dispatch_api import API, Api, make_api, picture


@pytest.fixture
def api(services, client) -> Api:
    return make_api(services, client)


def test_a_photo_is_kept_cleaned_and_given_back_to_its_uploader(api: Api) -> None:
    tags = Image.Exif()
    tags[0x0110] = "CANARY"
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "red").save(out, "JPEG", exif=tags)
    status, kept = api.upload("wang", out.getvalue())
    assert status == 201
    assert (kept["media_type"], kept["seconds"]) == ("image/jpeg", None)
    answer = api.raw(kept["url"], "wang")
    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"
    assert b"CANARY" not in answer.data
    assert Image.open(io.BytesIO(answer.data)).size == (900, 600)
    assert api.raw(kept["url"], "li").status_code == 404
    assert api.raw(kept["url"], "nobody").status_code == 401
    assert api.raw(kept["url"], "phone:chen").status_code == 404


def test_headers_keep_a_browser_from_taking_a_file_for_something_else(api: Api) -> None:
    _, kept = api.upload("wang", sounds.webm(3.0), "event_voice")
    assert (kept["media_type"], kept["seconds"]) == ("audio/webm", 3)
    answer = api.raw(kept["url"], "wang")
    assert answer.content_type == "audio/webm"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"].startswith("private")
    opened = api.raw(kept["url"], "wang", **{"Sec-Fetch-Dest": "document"})
    assert opened.headers["Content-Disposition"].startswith("attachment")
    again = api.raw(kept["url"], "wang", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    part = api.raw(kept["url"], "wang", Range="bytes=0-3")
    assert (part.status_code, part.data) == (206, sounds.webm(3.0)[:4])


def test_a_small_picture_has_at_most_320_pixels(api: Api) -> None:
    _, kept = api.upload("wang", picture(size=(2000, 1000)))
    small = api.raw(f"{kept['url']}?size=small", "wang")
    assert small.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(small.data)).size == (320, 160)
    out = io.BytesIO()
    Image.new("RGBA", (640, 640), (255, 0, 0, 0)).save(out, "PNG")
    _, clear = api.upload("wang", out.getvalue())
    seen = Image.open(io.BytesIO(api.raw(f"{clear['url']}?size=small", "wang").data))
    # What is transparent looks white, as on the page.
    assert seen.getpixel((10, 10)) == (255, 255, 255)
    assert api.raw(f"{kept['url']}?size=huge", "wang").status_code == 422


def test_the_same_upload_sent_twice_is_one_file_whatever_the_boundary(api: Api) -> None:
    body = picture("blue")
    first = api.upload("wang", body, key="one-upload-1")
    again = api.upload("wang", body, key="one-upload-1")
    assert first == again
    status, refused = api.upload("wang", picture("red"), key="one-upload-1")
    assert (status, refused["code"]) == (422, "idempotency_key_reused")
    status, refused = api.upload("wang", body, "event_voice", key="one-upload-1")
    assert (status, refused["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "purpose"),
    [(b"<script>alert(1)</script>", "event_photo"), (sounds.wav(2), "event_photo"),
     (picture(), "event_voice"), (sounds.wav(90), "event_voice"), (b"", "event_voice"),
     (sounds.m4a(3, handler=b"vide"), "event_voice")],
)  # fmt: skip
def test_what_is_not_what_it_should_be_is_refused(api: Api, body: bytes, purpose: str) -> None:
    status, refused = api.upload("wang", body or b" ", purpose)
    assert (status, refused["code"]) == (422, "bad_file")
    assert refused["errors"]["file"]


def test_an_upload_names_what_is_missing(api: Api) -> None:
    def send(**data: object) -> tuple[int, list[str]]:
        answer = api.client.post(
            f"{API}/files", headers=api.headers("wang"), data=data,
            content_type="multipart/form-data",
        )  # fmt: skip
        return answer.status_code, sorted(answer.get_json().get("errors", {}))

    assert send() == (422, ["file", "purpose"])
    assert send(purpose="event_photo") == (422, ["file"])
    assert send(purpose="event_photo", file="text") == (422, ["file"])
    assert send(purpose="other", file=(io.BytesIO(picture()), "a.jpg")) == (422, ["purpose"])
    both = {"purpose": "event_photo", "file": (io.BytesIO(picture()), "a.jpg"), "more": "x"}
    assert send(**both) == (422, ["more"])
    json = api.client.post(f"{API}/files", headers=api.headers("wang"), json={})
    assert json.status_code == 422


def test_a_bomb_of_an_upload_is_too_large(api: Api) -> None:
    bomb = zlib.compress(b"\0" * 100) + bytes(13 * 1024 * 1024)
    status, refused = api.upload("wang", bomb)
    assert (status, refused["code"]) == (413, "too_large")


def test_uploads_are_limited_by_person(api: Api) -> None:
    body = picture(size=(8, 8))
    codes = [api.upload("wang", body)[0] for _ in range(41)]
    assert codes == [201] * 40 + [429]
    assert api.upload("li", body)[0] == 201


def test_a_file_of_another_cannot_be_named_in_a_report(api: Api) -> None:
    foreign = api.photo("li")
    status, refused = api.ask(
        "POST /events",
        "wang",
        {"words": "路灯不亮", "category_code": "light", "file_ids": [foreign]},
    )
    assert (status, list(refused["errors"])) == (422, ["file_ids"])
