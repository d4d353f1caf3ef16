"""Reports of posts and what moderators do: keep, hide with a reason, decide on an appeal."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.deliberation import files, moves, parts, ports, posts, rules, telling
from backend.domains.deliberation.parts import Staff
from backend.domains.deliberation.talk_model import (
    ModerationCase,
    PostReport,
    TopicComment,
    TopicStatement,
)
from backend.domains.deliberation.topic_model import Topic
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

PER_DAY = "30 per day"
WAITING = (rules.CASE_OPEN, rules.CASE_APPEALED)


def report(
    uow: UnitOfWork, person_id: UUID, kind: str, post_id: UUID, *, why: str, words: str
) -> None:
    """A neighbour reports a post, once. Three reports hide it until a moderator has looked.

    Official answers and one's own words cannot be reported.
    """
    post = posts.seen(uow, person_id, posts.KINDS[kind], post_id)
    if post.state != rules.VISIBLE or post.person_id == person_id or post.staff_id is not None:
        raise Conflict("not_reportable", title="这条内容不能举报")
    uow.services.limiter.hit(PER_DAY, "topic-report", str(person_id))
    case = _open_case(uow, post)
    uow.session.execute(
        insert(PostReport)
        .values(id=new_id(), case_id=case.id, person_id=person_id, why=why, words=words,
                at=uow.now)
        .on_conflict_do_nothing(index_elements=["case_id", "person_id"])
    )  # fmt: skip
    count = select(func.count()).where(PostReport.case_id == case.id)
    topic = uow.session.get_one(Topic, post.topic_id)
    if (uow.session.scalar(count) or 0) == rules.REPORTS_UNTIL_HIDDEN:
        moves.small(uow, post, "report", rules.SYSTEM, internal="多人举报，先不公开")
        posts.shown(uow, post, shown_now=False)
        posts.tell(uow, topic, post, "under_review", "有邻居举报，工作人员正在看")


def decide(
    uow: UnitOfWork, by: Principal, case_id: UUID, action: str, reason: str
) -> ModerationCase:
    """Keep or hide what was reported; uphold or restore on appeal, by the street, another person.

    The author hears of every hiding with its reason, and of the decision on the appeal.
    """
    case = _held(uow, case_id)
    part = _reach(uow, by, case)
    topic = part.topic
    post = posts.held(uow, posts.KINDS[case.post_kind], case.post_id)
    second = case.state == rules.CASE_APPEALED
    who = rules.STREET if second else rules.MODERATOR
    if not part.plays(who) or (second and case.decided_by == part.id):
        raise moves.not_yours()
    why = reason.strip()
    if action != "keep":
        why = moves.needs(reason, "reason", "请写明原因，作者会看到")
    values: dict[str, Any] = (
        {"appeal_reason": why, "appeal_by": part.id, "appeal_at": uow.now}
        if second
        else {"reason": why, "decided_by": part.id, "decided_at": uow.now}
    )
    moves.small(uow, case, action, who, why=why, **values)
    _act(uow, topic, post, action, why)
    return case


def hide(uow: UnitOfWork, by: Principal, kind: str, post_id: UUID, reason: str) -> ModerationCase:
    """A moderator hides a post nobody has reported."""
    post = posts.held(uow, posts.KINDS[kind], post_id)
    part = parts.enter(uow, by, post.topic_id)
    if not part.plays(rules.MODERATOR):
        raise moves.not_yours()
    if post.state not in (rules.VISIBLE, rules.UNDER_REVIEW) or post.staff_id is not None:
        raise Conflict("wrong_state", title="这条内容现在没有公开", action="请刷新后再看")
    return decide(uow, by, _open_case(uow, post).id, "hide", reason)


def waiting(uow: UnitOfWork, by: Principal) -> list[dict[str, Any]]:
    """Cases within reach that wait for a decision, the oldest first; at most 100."""
    rows = uow.session.execute(
        select(ModerationCase, Topic)
        .join(Topic, Topic.id == ModerationCase.topic_id)
        .where(ModerationCase.state.in_(WAITING), parts.visible(by))
        .order_by(ModerationCase.opened_at, ModerationCase.id)
        .limit(100)
    ).all()
    reports = _reports(uow, [case.id for case, _ in rows])
    return [_row(uow, by, case, topic, reports.get(case.id, [])) for case, topic in rows]


def _row(
    uow: UnitOfWork, by: Principal, case: ModerationCase, topic: Topic,
    reports: Sequence[PostReport],
) -> dict[str, Any]:  # fmt: skip
    post = posts.find(uow, case.post_kind, case.post_id)
    names = ports.masked_names(uow, [post.person_id])
    part = Staff(by, topic)
    second = case.state == rules.CASE_APPEALED
    mine = part.plays(rules.STREET) and case.decided_by != by.actor.id
    can = (["restore", "uphold"] if mine else []) if second else ["keep", "hide"]
    if not second and not part.plays(rules.MODERATOR):
        can = []
    pictures = files.of(uow, topic.id, "comment", post.id) if case.post_kind == "comment" else []
    return {
        "id": case.id,
        "kind": "appeal" if second else "report",
        "state": case.state,
        "state_text": rules.CASE_TEXT[case.state],
        "post_kind": case.post_kind,
        "post_id": case.post_id,
        "post_state_text": rules.POST_TEXT[post.state],
        "topic": {"id": topic.id, "number": topic.number, "title": topic.title},
        "text": post.body,
        "pictures": files.urls("/api/v1/staff/topics", topic.id, pictures),
        "author": names.get(post.person_id, "") if post.person_id else "",
        "reports": [
            {"why": one.why, "why_text": rules.REPORT_TEXT[one.why], "words": one.words,
             "at": one.at}
            for one in reports
        ],
        "reason": case.reason,
        "appeal": case.appeal,
        "since": case.appealed_at if second else case.opened_at,
        "can": can,
    }  # fmt: skip


def _act(
    uow: UnitOfWork, topic: Topic, post: TopicComment | TopicStatement, action: str, why: str
) -> None:
    if action == "keep":
        if post.state == rules.UNDER_REVIEW:
            moves.small(uow, post, "pass", rules.MODERATOR)
            posts.shown(uow, post, shown_now=True)
            posts.tell(uow, topic, post, "kept", "工作人员看过了，已重新公开")
    elif action == "hide":
        if (post.state, "hide") in rules.POST_TRANSITIONS:
            was_public = post.state == rules.VISIBLE
            moves.small(uow, post, "hide", rules.MODERATOR, why=why)
            if was_public:
                posts.shown(uow, post, shown_now=False)
            posts.tell(uow, topic, post, "hidden", why)
    elif action == "restore":
        if post.state == rules.HIDDEN:
            moves.small(uow, post, "restore", rules.STREET, why=why)
            posts.shown(uow, post, shown_now=True)
        posts.tell(uow, topic, post, "restored", why)
    else:
        posts.tell(uow, topic, post, "upheld", why)


def _open_case(uow: UnitOfWork, post: TopicComment | TopicStatement) -> ModerationCase:
    """The open case of a post, begun where there is none; the post's row is held."""
    kind = posts.kind_of(post)
    query = select(ModerationCase).where(
        ModerationCase.post_kind == kind, ModerationCase.post_id == post.id,
        ModerationCase.state.in_((rules.CASE_OPEN, rules.CASE_HIDDEN, rules.CASE_APPEALED)),
    )  # fmt: skip
    row = uow.session.scalar(query)
    if row is not None:
        return row
    row = ModerationCase(
        id=new_id(), topic_id=post.topic_id, post_kind=kind, post_id=post.id,
        state=rules.CASE_OPEN, version=1, opened_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    trace.record(uow, subject=moves.subject(row), action="open", to_state=row.state, first=True)
    topic = uow.session.get_one(Topic, post.topic_id)
    telling.task(uow, topic, "有举报", f"有{posts.WHAT[kind]}被举报，请看一看。", lasting=True)
    return row


def _held(uow: UnitOfWork, case_id: UUID) -> ModerationCase:
    query = select(ModerationCase).where(ModerationCase.id == case_id).with_for_update()
    row = uow.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise posts.unknown()
    return row


def _reach(uow: UnitOfWork, by: Principal, case: ModerationCase) -> Staff:
    return parts.reach(uow, by, case.topic_id)


def _reports(uow: UnitOfWork, case_ids: Sequence[UUID]) -> dict[UUID, list[PostReport]]:
    rows = uow.session.scalars(
        select(PostReport).where(PostReport.case_id.in_(case_ids)).order_by(PostReport.at)
    )
    found: dict[UUID, list[PostReport]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found
