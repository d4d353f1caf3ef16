"""How well the finding of hot issues meets labelled events: a file in, one set of figures out."""

import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from backend.domains.insight import clustering, hot_rules
from backend.domains.insight.corpus import BODY, Text
from backend.kernel.jsonl import read_jsonl

# Data sets with made-up places write them as A市, A3区, K8县, 西地省.
_AREA = re.compile(r"[A-Z]\d*[市区县]|西地省")
_NARROW = re.compile(r"[A-Z]\d+[市区县]")
_PLACE_WITHIN = 150
READ_MOST = 2 * BODY
_DAY = timedelta(days=1)
_START = datetime(2000, 1, 1)


def text_of(row: dict[str, Any]) -> Text:
    """A message from its title, text and time; no other field is looked at."""
    title, body = str(row.get("title") or ""), str(row.get("text") or "")
    areas = _NARROW.findall(title) or _NARROW.findall(body[:_PLACE_WITHIN])
    return Text(
        title=_AREA.sub(" ", title),
        body=_AREA.sub(" ", body[:READ_MOST]),
        day=_day(row.get("time")),
        areas=frozenset(areas),
    )


def evaluate(path: Path) -> dict[str, float | int]:
    """Cluster the messages of `path` and compare with its events of the kind `event`.

    Raises ValueError for a file that is not JSONL or has no labelled message.
    """
    rows = list(read_jsonl(path))
    started = time.perf_counter()
    clusters = clustering.find([text_of(row) for row in rows])
    seconds = time.perf_counter() - started
    labels = [0] * len(rows)
    for label, cluster in enumerate(clusters):
        for member in cluster.members:
            labels[member] = label
    events = [row.get("event") if row.get("event_kind") == "event" else None for row in rows]
    found = hot_rules.scores(labels, events)
    return {
        "precision": round(found.precision, 4),
        "recall": round(found.recall, 4),
        "f1": round(found.f1, 4),
        "events": found.events,
        "events_found": found.events_found,
        "clusters": len(clusters),
        "seconds": round(seconds, 2),
    }


def _day(value: object) -> float:
    try:
        moment = datetime.fromisoformat(str(value).strip().replace("/", "-"))
    except ValueError:
        return 0.0
    return (moment.replace(tzinfo=None) - _START) / _DAY
