"""What GeoReport says of itself: its discovery document and an OpenAPI description."""

import json
from typing import Any

from backend.domains.open311 import rules
from backend.kernel.services import Services

_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
#: When these endpoints last changed their behaviour.
CHANGED = "2026-11-22T00:00:00+08:00"


def discovery(services: Services, base: str) -> dict[str, Any]:
    """The service discovery document of Open311."""
    settings = services.settings
    return {
        "changeset": CHANGED,
        "contact": "向区系统管理员申请 api_key；紧急情况请拨打 110、119、120。",
        "key_service": f"{base}/console/api-keys",
        "endpoints": [
            {
                "specification": _SPECIFICATION,
                "url": f"{base}/open311/v2",
                "changeset": CHANGED,
                "type": "test" if settings.demo else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def openapi(base: str) -> str:
    """GeoReport v2 as served here, JSON answers, as OpenAPI 3.1."""
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Open311 GeoReport v2",
            "version": "2",
            "description": "公开的民生事项：查询、上报、进展。坐标为 WGS-84。",
        },
        "servers": [{"url": f"{base}/open311/v2"}],
        "paths": _paths(),
        "components": {"schemas": _SCHEMAS},
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _paths() -> dict[str, Any]:
    form = _path("form", {"type": "string", "enum": ["json", "xml"]})
    span = [
        _ask("service_request_id"), _ask("service_code"), _ask("start_date"),
        _ask("end_date"), _ask("status"),
    ]  # fmt: skip
    word = {"type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[A-Za-z0-9_-]+$"}
    return {
        "/discovery.{form}": _get("discovery", [form], "Discovery"),
        "/services.{form}": _get("services", [form, _ask("jurisdiction_id")], "Services"),
        "/services/{code}.{form}": _get(
            "serviceDefinition", [_path("code", word), form], "Definition"
        ),
        "/requests.{form}": {
            **_get("requests", [form, *span], "Requests"),
            "post": _post([form]),
        },
        "/requests/{number}.{form}": _get("request", [_path("number", word), form], "Requests"),
        "/tokens/{token}.{form}": _get("token", [_path("token", word), form], "Receipts"),
    }


def _path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _ask(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}


def _get(name: str, parameters: list[dict[str, Any]], schema: str) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "parameters": parameters,
            "responses": _responses("200", schema),
        }
    }


def _post(parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "operationId": "submitRequest",
        "parameters": parameters,
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {"$ref": "#/components/schemas/Report"}
                }
            },
        },
        "responses": _responses("201", "Receipts"),
    }


def _responses(status: str, schema: str) -> dict[str, Any]:
    def content(name: str) -> dict[str, Any]:
        return {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}},
            # The same rows by element names; XML has no JSON schema.
            "text/xml": {"schema": {}},
        }

    answers = {status: {"description": "好了", "content": content(schema)}}
    for code, text in (
        ("400", "请求不对"), ("403", "api_key 缺失或无效"), ("404", "没有找到"),
        ("429", "太频繁"), ("503", "暂时不可用"),
    ):  # fmt: skip
        answers[code] = {"description": text, "content": content("Errors")}
    return answers


def _object(required: list[str], /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_NUMBER = {"type": ["number", "null"]}
_SCHEMAS: dict[str, Any] = {
    "Discovery": _object(
        ["changeset", "contact", "key_service", "endpoints"],
        changeset=_TEXT, contact=_TEXT, key_service=_TEXT, endpoints=_list({"type": "object"}),
    ),
    "Services": _list(
        _object(
            ["service_code", "service_name", "description", "metadata", "type", "keywords",
             "group"],
            service_code=_TEXT, service_name=_TEXT, description=_TEXT,
            metadata={"type": "boolean"}, type={"const": "realtime"}, keywords=_TEXT, group=_TEXT,
        )
    ),
    "Definition": _object(
        ["service_code", "attributes"],
        service_code=_TEXT,
        attributes=_list(
            _object(
                ["variable", "code", "datatype", "required", "order", "description", "values"],
                variable={"type": "boolean"}, code=_TEXT, required={"type": "boolean"},
                datatype={"enum": list(rules.DATATYPES)}, order={"type": "integer"},
                description=_TEXT, values=_list(_object(["key", "name"], key=_TEXT, name=_TEXT)),
            )
        ),
    ),
    "Requests": _list(
        _object(
            ["service_request_id", "status", "service_name", "service_code",
             "requested_datetime"],
            service_request_id=_TEXT, status={"enum": [rules.OPEN, rules.CLOSED]},
            status_notes=_MAYBE, service_name=_TEXT, service_code=_TEXT, description=_MAYBE,
            agency_responsible=_MAYBE, service_notice=_MAYBE, requested_datetime=_TEXT,
            updated_datetime=_MAYBE, expected_datetime=_MAYBE, address=_MAYBE,
            address_id=_MAYBE, zipcode=_MAYBE, lat=_NUMBER, long=_NUMBER, media_url=_MAYBE,
        )
    ),
    "Receipts": _list(
        {
            "type": "object",
            "properties": {
                "service_request_id": _TEXT, "token": _TEXT, "service_notice": _TEXT,
            },
            "anyOf": [{"required": ["service_request_id"]}, {"required": ["token"]}],
        }
    ),
    "Report": {
        **_object(
            ["api_key", "service_code"],
            api_key=_TEXT, service_code=_TEXT, lat=_TEXT, long=_TEXT, address_string=_TEXT,
            address_id=_TEXT, description={"type": "string", "maxLength": 4000}, media_url=_TEXT,
            jurisdiction_id=_TEXT,
        ),
        "additionalProperties": _TEXT,
    },
    "Errors": _list(_object(["code", "description"], code={"type": "integer"}, description=_TEXT)),
}  # fmt: skip
