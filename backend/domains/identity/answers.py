"""How a fresh session leaves: in the body for WeChat, as a cookie for browsers."""

from typing import Any

from flask import Response, after_this_request

from backend.domains.identity import me
from backend.domains.identity.sign_in import SignedIn
from backend.domains.identity.staff_sign_in import StaffSignedIn
from backend.domains.identity.staff_views import staff_view
from backend.http import cookies
from backend.http.context import uow
from backend.kernel.sessions import OpenedSession


def resident_signed_in(signed: SignedIn, channel: str) -> dict[str, Any]:
    """The answer to a sign-in; a browser's cookie is set beside it."""
    _set_cookie("person", signed.session, channel)
    return {
        "person": me.show(uow(), signed.person.id, channel),
        **cookies.secrets_for(signed.session, channel),
    }


def staff_signed_in(signed: StaffSignedIn) -> dict[str, Any]:
    """The answer to a staff sign-in, with the cookie set beside it."""
    _set_cookie("staff", signed.session, "console")
    return {
        "staff": staff_view(uow(), signed.account),
        "csrf_token": signed.session.csrf_token,
    }


def signed_out(kind: str) -> None:
    """Take the cookie away with this request's answer."""

    @after_this_request
    def clear(answer: Response) -> Response:
        return cookies.take(answer, kind)


def _set_cookie(kind: str, opened: OpenedSession, channel: str) -> None:
    @after_this_request
    def give(answer: Response) -> Response:
        return cookies.give(answer, kind, opened, channel) if answer.status_code < 400 else answer
