"""How routes with an ETag are told in the OpenAPI document."""

from typing import Any

from flask import request

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


def unchanged(tag: str) -> bool:
    """Whether the caller already has what `tag` stands for."""
    return request.if_none_match.contains_weak(tag)
