"""How a file leaves: with its own type, never guessed at, never run."""

from typing import Any

from flask import Response, request, send_file

from backend.domains.dispatch.attachments import Served
from backend.http.conditional import ETAG, NOT_CHANGED

KINDS = (
    "image/jpeg", "image/png", "audio/aac", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav",
    "audio/webm",
)  # fmt: skip
_EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "audio/aac": "aac", "audio/mp4": "m4a",
    "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav", "audio/webm": "webm",
}  # fmt: skip
_BYTES = {"schema": {"type": "string", "format": "binary"}}
DOC: dict[str, Any] = {
    "responses": {
        "200": {"description": "The file", "headers": ETAG, "content": dict.fromkeys(KINDS, _BYTES)},
        "206": {"description": "A part of it", "content": dict.fromkeys(KINDS, _BYTES)},
        "304": {"description": NOT_CHANGED, "headers": ETAG},
    },
}  # fmt: skip


def answer(found: Served, *, public: bool = False) -> Response:
    """The bytes; a browser may keep them for a day, anybody's cache only what is public."""
    name = f"file.{_EXTENSIONS[found.media_type]}"
    sent = send_file(
        found.path, found.media_type, etag=found.etag, conditional=True, download_name=name,
        max_age=86400,
    )  # fmt: skip
    sent.headers["Cache-Control"] = f"{'public' if public else 'private'}, max-age=86400"
    sent.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.headers.get("Sec-Fetch-Dest") == "document":
        # Opened as a page of its own it is saved instead.
        sent.headers["Content-Disposition"] = f"attachment; filename={name}"
    return sent
