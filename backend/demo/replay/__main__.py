"""`make replay`: a day of the demo district in the demo's data; `make run` then draws it.

    python -m backend.demo.replay [--events 2000] [--workers 120] [--incident 500] [--seed 1]

The day is yesterday. Use an own DATA_DIR to keep it apart from the demo you play with.
"""

import argparse
import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta

from backend import config
from backend.app import compose
from backend.demo import environment, seed
from backend.demo.replay import result, world
from backend.demo.replay.categories import leaves, pipe
from backend.demo.replay.day import Day
from backend.demo.replay.incident import BurstPipe
from backend.kernel import logs
from backend.kernel.clock import SHANGHAI, FixedClock


def _say(text: str) -> None:
    sys.stderr.write(f"→ {text}\n")


def main() -> int:
    """Replay, and print what came out as JSON."""
    parser = argparse.ArgumentParser(prog="python -m backend.demo.replay")
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=120)
    parser.add_argument("--incident", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    logs.configure("ERROR")
    chance = random.Random(args.seed)  # noqa: S311 - draws of a simulation, no secret
    today = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - timedelta(days=1)
    with environment.borrowed() as filled:
        clock = FixedClock(start.astimezone(UTC))
        services = compose(config.load(filled), clock=clock)
        try:
            seed.seed(services, _say)
            people = world.build(services, workers=args.workers, residents=400, chance=chance)
            day = Day(services, clock, people, chance)
            day.calls(start, args.events, leaves(services))
            if args.incident:
                many = world.people(services, args.incident)
                BurstPipe(day, pipe(services), many).begin(start + timedelta(hours=14))
            began = time.perf_counter()
            day.run(today)
            seconds = time.perf_counter() - began
            found = result.summary(services, start, today)
        finally:
            services.db.dispose()
    found["transactions"] = day.tally.transactions
    found["lost_claims"] = day.tally.lost_claims
    found["refused"] = day.tally.refused
    found["seconds"] = round(seconds, 1)
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
