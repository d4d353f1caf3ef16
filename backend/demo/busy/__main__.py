"""`make busy-hour`: 60 operators and 1,000 calls in an hour, over HTTP at the running demo.

    python -m backend.demo.busy [--operators 60] [--calls 1000] [--pace 6] [--seed 1]

Conversations go `pace` times as quick as people talk, so that an hour takes ten minutes and the
server gets so many times the work; the consoles' polls keep their real distance. Calls and
tickets stay in the demo's data: use an own DATA_DIR to keep them apart. Writes the figures into
the data folder, where the console's report page draws them.
"""

import argparse
import json
import os
import platform
import queue
import random
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import requests

from backend import config
from backend.app import compose
from backend.demo import environment, seed_hotline
from backend.demo.busy import exchange, hour, people
from backend.demo.busy.operator import Hour, Operator
from backend.domains.hotline.busy_hour import FILE
from backend.kernel import logs
from backend.kernel.services import Services


def run(
    services: Services, base: str, *, operators: int, calls: int, pace: float, seed: int = 1,
    key: str = seed_hotline.DEMO_KEY,
) -> hour.Outcome:  # fmt: skip
    """Let the hour pass at the server at `base`, which works on the database of `services`."""
    rows = seed_hotline.rows()
    shared = Hour(
        base=base, pace=pace, words=[row["words"] for row in rows], found=hour.Outcome(),
        free=queue.SimpleQueue(), began=time.perf_counter(), stop=threading.Event(),
    )  # fmt: skip
    crew = [
        Operator(shared, username, headers, seed * 1000 + place)
        for place, (username, headers) in enumerate(people.hire(services, operators))
    ]
    chance = random.Random(seed)  # noqa: S311 - draws of a simulation, no secret
    numbers = [row["phone"] for row in rows if "phone" in row]
    exchange.work(shared, crew, hour.arrivals(calls, chance), numbers=numbers, key=key)
    return shared.found


def main() -> int:
    """Simulate, and print what came out as JSON; 1 where anything was refused."""
    parser = argparse.ArgumentParser(prog="python -m backend.demo.busy")
    parser.add_argument("--operators", type=int, default=60)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--pace", type=float, default=6)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    logs.configure("ERROR")
    base = os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    try:
        requests.get(f"{base}/readyz", timeout=5).raise_for_status()
    except requests.RequestException:
        sys.stderr.write(f"nothing answers at {base}: start the demo first (make run)\n")
        return 2
    with environment.borrowed() as filled:
        services = compose(config.load(filled))
        try:
            found = run(
                services, base, operators=args.operators, calls=args.calls, pace=args.pace,
                seed=args.seed,
            )  # fmt: skip
        finally:
            services.db.dispose()
    measured_on = f"{datetime.now(UTC):%Y-%m-%d} {platform.machine()}"
    figures = hour.summary(
        found, operators=args.operators, pace=args.pace, measured_on=measured_on
    )  # fmt: skip
    text = json.dumps(figures, ensure_ascii=False, indent=1) + "\n"
    Path(filled["DATA_DIR"], FILE).write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    for what, count in sorted(found.failed.items()):
        sys.stderr.write(f"refused: {what} ({count})\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
