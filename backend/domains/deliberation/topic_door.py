"""What the votes ask of topics, and what they tell them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.domains.community.service import Scope
from backend.domains.deliberation import (
    drafting,
    leading,
    moves,
    objecting,
    parts,
    ports,
    rules,
    stages,
    telling,
)
from backend.domains.deliberation import requirements as topic_requirements
from backend.domains.deliberation.drafting import DraftFacts
from backend.domains.deliberation.kind_rules import Preset
from backend.domains.deliberation.topic_model import Topic
from backend.domains.deliberation.vote_events import (
    VoteAnnulled,
    VoteCounted,
    VoteOpened,
    VotePublished,
)
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What a vote needs of its topic.

    `draft` is the version that was published for notice.
    """

    id: UUID
    number: str
    title: str
    words: str
    state: str
    kind: str
    preset: Preset
    turn: int
    community_id: UUID
    area_id: UUID
    street_id: UUID
    scope: Scope
    draft: DraftFacts | None
    silence_with_majority: bool
    silence_basis: str


def facts(uow: UnitOfWork, topic_id: UUID) -> TopicFacts:
    """The topic of a vote; `NotFound` when there is none. Access is the caller's business."""
    topic = uow.session.get(Topic, topic_id)
    if topic is None:
        raise ports.unknown()
    return _facts(uow, topic)


def reach_staff(uow: UnitOfWork, by: Principal, permission: str, topic_id: UUID) -> TopicFacts:
    """The topic for a member of staff who holds the permission there; `NotFound` otherwise."""
    part = parts.reach(uow, by, topic_id)
    if not part.held(permission):
        raise ports.unknown()
    return _facts(uow, part.topic)


def reach_resident(uow: UnitOfWork, person_id: UUID, topic_id: UUID) -> TopicFacts:
    """The topic for a resident of its community; `NotFound` otherwise."""
    return _facts(uow, parts.meet(uow, person_id, topic_id).topic)


def vote_opening(uow: UnitOfWork, topic_id: UUID, by: Principal, ends_at: datetime) -> TopicFacts:
    """The vote opens now: the topic goes along.

    Raises `Conflict` while the notice still runs, an objection is open, or something the law asks
    for before the vote is missing.
    """
    part = parts.enter(uow, by, topic_id)
    topic = part.topic
    moves.allowed(topic, "open_vote", part)
    if topic.stage_ends_at is not None and topic.stage_ends_at > uow.now:
        text = f"方案公示到{stages.said(topic.stage_ends_at)}"
        raise Conflict("notice_runs", title="公示还没有结束", detail=text, action="期满后再开始")
    if objecting.open_count(uow, topic_id):
        raise Conflict("objections_open", title="还有异议没有处理", action="请街道处理后再开始")
    if missing := topic_requirements.missing(uow, topic, rules.VOTING):
        raise Conflict("requirement_missing", title="还缺材料", detail=missing[0].text)
    name = moves.preset_of(topic).vote(topic.turn).name
    text = f"{name}开始，到{stages.said(ends_at)}截止"
    stages.go(uow, part, "open_vote", ends_at=ends_at, public=text)
    return _facts(uow, topic)


def on_opened(uow: UnitOfWork, told: VoteOpened) -> None:
    """Everybody who may cast hears of it, and until when."""
    topic = _held(uow, told.topic_id)
    name = moves.preset_of(topic).vote(topic.turn).name
    text = f"{name}开始，到{stages.said(told.closes_at)}截止，请投票。"
    people = {*telling.concerned(uow, topic), *told.person_ids}
    telling.stage(uow, topic, text, people=people)


def on_counted(uow: UnitOfWork, told: VoteCounted) -> None:
    """Counted; what should have decided and could not say has not passed."""
    topic = _held(uow, told.topic_id)
    decides = moves.preset_of(topic).vote(topic.turn).decides
    passed = False if decides and told.passed is None else told.passed
    vote_counted(uow, topic.id, passed=passed)


def on_published(uow: UnitOfWork, told: VotePublished) -> None:
    """The result is public: the topic tells it, and the time to object begins."""
    topic = _held(uow, told.topic_id)
    if topic.state == rules.RESULT_NOTICE:
        leading.publish_result(uow, topic, told.person_ids)


def on_annulled(uow: UnitOfWork, told: VoteAnnulled) -> None:
    """Whoever could vote hears that it does not count; those who follow the topic hear of it there."""
    topic = _held(uow, told.topic_id)
    others = set(told.person_ids) - set(telling.concerned(uow, topic))
    text = f"表决作废，已投的票不算：{told.reason}。方案改好后会重新公示、表决。"
    telling.stage(uow, topic, text, people=others)


def requirements(uow: UnitOfWork, topic_id: UUID) -> list[tuple[str, bool, str]]:
    """What the law asks for beside the vote: text, whether it is met, what staff noted."""
    topic = uow.session.get(Topic, topic_id)
    if topic is None:
        raise ports.unknown()
    rows = topic_requirements.view(uow, topic)
    return [(one["text"], one["met_at"] is not None, one["note"]) for one in rows]


def settled(uow: UnitOfWork, topic_id: UUID) -> bool:
    """Whether its result holds: the time to object is over, and what the law asks for is there."""
    topic = uow.session.get(Topic, topic_id)
    if topic is None:
        raise ports.unknown()
    return topic.state in (rules.CARRYING_OUT, rules.CLOSED)


def vote_ended(uow: UnitOfWork, topic_id: UUID, papers_waiting: int) -> None:
    """Nobody can vote any more: it is counted, within one working day.

    Sheets that two people have not agreed on hold the count up, so staff hear of them at once.
    """
    topic = _held(uow, topic_id)
    due = stages.workdays_later(uow, 1)
    stages.go(uow, parts.System(topic), "end_vote", ends_at=due, public="投票截止，正在计票")
    if papers_waiting:
        words = f"投票已截止，还有{papers_waiting}张纸质票没有核对，核对完才能计票。"
        telling.task(uow, topic, "核对纸质票", words)


def vote_annulled(uow: UnitOfWork, topic_id: UUID, by: Principal, reason: str) -> None:
    """A vote was stopped as a whole before its result was public: back to the draft.

    Whether `by` may stop it was decided with the vote.
    """
    topic = parts.enter(uow, by, topic_id).topic
    public = f"表决停止，已投的票不算：{reason}"
    stages.go(uow, parts.System(topic), "annul", turn=0, public=public, reason=reason)
    telling.stage(uow, topic, f"{public}。")


def vote_counted(uow: UnitOfWork, topic_id: UUID, *, passed: bool | None) -> None:
    """The count is done: to the next vote of the kind, or to the notice of the result.

    `passed` None: the vote decides nothing.
    """
    topic = _held(uow, topic_id)
    preset = moves.preset_of(topic)
    system = parts.System(topic)
    if passed is not False and topic.turn + 1 < len(preset.votes):
        done, following = preset.vote(topic.turn).name, preset.vote(topic.turn + 1).name
        ends_at = stages.until(uow, preset.notice.usual)
        stages.go(
            uow, system, "next_vote", turn=topic.turn + 1, ends_at=ends_at,
            public=f"{done}通过，接着公示，{following}在公示后开始",
        )  # fmt: skip
        telling.stage(uow, topic, f"{done}通过，{following}在公示后开始。")
        return
    due = stages.workdays_later(uow, 1)
    action = "not_passed" if passed is False else "passed"
    stages.go(uow, system, action, passed=passed, ends_at=due, public="计票完成，等待公布结果")
    telling.task(uow, topic, "公布结果", "计票完成，请在一个工作日内公布结果。")


def _held(uow: UnitOfWork, topic_id: UUID) -> Topic:
    topic = parts.locked(uow, topic_id)
    if topic is None:
        raise ports.unknown()
    return topic


def _facts(uow: UnitOfWork, topic: Topic) -> TopicFacts:
    row = drafting.noticed(uow, topic)
    return TopicFacts(
        topic.id, topic.number, topic.title, topic.words, topic.state, topic.kind, moves.preset_of(topic),
        topic.turn, topic.community_id, topic.area_id, topic.street_id,
        Scope(topic.scope_kind, topic.scope_id), drafting.facts(row) if row else None,
        topic.silence_with_majority, topic.silence_basis,
    )  # fmt: skip
