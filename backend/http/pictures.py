"""A stored picture as an answer: with its own type, never guessed at, never run."""

from typing import Any

from flask import Response, request, send_file

from backend.http.conditional import ETAG, NOT_CHANGED
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

_KINDS = {"image/jpeg": "jpg", "image/png": "png"}
_BYTES = {"schema": {"type": "string", "format": "binary"}}
PICTURE_DOC: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The picture",
            "headers": ETAG,
            "content": dict.fromkeys(_KINDS, _BYTES),
        },
        "206": {"description": "A part of it", "content": dict.fromkeys(_KINDS, _BYTES)},
        "304": {"description": NOT_CHANGED, "headers": ETAG},
    },
}


def picture(uow: UnitOfWork, file: StoredFile, *, small: bool = False) -> Response:
    """The bytes, or a small JPEG of them; a private cache may keep them for a day."""
    files = uow.services.files
    path = files.small_path(file) if small else files.path(file)
    media_type = "image/jpeg" if small else file.media_type
    name = f"picture.{_KINDS[media_type]}"
    tag = f"{file.sha256[:32]}{'-small' if small else ''}"
    sent = send_file(
        path, media_type, etag=tag, conditional=True, download_name=name, max_age=86400
    )
    sent.headers["Cache-Control"] = "private, max-age=86400"
    sent.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.headers.get("Sec-Fetch-Dest") == "document":
        sent.headers["Content-Disposition"] = f"attachment; filename={name}"
    return sent
