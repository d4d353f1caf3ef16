"""Whom somebody at work on an event can ask for help."""

from typing import Any
from uuid import UUID

from backend.domains.dispatch import access, desk, ports
from backend.domains.organisation import service as organisation
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork


def of_event(uow: UnitOfWork, by: Principal, event_id: UUID) -> dict[str, Any]:
    """Colleagues of the event's street but oneself, and all departments with who is on duty."""
    people = desk.candidates(uow, by, event_id)
    return {
        "colleagues": [
            {
                "id": row["staff_id"],
                "name": row["name"],
                "note": f"{row['role_text']}，手上{row['open_count']}件"
                + ("，在岗" if row["on_duty"] else ""),
            }
            for row in people
            if row["staff_id"] != access.by_id(by)
        ],
        "departments": [
            {
                "id": place.id,
                "name": place.name,
                "note": ports.names(ports.department_on_duty(uow, place.id)),
            }
            for place in organisation.departments(uow.session)
        ],
    }
