"""What may happen to a ticket, by whom and after what. Pure: standard library and the tables.

The tables are the machine of the facts (受理, 派单, 签收, 退单, 办理, 审核, 回访, 研判, 办结). `who`
names the parts somebody can play in one ticket (`access` finds them).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from backend.kernel.state import Transition

PENDING, TO_DISPATCH, TO_SIGN = "pending", "to_dispatch", "to_sign"
RETURN_REVIEW, ARBITRATION, HANDLING = "return_review", "arbitration", "handling"
EXTENSION_REVIEW, HOLD_REVIEW, ON_HOLD = "extension_review", "hold_review", "on_hold"
UNIT_REVIEW, CENTRE_REVIEW = "unit_review", "centre_review"
CALLBACK, JUDGEMENT, CLOSED = "callback", "judgement", "closed"
REJECTED, ANSWERED, MERGED = "rejected", "answered", "merged"
CANCELLED, ARCHIVED = "cancelled", "archived"

STATE_TEXT = {
    PENDING: "待受理", TO_DISPATCH: "待派单", TO_SIGN: "待签收", RETURN_REVIEW: "退单审核",
    ARBITRATION: "退单仲裁", HANDLING: "办理中", EXTENSION_REVIEW: "延期审核",
    HOLD_REVIEW: "挂账审核", ON_HOLD: "挂账中", UNIT_REVIEW: "待部门审核",
    CENTRE_REVIEW: "待中心审核", CALLBACK: "待回访", JUDGEMENT: "不满意研判", CLOSED: "办结",
    ARCHIVED: "归档", REJECTED: "不予受理", ANSWERED: "直接答复", MERGED: "已并入",
    CANCELLED: "已撤回",
}  # fmt: skip
STATES = tuple(STATE_TEXT)
TICKET_ENDS = frozenset({REJECTED, ANSWERED, CANCELLED, ARCHIVED})
# A merged ticket waits for its parent's answer; nobody works on it here.
OPEN_STATES = tuple(
    state for state in STATES if state not in TICKET_ENDS | {CLOSED, MERGED}
)  # fmt: skip
# A unit has it: it is urged, supervised, linked, and others can be merged into it.
WITH_UNIT = (
    TO_SIGN, RETURN_REVIEW, ARBITRATION, HANDLING, EXTENSION_REVIEW, HOLD_REVIEW, ON_HOLD,
    UNIT_REVIEW, CENTRE_REVIEW,
)  # fmt: skip
PARENTS = (TO_DISPATCH, *WITH_UNIT)
AT_WORK = (HANDLING, EXTENSION_REVIEW, HOLD_REVIEW, ON_HOLD)

OPERATOR, DISPATCHER, APPROVER = "operator", "dispatcher", "approver"
ARBITER, LEAD, CO, HEAD = "arbiter", "lead", "co", "head"
REVIEWER, CALLER_BACK, JUDGE = "reviewer", "caller_back", "judge"
SUPERVISOR, REOPENER, CALLER, SYSTEM_PART = "supervisor", "reopener", "caller", "system"
SECOND_JUDGE = "second_judge"

RETURNS_BEFORE_ARBITRATION = 1
REDO_AT_MOST = 1
CALLBACK_TRIES = 3
ARCHIVE_DAYS = 30
LONGEST_EXTENSION = 15
LONGEST_HOLD = timedelta(days=90)


def _way(to: str, *who: str, needs: Iterable[str] = (), limit: int | None = None) -> Transition:
    return Transition(to, frozenset(who), frozenset(needs), limit)


_DAY = 24 * 60
_SEND_BACK = ("reason",)

TICKET_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (PENDING, "accept"): _way(TO_DISPATCH, OPERATOR, DISPATCHER, limit=120),
    (PENDING, "reject"): _way(REJECTED, OPERATOR, needs=["reason"], limit=120),
    (PENDING, "answer"): _way(ANSWERED, OPERATOR, needs=["source"], limit=120),
    (PENDING, "cancel"): _way(CANCELLED, CALLER),
    (TO_DISPATCH, "dispatch"): _way(TO_SIGN, DISPATCHER, needs=["lead_unit"], limit=_DAY),
    (TO_DISPATCH, "merge"): _way(MERGED, DISPATCHER, needs=["parent"]),
    (TO_DISPATCH, "cancel"): _way(CANCELLED, CALLER),
    (MERGED, "separate"): _way(TO_DISPATCH, DISPATCHER, SYSTEM_PART, needs=["reason"]),
    # The parent was answered: this caller is called back as well.
    (MERGED, "parent_replied"): _way(CALLBACK, SYSTEM_PART),
    (TO_SIGN, "sign"): _way(HANDLING, LEAD),
    (TO_SIGN, "ask_return"): _way(RETURN_REVIEW, LEAD, needs=["legal_basis", "reason"]),
    (TO_SIGN, "return_again"): _way(ARBITRATION, LEAD, needs=["legal_basis", "reason"]),
    (RETURN_REVIEW, "approve_return"): _way(TO_SIGN, APPROVER, SUPERVISOR, needs=["unit"]),
    (RETURN_REVIEW, "reject_return"): _way(TO_SIGN, APPROVER, SUPERVISOR, needs=["note"]),
    (ARBITRATION, "arbitrate"): _way(TO_SIGN, ARBITER, needs=["note"]),
    (HANDLING, "ask_extension"): _way(EXTENSION_REVIEW, LEAD, needs=["days", "reason"]),
    (EXTENSION_REVIEW, "decide_extension"): _way(HANDLING, SUPERVISOR),
    (HANDLING, "ask_hold"): _way(HOLD_REVIEW, LEAD, needs=["until", "reason"]),
    (HOLD_REVIEW, "approve_hold"): _way(ON_HOLD, SUPERVISOR),
    (HOLD_REVIEW, "reject_hold"): _way(HANDLING, SUPERVISOR, needs=["note"]),
    (ON_HOLD, "end_hold"): _way(HANDLING, LEAD, SUPERVISOR, SYSTEM_PART),
    (HANDLING, "submit_reply"): _way(UNIT_REVIEW, LEAD, needs=["internal", "public"]),
    (UNIT_REVIEW, "pass_unit"): _way(CENTRE_REVIEW, HEAD),
    # The unit may take its own reply back as well, so that a lone head's is never stuck.
    (UNIT_REVIEW, "send_back"): _way(HANDLING, HEAD, LEAD, needs=_SEND_BACK),
    (CENTRE_REVIEW, "pass_centre"): _way(CALLBACK, REVIEWER),
    (CENTRE_REVIEW, "send_back"): _way(HANDLING, REVIEWER, needs=_SEND_BACK),
    (CALLBACK, "satisfied"): _way(CLOSED, CALLER_BACK, CALLER),
    (CALLBACK, "dissatisfied"): _way(JUDGEMENT, CALLER_BACK, CALLER),
    (CALLBACK, "unreached"): _way(CLOSED, CALLER_BACK),
    (JUDGEMENT, "redo"): _way(HANDLING, JUDGE, needs=["note"], limit=7 * _DAY),
    (JUDGEMENT, "explain"): _way(CLOSED, JUDGE, needs=["note"]),
    (JUDGEMENT, "exclude"): _way(CLOSED, SECOND_JUDGE, needs=["evidence"]),
    (CLOSED, "reopen"): _way(HANDLING, REOPENER, needs=["reason"]),
    (CLOSED, "archive"): _way(ARCHIVED, SYSTEM_PART),
}

WAITING, SIGNED, REPLIED, RETURNED, OVER = "waiting", "signed", "replied", "returned", "over"
UNIT_TEXT = {WAITING: "待签收", SIGNED: "已签收", REPLIED: "已回复", RETURNED: "已退单",
             OVER: "已结束"}  # fmt: skip
UNIT_ENDS = frozenset({RETURNED, OVER})
UNIT_OPEN = (WAITING, SIGNED)
LEAD_ROLE, CO_ROLE = "lead", "co"
ROLE_TEXT = {LEAD_ROLE: "主办", CO_ROLE: "协办"}
# `holder`: somebody of that very unit.
UNIT_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (WAITING, "sign"): _way(SIGNED, "holder"),
    (WAITING, "return"): _way(RETURNED, SYSTEM_PART),
    (WAITING, "finish"): _way(OVER, SYSTEM_PART),
    (SIGNED, "reply"): _way(REPLIED, "holder"),
    (SIGNED, "finish"): _way(OVER, SYSTEM_PART),
    (REPLIED, "again"): _way(SIGNED, SYSTEM_PART),
    (REPLIED, "finish"): _way(OVER, SYSTEM_PART),
}

ASKED, APPROVED, REFUSED = "pending", "approved", "rejected"
REQUEST_TEXT = {ASKED: "待审批", APPROVED: "已同意", REFUSED: "未同意"}
REQUEST_ENDS = frozenset({APPROVED, REFUSED})
RETURN, AGAIN, EXTENSION, HOLD, EXCLUDE = "return", "arbitration", "extension", "hold", "exclude"
REQUEST_KIND_TEXT = {
    RETURN: "退单", AGAIN: "退单仲裁", EXTENSION: "延期", HOLD: "挂账", EXCLUDE: "剔除",
}  # fmt: skip
# Who decides each kind; `decide` checks the part, the table that it is decided once.
REQUEST_DECIDERS: Mapping[str, tuple[str, ...]] = {
    RETURN: (APPROVER, SUPERVISOR),
    AGAIN: (ARBITER,),
    EXTENSION: (SUPERVISOR,),
    HOLD: (SUPERVISOR,),
    EXCLUDE: (JUDGE,),
}
_DECIDING = sorted({part for parts in REQUEST_DECIDERS.values() for part in parts})
REQUEST_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (ASKED, "approve"): _way(APPROVED, *_DECIDING),
    (ASKED, "reject"): _way(REFUSED, *_DECIDING),
}

ORDER_OPEN, ORDER_REPLIED, ORDER_CLOSED = "open", "replied", "closed"
ORDER_TEXT = {ORDER_OPEN: "待回复", ORDER_REPLIED: "已回复", ORDER_CLOSED: "已办结"}
ORDER_ENDS = frozenset({ORDER_CLOSED})
ORDER_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (ORDER_OPEN, "reply"): _way(ORDER_REPLIED, LEAD, HEAD, needs=["words"]),
    (ORDER_REPLIED, "reply"): _way(ORDER_REPLIED, LEAD, HEAD, needs=["words"]),
    (ORDER_REPLIED, "close"): _way(ORDER_CLOSED, SUPERVISOR, SYSTEM_PART),
    (ORDER_OPEN, "close"): _way(ORDER_CLOSED, SUPERVISOR, SYSTEM_PART),
}

KIND_TEXT = {"consult": "咨询", "request": "求助", "complaint": "投诉", "report": "举报",
             "suggestion": "建议", "praise": "表扬"}  # fmt: skip
SOURCE_TEXT = {"phone": "电话", "mini": "小程序", "web": "网页", "wechat": "微信",
               "letter": "来信", "transfer": "转来", "ask": "问一问"}  # fmt: skip
EMERGENCY, UTILITY, NORMAL = "emergency", "utility", "normal"
URGENCY_TEXT = {EMERGENCY: "紧急", UTILITY: "水电气热", NORMAL: "一般"}
CONSULT, GENERAL, COMPLEX = "consult", "general", "complex"
DIFFICULTY_TEXT = {CONSULT: "咨询", GENERAL: "一般", COMPLEX: "疑难"}
ARTICLE, ITEM = "article", "item"
PIN_TEXT = {ARTICLE: "知识", ITEM: "事项"}
LINK_TEXT = {"event": "有呼同应事件", "case": "办事件"}
CALLBACK_TEXT = {"satisfied": "满意", "dissatisfied": "不满意", "unreached": "未回访"}
ACTION_TEXT = {
    "take": "登记", "accept": "受理", "reject": "不予受理", "answer": "直接答复",
    "dispatch": "派单", "merge": "并入", "separate": "拆出", "merge_in": "并入一件",
    "separate_out": "拆出一件", "parent_replied": "主件已答复", "sign": "签收",
    "sign_co": "协办签收", "ask_return": "申请退单", "return_again": "再次申请退单",
    "approve_return": "同意退单", "reject_return": "不同意退单", "arbitrate": "仲裁",
    "respond": "按时联系", "respond_late": "超时联系", "contact": "再次联系",
    "add_unit": "加派", "co_reply": "协办回复", "ask_extension": "申请延期",
    "decide_extension": "延期审批", "ask_hold": "申请挂账", "approve_hold": "同意挂账",
    "reject_hold": "不同意挂账", "end_hold": "结束挂账", "submit_reply": "提交答复",
    "pass_unit": "部门审核通过", "pass_centre": "中心审核通过", "send_back": "驳回",
    "call_failed": "没有接通", "satisfied": "回访满意", "dissatisfied": "回访不满意",
    "unreached": "未能回访", "redo": "重办", "explain": "解释到位", "ask_exclude": "提请剔除",
    "reject_exclude": "不同意剔除", "exclude": "剔除", "close": "办结", "archive": "归档",
    "reopen": "重开", "cancel": "撤回", "urge": "催办", "supervise": "督办",
    "reply_order": "回复督办", "close_order": "督办办结", "note": "补充情况", "edit": "更正",
    "pin": "引用依据", "unpin": "取消引用", "link": "关联", "unlink": "取消关联",
    "remind": "提醒", "overdue": "超时",
}  # fmt: skip

_UTILITY_WORDS = (
    "停水", "断水", "没水", "停电", "断电", "没电", "停气", "断气", "没气", "燃气", "煤气",
    "暖气", "供暖", "供热", "不热", "自来水", "水管", "水压", "电表", "变压器", "跳闸", "漏水",
)  # fmt: skip


def urgency_of(words: str, urgent: bool, wanted: str | None = None) -> str:
    """Never less urgent than the words: danger is `emergency`, water to heat `utility`.

    `urgent` says that words or category mean danger (`dispatch.emergency_rules`); `wanted` is
    what a person chose, which can only raise it.
    """
    found = EMERGENCY if urgent else NORMAL
    if found == NORMAL and any(word in words for word in _UTILITY_WORDS):
        found = UTILITY
    order = list(URGENCY_TEXT)
    return min(found, wanted or NORMAL, key=order.index)


def difficulty_of(kind: str) -> str:
    """Where nobody chose: questions, suggestions and praise are consultations."""
    return CONSULT if kind in ("consult", "suggestion", "praise") else GENERAL


def title_of(words: str, fallback: str, most: int = 40) -> str:
    """The first sentence of what was said, cut to `most` characters."""
    text = " ".join(words.split())
    for mark in "。！？!?；;":
        text = text.split(mark)[0]
    text = text.strip() or fallback
    return text if len(text) <= most else text[: most - 1] + "…"


def return_action(returns_count: int, final: bool) -> str | None:
    """Which way a unit's return takes: review, then arbitration; None when it is final."""
    if final:
        return None
    return "ask_return" if returns_count < RETURNS_BEFORE_ARBITRATION else "return_again"


def extension_problem(
    *, extended: bool, asked: bool, due_at: datetime | None, days: int, now: datetime
) -> str | None:
    """Why an extension cannot be asked for, or None: once, before expiry, 1 to 15 days.

    `asked` says that one was asked for before, whatever became of it.
    """
    if extended or asked:
        return "每件工单只能申请一次延期"
    if due_at is not None and now >= due_at:
        return "已经到期，不能再申请延期"
    if not 1 <= days <= LONGEST_EXTENSION:
        return f"请填1到{LONGEST_EXTENSION}天"
    return None


def hold_problem(until: datetime | None, now: datetime) -> str | None:
    """Why a hold cannot last until then, or None: ahead, and 90 days at most."""
    if until is None or not now < until <= now + LONGEST_HOLD:
        return f"请选恢复的时间，最长{LONGEST_HOLD.days}天"
    return None


def callback_problem(failed_hours: Iterable[str], hour: str) -> str | None:
    """Why this failed try does not count: tries must be at different hours (`2026-11-23T09`)."""
    if hour in set(failed_hours):
        return "这个小时已经打过一次，请换个时间再打"
    return None


def callback_action(*, contacted: bool, satisfied: bool | None, failed: int) -> str | None:
    """The way a call-back leads; None while it is only one more failed try.

    `failed` counts failed tries, this one included. Whoever is not reached is not satisfied:
    such a ticket ends as `unreached`.
    """
    if not contacted:
        return "unreached" if failed >= CALLBACK_TRIES else None
    return "satisfied" if satisfied else "dissatisfied"


def redo_problem(redo_count: int) -> str | None:
    """Why it cannot be done again, or None: once."""
    if redo_count >= REDO_AT_MOST:
        return "已经重办过一次，请选解释到位，或提请剔除"
    return None


def urge_problem(last_day: str | None, today: str) -> str | None:
    """Why a caller may not urge now, or None: once a day (days in Asia/Shanghai)."""
    if last_day == today:
        return "今天已经催过了，明天还可以再催"
    return None
