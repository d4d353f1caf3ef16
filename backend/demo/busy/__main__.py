"""`make busy-hour`: 60 operators and 1,000 calls in an hour, on the demo's data.

    python -m backend.demo.busy [--operators 60] [--calls 1000] [--threads 4] [--seed 1]

Writes the figures into the data folder, where the console's report page draws them.
"""

import argparse
import json
import platform
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from backend import config
from backend.app import compose
from backend.demo import environment, seed
from backend.demo.busy import hour
from backend.demo.busy.work import Work
from backend.domains.hotline.busy_hour import FILE
from backend.kernel import logs


def main() -> int:
    """Simulate, and print what came out as JSON."""
    parser = argparse.ArgumentParser(prog="python -m backend.demo.busy")
    parser.add_argument("--operators", type=int, default=60)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    logs.configure("ERROR")
    chance = random.Random(args.seed)  # noqa: S311 - draws of a simulation, no secret
    with environment.borrowed() as filled:
        services = compose(config.load(filled))
        try:
            seed.seed(services, lambda text: None)
            now = datetime.now(UTC)
            work = Work(services, now, chance)
            found = hour.simulate(
                work.measure, operators=args.operators, calls=args.calls,
                threads=args.threads, chance=chance,
            )  # fmt: skip
        finally:
            services.db.dispose()
    figures = hour.summary(
        found, operators=args.operators, measured_on=f"{now:%Y-%m-%d} {platform.machine()}"
    )
    text = json.dumps(figures, ensure_ascii=False, indent=1) + "\n"
    Path(filled["DATA_DIR"], FILE).write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
