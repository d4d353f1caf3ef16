"""Who may do what in the console's section of messages; columns as in `access_table`.

`message_id` is a message about the owner's appointment that still waits: sending it again is
refused by its state (409), which is for those who may ask for it.
"""

from typing import Any

from backend.domains.messages.kinds import KINDS
from backend.domains.messages.template_texts import written

_LOG = "/api/v1/staff/messages"
_HOOKS = "/api/v1/staff/message-hooks"
_WORDS = "/api/v1/staff/message-templates"
_KIND = f"{_WORDS}/<string(maxlength=60):message_kind>"


def _texts() -> dict[str, Any]:
    kind = KINDS["appointment_no_show"]
    return {**written(kind), "title": "这次没有来：{事项}"}


ROWS = {
    # the log
    f"GET {_LOG}": "audit",
    f"GET {_LOG}/choices": "audit",
    f"GET {_LOG}/export": "audit",
    f"POST {_LOG}/readers": "audit",
    f"GET {_LOG}/<uuid:message_id>": "audit",
    f"POST {_LOG}/<uuid:message_id>/resends": "accounts",
    # the words
    f"GET {_WORDS}": "audit",
    f"GET {_KIND}": "audit",
    f"POST {_KIND}/previews": "audit",
    f"POST {_KIND}/drafts": "accounts",
    f"DELETE {_KIND}/drafts": "accounts",
    f"POST {_KIND}/activations": "accounts",
    f"POST {_KIND}/resets": "accounts",
    # figures
    "GET /api/v1/staff/message-health": "audit",
    "GET /api/v1/staff/message-consents": "audit",
    # limits
    "GET /api/v1/staff/message-limits": "audit",
    "PUT /api/v1/staff/message-limits": "accounts",
    # groups and systems of staff
    f"GET {_HOOKS}": "accounts",
    f"POST {_HOOKS}": "accounts",
    f"PUT {_HOOKS}/<uuid:staff_hook_id>": "accounts",
    f"POST {_HOOKS}/<uuid:staff_hook_id>/tries": "accounts",
}
_LIMITS = {
    "caps": [{"scope": "*", "per_day": 10}],
    "rates": [{"key": "sms", "per_second": 20, "burst": 40}],
}
_HOOK = {"name": "越和街工作群", "kinds": ["room_event_call"]}
BODIES: dict[str, Any] = {
    f"POST {_LOG}/readers": {"q": "13800007099", "purpose": "群众来问收到没有"},
    f"POST {_LOG}/<uuid:message_id>/resends": {"reason": "群众说没有收到"},
    f"POST {_KIND}/previews": {"texts": _texts()},
    f"POST {_KIND}/drafts": {"texts": _texts(), "note": "说得更直接"},
    f"POST {_KIND}/activations": {"version": 1},
    "PUT /api/v1/staff/message-limits": _LIMITS,
    f"POST {_HOOKS}": {
        **_HOOK, "dialect": "wecom",
        "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000",
    },
    f"PUT {_HOOKS}/<uuid:staff_hook_id>": {**_HOOK, "active": True},
}  # fmt: skip


def _hook_seen(world: Any) -> dict[str, str]:
    items = world.client.get(_HOOKS, headers=world.people["administrator"]).get_json()["items"]
    mine = str(world.ids["staff_hook_id"])
    return {"If-Match": next(f'"{one["etag"]}"' for one in items if one["id"] == mine)}


def _seen(world: Any) -> dict[str, str]:
    path = f"{_WORDS}/{world.ids['message_kind']}"
    found = world.client.get(f"/{path.lstrip('/')}", headers=world.people["administrator"])
    return {"If-Match": found.headers["ETag"]}


def _limits_seen(world: Any) -> dict[str, str]:
    path = "/api/v1/staff/message-limits"
    found = world.client.get(path, headers=world.people["administrator"])
    return {"If-Match": found.headers["ETag"]}


BEFORE: dict[str, Any] = {
    "PUT /api/v1/staff/message-limits": _limits_seen,
    f"PUT {_HOOKS}/<uuid:staff_hook_id>": _hook_seen,
    **{
    f"{method} {_KIND}/{what}": _seen
    for method, what in (
        ("POST", "drafts"), ("DELETE", "drafts"), ("POST", "activations"), ("POST", "resets"),
    )
    },
}  # fmt: skip
