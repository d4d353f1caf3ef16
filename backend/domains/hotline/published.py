"""What anybody may know of the hotline: figures, rates, frequent questions, answers.

Of single tickets only consultations with a good end are shown, scrubbed of names and numbers;
never a confidential one, a complaint or a report about somebody.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from backend.domains.hotline import call_figures, precedents, publishing, rates, rules
from backend.domains.hotline.board import DAYS, day_start, shown
from backend.domains.hotline.kept import kept
from backend.domains.hotline.model import Ticket
from backend.domains.hotline.scrub import scrubbed
from backend.domains.knowledge import service as knowledge
from backend.domains.organisation import service as organisation
from backend.kernel.uow import UnitOfWork

MOST_FREQUENT, MOST_ANSWERED = 10, 10
_FRESH = {"test": 0.0}
#: A rate of so few tickets would tell how a single caller felt.
LEAST = 5
# With the numbers beside it anybody could do the sum.
_HIDDEN: dict[str, Any] = {
    "numerator": None, "denominator": None, "excluded": None, "reasons": [], "rate": None,
}  # fmt: skip


def show(uow: UnitOfWork) -> dict[str, Any]:
    """The public page; counted every five minutes at most."""
    seconds = _FRESH.get(uow.services.settings.environment, 300.0)
    return kept(uow.services).get("public", seconds, lambda: _show(uow))


def _show(uow: UnitOfWork) -> dict[str, Any]:
    start = day_start(uow.now) - timedelta(days=DAYS - 1)
    line = call_figures.line(uow, start, uow.now + timedelta(seconds=1))
    wanted = rates.came_in(start, None)
    row = uow.session.execute(
        select(func.count(), func.count().filter(Ticket.is_open)).where(wanted)
    ).one()
    closed = select(func.count()).where(
        Ticket.closed_at >= start, Ticket.state.in_((rules.CLOSED, rules.ARCHIVED))
    )
    found = {name: shown(rate) for name, rate in rates.live(uow, wanted).items()}
    return {
        "period_text": f"近{DAYS}天",
        "as_of": uow.now,
        "figures": {
            "calls": line["calls"],
            "connected_rate": line["connected_rate"].rate,
            "answered_15s_rate": line["answered_15s_rate"].rate,
            "tickets": row[0],
            "closed": uow.session.scalar(closed) or 0,
            "open": row[1],
        },
        "rates": {
            name: rate if rate["denominator"] >= LEAST else dict(_HIDDEN)
            for name, rate in found.items()
        },
        "frequent": knowledge.frequent(uow, MOST_FREQUENT),
        "answered": _answered(uow),
    }


def _answered(uow: UnitOfWork) -> list[dict[str, Any]]:
    names = organisation.place_names(uow, "department")
    rows = uow.session.scalars(
        select(Ticket)
        .where(precedents.fit(), Ticket.kind == publishing.PUBLISHED)
        .order_by(Ticket.closed_at.desc(), Ticket.id)
        .limit(MOST_ANSWERED * 5)
    ).all()
    return [
        {
            "id": row.id,
            "title": scrubbed(uow, row, row.title),
            "kind_text": rules.KIND_TEXT[row.kind],
            "reply": scrubbed(uow, row, row.reply_public),
            "unit_name": names.get(row.lead_unit_id, "") if row.lead_unit_id else "",
            "closed_at": row.closed_at,
        }
        for row in publishing.fit(uow, rows)[:MOST_ANSWERED]
    ]
