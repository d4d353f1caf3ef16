"""Every error leaves as RFC 9457 problem+json, in Chinese, with what to do next."""

from collections.abc import Mapping
from typing import Any, cast

import structlog
from flask import Flask, Response, json, request
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from backend.http.context import request_id
from backend.kernel import errors

log = structlog.get_logger()

_STATUS: dict[type[errors.DomainError], int] = {
    errors.Invalid: 422,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.Gone: 410,
    errors.RateLimited: 429,
    errors.Unavailable: 503,
}
_HTTP: dict[int, tuple[str, str, str]] = {
    400: ("bad_request", "请求的格式不对", "请退回上一页重试"),
    401: ("unauthenticated", "请先登录", "登录后再试"),
    403: ("forbidden", "没有权限", ""),
    404: ("not_found", "没有找到", "请检查地址或编号"),
    405: ("method_not_allowed", "不支持这样操作", ""),
    408: ("timeout", "网络太慢，没有收全", "请重试"),
    413: ("too_large", "内容太大", "请缩小后再试"),
    415: ("unsupported_media_type", "请求的格式不对", "请使用 JSON"),
    422: ("invalid", "填写的内容有误", "请按提示修改"),
    429: ("rate_limited", "操作太频繁", "请稍后再试"),
}
HELP = "需要帮忙请拨打12345"
# Where a field was looked for says nothing to a person.
_PARTS = ("json", "query", "path", "headers", "files", "upload", "_schema")


def problem(
    status: int,
    code: str,
    title: str,
    *,
    detail: str = "",
    action: str = "",
    fields: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """A problem document as a response; `extra` are members of its own (RFC 9457, 3.2)."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "code": code,
        "action": action or HELP,
        "request_id": request_id(),
        **(extra or {}),
    }
    if fields:
        body["errors"] = fields
    answer = Response(
        json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json"
    )
    answer.headers.update(headers or {})
    return answer


def from_domain(error: errors.DomainError) -> Response:
    """The answer for a domain error; the nearest class in its ancestry gives the status."""
    status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
    headers = {}
    if isinstance(error, errors.RateLimited):
        headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, errors.Unavailable):
        headers["Retry-After"] = "5"
    return problem(
        status,
        error.code,
        error.title,
        detail=error.detail,
        action=error.action,
        fields=error.fields,
        headers=headers,
        extra=error.extra,
    )


def from_http(error: HTTPException) -> Response:
    """The answer for what Flask or the schemas refused."""
    status = error.code or 500
    if status < 400:
        return cast(Response, Response.force_type(error.get_response(), request.environ))
    code, title, action = _HTTP.get(status, ("http_error", "请求没有成功", ""))
    found = getattr(error, "data", None) or {}
    fields = flatten(found.get("messages") or {})
    headers = {}
    if status == 405:
        headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
    detail = "；".join(dict.fromkeys(text for texts in fields.values() for text in texts))[:500]
    return problem(
        status, code, title, detail=detail, action=action, fields=fields, headers=headers
    )


def flatten(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """Schema messages of any depth as `{"materials.0.name": [texts]}`."""
    if isinstance(messages, dict):
        found: dict[str, list[str]] = {}
        for key, value in messages.items():
            hidden = key in _PARTS and not prefix
            name = prefix if hidden else f"{prefix}.{key}" if prefix else str(key)
            for field, texts in flatten(value, name).items():
                found.setdefault(field, []).extend(texts)
        return found
    texts = messages if isinstance(messages, list) else [messages]
    return {(prefix or "body")[:100]: [str(text)[:200] for text in texts]}


def register(app: Flask) -> None:
    """Answer every error of `app` in the one shape."""
    app.register_error_handler(errors.DomainError, from_domain)
    app.register_error_handler(HTTPException, from_http)
    app.register_error_handler(OperationalError, _database_trouble)
    app.register_error_handler(PoolTimeout, _database_trouble)
    app.register_error_handler(DataError, _bad_value)
    app.register_error_handler(UnicodeEncodeError, _bad_value)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_failed_condition)


def _failed_condition(answer: Response) -> Response:
    """Werkzeug refuses a file's If-Match by itself, in no shape of ours."""
    if answer.status_code == 412 and answer.mimetype != "application/problem+json":
        return from_domain(errors.Stale())
    return answer


def _database_trouble(error: Exception) -> Response:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    log.error("database trouble", error=type(error).__name__, sqlstate=state)
    return from_domain(
        errors.Unavailable("busy", detail="现在办理的人很多，或系统正在恢复", action="请过几秒再试")
    )


def _bad_value(error: Exception) -> Response:
    """A value no column can hold (a NUL or half a character, a number out of range)."""
    return from_domain(
        errors.Invalid(
            "bad_value", detail="有一项内容无法保存", action="请检查是否有特殊字符或过大的数字"
        )
    )


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error")
    return problem(
        500,
        "unexpected",
        "系统出错了",
        detail=f"我们已记录这个问题，编号 {request_id()}",
        action="请稍后再试；着急办理请拨打12345",
    )
