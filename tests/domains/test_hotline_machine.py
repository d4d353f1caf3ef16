"""Whatever is tried by whomever and whenever: refused without a trace, or one step of the table.

Hypothesis drives one ticket through the use cases with a clock that it moves itself. After every
step the ticket, its trace and its clocks agree; from wherever it stands it can be brought to an
end by those who are there.
"""

import os
from collections import Counter
from datetime import timedelta
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
from sqlalchemy.dialects.postgresql import aggregate_order_by

from backend.domains.hotline import (
    access,
    callback,
    closing,
    deciding,
    decisions,
    dispatching,
    handling,
    holding,
    judging,
    merging,
    offering,
    requests,
    returning,
    reviewing,
    rules,
    supervision,
    urging,
)
from backend.domains.hotline.model import (
    Ticket,
    TicketClock,
    TicketRequest,
    TicketUnit,
)
from backend.kernel.clock import FixedClock
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.timers import Timer
from backend.kernel.trace import TraceEntry
from tests.conftest import MONDAY_8
from tests.hotline_checks import check_clocks, check_rates, check_trace, check_who
from tests.hotline_moves import ANY, KNOWN, OFFERED, SMALL, WAYS
from tests.hotline_world import CGJ, RSJ, STAFF, ZJJ, World, make_world

REFUSALS = (Conflict, Forbidden, Invalid, NotFound)
UNITS = (CGJ, ZJJ, RSJ)
HANDLER = {CGJ: "gao", ZJJ: "tang", RSJ: "yu"}
HEAD = {CGJ: "liang", ZJJ: "xu", RSJ: "zhao"}
DONE: Counter[Any] = Counter()
# Those who can do something here come up more often than those who cannot; `lead` and `head`
# are whoever that is now.
who = st.one_of(
    st.sampled_from(("lead", "lead", "head", "sun", "zheng", "mao", "cai", "han")),
    st.sampled_from(STAFF),
)
likely = st.sampled_from(
    ("lead", "lead", "lead", "head", "sun", "zheng", "qin", "mao", "cai", "han")
)


class Machine(RuleBasedStateMachine):
    world: World
    clock: FixedClock

    @initialize(
        # How far the ticket has come before anything is tried: deep states are hard to hit.
        stage=st.sampled_from(
            (
                "take",
                "accepted",
                "dispatched",
                *("signed",) * 3,
                "replied",
                "passed",
                "bad",
                "closed",
            )
        )
    )
    def begin(self, stage: str) -> None:
        self.clock.set(MONDAY_8)
        self.person = uuid4()
        self.twin = self.world.signed()
        self.id = getattr(self.world, stage)(person_id=self.person)

    def attempt(self, use: Any, *args: Any, by: Any, **kwargs: Any) -> bool:
        """Do it; a refusal must leave everything as it was."""
        by = self.named(by) if isinstance(by, str) else by
        before, seen = self.picture(), self.seen()
        do = self.world.act if isinstance(by, str) else self.world.as_person
        try:
            do(by, use, *args, **kwargs)
        except REFUSALS as refused:
            assert refused.title
            assert self.picture() == before
            return False
        DONE[use.__name__] += 1
        self.check(by, seen)
        return True

    def seen(self) -> tuple[Ticket, int]:
        """The ticket as it is now, and how much was written about it."""
        return self.world.ticket(self.id), len(self.world.trace(self.id))

    def check(self, by: Any, seen: tuple[Ticket, int]) -> None:
        """What was just done was this person's to do."""
        before, length = seen
        done = self.world.trace(self.id)[length:]
        if isinstance(by, str):
            check_who(before, by, done)
        else:
            assert by == self.person or not done

    def picture(self) -> Any:
        def told(model: Any, value: Any) -> Any:
            pairs = func.concat(model.id, value)
            query = select(func.string_agg(pairs, aggregate_order_by(",", model.id)))
            return query.where(model.ticket_id == self.id).scalar_subquery()

        with self.world.unit() as uow:
            return uow.session.execute(
                select(
                    Ticket.state, Ticket.version, Ticket.lead_unit_id,
                    select(func.count(TraceEntry.id)).scalar_subquery(),
                    told(TicketClock, func.concat(TicketClock.stopped_at, TicketClock.due_at)),
                    told(TicketUnit, TicketUnit.state),
                    told(TicketRequest, TicketRequest.state),
                ).where(Ticket.id == self.id)
            ).one()  # fmt: skip

    def last(self, model: Any) -> UUID:
        rows = self.world.rows(model, self.id)
        return rows[-1].id if rows else uuid4()

    @property
    def state(self) -> str:
        return self.world.ticket(self.id).state

    @rule(minutes=st.sampled_from((1, 59, 61, 24 * 60, 3 * 24 * 60, 8 * 24 * 60)))
    def wait(self, minutes: int) -> None:
        self.world.wait(minutes=minutes)

    @rule(moves=st.lists(st.tuples(likely, st.integers(0, 99)), min_size=6, max_size=12))
    def as_offered(self, moves: list[tuple[str, int]]) -> None:
        """What a viewer is offered is also done: `can` promises nothing that is refused."""
        for name, pick in moves:
            someone = self.named(name)
            offered = [code for code in self.offered(someone) if code in OFFERED]
            # The small steps, always offered, come last.
            offered = [code for code in offered if pick > 80 or code not in SMALL]
            if not offered:
                continue
            code, seen = offered[pick % len(offered)], self.seen()
            try:
                OFFERED[code](self, someone)
            except Conflict as refused:
                # What only the rows beside the ticket can tell.
                assert refused.code in KNOWN, (code, refused.code)
            else:
                DONE["offered", code] += 1
                self.check(someone, seen)

    @rule(moves=st.lists(st.tuples(who, st.integers(0, 99)), min_size=4, max_size=8))
    def try_the_table(self, moves: list[tuple[str, int]]) -> None:
        """Ways out of the present state, by whomever."""
        for name, pick in moves:
            ways = sorted(way for state, way in rules.TICKET_TRANSITIONS if state == self.state)
            ways = [way for way in ways if way in WAYS]
            if ways:
                WAYS[ways[pick % len(ways)]](self, name)
            self.decide(name, pick % 3 > 0, UNITS[pick % 3])

    @rule(tries=st.lists(st.tuples(st.sampled_from(sorted(ANY)), who), min_size=2, max_size=6))
    def try_anything(self, tries: list[tuple[str, str]]) -> None:
        """Any use case in any state by anybody."""
        for what, name in tries:
            ANY[what](self, name)

    @rule(own=st.booleans(), happy=st.booleans())
    def the_caller_speaks(self, own: bool, happy: bool) -> None:
        person = self.person if own else uuid4()
        before = self.state
        assert not self.attempt(urging.urge_of_caller, self.id, by=person) or own
        assert not self.attempt(callback.rate, self.id, happy, happy, by=person) or own
        if self.attempt(closing.cancel, self.id, by=person):
            assert own and before in (rules.PENDING, rules.TO_DISPATCH)

    def named(self, name: str) -> str:
        """Who that is: of the lead unit, where `lead` or `head` is asked for."""
        if name not in ("lead", "head"):
            return name
        unit_id = self.world.ticket(self.id).lead_unit_id or CGJ
        return (HANDLER if name == "lead" else HEAD)[unit_id]

    def offered(self, name: str) -> list[str]:
        with self.world.unit() as uow:
            viewer = access.Viewer(
                uow, self.world.staff[name], uow.session.get_one(Ticket, self.id)
            )
            asked = requests.waiting(uow, self.id)
            deciding_ = asked is not None and offering.may_decide(viewer, asked)
            found = offering.can(viewer) if viewer.reaches else []
            return ["decide", *found] if viewer.reaches and deciding_ else found

    def give_back(self, name: str, basis: str) -> None:
        before = self.world.ticket(self.id)
        if self.attempt(returning.ask_return, self.id, basis, "归别处", by=name):
            # The second goes to arbitration, and after an arbitration there is none.
            assert not before.return_final and before.returns_count < 2
            expected = rules.ARBITRATION if before.returns_count else rules.RETURN_REVIEW
            assert self.state == expected

    def decide(self, name: str, approved: bool, to: UUID | None) -> None:
        asked = self.last(TicketRequest)
        self.attempt(decisions.decide, asked, approved, "看过", department_id=to, by=name)

    def ask_days(self, name: str, days: int) -> None:
        before = self.world.ticket(self.id)
        clock = [c for c in self.world.rows(TicketClock, self.id) if c.kind in ("handle", "redo")]
        if self.attempt(holding.ask_extension, self.id, days, "等配件", by=name):
            assert not before.extended and self.clock.now() < clock[-1].due_at

    def ask_pause(self, name: str, hours: int) -> None:
        until = self.clock.now() + timedelta(hours=hours)
        self.attempt(holding.ask_hold, self.id, until, "汛期", by=name)

    def ring(self, name: str, reached: bool, happy: bool | None) -> None:
        if self.attempt(
            callback.call_back, self.id, reached, solved=happy, satisfied=happy, by=name
        ):
            assert name in ("cai", "mao", "min")
            assert self.world.ticket(self.id).satisfied is (happy if reached else None)

    def weigh(self, name: str, decision: str) -> None:
        before = self.world.ticket(self.id)
        done = self.attempt(judging.judge, self.id, decision, "听了录音", by=name)
        assert not (done and decision == "redo" and before.redo_count)
        # One person alone never takes an answer out of the rates.
        assert not done or not self.world.ticket(self.id).excluded

    def order(self, name: str) -> None:
        due = self.clock.now() + timedelta(days=1)
        self.attempt(supervision.order, self.id, "请尽快", due, by=name)

    @invariant()
    def trace_clocks_and_state_agree(self) -> None:
        if hasattr(self, "id"):
            check_trace(self.world, self.id)
            check_clocks(self.world, self.id, self.clock.now())

    @invariant()
    def rates_agree_with_the_traces(self) -> None:
        check_rates(self.world)

    @invariant()
    def the_first_that_signed_stays(self) -> None:
        if not hasattr(self, "id"):
            return
        ticket = self.world.ticket(self.id)
        first = getattr(self, "first", None)
        assert first is None or ticket.first_signer_id == first
        self.first = ticket.first_signer_id

    def teardown(self) -> None:
        """From wherever it stands it can be ended by those who are there."""
        if not hasattr(self, "id"):
            return
        for _ in range(30):
            if self.state in (rules.CLOSED, *rules.TICKET_ENDS):
                break
            self.push()
        self.trace_clocks_and_state_agree()
        self.world.wait(days=40)
        assert self.state in rules.TICKET_ENDS
        with self.world.unit() as uow:
            waiting = select(func.count(Timer.id)).where(
                Timer.payload["ticket"].astext == str(self.id), Timer.fired_at.is_(None)
            )
            assert uow.session.scalar(waiting) == 0
            assert uow.session.scalar(select(func.count(Timer.id)).where(Timer.failures > 0)) == 0

    def push(self) -> None:
        """One step towards the end, by whoever is to take it."""
        act, ticket = self.world.act, self.world.ticket(self.id)
        lead = HANDLER.get(ticket.lead_unit_id, "")
        steps: dict[str, Any] = {
            rules.PENDING: lambda: act("han", deciding.accept, self.id),
            rules.TO_DISPATCH: lambda: act("sun", dispatching.dispatch, self.id, CGJ),
            rules.MERGED: lambda: act("sun", merging.separate, self.id, "不是一件事"),
            rules.TO_SIGN: lambda: act(lead, dispatching.sign, self.id),
            rules.ON_HOLD: lambda: act("zheng", holding.end_hold, self.id),
            rules.HANDLING: lambda: act(lead, handling.submit_reply, self.id, "办了", "好了"),
            rules.UNIT_REVIEW: lambda: self.head_passes(ticket),
            rules.CENTRE_REVIEW: lambda: act("mao", reviewing.pass_centre, self.id),
            rules.CALLBACK: self.as_caller,
            rules.JUDGEMENT: self.explain,
        }
        if ticket.state in steps:
            steps[ticket.state]()
        else:
            self.world.act("zheng", decisions.decide, self.last(TicketRequest), False, "不同意")

    def head_passes(self, ticket: Ticket) -> None:
        assert ticket.lead_unit_id is not None
        head = HEAD[ticket.lead_unit_id]
        if ticket.replied_by == self.world.id(head):
            # Who wrote it does not pass it: a colleague takes it back and writes it anew.
            lead = HANDLER[ticket.lead_unit_id]
            self.world.act(lead, reviewing.send_back, self.id, "改由经办人写")
        else:
            self.world.act(head, reviewing.pass_unit, self.id)

    def as_caller(self) -> None:
        happy = self.world.ticket(self.id).round > 1
        self.world.as_person(self.person, callback.rate, self.id, happy, happy)

    def explain(self) -> None:
        with self.world.unit() as uow:
            asked = requests.waiting(uow, self.id)
        if asked is not None:
            by = "zheng" if asked.asked_by != self.world.id("zheng") else "qin"
            self.world.act(by, decisions.decide, asked.id, True, "属实")
        else:
            redone = self.world.ticket(self.id).redo_count
            decision = "explained" if redone else "redo"
            self.world.act("zheng", judging.judge, self.id, decision, "说明了")


def test_the_machine_refuses_what_is_not_in_its_table_and_every_ticket_ends(services, clock):
    Machine.world, Machine.clock = make_world(services), clock
    run_state_machine_as_test(
        Machine,
        settings=settings(
            # LONG=1 walks twenty times as often.
            max_examples=160 if os.environ.get("LONG") else 8,
            stateful_step_count=10,
            deadline=None,
            # A failing walk is short enough to read; making it shorter takes minutes.
            phases=(Phase.explicit, Phase.generate),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_viewer_out_of_reach_is_told_nothing(services):
    world = make_world(services)
    assert world.refused("yu", access.reach, world.dispatched()) == "ticket_unknown"
