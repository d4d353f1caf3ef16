"""Who may change where places come from; columns as in `access_table`."""

from typing import Any

POLICIES = """
workdays_see      401 401 401 401 403 403  ok 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
workdays_edit     401 401 401 401 403 403 403 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
"""
_WORKDAYS = "/api/v1/staff/workdays"
_WORKDAY = f"{_WORKDAYS}/<string(maxlength=10):day>"
_RELEASE = "/api/v1/staff/halls/<uuid:hall_id>/release"
_EXTRA = "/api/v1/staff/slots/<uuid:slot_id>/extra"
ROWS = {
    f"GET {_RELEASE}": "hall_view",
    f"PUT {_RELEASE}": "schedule",
    f"POST {_RELEASE}/preview": "schedule",
    f"POST {_EXTRA}": "schedule",
    f"GET {_WORKDAYS}": "workdays_see",
    f"PUT {_WORKDAY}": "workdays_edit",
    f"DELETE {_WORKDAY}": "workdays_edit",
}
_RULE = {
    "release_days": 3, "release_time": "09:00", "first_percent": 50, "rest_days": 1,
    "rest_time": "18:00", "offer_minutes": 30,
}  # fmt: skip
BODIES: dict[str, Any] = {
    f"PUT {_RELEASE}": _RULE,
    f"POST {_RELEASE}/preview": _RULE,
    f"PUT {_WORKDAY}": {"working": True, "note": "本区另行安排"},
    f"POST {_EXTRA}": {"places": 2, "reason": "临时加一个窗口"},
}
QUERIES = {f"GET {_WORKDAYS}": lambda world: {"from": "2026-11-23", "to": "2026-12-06"}}
