"""Whatever neighbours and staff do with places: never too many, nobody passed over, counts agree.

The short run is a sample; LONG=1 walks much longer and much more often.
"""

import os
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.domains.neighbourhood import activities, attendance, checking_in, rules, signups
from backend.domains.neighbourhood.model import Activity
from backend.kernel.clock import FixedClock
from backend.kernel.errors import DomainError
from tests.conftest import MONDAY_8
from tests.neighbourhood_world import World, check, make_world

EXAMPLES, STEPS = (250, 50) if os.environ.get("LONG") else (4, 16)
NAMES = "甲乙丙丁戊己庚辛"
who = st.sampled_from(NAMES)


class Places(RuleBasedStateMachine):
    """One activity with few places and many who want them, from publishing to settling."""

    world: World
    clock: FixedClock

    @initialize(places=st.integers(1, 3), waiting=st.integers(0, 4))
    def publish(self, places: int, waiting: int) -> None:
        self.clock.set(MONDAY_8)
        self.id = self.world.activity(places=places, most_waiting=waiting, check_in="place")
        self.given_up: list[str] = []

    def attempt(self, name: str, use: Any, *args: Any, **kwargs: Any) -> str:
        try:
            self.world.act(name, use, *args, **kwargs)
        except DomainError as refused:
            return refused.code
        return ""

    @rule(name=who)
    def sign_up(self, name: str) -> None:
        before = self.world.row(Activity, self.id)
        code = self.attempt(name, signups.sign_up, self.id)
        if code == "activity_full":
            assert before.taken == before.places or before.waiting
            assert before.waiting == before.most_waiting

    @rule(name=who)
    def cancel(self, name: str) -> None:
        self.attempt(name, signups.cancel, self.id)

    @rule(name=who)
    def accept(self, name: str) -> None:
        self.attempt(name, signups.accept, self.id)

    @rule(name=who)
    def check_in(self, name: str) -> None:
        here = {"latitude": 20.5, "longitude": 115.3, "system": "wgs84"}
        self.attempt(name, checking_in.check_in, self.id, here)

    @rule(hours=st.sampled_from((0.5, 2, 6, 12, 13, 24)))
    def wait(self, hours: float) -> None:
        self.world.at(self.clock.now() + timedelta(hours=hours))

    @rule(places=st.integers(1, 5), waiting=st.integers(0, 5))
    def edit(self, places: int, waiting: int) -> None:
        row = self.world.row(Activity, self.id)
        values = self.world.values(
            places=places, most_waiting=waiting, starts_at=row.starts_at, ends_at=row.ends_at,
            sign_up_from=row.sign_up_from, sign_up_until=row.sign_up_until,
        )  # fmt: skip
        self.attempt("fang", activities.edit, self.id, row.version, values)

    @precondition(lambda self: self.world.row(Activity, self.id).state == rules.ENDED)
    @rule(name=who, attended=st.booleans(), minutes=st.none() | st.integers(0, 200))
    def mark(self, name: str, attended: bool, minutes: int | None) -> None:
        with self.world.unit() as uow:
            found = signups.mine(uow, self.world.person(name), self.id)
        if found is not None:
            self.attempt(
                "fang", attendance.mark, self.id, found.id, attended=attended, minutes=minutes
            )

    @rule()
    def settle(self) -> None:
        self.attempt("fang", activities.settle, self.id)

    @invariant()
    def counts_and_line_agree(self) -> None:
        if hasattr(self, "id"):
            check(self.world, self.id)


def test_places_and_line_agree_whatever_is_tried(services, clock):
    Places.world, Places.clock = make_world(services), clock
    run_state_machine_as_test(
        Places,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
