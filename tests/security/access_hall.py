"""Who may do what in a hall besides its bookings; columns as in `access_table`."""

from typing import Any

_HALL = "/api/v1/staff/halls/<uuid:hall_id>"
_DESK = "/api/v1/staff/appointments/<uuid:appointment_id>"
ROWS = {
    f"GET {_HALL}/walk-in-choices": "hall_view",
    f"GET {_HALL}/figures": "hall_view",
    f"GET {_HALL}/queue-rules": "hall_view",
    f"PUT {_HALL}/queue-rules": "schedule",
    f"POST {_HALL}/walk-ins": "queue",
    f"POST {_DESK}/park": "queue",
    f"POST {_DESK}/transfer": "queue",
}


def _a_group(world: Any) -> dict[str, str]:
    """A kind of business the hall does."""
    path = f"/api/v1/staff/halls/{world.ids['hall_id']}/walk-in-choices"
    found = world.client.get(path, headers=world.people["clerk"]).get_json()
    return {"group": found["items"][0]["code"]}


BODIES: dict[str, Any] = {
    f"PUT {_HALL}/queue-rules": {
        "grace_minutes": 10, "late_minutes": 30, "return_behind": 3, "most_skips": 3,
        "priority_run": 2, "hall_late_minutes": 60,
    },
    f"POST {_HALL}/walk-ins": _a_group,
    f"POST {_DESK}/park": {},
    f"POST {_DESK}/transfer": _a_group,
}  # fmt: skip
