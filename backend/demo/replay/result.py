"""What a replayed day looked like: read from the rows, so that anybody can recompute it."""

from datetime import datetime
from typing import Any

from sqlalchemy import text

from backend.kernel.services import Services

_QUERIES = {
    "response": """
        SELECT count(*) AS claimed,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY claimed_at - called_at) AS p50,
               percentile_cont(0.9) WITHIN GROUP (ORDER BY claimed_at - called_at) AS p90,
               percentile_cont(0.99) WITHIN GROUP (ORDER BY claimed_at - called_at) AS p99
        FROM event WHERE called_at >= :start AND called_at < :end AND claimed_at IS NOT NULL""",
    "states": """
        SELECT state, count(*) FROM event WHERE called_at >= :start AND called_at < :end
        GROUP BY state ORDER BY 2 DESC""",
    "escalations": """
        SELECT a.level, count(*) FROM event_attempt a JOIN event e ON e.id = a.event_id
        WHERE e.called_at >= :start AND e.called_at < :end AND a.outcome <> 'empty'
        GROUP BY a.level ORDER BY 2 DESC""",
    "clocks": """
        SELECT c.kind, count(*) AS all, count(*) FILTER (WHERE c.outcome = 'overdue') AS overdue
        FROM event_clock c JOIN event e ON e.id = c.event_id
        WHERE e.called_at >= :start AND e.called_at < :end AND c.outcome <> 'cancelled'
        GROUP BY c.kind ORDER BY 2 DESC""",
    "load": """
        SELECT count(*) AS people, min(n) AS least,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY n) AS median, max(n) AS most
        FROM (SELECT lead_id, count(*) AS n FROM event
              WHERE called_at >= :start AND called_at < :end AND lead_id IS NOT NULL
              GROUP BY lead_id) AS loads""",
}


def summary(services: Services, start: datetime, end: datetime) -> dict[str, Any]:
    """Response times (minutes), states, attempts by level, overdue clocks, load per worker."""
    with services.unit() as uow:
        found = {
            name: uow.session.execute(text(query), {"start": start, "end": end}).all()
            for name, query in _QUERIES.items()
        }
    response, load = found["response"][0], found["load"][0]
    clocks = {row.kind: {"all": row.all, "overdue": row.overdue} for row in found["clocks"]}
    total = sum(row["all"] for row in clocks.values())
    late = sum(row["overdue"] for row in clocks.values())
    return {
        "response_minutes": {
            "claimed": response.claimed,
            **{p: _minutes(getattr(response, p)) for p in ("p50", "p90", "p99")},
        },
        "states": {row[0]: row[1] for row in found["states"]},
        "asked_by_level": {row[0]: row[1] for row in found["escalations"]},
        "clocks": clocks,
        "overdue_share": round(late / total, 4) if total else 0.0,
        "load_per_worker": {
            "people": load.people, "least": load.least,
            "median": float(load.median or 0), "most": load.most,
        },
    }  # fmt: skip


def _minutes(span: Any) -> float | None:
    return None if span is None else round(span.total_seconds() / 60, 1)
