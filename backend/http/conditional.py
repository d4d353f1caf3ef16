"""How routes with an ETag are told in the OpenAPI document."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.http import generate_etag, quote_etag

ETAG: dict[str, Any] = {
    "ETag": {
        "description": "Names this state of the thing.",
        "required": True,
        "schema": {"type": "string"},
    }
}
NOT_CHANGED = "Nothing has changed since the state that If-None-Match names"
IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the last answer; while it still holds the answer is 304.",
    "schema": {"type": "string"},
}
IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag the change was made on; if the thing has changed since, 412.",
    "schema": {"type": "string"},
}


def tagged(found: dict[str, Any]) -> ResponseReturnValue:
    """A setting that people edit, with the `etag` its state has, to be sent back by who changes it."""
    return found, 200, {"ETag": quote_etag(found["etag"])}


def answer_unless_seen(found: Any) -> ResponseReturnValue:
    """What is shown to one person, named by its content; 304 where they have it already."""
    tag = generate_etag(repr(found).encode())
    headers = {"ETag": quote_etag(tag, weak=True), "Cache-Control": "private, no-cache"}
    if unchanged(tag):
        return Response(status=304, headers=headers)
    return found, 200, headers


def unchanged(tag: str) -> bool:
    """Whether the caller already has what `tag` stands for."""
    return request.if_none_match.contains_weak(tag)
