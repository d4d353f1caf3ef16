"""What may happen to an article, its versions and its corrections, by whom. Pure.

The chain is that of the facts (采编 → 部门审核 → 热线中心审核 → 已发布 → 失效 → 归档): the author, the
department's reviewer and the centre's reviewer are three different people, and an edit makes
version N+1 while version N stays live. `who` names the parts a member of staff can play.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from backend.kernel.state import Transition

EDITOR, DEPARTMENT_REVIEWER, CENTRE_REVIEWER = "editor", "department_reviewer", "centre_reviewer"
SYSTEM_PART = "system"

DRAFT, DEPARTMENT_REVIEW, CENTRE_REVIEW = "draft", "department_review", "centre_review"
WAITING, PUBLISHED, SUPERSEDED, DISCARDED = "waiting", "published", "superseded", "withdrawn"
VERSION_TEXT = {
    DRAFT: "采编中", DEPARTMENT_REVIEW: "待部门审核", CENTRE_REVIEW: "待热线中心审核",
    WAITING: "待生效", PUBLISHED: "已发布", SUPERSEDED: "历史版本", DISCARDED: "已放弃",
}  # fmt: skip
VERSION_STATES = tuple(VERSION_TEXT)
# At most one of these at a time: the version that somebody is working on.
OPEN_VERSIONS = (DRAFT, DEPARTMENT_REVIEW, CENTRE_REVIEW, WAITING)
IN_REVIEW = (DEPARTMENT_REVIEW, CENTRE_REVIEW)
VERSION_ENDS = frozenset({SUPERSEDED, DISCARDED})


def _way(to: str, *who: str, needs: Iterable[str] = ()) -> Transition:
    return Transition(to, frozenset(who), frozenset(needs))


_RECALL = _way(DRAFT, EDITOR)
VERSION_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (DRAFT, "save"): _way(DRAFT, EDITOR),
    (DRAFT, "submit"): _way(DEPARTMENT_REVIEW, EDITOR),
    (DRAFT, "discard"): _way(DISCARDED, EDITOR),
    (DEPARTMENT_REVIEW, "approve"): _way(CENTRE_REVIEW, DEPARTMENT_REVIEWER),
    (DEPARTMENT_REVIEW, "return"): _way(DRAFT, DEPARTMENT_REVIEWER, needs=["reason"]),
    (DEPARTMENT_REVIEW, "recall"): _RECALL,
    (CENTRE_REVIEW, "approve"): _way(WAITING, CENTRE_REVIEWER),
    (CENTRE_REVIEW, "return"): _way(DRAFT, CENTRE_REVIEWER, needs=["reason"]),
    (CENTRE_REVIEW, "recall"): _RECALL,
    (WAITING, "go_live"): _way(PUBLISHED, SYSTEM_PART),
    # The system's when the title was taken meanwhile, the centre's when something turned up.
    (WAITING, "return"): _way(DRAFT, CENTRE_REVIEWER, SYSTEM_PART, needs=["reason"]),
    (WAITING, "recall"): _RECALL,
    (PUBLISHED, "supersede"): _way(SUPERSEDED, SYSTEM_PART),
}

UNPUBLISHED, EXPIRED, WITHDRAWN, ARCHIVED = "unpublished", "expired", "withdrawn", "archived"
ARTICLE_TEXT = {
    UNPUBLISHED: "未发布", PUBLISHED: "已发布", EXPIRED: "已失效", WITHDRAWN: "已下架",
    ARCHIVED: "已归档",
}  # fmt: skip
ARTICLE_STATES = tuple(ARTICLE_TEXT)
ARTICLE_ENDS = frozenset({ARCHIVED})
_LIVE = _way(PUBLISHED, SYSTEM_PART)
_RENEW = _way(PUBLISHED, DEPARTMENT_REVIEWER, needs=["expires_on"])
_ARCHIVE = _way(ARCHIVED, EDITOR, DEPARTMENT_REVIEWER, CENTRE_REVIEWER)
ARTICLE_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (UNPUBLISHED, "go_live"): _LIVE,
    (UNPUBLISHED, "archive"): _ARCHIVE,
    (PUBLISHED, "go_live"): _LIVE,
    (PUBLISHED, "renew"): _RENEW,
    (PUBLISHED, "expire"): _way(EXPIRED, SYSTEM_PART),
    (PUBLISHED, "withdraw"): _way(
        WITHDRAWN, DEPARTMENT_REVIEWER, CENTRE_REVIEWER, needs=["reason"]
    ),
    (EXPIRED, "go_live"): _LIVE,
    (EXPIRED, "renew"): _RENEW,
    (EXPIRED, "archive"): _ARCHIVE,
    (WITHDRAWN, "go_live"): _LIVE,
    (WITHDRAWN, "archive"): _ARCHIVE,
}

ASKED, ACCEPTED, REJECTED = "open", "accepted", "rejected"
CORRECTION_TEXT = {ASKED: "待答复", ACCEPTED: "已采纳", REJECTED: "未采纳"}
CORRECTION_STATES = tuple(CORRECTION_TEXT)
CORRECTION_ENDS = frozenset({ACCEPTED, REJECTED})
CORRECTION_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (ASKED, "accept"): _way(ACCEPTED, EDITOR),
    (ASKED, "reject"): _way(REJECTED, EDITOR, needs=["answer"]),
}

MISSED, FILLED, DISMISSED = "open", "filled", "dismissed"
MISS_TEXT = {MISSED: "待补充", FILLED: "已补充", DISMISSED: "不必补充"}
MISS_STATES = tuple(MISS_TEXT)
MISS_ENDS = frozenset({DISMISSED})
MISS_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (MISSED, "fill"): _way(FILLED, EDITOR),
    (MISSED, "dismiss"): _way(DISMISSED, EDITOR, CENTRE_REVIEWER, needs=["reason"]),
    # Asked again without an answer: what was written did not fill it.
    (FILLED, "miss"): _way(MISSED, SYSTEM_PART),
}

PUBLIC, INTERNAL = "public", "internal"
SCRIPT = "script"
AUDIENCE_TEXT = {PUBLIC: "公开", INTERNAL: "内部"}
MATERIAL_TEXT = {
    "policy": "政策文件", "guide": "办事指引", "qa": "问答", "announcement": "公告通知",
    # What operators ask and say on a frequent matter; never for residents.
    SCRIPT: "话术",
}  # fmt: skip
VIEWED, INSERTED, SENT, HELPFUL, UNHELPFUL = "viewed", "inserted", "sent", "helpful", "unhelpful"
USE_TEXT = {VIEWED: "查看", INSERTED: "引用", SENT: "发送", HELPFUL: "有用", UNHELPFUL: "没用"}

REMINDER_DAYS = (30, 7, 1)
RENEW_MOST_DAYS = 3 * 366

ACTION_TEXT = {
    "create": "新建", "draft": "开始修改", "save": "保存", "submit": "提交审核",
    "discard": "放弃草稿", "recall": "撤回修改", "approve": "审核通过", "return": "退回修改",
    "go_live": "发布", "expire": "失效", "withdraw": "下架", "renew": "延长有效期",
    "archive": "归档", "remind": "到期提醒", "ask": "提出纠错", "accept": "采纳纠错",
    "reject": "未采纳纠错", "overdue": "纠错超时",
}  # fmt: skip


def reviewer_problem(
    part: str, reviewer: object, writers: Collection[object], first_reviewer: object | None
) -> str | None:
    """Why this person may not review, or None: nobody passes what is partly their own work.

    `writers` are all who saved this version; `first_reviewer` passed it for the department.
    """
    if reviewer in writers:
        return "您写过这一版，请由别人审核"
    if part == CENTRE_REVIEWER and reviewer == first_reviewer:
        return "部门审核和热线中心审核不能是同一个人"
    return None


def expired(expires_on: date | None, today: date) -> bool:
    """Whether the last day on which it holds is over; without such a day it never is."""
    return expires_on is not None and expires_on < today


def begins(effective_on: date | None, today: date) -> bool:
    """Whether the first day on which it holds has come."""
    return effective_on is None or effective_on <= today


def expires_soon(expires_on: date | None, today: date) -> bool:
    """Whether it holds today and ends within the longest reminder."""
    if expires_on is None or expires_on < today:
        return False
    return expires_on - today <= timedelta(days=max(REMINDER_DAYS))


def reminders(expires_on: date, today: date) -> dict[int, date]:
    """The days on which the department is reminded, by days before the end; past ones are left."""
    found = {before: expires_on - timedelta(days=before) for before in REMINDER_DAYS}
    return {before: day for before, day in found.items() if day > today}


def renewal_problem(expires_on: date, now_until: date | None, today: date) -> str | None:
    """Why an article may not hold until this day, or None: later than now, at most 3 years on."""
    if expires_on < today:
        return "新的失效日期不能早于今天"
    if now_until is None:
        return "这篇文章长期有效，不用延长"
    if expires_on <= now_until:
        return "新的失效日期要晚于原来的日期"
    if expires_on - today > timedelta(days=RENEW_MOST_DAYS):
        return "一次最多延长三年"
    return None
