"""Who may change where places come from; columns as in `access_table`."""

from typing import Any

_RELEASE = "/api/v1/staff/halls/<uuid:hall_id>/release"
_EXTRA = "/api/v1/staff/slots/<uuid:slot_id>/extra"
ROWS = {
    f"GET {_RELEASE}": "hall_view",
    f"PUT {_RELEASE}": "schedule",
    f"POST {_RELEASE}/preview": "schedule",
    f"POST {_EXTRA}": "schedule",
}
_RULE = {
    "release_days": 3, "release_time": "09:00", "first_percent": 50, "rest_days": 1,
    "rest_time": "18:00", "offer_minutes": 30,
}  # fmt: skip
BODIES: dict[str, Any] = {
    f"PUT {_RELEASE}": _RULE,
    f"POST {_RELEASE}/preview": _RULE,
    f"POST {_EXTRA}": {"places": 2, "reason": "临时加一个窗口"},
}
