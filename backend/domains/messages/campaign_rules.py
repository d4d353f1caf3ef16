"""What may happen to a campaign and by whom; what a campaign must say before it may go out. Pure.

Two people: whoever wrote it or asked for it does not release it. Once it is released nobody
changes its words; it can only be stopped.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from backend.kernel.state import Transition

DRAFT, SUBMITTED, RELEASED = "draft", "submitted", "released"
RUNNING, DONE, STOPPED = "running", "done", "stopped"
STATE_TEXT = {
    DRAFT: "草稿", SUBMITTED: "待放行", RELEASED: "等时间到", RUNNING: "正在发",
    DONE: "发完了", STOPPED: "已停止",
}  # fmt: skip
STATES = tuple(STATE_TEXT)
CAMPAIGN_ENDS = frozenset({DONE, STOPPED})

WRITER, RELEASER, SYSTEM_PART = "writer", "releaser", "system"


def _way(to: str, *who: str, needs: Iterable[str] = ()) -> Transition:
    return Transition(to, frozenset(who), frozenset(needs))


_STOP = _way(STOPPED, WRITER, RELEASER, needs=["reason"])
TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (DRAFT, "save"): _way(DRAFT, WRITER),
    (DRAFT, "submit"): _way(SUBMITTED, WRITER),
    (DRAFT, "discard"): _way(STOPPED, WRITER),
    (SUBMITTED, "recall"): _way(DRAFT, WRITER),
    (SUBMITTED, "return"): _way(DRAFT, RELEASER, needs=["reason"]),
    (SUBMITTED, "release"): _way(RELEASED, RELEASER),
    (RELEASED, "start"): _way(RUNNING, SYSTEM_PART),
    # Nobody was there to start it in time: what came too late is not sent.
    (RELEASED, "lapse"): _way(STOPPED, SYSTEM_PART),
    (RELEASED, "stop"): _STOP,
    (RUNNING, "stop"): _STOP,
    (RUNNING, "finish"): _way(DONE, SYSTEM_PART),
}
ACTION_TEXT = {
    "create": "新建", "save": "修改", "submit": "提交放行", "discard": "放弃", "recall": "撤回修改",
    "return": "退回修改", "release": "放行", "start": "开始发", "lapse": "过期未发",
    "stop": "停止", "finish": "发完",
}  # fmt: skip

#: Lives: how long after the start it may still be sent, where no end is set, and at most.
LIFE, SHORTEST, LONGEST = timedelta(hours=72), timedelta(hours=1), timedelta(days=30)
#: How far ahead it may be scheduled.
AHEAD = timedelta(days=180)
MOST_DAYS = 365

# What the machine says of the words, and whether whoever releases them has to read them.
PASSED, REFUSED, CHECKING = "passed", "refused", "waiting"

#: Where a notice may lead: the path in the inbox → the page a WeChat card opens.
PAGES = {
    "items": "packages/catalogue/item", "halls": "packages/halls/hall",
    "topics": "packages/council/topic", "activities": "packages/neighbourhood/activity",
}  # fmt: skip
PAGE_TEXT = {"items": "办事指南", "halls": "办事大厅", "topics": "议题", "activities": "社区活动"}
INBOX_PAGE = "packages/account/inbox"


def page_of(link: str) -> str:
    """The mini-program page for a link such as /topics/{id}; the inbox for none."""
    if not link:
        return INBOX_PAGE
    _, kind, id_ = link.split("/")
    return f"{PAGES[kind]}?id={id_}"


def releaser_problem(
    releaser: object, *, created_by: object, submitted_by: object | None
) -> str | None:
    """Why this person may not release it, or None."""
    if releaser in (created_by, submitted_by):
        return "您写了或提交了这条通知，请换一个人放行"
    return None


def problems(
    *,
    title: str,
    body: str,
    sms: str,
    by_sms: bool,
    send_at: datetime | None,
    expires_at: datetime | None,
    now: datetime,
) -> dict[str, str]:
    """What is missing or wrong before it may be submitted, by field."""
    found = {}
    if not title:
        found["title"] = "请写标题"
    if not body:
        found["body"] = "请写正文"
    if by_sms and not sms:
        found["sms"] = "选了短信，请写短信内容"
    begin = send_at or now
    if begin < now:
        found["send_at"] = "发送时间已经过了，请改成以后的时间，或选放行后马上发"
    elif begin - now > AHEAD:
        found["send_at"] = "最多提前半年安排"
    if expires_at is not None and "send_at" not in found:
        if expires_at - begin < SHORTEST:
            found["expires_at"] = "截止时间要比发送时间晚至少一小时"
        elif expires_at - begin > LONGEST:
            found["expires_at"] = "截止时间最多在发送后三十天"
    return found


def end_of(begin: datetime, expires_at: datetime | None) -> datetime:
    """Until when it may still be sent."""
    return expires_at or begin + LIFE


def audience_problems(audience: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a filter of the audience, by field."""
    if (audience["halls"] or audience["items"]) and audience["booked_days"] is None:
        return {"booked_days": "请填近几天预约过"}
    return {}


def read_problem(state: str | None, why: str, *, read: bool) -> tuple[str, str] | None:
    """Why the words may not be released yet: a code and a sentence; None when they may.

    `state` is what became of the content check, None where there is none. Refused by the machine
    stays refused; what the machine could not say (it is asked again, or wants a person to look)
    is on whoever releases it, who then must have read it.
    """
    if state == PASSED:
        return None
    if state == REFUSED:
        return "content_refused", f"内容检查没有通过：{why}。请退回修改"
    if state == CHECKING:
        return "content_checking", "正在检查内容，一般几秒钟，请稍后再放行"
    if not read:
        return "content_unread", "机器没有给出结论，请逐字看过全文，勾选“我看过全文”后再放行"
    return None


def shares(reach: Mapping[str, int], ladder: Collection[str]) -> list[tuple[str, int]]:
    """How many are reached on each channel of the ladder, and then in the inbox alone."""
    return [(channel, reach.get(channel, 0)) for channel in (*ladder, "inbox")]
