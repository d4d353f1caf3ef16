"""A vote before it opens: what is asked, how, for how long. Nothing of it counts yet."""

import contextlib
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation import vote_rules
from backend.domains.deliberation.events import TopicEnded
from backend.domains.deliberation.vote_model import Vote
from backend.domains.deliberation.vote_ports import TopicFacts, register_of, topics_of
from backend.domains.deliberation.vote_rules import BadQuestion, Option, Question
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

MANAGE, PAPER, AUDIT, DECIDE = "topics.manage", "ballots.paper", "votes.audit", "topics.decide"


def prepare(uow: UnitOfWork, by: Principal, topic_id: UUID, days: int | None = None) -> Vote:
    """A new vote on the topic: its noticed draft, under the rule of its preset and turn.

    One that is prepared or runs already: `Conflict`, and the table's own index sees to it.
    """
    topic = topics_of(uow).facts(uow, topic_id)
    register_of(uow).reach(uow, by, MANAGE, topic.place.community_id)
    if not topic.awaits_vote:
        raise Conflict(
            "no_vote_now", title="现在不能准备表决", detail="公示方案后、表决开始前才能准备",
            action="请刷新后看看议题走到了哪一步",
        )  # fmt: skip
    if _live(uow, topic_id) is not None:
        raise moves.changed_meanwhile()
    vote = Vote(
        id=new_id(), state=vote_rules.PREPARED, version=1, created_at=uow.now,
        created_by=by.actor.id, topic_id=topic_id, **_settings(uow, topic, days),
    )  # fmt: skip
    uow.session.add(vote)
    uow.session.flush()
    moves.note(uow, vote, "prepare", public="社区在准备表决", first=True)
    return vote


def edit(uow: UnitOfWork, by: Principal, vote_id: UUID, days: int | None, version: int) -> Vote:
    """Take the topic's draft over anew, and change how long it is open; only while prepared."""
    vote = own(uow, by, vote_id, MANAGE)
    if vote.version != version:
        raise moves.stale()
    if vote.state != vote_rules.PREPARED:
        raise Conflict("vote_is_open", title="表决已经开始", detail="开始后不能再改")
    topic = topics_of(uow).facts(uow, vote.topic_id)
    for name, value in _settings(uow, topic, days).items():
        setattr(vote, name, value)
    vote.version += 1
    uow.session.flush()
    return vote


def check_current(uow: UnitOfWork, vote: Vote) -> None:
    """`Conflict` where the draft or the rule on notice is no longer what the vote was made from.

    A draft that was taken back and published anew must not be voted on in its old words.
    """
    topic = topics_of(uow).facts(uow, vote.topic_id)
    now = _settings(uow, topic, vote.days)
    if any(getattr(vote, name) != value for name, value in now.items()):
        raise Conflict(
            "draft_changed", title="公示的方案改过了", detail="这次表决还是按改之前的方案准备的",
            action="请点“改”，重新取公示的方案再开始",
        )  # fmt: skip


def cancel(uow: UnitOfWork, by: Principal, vote_id: UUID, reason: str) -> Vote:
    """Give a prepared vote up."""
    vote = own(uow, by, vote_id, MANAGE)
    moves.move(uow, vote, "cancel", vote_rules.WORKER, reason=reason)
    return vote


def on_ended(uow: UnitOfWork, told: TopicEnded) -> None:
    """The topic is over: what was prepared for it will never be asked."""
    vote = _live(uow, told.topic_id)
    if vote is not None and vote.state == vote_rules.PREPARED:
        moves.move(uow, vote, "cancel", vote_rules.SYSTEM, reason=told.reason or "议题已结束")


def own(uow: UnitOfWork, by: Principal, vote_id: UUID, *permissions: str) -> Vote:
    """The vote, if one of the permissions is held in its community; `NotFound` otherwise."""
    vote = moves.get(uow, vote_id)
    for permission in permissions:
        if by.may(permission):
            with contextlib.suppress(NotFound):
                register_of(uow).reach(uow, by, permission, vote.community_id)
                return vote
    raise moves.unknown()


def _live(uow: UnitOfWork, topic_id: UUID) -> Vote | None:
    live = (vote_rules.PREPARED, *vote_rules.RUNNING)
    return uow.session.scalar(select(Vote).where(Vote.topic_id == topic_id, Vote.state.in_(live)))


def _settings(uow: UnitOfWork, topic: TopicFacts, days: int | None) -> dict[str, Any]:
    """Every column that follows from topic, preset and draft."""
    rule, draft = topic.preset.vote(topic.turn), topic.draft
    if draft is None:
        raise Conflict("no_draft", title="还没有公示方案", action="请先公示方案，再准备表决")
    options = draft.options or vote_rules.YES_OR_NO
    asked = Question(draft.method, options, draft.least, draft.most, draft.budget_cents)
    try:
        vote_rules.checked_question(asked, rule, draft.secrecy)
    except BadQuestion as error:
        raise Conflict("bad_question", title="方案不能用来表决", detail=str(error)) from None
    open_days = days or rule.days.usual
    if not rule.days.fits(open_days):
        text = f"表决要开放{rule.days.least}到{rule.days.most}天"
        raise Invalid("bad_days", detail=text, fields={"days": [text]})
    if topic.silence_with_majority and not rule.silence_allowed:
        raise Conflict("no_silence", title="这类事项不能使用“未投从多数”")
    secret = draft.secrecy == vote_rules.SECRETLY
    data = vote_rules.rule_as_data(rule)
    data |= {
        "preset_name": topic.preset.name, "basis": topic.preset.basis,
        "worth": topic.preset.worth, "worth_text": topic.preset.worth_text,
    }  # fmt: skip
    return {
        "topic_number": topic.number, "turn": topic.turn, "kind": topic.kind,
        "community_id": topic.place.community_id, "scope_kind": topic.place.scope_kind,
        "scope_id": topic.place.scope_id,
        "scope_text": register_of(uow).scope_text(uow, topic.place),
        "preset_version": topic.preset.version, "rule": data, "electorate": rule.electorate,
        "title": draft.title or topic.title, "words": draft.words or topic.words,
        "method": draft.method, "options": [_option(one) for one in options],
        "least": draft.least, "most": draft.most, "budget_cents": draft.budget_cents,
        "secrecy": draft.secrecy, "changeable": rule.changeable and not secret,
        "silence_with_majority": topic.silence_with_majority,
        "proxies": 0 if secret else rule.proxies, "days": open_days,
    }  # fmt: skip


def _option(one: Option) -> dict[str, Any]:
    return {"code": one.code, "text": one.text, "cost_cents": one.cost_cents}
