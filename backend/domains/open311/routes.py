"""Open311 GeoReport v2 at /open311/v2: XML and JSON, its own shape of errors."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from backend.domains.open311 import describe, render, rules, service
from backend.domains.open311.rules import BadRequest
from backend.http.context import services, uow
from backend.http.guards import public
from backend.http.mutation import mutation
from backend.http.problems import from_domain
from backend.kernel import errors

bp = Blueprint("open311", __name__, url_prefix="/open311/v2")
_MOST_BYTES = 256 * 1024


@bp.get("/discovery.<form>")
@public
def discovery(form: str) -> Response:
    """Where the endpoints are and which formats they speak."""
    return _answer(form, lambda: ("one", describe.discovery(services(), _base()), "discovery"))


@bp.get("/openapi.json")
@public
def description() -> Response:
    """GeoReport as served here, as an OpenAPI 3.1 document."""
    return Response(describe.openapi(_base()), content_type="application/json")


@bp.get("/services.<form>")
@public
def list_services(form: str) -> Response:
    """The categories that can be reported."""
    return _answer(form, lambda: ("services", service.services(_here()), "service"))


@bp.get("/services/<code>.<form>")
@public
def show_service(code: str, form: str) -> Response:
    """What one category asks."""
    return _answer(form, lambda: ("one", service.definition(_here(), code), "service_definition"))


@bp.get("/requests.<form>")
@public
def list_requests(form: str) -> Response:
    """Public matters."""
    args = {**request.args.to_dict(), "base": _base()}
    return _answer(form, lambda: ("service_requests", service.requests(_here(), args), "request"))


@bp.get("/requests/<number>.<form>")
@public
def show_request(number: str, form: str) -> Response:
    """One public matter, as an array of one."""
    return _answer(
        form,
        lambda: ("service_requests", [service.request(_here(), number, _base())], "request"),
    )


@bp.get("/tokens/<value>.<form>")
@public
def show_token(value: str, form: str) -> Response:
    """Which matter a token became."""
    return _answer(form, lambda: ("service_requests", [service.token(_here(), value)], "request"))


@bp.post("/requests.<form>")
@public
@mutation(replay=False)
def submit(form: str) -> Response:
    """Report; needs an api_key. The same report again gets the first answer."""
    return _answer(form, lambda: ("service_requests", [_submit()], "request"), status=201)


def _submit() -> dict[str, Any]:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise BadRequest("请用 application/x-www-form-urlencoded 提交")
    raw = request.get_data(cache=True)
    if len(raw) > _MOST_BYTES:
        raise BadRequest("内容太大")
    form = {key: request.form.getlist(key) for key in request.form}
    if any("\0" in value for values in form.values() for value in values):
        raise BadRequest("含有无法识别的字符")
    repeat_key = request.headers.get("Idempotency-Key", "")[:100]
    return service.submit(_here(form), form, raw, repeat_key)


def _here(form: Any = None) -> Any:
    """The unit of work, once the jurisdiction named is ours."""
    given = request.args.get("jurisdiction_id", "")
    if form and not given:
        given = (form.get("jurisdiction_id") or [""])[0]
    service.check_jurisdiction(uow(), given)
    return uow()


def _base() -> str:
    return services().settings.public_url.rstrip("/") or request.host_url.rstrip("/")


def _answer(form: str, work: Callable[[], tuple[str, Any, str]], *, status: int = 200) -> Response:
    """The result in the format asked for, or GeoReport's array of errors."""
    if rules.format_of(form) is None:
        return _errors("json", 404, "格式只有 xml 和 json")
    try:
        root, found, member = work()
    except BadRequest as error:
        return _errors(form, 400, str(error))
    except errors.DomainError as error:
        shape = from_domain(error)
        code = shape.status_code if shape.status_code in (403, 404, 429, 503) else 400
        return _errors(form, code, error.detail or error.title)
    if root == "one":
        return Response(render.one(found, member, form), status, content_type=render.MEDIA[form])
    return Response(render.many(found, root, member, form), status, content_type=render.MEDIA[form])


def _errors(form: str, status: int, text: str) -> Response:
    rows = [{"code": status, "description": text}]
    return Response(
        render.many(rows, "errors", "error", form), status, content_type=render.MEDIA[form]
    )


@bp.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> Response:
    form = "xml" if request.path.endswith(".xml") else "json"
    return _errors(form, error.code or 400, error.description or "请求不对")
