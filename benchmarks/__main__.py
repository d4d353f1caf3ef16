"""`make bench`: run every benchmark, write build/bench.json, print a table."""

import json
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import (
    bookings,
    campaigns,
    dispatch_claims,
    dispatch_live,
    dispatch_reads,
    growth,
    items_search,
    knowledge_search,
    messages,
    reads,
    rush,
    ticket_list,
    votes,
)
from benchmarks.place import place

REPORT = Path(__file__).parents[1] / "build" / "bench.json"


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    report: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    with place() as installation:
        suites: dict[str, Callable[[], Any]] = {
            "bookings": lambda: bookings.run(installation),
            "reads": lambda: reads.run(installation),
            "rush": lambda: rush.run(installation),
            "items_search": items_search.run,
            "knowledge_search": lambda: knowledge_search.run(installation),
            "messages": lambda: messages.run(installation),
            "campaigns": lambda: campaigns.run(installation),
            "dispatch_claims": lambda: dispatch_claims.run(installation),
            "dispatch_live": lambda: dispatch_live.run(installation),
            "dispatch_reads": lambda: dispatch_reads.run(installation),
            "ticket_list": lambda: ticket_list.run(installation),
            "votes": lambda: votes.run(installation),
            # Last: it fills the tables.
            "growth": lambda: growth.run(installation),
        }
        for name in names or list(suites):
            print(f"→ {name}", flush=True)
            report[name] = suites[name]()
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False))
    for name in names or list(suites):
        _show(name, report[name])
    print(f"\nwritten to {REPORT.relative_to(Path.cwd())}")
    return 0


def _show(title: str, found: dict[str, Any]) -> None:
    rows = {key: value for key, value in found.items() if isinstance(value, dict)}
    plain = {key: value for key, value in found.items() if not isinstance(value, dict)}
    if any(isinstance(inner, dict) for row in rows.values() for inner in row.values() if inner):
        nested = {
            k: v
            for k, v in rows.items()
            if any(isinstance(i, dict) and "p50_ms" in i for i in v.values())
        }
        for key, value in nested.items():
            _show(f"{title} · {key}", value)
        rows = {k: v for k, v in rows.items() if k not in nested}
    if rows or plain:
        print(f"\n{title}")
    for key, value in plain.items():
        print(f"  {key:<22} {value}")
    for key, row in rows.items():
        cells = "  ".join(f"{name} {value}" for name, value in row.items())
        print(f"  {key:<22} {cells}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
