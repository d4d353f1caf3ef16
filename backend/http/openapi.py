"""The OpenAPI 3.1 document and a page to read it that needs no foreign host."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, json
from flask_smorest import Api

from backend.http import openapi_details as details
from backend.http.schemas import Moment

PAGE = Path(__file__).with_name("apipage.html")


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
    api.spec.components.schema("Problem", details.PROBLEM)
    for name, scheme in details.SECURITY.items():
        api.spec.components.security_scheme(name, scheme)
    return api


def document(app: Flask, api: Api) -> dict[str, Any]:
    """The whole document, with what guards and mutations add to each operation."""
    # A copy: what is completed here must not be completed again at the next request.
    spec: dict[str, Any] = deepcopy(api.spec.to_dict())
    for rule in app.url_map.iter_rules():
        path = spec["paths"].get(_openapi_path(rule.rule), {})
        view = app.view_functions[rule.endpoint]
        for method in (rule.methods or set()) & {key.upper() for key in path}:
            operation = path[method.lower()]
            operation["operationId"] = rule.endpoint.removeprefix("backend.").replace(".", "_")
            details.complete_operation(operation, method, view)
    details.complete_schemas(spec)
    details.order_tags(spec)
    return spec


def register(app: Flask, api: Api) -> None:
    """Serve `/api/openapi.json` and the page `/api/`."""

    @app.get("/api/openapi.json")
    def show_openapi() -> Response:
        body = json.dumps(document(app, api), ensure_ascii=False, sort_keys=False)
        return Response(body, content_type="application/json")

    @app.get("/api/")
    def show_api_page() -> Response:
        return Response(PAGE.read_text(encoding="utf-8"), content_type="text/html; charset=utf-8")


_VARIABLE = re.compile(r"<(?:[^<>]*:)?(\w+)>")


def _openapi_path(rule: str) -> str:
    """`/halls/<uuid:hall_id>` as OpenAPI writes it: `/halls/{hall_id}`."""
    return _VARIABLE.sub(r"{\1}", rule)


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
    return json.dumps(document(app, found), ensure_ascii=False, indent=1, sort_keys=False) + "\n"
