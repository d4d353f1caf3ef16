"""Sessions and everything a resident does with the own account."""

from typing import Any

from flask import request

from backend.domains.identity import (
    answers,
    consent,
    me,
    own_data,
    persons,
    privacy_policy,
    real_name,
    sign_in,
    sms,
    staff_binding,
)
from backend.domains.identity import schemas as s
from backend.http.blueprint import blueprint
from backend.http.context import principal, services, uow
from backend.http.guards import public, resident, token_of
from backend.http.mutation import mutation
from backend.kernel import sessions

bp = blueprint("identity", "登录、本人信息、实名、隐私")


def address() -> str:
    """The caller's IP address, as limits are counted by."""
    return request.remote_addr or "unknown"


@bp.route("/session", methods=["GET"])
@public
@bp.response(200, s.SessionSchema)
def show_session() -> dict[str, Any]:
    """Who is signed in; null when nobody is."""
    who = principal()
    if who.actor.kind != "person" or who.actor.id is None:
        return {"person": None, "csrf_token": None}
    token = None if request.headers.get("Authorization") else token_of("person")
    return {
        "person": me.show(uow(), who.actor.id, who.channel),
        "csrf_token": sessions.csrf_token(token) if token else None,
    }


@bp.route("/sessions/wechat", methods=["POST"])
@public
@mutation(replay=False)
@bp.arguments(s.WechatSignInSchema)
@bp.response(201, s.SignedInSchema)
def sign_in_with_wechat(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with the one-time code of `wx.login`."""
    signed = sign_in.with_wechat(
        uow(), **body, address=address(), old_session=principal().session_id
    )
    return answers.resident_signed_in(signed, body["channel"])


@bp.route("/sms-codes", methods=["POST"])
@public
@mutation
@bp.arguments(s.SmsCodeSchema)
@bp.response(202, s.SmsSentSchema)
def send_sms_code(body: dict[str, Any]) -> dict[str, int]:
    """Send a six-digit code; the answer does not tell whether the phone is known."""
    return sms.send_code(uow(), **body, address=address())


@bp.route("/sessions/sms", methods=["POST"])
@public
@mutation(replay=False)
@bp.arguments(s.SmsSignInSchema)
@bp.response(201, s.SignedInSchema)
def sign_in_with_sms(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with the code sent to the phone."""
    signed = sign_in.with_sms(uow(), **body, address=address(), old_session=principal().session_id)
    return answers.resident_signed_in(signed, body["channel"])


@bp.route("/session", methods=["DELETE"])
@public
@mutation(replay=False)
@bp.response(204)
def sign_out() -> None:
    """End this device's session; harmless when there is none."""
    session_id = principal().session_id
    if session_id is not None:
        sessions.revoke(uow(), session_id)
    answers.signed_out("person")


@bp.route("/me", methods=["GET"])
@resident
@bp.response(200, s.MeSchema)
def show_me() -> dict[str, Any]:
    """The own account."""
    return _me()


@bp.route("/me", methods=["PATCH"])
@resident
@mutation
@bp.arguments(s.MePatchSchema)
@bp.response(200, s.MeSchema)
def change_me(body: dict[str, Any]) -> dict[str, Any]:
    """Turn elder mode on or off."""
    me.set_elder_mode(uow(), _id(), body["elder_mode"])
    return _me()


@bp.route("/me/real-name", methods=["POST"])
@resident
@mutation
@bp.arguments(s.RealNameSchema)
@bp.response(200, s.MeSchema)
def prove_real_name(body: dict[str, Any]) -> dict[str, Any]:
    """Prove the real name; an account of the same person in another channel is united."""
    kept = real_name.verify(uow(), _id(), body["name"], body["id_number"])
    return me.show(uow(), kept, principal().channel)


@bp.route("/me/phone", methods=["POST"])
@resident
@mutation
@bp.arguments(s.PhoneSchema)
@bp.response(200, s.MeSchema)
def bind_phone(body: dict[str, Any]) -> dict[str, Any]:
    """Bind or change the phone."""
    if "code" in body:
        kept = sign_in.bind_phone_by_wechat(uow(), _id(), body["code"])
    else:
        kept = sign_in.bind_phone_by_sms(uow(), _id(), body["phone"], body["sms_code"])
    return me.show(uow(), kept, principal().channel)


@bp.route("/me/worker-binding", methods=["POST"])
@resident
@mutation(replay=False)
@bp.arguments(s.WorkBindingSchema)
@bp.response(200, s.MeSchema)
def bind_work_account(body: dict[str, Any]) -> dict[str, Any]:
    """Work with this phone: both factors of the work account bind it."""
    staff_binding.bind(uow(), _id(), **body, address=address())
    return _me()


@bp.route("/me/worker-binding", methods=["DELETE"])
@resident
@mutation
@bp.response(200, s.MeSchema)
def unbind_work_account() -> dict[str, Any]:
    """Stop working with this phone."""
    staff_binding.unbind(uow(), _id())
    return _me()


@bp.route("/me/consents", methods=["POST"])
@resident
@mutation
@bp.arguments(s.PrivacyConsentSchema)
@bp.response(200, s.MeSchema)
def answer_consent(body: dict[str, Any]) -> dict[str, Any]:
    """Agree to the privacy policy in force, or withdraw the consent."""
    consent.answer(uow(), _id(), **body, channel=principal().channel)
    return _me()


@bp.route("/me/export", methods=["GET"])
@resident
@bp.response(200, s.OwnDataSchema)
def export_me() -> dict[str, Any]:
    """A copy of everything held about the signed-in person."""
    # A unit of its own, because the export leaves a trace and this request reads only.
    with services().unit(principal().actor) as own:
        return own_data.export(own, _id())


@bp.route("/me/close", methods=["POST"])
@resident
@mutation(replay=False)
@bp.arguments(s.CloseSchema)
@bp.response(204)
def close_me(body: dict[str, Any]) -> None:
    """Close the account for good; refused while something is still open."""
    own_data.close(uow(), _id(), body["confirm"])
    answers.signed_out("person")


@bp.route("/privacy-policy", methods=["GET"])
@public
@bp.response(200, s.PolicySchema)
def show_policy() -> dict[str, Any]:
    """The privacy policy in force."""
    return privacy_policy.policy()


def _id() -> Any:
    return principal().actor.id


def _me() -> dict[str, Any]:
    return me.show(uow(), persons.get(uow(), _id()).id, principal().channel)
