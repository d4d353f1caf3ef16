"""A hall's figures as its staff see them."""

from datetime import date
from typing import Any
from uuid import UUID

from appointments import figures
from appointments.figures import Line
from backend.domains.appointments import staff
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork

MOST_DAYS = 92


def show(
    uow: UnitOfWork, who: Principal, hall_id: UUID, first: date | None, last: date | None
) -> dict[str, Any]:
    """The figures between two days; today where none is named."""
    staff.enter_hall(uow, who, "appointments.view", hall_id)
    last = last or first or local_date(uow.now)
    first = first or last
    if first > last or (last - first).days >= MOST_DAYS:
        text = f"开始不能晚于结束，最多看{MOST_DAYS}天"
        raise Invalid("days_wrong", title=text, fields={"from": [text]})
    found = figures.figures(uow.session, hall_id, first, last)
    return {
        "from": first,
        "to": last,
        "total": _line(found.total),
        "days": [{"date": day, **_line(line)} for day, line in found.days.items()],
        "hours": [{"hour": hour, **_line(line)} for hour, line in found.hours.items()],
        "windows": [
            {
                "number": row.number,
                "name": row.name,
                "finished": row.finished,
                "busy_minutes": round(row.busy_minutes),
                "service_minutes": _rounded(row.service_minutes),
            }
            for row in found.windows
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "came": line.came,
        "finished": line.finished,
        "no_show": line.no_show,
        "wait_minutes": _rounded(line.wait_minutes),
        "service_minutes": _rounded(line.service_minutes),
    }


def _rounded(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)
