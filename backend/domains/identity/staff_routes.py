"""Staff sign-in and the own account."""

from typing import Any
from uuid import UUID

from backend.domains.identity import answers, staff_own, staff_sign_in
from backend.domains.identity import staff_schemas as s
from backend.domains.identity.routes import address
from backend.domains.identity.staff_accounts import get
from backend.domains.identity.staff_views import staff_view
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import staff, staff_optional, token_of
from backend.http.mutation import mutation
from backend.kernel import sessions

bp = blueprint("staff", "工作人员：登录、密码、动态码")


@bp.route("/staff/session", methods=["GET"])
@staff_optional
@bp.response(200, s.StaffSessionSchema)
def show_staff_session() -> dict[str, Any]:
    """Who is signed in on this console; null when nobody is."""
    who = principal()
    token = token_of("staff")
    if who.actor.kind != "staff" or who.actor.id is None or token is None:
        return {"staff": None, "csrf_token": None}
    return {
        "staff": staff_view(uow(), get(uow(), who.actor.id)),
        "csrf_token": sessions.csrf_token(token),
    }


@bp.route("/staff/sessions", methods=["POST"])
@staff_optional
@mutation(replay=False)
@bp.arguments(s.StaffSignInSchema)
@bp.response(201, s.StaffSessionSchema)
def sign_in_staff(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with password and one-time code."""
    signed = staff_sign_in.sign_in(
        uow(), **body, address=address(), old_session=principal().session_id
    )
    return answers.staff_signed_in(signed)


@bp.route("/staff/session", methods=["DELETE"])
@staff_optional
@mutation(replay=False)
@bp.response(204)
def sign_out_staff() -> None:
    """End this console's session; harmless when there is none."""
    session_id = principal().session_id
    if session_id is not None:
        sessions.revoke(uow(), session_id)
    answers.signed_out("staff")


@bp.route("/staff/session/password", methods=["POST"])
@staff()
@mutation(replay=False)
@bp.arguments(s.NewPasswordSchema)
@bp.response(200, s.StaffSessionSchema)
def change_own_password(body: dict[str, Any]) -> dict[str, Any]:
    """Change the own password; all other sessions of the account end."""
    return answers.staff_signed_in(
        staff_own.change_password(uow(), _id(), body["old"], body["new"])
    )


@bp.route("/staff/session/totp", methods=["POST"])
@staff()
@mutation(replay=False)
@bp.response(201, s.EnrolmentSchema)
def begin_totp() -> staff_own.Enrolment:
    """A fresh secret to scan; for accounts that have no second factor yet."""
    return staff_own.begin_totp(uow(), _id())


@bp.route("/staff/session/totp/confirmation", methods=["POST"])
@staff()
@mutation(replay=False)
@bp.arguments(s.TotpSchema)
@bp.response(200, s.StaffSessionSchema)
def confirm_totp(body: dict[str, Any]) -> dict[str, Any]:
    """Prove the secret with a code; the account is active from then on."""
    return answers.staff_signed_in(staff_own.confirm_totp(uow(), _id(), body["totp"]))


def _id() -> UUID:
    found = principal().actor.id
    assert found is not None
    return found
