"""Comments and statements as neighbours and staff read them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from backend.domains.content import service as content
from backend.domains.deliberation import files, moves, ports, posts, rules, stating
from backend.domains.deliberation.talk_model import CommentLike, TopicComment, TopicStatement
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.uow import UnitOfWork

NEWEST, OLDEST, LIKED, OFFICIAL = "newest", "oldest", "liked", "official"
SORTS = (NEWEST, OLDEST, LIKED, OFFICIAL)
_GONE = {rules.TAKEN_BACK: "（作者撤回了这条评论）", rules.HIDDEN: "（这条评论被隐藏了）",
         rules.UNDER_REVIEW: "（这条评论在复核）"}  # fmt: skip


def keys(sort: str) -> tuple[list[Any], bool]:
    """The columns a page is ordered by, unique together, and whether downwards."""
    if sort == LIKED:
        return [TopicComment.likes, TopicComment.at, TopicComment.id], True
    return [TopicComment.at, TopicComment.id], sort != OLDEST


def query(
    topic_id: UUID, person_id: UUID | None, *, parent_id: UUID | None, sort: str,
    everything: bool = False,
) -> Select[Any]:  # fmt: skip
    """Comments (or the replies to one) the viewer may see; staff see everything.

    One that is gone but has replies keeps its place.
    """
    found = select(TopicComment).where(
        TopicComment.topic_id == topic_id,
        TopicComment.parent_id == parent_id
        if parent_id is not None
        else TopicComment.parent_id.is_(None),
    )
    if sort == OFFICIAL:
        answered = select(TopicComment.parent_id).where(
            TopicComment.topic_id == topic_id, TopicComment.official,
            TopicComment.parent_id.is_not(None),
        )  # fmt: skip
        found = found.where(or_(TopicComment.official, TopicComment.id.in_(answered)))
    if everything:
        return found
    own = TopicComment.person_id == person_id
    return found.where(
        or_(
            TopicComment.state == rules.VISIBLE,
            own & (TopicComment.state != rules.TAKEN_BACK),
            (TopicComment.replies > 0) & TopicComment.state.in_(list(_GONE)),
        )
    )


def comments(
    uow: UnitOfWork, topic: Topic, rows: Sequence[TopicComment], person_id: UUID | None, *,
    everything: bool = False,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows as an answer shows them; the author's own say what became of them."""
    ids = [row.id for row in rows]
    names = ports.masked_names(uow, [row.person_id for row in rows])
    staff = ports.staff_names(uow, [row.staff_id for row in rows])
    pictures = files.many(uow, ids)
    liked = _liked(uow, ids, person_id)
    mine = [row.id for row in rows if row.person_id is not None and row.person_id == person_id]
    checks = content.currents(uow, moves.small_kind(TopicComment), mine) if mine else {}
    base = "/api/v1/staff/topics" if everything else "/api/v1/topics"
    found = []
    for row in rows:
        own = row.id in mine
        whole = everything or own or row.state == rules.VISIBLE
        notice = _notice(uow, row, checks.get(row.id)) if own else None
        found.append(
            {
                "id": row.id,
                "parent_id": row.parent_id,
                "author": _author(row, names, staff, whole=whole),
                "official": row.official,
                "mine": own,
                "text": row.body if whole else _GONE[row.state],
                "gone": not whole,
                "pictures": files.urls(base, topic.id, pictures.get(row.id, []) if whole else []),
                "state": row.state if whole else rules.HIDDEN,
                "state_text": rules.POST_TEXT[row.state] if own or everything else "",
                "likes": row.likes,
                "liked": row.id in liked,
                "replies": row.replies,
                "at": row.at,
                "edited": row.edited_at is not None,
                "notice": notice,
                "can": _can(row, notice, own=own, person=person_id is not None),
            }
        )
    return found


def one_comment(uow: UnitOfWork, row: TopicComment, person_id: UUID) -> dict[str, Any]:
    """A single comment for its author or a neighbour."""
    topic = uow.session.get_one(Topic, row.topic_id)
    return comments(uow, topic, [row], person_id)[0]


def statements(uow: UnitOfWork, topic_id: UUID, person_id: UUID | None) -> list[dict[str, Any]]:
    """The statements with one's answers and, on one's own, what became of them."""
    found = stating.listed(uow, topic_id, person_id)
    mine = [one["id"] for one in found if one["mine"]]
    checks = content.currents(uow, moves.small_kind(TopicStatement), mine) if mine else {}
    for one in found:
        row = one.pop("row")
        one["notice"] = _notice(uow, row, checks.get(one["id"])) if one["mine"] else None
        can = ["withdraw", *(one["notice"]["can"] if one["notice"] else [])] if one["mine"] else []
        one["can"] = [code for code in can if code != "edit"]
        if row.state == rules.VISIBLE and not one["mine"] and person_id is not None:
            one["can"] = ["answer"] if one["by_staff"] else ["answer", "report"]
    return found


def _notice(
    uow: UnitOfWork, row: TopicComment | TopicStatement, check: Any
) -> dict[str, Any] | None:
    """What the author reads while neighbours do not see the words."""
    if row.state == rules.HIDDEN:
        case = posts.hidden_case(uow, row)
        can = ["appeal"] if case is not None else []
        reason = case.reason if case is not None else "已经申诉过，维持隐藏"
        return {
            "experience": "hidden", "title": "工作人员隐藏了这条内容", "text": f"原因：{reason}",
            "can": can, "by_when": None,
        }  # fmt: skip
    if row.state == rules.UNDER_REVIEW and (check is None or check.state == content.PASSED):
        return {
            "experience": "under_review", "title": "正在人工复核",
            "text": "有邻居举报，工作人员看过再决定。现在只有您能看到。", "can": [], "by_when": None,
        }  # fmt: skip
    return content.notice(check) if row.state != rules.VISIBLE else None


def _author(
    row: TopicComment, names: dict[UUID, str], staff: dict[UUID, str], *, whole: bool
) -> str:
    if row.staff_id is not None:
        return f"社区 {staff.get(row.staff_id, '')}".strip()
    if not whole:
        return "邻居"
    return names.get(row.person_id, "已注销用户") if row.person_id else "已注销用户"


def _can(row: TopicComment, notice: dict[str, Any] | None, *, own: bool, person: bool) -> list[str]:
    if own:
        return ["withdraw", *(notice["can"] if notice else [])]
    if not person or row.state != rules.VISIBLE:
        return []
    return ["like", "reply"] if row.official else ["like", "reply", "report"]


def _liked(uow: UnitOfWork, ids: Sequence[UUID], person_id: UUID | None) -> set[UUID]:
    if person_id is None:
        return set()
    rows = select(CommentLike.comment_id).where(
        CommentLike.comment_id.in_(ids), CommentLike.person_id == person_id
    )
    return set(uow.session.scalars(rows))
