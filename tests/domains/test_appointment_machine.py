"""Whatever is tried by whomever and whenever: no seat too many, no booking lost, nobody twice.

Hypothesis drives two halls through the booking engine with a clock that it moves itself. Beside the
tables it keeps a list of its own of what was promised to whom; after every step the two agree, and
a refusal has left everything as it was. `LONG=1` walks 100,000 steps.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text, update

from appointments import booking, door, moving, places, queue
from appointments.model import Appointment, Slot
from appointments.reconcile import mismatches
from appointments.rules import (
    AT_WINDOW,
    ENDS,
    LIVE,
    MOST_RESCHEDULES,
    RELEASED,
    Refused,
    State,
    Who,
)
from tests.appointments_world import NOW, World, make_hall

LONG = bool(os.environ.get("LONG"))
WALKS, STEPS = (1_200, 100) if LONG else (15, 60)
PEOPLE = [uuid4() for _ in range(6)]
ITEMS = {"shebao": [uuid4(), uuid4()], "huji": [uuid4()]}
DONE: Counter[str] = Counter()
# What a walk must have come to, or it shows little.
WANTED = (
    "book", "reschedule", "cancel", "check_in", "call", "start", "book: slot_full",
    "book: already_booked", "hall_cancel", "finish", "skip", "close_day", "no_show",
    "reschedule: slot_full", "reschedule: already_booked",
)  # fmt: skip
# What is tried, the likely things more often. One rule for all of them, and dice for the rest:
# Hypothesis leaves whole rules out of a walk and likes small numbers, and a hall where nobody books
# is soon told.
TRIED = (
    *("book",) * 6, *("reschedule",) * 3, *("cancel",) * 2, "the_hall_cancels", "does_not_come",
    *("comes",) * 3, "comes_without_booking", "is_sent_on", *("is_called",) * 3, *("at_the_window",) * 4, "the_day_ends",
    "a_time_is_closed", *("time_passes",) * 2,
)  # fmt: skip
FITS = {
    State.CALLED: ("start", "start", "skip"),
    State.SERVING: ("finish", "finish", "park"),
    State.PARKED: ("finish", "skip"),
    State.SKIPPED: ("requeue", "no_show"),
}
AT_THE_WINDOW = ("skip", "requeue", "start", "finish", "no_show", "park")


class Machine(RuleBasedStateMachine):
    """Two halls, two days, slots of two places, six people who want the same."""

    db: Any
    tried: tuple[str, ...] = TRIED

    @initialize(batches=st.booleans(), seed=st.integers(0, 2**32))
    def begin(self, batches: bool, seed: int) -> None:
        self.dice = random.Random(seed)
        self.db.restart()
        self.session = self.db.session()
        self.now = NOW - timedelta(hours=2)
        limits = {"early_check_in_minutes": 60 * 24, "lead_minutes": 0, "cancel_minutes": 0}
        self.halls: list[World] = [
            make_hall(self.session, code=f"hall-{turn}", days_ahead=1, now=self.now, **limits)
            for turn in range(2)
        ]
        slots = select(Slot.id).order_by(Slot.start_at, Slot.hall_id, Slot.group_code)
        self.slots = list(self.session.scalars(slots))
        if batches:
            # One place of two at first, the rest an hour later.
            rest = {"first_places": 1, "rest_at": self.now + timedelta(hours=1)}
            self.session.execute(update(Slot).values(**rest))
        self.promised: dict[UUID, State] = {}
        self.moved: Counter[UUID] = Counter()
        self.prepare()

    def prepare(self) -> None:
        """What another machine adds to the beginning."""

    def attempt(self, name: str, use: Callable[[], Any]) -> Any:
        """Do it; a refusal must leave everything as it was."""
        before = self.picture()
        try:
            made = use()
        except Refused as refused:
            DONE[f"{name}: {refused.code}"] += 1
            assert self.picture() == before, (name, refused.code)
            return None
        DONE[name] += 1
        return made

    def picture(self) -> Any:
        """Everything that a refusal could have changed."""
        self.session.flush()
        return self.session.execute(
            text(
                "SELECT (SELECT string_agg(concat(id, booked, held, capacity, closed), ',' ORDER BY"
                " id) FROM slot), (SELECT string_agg(concat(id, state, version, slot_id), ','"
                " ORDER BY id) FROM appointment),"
                " (SELECT string_agg(concat(id, state), ',' ORDER BY id) FROM slot_offer),"
                " (SELECT string_agg(concat(id, state, lapses), ',' ORDER BY id) FROM"
                " waitlist_entry)"
            )
        ).one()

    def row(self, pick: int, *states: State) -> Appointment | None:
        """Some appointment, rather one in these states than another."""
        known = [key for key, state in self.promised.items() if not states or state in states]
        known = known or list(self.promised)
        if not known:
            return None
        return self.session.get_one(Appointment, known[pick % len(known)], populate_existing=True)

    def change(self, name: str, row: Appointment | None, use: Callable[[Any], Any]) -> None:
        """Move one appointment, and note where it stands now."""
        if row is None:
            return
        done = self.attempt(name, lambda: use(row))
        if done is not None:
            self.promised[row.id] = done.after

    @rule()
    def step(self) -> None:
        DONE["step"] += 1
        pick, other = self.dice.randrange(10_000), self.dice.randrange(10_000)
        getattr(self, self.dice.choice(self.tried))(pick, other)

    def book(self, pick: int, other: int) -> None:
        who = PEOPLE[other % len(PEOPLE)]
        slot = self.session.get_one(Slot, self.slots[pick % len(self.slots)])
        wanted = ITEMS[slot.group_code]

        def use() -> booking.Booking:
            return booking.book(
                self.session, appointment_id=uuid4(), slot_id=slot.id, person_key=who,
                item_key=wanted[other % len(wanted)], group_code=slot.group_code,
                channels=("online",), now=self.now, details={"item_name": "社会保障卡挂失"},
            )  # fmt: skip

        made = self.attempt("book", use)
        if made is not None:
            self.promised[made.appointment.id] = State.BOOKED

    def reschedule(self, pick: int, other: int) -> None:
        row = self.row(pick, State.BOOKED)
        if row is None:
            return
        target = self.slots[other % len(self.slots)]
        self.session.get_one(Slot, target, populate_existing=True)
        before = row.slot_id

        def use() -> Any:
            return moving.reschedule(self.session, row, target, channels=("online",), now=self.now)

        done = self.attempt("reschedule", use)
        if done is not None:
            self.moved[row.id] += 1
            assert (done.from_slot, row.slot_id) == (before, target)
            assert done.change.after is State.BOOKED

    def cancel(self, pick: int, _: int) -> None:
        row = self.row(pick, State.BOOKED)
        self.change("cancel", row, lambda one: booking.cancel(self.session, one, self.now))

    def the_hall_cancels(self, pick: int, _: int) -> None:
        row = self.row(pick)
        self.change(
            "hall_cancel", row, lambda one: booking.hall_cancel(self.session, one, self.now)
        )

    def does_not_come(self, pick: int, _: int) -> None:
        row = self.row(pick, State.BOOKED, State.SKIPPED)
        self.change("no_show", row, lambda one: booking.expire(self.session, one, self.now))

    def comes(self, pick: int, _: int) -> None:
        row = self.row(pick, State.BOOKED)
        self.change(
            "check_in", row, lambda one: queue.check_in(self.session, one, Who.STAFF, self.now)
        )

    def comes_without_booking(self, pick: int, other: int) -> None:
        hall = self.halls[pick % 2].hall.id
        group = ("shebao", "huji")[other % 2]
        who = PEOPLE[other % len(PEOPLE)] if pick % 3 else None
        item = ITEMS[group][pick % len(ITEMS[group])] if who else None

        def use() -> Any:
            return door.walk_in(
                self.session, appointment_id=uuid4(), hall_id=hall, group_code=group, now=self.now,
                person_key=who, item_key=item, details={"item_name": "社会保障卡挂失"},
            )  # fmt: skip

        made = self.attempt("walk_in", use)
        if made is not None:
            assert made.appointment.slot_id is None
            self.promised[made.appointment.id] = made.after

    def is_sent_on(self, pick: int, other: int) -> None:
        row = self.row(pick, State.CHECKED_IN, State.CALLED, State.SERVING)
        windows = self.halls[pick % 2].windows
        there: Any = {"window_id": windows[other % len(windows)].id}
        if other % 3 == 0:
            there = {"group_code": ("shebao", "huji")[other % 2]}
        self.change(
            "transfer", row, lambda one: queue.transfer(self.session, one, self.now, **there)
        )

    def is_called(self, pick: int, other: int) -> None:
        windows = self.halls[other % 2].windows
        window = windows[pick % len(windows)].id
        done = self.attempt("call", lambda: queue.call(self.session, window, self.now))
        if done is not None:
            self.promised[done.appointment.id] = done.after

    def at_the_window(self, pick: int, other: int) -> None:
        row = self.row(pick, State.CALLED, State.SKIPPED, State.SERVING, State.PARKED)
        if row is None:
            return
        fits = FITS.get(State(row.state), ()) if other % 4 else ()
        what = self.dice.choice(fits or AT_THE_WINDOW)
        use = getattr(queue, what)
        self.change(what, row, lambda one: use(self.session, one, self.now))

    def the_day_ends(self, pick: int, _: int) -> None:
        row = self.row(pick, *(LIVE - {State.BOOKED}))
        self.change("close_day", row, lambda one: queue.close_day(self.session, one, self.now))

    def a_time_is_closed(self, pick: int, other: int) -> None:
        slot = self.slots[pick % len(self.slots)]
        self.session.execute(update(Slot).where(Slot.id == slot).values(closed=other % 3 == 0))
        self.session.expire_all()

    def time_passes(self, pick: int, _: int) -> None:
        self.now += timedelta(minutes=pick % 20)

    @invariant()
    def no_seat_too_many_and_none_lost(self) -> None:
        if not hasattr(self, "promised"):
            return
        self.session.flush()
        assert mismatches(self.session) == []
        held = Counter(
            self.session.scalars(
                select(Appointment.slot_id).where(
                    Appointment.state.not_in([state.value for state in RELEASED])
                )
            )
        )
        for slot, capacity, booked, kept in self.session.execute(
            select(Slot.id, Slot.capacity, Slot.booked, Slot.held)
        ):
            assert booked == held[slot]
            assert 0 <= booked + kept <= capacity

    @invariant()
    def every_promise_stands(self) -> None:
        if not hasattr(self, "promised"):
            return
        rows = self.session.execute(
            select(Appointment.id, Appointment.state, Appointment.rescheduled, Appointment.ended_at)
        ).all()
        assert {row.id: State(row.state) for row in rows} == self.promised
        for row in rows:
            assert row.rescheduled == self.moved[row.id] <= MOST_RESCHEDULES
            assert (row.ended_at is not None) == (State(row.state) in ENDS)

    @invariant()
    def nobody_twice(self) -> None:
        if not hasattr(self, "promised"):
            return
        keys = (Appointment.person_key, Appointment.item_key, Appointment.day)
        live = Appointment.state.in_([state.value for state in LIVE])
        at_window = Appointment.state.in_([state.value for state in AT_WINDOW])
        for query in (
            select(func.count()).where(live).group_by(*keys),
            select(func.count()).where(at_window).group_by(Appointment.window_id),
            select(func.count())
            .where(live)
            .group_by(Appointment.hall_id, Appointment.check_in_code),
        ):
            assert set(self.session.scalars(query)) <= {1}

    @invariant()
    def a_slot_gives_no_more_than_was_released(self) -> None:
        if not hasattr(self, "promised"):
            return
        early = select(Slot.id).where(Slot.rest_at > self.now, Slot.booked + Slot.held > 1)
        assert not list(self.session.scalars(early))

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.rollback()
            self.session.close()


def walk(walks: int, steps: int, machine: type[Machine] = Machine) -> None:
    """So many walks of so many steps."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            # A failing walk is short enough to read; making it shorter takes minutes.
            phases=(Phase.explicit, Phase.generate),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_no_seat_is_lost_or_doubled(db: Any) -> None:
    Machine.db = db
    DONE.clear()
    walk(WALKS, STEPS)
    assert DONE["step"] >= (100_000 if LONG else 500)
    for name in WANTED if LONG else WANTED[:4]:
        assert DONE[name], (name, DONE)


def test_the_machine_finds_a_place_that_is_not_given_back(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: if this passes in silence, the test above shows nothing."""
    Machine.db = db
    monkeypatch.setattr(places, "give_back", lambda *_: None)
    with pytest.raises(AssertionError):
        walk(20, 40)


def test_the_machine_finds_a_place_that_is_sold_twice(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the count of the taken nor the look before it holds anybody back."""
    Machine.db = db
    monkeypatch.setattr(places, "take", lambda *_: True)
    with pytest.raises(AssertionError):
        walk(20, 40)
