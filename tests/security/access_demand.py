"""Who may do what with visits, consents to act and limits; columns as in `access_table`."""

from datetime import date
from typing import Any
from uuid import uuid4

from appointments.demand_model import AgentConsent, BookingLimit

POLICIES = """
consent_answer    401 403  ok 404 401 401 401 401 401 401 401 404 404 401 401 401 401 401 401 401 401 401
consent_paper     401 401 401 401 422 404 422 403 403 403 403 401 401 403 403 403 403 403 403 403 403 403
limits_list       401 401 401 401 403 403  ok 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
limits_new        401 401 401 401 403 403  ok 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
limits_edit       401 401 401 401 403 403 404 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
"""
_CONSENT = "/api/v1/agent-consents"
_LIMIT = "/api/v1/staff/booking-limits"

ROWS = {
    f"GET {_CONSENT}": "resident",
    f"POST {_CONSENT}": "verified",
    f"POST {_CONSENT}/<uuid:consent_id>/answer": "consent_answer",
    f"POST {_CONSENT}/<uuid:consent_id>/withdraw": "own",
    "POST /api/v1/staff/agent-consents": "consent_paper",
    f"GET {_LIMIT}": "limits_list",
    f"POST {_LIMIT}": "limits_new",
    f"PATCH {_LIMIT}/<uuid:limit_id>": "limits_edit",
    f"DELETE {_LIMIT}/<uuid:limit_id>": "limits_edit",
}


def _limit(world: Any) -> dict[str, Any]:
    return {"hall_id": str(world.ids["hall_id"]), "per": "day", "most": 2}


def _ask(world: Any) -> dict[str, Any]:
    return {"role": "agent", "name": "测试无", "phone": "13800007098", "until": world.ids["date"]}


def _paper(world: Any) -> dict[str, Any]:
    card = {"name": "测试无", "id_number": "999901198001010000"}
    asked = {"hall_id": str(world.ids["hall_id"]), "until": world.ids["date"]}
    return {**asked, "principal": card, "agent": card}


BODIES: dict[str, Any] = {
    f"POST {_CONSENT}": _ask,
    f"POST {_CONSENT}/<uuid:consent_id>/answer": {"give": True},
    "POST /api/v1/staff/agent-consents": _paper,
    f"POST {_LIMIT}": _limit,
    f"PATCH {_LIMIT}/<uuid:limit_id>": {"most": 2},
}
QUERIES: dict[str, Any] = {}


def furnish(world: Any) -> None:
    """A consent that the resident is asked for, and a limit of the whole district."""
    with world.services.unit() as uow:
        consent = AgentConsent(
            id=uuid4(), principal_key=world.people["resident"].id, agent_key=uuid4(),
            item_key=None, state="asked", way="online", until=date(2027, 1, 31),
            asked_at=uow.now, asked_name="",
        )  # fmt: skip
        limit = BookingLimit(id=uuid4(), item_key=uuid4(), per="live", most=9)
        uow.session.add_all([consent, limit])
        world.ids |= {"consent_id": consent.id, "limit_id": limit.id}
