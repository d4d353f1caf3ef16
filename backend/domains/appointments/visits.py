"""Several appointments made as one (一次办, 多人同行): all of them or none."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from appointments import booking, visits
from appointments.demand_model import Visit
from appointments.limits import lock_people
from appointments.model import Appointment
from appointments.rules import State
from appointments.visits_rules import MOST_ITEMS, Place, check_together
from backend.domains.appointments import desk, halls, moving, ports, service, view
from backend.domains.appointments.refusals import in_words
from backend.domains.appointments.service import Wanted
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

TRIES = 2


def times(uow: UnitOfWork, hall_id: UUID, day: date, item_ids: Sequence[UUID]) -> dict[str, Any]:
    """The times of a day that fit all these items one after the other."""
    if not 2 <= len(set(item_ids)) == len(item_ids) <= MOST_ITEMS:
        text = f"请选2到{MOST_ITEMS}件不同的事"
        raise Invalid("visit_items", title=text, fields={"item_ids": [text]})
    names, groups = {}, {}
    for item_id in item_ids:
        hall, group = halls.for_item(uow, hall_id, item_id)
        names[item_id], groups[item_id] = ports.item_of(uow, item_id).name, group
    found = visits.times(
        uow.session, hall, day, groups, channels=ports.channels_of(uow), now=uow.now
    )
    return {
        "items": [
            {
                "start": chain[0].start,
                "end": chain[-1].end,
                "parts": [
                    {
                        "item_id": part.item,
                        "item_name": names[part.item],
                        "slot_id": part.slot,
                        "start": part.start,
                        "end": part.end,
                    }
                    for part in chain
                ],
            }
            for chain in found
        ]
    }


def book(uow: UnitOfWork, person_id: UUID, kind: str, parts: Sequence[Wanted]) -> dict[str, Any]:
    """Book all parts or none; whoever loses a race for one place is tried once more.

    Everybody concerned is locked first and the places are taken in the order of their ids, so two
    visits never wait for each other in a ring.
    """
    wanted = list(parts)
    people = [service.for_whom(uow, person_id, part.consent_id)[0] for part in wanted]
    with in_words():
        slots = visits.slots_of(uow.session, (part.slot_id for part in wanted))
        at = [slots[part.slot_id] for part in wanted]
        check_together(
            kind,
            [
                Place(slot.hall_id, person, slot.start_at, slot.end_at)
                for slot, person in zip(at, people, strict=True)
            ],
        )
    visit_id = new_id()
    hall_id = at[0].hall_id
    halls.find(uow, hall_id)
    lock_people(uow.session, [person_id, *people])
    for attempt in range(TRIES):
        try:
            with uow.session.begin_nested():
                made = Visit(
                    id=visit_id, kind=kind, hall_id=hall_id, made_by=person_id, made_at=uow.now
                )
                visits.begin(uow.session, made)
                for part in sorted(wanted, key=lambda one: one.slot_id):
                    service.take(uow, part, person_id, visit_id=visit_id)
            break
        except Conflict as conflict:
            again = None
            if conflict.code == "slot_full" and attempt + 1 < TRIES:
                again = _again(uow, wanted, people)
            if again is None:
                raise
            wanted = again
    return show(uow, person_id, visit_id)


def _again(
    uow: UnitOfWork, wanted: Sequence[Wanted], people: Sequence[UUID]
) -> list[Wanted] | None:
    """The same times, in whatever quota still has places; None when there is none."""
    slots = visits.slots_of(uow.session, (part.slot_id for part in wanted))
    found = []
    for part, person in zip(wanted, people, strict=True):
        needed = sum(1 for one in wanted if one.slot_id == part.slot_id)
        channels = ports.channels_of_person(uow, person)
        slot = visits.elsewhere(uow.session, slots[part.slot_id], channels, needed, uow.now)
        if slot is None:
            return None
        found.append(Wanted(slot, part.item_id, part.consent_id))
    return found


def show(uow: UnitOfWork, person_id: UUID, visit_id: UUID) -> dict[str, Any]:
    """A visit with the appointments in it that are the person's, or that she made for others."""
    visit, rows = _mine(uow, person_id, visit_id)
    return {"id": visit.id, "kind": visit.kind, "appointments": view.many(uow, rows)}


def cancel(uow: UnitOfWork, person_id: UUID, visit_id: UUID, reason: str) -> dict[str, Any]:
    """Give back every place of the visit that is still booked: all of them or none."""
    _, rows = _mine(uow, person_id, visit_id)
    live = _booked(rows)
    visits.lock(uow.session, [row.id for row in live])
    details = {"cancel_reason": reason} if reason else None
    for row in sorted(_fresh(uow.session, live), key=lambda one: str(one.slot_id)):
        service.acting_on(uow, person_id, row.id)
        with in_words():
            change = booking.cancel(uow.session, row, uow.now, details)
        desk.changed(uow, change)
    return show(uow, person_id, visit_id)


def reschedule(
    uow: UnitOfWork, person_id: UUID, visit_id: UUID, moves: dict[UUID, UUID]
) -> dict[str, Any]:
    """Move appointments of the visit to other slots (by appointment), all of them or none."""
    visit, rows = _mine(uow, person_id, visit_id)
    known = {row.id: row for row in rows}
    if moves.keys() - known.keys():
        raise NotFound(
            "appointment_unknown", title="没有找到这个预约", action="请到「我的预约」查看"
        )
    lock_people(uow.session, [row.person_key for row in rows])
    visits.lock(uow.session, moves)
    # Only now is it sure which slots they have: a slot met later would be locked out of order.
    moved = _fresh(uow.session, [known[id_] for id_ in sorted(moves)])
    old = {row.slot_id for row in moved if row.slot_id is not None}
    visits.lock(uow.session, (), {*old, *moves.values()})
    for row in moved:
        service.acting_on(uow, person_id, row.id)
        if row.slot_id != moves[row.id]:
            moving.move(uow, row, moves[row.id])
    left = _booked(visits.members(uow.session, visit_id))
    with in_words():
        if left:
            spots = [Place(row.hall_id, row.person_key, row.start_at, row.end_at) for row in left]
            people = {row.person_key for row in left}
            check_together("items" if len(people) == 1 else "group", spots)
    visit.hall_id = left[0].hall_id if left else visit.hall_id
    return show(uow, person_id, visit_id)


def _mine(uow: UnitOfWork, person_id: UUID, visit_id: UUID) -> tuple[Visit, list[Appointment]]:
    visit = uow.session.get(Visit, visit_id)
    rows = [
        row
        for row in (visits.members(uow.session, visit_id) if visit else [])
        if person_id in (row.person_key, row.agent_key)
    ]
    if visit is None or not rows:
        raise NotFound("visit_unknown", title="没有找到这次预约", action="请到「我的预约」查看")
    return visit, rows


def _booked(rows: Sequence[Appointment]) -> list[Appointment]:
    return [row for row in rows if row.state == State.BOOKED.value]


def _fresh(session: Session, rows: Sequence[Appointment]) -> list[Appointment]:
    for row in rows:
        session.refresh(row)
    return list(rows)
