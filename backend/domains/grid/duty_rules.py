"""Decisions about duties: who is on duty when, who stands in, and how a call climbs.

Pure: standard library only. Wall times are local (Asia/Shanghai); moments are aware.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

WORKER, DEPUTY, LEADER, STREET, DEPARTMENT = "worker", "deputy", "leader", "street", "department"
LEVELS = (WORKER, DEPUTY, LEADER, STREET)
LEVEL_TEXTS = {
    WORKER: "网格员", DEPUTY: "副网格员", LEADER: "网格长", STREET: "街道", DEPARTMENT: "部门",
}  # fmt: skip
EVERY_DAY = 0b111_1111
_DAY_NAMES = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of a day, local. `ends` not after `starts` means: until that time the next day.

    `weekdays` has bit 0 for Monday … bit 6 for Sunday and counts the day on which it starts.
    """

    starts: time
    ends: time
    weekdays: int = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from `starts` until before `ends`; `substitute` takes the duties."""

    staff_id: UUID
    starts: datetime
    ends: datetime
    substitute: UUID | None = None


def covers(shift: Shift | None, local: datetime) -> bool:
    """Whether the local wall time lies in the shift; no shift means always."""
    if shift is None:
        return True
    clock = local.time()
    if shift.starts < shift.ends:
        return _on_day(shift, local.date()) and shift.starts <= clock < shift.ends
    if clock >= shift.starts and _on_day(shift, local.date()):
        return True
    return clock < shift.ends and _on_day(shift, local.date() - timedelta(days=1))


def starts_on(shift: Shift | None, day: date) -> bool:
    """Whether the shift begins on this day; no shift means every day."""
    return shift is None or _on_day(shift, day)


def _on_day(shift: Shift, day: date) -> bool:
    return bool(shift.weekdays >> day.weekday() & 1)


def shift_text(name: str, shift: Shift) -> str:
    """`白班 8:00-20:00`; a shift over midnight says 次日, one of some days says which."""
    ends = f"{shift.ends.hour}:{shift.ends.minute:02d}"
    if shift.ends <= shift.starts:
        ends = f"次日{ends}"
    text = f"{name} {shift.starts.hour}:{shift.starts.minute:02d}-{ends}"
    return text if shift.weekdays == EVERY_DAY else f"{text}（{weekday_text(shift.weekdays)}）"


def weekday_text(weekdays: int) -> str:
    """`周一三五`; `每天` for all."""
    if weekdays == EVERY_DAY:
        return "每天"
    return "周" + "".join(name for bit, name in enumerate(_DAY_NAMES) if weekdays >> bit & 1)


def category_matches(duty: str | None, category: str | None, parent: str | None) -> bool:
    """Whether a duty for category `duty` (None: all) takes an event of `category`.

    It does for the category itself and for the `parent` above it. An event without a category
    is everybody's who takes all.
    """
    return duty is None or duty in {category, parent} - {None}


def stands_in(staff_id: UUID, absences: Mapping[UUID, Absence]) -> UUID | None:
    """Who does the duty of `staff_id`, given who is away now; None when nobody does.

    A substitute who is away too hands on to theirs; a circle ends with nobody.
    """
    seen = set()
    present: UUID | None = staff_id
    while present is not None and present in absences:
        if present in seen:
            return None
        seen.add(present)
        present = absences[present].substitute
    return present


def away_at(absences: Iterable[Absence], at: datetime) -> dict[UUID, Absence]:
    """Who is away at this moment; of two absences at once the one that began later counts."""
    found: dict[UUID, Absence] = {}
    for absence in sorted(absences, key=lambda one: one.starts):
        if absence.starts <= at < absence.ends:
            found[absence.staff_id] = absence
    return found


def next_level(chain: Sequence[str], level: str) -> str | None:
    """The level after `level`; None at the end of the chain, where the dispatcher takes over.

    A level that has since been taken out of the chain goes on with the first one that ranks
    above it.
    """
    if level in chain:
        later = chain[chain.index(level) + 1 :]
        return later[0] if later else None
    rank = LEVELS.index(level) if level in LEVELS else len(LEVELS)
    return next((one for one in chain if LEVELS.index(one) > rank), None)


def chain_problem(levels: Sequence[str]) -> str | None:
    """What is wrong with an escalation chain; None when it can be used."""
    if not levels:
        return "至少要有一级"
    if any(level not in LEVELS for level in levels):
        return "没有这一级"
    if [LEVELS.index(level) for level in levels] != sorted({LEVELS.index(one) for one in levels}):
        return "每级只能出现一次，并且从下往上排"
    return None


def shift_problem(shift: Shift) -> tuple[str, str] | None:
    """The field of a shift that is wrong and why; None when it can be used."""
    if not 0 < shift.weekdays <= EVERY_DAY:
        return "weekdays", "至少选一天"
    if shift.starts.tzinfo or shift.ends.tzinfo:
        return "starts", "时间不带时区"
    return None


def absence_problem(absence: Absence) -> tuple[str, str] | None:
    """The field of an absence that is wrong and why; None when it can be used."""
    if not 2000 <= absence.starts.year < 2099:
        return "starts_at", "日期超出范围"
    if absence.ends <= absence.starts:
        return "ends_at", "结束时间要晚于开始时间"
    if absence.ends - absence.starts > timedelta(days=366):
        return "ends_at", "一次最多登记一年"
    if absence.substitute == absence.staff_id:
        return "substitute_id", "替班人不能是本人"
    return None


def present(
    staff_ids: Iterable[UUID], absences: Mapping[UUID, Absence], works: Callable[[UUID], bool]
) -> list[UUID]:
    """Who is there for these duties, substitutes in place, each once and in order.

    `works` says whether an account may act at all; one that may not is left out.
    """
    standing = (stands_in(staff_id, absences) for staff_id in staff_ids)
    return list(dict.fromkeys(one for one in standing if one is not None and works(one)))
