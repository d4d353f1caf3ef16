"""What residents allow and take back, by template and day."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from datetime import time as day_time
from typing import Any

from backend.domains.messages import service
from backend.kernel.clock import SHANGHAI, local_date
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork
from notifications import consent_figures
from notifications.consent_figures import Balance, DayFigures, Wanted

MOST_DAYS = 92
_COUNTED = ("granted", "declined", "spent", "withdrawn", "lost")


def show(uow: UnitOfWork, since: date | None, until: date | None) -> dict[str, Any]:
    """The ledger of these days (the last 30 when none are named); `Invalid` for too many."""
    until = until or local_date(uow.now)
    since = since or until - timedelta(days=29)
    if not 0 <= (until - since).days < MOST_DAYS:
        text = f"开始日期要早于结束日期，最多 {MOST_DAYS} 天"
        raise Invalid("bad_days", title=text, fields={"from": [text]})
    start, end = _midnight(since), _midnight(until + timedelta(days=1))
    rows = consent_figures.by_day(uow.session, start, end)
    balances = consent_figures.balances(uow.session)
    wanted = consent_figures.wanted(uow.session, start, end)
    return {
        "from": since,
        "to": until,
        "as_of": uow.now,
        "templates": [
            _template(one, rows, balances, wanted)
            for one in service.subscribe_templates(uow.services)
        ],
        "days": _days(rows, since, until),
    }


def _template(
    template: dict[str, Any], rows: list[DayFigures], balances: dict[str, Balance],
    wanted: dict[str, Wanted],
) -> dict[str, Any]:  # fmt: skip
    own = [row for row in rows if row.template_id == template["template_id"]]
    left = balances.get(template["template_id"], Balance(0, 0, 0))
    sends = wanted.get(template["key"], Wanted(0, 0))
    return {
        "key": template["key"],
        "title": template["title"],
        "people": left.people,
        "grants": left.grants,
        "long_term": left.long_term,
        "wanted": sends.messages,
        "without": sends.without,
        **{name: sum(getattr(row, name) for row in own) for name in _COUNTED},
    }


def _days(rows: list[DayFigures], since: date, until: date) -> list[dict[str, Any]]:
    """Each day, also those on which nothing happened."""
    sums: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_COUNTED, 0))
    for row in rows:
        for name in _COUNTED:
            sums[row.day][name] += getattr(row, name)
    length = (until - since).days + 1
    return [{"day": day, **sums[day]} for day in (since + timedelta(days=n) for n in range(length))]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, day_time.min, SHANGHAI)
