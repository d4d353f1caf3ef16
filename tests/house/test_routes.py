"""Every route has a guard and a schema, every change is idempotent, and the document knows all."""

import inspect
import re

from backend.http.guards import GUARDED
from backend.http.mutation import MUTATION
from backend.http.openapi import _openapi_path, document
from tests.house.tree import ROOT

# Changing calls whose answer must not be kept, or that change nothing; each with its reason.
NOT_REPLAYED = {
    "POST /api/v1/sessions/demo": "the answer holds a fresh session token",
    "POST /api/v1/sessions/wechat": "the answer holds a fresh session token",
    "POST /api/v1/sessions/sms": "the answer holds a fresh session token",
    "POST /api/v1/staff/sessions": "the answer holds a fresh session token",
    "POST /api/v1/staff/sessions/demo": "the answer holds a fresh session token",
    "DELETE /api/v1/session": "ending a session twice ends it once",
    "DELETE /api/v1/staff/session": "ending a session twice ends it once",
    "POST /api/v1/sms-codes": "a repeated wish for a code is limited, not replayed",
    "POST /api/v1/staff/accounts": "the answer holds a one-time password",
    "POST /api/v1/votes/<uuid:vote_id>/ballots": "a kept hash or answer would join voter and"
    " choice; seat and nonce make a repeat the same ballot",
    "POST /api/v1/staff/votes/<uuid:vote_id>/paper-ballots": "a kept hash of so few choices would"
    " tell them before the end; sheet and reader make a repeat the same",
    "POST /api/v1/staff/votes/<uuid:vote_id>/second-entries": "as above",
    "POST /api/v1/staff/accounts/<uuid:staff_id>/password-resets": "a one-time password",
    "POST /api/v1/staff/accounts/<uuid:staff_id>/totp-resets": "a fresh second factor",
    "POST /api/v1/staff/session/totp": "a fresh second factor",
    "POST /api/v1/staff/session/totp/confirmation": "the answer follows the session it renews",
    "POST /api/v1/staff/api-keys": "the answer holds a fresh key",
    "POST /api/v1/me/worker-binding": "its body, and so its hash, holds a password",
    "POST /api/v1/me/close": "the session ends with it, so nobody is left to replay to",
    "POST /api/v1/staff/session/password": "passwords are not kept, even as a hash of a body",
    "POST /api/v1/demo/topics/<uuid:topic_id>/stage-ends": "an ended stage ends once",
    "POST /api/v1/demo/topics/<uuid:topic_id>/short-votes": "asking twice asks for the same",
    "POST /api/v1/staff/halls/<uuid:hall_id>/kiosks": "the answer holds a fresh key",
    "POST /api/v1/video-rooms/<uuid:room_id>/entries": "asking again gets what holds now",
    "POST /api/v1/staff/cti-keys": "the answer holds a fresh key",
    "POST /api/v1/staff/messages/readers": "a number or a name stays out of addresses, and a hash of"
    " it is not kept; each look is a look of its own",
    "PUT /api/v1/staff/ticket-drafts/<draft_key>": "the version decides; saved every few seconds",
    "DELETE /api/v1/staff/ticket-drafts/<draft_key>": "throwing away twice throws away once",
}
# POST because their input must not stand in an address; they change nothing but counters.
READS_BY_POST = {
    "POST /api/v1/matter-lookups": "number and query code stay out of logs",
    "POST /api/v1/event-suggestions": "what somebody wrote stays out of logs; nothing is kept",
    "POST /api/v1/staff/message-templates/<string(maxlength=60):message_kind>/previews": "words that"
    " staff try out; nothing is kept",
    "POST /api/v1/staff/ticket-suggestions": "what a caller says stays out of logs",
}


def name(rule, method) -> str:
    return f"{method} {rule.rule}"


def test_every_route_has_exactly_one_guard(api_rules) -> None:
    missing = [name(r, m) for r, m, view in api_rules if not hasattr(view, GUARDED)]
    assert not missing, missing
    assert len(api_rules) > 20


def test_every_staff_route_has_a_staff_guard_and_no_other_has(api_rules) -> None:
    wrong = []
    for rule, method, view in api_rules:
        guard = getattr(view, GUARDED, "")
        if rule.rule.startswith("/api/v1/staff/"):
            entry = "/session" in rule.rule
            right = guard.startswith("staff:") or (entry and guard.startswith("public"))
        else:
            right = not guard.startswith("staff:")
        if not right:
            wrong.append(f"{name(rule, method)}: {guard}")
    assert not wrong, wrong


def test_every_permission_asked_for_is_held_by_some_role(api_rules) -> None:
    from backend.domains.identity.staff_rules import ROLES

    held = set().union(*(role.permissions for role in ROLES.values()))
    asked = {getattr(view, GUARDED, "").partition(":")[2] for _, _, view in api_rules}
    assert asked - {"", "self"} <= held


def test_every_changing_route_is_a_mutation(api_rules) -> None:
    wrong = [
        name(rule, method)
        for rule, method, view in api_rules
        if method != "GET"
        and not hasattr(view, MUTATION)
        and name(rule, method) not in READS_BY_POST
    ]
    assert not wrong, wrong


def test_only_what_has_a_reason_is_not_replayed(api_rules) -> None:
    plain = {name(r, m) for r, m, view in api_rules if getattr(view, MUTATION, "") == "plain"}
    shape = re.compile(r"<(?:[^:<>]+:)?\w+>")
    reasons = {shape.sub("<>", one) for one in NOT_REPLAYED | READS_BY_POST}
    assert not [one for one in plain if shape.sub("<>", one) not in reasons], plain


def test_no_reading_route_is_a_mutation(api_rules) -> None:
    wrong = [name(r, m) for r, m, view in api_rules if m == "GET" and hasattr(view, MUTATION)]
    assert not wrong, wrong


def test_every_body_and_query_has_a_schema(house_app, api_rules) -> None:
    """A view that reads the request itself would go round the schemas."""
    wrong = []
    for rule, method, view in api_rules:
        source = inspect.getsource(inspect.unwrap(view))
        if re.search(r"request\.(get_json|json|form|args|values|data|get_data|stream)\b", source):
            wrong.append(name(rule, method))
    assert not wrong, wrong


def test_every_route_is_in_the_document_with_what_it_answers(house_app, api_rules) -> None:
    spec = document(house_app, house_app.extensions["huying_api"])
    assert spec["openapi"].startswith("3.1")
    wrong = []
    for rule, method, view in api_rules:
        operation = spec["paths"].get(_openapi_path(rule.rule), {}).get(method.lower())
        if operation is None:
            wrong.append(f"{name(rule, method)} is not there")
            continue
        if not [code for code in operation["responses"] if str(code).startswith(("2", "3"))]:
            wrong.append(f"{name(rule, method)} does not say what it answers")
        if not operation.get("summary"):
            wrong.append(f"{name(rule, method)} does not say what it does")
        keyed = [one.get("name") for one in operation.get("parameters", [])].count(
            "Idempotency-Key"
        )
        if keyed != (getattr(view, MUTATION, "") == "replay"):
            wrong.append(f"{name(rule, method)} and its Idempotency-Key")
    assert not wrong, wrong


def test_no_route_below_the_api_escapes_the_version(house_app) -> None:
    others = {r.rule for r in house_app.url_map.iter_rules() if r.rule.startswith("/api")}
    assert {one for one in others if not one.startswith("/api/v1/")} <= {
        "/api/openapi.json",
        "/api/",
    }


def test_the_demos_routes_are_not_in_production() -> None:
    import base64
    import os

    from backend import config
    from backend.app import create_app

    key, ballots, signing = (base64.b64encode(os.urandom(32)).decode() for _ in range(3))
    settings = config.load({
        "PRIVACY_KEYS": f"1:{key}", "BALLOT_KEY": ballots, "BALLOT_SIGNING_KEY": signing,
        "DATABASE_URL": "postgresql://127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0", "WECHAT_API_BASE": "https://api.weixin.qq.com",
        "SMS_API_URL": "https://sms.example.cn",
    })  # fmt: skip
    app = create_app(settings)
    assert not [rule.rule for rule in app.url_map.iter_rules() if "demo" in rule.rule]


def test_the_openapi_file_is_current(house_app) -> None:
    from backend.http.openapi import written

    path = ROOT / "docs" / "openapi.json"
    assert path.is_file(), "run make openapi"
    assert path.read_text(encoding="utf-8") == written(house_app), "run make openapi"
