"""At the door of a hall: tickets without a booking, and tickets sent on to another window."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from appointments import door, load, queue
from appointments.model import ItemGroup
from appointments.moves import Change
from appointments.rules import ELDER_AGE
from backend.domains.appointments import desk, halls, ports, staff, staff_view
from backend.domains.appointments.refusals import in_words
from backend.domains.identity.service import person_by_id_number
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.identity_number import birth_date, validate
from backend.kernel.ids import new_id
from backend.kernel.privacy import mask_name
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody at the door, as far as she says; nothing of it is kept but the masked name."""

    name: str = ""
    id_number: str = ""
    priority: bool = False


def choices(uow: UnitOfWork, hall_id: UUID) -> list[dict[str, Any]]:
    """The kinds of business done here today, with how long each of them waits."""
    groups = door.groups_served(uow.session, hall_id)
    today = local_date(uow.now)
    found = []
    for group in groups:
        now = load.loads(uow.session, [hall_id], today, group.code)[hall_id]
        found.append(
            {
                "code": group.code,
                "name": group.name,
                "waiting_count": now.waiting,
                "wait_minutes": now.wait_minutes,
            }
        )
    return found


def staff_choices(uow: UnitOfWork, who: Principal, hall_id: UUID) -> list[dict[str, Any]]:
    """As `choices`, for a clerk of this hall."""
    staff.enter_hall(uow, who, "appointments.view", hall_id)
    return choices(uow, hall_id)


def take_ticket(
    uow: UnitOfWork,
    who: Principal,
    hall_id: UUID,
    comer: Comer,
    *,
    item_id: UUID | None,
    group: str | None,
) -> dict[str, Any]:
    """A clerk gives a ticket to somebody without a booking."""
    staff.enter_hall(uow, who, "queue.operate", hall_id)
    made = walk_in(uow, hall_id, comer, item_id=item_id, group=group)
    return staff_view.one(uow, desk.walked_in(uow, made))


def walk_in(
    uow: UnitOfWork, hall_id: UUID, comer: Comer, *, item_id: UUID | None, group: str | None
) -> Change:
    """The ticket: of a known person where the number is known here, else of nobody.

    The identity number serves to find the person and her age, and is not kept.
    """
    if (item_id is None) == (group is None):
        text = "选一个事项或一类业务，选一样"
        raise Invalid("item_or_group", title=text, fields={"group": [text]})
    number = validate(comer.id_number, today=local_date(uow.now)) if comer.id_number else ""
    person_id = person_by_id_number(uow, number) if number else None
    code, item_name, item_key = _business(uow, hall_id, item_id, group)
    elder = bool(number) and ports.years(birth_date(number), local_date(uow.now)) >= ELDER_AGE
    known = person_id is not None and door.goes_first(uow.session, person_id, uow.now)
    details: dict[str, Any] = {"item_name": item_name}
    if person_id is None and comer.name:
        details["name_masked"] = mask_name(comer.name)
    with in_words():
        return door.walk_in(
            uow.session,
            appointment_id=new_id(),
            hall_id=hall_id,
            group_code=code,
            now=uow.now,
            person_key=person_id,
            item_key=item_key,
            priority=int(elder or known or comer.priority),
            details=details,
        )


def _business(
    uow: UnitOfWork, hall_id: UUID, item_id: UUID | None, group: str | None
) -> tuple[str, str, UUID | None]:
    if item_id is None:
        row = uow.session.get(ItemGroup, group)
        if row is None:
            raise NotFound("group_unknown", title="没有这类业务", action="请重新选择")
        return row.code, row.name, None
    item = ports.item_of(uow, item_id)
    hall = halls.find(uow, hall_id)
    if not item.bookable or not ports.handles(item, hall.code):
        raise Conflict(
            "not_handled_here", title="这个大厅不办这件事", action="请看办事指南里的办理地点"
        )
    return item.group_code, item.name, item.id


def transfer(
    uow: UnitOfWork,
    who: Principal,
    appointment_id: UUID,
    *,
    window_id: UUID | None,
    group: str | None,
    version: int | None,
) -> dict[str, Any]:
    """Send a ticket on, with its place in the queue kept."""
    appointment = staff.seen_of(uow, who, appointment_id, version)
    with in_words():
        change = queue.transfer(
            uow.session, appointment, uow.now, window_id=window_id, group_code=group
        )
    return staff_view.one(uow, desk.changed(uow, change))
