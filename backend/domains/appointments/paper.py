"""Paper for when the network is gone: the day's list before, entries caught up with after (补录)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from appointments import boards, door, paper
from appointments.model import Appointment, ItemGroup, Window
from appointments.paper_rules import OUTCOMES, Line, number_of, problems
from appointments.queue_rules import ticket_no
from appointments.rules import ENDS, LIVE, State
from backend.domains.appointments import desk, staff, staff_view, wording
from backend.domains.appointments.refusals import in_words
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.kernel.privacy import mask_name
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

LONGEST_AGO = timedelta(days=30)
PROBLEMS = {
    "group": "这个大厅不办这类业务",
    "ticket": "号码不对，应像 B101，字母要和业务一致",
    "arrived": "没有写取号时间",
    "finished": "办完的要写窗口和办完时间",
    "window": "没有这个窗口",
    "day": "时间不是这一天的",
    "future": "时间还没有到",
    "order": "时间先后不对，应是取号、叫号、办完",
    "twice": "和前面一行是同一个号或同一个预约",
    "code": "这一天没有这个取号码的预约",
    "other_group": "这个取号码约的是别的业务",
    "taken": "这个号码已经是别人的了",
    "ended": "这个号码在系统里已经结束了，有预约的请填取号码",
    "over": "系统里已经办结，和纸上写的不一样",
}


def sheet(uow: UnitOfWork, who: Principal, hall_id: UUID, day: date | None) -> dict[str, Any]:
    """What is printed: who is booked and who waits, and where the paper's numbers begin."""
    hall = staff.enter_hall(uow, who, "appointments.view", hall_id)
    day = day or local_date(uow.now)
    rows = [
        row for row in boards.appointments_of(uow.session, hall_id, day) if State(row.state) in LIVE
    ]
    shown = staff_view.many(uow, rows)
    groups = door.groups_served(uow.session, hall_id)
    first = paper.numbers_from(uow.session, hall_id, day, [group.code for group in groups])
    return {
        "hall": {"id": hall.id, "name": hall.name},
        "date": day,
        "printed_at": uow.now,
        "appointments": [
            {
                "start": row.start_at,
                "group": row.group_code,
                "group_name": shown[row.id]["group_name"],
                "item_name": row.details["item_name"],
                "name": shown[row.id]["person_name"],
                "code": row.check_in_code,
                "ticket_no": row.ticket_no,
                "priority": row.priority > 0,
                "state_text": wording.STATE_TEXT[State(row.state)],
            }
            for row in rows
        ],
        "tickets_from": [
            {
                "group": group.code,
                "group_name": group.name,
                "ticket_no": ticket_no(group.letter, first[group.code]),
            }
            for group in groups
        ],
        "windows": [row.number for row in boards.windows(uow.session, hall_id)],
    }


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What lines are read against."""

    hall_id: UUID
    day: date
    by: UUID
    groups: Mapping[str, ItemGroup]
    windows: Mapping[int, Window]


@dataclass(slots=True)
class _Row:
    """A line with what it means here; `known`: it is in the system already."""

    number: int
    line: Line
    code: str | None
    name: str
    row: Appointment | None = None
    known: bool = False


def catch_up(
    uow: UnitOfWork, who: Principal, hall_id: UUID, day: date, entries: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Enter what was written on paper: all of it, or nothing and what is wrong with which line.

    What is in the system already, as the line says, is left alone: sending the sheet twice
    enters it once.
    """
    staff.enter_hall(uow, who, "queue.operate", hall_id)
    if not local_date(uow.now) - LONGEST_AGO <= day <= local_date(uow.now):
        text = "补录30天以内、今天或以前的"
        raise Invalid("paper_day", title=text, fields={"date": [text]})
    by = who.actor.id
    assert by is not None
    own = _Sheet(
        hall_id,
        day,
        by,
        {group.code: group for group in door.groups_served(uow.session, hall_id)},
        {row.number: row for row in boards.windows(uow.session, hall_id)},
    )
    lines = [_row(number, entry) for number, entry in enumerate(entries, 1)]
    errors = _impossible(uow, own, lines) or _looked_up(uow, own, lines)
    if errors:
        return {"rows": len(lines), "made": 0, "known": 0, "errors": errors}
    fresh = [line for line in lines if not line.known]
    for line in sorted(fresh, key=_slot_of):
        with in_words():
            _enter(uow, own, line)
    trace.record(
        uow,
        subject=Subject("hall", hall_id),
        action="paper_entries",
        internal_text=f"{wording.date_text(day)}补录纸质记录{len(fresh)}条",
    )
    return {"rows": len(lines), "made": len(fresh), "known": len(lines) - len(fresh), "errors": []}


def _row(number: int, entry: dict[str, Any]) -> _Row:
    line = Line(
        group=entry["group"],
        outcome=entry["outcome"],
        coded=entry["code"] is not None,
        ticket_no=(entry["ticket_no"] or "").strip().upper() or None,
        arrived_at=entry["arrived_at"],
        called_at=entry["called_at"],
        window_number=entry["window_number"],
        finished_at=entry["finished_at"],
    )
    return _Row(number, line, entry["code"], entry["name"])


def _error(row: _Row, problem: str) -> dict[str, Any]:
    return {"row": row.number, "text": PROBLEMS[problem]}


def _impossible(uow: UnitOfWork, own: _Sheet, rows: Sequence[_Row]) -> list[dict[str, Any]]:
    letters = {code: group.letter for code, group in own.groups.items()}
    errors: list[dict[str, Any]] = []
    seen: set[str] = set()
    for row in rows:
        found = problems(row.line, own.day, uow.now, letters, own.windows.keys())
        marks = {mark for mark in (row.code, row.line.ticket_no) if mark}
        if marks & seen:
            found.append("twice")
        seen |= marks
        errors += [_error(row, problem) for problem in found]
    return errors


def _highest(rows: Sequence[_Row]) -> dict[str, int]:
    highest: dict[str, int] = {}
    for row in rows:
        if row.line.ticket_no is not None:
            number = number_of(row.line.ticket_no)
            highest[row.line.group] = max(number, highest.get(row.line.group, 0))
    return highest


def _looked_up(uow: UnitOfWork, own: _Sheet, rows: Sequence[_Row]) -> list[dict[str, Any]]:
    """What is wrong with lines that could be; if nothing is, the rows they mean are held.

    Counters first, then appointments: in the order in which a check-in takes them.
    """
    with uow.session.begin_nested() as point:
        paper.raise_counters(uow.session, own.hall_id, own.day, _highest(rows))
        errors = _look_up(uow, own, rows)
        if errors:
            point.rollback()
    return errors


def _look_up(uow: UnitOfWork, own: _Sheet, rows: Sequence[_Row]) -> list[dict[str, Any]]:
    codes = [row.code for row in rows if row.code]
    tickets = [row.line.ticket_no for row in rows if row.line.ticket_no]
    held = paper.meant(uow.session, own.hall_id, own.day, codes, tickets)
    # Of several with one code the live one is meant, else the latest.
    held.sort(key=lambda one: (State(one.state) in LIVE, one.booked_at))
    by_code = {one.check_in_code: one for one in held if one.day == own.day}
    by_ticket = {one.ticket_no: one for one in held if one.queue_day == own.day}
    errors = []
    for row in rows:
        with_ticket = by_ticket.get(row.line.ticket_no) if row.line.ticket_no else None
        row.row = by_code.get(row.code) if row.code else with_ticket
        problem = _fault(row, with_ticket)
        if problem:
            errors.append(_error(row, problem))
        elif row.row is not None:
            row.known = _known(uow, row, row.row, own.day)
    return errors


def _fault(row: _Row, with_ticket: Appointment | None) -> str | None:
    """Why the line cannot be about what it names."""
    found = row.row
    if found is None:
        return "code" if row.code else None
    if found.group_code != row.line.group:
        return "other_group"
    if with_ticket is not None and with_ticket.id != found.id:
        own = with_ticket.source == "paper" and with_ticket.person_key == found.person_key
        return None if own else "taken"
    return _ended(row, found) if State(found.state) in ENDS else None


def _ended(row: _Row, found: Appointment) -> str | None:
    """Why an ended one cannot be meant, or None."""
    wanted = OUTCOMES[row.line.outcome][1]
    if found.state == State.FINISHED and wanted is not State.FINISHED:
        return "over"
    # Without a code, only what was entered from this very line before.
    same = found.state == wanted and found.checked_in_at == row.line.arrived_at
    return None if row.code or same else "ended"


def _known(uow: UnitOfWork, row: _Row, found: Appointment, day: date) -> bool:
    state, wanted = State(found.state), OUTCOMES[row.line.outcome][1]
    if state in LIVE:
        return False
    if state is wanted or row.line.outcome == "no_show":
        return True
    return paper.caught_up(uow.session, found.person_key, found.item_key, day, row.line)


def _slot_of(row: _Row) -> str:
    # Slots are given back in the order of their ids, as everywhere.
    slot = row.row.slot_id if row.row is not None else None
    return str(slot or "")


def _enter(uow: UnitOfWork, own: _Sheet, row: _Row) -> None:
    found = row.row
    if found is not None and State(found.state) in ENDS:
        # The clock ended her booking while nobody could say that she was there.
        paper.forgive(uow.session, found, own.by, uow.now)
        if row.line.outcome == "left":
            return
        found = _as_own_row(uow, own, row, found)
    elif found is None:
        found = _as_own_row(uow, own, row, None)
    number = row.line.window_number
    window = own.windows[number].id if number is not None else None
    change = paper.end(uow.session, found, row.line, window, uow.now)
    desk.changed(uow, change)


def _as_own_row(uow: UnitOfWork, own: _Sheet, row: _Row, booked: Appointment | None) -> Appointment:
    """A row for who had no booking, or whose booking has ended meanwhile."""
    line = row.line
    assert line.arrived_at is not None
    assert line.ticket_no is not None
    details: dict[str, Any] = {"item_name": own.groups[line.group].name}
    ticket = line.ticket_no
    if booked is not None:
        details = {"item_name": booked.details["item_name"]}
        if booked.ticket_no == ticket:
            ticket += paper.AGAIN
    elif row.name:
        details["name_masked"] = mask_name(row.name)
    known = booked is not None and not desk.nobody(booked)
    change = door.walk_in(
        uow.session,
        appointment_id=new_id(),
        hall_id=own.hall_id,
        group_code=line.group,
        now=line.arrived_at,
        person_key=booked.person_key if booked is not None and known else None,
        item_key=booked.item_key if booked is not None else None,
        details=details,
        source="paper",
        ticket=ticket,
    )
    return desk.entered(uow, change)
