"""The proposal text: every save is a version, and two who edit at once are told apart."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.deliberation import moves, parts, ports, rules
from backend.domains.deliberation.kind_rules import (
    AREA,
    BALLOT_TEXT,
    CHOICE_TEXT,
    PROJECTS,
    RANKED,
    SINGLE,
    VoteRule,
)
from backend.domains.deliberation.topic_model import Topic, TopicDraft
from backend.domains.deliberation.vote_rules import (
    MOST_OPTIONS,
    MOST_RANKED,
    OPENLY,
    SECRETLY,
    BadQuestion,
    Option,
    Question,
    checked_question,
)
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, Stale
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft as a vote is prepared from it; options are `{code, text, detail, cost_cents}`."""

    number: int
    text: str
    question: str
    ballot: str
    options: tuple[dict[str, Any], ...]
    least: int
    most: int
    budget_cents: int | None
    secret: bool


def latest(uow: UnitOfWork, topic_id: UUID) -> TopicDraft | None:
    """The version saved last."""
    query = select(TopicDraft).where(TopicDraft.topic_id == topic_id)
    return uow.session.scalar(query.order_by(TopicDraft.number.desc()).limit(1))


def versions(uow: UnitOfWork, topic_id: UUID) -> list[TopicDraft]:
    """All versions, the newest first."""
    query = select(TopicDraft).where(TopicDraft.topic_id == topic_id)
    return list(uow.session.scalars(query.order_by(TopicDraft.number.desc())))


def noticed(uow: UnitOfWork, topic: Topic) -> TopicDraft | None:
    """The version that was published for notice."""
    if topic.noticed_draft is None:
        return None
    return uow.session.get(TopicDraft, (topic.id, topic.noticed_draft))


def facts(row: TopicDraft) -> DraftFacts:
    """A version as a vote is prepared from it."""
    return DraftFacts(
        row.number, row.text, row.question, row.ballot, tuple(row.options), row.least, row.most,
        row.budget_cents, row.secret,
    )  # fmt: skip


def save(
    uow: UnitOfWork, by: Principal, topic_id: UUID, seen: int, body: dict[str, Any]
) -> TopicDraft:
    """Keep a new version on top of the one seen (`seen` 0: there was none).

    `Stale` with the other's version in `extra["current"]` when somebody saved meanwhile, so that
    the editor can put both side by side. Only while the proposal is being written.
    """
    part = parts.enter(uow, by, topic_id)
    if not part.plays(rules.WORKER):
        raise moves.not_yours()
    topic = part.topic
    if topic.state not in (rules.ACCEPTED, rules.DISCUSSING, rules.DRAFTING):
        raise Conflict("wrong_state", title="现在不能改方案", action="公示以后要改，请先撤回公示")
    there = latest(uow, topic_id)
    number = there.number if there else 0
    if number != seen:
        raise stale(uow, there)
    row = TopicDraft(
        topic_id=topic_id, number=number + 1, staff_id=part.id, at=uow.now, **_normal(body)
    )
    check_votable(topic, row)
    uow.session.add(row)
    uow.session.flush()
    moves.touch(uow, topic)
    moves.note(uow, topic, "save_draft", internal=f"保存方案第{row.number}版")
    return row


def check_votable(topic: Topic, row: TopicDraft) -> None:
    """`Invalid` where the question does not fit the rule of the kind's next vote.

    What is let through here can be prepared as a vote: nothing may come to light behind the notice.
    """
    rule = moves.preset_of(topic).vote(topic.turn)
    problem = _problem(rule, row)
    if problem is not None:
        field, text = problem
        raise Invalid("bad_question", detail=text, fields={field: [text]})


def _problem(rule: VoteRule, row: TopicDraft) -> tuple[str, str] | None:
    """The first thing that does not fit: the field and what is wrong with it."""
    codes = [option["code"] for option in row.options]
    allowed = "、".join(BALLOT_TEXT[one] for one in rule.ballots)
    costed = row.budget_cents and all(option.get("cost_cents") for option in row.options)
    open_only = AREA in rule.weights or "secret" not in rule.secrecy
    found = (
        (row.ballot not in rule.ballots, "ballot", f"这类议题的投票方式只能是：{allowed}"),
        (not 2 <= len(codes) <= MOST_OPTIONS, "options", f"选项要有2到{MOST_OPTIONS}个"),
        (row.ballot == RANKED and len(codes) > MOST_RANKED, "options",
         f"排序的选项最多{MOST_RANKED}个"),
        (len(set(codes)) != len(codes), "options", "选项编号重复"),
        (not 1 <= row.least <= row.most <= len(codes), "most", "可选项数不对"),
        (rule.decides and set(codes) != set(CHOICE_TEXT), "options",
         "要作出决定的表决，选项是同意、不同意、弃权"),
        (row.secret and open_only, "secret", "按面积计票的表决不能不记名：面积会泄露是谁投的"),
        (row.ballot == PROJECTS and not costed, "budget_cents", "请填写总预算和每个项目的金额"),
    )  # fmt: skip
    known = next(((field, text) for wrong, field, text in found if wrong), None)
    return known or _refused(rule, row)


def _refused(rule: VoteRule, row: TopicDraft) -> tuple[str, str] | None:
    """What the vote itself would say."""
    options = tuple(
        Option(one["code"], one["text"], one.get("cost_cents")) for one in row.options
    )  # fmt: skip
    asked = Question(row.ballot, options, row.least, row.most, row.budget_cents)
    try:
        checked_question(asked, rule, SECRETLY if row.secret else OPENLY)
    except BadQuestion as error:
        return "options", str(error)
    return None


def _normal(body: dict[str, Any]) -> dict[str, Any]:
    """The body with the plain question's options where none were written."""
    found = dict(body)
    if not found["options"] and found["ballot"] == SINGLE:
        found["options"] = [{"code": code, "text": text} for code, text in CHOICE_TEXT.items()]
    found["options"] = [
        {"detail": "", "cost_cents": None, **option} for option in found["options"]
    ]  # fmt: skip
    if found["ballot"] == SINGLE:
        found["least"] = found["most"] = 1
    if found["ballot"] != PROJECTS:
        found["budget_cents"] = None
        found["options"] = [{**option, "cost_cents": None} for option in found["options"]]
    return found


def view(uow: UnitOfWork, row: TopicDraft) -> dict[str, Any]:
    """A version as staff and neighbours read it."""
    writer = ports.staff_names(uow, [row.staff_id]).get(row.staff_id, "")
    return {**asdict(facts(row)), "note": row.note, "at": row.at, "by": writer}


def stale(uow: UnitOfWork, there: TopicDraft | None) -> Stale:
    """Somebody saved meanwhile."""
    current = None
    if there is not None:
        current = {"number": there.number, "text": there.text, "question": there.question}
        current["by"] = ports.staff_names(uow, [there.staff_id]).get(there.staff_id, "")
    return Stale(
        "draft_changed", title="别人刚保存过方案", detail="您的改动还没有保存",
        action="请对照两份，合并后再保存", extra={"current": current},
    )  # fmt: skip


def check_version(now: int, seen: int) -> None:
    """`Stale` when the topic changed since it was read."""
    if now != seen:
        raise Stale("stale", detail="别人刚改过这个议题", action="请刷新后再改")
