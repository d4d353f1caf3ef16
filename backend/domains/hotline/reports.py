"""Reports of the hotline: the three rates by department, category or street."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select, true

from backend.domains.dispatch.service import category_names
from backend.domains.hotline import limit_settings, rates, rates_rules
from backend.domains.hotline.board import shown
from backend.domains.hotline.model import Ticket
from backend.domains.organisation import service as organisation
from backend.kernel.access import Principal
from backend.kernel.clock import SHANGHAI
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork

PERMISSION = "reports.view"
MOST_DAYS = 366
GROUP_TEXT = {"department": "主办单位", "category": "类别", "street": "街道"}
_COLUMNS = {
    "department": Ticket.lead_unit_id, "category": Ticket.category_code,
    "street": Ticket.street_id,
}  # fmt: skip
_NOWHERE = {"department": "还没有派单", "category": "其他", "street": "位置不详"}


def make(uow: UnitOfWork, by: Principal, first: date, last: date, group: str) -> dict[str, Any]:
    """The rates of the tickets that came in on these days, by group, and of all of them.

    `tickets` counts all that came in, those that were never dispatched too. The busiest first.
    """
    if last < first or (last - first).days >= MOST_DAYS:
        text = f"起止日期最多相隔{MOST_DAYS}天"
        raise Invalid("bad_dates", detail=text, fields={"to": [text]})
    start, end = midnight(first), midnight(last + timedelta(days=1))
    wanted = rates.came_in(start, end) & within(by)
    column = _COLUMNS[group]
    counts: dict[Any, int] = {
        row[0]: row[1]
        for row in uow.session.execute(select(column, func.count()).where(wanted).group_by(column))
    }
    found = rates.by_group(uow, wanted, column)
    names = _names(uow, group, counts)
    rows = [
        _row(str(key or ""), names.get(key, _NOWHERE[group]), count, found.get(key))
        for key, count in counts.items()
    ]
    rows.sort(key=lambda row: (-row["tickets"], row["name"]))
    return {
        "from": first,
        "to": last,
        "group": group,
        "rows": rows,
        "total": _row("", "合计", sum(counts.values()), rates.live(uow, wanted)),
        "targets": limit_settings.targets(uow),
        "as_of": uow.now,
    }


def within(by: Principal) -> ColumnElement[bool]:
    """Tickets the viewer may count: all, or those of the own departments and streets."""
    departments = by.scope_ids(PERMISSION, "department")
    streets = by.scope_ids(PERMISSION, "street")
    if departments is None or streets is None:
        return true()
    ways: list[ColumnElement[bool]] = []
    if departments:
        ways.append(Ticket.lead_unit_id.in_(departments))
    if streets:
        ways.append(Ticket.street_id.in_(streets))
    return or_(false(), *ways)


def midnight(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def _row(key: str, name: str, count: int, found: rates.Rates | None) -> dict[str, Any]:
    of_group = found or rates_rules.rates([])
    parts = {one: shown(rate) for one, rate in of_group.items()}
    return {"id": key, "name": name, "tickets": count, **parts}


def _names(uow: UnitOfWork, group: str, keys: dict[Any, int]) -> dict[Any, str]:
    if group == "category":
        return dict(category_names(uow, [key for key in keys if key]))
    names: dict[UUID, str] = organisation.place_names(uow, group)
    return dict(names)
