"""How an attachment leaves: as itself, saved and never opened in our pages."""

from typing import Any
from urllib.parse import quote

from flask import Response, send_file

from backend.domains.knowledge.documents import EXTENSIONS, SENT_AS
from backend.domains.knowledge.exporting import FORMATS
from backend.http.context import services
from backend.http.file_answers import BYTES, documented, kept_apart
from backend.kernel.files import StoredFile

DOC = documented(SENT_AS.values())
# An article may be withdrawn at any moment: no cache may go on giving it out.
_CACHING = "private, no-cache"
EXPORT_DOC: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The file",
            "content": {kind: BYTES for kind, _ in FORMATS.values()},
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
    return kept_apart(sent, _CACHING)


def export(body: bytes, kind: str) -> Response:
    """A made file, to be saved."""
    media_type, ending = FORMATS[kind]
    sent = Response(body, 200, content_type=media_type)
    name = quote(f"知识库.{ending}")
    sent.headers["Content-Disposition"] = (
        f"attachment; filename=articles.{ending}; filename*=UTF-8''{name}"
    )
    return kept_apart(sent, _CACHING)
