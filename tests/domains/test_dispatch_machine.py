"""Whatever is tried by whomever and whenever: refused without a trace, or one step of the table.

Hypothesis drives one event through the services with a clock that it moves itself. After every
step the event, its trace and its clocks agree; at the end every event can be brought to an end.
"""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from backend.domains.dispatch import (
    access,
    claiming,
    correcting,
    endings,
    handling,
    intake,
    merging,
    requests,
    rules,
    subtasks,
    supervision,
    transfer,
    whistles,
)
from backend.domains.dispatch.model import (
    Event,
    EventClock,
    EventRequest,
    Subtask,
    SupervisionOrder,
    Whistle,
)
from backend.kernel import trace
from backend.kernel.clock import FixedClock
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.timers import Timer
from backend.kernel.trace import Subject, TraceEntry
from tests.dispatch_checks import check_clocks
from tests.dispatch_world import CGJ, STAFF, World, make_world

REFUSALS = (Conflict, Forbidden, Invalid, NotFound)
START = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
DONE: Counter[tuple[str, str]] = Counter()
who = st.sampled_from(STAFF)
# Those who can do something here come up more often than those who cannot.
likely = st.one_of(st.sampled_from(("chen", "liu", "he", "lin")), who)

active = st.sampled_from(("chen", "chen", "chen", "liu", "liu", "he", "lin", "zhao", "qin"))
ENDING = {"ticket", "merge", "transfer", "request_cancel", "assign"}
# Always offered, and changing little.
SMALL = {"note", "schedule", "correct", "supervise", "contact"}


def _hour(machine: "Machine", hours: int = 2) -> datetime:
    return machine.clock.now() + timedelta(hours=hours)


def _ids(machine: "Machine", name: str) -> tuple[UUID, ...]:
    return (machine.photos[name],)


# How each offered action is done rightly: the use case, its arguments, its named arguments.
PROMISED: dict[str, Any] = {
    "claim": lambda m, n: (claiming.claim, [m.id], {}),
    "assign": lambda m, n: (claiming.assign, [m.id, m.world.id("sun")], {}),
    "accept": lambda m, n: (claiming.accept, [m.id], {}),
    "decline": lambda m, n: (claiming.decline, [m.id, "做不了"], {}),
    "release": lambda m, n: (claiming.release, [m.id, "做不了"], {}),
    "transfer": lambda m, n: (transfer.to_emergency, [m.id, "119"], {}),
    "schedule": lambda m, n: (handling.schedule, [m.id, _hour(m)], {}),
    "start": lambda m, n: (handling.start, [m.id], {}),
    "contact": lambda m, n: (handling.contact, [m.id, "通了话"], {}),
    "whistle": lambda m, n: (whistles.blow, [m.id, CGJ, "请来人"], {}),
    "dispose": lambda m, n: (
        handling.dispose,
        [m.id, "修好了", "好了"],
        {"before_ids": _ids(m, n), "after_ids": _ids(m, n)},
    ),
    "verify": lambda m, n: (endings.verify, [m.id, True], {}),
    "send_back": lambda m, n: (endings.verify, [m.id, False, "没好"], {}),
    "reopen": lambda m, n: (endings.reopen, [m.id, "又坏了"], {}),
    "merge": lambda m, n: (merging.merge, [m.id, m.twin, "同一件事"], {}),
    "separate": lambda m, n: (merging.separate, [m.id, "不是一件事"], {}),
    "ticket": lambda m, n: (transfer.to_ticket, [m.id, "H3", "超出范围"], {}),
    "subtask": lambda m, n: (subtasks.add, [m.id, "来帮忙"], {"staff_id": m.world.id("deng")}),
    "hold": lambda m, n: (requests.ask, [m.id, "hold", "等材料"], {"until": _hour(m, 30)}),
    "end_hold": lambda m, n: (requests.end_hold, [m.id], {}),
    "request_cancel": lambda m, n: (requests.ask, [m.id, "cancel", "误报"], {}),
    "decide": lambda m, n: (requests.decide, [m.last(EventRequest), True, "同意"], {}),
    "note": lambda m, n: (handling.note, [m.id, "看了看"], {}),
    "correct": lambda m, n: (correcting.set_urgency, [m.id, "urgent"], {}),
    "supervise": lambda m, n: (supervision.order, [m.id, "请尽快", _hour(m, 20)], {}),
}


class Machine(RuleBasedStateMachine):
    world: World
    clock: FixedClock

    @initialize(
        category=st.sampled_from(("light", "pipe", "wall")),
        # How far the event has come before anything is tried: deep states are hard to hit.
        stage=st.sampled_from(
            ("nowhere", "call", *("claimed", "at_work") * 2, "disposed", "closed")
        ),
    )
    def call(self, category: str, stage: str) -> None:
        self.clock.set(START)
        self.person, self.stranger = uuid4(), uuid4()
        category = category if stage in ("nowhere", "call", "claimed") else "light"
        place = {"latitude": None, "longitude": None} if stage == "nowhere" else {}
        bring = self.world.call if stage == "nowhere" else getattr(self.world, stage)
        made = bring(person_id=self.person, category_code=category, **place)
        self.id = made if isinstance(made, UUID) else made.id
        self.twin = self.world.call(category_code="light").id
        self.photos = {name: self.world.photo(self.world.id(name)) for name in STAFF}

    def attempt(self, use: Any, *args: Any, by: Any = None, **kwargs: Any) -> None:
        """Do it; a refusal must leave everything as it was."""
        before = self.picture()
        try:
            if isinstance(by, str):
                self.world.act(by, use, *args, **kwargs)
            else:
                self.world.as_person(by, use, *args, **kwargs)
            DONE[use.__module__.rpartition(".")[2], use.__name__] += 1
        except REFUSALS as refused:
            assert refused.title
            assert self.picture() == before

    def picture(self) -> Any:
        with self.world.unit() as uow:
            event = uow.session.get_one(Event, self.id)
            entries = uow.session.scalar(select(func.count(TraceEntry.id)))
            clocks = uow.session.execute(
                select(EventClock.id, EventClock.stopped_at, EventClock.paused_at).order_by(
                    EventClock.id
                )
            ).all()
            return event.state, event.version, event.lead_id, entries, clocks

    def last(self, model: Any) -> UUID:
        with self.world.unit() as uow:
            query = select(model.id).where(model.event_id == self.id).order_by(model.id.desc())
            return uow.session.scalar(query.limit(1)) or uuid4()

    @rule(moves=st.lists(st.tuples(active, st.integers(0, 99)), min_size=5, max_size=12))
    def proceed(self, moves: list[tuple[str, int]]) -> None:
        """What a viewer is offered is also done: `can` promises nothing that is refused."""
        for name, pick in moves:
            self.take(name, pick)
            self.trace_and_state_agree()
            self.clocks_add_up()

    def take(self, name: str, pick: int) -> None:
        offered = [code for code in self.offered(name) if code in PROMISED]
        # The ways out come last, or few events would live long enough to be tried.
        offered = [code for code in offered if pick > 85 or code not in ENDING | SMALL]
        if not offered:
            return
        code = offered[pick % len(offered)]
        use, words, named = PROMISED[code](self, name)
        try:
            self.world.act(name, use, *words, **named)
        except Conflict as refused:
            # What only the rows beside the event can tell.
            known = {"subtasks_open", "already_whistled", "already_requested"}
            # A cancellation asked for before the work began can only be rejected afterwards.
            late = {("decide", "wrong_state"), ("decide", "hold_too_late")}
            assert refused.code in known or (code, refused.code) in late
        else:
            DONE["can", code] += 1

    def offered(self, name: str) -> list[str]:
        by = self.world.staff[name]
        with self.world.unit(by) as uow:
            event = uow.session.get_one(Event, self.id)
            seen = access.Viewer(uow, by, event).reaches
            return access.can(uow, by, event) if seen else []

    @rule()
    def department_works_through(self) -> None:
        for step in ("sign", "contact", "arrive", "finish"):
            self.attempt(getattr(whistles, step), self.last(Whistle), "办了", by="gao")

    @rule()
    def all_subtasks_end(self) -> None:
        with self.world.unit() as uow:
            query = select(Subtask).where(Subtask.event_id == self.id)
            rows = [row for row in uow.session.scalars(query) if row.state in rules.SUBTASK_OPEN]
        for row in rows:
            self.world.act("he", subtasks.withdraw, row.id)

    @rule(minutes=st.sampled_from((1, 4, 29, 31, 60, 24 * 60, 8 * 24 * 60)))
    def wait(self, minutes: int) -> None:
        self.world.wait(minutes=minutes)

    @rule(name=likely)
    def claim(self, name: str) -> None:
        self.attempt(claiming.claim, self.id, by=name)

    @rule(name=likely, reason=st.sampled_from(("", "不在岗")))
    def release(self, name: str, reason: str) -> None:
        self.attempt(claiming.release, self.id, reason, by=name)

    @rule(name=likely, to=who)
    def assign(self, name: str, to: str) -> None:
        self.attempt(claiming.assign, self.id, self.world.id(to), by=name)

    @rule(name=likely, yes=st.booleans())
    def answer_assignment(self, name: str, yes: bool) -> None:
        if yes:
            self.attempt(claiming.accept, self.id, by=name)
        else:
            self.attempt(claiming.decline, self.id, "做不了", by=name)

    @rule(name=likely, hours=st.sampled_from((-1, 2)))
    def schedule(self, name: str, hours: int) -> None:
        visit = self.clock.now() + timedelta(hours=hours)
        self.attempt(handling.schedule, self.id, visit, by=name)

    @rule(name=likely)
    def start(self, name: str) -> None:
        self.attempt(handling.start, self.id, by=name)

    @rule(name=likely)
    def contact(self, name: str) -> None:
        self.attempt(handling.contact, self.id, "电话联系了", by=name)

    @rule(name=likely, result=st.sampled_from(("", "修好了")), photo=st.booleans())
    def dispose(self, name: str, result: str, photo: bool) -> None:
        photos = (self.photos[name],) if photo else ()
        self.attempt(
            handling.dispose, self.id, result, "好了", before_ids=photos, after_ids=photos, by=name
        )

    @rule(name=likely, passed=st.booleans())
    def verify(self, name: str, passed: bool) -> None:
        self.attempt(endings.verify, self.id, passed, "看过了", by=name)

    @rule(own=st.booleans(), solved=st.booleans())
    def confirm(self, own: bool, solved: bool) -> None:
        self.attempt(endings.confirm, self.id, solved, by=self.person if own else self.stranger)

    @rule(own=st.booleans(), score=st.sampled_from((0, 1, 5)))
    def rate(self, own: bool, score: int) -> None:
        self.attempt(endings.rate, self.id, score, by=self.person if own else self.stranger)

    @rule(own=st.booleans())
    def cancel(self, own: bool) -> None:
        self.attempt(endings.cancel, self.id, "不用了", by=self.person if own else self.stranger)

    @rule(name=st.one_of(st.none(), likely, st.just("qin")))
    def reopen(self, name: str | None) -> None:
        self.attempt(endings.reopen, self.id, "又坏了", by=name or self.person)

    @rule(name=likely, to=who)
    def subtask(self, name: str, to: str) -> None:
        self.attempt(subtasks.add, self.id, "带梯子来", staff_id=self.world.id(to), by=name)

    @rule(name=likely, what=st.sampled_from(("accept", "finish", "give_back", "withdraw")))
    def answer_subtask(self, name: str, what: str) -> None:
        words = ["好了"] if what in ("finish", "give_back") else []
        self.attempt(getattr(subtasks, what), self.last(Subtask), *words, by=name)

    @rule(name=likely, hard=st.booleans())
    def whistle(self, name: str, hard: bool) -> None:
        self.attempt(whistles.blow, self.id, CGJ, "请来人", hard=hard, by=name)

    @rule(
        name=st.sampled_from(("gao", "gao", "tang", "lin", "chen")),
        what=st.sampled_from(("sign", "contact", "arrive", "finish", "give_back", "withdraw")),
    )
    def answer_whistle(self, name: str, what: str) -> None:
        self.attempt(getattr(whistles, what), self.last(Whistle), "办了", by=name)

    @rule(name=likely, kind=st.sampled_from(("hold", "cancel")))
    def ask(self, name: str, kind: str) -> None:
        until = self.clock.now() + timedelta(days=2)
        self.attempt(requests.ask, self.id, kind, "等材料", until=until, by=name)

    @rule(name=likely, approved=st.booleans())
    def decide(self, name: str, approved: bool) -> None:
        self.attempt(requests.decide, self.last(EventRequest), approved, "看过", by=name)

    @rule(name=likely)
    def end_hold(self, name: str) -> None:
        self.attempt(requests.end_hold, self.id, by=name)

    @rule(name=st.sampled_from(("qin", "qin", "he", "chen")))
    def supervise(self, name: str) -> None:
        due = self.clock.now() + timedelta(days=1)
        self.attempt(supervision.order, self.id, "请尽快", due, by=name)

    @rule(name=likely, what=st.sampled_from(("reply", "close")))
    def answer_order(self, name: str, what: str) -> None:
        words = ["在办"] if what == "reply" else []
        self.attempt(getattr(supervision, what), self.last(SupervisionOrder), *words, by=name)

    @rule(name=likely, apart=st.booleans())
    def merge(self, name: str, apart: bool) -> None:
        if apart:
            self.attempt(merging.separate, self.id, "不是一件事", by=name)
        else:
            self.attempt(merging.merge, self.id, self.twin, "同一件事", by=name)

    @rule(name=likely, rare=st.integers(0, 5))
    def leave(self, name: str, rare: int) -> None:
        if rare == 0:
            self.attempt(transfer.to_emergency, self.id, "119", by=name)
        elif rare == 1:
            self.attempt(transfer.to_ticket, self.id, "H1", "超出范围", by=name)

    @rule()
    def join(self) -> None:
        self.attempt(lambda uow, by: intake.join(uow, self.id, person_id=by), by=self.stranger)

    @invariant()
    def trace_and_state_agree(self) -> None:
        if not hasattr(self, "id"):
            return
        with self.world.unit() as uow:
            event = uow.session.get_one(Event, self.id)
            entries = trace.entries(uow.session, Subject("event", self.id))
            assert entries[-1].to_state == event.state
            for one, after in pairwise(entries):
                assert after.from_state == one.to_state
                assert after.previous_hash == one.hash
                if after.from_state != after.to_state:
                    way = rules.EVENT_TRANSITIONS[after.from_state, after.action]
                    assert way.to == after.to_state

    @invariant()
    def clocks_add_up(self) -> None:
        if not hasattr(self, "id"):
            return
        check_clocks(self.world, self.id, self.clock.now())

    def teardown(self) -> None:
        """From wherever it stands it can be ended by those who are there."""
        if not hasattr(self, "id"):
            return
        state = self.world.event(self.id).state
        if state == rules.MERGED:
            self.world.act("he", merging.separate, self.id, "不是一件事")
        if self.world.event(self.id).is_open:
            assert "ticket" in self.world.act("he", _can, self.id)
            self.world.act("he", transfer.to_ticket, self.id, "H2", "转热线")
        event = self.world.event(self.id)
        assert not event.is_open
        self.world.wait(days=30)
        with self.world.unit() as uow:
            waiting = select(func.count(Timer.id)).where(
                Timer.payload["event"].astext == str(self.id), Timer.fired_at.is_(None)
            )
            assert uow.session.scalar(waiting) == 0
            assert uow.session.scalar(select(func.count(Timer.id)).where(Timer.failures > 0)) == 0


def _can(uow: Any, by: Any, event_id: UUID) -> list[str]:
    return access.can(uow, by, uow.session.get_one(Event, event_id))


def test_the_machine_refuses_what_is_not_in_its_table_and_every_event_ends(services, clock):
    Machine.world, Machine.clock = make_world(services), clock
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            # A failing walk is short enough to read; making it shorter takes minutes.
            phases=(Phase.explicit, Phase.generate),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
