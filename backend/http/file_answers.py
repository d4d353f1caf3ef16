"""How a file leaves: with its own type, never guessed at, never run in our pages."""

from collections.abc import Iterable
from typing import Any

from flask import Response, request, send_file

from backend.http.conditional import ETAG, NOT_CHANGED
from backend.kernel.files import Served

EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "audio/aac": "aac", "audio/mp4": "m4a",
    "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav", "audio/webm": "webm",
}  # fmt: skip
BYTES = {"schema": {"type": "string", "format": "binary"}}


def documented(media_types: Iterable[str]) -> dict[str, Any]:
    """What the API page says of a route that answers files of these types."""
    content = dict.fromkeys(sorted(set(media_types)), BYTES)
    return {
        "responses": {
            "200": {"description": "The file", "headers": ETAG, "content": content},
            "206": {"description": "A part of it", "content": content},
            "304": {"description": NOT_CHANGED, "headers": ETAG},
        },
    }


DOC = documented(EXTENSIONS)
PHOTO_DOC = documented(("image/jpeg", "image/png"))


def answer(found: Served, *, public: bool = False) -> Response:
    """A picture or sound; a browser keeps it for a day, anybody's cache only what is public."""
    name = f"file.{EXTENSIONS[found.media_type]}"
    sent = send_file(
        found.path, found.media_type, etag=found.etag, conditional=True, download_name=name,
        max_age=86400,
    )  # fmt: skip
    if request.headers.get("Sec-Fetch-Dest") == "document":
        # Opened as a page of its own it is saved instead.
        sent.headers["Content-Disposition"] = f"attachment; filename={name}"
    return kept_apart(sent, f"{'public' if public else 'private'}, max-age=86400")


def kept_apart(sent: Response, caching: str) -> Response:
    """The answer with what keeps a file from acting as one of our pages."""
    sent.headers["Cache-Control"] = caching
    sent.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return sent
