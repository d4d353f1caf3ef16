"""What the OpenAPI document says beyond what flask-smorest can tell from routes and schemas.

Guards, keys, the one shape of errors, and that an answer always holds every field.
"""

from collections.abc import Iterator
from typing import Any

from backend.http.guards import GUARDED, SAFE
from backend.http.mutation import MUTATION

REF = "#/components/schemas/"
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem; title, detail and action are Chinese and for people.",
    "required": ["type", "title", "status", "detail", "code", "action", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "action": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "What is wrong with each field, by its dotted path.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "current": {
            "type": "object",
            "description": "At a conflict of texts: the other text, as it is kept now.",
        },
    },
}
PROBLEM_ANSWER: dict[str, Any] = {
    "description": "A problem",
    "headers": {
        "Retry-After": {
            "description": "Seconds to wait, at 429 and 503.", "schema": {"type": "integer"},
        },
    },
    "content": {"application/problem+json": {"schema": {"$ref": REF + "Problem"}}},
}  # fmt: skip
IDEMPOTENCY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "One per action, kept over retries: the same key and body have one effect.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,100}$"},
}
REPLAYED: dict[str, Any] = {
    "description": "There when the answer was given before to the same key.",
    "schema": {"type": "string", "const": "true"},
}
SECURITY: dict[str, dict[str, Any]] = {
    "resident": {"type": "http", "scheme": "bearer", "description": "The mini-program's token."},
    "resident_cookie": {"type": "apiKey", "in": "cookie", "name": "hy_resident"},
    "staff": {"type": "apiKey", "in": "cookie", "name": "hy_staff"},
    "kiosk": {
        "type": "apiKey", "in": "header", "name": "X-Kiosk-Key",
        "description": "The key of a machine in a hall.",
    },
    "csrf": {
        "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
        "description": "The session's csrf_token, with every changing call by cookie.",
    },
}  # fmt: skip


def complete_operation(operation: dict[str, Any], method: str, view: Any) -> None:
    """Tell the guard, the key and the problem of one operation."""
    guard = getattr(view, GUARDED, "public")
    if not guard.startswith("public"):
        operation["security"] = _security(guard, method.upper() not in SAFE)
        operation["x-guard"] = guard
    for parameter in operation.get("parameters", []):
        _in_an_address(parameter)
    responses = operation["responses"]
    if getattr(view, MUTATION, "") == "replay":
        operation.setdefault("parameters", []).append(IDEMPOTENCY)
        for answer in responses.values():
            answer.setdefault("headers", {})["Idempotency-Replayed"] = REPLAYED
    responses.pop("422", None)
    responses["default"] = PROBLEM_ANSWER


def _security(guard: str, changing: bool) -> list[dict[str, list[str]]]:
    if guard == "kiosk":
        return [{"kiosk": []}]
    csrf: dict[str, list[str]] = {"csrf": []} if changing else {}
    if guard.startswith("staff"):
        return [{"staff": [], **csrf}]
    return [{"resident": []}, {"resident_cookie": [], **csrf}]


def _in_an_address(parameter: dict[str, Any]) -> None:
    """Nothing in an address is null: what is not wanted is left out."""
    schema = parameter.get("schema", {})
    if schema.get("default", "") is None:
        del schema["default"]
    kinds = schema.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        rest = [kind for kind in kinds if kind != "null"]
        schema["type"] = rest[0] if len(rest) == 1 else rest


def complete_schemas(spec: dict[str, Any]) -> None:
    """Keep what is used, and say of answers that every field is always there.

    A schema that is also part of a body keeps its own word on what may be left out.
    """
    schemas: dict[str, Any] = spec["components"]["schemas"]
    sent: set[str] = set()
    given: set[str] = set()
    for operation in operations(spec):
        _reach(operation.get("requestBody"), schemas, sent)
        _reach(operation["responses"], schemas, given)
    for name in given - sent - {"Problem"}:
        if fields := list(schemas[name].get("properties", {})):
            schemas[name]["required"] = fields
    kept = {name: schemas[name] for name in sorted(sent | given)}
    for schema in kept.values():
        _translate_patterns(schema)
    spec["components"]["schemas"] = kept
    # Upstream's own, which nothing here refers to.
    spec["components"].pop("responses", None)


def _translate_patterns(schema: Any) -> None:
    """Python matches from the start and writes the very end as \\Z; JSON Schema does neither."""
    for key, inner in schema.items() if isinstance(schema, dict) else ():
        if key == "pattern" and isinstance(inner, str):
            schema[key] = "^" + inner.removeprefix("^").replace(r"\Z", "$")
        else:
            _translate_patterns(inner)


def operations(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of the document."""
    for path in spec["paths"].values():
        yield from (found for key, found in path.items() if key != "parameters")


def _reach(part: Any, schemas: dict[str, Any], found: set[str]) -> None:
    """Add the names of all schemas that `part` leads to."""
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).removeprefix(REF)
        if name and name not in found:
            found.add(name)
            _reach(schemas[name], schemas, found)
        for inner in part.values():
            _reach(inner, schemas, found)
    elif isinstance(part, list):
        for inner in part:
            _reach(inner, schemas, found)


def order_tags(spec: dict[str, Any]) -> None:
    """Residents' parts first, then the staff's, then what is for both (the demo's)."""
    audience: dict[str, set[bool]] = {}
    for path, methods in spec["paths"].items():
        for key, operation in methods.items():
            if key != "parameters":
                for tag in operation["tags"]:
                    audience.setdefault(tag, set()).add("/staff/" in path)
    ranks = {frozenset({False}): 0, frozenset({True}): 1}
    spec["tags"] = sorted(
        (tag for tag in spec.get("tags", []) if tag["name"] in audience),
        key=lambda tag: ranks.get(frozenset(audience[tag["name"]]), 2),
    )
