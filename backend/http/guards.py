"""Guards: every route carries exactly one, and it decides who comes in.

A guard also takes care of CSRF: a browser session is a cookie, so every unsafe call must
carry the header that only our own pages can know.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast, overload

from flask import g, request
from werkzeug.http import parse_cookie

from backend.http.context import principal, services, session
from backend.kernel import sessions
from backend.kernel.access import Principal
from backend.kernel.errors import Forbidden, Unauthenticated

F = TypeVar("F", bound=Callable[..., Any])
COOKIES = {"person": "hy_resident", "staff": "hy_staff"}
SAFE = ("GET", "HEAD", "OPTIONS")
GUARDED = "_huying_guard"
#: Where what stands in front of Flask finds the verified resident whom the guard let in.
RESIDENT = "huying.resident"


def public(view: F) -> F:
    """Anybody. Who is signed in as a resident is known all the same."""
    return _wrap(view, "public", lambda: _identify("person", required=False))


@overload
def resident(view: F) -> F: ...
@overload
def resident(*, verified: bool = False) -> Callable[[F], F]: ...
def resident(view: F | None = None, *, verified: bool = False) -> Any:
    """A signed-in resident; with `verified`, one whose real name has been checked."""

    def decorate(inner: F) -> F:
        return _wrap(inner, "resident+verified" if verified else "resident", check)

    def check() -> None:
        _identify("person", required=True)
        if verified and not principal().verified:
            raise Forbidden(
                "real_name_needed",
                title="请先完成实名认证",
                detail="预约和办事需要确认是您本人",
                action="到「我的 - 实名认证」填写姓名和身份证号，一分钟就好",
            )

    return decorate(view) if view is not None else decorate


def staff(permission: str | None = None) -> Callable[[F], F]:
    """A signed-in member of staff who holds `permission` somewhere (scope: the service's task).

    Without a permission any member of staff comes in, for what concerns only themselves.
    """

    def decorate(inner: F) -> F:
        return _wrap(inner, f"staff:{permission or 'self'}", check)

    def check() -> None:
        _identify("staff", required=True)
        if permission:
            principal().require(permission)

    return decorate


def worker(permission: str | None = None) -> Callable[[F], F]:
    """A resident's phone bound to a staff account: `principal()` is then that member of staff.

    Grid workers and department handlers work on the phone they have; what they may do is what
    their account may do, read anew at each request. Never a console's cookie.
    """

    def decorate(inner: F) -> F:
        return _wrap(inner, f"worker:{permission or 'self'}", check)

    def check() -> None:
        _identify("person", required=True)
        person = principal()
        loader = services().extensions["principals"]["worker"]
        found = cast(Principal | None, loader(session(), person))
        if found is None:
            raise Forbidden(
                "work_account_needed",
                title="还没有绑定工作账号",
                detail="这些功能给网格员和部门经办人使用",
                action="到「我的 - 绑定工作账号」绑定后再用",
            )
        g.principal = found
        if permission:
            found.require(permission)

    return decorate


def kiosk(view: F) -> F:
    """A machine in a hall, known by the key it sends with every call; never a person's session."""

    def check() -> None:
        app = services()
        key = request.headers.get("X-Kiosk-Key", "")[:100]
        loader = app.extensions["principals"]["kiosk"]
        found = cast(Principal | None, loader(app, session(), key)) if key else None
        if found is None:
            raise Unauthenticated(
                "kiosk_key",
                title="这台自助机还不能用",
                detail="自助机的密钥不对，或者已经停用",
                action="请联系大厅工作人员",
            )
        g.principal = found

    return _wrap(view, "kiosk", check)


def staff_optional(view: F) -> F:
    """Anybody; who is signed in as staff is known."""
    return _wrap(view, "public-staff", lambda: _identify("staff", required=False))


def token_of(kind: str) -> str | None:
    """The session token this request carries for residents or staff."""
    return _bearer(kind) or request.cookies.get(COOKIES[kind])


def token_in(environ: dict[str, Any]) -> str | None:
    """A resident's session token, for what stands in front of Flask.

    None where there is none, and where the guards would refuse an unsafe call.
    """
    scheme, _, bearer = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer" and bearer.strip():
        return str(bearer.strip())
    token = parse_cookie(environ.get("HTTP_COOKIE", "")).get(COOKIES["person"])
    if not token or environ["REQUEST_METHOD"] in SAFE:
        return token or None
    mark = environ.get("HTTP_X_CSRF_TOKEN", "")
    return token if sessions.csrf_matches(token, mark) else None


def _bearer(kind: str) -> str:
    """The token of the Authorization header, which only residents' apps use."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind == "person" and scheme.lower() == "bearer" else ""


def _identify(kind: str, *, required: bool) -> None:
    token = token_of(kind)
    found = _principal(kind, token) if token else None
    if found is not None:
        _check_csrf(kind, cast(str, token))
        g.principal = found
        if kind == "person" and found.verified:
            request.environ[RESIDENT] = str(found.actor.id)
    elif required:
        raise Unauthenticated(detail="登录已过期或还没有登录", action="请登录后继续")


def _principal(kind: str, token: str) -> Principal | None:
    app = services()
    row = _session_row(kind, token)
    if row is None:
        return None
    loader = app.extensions["principals"][kind]
    found = cast(Principal | None, loader(app, session(), row))
    if found is not None:
        # Read after the request too, when a rollback would have made it unreadable.
        session().expunge(row)
        g.session_row = row
    return found


def _session_row(kind: str, token: str) -> sessions.SessionRow | None:
    app = services()
    now = app.clock.now()
    account = app.extensions.get("accounts", {}).get(kind)
    if account is None:
        return sessions.authenticate(session(), token, now, kind)
    found = sessions.authenticate_with(session(), token, now, kind, account)
    if found is None:
        return None
    # Held, so that `session.get` finds it without another query as long as the request lasts.
    row, g.account_row = found
    return row


def _check_csrf(kind: str, token: str) -> None:
    # A bearer token is sent by our code alone; a cookie goes along with anybody's page.
    if request.method in SAFE or _bearer(kind):
        return
    if not sessions.csrf_matches(token, request.headers.get("X-CSRF-Token", "")):
        raise Forbidden(
            "csrf",
            title="页面已过期",
            detail="为了安全，这次操作没有执行",
            action="请刷新页面后再试",
        )


def _wrap(view: F, name: str, check: Callable[[], None]) -> F:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        check()
        return view(*args, **kwargs)

    setattr(guarded, GUARDED, name)
    return cast(F, guarded)
