"""How an attachment leaves: as itself, saved and never opened in our pages."""

from typing import Any
from urllib.parse import quote

from flask import Response, send_file

from backend.domains.knowledge.documents import EXTENSIONS, SENT_AS
from backend.domains.knowledge.exporting import FORMATS
from backend.http.conditional import ETAG, NOT_CHANGED
from backend.http.context import services
from backend.kernel.files import StoredFile

_BYTES = {"schema": {"type": "string", "format": "binary"}}
DOC: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The file", "headers": ETAG,
            "content": dict.fromkeys(sorted(set(SENT_AS.values())), _BYTES),
        },
        "206": {
            "description": "A part of it",
            "content": dict.fromkeys(sorted(set(SENT_AS.values())), _BYTES),
        },
        "304": {"description": NOT_CHANGED, "headers": ETAG},
    },
}  # fmt: skip
EXPORT_DOC: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The file",
            "content": {kind: _BYTES for kind, _ in FORMATS.values()},
        },
    },
}


def answer(row: StoredFile) -> Response:
    """The bytes of an attachment; checked at each request whether it may still be had."""
    sent = send_file(
        services().files.path(row),
        SENT_AS[row.media_type],
        etag=row.sha256[:32],
        conditional=True,
        as_attachment=True,
        download_name=f"file.{EXTENSIONS[row.media_type]}",
    )
    return _kept_apart(sent)


def export(body: bytes, kind: str) -> Response:
    """A made file, to be saved."""
    media_type, ending = FORMATS[kind]
    sent = Response(body, 200, content_type=media_type)
    name = quote(f"知识库.{ending}")
    sent.headers["Content-Disposition"] = (
        f"attachment; filename=articles.{ending}; filename*=UTF-8''{name}"
    )
    return _kept_apart(sent)


def _kept_apart(sent: Response) -> Response:
    # An article may be withdrawn at any moment: no cache may go on giving it out.
    sent.headers["Cache-Control"] = "private, no-cache"
    sent.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return sent
