"""Who may do what in a hall besides its bookings; columns as in `access_table`."""

from typing import Any
from uuid import uuid4

from appointments import kiosks
from backend.domains.appointments.kiosks import PURPOSE
from tests.people import Headers

_HALL = "/api/v1/staff/halls/<uuid:hall_id>"
_KIOSKS = f"{_HALL}/kiosks"
_DESK = "/api/v1/staff/appointments/<uuid:appointment_id>"
POLICIES = """
no_room           404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
kiosk             401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401
"""
ROWS = {
    f"GET {_HALL}/paper": "hall_view",
    f"POST {_HALL}/paper-entries": "queue",
    f"GET {_KIOSKS}": "hall_view",
    f"POST {_KIOSKS}": "schedule",
    f"DELETE {_KIOSKS}/<uuid:kiosk_id>": "schedule",
    "GET /api/v1/kiosk/hall": "kiosk",
    "POST /api/v1/kiosk/check-ins": "kiosk",
    "POST /api/v1/kiosk/walk-ins": "kiosk",
    f"GET {_HALL}/walk-in-choices": "hall_view",
    f"GET {_HALL}/figures": "hall_view",
    f"GET {_HALL}/queue-rules": "hall_view",
    f"PUT {_HALL}/queue-rules": "schedule",
    f"POST {_HALL}/walk-ins": "queue",
    "POST /api/v1/appointments/<uuid:appointment_id>/video-check-in": "own",
    f"POST {_DESK}/video-room": "queue",
    # Whoever has the word of a link; without a room there is nothing to find.
    "POST /api/v1/video-rooms/<uuid:room_id>/entries": "no_room",
    f"POST {_DESK}/park": "queue",
    f"POST {_DESK}/transfer": "queue",
    f"PUT {_DESK}/precedence": "queue",
    f"DELETE {_DESK}/precedence": "queue",
}


def furnish(world: Any) -> None:
    """A machine of the hall, and the key it sends."""
    privacy = world.services.privacy
    with world.services.unit() as uow:
        made = kiosks.make(
            uow.session, kiosk_id=uuid4(), hall_id=world.ids["hall_id"], name="一楼大门",
            key_hash=privacy.fingerprint("the key of a test", PURPOSE), by=uuid4(), now=uow.now,
        )  # fmt: skip
        world.ids["kiosk_id"] = made.id
    world.ids["room_id"] = uuid4()
    world.people["kiosk"] = Headers({"X-Kiosk-Key": "the key of a test"})


def _a_group(world: Any) -> dict[str, str]:
    """A kind of business the hall does."""
    path = f"/api/v1/staff/halls/{world.ids['hall_id']}/walk-in-choices"
    found = world.client.get(path, headers=world.people["clerk"]).get_json()
    return {"group": found["items"][0]["code"]}


BODIES: dict[str, Any] = {
    f"POST {_HALL}/paper-entries": {
        "date": "2026-11-23", "entries": [{"group": "shebao", "outcome": "left"}],
    },
    f"POST {_KIOSKS}": {"name": "一楼大门"},
    "POST /api/v1/kiosk/check-ins": {"code": "000000"},
    "POST /api/v1/kiosk/walk-ins": {"group": "shebao"},
    f"PUT {_HALL}/queue-rules": {
        "grace_minutes": 10, "late_minutes": 30, "return_behind": 3, "most_skips": 3,
        "priority_run": 2, "hall_late_minutes": 60,
    },
    f"POST {_HALL}/walk-ins": _a_group,
    "POST /api/v1/video-rooms/<uuid:room_id>/entries": {"word": "no word"},
    f"POST {_DESK}/park": {},
    f"POST {_DESK}/transfer": _a_group,
    f"PUT {_DESK}/precedence": {"until": None},
}  # fmt: skip
