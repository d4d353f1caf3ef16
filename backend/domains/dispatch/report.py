"""The daily report and the heat map, computed from events, clocks, attempts and the trace."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Numeric, and_, cast, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from backend.domains.dispatch import card_view, ports, rules
from backend.domains.dispatch.desk import midnight
from backend.domains.dispatch.model import Event, EventAttempt, EventCaller, EventClock
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.grid import service as grid
from backend.domains.grid.service import from_wgs84
from backend.domains.organisation import service as organisation
from backend.kernel.access import Principal
from backend.kernel.clock import SHANGHAI, local_date
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.trace import TraceEntry
from backend.kernel.uow import UnitOfWork

PERMISSION = "reports.view"
MOST_DAYS = 366
MOST_POINTS = 2000
# Minutes from the call to the claim: up to and including …
BUCKETS = (
    (5, "5分钟内"),
    (15, "5-15分钟"),
    (30, "15-30分钟"),
    (60, "30-60分钟"),
    (None, "1小时以上"),
)
_TAKEN = ("claim", "accept")


def daily(
    uow: UnitOfWork, by: Principal, day: date | None, street_id: UUID | None
) -> dict[str, Any]:
    """A day (today by default) in numbers, of one street or of all within reach."""
    day = day or local_date(uow.now)
    start, end = midnight(day), midnight(day + timedelta(days=1))
    here = _within(uow, by, street_id)
    called = and_(Event.called_at >= start, Event.called_at < end, here)
    waits = _waits(uow, called)
    return {
        "date": day,
        "called": _count(uow, called),
        "closed": _count(uow, and_(Event.closed_at >= start, Event.closed_at < end,
                                   Event.state == rules.CLOSED, here)),
        "open_now": _count(uow, and_(Event.is_open, here)),
        "response": _response(waits),
        "escalations": _escalations(uow, start, end, here),
        "overdue": _overdue(uow, start, end, here),
        "by_category": _by_category(uow, called),
        "by_street": _by_street(uow, called),
        "load": _load(uow, start, end, here),
        "satisfaction": _satisfaction(uow, start, end, here),
        "hours": _hours(uow, called, start, end, here),
    }  # fmt: skip


def heat(uow: UnitOfWork, by: Principal, query: dict[str, Any]) -> dict[str, Any]:
    """Calls of some days by cell and by square of about 100 m."""
    first, last, category = query["from_"], query["to"], query["category"]
    if last < first or (last - first).days >= MOST_DAYS:
        text = f"起止日期最多相隔{MOST_DAYS}天"
        raise Invalid("bad_dates", detail=text, fields={"to": [text]})
    wanted = and_(
        Event.called_at >= midnight(first),
        Event.called_at < midnight(last + timedelta(days=1)),
        Event.state != rules.CANCELLED,
        _within(uow, by, None),
    )
    if category:
        below = select(EventCategory.code).where(EventCategory.parent_code == category)
        fits = or_(Event.category_code == category, Event.category_code.in_(below))
        wanted = and_(wanted, fits)
    counted = uow.session.execute(
        select(Event.cell_id, func.count())
        .where(wanted, Event.cell_id.is_not(None))
        .group_by(Event.cell_id)
        .order_by(func.count().desc())
    )
    cells = [(cell, count) for cell, count in counted if cell]
    names = grid.area_names(uow, [cell for cell, _ in cells])
    north = func.round(cast(Event.latitude, Numeric), 3)
    east = func.round(cast(Event.longitude, Numeric), 3)
    points = uow.session.execute(
        select(north, east, func.count())
        .where(wanted, Event.latitude.is_not(None))
        .group_by(north, east)
        .order_by(func.count().desc())
        .limit(MOST_POINTS)
    )
    return {
        "cells": [
            {"cell_id": row[0], "name": names.get(row[0], ""), "count": row[1]} for row in cells
        ],
        "points": [
            [*from_wgs84(float(row[0]), float(row[1]), query["system"]), float(row[2])]
            for row in points
        ],
    }


def _within(uow: UnitOfWork, by: Principal, street_id: UUID | None) -> ColumnElement[bool]:
    """The events the report may count; a street out of reach looks like none."""
    streets = by.scope_ids(PERMISSION, "street")
    if street_id is not None:
        known = organisation.place_names(uow, "street")
        if street_id not in known or (streets is not None and street_id not in streets):
            raise NotFound("street_unknown", title="没有找到这个街道", action="请重新选择")
        return Event.street_id == street_id
    return true() if streets is None else Event.street_id.in_(streets)


def _count(uow: UnitOfWork, wanted: ColumnElement[bool]) -> int:
    return uow.session.scalar(select(func.count()).select_from(Event).where(wanted)) or 0


def _first_taken() -> Any:
    """When an event was first taken on, whoever gave it back later; from its trace."""
    return (
        select(func.min(TraceEntry.at))
        .where(
            TraceEntry.subject_kind == "event",
            TraceEntry.subject_id == Event.id,
            TraceEntry.action.in_(_TAKEN),
        )
        .correlate(Event)
        .scalar_subquery()
    )


def _waits(uow: UnitOfWork, called: ColumnElement[bool]) -> list[float]:
    """Minutes from call to claim of the day's events that were claimed, the shortest first."""
    rows = uow.session.execute(select(Event.called_at, _first_taken()).where(called))
    return sorted(
        max(0.0, (taken - called_at).total_seconds() / 60) for called_at, taken in rows if taken
    )


def _response(waits: Sequence[float]) -> dict[str, Any]:
    counts = [0] * len(BUCKETS)
    for minutes in waits:
        place = next(n for n, (most, _) in enumerate(BUCKETS) if most is None or minutes <= most)
        counts[place] += 1
    return {
        "p50_minutes": _percentile(waits, 0.5),
        "p90_minutes": _percentile(waits, 0.9),
        "buckets": [
            {"label": label, "count": count}
            for (_, label), count in zip(BUCKETS, counts, strict=True)
        ],
    }


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share does not exceed."""
    if not ordered:
        return None
    place = max(0, -int(-len(ordered) * share // 1) - 1)
    return round(ordered[place], 1)


def _escalations(
    uow: UnitOfWork, start: datetime, end: datetime, here: ColumnElement[bool]
) -> list[dict[str, Any]]:
    """Events for which a level was asked after another one had been, by level."""
    before = aliased(EventAttempt)
    passed = exists().where(
        before.event_id == EventAttempt.event_id,
        before.at < EventAttempt.at,
        before.level != EventAttempt.level,
        before.outcome != "empty",
    )
    rows = uow.session.execute(
        select(EventAttempt.level, func.count(EventAttempt.event_id.distinct()))
        .join(Event, Event.id == EventAttempt.event_id)
        .where(
            EventAttempt.at >= start, EventAttempt.at < end, EventAttempt.outcome != "empty",
            passed, here,
        )
        .group_by(EventAttempt.level)
    ).all()  # fmt: skip
    counts = {row[0]: row[1] for row in rows}
    return [
        {"level_text": text, "count": counts.get(level, 0)}
        for level, text in rules.LEVEL_TEXT.items()
        if level != rules.WORKER
    ]


def _late(now: datetime) -> ColumnElement[bool]:
    running = and_(
        EventClock.outcome == "running", EventClock.paused_at.is_(None), EventClock.due_at < now
    )
    return or_(EventClock.outcome == "overdue", running)


def _overdue(
    uow: UnitOfWork, start: datetime, end: datetime, here: ColumnElement[bool]
) -> dict[str, Any]:
    """Of the clocks whose limit fell on the day and has passed or been met."""
    row = uow.session.execute(
        select(func.count(), func.count().filter(_late(uow.now)))
        .select_from(EventClock)
        .join(Event, Event.id == EventClock.event_id)
        .where(
            EventClock.due_at >= start,
            EventClock.due_at < end,
            or_(EventClock.stopped_at.is_not(None), EventClock.due_at < uow.now),
            EventClock.outcome != "cancelled",
            here,
        )
    ).one()
    return {"share": round(row[1] / row[0], 4) if row[0] else 0.0, "count": row[1], "of": row[0]}


def _groups(uow: UnitOfWork, key: Any, called: ColumnElement[bool]) -> list[Any]:
    late = exists().where(EventClock.event_id == Event.id, _late(uow.now))
    query = (
        select(
            key,
            func.count(),
            func.count().filter(Event.state == rules.CLOSED),
            func.count().filter(late),
        )
        .where(called)
        .group_by(key)
        .order_by(func.count().desc())
    )
    return list(uow.session.execute(query))


def _by_category(uow: UnitOfWork, called: ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = _groups(uow, Event.category_code, called)
    names = card_view.category_names(uow, [row[0] for row in rows])
    return [
        {
            "code": row[0],
            "name": names.get(row[0], card_view.OTHER_TEXT),
            "count": row[1],
            "closed": row[2],
            "overdue": row[3],
        }
        for row in rows
    ]


def _by_street(uow: UnitOfWork, called: ColumnElement[bool]) -> list[dict[str, Any]]:
    names = organisation.place_names(uow, "street")
    return [
        {
            "id": row[0],
            "name": names.get(row[0], "位置不详") if row[0] else "位置不详",
            "count": row[1],
            "closed": row[2],
            "overdue": row[3],
        }
        for row in _groups(uow, Event.street_id, called)
    ]


def _load(
    uow: UnitOfWork, start: datetime, end: datetime, here: ColumnElement[bool]
) -> list[dict[str, Any]]:
    """Whoever disposed of something that day or has something open now, the busiest first."""
    handled = uow.session.execute(
        select(Event.disposer_id, func.count())
        .where(Event.disposed_at >= start, Event.disposed_at < end, here)
        .group_by(Event.disposer_id)
    )
    done = {row[0]: row[1] for row in handled if row[0]}
    leads = uow.session.execute(
        select(Event.lead_id, func.count())
        .where(Event.is_open, Event.lead_id.is_not(None), here)
        .group_by(Event.lead_id)
    )
    open_ = {row[0]: row[1] for row in leads if row[0]}
    cards = ports.staff(uow, {*done, *open_})
    found = [
        {"staff_name": card.name, "handled": done.get(id_, 0), "open": open_.get(id_, 0)}
        for id_, card in cards.items()
    ]
    found.sort(key=lambda row: (-int(str(row["handled"])), -int(str(row["open"]))))
    return found


def _satisfaction(
    uow: UnitOfWork, start: datetime, end: datetime, here: ColumnElement[bool]
) -> dict[str, Any]:
    row = uow.session.execute(
        select(func.avg(EventCaller.score), func.count(EventCaller.score))
        .join(Event, Event.id == EventCaller.event_id)
        .where(EventCaller.rated_at >= start, EventCaller.rated_at < end, here)
    ).one()
    return {"average": round(float(row[0]), 2) if row[0] is not None else None, "rated": row[1]}


def _hours(
    uow: UnitOfWork,
    called: ColumnElement[bool],
    start: datetime,
    end: datetime,
    here: ColumnElement[bool],
) -> list[dict[str, Any]]:
    """Calls and claims by hour of the day; a claim counts where it happened."""
    calls, claims = [0] * 24, [0] * 24
    for moment in uow.session.scalars(select(Event.called_at).where(called)):
        calls[moment.astimezone(SHANGHAI).hour] += 1
    taken = (
        select(TraceEntry.at)
        .join(Event, Event.id == TraceEntry.subject_id)
        .where(
            TraceEntry.subject_kind == "event",
            TraceEntry.action.in_(_TAKEN),
            TraceEntry.at >= start,
            TraceEntry.at < end,
            # Nothing is claimed long after it was called: the index on calls bounds the search.
            Event.called_at >= start - timedelta(days=MOST_DAYS),
            Event.called_at < end,
            here,
        )
    )
    for moment in uow.session.scalars(taken):
        claims[moment.astimezone(SHANGHAI).hour] += 1
    return [{"hour": hour, "called": calls[hour], "claimed": claims[hour]} for hour in range(24)]
