"""A hall's queue rules (排队规则): who comes late, who missed her call, whose turn it is."""

from typing import Any
from uuid import UUID

from appointments.model import Hall
from backend.domains.appointments import planning, staff, wording
from backend.kernel import limit_lists, trace
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork

RULES = (
    "grace_minutes",
    "late_minutes",
    "return_behind",
    "most_skips",
    "priority_run",
    "hall_late_minutes",
)


def show(uow: UnitOfWork, who: Principal, hall_id: UUID) -> dict[str, Any]:
    """The rules as they stand."""
    return _shown(staff.enter_hall(uow, who, "appointments.view", hall_id))


def _shown(hall: Hall) -> dict[str, Any]:
    found = {name: getattr(hall, name) for name in RULES}
    return {**found, "etag": limit_lists.etag(found)}


def replace(
    uow: UnitOfWork, who: Principal, hall_id: UUID, values: dict[str, Any], if_match: str | None
) -> dict[str, Any]:
    """Put new rules in place; they hold from the next check-in, call and return on.

    `Stale` when somebody has changed them since they were read.
    """
    hall = staff.edit_hall(uow, who, hall_id, if_match, shown=_shown, what="排队规则")
    for name in RULES:
        setattr(hall, name, values[name])
    uow.session.flush()
    trace.record(
        uow,
        subject=planning.hall_subject(hall_id),
        action="set_queue_rules",
        public_text="调整了排队规则",
        internal_text=wording.queue_rules_text(values),
    )
    return _shown(hall)
