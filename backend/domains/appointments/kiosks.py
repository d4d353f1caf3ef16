"""Machines at the door (自助机): set up by a hall, known by a key, used without a clerk."""

import contextlib
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from appointments import boards, kiosks, load, queue, views
from appointments.model import Appointment, Hall, ItemGroup
from appointments.remote_model import Kiosk
from appointments.rules import Who
from backend.domains.appointments import checking_in, desk, door, halls, ports, staff
from backend.domains.appointments.refusals import in_words
from backend.domains.identity.service import person_cards
from backend.kernel import trace
from backend.kernel.access import Actor, Principal
from backend.kernel.errors import NotFound, Unavailable
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

PURPOSE = "kiosk-key"
#: A queue at one machine is not faster than this; who guesses codes is.
TOUCHES = "20 per minute"


def principal_of(app: Services, session: Session, key: str) -> Principal | None:
    """The machine that shows this key, for the guard."""
    found = kiosks.known(session, app.privacy.fingerprint(key, PURPOSE))
    if found is None:
        return None
    actor = Actor("kiosk", found.id, found.name, "自助机")
    return Principal(actor, channel="kiosk", extra={"hall_id": found.hall_id})


def listed(uow: UnitOfWork, who: Principal, hall_id: UUID) -> list[dict[str, Any]]:
    """The hall's machines."""
    staff.enter_hall(uow, who, "appointments.view", hall_id)
    return [_shown(row) for row in kiosks.listed(uow.session, hall_id)]


def _shown(row: Kiosk) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "made_at": row.made_at,
        "seen_at": row.seen_at,
        "ended_at": row.ended_at,
    }


def make(uow: UnitOfWork, who: Principal, hall_id: UUID, name: str) -> dict[str, Any]:
    """A new machine; its key is told once."""
    staff.enter_hall(uow, who, "schedules.edit", hall_id)
    by = who.actor.id
    assert by is not None
    key = secrets.token_urlsafe(24)
    row = kiosks.make(
        uow.session,
        kiosk_id=new_id(),
        hall_id=hall_id,
        name=name,
        key_hash=uow.services.privacy.fingerprint(key, PURPOSE),
        by=by,
        now=uow.now,
    )
    _trace(uow, row, "make")
    return {**_shown(row), "key": key}


def end(uow: UnitOfWork, who: Principal, hall_id: UUID, kiosk_id: UUID) -> None:
    """The machine's key opens nothing from now on."""
    staff.enter_hall(uow, who, "schedules.edit", hall_id)
    row = uow.session.get(Kiosk, kiosk_id)
    if row is None or row.hall_id != hall_id:
        raise NotFound("kiosk_unknown", title="没有找到这台自助机", action="请刷新后再看")
    if kiosks.end(uow.session, row, uow.now):
        _trace(uow, row, "end")


def _trace(uow: UnitOfWork, row: Kiosk, action: str) -> None:
    trace.record(uow, subject=Subject("kiosk", row.id), action=action, internal_text=row.name)


def home(uow: UnitOfWork, who: Principal) -> dict[str, Any]:
    """What the machine shows first: the hall, its business with the queues, what is done here."""
    hall, kiosk_id = _at(uow, who)
    # A reading request never commits: noted in a transaction of its own.
    with uow.services.unit(who.actor) as own:
        kiosks.seen(own.session, kiosk_id, own.now)
    groups = door.choices(uow, hall.id)
    served = {group["code"] for group in groups}
    return {
        "hall": {"id": hall.id, "name": hall.name},
        "groups": [
            {
                "code": group["code"],
                "name": group["name"],
                "waiting": group["waiting_count"],
                "wait_minutes": group["wait_minutes"],
            }
            for group in groups
        ],
        "items": [
            {"id": item.id, "name": item.name, "group": item.group_code}
            for item in ports.items_at(uow, hall.code)
            if item.group_code in served
        ],
        "now": uow.now,
    }


def _at(uow: UnitOfWork, who: Principal) -> tuple[Hall, UUID]:
    hall_id, kiosk_id = who.extra["hall_id"], who.actor.id
    assert isinstance(hall_id, UUID)
    assert kiosk_id is not None
    return halls.find(uow, hall_id), kiosk_id


def _touched(uow: UnitOfWork, who: Principal) -> Hall:
    hall, kiosk_id = _at(uow, who)
    # Without Redis nobody counts, and the hall must go on: who guesses here stands in the hall.
    with contextlib.suppress(Unavailable):
        uow.services.limiter.hit(TOUCHES, "kiosk", str(kiosk_id))
    kiosks.seen(uow.session, kiosk_id, uow.now)
    return hall


def check_in(
    uow: UnitOfWork,
    who: Principal,
    *,
    code: str | None = None,
    token: str | None = None,
    id_number: str | None = None,
) -> dict[str, Any]:
    """The ticket of today's booking for a QR code, six digits or an identity card."""
    hall = _touched(uow, who)
    shown = checking_in.Shown(code, token, id_number)
    with in_words():
        appointment = checking_in.find(uow, hall.id, shown)
        change = queue.check_in(uow.session, appointment, Who.SYSTEM, uow.now)
    return _ticket(uow, desk.changed(uow, change))


def walk_in(
    uow: UnitOfWork, who: Principal, comer: door.Comer, *, item_id: UUID | None, group: str | None
) -> dict[str, Any]:
    """A ticket for who has no booking."""
    hall = _touched(uow, who)
    made = door.walk_in(uow, hall.id, comer, item_id=item_id, group=group)
    return _ticket(uow, desk.walked_in(uow, made))


def _ticket(uow: UnitOfWork, row: Appointment) -> dict[str, Any]:
    """What is shown and printed: nothing by which somebody behind her would know who she is."""
    session = uow.session
    card = person_cards(uow, {row.person_key}).get(row.person_key)
    place = views.position(session, row)
    open_here = load.windows_by_group(session, row.hall_id).get(row.group_code, set())
    return {
        "ticket_no": row.ticket_no,
        "group_name": session.get_one(ItemGroup, row.group_code).name,
        "item_name": row.details["item_name"],
        "name": card.name_masked if card else row.details.get("name_masked", ""),
        "start": row.start_at if row.source == "booked" else None,
        "ahead": place.ahead,
        "wait_minutes": place.wait_minutes,
        "windows": [
            window.number
            for window in boards.windows(session, row.hall_id)
            if window.id in open_here
        ],
    }
