"""The one door by which every request is decided, whatever was asked."""

from uuid import UUID

from backend.domains.hotline import holding, judging, requests, returning, rules
from backend.domains.hotline.model import TicketRequest
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork


def decide(
    uow: UnitOfWork,
    by: Principal,
    request_id: UUID,
    approved: bool,
    note: str = "",
    *,
    department_id: UUID | None = None,
) -> TicketRequest:
    """Yes or no by somebody else than who asked.

    A return that is approved needs `department_id`; so does an arbitration that gives it away
    (refused, it stays). An arbitration always needs its reason, everything else when refused.
    """
    row, _ = requests.enter(uow, by, request_id)
    match row.kind:
        case rules.RETURN:
            if approved:
                return returning.approve_return(uow, by, request_id, department_id, note)
            return returning.reject_return(uow, by, request_id, note)
        case rules.AGAIN:
            if approved and department_id is None:
                text = "请选改派给哪个单位"
                raise Invalid("unit_needed", detail=text, fields={"department_id": [text]})
            unit = department_id if approved else None
            return returning.arbitrate(uow, by, request_id, note, unit)
        case rules.EXTENSION:
            return holding.decide_extension(uow, by, request_id, approved, note)
        case rules.HOLD:
            return holding.decide_hold(uow, by, request_id, approved, note)
    return judging.decide_exclusion(uow, by, request_id, approved, note)
