"""The demo's hotline: tickets in every state, calls, and the key of the simulated exchange.

Each ticket goes through the real use cases at the moments it would have happened, by a clock set
for it; limits that passed meanwhile pass at their own moment. Only messages are left out. An
installation that has tickets is left alone.
"""

import json
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from backend.demo.district import DATA
from backend.demo.history import Past
from backend.demo.seed_dispatch import Stage
from backend.demo.seed_knowledge import article_key
from backend.demo.ticket_story import Story
from backend.domains.hotline import (
    call_rules,
    calls,
    cti_keys,
    deadlines,
    precedents,
    rates_rules,
)
from backend.domains.hotline.desk_model import Agent, Call, CtiKey
from backend.domains.hotline.model import RateTarget, Ticket
from backend.kernel.clock import SHANGHAI
from backend.kernel.events import EventBus
from backend.kernel.ids import new_id
from backend.kernel.services import Services

#: Works in the demo only: production never runs this seed.
DEMO_KEY = "demo-cti-key-of-the-simulated-exchange"
OPERATORS = ("hanmei", "wangqing")
#: What the demo district wants the three rates to reach.
TARGETS = {rates_rules.RESPONSE: 0.98, rates_rules.SOLVED: 0.9, rates_rules.SATISFIED: 0.92}
# Calls of the last days beside those that made a ticket.
_DAYS, _CALLS_A_DAY = 30, 14


def seed(services: Services) -> None:
    """The key, calls and tickets, unless there is a ticket already."""
    with services.unit() as uow:
        if not uow.session.scalar(select(exists(select(CtiKey.id)))):
            cti_keys.issue(uow, "演示用的模拟话务", DEMO_KEY)
        if uow.session.scalar(select(exists(select(Ticket.id)))):
            return
        uow.session.add_all([RateTarget(rate=rate, target=one) for rate, one in TARGETS.items()])
    bus = EventBus()
    # Precedents are found from a ticket's end on; everything else stays silent.
    precedents.subscribe(bus)
    muted = replace(services, events=bus)
    Desk(Stage(muted), services.clock.now(), Past(muted, deadlines.register)).play()


@cache
def rows() -> list[dict[str, Any]]:
    """The data file."""
    found: list[dict[str, Any]] = json.loads((DATA / "tickets.json").read_text(encoding="utf-8"))
    return found


@dataclass
class Desk:
    """Plays calls and tickets."""

    stage: Stage
    now: datetime
    past: Past

    def play(self) -> None:
        """The oldest ticket first, duplicates after what they are merged into."""
        articles = article_key(self.stage.services)
        made: dict[str, UUID] = {}
        ordered = sorted(rows(), key=lambda row: ("into" in row, -row["hours"]))
        for number, row in enumerate(ordered):
            call_id = self._call(row, number) if _rang(row) else None
            story = Story(self.stage, self.past, row, self.now, articles, made, call_id)
            made[row["key"]] = story.tell()
        self.past.until(self.now)
        self._other_calls()
        self._ready()

    def _call(self, row: dict[str, Any], number: int) -> UUID:
        """The telephone call a ticket came in by."""
        began = self.now - timedelta(hours=row["hours"], minutes=6)
        agent = OPERATORS[number % len(OPERATORS)]
        told = {"call_id": f"demo-{row['key']}", "number": row["phone"], "agent": agent}
        for event, seconds in ((call_rules.RINGING, 0), (call_rules.ANSWERED, 4 + number % 9),
                               (call_rules.ENDED, 340)):  # fmt: skip
            moment = began + timedelta(seconds=seconds)
            with self.stage.at(moment, self.stage.staff(agent).actor) as uow:
                call_id = calls.tell(uow, event=event, at=moment, **told).id
        return call_id

    def _other_calls(self) -> None:
        """Questions answered at once and calls that nobody took, by hours of the day."""
        chance = random.Random(12345)  # noqa: S311 - a demo's dice
        with self.stage.services.unit() as uow:
            agents = [self.stage.staff(name).actor.id for name in OPERATORS]
            for day in range(_DAYS):
                midnight = (self.now - timedelta(days=day)).astimezone(SHANGHAI)
                midnight = midnight.replace(hour=0, minute=0, second=0, microsecond=0)
                for _ in range(_CALLS_A_DAY):
                    hour = chance.choice((8, 9, 9, 10, 10, 11, 14, 15, 15, 16, 17, 19, 21))
                    began = midnight + timedelta(hours=hour, seconds=chance.randrange(3600))
                    if began > self.now - timedelta(minutes=20):
                        continue
                    missed = chance.random() < 0.04
                    wait = timedelta(seconds=chance.choice((3, 4, 5, 6, 8, 9, 11, 13, 22)))
                    talk = timedelta(seconds=chance.randrange(60, 600))
                    uow.session.add(
                        Call(
                            id=new_id(),
                            external_id=f"demo-{day}-{began:%H%M%S}-{chance.randrange(10**6)}",
                            source="cti",
                            state=call_rules.MISSED if missed else call_rules.ENDED,
                            agent_id=None if missed else chance.choice(agents),
                            began_at=began,
                            rang_at=began,
                            answered_at=None if missed else began + wait,
                            ended_at=began + wait + (timedelta() if missed else talk),
                        )
                    )

    def _ready(self) -> None:
        """The operators are there."""
        with self.stage.services.unit() as uow:
            for name in OPERATORS:
                staff_id = self.stage.staff(name).actor.id
                uow.session.merge(Agent(staff_id=staff_id, state=call_rules.READY, since=self.now))


def _rang(row: dict[str, Any]) -> bool:
    return bool(row.get("source", "phone") == "phone")
