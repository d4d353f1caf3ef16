"""How the hotline picks up: waiting, connected, within 15 seconds, by hour."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, cast, func, select

from backend.domains.hotline import call_rules
from backend.domains.hotline.model import Call, Ticket
from backend.domains.hotline.rates_rules import Rate
from backend.kernel.uow import UnitOfWork

#: The practice of hotlines: pick up within so long.
PROMPT = timedelta(seconds=15)
_ZONE = "Asia/Shanghai"


def line(uow: UnitOfWork, start: datetime, end: datetime) -> dict[str, Any]:
    """Calls that began within the span; a call still ringing is in no rate."""
    waited = Call.answered_at - func.coalesce(Call.rang_at, Call.began_at)
    spoken = Call.answered_at.is_not(None)
    row = uow.session.execute(
        select(
            func.count(),
            func.count().filter(spoken),
            func.count().filter(Call.state == call_rules.MISSED),
            func.count().filter(and_(spoken, waited <= PROMPT)),
            func.avg(func.extract("epoch", waited)).filter(spoken),
        ).where(Call.began_at >= start, Call.began_at < end)
    ).one()
    calls, answered, missed, prompt, wait = row
    over = answered + missed
    ringing = {"ringing": calls - over} if calls > over else {}
    return {
        "calls": calls,
        "connected_rate": Rate(answered, over, dict(ringing)),
        "answered_15s_rate": Rate(prompt, over, dict(ringing)),
        "average_wait_seconds": None if wait is None else round(float(wait), 1),
    }


def by_hour(uow: UnitOfWork, start: datetime, end: datetime) -> list[dict[str, int]]:
    """Calls, answered calls and tickets by hour of the day in Asia/Shanghai, 0 to 23."""
    calls = _hours(uow, Call.began_at, start, end)
    answered = _hours(uow, Call.began_at, start, end, Call.answered_at.is_not(None))
    tickets = _hours(uow, Ticket.created_at, start, end)
    return [
        {
            "hour": hour, "calls": calls.get(hour, 0), "answered": answered.get(hour, 0),
            "tickets": tickets.get(hour, 0),
        }
        for hour in range(24)
    ]  # fmt: skip


def _hours(
    uow: UnitOfWork, moment: Any, start: datetime, end: datetime, *more: Any
) -> dict[int, int]:
    hour = cast(func.extract("hour", func.timezone(_ZONE, moment)), Integer)
    query = select(hour, func.count()).where(moment >= start, moment < end, *more)
    return {row[0]: row[1] for row in uow.session.execute(query.group_by(hour))}
