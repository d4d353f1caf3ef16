"""Who may do what with visits, consents to act and limits; columns as in `access_table`."""

from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from appointments.demand_model import AgentConsent, BookingLimit, Visit
from appointments.model import Appointment, Hall
from backend.domains.appointments import ports
from backend.domains.catalog.model import ItemVersion

POLICIES = """
consent_answer    401 403  ok 404 401 401 401 401 401 401 401 404 404 401 401 401 401 401 401 401 401 401
visit_new         401 403 422 422 401 401 401 401 401 401 401 422 422 401 401 401 401 401 401 401 401 401
consent_paper     401 401 401 401 422 404 422 403 403 403 403 401 401 403 403 403 403 403 403 403 403 403
limits_list       401 401 401 401 403 403  ok 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
limits_new        401 401 401 401 403 403  ok 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
limits_edit       401 401 401 401 403 403 404 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
"""
_CONSENT = "/api/v1/agent-consents"
_VISIT = "/api/v1/visits/<uuid:visit_id>"
_LIMIT = "/api/v1/staff/booking-limits"

ROWS = {
    f"GET {_CONSENT}": "resident",
    f"POST {_CONSENT}": "verified",
    f"POST {_CONSENT}/<uuid:consent_id>/answer": "consent_answer",
    f"POST {_CONSENT}/<uuid:consent_id>/withdraw": "own",
    "POST /api/v1/staff/agent-consents": "consent_paper",
    "GET /api/v1/halls/<uuid:hall_id>/visit-times": "public",
    "POST /api/v1/visits": "visit_new",
    f"GET {_VISIT}": "own",
    f"POST {_VISIT}/cancel": "own",
    f"POST {_VISIT}/reschedule": "own",
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


def _visit(world: Any) -> dict[str, Any]:
    # Twice the same slot for one person is a visit of items, not of a group.
    part = {"item_id": str(world.ids["item_id"]), "slot_id": str(world.ids["slot_id"])}
    return {"kind": "group", "parts": [part, part]}


def _moves(world: Any) -> dict[str, Any]:
    ids = {"appointment_id": str(world.ids["visit_appointment_id"])}
    return {"parts": [{**ids, "slot_id": str(world.ids["slot_id"])}]}


BODIES: dict[str, Any] = {
    "POST /api/v1/visits": _visit,
    f"POST {_VISIT}/cancel": {"reason": "有事"},
    f"POST {_VISIT}/reschedule": _moves,
    f"POST {_CONSENT}": _ask,
    f"POST {_CONSENT}/<uuid:consent_id>/answer": {"give": True},
    "POST /api/v1/staff/agent-consents": _paper,
    f"POST {_LIMIT}": _limit,
    f"PATCH {_LIMIT}/<uuid:limit_id>": {"most": 2},
}


def _times(world: Any) -> dict[str, Any]:
    ids = f"{world.ids['item_id']},{world.ids['visit_item_id']}"
    return {"date": world.ids["date"], "item_ids": ids}


QUERIES: dict[str, Any] = {"GET /api/v1/halls/<uuid:hall_id>/visit-times": _times}


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
        row = uow.session.get_one(Appointment, world.ids["appointment_id"])
        visit = Visit(
            id=uuid4(), kind="items", hall_id=row.hall_id, made_by=row.person_key, made_at=uow.now
        )
        uow.session.add(visit)
        uow.session.flush()
        row.visit_id = visit.id
        hall = uow.session.get_one(Hall, row.hall_id)
        others = select(ItemVersion.item_id).where(
            ItemVersion.bookable, ItemVersion.state == "live", ItemVersion.item_id != row.item_key,
            ItemVersion.group_code == row.group_code,
        )  # fmt: skip
        here = [
            one
            for one in uow.session.scalars(others)
            if ports.handles(ports.item_of(uow, one), hall.code)
        ]
        world.ids |= {
            "visit_id": visit.id, "visit_appointment_id": row.id,
            "visit_item_id": here[0],
        }  # fmt: skip
        world.ids |= {"consent_id": consent.id, "limit_id": limit.id}
