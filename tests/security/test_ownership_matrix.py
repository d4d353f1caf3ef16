"""Route by role by ownership: every cell of `access_table` is tried on the seeded district."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.routing import Rule

from backend.domains.identity.staff_rules import ROLES as ROLES_OF_STAFF
from backend.http.guards import GUARDED
from tests.catalog_samples import sample
from tests.people import PASSWORD
from tests.security import (
    access_campaigns,
    access_demand,
    access_hall,
    access_messages,
    access_supply,
    access_votes,
    community_cast,
    deliberation_cast,
    dispatch_cast,
    hotline_cast,
    knowledge_cast,
    neighbourhood_cast,
)
from tests.security.access_table import ANY, POLICIES, ROLES, ROWS
from tests.security.columns import CENTRE
from tests.security.demo_world import DemoWorld
from tests.security.dispatch_cast import Form, etag
from tests.security.judge import faults

NEW_PASSWORD = "quite another long password"
# Columns of staff at the console by their role, where the two are not called the same.
ROLE_OF = {
    "clerk_elsewhere": "clerk", "manager": "hall_manager", "editor": "item_editor",
    "editor_elsewhere": "item_editor", "department_head_elsewhere": "department_head",
}  # fmt: skip
# These must not see that the owner's appointment exists at all.
OUTSIDERS = (
    "anonymous", "unverified", "stranger", "clerk_elsewhere", "editor", "editor_elsewhere",
    "grid_worker", "grid_worker_elsewhere", "department_handler", *CENTRE, "department_head",
    "department_head_elsewhere",
)  # fmt: skip


def _routes(world: DemoWorld) -> dict[str, tuple[Rule, str]]:
    return {
        f"{method} {rule.rule}": (rule, method)
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_a_row_and_every_row_a_route(world: DemoWorld) -> None:
    assert set(_routes(world)) == set(ROWS)
    assert {POLICIES[name].keys() == set(ROLES) for name in set(ROWS.values()) - set(ANY)} == {True}


def test_every_policy_is_used() -> None:
    assert set(POLICIES) <= set(ROWS.values())


def test_who_lacks_the_permission_a_route_asks_for_is_told_so(world: DemoWorld) -> None:
    """Every cell of the table held against the grants themselves, for whoever is at a console."""
    wrong, judged = [], 0
    for name, (rule, _) in _routes(world).items():
        guard = getattr(world.app.view_functions[rule.endpoint], GUARDED, "")
        permission = guard.removeprefix("staff:")
        if not guard.startswith("staff:") or permission == "self" or ROWS[name] in ANY:
            continue
        for column in ROLES:
            role = ROLES_OF_STAFF.get(ROLE_OF.get(column, column))
            if role is None or column.startswith("grid_worker"):
                continue
            judged += 1
            cell = POLICIES[ROWS[name]][column]
            if permission not in role.permissions and cell != "403":
                wrong.append(f"{name}: {column} has no {permission}, the table says {cell}")
    assert judged > 1000
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_its_column_says(world: DemoWorld, role: str) -> None:
    wrong = []
    for name, (rule, method) in sorted(_routes(world).items()):
        with world.undone():
            answer = _ask(world, role, name, rule, method)
        wanted = ROWS[name]
        text = answer.get_data().decode(errors="replace")
        right = _as_wanted(answer.status_code, wanted, role)
        if not right:
            wrong.append(f"{name}: {answer.status_code} {_code(text)}, wanted {wanted}")
        if wanted not in ANY:
            wrong += [f"{name}: {fault}" for fault in faults(answer)]
        # Who may reveal a ticket's caller is told the number, with a reason that is kept.
        told = name == "POST /api/v1/matter-lookups" or (
            name.endswith("/staff/tickets/<uuid:ticket_id>/reveals") and answer.status_code < 300
        )
        if role in OUTSIDERS and not told:
            asked = answer.request.path
            shown = text.replace(asked, "")
            wrong += [f"{name} shows {mark}" for mark in _secrets(world) if mark in shown]
    assert not wrong, "\n".join(wrong)


def _as_wanted(status: int, policy: str, role: str) -> bool:
    if policy in ANY:
        return status in ANY[policy]
    cell = POLICIES[policy][role]
    return status < 300 or status == 409 if cell == "ok" else status == int(cell)


def _code(text: str) -> str:
    try:
        return str(json.loads(text).get("code"))
    except ValueError:
        return ""


def _secrets(world: DemoWorld) -> list[str]:
    names = ("appointment_id", "receipt_number", "message_id")
    return [str(world.ids[name]) for name in names] + ["13800007001"]


def _ask(world: DemoWorld, role: str, name: str, rule: Rule, method: str) -> Any:
    path = rule.rule
    for argument in rule.arguments:
        start = path.rindex("<", 0, path.index(f"{argument}>"))
        end = path.index(">", start) + 1
        path = path[:start] + str(world.ids.get(argument, "x")) + path[end:]
    headers = dict(world.people.get(role, {}))
    if name in BEFORE:
        headers |= BEFORE[name](world)
    given = BODIES.get(name)
    body = given(world) if callable(given) else given
    if isinstance(body, Form):
        return world.client.open(
            path, method=method, headers=headers, data=dict(body),
            content_type="multipart/form-data",
        )  # fmt: skip
    if body is None and method not in ("GET", "DELETE"):
        return world.client.open(path, method=method, headers=headers)
    query = QUERIES.get(name)
    return world.client.open(
        path, method=method, headers=headers, json=body,
        query_string=query(world) if query else None,
    )  # fmt: skip


def _demo_staff_sign_in(world: DemoWorld) -> dict[str, str]:
    member = world.client.get("/api/v1/demo/staff").get_json()["items"][0]
    return {name: member[name] for name in ("username", "password", "totp")}


def _if_match(world: DemoWorld) -> dict[str, str]:
    path = f"/api/v1/staff/items/{world.ids['item_id']}"
    return {"If-Match": world.client.get(path, headers=world.people["editor"]).headers["ETag"]}


def _ids(*names: str, **more: Any) -> Callable[[DemoWorld], dict[str, Any]]:
    return lambda world: {name: str(world.ids[name]) for name in names} | more


_ME = "POST /api/v1/me"
_HALL = "/api/v1/halls/<uuid:hall_id>"
_DESK = "/api/v1/staff/appointments/<uuid:appointment_id>"
_PLAN = "/api/v1/staff/halls/<uuid:hall_id>"
_ITEM = "/api/v1/staff/items"
_ACCOUNT = "/api/v1/staff/accounts"

BEFORE = {
    **access_campaigns.BEFORE,
    f"PUT {_ITEM}/<uuid:item_id>/draft": _if_match,
    **{
        f"PUT {_PLAN}/{name}": etag(f"/staff/halls/{{hall_id}}/{name}", "manager")
        for name in ("schedules", "paces", "release", "queue-rules")
    },
    **dispatch_cast.BEFORE,
    **hotline_cast.BEFORE,
    **knowledge_cast.BEFORE,
    **access_messages.BEFORE,
    **neighbourhood_cast.BEFORE,
    **deliberation_cast.BEFORE,
}
QUERIES = {
    **access_demand.QUERIES,
    **access_supply.QUERIES,
    f"GET {_HALL}/days": _ids("item_id"),
    f"GET {_HALL}/slots": _ids("item_id", "date"),
    f"GET {_HALL}/suggestions": _ids("item_id", "date"),
    f"GET {_PLAN}/slots": _ids("date"),
    "GET /api/v1/demo/sms": lambda world: {"phone": "13800007001"},
    **dispatch_cast.QUERIES,
    **hotline_cast.QUERIES,
    **knowledge_cast.QUERIES,
    **neighbourhood_cast.QUERIES,
    **community_cast.QUERIES,
}
BODIES: dict[str, Any] = {
    **access_demand.BODIES,
    **access_campaigns.BODIES,
    **access_messages.BODIES,
    **access_hall.BODIES,
    **access_supply.BODIES,
    **dispatch_cast.BODIES,
    **hotline_cast.BODIES,
    **knowledge_cast.BODIES,
    **neighbourhood_cast.BODIES,
    **deliberation_cast.BODIES,
    **access_votes.BODIES,
    **community_cast.BODIES,
    "POST /api/v1/demo/topics/<uuid:topic_id>/short-votes": {"seconds": 60},
    "POST /api/v1/sessions/demo": {"person_key": "visitor", "channel": "weixin"},
    "POST /api/v1/sessions/sms": {"phone": "13800007099", "code": "000000", "channel": "h5"},
    "POST /api/v1/sessions/wechat": {"code": "made up", "channel": "weixin"},
    "POST /api/v1/sms-codes": {"phone": "13800007099", "purpose": "sign_in"},
    "PATCH /api/v1/me": {"elder_mode": True},
    f"{_ME}/close": {"confirm": "注销账号"},
    f"{_ME}/consents": {"document": "privacy", "version": "1", "agreed": True},
    f"{_ME}/notification-grants": {"results": {"demo-template-booked": "accept"}},
    f"{_ME}/notification-withdrawals": {"template_ids": ["demo-template-booked"]},
    "PATCH /api/v1/me/message-settings": {"topic": "appointments", "way": "sms", "on": False},
    f"{_ME}/phone": {"phone": "13800007099", "sms_code": "000000"},
    f"{_ME}/real-name": {"name": "测试甲", "id_number": "1"},
    "POST /api/v1/appointments": _ids("slot_id", "item_id"),
    "POST /api/v1/appointments/<uuid:appointment_id>/cancel": {"reason": "有事"},
    "POST /api/v1/appointments/<uuid:appointment_id>/rating": {"score": 5},
    "POST /api/v1/appointments/<uuid:appointment_id>/reschedule": _ids("slot_id"),
    "POST /api/v1/missed-appointments/<uuid:appointment_id>/appeal": {"words": "那天住院了"},
    "POST /api/v1/staff/missed-appointments/<uuid:appointment_id>/decision": {
        "forgive": True, "words": "情况属实", "version": 1,
    },
    "POST /api/v1/staff/halls/<uuid:hall_id>/forgiveness": {
        "date": "2026-11-24", "from": "09:00", "to": "12:00", "reason": "系统停了",
    },
    "POST /api/v1/waitlist": _ids("hall_id", "item_id", "date"),
    "POST /api/v1/matter-lookups": _ids("receipt_number", "query_code"),
    "POST /api/v1/staff/sessions": _demo_staff_sign_in,
    "POST /api/v1/staff/sessions/demo": {"username": "zhoumin"},
    "POST /api/v1/staff/session/password": {"old": PASSWORD, "new": NEW_PASSWORD},
    "POST /api/v1/staff/session/totp/confirmation": {"totp": "000000"},
    **{f"POST {_DESK}/{step}": {} for step in ("finish", "no-show", "recall", "requeue")},
    **{f"POST {_DESK}/{step}": {} for step in ("skip", "start")},
    f"POST {_DESK}/reveals": {"field": "phone", "purpose": "核对联系电话"},
    f"POST {_PLAN}/check-ins": lambda world: {"code": world.ids["check_in_code"]},
    "PATCH /api/v1/staff/windows/<uuid:window_id>": {"status": "paused"},
    "POST /api/v1/staff/windows/<uuid:window_id>/calls": {},
    f"PUT {_PLAN}/schedules": {"items": []},
    "PATCH /api/v1/staff/slots/<uuid:slot_id>": {"capacity": 9},
    f"PUT {_PLAN}/day-overrides/<string(maxlength=10):day>": {"open": False, "note": "台风"},
    f"POST {_ITEM}": {
        "implementation_code": "TEST-9001", "department": "rsj", "content": sample(),
    },
    f"PUT {_ITEM}/<uuid:item_id>/draft": {"content": sample()},
    f"POST {_ACCOUNT}": {"username": "newcomer", "name": "新来的", "roles": []},
    f"PATCH {_ACCOUNT}/<uuid:account_id>": {"name": "改名了"},
}  # fmt: skip


@pytest.mark.parametrize("role", ["clerk", "manager", "editor", "administrator"])
def test_a_cookie_alone_changes_nothing(world: DemoWorld, role: str) -> None:
    """Another site can make the browser send the cookie, but not the CSRF token."""
    wrong = []
    for name, (rule, method) in sorted(_routes(world).items()):
        if method == "GET" or not rule.rule.startswith("/api/v1/staff/"):
            continue
        kept = world.people[role]
        world.people[role] = type(kept)({"Cookie": kept["Cookie"]})
        with world.undone():
            answer = _ask(world, role, name, rule, method)
        world.people[role] = kept
        if (answer.status_code, _code(answer.get_data(as_text=True))) != (403, "csrf"):
            wrong.append(f"{name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_a_session_of_one_kind_opens_no_door_of_the_other(world: DemoWorld) -> None:
    """A resident's token as the staff cookie, and a staff token as a bearer."""
    token = world.people["owner"]["Authorization"].removeprefix("Bearer ")
    as_staff = {"Cookie": f"hy_staff={token}"}
    assert world.client.get("/api/v1/staff/items", headers=as_staff).status_code == 401
    token = world.people["administrator"]["Cookie"].removeprefix("hy_staff=")
    for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"hy_resident={token}"}):
        assert world.client.get("/api/v1/me", headers=headers).status_code == 401
