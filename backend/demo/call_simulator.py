"""`make calls`: a telephone exchange that is none: calls ring at the demo's operator desk.

    python -m backend.demo.call_simulator [--calls 20] [--pause 30] [--ring 40] [--talk 240]

Posts CTI events over HTTP, as a real exchange would. A call that nobody picks up is missed; one
that an operator picked up on the soft phone ends after a while, unless the operator hung up.
"""

import argparse
import os
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

import requests

from backend.demo.seed_hotline import DEMO_KEY, rows

Post = Callable[[dict[str, Any]], str]
Sleep = Callable[[float], None]


def ring(post: Post, sleep: Sleep, number: str, *, ring_for: float, talk_for: float) -> str:
    """One call from ringing to its end; the state it ended in."""
    call_id = f"sim-{secrets.token_hex(6)}"

    def tell(event: str) -> str:
        return post({"event": event, "call_id": call_id, "number": number})

    tell("ringing")
    sleep(ring_for)
    # Told of a call that was picked up meanwhile, `missed` changes nothing.
    state = tell("missed")
    if state == "answered":
        sleep(talk_for)
        state = tell("ended")
    return state


def poster(base: str) -> Post:
    """Posts events to the backend at `base`; answers the state the call is in then."""

    def post(event: dict[str, Any]) -> str:
        answer = requests.post(
            f"{base}/cti/v1/events", json=event, headers={"X-Api-Key": DEMO_KEY}, timeout=10
        )
        answer.raise_for_status()
        return str(answer.json()["state"])

    return post


def main() -> int:
    """Ring until all calls are made."""
    parser = argparse.ArgumentParser(prog="python -m backend.demo.call_simulator")
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--pause", type=float, default=30)
    parser.add_argument("--ring", type=float, default=40)
    parser.add_argument("--talk", type=float, default=240)
    args = parser.parse_args()
    base = os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    numbers = [row["phone"] for row in rows() if "phone" in row]
    for place in range(args.calls):
        number = numbers[place * 7 % len(numbers)]
        state = ring(poster(base), time.sleep, number, ring_for=args.ring, talk_for=args.talk)
        sys.stdout.write(f"{number}: {state}\n")
        time.sleep(args.pause)
    return 0


if __name__ == "__main__":
    sys.exit(main())
