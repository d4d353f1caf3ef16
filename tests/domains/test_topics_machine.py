"""Whatever is tried by whomever and whenever: refused without a trace, or one step of the table.

Hypothesis drives topics of every kind through the use cases with a clock it moves itself. After
every step topic, trace and timers agree, and nothing that was refused has left anything behind.
"""

import io
import itertools
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from PIL import Image
from sqlalchemy import func, select

from backend.domains.deliberation import (
    carrying,
    drafting,
    files,
    kind_data_rules,
    kind_rules,
    leading,
    moves,
    objecting,
    proposing,
    requirements,
    rules,
    seconding,
    stages,
    topic_door,
)
from backend.domains.deliberation.topic_model import Topic, TopicObjection, TopicSecond
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from backend.kernel.timers import Timer
from backend.kernel.trace import TraceEntry
from tests.community_world import OTHER_AREA, worker
from tests.topics_world import DRAFT, Town, town

REFUSALS = (Conflict, Forbidden, Invalid, NotFound, Stale)
KINDS = [one for one in kind_rules.KIND_TEXT if one != kind_rules.VILLAGE]
PEOPLE = 4
EDGES = {(state, way.to) for (state, _), way in rules.TOPIC_TRANSITIONS.items()}


def drawn() -> io.BytesIO:
    """A picture of a paper."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "JPEG")
    out.seek(0)
    return out


class Neighbourhood(RuleBasedStateMachine):
    """One topic at a time; a new one when it is over."""

    stage: Town

    @initialize(kind=st.sampled_from(KINDS))
    def begin(self, kind):
        self.stage.services.redis.client.flushall()
        self.seen: list[str] = []
        self.kind = kind
        draft = dict(DRAFT)
        if kind == kind_rules.BUDGET:
            options = [{"code": one, "text": one, "cost_cents": 100} for one in ("a", "b")]
            draft.update(ballot="budget", options=options, budget_cents=150)
        self.draft = draft
        self.lift = lift = kind == kind_rules.LIFT
        self.topic_id: UUID = self.stage.propose(
            kind=kind, scope_kind="entrance" if lift else "community",
            scope_id=self.stage.estate.entrances["2-1"] if lift else None, check=False,
        )  # fmt: skip
        self.staff = {
            "worker": self.stage.fang, "street": self.stage.street,
            "elsewhere": worker(scope=OTHER_AREA), "auditor": worker("community_auditor"),
        }  # fmt: skip

    def attempt(self, who: Any, use: Any) -> None:
        """Try it; a refusal leaves the topic and its trace as they were."""
        before = self.snapshot()
        try:
            with self.stage.unit(who) as uow:
                use(uow)
        except REFUSALS:
            assert self.snapshot() == before
            return
        after = self.snapshot()
        if after[0] != before[0]:
            assert (before[0], after[0]) in EDGES or after[2] - before[2] > 1
            self.seen.append(after[0])

    def snapshot(self) -> tuple[str, int, int]:
        with self.stage.unit() as uow:
            topic = uow.session.get_one(Topic, self.topic_id)
            query = select(func.count()).select_from(TraceEntry)
            entries = uow.session.scalar(
                query.where(TraceEntry.subject_kind == "topic", TraceEntry.subject_id == topic.id)
            )
            return topic.state, topic.version, entries or 0

    @rule()
    def worker_checks(self):
        self.stage.check()

    @rule(days=st.sampled_from([1, 4, 16, 40]))
    def time_goes_on(self, days):
        self.stage.wait(days=days)

    @rule(number=st.integers(0, PEOPLE - 1))
    def somebody_seconds(self, number):
        who = self.stage.people[number]
        self.attempt(who, lambda uow: seconding.second(uow, who, self.topic_id))

    @rule(number=st.integers(0, PEOPLE - 1), reason=st.sampled_from(["", "不需要了"]))
    def somebody_withdraws(self, number, reason):
        if number % 2:
            who = self.stage.people[number]
            self.attempt(who, lambda uow: proposing.withdraw(uow, who, self.topic_id, reason))

    @rule(number=st.integers(0, PEOPLE - 1))
    def somebody_objects(self, number):
        who = self.stage.people[number]
        self.attempt(who, lambda uow: objecting.raise_(uow, who, self.topic_id, "不同意", []))

    @rule(
        who=st.sampled_from(["worker", "worker", "worker", "street", "elsewhere", "auditor"]),
        action=st.sampled_from(
            ["accept", "discuss", "draft", "save", "notice", "open", "carry_out", "redraft",
             "report", "close", "meet", "prolong"]
        ),
    )  # fmt: skip
    def staff_act(self, who, action):
        by, topic_id = self.staff[who], self.topic_id
        report = {"text": "做了", "percent": 50, "done_on": None, "planned_until": None,
                  "file_ids": []}  # fmt: skip

        def save(uow):
            there = drafting.latest(uow, topic_id)
            drafting.save(uow, by, topic_id, there.number if there else 0, self.draft)

        def meet(uow):
            papers = [files.upload(uow, drawn())["id"]] if self.lift else []
            requirements.meet(uow, by, topic_id, "agreement", note="齐了", file_ids=papers)
            requirements.meet(uow, by, topic_id, "exclusive_space", note="没有占用", file_ids=[])

        uses = {
            "accept": lambda uow: leading.accept(uow, by, topic_id, ""),
            "discuss": lambda uow: leading.discuss(uow, by, topic_id, None, "再议"),
            "draft": lambda uow: leading.draft(uow, by, topic_id),
            "save": save,
            "notice": lambda uow: leading.notice(uow, by, topic_id, None),
            "open": lambda uow: topic_door.vote_opening(
                uow, topic_id, by, stages.until(uow, 7)
            ),
            "carry_out": lambda uow: leading.carry_out(uow, by, topic_id),
            "redraft": lambda uow: leading.redraft(uow, by, topic_id, "改一处"),
            "report": lambda uow: carrying.report(uow, by, topic_id, report),
            "close": lambda uow: carrying.close(uow, by, topic_id, "好了"),
            "meet": meet,
            "prolong": lambda uow: leading.prolong(uow, by, topic_id, 20, "还有人"),
        }  # fmt: skip
        self.attempt(by, uses[action])

    @rule(passed=st.sampled_from([True, True, False, None]))
    def the_vote_ends(self, passed):
        if self.snapshot()[0] == rules.VOTING:
            self.stage.counted(self.topic_id, passed=passed)

    @rule(
        who=st.sampled_from(["worker", "street", "street"]),
        action=st.sampled_from(["mediate", "settle", "dismiss", "sustain"]),
    )
    def an_objection_is_decided(self, who, action):
        with self.stage.unit() as uow:
            query = select(TopicObjection.id).where(TopicObjection.topic_id == self.topic_id)
            found = uow.session.scalars(query.order_by(TopicObjection.at.desc())).first()
        if found is not None:
            by = self.staff[who]
            self.attempt(by, lambda uow: objecting.decide(uow, by, found, action, "查明了"))

    @invariant()
    def the_topic_is_whole(self):
        with self.stage.unit() as uow:
            topic = uow.session.get_one(Topic, self.topic_id)
            preset = kind_data_rules.preset(topic.kind, topic.preset_version)
            assert topic.state in (*preset.stages, *rules.TOPIC_ENDS)
            supporters = select(func.count()).where(TopicSecond.topic_id == topic.id)
            assert uow.session.scalar(supporters) == topic.seconds_count
            if topic.submitted_at is not None:
                assert topic.seconds_count >= topic.seconds_needed
            self._trace_fits(uow, topic)
            self._timer_fits(uow, topic)
            if topic.state in (rules.VOTING, *rules.VOTED) and preset.vote_needed:
                assert topic.noticed_draft is not None
            if topic.state == rules.CARRYING_OUT and topic.passed is not None:
                assert topic.passed is True
                assert not requirements.missing(uow, topic, rules.CARRYING_OUT)

    def _trace_fits(self, uow, topic):
        entries = list(
            uow.session.scalars(
                select(TraceEntry)
                .where(TraceEntry.subject_kind == moves.KIND, TraceEntry.subject_id == topic.id)
                .order_by(TraceEntry.seq)
            )
        )
        assert entries[-1].to_state == topic.state
        for earlier, later in itertools.pairwise(entries):
            assert later.from_state == earlier.to_state
            changed = later.from_state != later.to_state
            assert not changed or (later.from_state, later.to_state) in EDGES

    def _timer_fits(self, uow, topic):
        due = uow.session.scalar(
            select(Timer.due).where(
                Timer.kind == stages.STAGE, Timer.subject_id == topic.id, Timer.fired_at.is_(None)
            )
        )
        if topic.state in rules.TOPIC_ENDS or topic.stage_ends_at is None:
            assert due is None
        elif topic.stage_ends_at > uow.now:
            assert due == topic.stage_ends_at


def test_no_way_of_acting_breaks_a_topic(services, db):
    made = town(services, PEOPLE)

    class Bound(Neighbourhood):
        stage = made

    run_state_machine_as_test(
        Bound,
        settings=settings(
            max_examples=8, stateful_step_count=30, deadline=None, database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
