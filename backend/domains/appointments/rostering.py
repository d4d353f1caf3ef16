"""Who is at which window when (排班), and the pace that makes places of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from appointments import shifts
from appointments.model import Hall
from appointments.planner import tempo
from appointments.shifts import Duty
from appointments.shifts_rules import Tempo
from appointments.supply_model import Shift
from backend.domains.appointments import halls, planning, rebuilding, shift_files, staff, wording
from backend.domains.appointments.refusals import in_words
from backend.domains.identity.service import StaffCard, staff_holding
from backend.kernel import limit_lists, trace
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork

EDIT = "schedules.edit"
LONGEST_DAYS = 62
_ROLES = ("clerk", "hall_manager")
_QUOTAS = ("online", "on_site", "elderly", "video")


def people(uow: UnitOfWork, hall_id: UUID) -> list[StaffCard]:
    """The members of staff who work in this hall."""
    return staff_holding(uow, _ROLES, "hall", hall_id)


def listed(
    uow: UnitOfWork, who: Principal, hall_id: UUID, first: date, last: date
) -> dict[str, Any]:
    """The shifts of these days, with the windows and the people a shift can name."""
    hall = staff.enter_hall(uow, who, "appointments.view", hall_id)
    if not timedelta() <= last - first < timedelta(days=LONGEST_DAYS):
        text = f"请选{LONGEST_DAYS}天以内的日期"
        raise Invalid("days_span", title=text, fields={"to": [text]})
    rows = shifts.between(uow.session, hall.id, first, last)
    return {
        "items": _shown(uow, hall.id, rows),
        "windows": [
            {"id": window.id, "number": window.number, "name": window.name}
            for window in shifts.windows(uow.session, hall.id)
        ],
        "staff": [{"id": card.id, "name": card.name} for card in people(uow, hall.id)],
    }


def _shown(uow: UnitOfWork, hall_id: UUID, rows: Sequence[Shift]) -> list[dict[str, Any]]:
    numbers = {window.id: window.number for window in shifts.windows(uow.session, hall_id)}
    return [
        {
            "id": row.id,
            "window_id": row.window_id,
            "window_number": numbers[row.window_id],
            "staff_id": row.staff_key,
            "name": row.name,
            "day": row.day,
            "starts": row.starts,
            "ends": row.ends,
        }
        for row in rows
    ]


def _duty(uow: UnitOfWork, hall_id: UUID, body: dict[str, Any]) -> Duty:
    name, staff_id = body["name"], body["staff_id"]
    if staff_id is not None:
        card = next((one for one in people(uow, hall_id) if one.id == staff_id), None)
        if card is None:
            text = "这个人不是本大厅的工作人员"
            raise Invalid("staff_elsewhere", title=text, fields={"staff_id": [text]})
        name = card.name
    elif not name:
        text = "请选人，或写明是谁"
        raise Invalid("name_needed", title=text, fields={"name": [text]})
    return Duty(body["window_id"], staff_id, name, body["day"], body["starts"], body["ends"])


def add(uow: UnitOfWork, who: Principal, hall_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """A new shift."""
    hall = staff.enter_hall(uow, who, EDIT, hall_id)
    duty = _duty(uow, hall_id, body)
    with in_words():
        made, rebuilt = shifts.add(
            uow.session, hall, [duty], now=uow.now, working=halls.working_days(uow)
        )
    _trace(uow, hall, "add_shift", _text(duty))
    (shown,) = _shown(uow, hall_id, made)
    return {**shown, "rebuilt": rebuilding.settle(uow, hall, rebuilt)}


def change(
    uow: UnitOfWork, who: Principal, hall_id: UUID, shift_id: UUID, body: dict[str, Any]
) -> dict[str, Any]:
    """Another time, window or person for a shift."""
    hall = staff.enter_hall(uow, who, EDIT, hall_id)
    duty = _duty(uow, hall_id, body)
    with in_words():
        row, rebuilt = shifts.change(
            uow.session, hall, shift_id, duty, now=uow.now, working=halls.working_days(uow)
        )
    _trace(uow, hall, "change_shift", _text(duty))
    (shown,) = _shown(uow, hall_id, [row])
    return {**shown, "rebuilt": rebuilding.settle(uow, hall, rebuilt)}


def remove(uow: UnitOfWork, who: Principal, hall_id: UUID, shift_id: UUID) -> dict[str, Any]:
    """A shift that is no more."""
    hall = staff.enter_hall(uow, who, EDIT, hall_id)
    with in_words():
        was, rebuilt = shifts.remove(
            uow.session, hall, shift_id, now=uow.now, working=halls.working_days(uow)
        )
    _trace(uow, hall, "remove_shift", _text(was))
    return rebuilding.settle(uow, hall, rebuilt)


def copy(uow: UnitOfWork, who: Principal, hall_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """One week's shifts in another week."""
    hall = staff.enter_hall(uow, who, EDIT, hall_id)
    with in_words():
        made, rebuilt = shifts.copy_week(
            uow.session,
            hall,
            body["from_week"],
            body["to_week"],
            replace=body["replace"],
            now=uow.now,
            working=halls.working_days(uow),
        )
    weeks = [wording.date_text(body[name]) for name in ("from_week", "to_week")]
    _trace(uow, hall, "copy_shifts", f"{weeks[0]}那周 → {weeks[1]}那周：{made}个班")
    return {"made": made, "rebuilt": rebuilding.settle(uow, hall, rebuilt)}


def import_file(
    uow: UnitOfWork, who: Principal, hall_id: UUID, text: str, *, dry_run: bool
) -> dict[str, Any]:
    """Shifts out of a CSV file, all or none; on a dry run none."""
    hall = staff.enter_hall(uow, who, EDIT, hall_id)
    windows = {window.number: window.id for window in shifts.windows(uow.session, hall_id)}
    read = shift_files.read(text, windows, people(uow, hall_id), uow)
    with in_words():
        errors = read.errors + shift_files.worded(
            read, shifts.problems(uow.session, hall, read.duties, uow.now)
        )
        answer = {"rows": read.rows, "errors": sorted(errors, key=lambda one: one["row"])}
        if errors or dry_run or not read.duties:
            return {**answer, "made": 0, "rebuilt": None}
        made, rebuilt = shifts.add(
            uow.session, hall, read.duties, now=uow.now, working=halls.working_days(uow)
        )
    _trace(uow, hall, "import_shifts", f"{len(made)}个班")
    settled = rebuilding.settle(uow, hall, rebuilt)
    return {**answer, "made": len(made), "rebuilt": settled}


def show_paces(uow: UnitOfWork, who: Principal, hall_id: UUID) -> dict[str, Any]:
    """The paces of a hall, and the businesses that can have one."""
    hall = staff.enter_hall(uow, who, "appointments.view", hall_id)
    return _paces(uow, hall)


def _paces(uow: UnitOfWork, hall: Hall) -> dict[str, Any]:
    tempos = [tempo(row) for row in shifts.paces(uow.session, hall.id)]
    items = [
        {
            "group": one.group,
            "slot_minutes": one.slot_minutes,
            "places": one.places,
            **dict(one.quotas),
        }
        for one in tempos
    ]
    return {
        "etag": limit_lists.etag(items),
        "items": items,
        "groups": [{"code": row.code, "name": row.name} for row in staff.groups(uow)],
    }


def set_paces(
    uow: UnitOfWork,
    who: Principal,
    hall_id: UUID,
    items: Sequence[dict[str, Any]],
    if_match: str | None,
) -> dict[str, Any]:
    """Put these paces in place of the old ones; what is booked stays booked.

    `Stale` when somebody has changed them since they were read.
    """

    def paces(hall: Hall) -> dict[str, Any]:
        return _paces(uow, hall)

    hall = staff.edit_hall(uow, who, hall_id, if_match, shown=paces, what="办理节奏")
    tempos = [
        Tempo(
            one["group"],
            one["slot_minutes"],
            one["places"],
            tuple((name, one[name]) for name in _QUOTAS),
        )
        for one in items
    ]
    with in_words():
        rebuilt = shifts.set_paces(
            uow.session, hall, tempos, now=uow.now, working=halls.working_days(uow)
        )
    text = "、".join(f"{one.group}每{one.slot_minutes}分钟{one.places}人" for one in tempos)
    trace.record(
        uow,
        subject=planning.hall_subject(hall.id),
        action="set_paces",
        public_text="调整了号源",
        internal_text=text or "不按排班放号",
    )
    return {**_paces(uow, hall), "rebuilt": rebuilding.settle(uow, hall, rebuilt)}


def _text(duty: Duty) -> str:
    return f"{wording.date_text(duty.day)} {duty.starts:%H:%M}-{duty.ends:%H:%M}"


def _trace(uow: UnitOfWork, hall: Hall, action: str, text: str) -> None:
    trace.record(uow, subject=planning.hall_subject(hall.id), action=action, internal_text=text)
