"""Which events a member of staff may see, as a condition of queries, and counts kept briefly."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, true, union_all
from sqlalchemy.orm import aliased

from backend.domains.dispatch import access, audience, rules
from backend.domains.dispatch.audience import Scope
from backend.domains.dispatch.model import Event, EventAttempt, Subtask, Whistle
from backend.domains.dispatch.work_model import OPEN_ATTEMPTS
from backend.kernel.access import Principal
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

FRESH_SECONDS = 5.0
_STALE_SECONDS = 30.0
_MOST_KEPT = 500


def within(uow: UnitOfWork, by: Principal, *, open_: bool = False) -> Any:
    """The condition on events that `access.Viewer.reaches` stands for, in one query's words.

    `open_` promises that only open events are read, and all of them: then who sees no whole
    street has theirs found one by one instead of among all. What only waits to be verified by
    somebody of the same street is in `worker_desk`.
    """
    scope = audience.scope_of(uow, by)
    if scope.streets is None:
        return true()
    if open_ and _narrow(scope):
        return Event.id.in_(_open_ids(by, scope))
    own = [Event.lead_id == scope.staff_id, Event.id.in_(_tasks(scope))]
    if scope.streets:
        own.append(Event.street_id.in_(scope.streets))
    if scope.departments:
        own.append(Event.id.in_(_whistled(scope)))
    if by.may("events.handle"):
        own.append(and_(Event.is_open, Event.lead_id.is_(None), Event.id.in_(_told(scope))))
    if scope.cells:
        own.append(and_(Event.cell_id.in_(scope.cells), Event.street_id.in_(_handled(by))))
    return or_(*own)


def narrow(uow: UnitOfWork, by: Principal) -> bool:
    """Whether somebody sees no whole street, only the events they have to do with."""
    return _narrow(audience.scope_of(uow, by))


def _narrow(scope: Scope) -> bool:
    return scope.streets is not None and not scope.streets


def _open_ids(by: Principal, scope: Scope) -> Any:
    """The same as a list of ids, each part along its own index."""
    other = aliased(Event)
    some = select(other.id).where(other.is_open)
    parts = [some.where(other.lead_id == scope.staff_id), _tasks(scope)]
    if scope.departments:
        parts.append(_whistled(scope))
    if by.may("events.handle"):
        parts.append(some.where(other.lead_id.is_(None), other.id.in_(_told(scope))))
    if scope.cells:
        handled = other.street_id.in_(_handled(by))
        parts.append(some.where(other.cell_id.in_(scope.cells), handled))
    return union_all(*parts)


def _whistled(scope: Scope) -> Any:
    return select(Whistle.event_id).where(
        Whistle.department_id.in_(scope.departments), Whistle.state != rules.WITHDRAWN
    )


def _told(scope: Scope) -> Any:
    return select(EventAttempt.event_id).where(
        EventAttempt.outcome.in_(OPEN_ATTEMPTS),
        EventAttempt.staff_ids.contains([scope.staff_id]),
    )


def _handled(by: Principal) -> set[UUID]:
    return by.scope_ids("events.handle", "street") or set()


def _tasks(scope: Scope) -> Any:
    mine = [Subtask.staff_id == scope.staff_id, Subtask.taken_by == scope.staff_id]
    if scope.departments:
        mine.append(Subtask.department_id.in_(scope.departments))
    states = (*rules.SUBTASK_OPEN, rules.DONE)
    return select(Subtask.event_id).where(or_(*mine), Subtask.state.in_(states))


def scope_key(by: Principal) -> str:
    """Names what a viewer sees, so that those who see the same share counts."""
    wide: set[UUID] = set()
    for permission in access.SEEING:
        found = by.scope_ids(permission, "street")
        if found is None:
            return "all"
        wide |= found
    narrow = by.may("events.handle") or access.departments(by) or not wide
    return f"{sorted(wide)} {by.actor.id if narrow else ''}"


@dataclass(slots=True)
class _Kept:
    value: Any = None
    at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


class Kept:
    """Values computed at most every five seconds, each by one thread at a time.

    While one computes, the others get what there is, for half a minute at most.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, _Kept] = {}

    def get(
        self, name: str, compute: Callable[[], Any], fresh: float = FRESH_SECONDS
    ) -> tuple[Any, float]:
        """The value and its age in seconds; it is good for `fresh` seconds."""
        with self._lock:
            if len(self._values) > _MOST_KEPT:
                self._values.clear()
            kept = self._values.setdefault(name, _Kept())
        age = time.monotonic() - kept.at
        if age < fresh:
            return kept.value, age
        if not kept.lock.acquire(blocking=age > fresh + _STALE_SECONDS):
            return kept.value, age
        try:
            if time.monotonic() - kept.at >= fresh:
                kept.value, kept.at = compute(), time.monotonic()
            return kept.value, time.monotonic() - kept.at
        finally:
            kept.lock.release()


def kept(services: Services) -> Kept:
    """This process's counts."""
    found: Kept = services.extensions.setdefault("event_counts", Kept())
    return found
