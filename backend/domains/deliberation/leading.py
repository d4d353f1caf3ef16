"""What the community does with a topic: answer it, discuss, draft, notice, publish the result."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from backend.domains.deliberation import (
    drafting,
    moves,
    parts,
    rules,
    stages,
    telling,
    topic_view,
)
from backend.domains.deliberation.parts import Staff
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

_CALLED = {
    "title": "标题", "words": "说明", "silence_with_majority": "未投从多数",
    "silence_basis": "未投从多数的依据",
}  # fmt: skip


def accept(uow: UnitOfWork, by: Principal, topic_id: UUID, note: str) -> Topic:
    """The community takes it up."""
    part = parts.enter(uow, by, topic_id)
    public = f"社区受理了议题{'：' + note if note else ''}"
    stages.go(uow, part, "accept", accepted_at=uow.now, public=public)
    telling.stage(uow, part.topic, "社区已受理，接着会讨论。")
    return part.topic


def decline(uow: UnitOfWork, by: Principal, topic_id: UUID, reason: str) -> Topic:
    """The community does not take it up, and says why."""
    part = parts.enter(uow, by, topic_id)
    why = moves.needs(reason, "reason", "请写明不受理的原因，发起人会看到")
    stages.go(uow, part, "decline", end_reason=why, public=f"不予受理：{why}", reason=why)
    telling.ended(uow, part.topic, why)
    return part.topic


def discuss(
    uow: UnitOfWork, by: Principal, topic_id: UUID, days: int | None, reason: str = ""
) -> Topic:
    """Open the discussion, or open it again while drafting (with a reason)."""
    part = parts.enter(uow, by, topic_id)
    if part.topic.state == rules.DRAFTING:
        reason = moves.needs(reason, "reason", "请写明为什么重新讨论")
    period = moves.preset_of(part.topic).discussion
    ends_at = stages.until(uow, stages.chosen(period, days))
    text = f"开始讨论，到{stages.said(ends_at)}"
    stages.go(uow, part, "discuss", ends_at=ends_at, public=text, reason=reason)
    telling.stage(uow, part.topic, f"{text}，欢迎说说您的想法。")
    return part.topic


def prolong(uow: UnitOfWork, by: Principal, topic_id: UUID, days: int, reason: str) -> Topic:
    """Give the discussion more time, counted from now."""
    part = parts.enter(uow, by, topic_id)
    why = moves.needs(reason, "reason", "请写明为什么延长")
    ends_at = stages.until(uow, stages.chosen(moves.preset_of(part.topic).discussion, days))
    if part.topic.stage_ends_at is not None and ends_at <= part.topic.stage_ends_at:
        text = "新的截止时间要更晚"
        raise Invalid("wrong_days", detail=text, fields={"days": [text]})
    public = f"讨论延长到{stages.said(ends_at)}：{why}"
    stages.go(uow, part, "prolong", ends_at=ends_at, public=public, reason=why)
    return part.topic


def draft(uow: UnitOfWork, by: Principal, topic_id: UUID) -> Topic:
    """End the discussion and begin to write the proposal."""
    part = parts.enter(uow, by, topic_id)
    stages.go(uow, part, "draft", public="讨论结束，社区整理方案")
    telling.stage(uow, part.topic, "讨论结束，社区正在整理方案。")
    return part.topic


def drafted_by_system(uow: UnitOfWork, topic: Topic) -> None:
    """The time of the discussion is over."""
    stages.go(uow, parts.System(topic), "draft", public="讨论到期，社区整理方案")
    telling.stage(uow, topic, "讨论到期，社区正在整理方案。")
    telling.task(uow, topic, "待写方案", "讨论到期了，请整理方案并公示。")


def notice(uow: UnitOfWork, by: Principal, topic_id: UUID, days: int | None) -> Topic:
    """Publish the draft as it is now for the days the preset allows."""
    part = parts.enter(uow, by, topic_id)
    saved = drafting.latest(uow, topic_id)
    if saved is None:
        raise Conflict("no_draft", title="还没有方案", action="请先写好方案再公示")
    drafting.check_votable(part.topic, saved)
    ends_at = stages.until(uow, stages.chosen(moves.preset_of(part.topic).notice, days))
    text = f"方案公示到{stages.said(ends_at)}"
    stages.go(uow, part, "notice", ends_at=ends_at, noticed_draft=saved.number, public=text)
    telling.stage(uow, part.topic, f"{text}，请看一看；有异议可以提出。")
    return part.topic


def redraft(uow: UnitOfWork, by: Principal, topic_id: UUID, reason: str) -> Topic:
    """Take a published draft back to change it."""
    part = parts.enter(uow, by, topic_id)
    why = moves.needs(reason, "reason", "请写明为什么修改")
    stages.go(uow, part, "redraft", public=f"方案要修改：{why}", reason=why, turn=0)
    telling.stage(uow, part.topic, f"方案要修改：{why}。改好后再公示。")
    return part.topic


def publish_result(uow: UnitOfWork, topic: Topic, person_ids: Iterable[UUID]) -> None:
    """The counted result is public; from now on neighbours may object."""
    ends_at = stages.until(uow, moves.preset_of(topic).objection.usual)
    said = {True: "表决通过", False: "表决没有通过", None: "结果已公布"}[topic.passed]
    text = f"{said}，公示到{stages.said(ends_at)}"
    stages.go(uow, parts.System(topic), "publish_result", ends_at=ends_at, public=text)
    people = {*telling.concerned(uow, topic), *person_ids}
    telling.stage(uow, topic, f"{text}。有异议可以提出。", people=people)


def carry_out(uow: UnitOfWork, by: Principal, topic_id: UUID) -> Topic:
    """End a consultation without a vote: the community does what the draft says."""
    part = parts.enter(uow, by, topic_id)
    saved = drafting.latest(uow, topic_id)
    if saved is None:
        raise Conflict("no_draft", title="还没有方案", action="请先写好协商结果")
    stages.go(
        uow, part, "carry_out", noticed_draft=saved.number, public="协商一致，不用表决，开始落实"
    )
    telling.stage(uow, part.topic, "协商一致，社区开始落实。")
    return part.topic


def edit(
    uow: UnitOfWork, by: Principal, topic_id: UUID, version: int, changes: dict[str, Any]
) -> Topic:
    """Put right title, words (of staff's own topic) and whether silence counts."""
    part = parts.enter(uow, by, topic_id)
    if not part.plays(rules.WORKER):
        raise moves.not_yours()
    drafting.check_version(part.topic.version, version)
    values = _checked(uow, part, changes)
    if values:
        silence = values.get("silence_with_majority", part.topic.silence_with_majority)
        turned = silence != part.topic.silence_with_majority
        moves.touch(uow, part.topic, **values)
        text = "、".join(_CALLED[name] for name in _CALLED if name in values)
        moves.note(uow, part.topic, "edit", internal=f"修改了{text}")
        if turned:
            basis = f"：{part.topic.silence_basis}" if silence else ""
            public = f"没投票的{'计入' if silence else '不计入'}多数{basis}"
            moves.note(uow, part.topic, "silence", public=public)
    return part.topic


def _checked(uow: UnitOfWork, part: Staff, changes: dict[str, Any]) -> dict[str, Any]:
    topic, preset = part.topic, moves.preset_of(part.topic)
    values = dict(changes)
    if topic.state not in (rules.ACCEPTED, rules.DISCUSSING, rules.DRAFTING, rules.NOTICING):
        raise Conflict("too_late", title="现在不能修改", action="请刷新后再看")
    if topic.state == rules.NOTICING and {"silence_with_majority", "silence_basis"} & values.keys():
        raise Conflict(
            "on_notice", title="公示期间不能改计票办法", action="请先撤回公示，改好后再公示"
        )
    if topic_view.vote_prepared(uow, topic.id):
        # The vote has taken title, words and the way of counting over already.
        raise Conflict("vote_prepared", title="表决已经准备好，不能再改",
                       action="要改，请先取消准备好的表决")  # fmt: skip
    if {"title", "words"} & values.keys() and topic.staff_id is None:
        text = "居民发起的议题，标题和说明由发起人写，不能改"
        raise Invalid("not_yours", detail=text, fields={"words": [text]})
    if values.get("silence_with_majority"):
        if not any(rule.silence_allowed for rule in preset.votes):
            text = "这类议题不能按“未投从多数”计票"
            raise Invalid("no_silence", detail=text, fields={"silence_with_majority": [text]})
        moves.needs(values.get("silence_basis", ""), "silence_basis", "请写明议事规则的依据")
    return values
