"""The live board: who waits and speaks, how calls were taken today, how the units do."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select

from backend.domains.hotline import call_figures, calls, limit_settings, rates, rates_rules
from backend.domains.hotline.kept import kept
from backend.domains.hotline.model import Ticket, TicketClock
from backend.domains.hotline.rates_rules import Rate
from backend.domains.organisation import service as organisation
from backend.kernel.clock import SHANGHAI, local_date
from backend.kernel.uow import UnitOfWork

PERMISSION = "tickets.view"
#: The rates on the board are of the tickets of so many days.
DAYS = 30
_FRESH = {"test": 0.0}


def show(uow: UnitOfWork) -> dict[str, Any]:
    """The line as it is now; the figures of the day and of the units up to 10 seconds old."""
    seconds = _FRESH.get(uow.services.settings.environment, 10.0)
    line = calls.line(uow)
    return {
        "targets": limit_settings.targets(uow),
        "waiting": line["waiting"],
        "talking": line["talking"],
        **kept(uow.services).get("board", seconds, lambda: _figures(uow)),
    }


def _figures(uow: UnitOfWork) -> dict[str, Any]:
    start = day_start(uow.now)
    today = call_figures.line(uow, start, uow.now + timedelta(seconds=1))
    of_days = rates.came_in(start - timedelta(days=DAYS - 1), None)
    total = rates.live(uow, of_days)
    return {
        "calls_today": today["calls"],
        "connected_rate": shown(today["connected_rate"]),
        "answered_15s_rate": shown(today["answered_15s_rate"]),
        "average_wait_seconds": today["average_wait_seconds"],
        **{name: shown(rate) for name, rate in total.items()},
        "by_hour": call_figures.by_hour(uow, start, start + timedelta(days=1)),
        "by_unit": _units(uow, rates.by_group(uow, of_days, Ticket.lead_unit_id)),
        "as_of": uow.now,
    }


def shown(rate: Rate) -> dict[str, Any]:
    """A rate as it is answered: numbers, how many were left out, and for which reasons."""
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "excluded": sum(rate.excluded.values()),
        "reasons": [
            {"text": _REASONS[name], "count": count}
            for name, count in sorted(rate.excluded.items())
        ],
        "rate": rate.rate,
    }


_REASONS = {**rates_rules.REASON_TEXT, "ringing": "还在响铃"}


def day_start(moment: datetime) -> datetime:
    """Midnight of the day in Asia/Shanghai."""
    return datetime.combine(local_date(moment), datetime.min.time(), SHANGHAI)


def _units(uow: UnitOfWork, found: dict[Any, rates.Rates]) -> list[dict[str, Any]]:
    """Departments that have something open or had something lately, in the district's order."""
    late = exists().where(
        TicketClock.ticket_id == Ticket.id,
        TicketClock.stopped_at.is_(None),
        or_(
            TicketClock.outcome == "overdue",
            and_(TicketClock.paused_at.is_(None), TicketClock.due_at < uow.now),
        ),
    )
    query = (
        select(Ticket.lead_unit_id, func.count(), func.count().filter(late))
        .where(Ticket.is_open, Ticket.lead_unit_id.is_not(None))
        .group_by(Ticket.lead_unit_id)
    )
    open_: dict[UUID | None, tuple[int, int]] = {
        row[0]: (row[1], row[2]) for row in uow.session.execute(query)
    }
    rows = []
    for place in organisation.departments(uow.session):
        if place.id not in open_ and place.id not in found:
            continue
        count, overdue = open_.get(place.id, (0, 0))
        of_unit = found.get(place.id) or rates_rules.rates([])
        rows.append(
            {
                "id": place.id, "name": place.name, "open": count, "overdue": overdue,
                **{name: shown(rate) for name, rate in of_unit.items()},
            }
        )  # fmt: skip
    return rows
