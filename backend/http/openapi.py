"""The OpenAPI 3.1 document and a page to read it that needs no foreign host."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, json
from flask_smorest import Api

from backend.http.guards import GUARDED
from backend.http.mutation import MUTATION
from backend.http.schemas import Moment

PAGE = Path(__file__).with_name("apipage.html")
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem; title, detail and action are Chinese and for people.",
    "required": ["type", "title", "status", "detail", "code", "action"],
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
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "One per action, kept over retries: the same key and body have one effect.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,100}$"},
}


def make_api(app: Flask) -> Api:
    """The collector of routes and schemas."""
    app.config.update(
        API_TITLE="呼应 Huying API",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
    )
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    api = Api(app, spec_kwargs={"marshmallow_plugin": plugin})
    app.extensions["huying_api"] = api
    # Our own handlers answer every error in one shape.
    app.error_handler_spec[None][None].clear()
    assert plugin.converter is not None
    plugin.converter.add_attribute_function(_moment_format)  # type: ignore[no-untyped-call]  # untyped upstream
    api.spec.components.schema("Problem", PROBLEM)
    api.spec.components.security_scheme(
        "resident", {"type": "http", "scheme": "bearer", "description": "or cookie hy_resident"}
    )
    api.spec.components.security_scheme(
        "staff", {"type": "apiKey", "in": "cookie", "name": "hy_staff"}
    )
    return api


def document(app: Flask, api: Api) -> dict[str, Any]:
    """The whole document, with what guards and mutations add to each operation."""
    # A copy: what is completed here must not be completed again at the next request.
    spec: dict[str, Any] = deepcopy(api.spec.to_dict())
    for rule in app.url_map.iter_rules():
        path = _openapi_path(rule.rule)
        view = app.view_functions[rule.endpoint]
        for method, operation in spec["paths"].get(path, {}).items():
            if method.upper() in (rule.methods or set()) and isinstance(operation, dict):
                _complete(operation, view)
    return spec


def _complete(operation: dict[str, Any], view: Any) -> None:
    guard = getattr(view, GUARDED, "public")
    if not guard.startswith("public"):
        operation["security"] = [{guard.partition(":")[0].partition("+")[0]: []}]
        operation["x-guard"] = guard
    if getattr(view, MUTATION, "") == "replay":
        operation.setdefault("parameters", []).append(IDEMPOTENCY)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation["responses"]["default"] = {"description": "A problem", "content": problem}
    operation["responses"].pop("422", None)


def register(app: Flask, api: Api) -> None:
    """Serve `/api/openapi.json` and the page `/api/`."""

    @app.get("/api/openapi.json")
    def show_openapi() -> Response:
        body = json.dumps(document(app, api), ensure_ascii=False)
        return Response(body, content_type="application/json")

    @app.get("/api/")
    def show_api_page() -> Response:
        return Response(PAGE.read_text(encoding="utf-8"), content_type="text/html; charset=utf-8")


def _openapi_path(rule: str) -> str:
    """`/halls/<uuid:hall_id>` as OpenAPI writes it: `/halls/{hall_id}`."""
    parts = []
    for part in rule.split("/"):
        variable = part.strip("<>").rpartition(":")[2]
        parts.append("{" + variable + "}" if part.startswith("<") else part)
    return "/".join(parts)


def _schema_name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    name = kind.__name__.removesuffix("Schema")
    if not isinstance(schema, type) and schema.partial:
        name += "Partial"
    return name


def _moment_format(self: Any, field: Any, **kwargs: Any) -> dict[str, Any]:
    if not isinstance(field, Moment):
        return {}
    return {"type": ["string", "null"] if field.allow_none else "string", "format": "date-time"}


def written(app: Flask) -> str:
    """The document as the file `docs/openapi.json` holds it."""
    found = app.extensions["huying_api"]
    return json.dumps(document(app, found), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
