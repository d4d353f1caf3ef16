"""Between what is sent over HTTP and what the use cases take."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from flask import Response, json

from backend.domains.knowledge.documents import EXTENSIONS
from backend.domains.knowledge.editing import Draft, NewArticle
from backend.domains.knowledge.field_rules import FIELDS
from backend.kernel.files import StoredFile


def new_article(body: Mapping[str, Any]) -> NewArticle:
    """A new article as it was sent."""
    return NewArticle(
        department_id=body["department_id"],
        content=_content(body),
        related=_related(body) or (),
        files=_files(body) or (),
        change_note=body.get("change_note", ""),
    )


def draft(body: Mapping[str, Any]) -> Draft:
    """A draft as it was sent; what was left out stays as it is."""
    return Draft(_content(body), _related(body), _files(body), body.get("change_note", ""))


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    found = {field: body[field] for field in FIELDS if field in body}
    for field in ("keywords", "region_codes"):
        if field in found:
            found[field] = list(dict.fromkeys(found[field]))
    return found


def _related(body: Mapping[str, Any]) -> tuple[tuple[str, Any], ...] | None:
    if "related" not in body:
        return None
    return tuple((one["kind"], one["id"]) for one in body["related"])


def _files(body: Mapping[str, Any]) -> tuple[tuple[Any, str, str], ...] | None:
    if "files" not in body:
        return None
    return tuple((one["id"], one["name"], one["audience"]) for one in body["files"])


def uploaded(row: StoredFile, name: str) -> dict[str, Any]:
    """An upload as answered; the name is the sender's, cleaned, for showing only."""
    plain = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    plain = plain.replace("\\", "/").rsplit("/", 1)[-1].strip()[-120:]
    return {
        "id": row.id,
        "name": plain or f"附件.{EXTENSIONS[row.media_type]}",
        "size": row.size,
        "kind": EXTENSIONS[row.media_type],
        "url": f"/api/v1/staff/article-files/{row.id}",
    }


def stale(problem: Response, current: dict[str, Any]) -> Response:
    """The problem with the present state beside it."""
    body = json.loads(problem.get_data(as_text=True)) | {"current": current}
    problem.set_data(json.dumps(body, ensure_ascii=False))
    problem.headers["ETag"] = f'"{current["etag"]}"'
    return problem
