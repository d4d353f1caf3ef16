"""How a picture of a paper leaves: with its own type, kept by nobody but the reader."""

from typing import Any

from flask import Response, request, send_file

from backend.domains.community.attachments import Served
from backend.http.conditional import ETAG, NOT_CHANGED

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_CONTENT = dict.fromkeys(_EXTENSIONS, _BYTES)
DOC: dict[str, Any] = {
    "responses": {
        "200": {"description": "The picture", "headers": ETAG, "content": _CONTENT},
        "206": {"description": "A part of it", "content": _CONTENT},
        "304": {"description": NOT_CHANGED, "headers": ETAG},
    },
}


def answer(found: Served) -> Response:
    """The bytes; opened as a page of its own it is saved instead."""
    name = f"paper.{_EXTENSIONS[found.media_type]}"
    sent = send_file(
        found.path, found.media_type, etag=found.etag, conditional=True, download_name=name
    )
    sent.headers["Cache-Control"] = "private, no-cache"
    sent.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.headers.get("Sec-Fetch-Dest") == "document":
        sent.headers["Content-Disposition"] = f"attachment; filename={name}"
    return sent
