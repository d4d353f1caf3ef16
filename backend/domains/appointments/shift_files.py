"""Shifts out of a spreadsheet: 日期,窗口,开始,结束,姓名,账号 (the last may be left out)."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from appointments.shifts import Duty, Wrong
from backend.domains.appointments.refusals import title_of
from backend.domains.identity.service import StaffCard, staff_by_username
from backend.kernel.uow import UnitOfWork

COLUMNS = ("日期", "窗口", "开始", "结束", "姓名")
ACCOUNT = "账号"
MOST_ROWS = 1000
_DAYS = ("%Y-%m-%d", "%Y/%m/%d")
_LONGEST_NAME = 50


@dataclass
class Read:
    """What a file says: the duties with the lines they stand in, and what is wrong with others."""

    rows: int = 0
    duties: list[Duty] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def wrong(self, line: int, text: str) -> None:
        """One more error."""
        self.errors.append({"row": line, "text": text})


def read(
    text: str, windows: Mapping[int, UUID], people: Sequence[StaffCard], uow: UnitOfWork
) -> Read:
    """The duties of a file. Lines are counted as a spreadsheet does, the heading is 1."""
    found = Read()
    # A byte-order mark, as spreadsheets write it, is no part of the first heading.
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        table = [[cell.strip() for cell in row] for row in lines]
    except csv.Error:
        found.wrong(1, "文件不是 CSV 表格，请另存为 CSV（UTF-8）")
        return found
    heading = table[0] if table else []
    missing = [name for name in COLUMNS if name not in heading]
    if missing:
        found.wrong(1, f"第一行缺少：{'、'.join(missing)}")
        return found
    known = {card.id: card for card in people}
    body = [(line, row) for line, row in enumerate(table[1:], 2) if any(row)]
    found.rows = len(body)
    if len(body) > MOST_ROWS:
        found.wrong(1, f"一次最多{MOST_ROWS}行")
        return found
    for line, row in body:
        cells = dict(zip(heading, row, strict=False))
        try:
            duty = _duty(cells, windows, known, uow)
        except ValueError as error:
            found.wrong(line, str(error))
            continue
        found.duties.append(duty)
        found.lines.append(line)
    return found


def worded(read: Read, wrong: Sequence[Wrong]) -> list[dict[str, Any]]:
    """The engine's refusals beside the lines of the file."""
    return [{"row": read.lines[one.row], "text": title_of(one.code)} for one in wrong]


def _duty(
    cells: Mapping[str, str],
    windows: Mapping[int, UUID],
    people: Mapping[UUID, StaffCard],
    uow: UnitOfWork,
) -> Duty:
    number = cells.get("窗口", "").removesuffix("窗口").removesuffix("号")
    if not (number.isascii() and number.isdigit()) or int(number) not in windows:
        raise ValueError("没有这个窗口")
    name, account = cells.get("姓名", ""), cells.get(ACCOUNT, "")
    card = None
    if account:
        known = staff_by_username(uow, account)
        card = people.get(known.id) if known else None
        if card is None:
            raise ValueError("这个账号不是本大厅的工作人员")
        name = card.name
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise ValueError(f"请写姓名，最多{_LONGEST_NAME}个字")
    return Duty(
        windows[int(number)],
        card.id if card else None,
        name,
        _day(cells.get("日期", "")),
        _time(cells.get("开始", "")),
        _time(cells.get("结束", "")),
    )


def _day(text: str) -> date:
    for form in _DAYS:
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if 1900 <= day.year < 2200:
            return day
    raise ValueError("日期应像 2026-11-23")


def _time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise ValueError("时间应像 09:30") from None
