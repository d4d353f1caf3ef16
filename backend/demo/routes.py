"""Routes of the demo only: signing in as a fictional person, and reading what the stand-ins hold.

`backend.app` registers them when `settings.demo` is true; production refuses to import them.
"""

from datetime import datetime
from typing import Any

import marshmallow as ma
import requests

from backend.demo import register, visits
from backend.demo.openids import demo_openid
from backend.domains.identity import answers, sign_in, staff_secrets, staff_sign_in
from backend.domains.identity.schemas import DemoSignInSchema, SignedInSchema
from backend.domains.identity.staff_rules import ROLES
from backend.domains.identity.staff_schemas import StaffSessionSchema
from backend.http.blueprint import blueprint
from backend.http.context import principal, services, uow
from backend.http.guards import public, staff_optional
from backend.http.mutation import mutation
from backend.http.schemas import Moment, Schema, ShortText
from backend.kernel.errors import NotFound, Unavailable

bp = blueprint("demo", "只在演示中有：演示人员登录、替身短信")
bp.after_app_request(visits.note)


class DemoPersonSchema(Schema):
    """A fictional person."""

    key = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    note = ma.fields.String(required=True)


class DemoPersonsSchema(Schema):
    """The fictional persons."""

    items = ma.fields.List(ma.fields.Nested(DemoPersonSchema), required=True)


class DemoRegisterEntrySchema(Schema):
    """A fictional name and number."""

    name = ma.fields.String(required=True)
    id_number = ma.fields.String(required=True)


class DemoRegisterSchema(Schema):
    """Fictional names and numbers to try the real-name check with."""

    items = ma.fields.List(ma.fields.Nested(DemoRegisterEntrySchema), required=True)


class DemoCodeSchema(Schema):
    """What `wx.login` would give on a phone."""

    code = ma.fields.String(required=True)


class DemoCodeArgs(Schema):
    """Whose phone it is."""

    person_key = ma.fields.String(load_default="visitor", validate=ma.validate.Length(1, 40))


class DemoTextSchema(Schema):
    """One text."""

    text = ma.fields.String(required=True)
    at = Moment(required=True)


class DemoTextsSchema(Schema):
    """Texts the stand-in kept, newest first."""

    items = ma.fields.List(ma.fields.Nested(DemoTextSchema), required=True)


class DemoTextsArgs(Schema):
    """Which phone."""

    phone = ma.fields.String(
        required=True, validate=ma.validate.Regexp(r"^1\d{10}$", error="请填写 11 位手机号")
    )


class DemoStaffMemberSchema(Schema):
    """One member, with what is needed to sign in."""

    username = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    role_text = ma.fields.String(required=True)
    password = ma.fields.String(required=True)
    totp = ma.fields.String(required=True)


class DemoStaffSchema(Schema):
    """The demo's staff with their passwords and present one-time codes."""

    items = ma.fields.List(ma.fields.Nested(DemoStaffMemberSchema), required=True)


class DemoStaffSignInSchema(Schema):
    """A member of the demo's staff."""

    username = ShortText(32, required=True)


@bp.route("/demo/persons", methods=["GET"])
@public
@bp.response(200, DemoPersonsSchema)
def list_demo_persons() -> dict[str, Any]:
    """The fictional persons one can sign in as."""
    rows = register.persons()
    return {"items": [{"key": p.key, "name": p.name or "新访客", "note": p.note} for p in rows]}


@bp.route("/demo/register", methods=["GET"])
@public
@bp.response(200, DemoRegisterSchema)
def list_demo_register() -> dict[str, Any]:
    """Fictional names and numbers that nobody uses yet."""
    rows = register.unclaimed().items()
    return {"items": [{"name": name, "id_number": number} for number, name in rows]}


@bp.route("/sessions/demo", methods=["POST"])
@public
@mutation(replay=False)
@bp.arguments(DemoSignInSchema)
@bp.response(201, SignedInSchema)
def sign_in_as_demo_person(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in as a fictional person."""
    if body["person_key"] not in {person.key for person in register.persons()}:
        raise NotFound("demo_person_not_found", detail="没有这位演示人员")
    signed = sign_in.start(
        uow(),
        register.person_id(body["person_key"]),
        body["channel"],
        principal().session_id,
        "demo",
    )
    return answers.resident_signed_in(signed, body["channel"])


@bp.route("/demo/wechat-code", methods=["GET"])
@public
@bp.arguments(DemoCodeArgs, location="query")
@bp.response(200, DemoCodeSchema)
def mint_wechat_code(args: dict[str, Any]) -> dict[str, Any]:
    """A one-time code of the WeChat stand-in, as `wx.login` would give."""
    return {"code": _standin("/demo/js-code", openid=demo_openid(args["person_key"]))["code"]}


@bp.route("/demo/sms", methods=["GET"])
@public
@bp.arguments(DemoTextsArgs, location="query")
@bp.response(200, DemoTextsSchema)
def list_demo_texts(args: dict[str, Any]) -> dict[str, Any]:
    """Texts that the SMS stand-in received for a phone."""
    rows = _standin("/demo/sms", phone=args["phone"])["items"]
    return {"items": [{"text": r["text"], "at": datetime.fromisoformat(r["at"])} for r in rows]}


@bp.route("/demo/staff", methods=["GET"])
@public
@bp.response(200, DemoStaffSchema)
def list_demo_staff() -> dict[str, Any]:
    """The demo's staff, each with password and present one-time code."""
    return {"items": [_member(member) for member in register.staff()]}


@bp.route("/staff/sessions/demo", methods=["POST"])
@staff_optional
@mutation(replay=False)
@bp.arguments(DemoStaffSignInSchema)
@bp.response(201, StaffSessionSchema)
def sign_in_as_demo_staff(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in as a member of the demo's staff, without password and code."""
    if body["username"] not in {member.username for member in register.staff()}:
        raise NotFound("staff_not_found", detail="没有这位演示工作人员")
    account = staff_sign_in.account_by_username(uow(), body["username"])
    signed = staff_sign_in.start(uow(), account, principal().session_id, "demo")
    return answers.staff_signed_in(signed)


def _member(member: register.DemoStaff) -> dict[str, Any]:
    account = staff_sign_in.account_by_username(uow(), member.username)
    code = ""
    if account.totp_sealed is not None:
        secret = services().privacy.open(account.totp_sealed)
        code = staff_secrets.current_code(secret, uow().now)
    return {
        "username": member.username,
        "name": member.name,
        "role_text": "、".join(ROLES[role].text for role, _, _ in member.roles),
        "password": member.password,
        "totp": code,
    }


def _standin(path: str, **params: str) -> dict[str, Any]:
    address = services().settings.standin_url
    if not address:
        raise Unavailable("standin_off", detail="演示替身没有启动")
    try:
        # The stand-in is on this machine: no proxy of the environment leads there.
        with requests.Session() as http:
            http.trust_env = False
            answer = http.get(address + path, params=params, timeout=5)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Unavailable("standin_off", detail="演示替身没有回应") from error
    return found
