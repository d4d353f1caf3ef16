"""What a viewer may do with an event now, as action codes for buttons."""

from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch import rules
from backend.domains.dispatch.model import Event, EventRequest
from backend.domains.dispatch.parts import Part
from backend.kernel.uow import UnitOfWork

# Ways that are not buttons: the system's own, and the caller's.
_SILENT = frozenset({"answered", "close", "cancel"})
# While on hold nothing starts a new clock.
_NOT_HELD = frozenset({"start", "whistle", "dispose", "assign", "subtask", "release"})


def of_viewer(uow: UnitOfWork, part: Part) -> list[str]:
    """Action codes, in the order of the machine; those that need no state come last."""
    event = part.event
    found = [
        action
        for (state, action), way in rules.EVENT_TRANSITIONS.items()
        if state == event.state
        and action not in _SILENT
        and any(part.plays(one) for one in sorted(way.who))
    ]
    if event.state == rules.CLAIMED and part.plays(rules.LEAD):
        found.append("start")
        if event.claimed_at and rules.release_problem(event.claimed_at, uow.now):
            found.remove("release")
    found += _beside(uow, part)
    return [one for one in dict.fromkeys(found) if not (event.on_hold and one in _NOT_HELD)]


def of_caller(uow: UnitOfWork, event: Event, *, rated: bool, own_event_id: UUID) -> list[str]:
    """What a caller may do: cancel, confirm, rate, reopen, add."""
    found = []
    alone = event.callers_count <= 1 and own_event_id == event.id
    if alone and (event.state, "cancel") in rules.EVENT_TRANSITIONS:
        found.append("cancel")
    if event.state == rules.DISPOSED:
        found.append("confirm")
    if rules.rating_problem(event.state, event.closed_at, rated, uow.now) is None:
        found.append("rate")
    if event.state == rules.CLOSED and event.closed_at is not None:
        problem = rules.caller_reopen_problem(event.closed_at, event.caller_reopened, uow.now)
        if problem is None:
            found.append("reopen")
    if event.is_open:
        found.append("add")
    return found


def _beside(uow: UnitOfWork, part: Part) -> list[str]:
    event = part.event
    lead, dispatcher = part.plays(rules.LEAD), part.plays(rules.DISPATCHER)
    working = event.state in rules.AT_WORK
    found = []
    if working and (lead or part.plays(rules.CO)):
        found.append("contact")
    if working and (lead or dispatcher):
        found.append("subtask")
        if not event.on_hold:
            found.append("hold")
    if event.on_hold and (lead or part.plays(rules.APPROVER)):
        found.append("end_hold")
    cancellable = (event.state, "cancel") in rules.EVENT_TRANSITIONS
    if cancellable and (lead or dispatcher or part.plays(rules.WHISTLER)):
        found.append("request_cancel")
    if part.plays(rules.APPROVER) and _waiting(uow, event.id, part.id):
        found.append("decide")
    if event.is_open:
        found.append("note")
        if dispatcher:
            found += ["correct", "split"] if event.callers_count > 1 else ["correct"]
        if part.plays(rules.SUPERVISOR):
            found.append("supervise")
    return found


def _waiting(uow: UnitOfWork, event_id: UUID, but: UUID | None) -> bool:
    query = select(EventRequest.id).where(
        EventRequest.event_id == event_id,
        EventRequest.state == rules.PENDING,
        EventRequest.asked_by != but,
    )
    return uow.session.scalar(query.limit(1)) is not None
