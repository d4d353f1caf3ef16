"""What the domain events carry: the matter in short, who called, who holds a clock."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from backend.domains.dispatch import clock_rules, ports, rules
from backend.domains.dispatch.events import CallerRef
from backend.domains.dispatch.model import (
    Event,
    EventAttempt,
    EventCaller,
    EventClock,
    EventRelease,
    Subtask,
    SupervisionOrder,
    Whistle,
)
from backend.domains.dispatch.work_model import OPEN_ATTEMPTS
from backend.kernel.receipts import ReceiptRow
from backend.kernel.uow import UnitOfWork


def facts(uow: UnitOfWork, event: Event) -> dict[str, Any]:
    """The fields that every domain event has; no query."""
    return {
        "event_id": event.id,
        "number": event.number,
        "title": event.title,
        "place": event.address,
        "urgency": event.urgency,
        "category_code": event.category_code,
        "source": event.source,
        "state": event.state,
        "street_id": event.street_id,
        "at": uow.now,
    }


def callers(uow: UnitOfWork, event_id: UUID, *, merged: bool = True) -> tuple[CallerRef, ...]:
    """Everybody who waits for the end, those of merged duplicates included, in one query."""
    whole = EventCaller.event_id == event_id
    if merged:
        children = select(Event.id).where(Event.parent_id == event_id)
        whole = or_(whole, EventCaller.event_id.in_(children))
    rows = uow.session.execute(
        select(
            EventCaller.id,
            EventCaller.event_id,
            EventCaller.person_id,
            EventCaller.staff_id,
            ReceiptRow.number,
        )
        .outerjoin(ReceiptRow, ReceiptRow.subject_id == EventCaller.id)
        .where(whole)
        .order_by(EventCaller.joined_at, EventCaller.id)
    )
    return tuple(CallerRef(*row[:4], row[4] or "") for row in rows)


def candidates(uow: UnitOfWork, event_id: UUID) -> list[UUID]:
    """Everybody who was told and may still claim, first told first."""
    rows = uow.session.scalars(
        select(EventAttempt.staff_ids)
        .where(EventAttempt.event_id == event_id, EventAttempt.outcome.in_(OPEN_ATTEMPTS))
        .order_by(EventAttempt.at, EventAttempt.id)
    )
    gone = released(uow, event_id)
    return [one for one in dict.fromkeys(id_ for ids in rows for id_ in ids) if one not in gone]


def released(uow: UnitOfWork, event_id: UUID) -> set[UUID]:
    """Who gave the event back, and cannot claim it again."""
    query = select(EventRelease.staff_id).where(EventRelease.event_id == event_id)
    return set(uow.session.scalars(query))


def hands_on(uow: UnitOfWork, event: Event) -> list[UUID]:
    """The lead and the co-handlers: whom an end concerns at work."""
    rows = uow.session.execute(
        select(Subtask.staff_id, Subtask.taken_by).where(Subtask.event_id == event.id)
    )
    found = [event.lead_id, *(one for row in rows for one in row)]
    return list(dict.fromkeys(one for one in found if one is not None))


def verifiers(uow: UnitOfWork, event: Event) -> list[UUID]:
    """Who is asked to verify: on duty in the cell and not at work on it, else those above."""
    busy = {*hands_on(uow, event), event.disposer_id}
    for level in (*ports.levels(uow, event.street_id), rules.DISPATCH):
        found = [one for one in told_at(uow, event, level) if one not in busy]
        if found:
            return found
    return []


def told_at(uow: UnitOfWork, event: Event, level: str) -> list[UUID]:
    """Who is on duty for the event at a level now."""
    if level == rules.DISPATCH:
        return [one.staff_id for one in ports.dispatchers(uow, event.street_id)]
    found = ports.on_duty(
        uow,
        level,
        cell_id=event.cell_id,
        street_id=event.street_id,
        category_code=event.category_code,
        parent_category=None,
    )
    return [one.staff_id for one in found]


def approvers(uow: UnitOfWork, event: Event, asker: UUID | None) -> list[UUID]:
    """Who can decide a request, without who asked: the street's leaders and the dispatchers."""
    people = [
        *ports.street_staff(uow, ["street_leader"], event.street_id),
        *ports.dispatchers(uow, event.street_id),
    ]
    return [one for one in dict.fromkeys(p.staff_id for p in people) if one != asker]


def holders(uow: UnitOfWork, event: Event, clock: EventClock) -> list[UUID]:
    """Whose work a clock measures."""
    if clock.kind == clock_rules.CLAIM:
        return candidates(uow, event.id)
    if clock.kind == clock_rules.VERIFY:
        return verifiers(uow, event)
    if clock.subject_kind == "subtask":
        task = uow.session.get_one(Subtask, clock.subject_id)
        return subtask_holders(uow, task)
    if clock.subject_kind == "whistle":
        whistle = uow.session.get_one(Whistle, clock.subject_id)
        if whistle.signed_by is not None:
            return [whistle.signed_by]
        return [one.staff_id for one in ports.department_on_duty(uow, whistle.department_id)]
    return [event.lead_id] if event.lead_id else told_at(uow, event, rules.DISPATCH)


def above(uow: UnitOfWork, event: Event, clock: EventClock) -> list[UUID]:
    """Who must know that a limit has passed, besides its holders."""
    found = told_at(uow, event, rules.DISPATCH)
    if clock.kind not in (clock_rules.CLAIM, clock_rules.ACCEPT):
        found = [*told_at(uow, event, rules.LEADER), *told_at(uow, event, rules.STREET), *found]
    if clock.subject_kind == "subtask" and event.lead_id:
        found = [event.lead_id, *found]
    if clock.subject_kind == "whistle":
        found = [*_blower(uow, clock.subject_id), *found]
    if clock.subject_kind == "order":
        found = [uow.session.get_one(SupervisionOrder, clock.subject_id).ordered_by, *found]
    return list(dict.fromkeys(found))


def subtask_holders(uow: UnitOfWork, task: Subtask) -> list[UUID]:
    """The co-handler, or the department's staff on duty until somebody takes it."""
    if task.staff_id or task.taken_by:
        return [one for one in (task.taken_by or task.staff_id,) if one is not None]
    assert task.department_id is not None
    return [one.staff_id for one in ports.department_on_duty(uow, task.department_id)]


def _blower(uow: UnitOfWork, whistle_id: UUID) -> list[UUID]:
    blown_by = uow.session.get_one(Whistle, whistle_id).blown_by
    return [blown_by] if blown_by else []
