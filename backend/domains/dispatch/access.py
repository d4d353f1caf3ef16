"""Who may see an event, what part they play in it, and what they may do now."""

from functools import cached_property
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from backend.domains.dispatch import actions, ports, rules
from backend.domains.dispatch.model import (
    Event,
    EventAttempt,
    EventCaller,
    EventRelease,
    Subtask,
    Whistle,
)
from backend.domains.dispatch.parts import Part
from backend.domains.dispatch.work_model import OPEN_ATTEMPTS
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.uow import UnitOfWork

SEEING = (
    "events.view", "events.dispatch", "events.approve", "events.whistle", "events.supervise",
)  # fmt: skip
WORKING = ("events.handle", "whistles.answer")
_PERMISSION = {
    rules.DISPATCHER: "events.dispatch",
    rules.WHISTLER: "events.whistle",
    rules.APPROVER: "events.approve",
    rules.SUPERVISOR: "events.supervise",
}


def held(by: Principal, permission: str, street_id: UUID | None) -> bool:
    """Whether a grant of the district, or of exactly this street, carries the permission."""
    for grant in by.grants:
        if permission in grant.permissions and (
            grant.scope_kind == "district"
            or (grant.scope_kind == "street" and grant.scope_id == street_id is not None)
        ):
            return True
    return False


def departments(by: Principal, *permissions: str) -> set[UUID]:
    """The departments whose events the viewer sees or handles, or does what is named for.

    Whoever only edits a department's service items, or answers its tickets, sees none of them.
    """
    wanted = permissions or (*WORKING, *SEEING)
    return {
        grant.scope_id
        for grant in by.grants
        if grant.scope_kind == "department"
        and grant.scope_id
        and not grant.permissions.isdisjoint(wanted)
    }


class Viewer(Part):
    """A member of staff before an event; each part is looked up when it is asked for."""

    def __init__(self, uow: UnitOfWork, by: Principal, event: Event) -> None:
        self.uow, self.by, self.event = uow, by, event

    @property
    def id(self) -> UUID | None:
        """The member of staff."""
        return self.by.actor.id

    def plays(self, part: str) -> bool:
        """Whether the viewer has this part in the event."""
        if part in _PERMISSION:
            return held(self.by, _PERMISSION[part], self.event.street_id)
        if part == rules.LEAD:
            return self.id is not None and self.event.lead_id == self.id
        if part == rules.CANDIDATE:
            return self.event.state in rules.CLAIMABLE and self.is_candidate
        looked_up = {
            rules.CO: "is_co", rules.DEPARTMENT: "is_department", rules.VERIFIER: "may_verify",
        }.get(part)  # fmt: skip
        return bool(getattr(self, looked_up)) if looked_up else part == rules.ANYONE

    @cached_property
    def is_candidate(self) -> bool:
        """Told at some step of the chain, and has not given it back."""
        told = exists().where(
            EventAttempt.event_id == self.event.id,
            EventAttempt.outcome.in_(OPEN_ATTEMPTS),
            EventAttempt.staff_ids.contains([self.id]),
        )
        gave_back = exists().where(
            EventRelease.event_id == self.event.id, EventRelease.staff_id == self.id
        )
        return bool(self.uow.session.scalar(select(and_(told, ~gave_back))))

    @cached_property
    def is_co(self) -> bool:
        """Holds, or held to the end, a subtask of the event."""
        mine = or_(
            Subtask.staff_id == self.id,
            Subtask.taken_by == self.id,
            Subtask.department_id.in_(departments(self.by)),
        )
        states = (*rules.SUBTASK_OPEN, rules.DONE)
        query = exists().where(Subtask.event_id == self.event.id, Subtask.state.in_(states), mine)
        return bool(self.uow.session.scalar(select(query)))

    @cached_property
    def is_department(self) -> bool:
        """Works for a department that was called by a whistle."""
        own = departments(self.by)
        if not own:
            return False
        query = exists().where(
            Whistle.event_id == self.event.id,
            Whistle.department_id.in_(own),
            Whistle.state != rules.WITHDRAWN,
        )
        return bool(self.uow.session.scalar(select(query)))

    @cached_property
    def may_verify(self) -> bool:
        """A grid worker of the street who had no hand in it; with no cell, also the dispatcher."""
        event = self.event
        if event.state != rules.DISPOSED or self.id in (event.lead_id, event.disposer_id):
            return False
        fitting = held(self.by, "events.handle", event.street_id) or (
            event.cell_id is None and self.plays(rules.DISPATCHER)
        )
        return fitting and not self.is_co

    @cached_property
    def reaches(self) -> bool:
        """Whether the event exists for the viewer at all; the cheap questions come first."""
        event, by = self.event, self.by
        if any(held(by, permission, event.street_id) for permission in SEEING):
            return True
        if self.id is not None and self.id == event.lead_id:
            return True
        if self.is_co or self.is_department or self.is_candidate:
            return True
        if not held(by, "events.handle", event.street_id):
            return False
        return self.may_verify or (
            event.cell_id is not None and event.cell_id in ports.duty_cells(self.uow, by_id(by))
        )


def by_id(by: Principal) -> UUID:
    """The id of the member of staff who acts."""
    assert by.actor.id is not None
    return by.actor.id


class Caller(Part):
    """A resident who called: the caller's row, and the event the call is a part of now."""

    def __init__(self, event: Event, caller: EventCaller) -> None:
        self.event, self.caller = event, caller

    def plays(self, part: str) -> bool:
        """Callers are callers."""
        return part == rules.CALLER


def unknown() -> NotFound:
    """What is out of reach looks like nothing."""
    return NotFound("event_unknown", title="没有找到这件事", action="请返回列表刷新后再看")


def reach(uow: UnitOfWork, by: Principal, event_id: UUID) -> Event:
    """The event, if the viewer may see it; `NotFound` otherwise."""
    return viewer(uow, by, event_id).event


def viewer(uow: UnitOfWork, by: Principal, event_id: UUID) -> Viewer:
    """The viewer before the event, for reading."""
    event = uow.session.get(Event, event_id)
    if event is None:
        raise unknown()
    found = Viewer(uow, by, event)
    if not found.reaches:
        raise unknown()
    return found


def enter(uow: UnitOfWork, by: Principal, event_id: UUID, version: int | None = None) -> Viewer:
    """The viewer before the event, locked for a change; `version` is the one they have seen."""
    found = Viewer(uow, by, locked(uow, event_id))
    if not found.reaches:
        raise unknown()
    expect(found.event, version)
    return found


def locked(uow: UnitOfWork, event_id: UUID) -> Event:
    """The event as it is now, held until the transaction ends."""
    event = uow.session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise unknown()
    return event


def expect(event: Event, version: int | None) -> None:
    """Raise `Conflict` when the event has changed since the version a colleague saw."""
    if version is not None and event.version != version:
        raise changed_meanwhile()


def changed_meanwhile() -> Conflict:
    """Somebody else acted first."""
    return Conflict(
        "changed_meanwhile",
        title="别人刚处理过",
        detail="这件事刚有了变化，您的操作没有生效",
        action="请刷新后再看",
    )


def enter_caller(uow: UnitOfWork, person_id: UUID, event_id: UUID, *, lock: bool = True) -> Caller:
    """A resident before the own call; through a merged call the parent is meant."""
    own = uow.session.scalar(
        select(EventCaller)
        .where(EventCaller.event_id == event_id, EventCaller.person_id == person_id)
        .limit(1)
    )
    if own is None:
        raise unknown()
    event = locked(uow, event_id) if lock else uow.session.get_one(Event, event_id)
    if event.parent_id is not None:
        parent = event.parent_id
        event = locked(uow, parent) if lock else uow.session.get_one(Event, parent)
    return Caller(event, own)


def can(uow: UnitOfWork, by: Principal, event: Event) -> list[str]:
    """Action codes the viewer may do now, in a fixed order."""
    return actions.of_viewer(uow, Viewer(uow, by, event))
