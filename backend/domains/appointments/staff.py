"""What the hall's staff do with the day's appointments, each in their own hall only."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appointments import boards, load, precedence, queue, schedules
from appointments.model import Appointment, Hall, ItemGroup, Window
from appointments.moves import Change
from appointments.rules import APART, Who
from backend.domains.appointments import checking_in, desk, halls, staff_view, view
from backend.domains.appointments.refusals import in_words
from backend.domains.identity.service import reveal_value
from backend.kernel import limit_lists
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import NotFound, Stale
from backend.kernel.reveals import log_reveal
from backend.kernel.uow import UnitOfWork

Step = Callable[[Session, Appointment, datetime], Change]
STEPS: dict[str, Step] = {
    "recall": queue.recall,
    "skip": queue.skip,
    "requeue": queue.requeue,
    "start": queue.start,
    "park": queue.park,
    "finish": queue.finish,
    "no-show": queue.no_show,
}


def enter_hall(uow: UnitOfWork, who: Principal, permission: str, hall_id: UUID) -> Any:
    """The hall, if `permission` reaches it; a hall out of reach looks like none at all."""
    hall = halls.find(uow, hall_id)
    if not who.may(permission, hall=hall_id):
        raise NotFound("hall_unknown", title="没有找到这个大厅", action="请返回选择大厅")
    return hall


def edit_hall(
    uow: UnitOfWork,
    who: Principal,
    hall_id: UUID,
    if_match: str | None,
    *,
    shown: Callable[[Hall], dict[str, Any]],
    what: str,
) -> Hall:
    """The hall for one change of its settings, the others waiting; `Stale` if `shown` has changed.

    `if_match` is the ETag of what the editor has read; `shown` gives it with its `etag`.
    """
    hall: Hall = enter_hall(uow, who, "schedules.edit", hall_id)
    schedules.lock(uow.session, hall)
    uow.session.refresh(hall)
    limit_lists.seen(if_match, shown(hall)["etag"], what=what)
    return hall


def appointment_of(
    uow: UnitOfWork, who: Principal, permission: str, appointment_id: UUID
) -> Appointment:
    """The appointment, if `permission` reaches its hall."""
    found = uow.session.get(Appointment, appointment_id)
    if found is None or not who.may(permission, hall=found.hall_id):
        raise NotFound("appointment_unknown", title="没有找到这个预约", action="请刷新后再看")
    return found


def detail(uow: UnitOfWork, who: Principal, appointment_id: UUID) -> dict[str, Any]:
    """A row of the board with its receipt number and its public timeline."""
    found = appointment_of(uow, who, "appointments.view", appointment_id)
    return {
        **staff_view.one(uow, found),
        "precedence": _precedence(uow, found),
        "receipt_number": view.receipt_numbers(uow, [found.id]).get(found.id, ""),
        "timeline": view.timelines(uow, [found]).get(found.id, []),
    }


def _precedence(uow: UnitOfWork, found: Appointment) -> dict[str, Any] | None:
    kept = precedence.of(uow.session, found.person_key)
    if kept is None or (kept.until is not None and kept.until < local_date(uow.now)):
        return None
    return {"until": kept.until}


def window_of(uow: UnitOfWork, who: Principal, permission: str, window_id: UUID) -> Window:
    """The window, if `permission` reaches its hall."""
    found = uow.session.get(Window, window_id)
    if found is None or not who.may(permission, hall=found.hall_id):
        raise NotFound("window_unknown", title="没有找到这个窗口", action="请刷新后再试")
    return found


def board(uow: UnitOfWork, who: Principal, hall_id: UUID, day: date | None) -> dict[str, Any]:
    """A hall's day at a glance: numbers, windows, the queue and all appointments."""
    hall = enter_hall(uow, who, "appointments.view", hall_id)
    day = day or local_date(uow.now)
    session = uow.session
    windows = boards.windows(session, hall_id)
    current = boards.at_windows(session, hall_id)
    waiting = boards.queue_of(session, hall_id, day)
    everyone = boards.appointments_of(session, hall_id, day)
    shown = staff_view.many(uow, [*everyone, *waiting, *current.values()])
    groups = boards.window_groups(session, hall_id)
    expected = load.expected_waits(session, hall_id, [row.group_code for row in waiting])
    return {
        "hall": halls.show_hall(uow, hall.id),
        "date": day,
        "as_of": uow.now,
        "stats": boards.stats(session, hall_id, day),
        "windows": [
            staff_view.window(row, groups.get(row.id, []), shown_at(shown, current.get(row.id)))
            for row in windows
        ],
        "waiting": [shown[row.id] for row in waiting],
        "expected": [
            {"id": row.id, "minutes": minutes}
            for row, minutes in zip(waiting, expected, strict=True)
        ],
        "appointments": [shown[row.id] for row in everyone],
    }


def shown_at(
    shown: dict[UUID, dict[str, Any]], appointment: Appointment | None
) -> dict[str, Any] | None:
    """The row of whoever is at a window."""
    return shown[appointment.id] if appointment is not None else None


def check_in(
    uow: UnitOfWork,
    who: Principal,
    hall_id: UUID,
    *,
    code: str | None = None,
    token: str | None = None,
    id_number: str | None = None,
) -> dict[str, Any]:
    """Give a ticket to whoever shows a QR code or an identity card, or says six digits."""
    enter_hall(uow, who, "queue.operate", hall_id)
    shown = checking_in.Shown(code, token, id_number)
    with in_words():
        appointment = checking_in.find(uow, hall_id, shown)
        change = queue.check_in(uow.session, appointment, Who.STAFF, uow.now)
    return staff_view.one(uow, desk.changed(uow, change))


def call(
    uow: UnitOfWork, who: Principal, window_id: UUID, appointment_id: UUID | None
) -> dict[str, Any]:
    """Call the next ticket, or the one named, to a window."""
    window = window_of(uow, who, "queue.operate", window_id)
    with in_words():
        change = queue.call(uow.session, window.id, uow.now, appointment_id)
    return staff_view.one(uow, desk.changed(uow, change))


def seen_of(
    uow: UnitOfWork, who: Principal, appointment_id: UUID, version: int | None
) -> Appointment:
    """The appointment a clerk acts on, as long as the `version` she saw still stands."""
    appointment = appointment_of(uow, who, "queue.operate", appointment_id)
    if version is not None and version != appointment.version:
        raise Stale(
            "stale", title="别人刚处理过", detail="另一位工作人员刚刚操作了", action="请刷新后再看"
        )
    return appointment


def step(
    uow: UnitOfWork, who: Principal, appointment_id: UUID, name: str, version: int | None
) -> dict[str, Any]:
    """Recall, skip, requeue, start, park, finish or no-show: see `STEPS`."""
    appointment = seen_of(uow, who, appointment_id, version)
    with in_words():
        change = STEPS[name](uow.session, appointment, uow.now)
    return staff_view.one(uow, desk.changed(uow, change))


def set_window(uow: UnitOfWork, who: Principal, window_id: UUID, status: str) -> dict[str, Any]:
    """Open, pause or close a window."""
    window = window_of(uow, who, "queue.operate", window_id)
    with in_words():
        window = queue.set_window_status(uow.session, window, status)
    current = boards.at_windows(uow.session, window.hall_id).get(window.id)
    shown = staff_view.many(uow, [current] if current else [])
    groups = boards.window_groups(uow.session, window.hall_id)
    return staff_view.window(window, groups.get(window.id, []), shown_at(shown, current))


def reveal(uow: UnitOfWork, who: Principal, appointment_id: UUID, field: str, purpose: str) -> str:
    """One personal value in full; the look is logged in the same transaction."""
    appointment = appointment_of(uow, who, "personal.reveal", appointment_id)
    log_reveal(uow, desk.subject(appointment.id), field, purpose)
    return reveal_value(uow, appointment.person_key, field)


def groups(uow: UnitOfWork) -> Sequence[ItemGroup]:
    """The item groups of service halls, in the order of their letters."""
    query = select(ItemGroup).where(ItemGroup.code.not_like(f"{APART}%"))
    return list(uow.session.scalars(query.order_by(ItemGroup.letter)))
