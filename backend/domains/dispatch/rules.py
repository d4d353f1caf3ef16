"""What may happen to an event, by whom and after what. Pure: standard library and the tables.

The tables are the machine of the facts (呼叫, 认领, 指派, 处置, 核查 …). `who` names the parts a
viewer can play in one event (`access` finds them); `anyone` means whoever can see the event.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from backend.kernel.state import Transition

CALLED, ASSIGNED, CLAIMED = "called", "assigned", "claimed"
SCHEDULED, IN_PROGRESS, WHISTLED = "scheduled", "in_progress", "whistled"
DISPOSED, VERIFIED, CLOSED, REOPENED = "disposed", "verified", "closed", "reopened"
CANCELLED, TRANSFERRED, MERGED, TICKETED = "cancelled", "transferred", "merged", "ticketed"

STATE_TEXT = {
    CALLED: "待认领", ASSIGNED: "已指派", CLAIMED: "已认领", SCHEDULED: "已约时间",
    IN_PROGRESS: "处置中", WHISTLED: "已吹哨", DISPOSED: "待核查", VERIFIED: "待评价",
    CLOSED: "已办结", REOPENED: "已重开", CANCELLED: "已撤销", TRANSFERRED: "已转紧急服务",
    MERGED: "已并入", TICKETED: "已转12345",
}  # fmt: skip
STATES = tuple(STATE_TEXT)
# Whoever calls waits for one of these; the others are over (merged: over here, alive elsewhere).
OPEN_STATES = (
    CALLED, ASSIGNED, CLAIMED, SCHEDULED, IN_PROGRESS, WHISTLED, DISPOSED, VERIFIED, REOPENED,
)  # fmt: skip
CLAIMABLE = (CALLED, REOPENED)
# The lead is at work: subtasks, whistles, notes to the caller.
AT_WORK = (CLAIMED, SCHEDULED, IN_PROGRESS, WHISTLED)
EVENT_ENDS = frozenset({CANCELLED, TRANSFERRED, TICKETED})

ANYONE, CALLER, CANDIDATE, LEAD, CO = "anyone", "caller", "candidate", "lead", "co"
DISPATCHER, WHISTLER, APPROVER, SUPERVISOR = "dispatcher", "whistler", "approver", "supervisor"
VERIFIER, DEPARTMENT, SYSTEM_PART, REQUEST = "verifier", "department", "system", "request"

RELEASE_MINUTES = 30
VERIFIED_DAYS = 7
REOPEN_DAYS = 15
RATING_DAYS = 30


def _way(to: str, *who: str, needs: Iterable[str] = (), limit: int | None = None) -> Transition:
    return Transition(to, frozenset(who), frozenset(needs), limit)


_TICKET = _way(TICKETED, DISPATCHER, needs=["ticket_number", "reason"])
_MERGE = _way(MERGED, DISPATCHER, needs=["reason"])
_CANCEL = _way(CANCELLED, CALLER, REQUEST, needs=["reason"])
_ASSIGN = _way(ASSIGNED, DISPATCHER)
_TRANSFER = _way(TRANSFERRED, ANYONE, CALLER, needs=["service"])

EVENT_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (CALLED, "claim"): _way(CLAIMED, CANDIDATE),
    (CALLED, "assign"): _ASSIGN,
    (CALLED, "transfer"): _TRANSFER,
    (CALLED, "cancel"): _CANCEL,
    (CALLED, "merge"): _MERGE,
    (CALLED, "ticket"): _TICKET,
    (ASSIGNED, "accept"): _way(CLAIMED, LEAD),
    (ASSIGNED, "decline"): _way(CALLED, LEAD, needs=["reason"]),
    (ASSIGNED, "assign"): _ASSIGN,
    (ASSIGNED, "cancel"): _CANCEL,
    (ASSIGNED, "merge"): _MERGE,
    (ASSIGNED, "ticket"): _TICKET,
    (CLAIMED, "release"): _way(CALLED, LEAD, needs=["reason"], limit=RELEASE_MINUTES),
    (CLAIMED, "schedule"): _way(SCHEDULED, LEAD, needs=["visit_at"]),
    (CLAIMED, "cancel"): _CANCEL,
    # A lead who falls ill must not keep an event from its end.
    (CLAIMED, "assign"): _ASSIGN,
    (CLAIMED, "merge"): _MERGE,
    (CLAIMED, "ticket"): _TICKET,
    (SCHEDULED, "schedule"): _way(SCHEDULED, LEAD, needs=["visit_at"]),
    (SCHEDULED, "start"): _way(IN_PROGRESS, LEAD),
    (SCHEDULED, "assign"): _ASSIGN,
    (SCHEDULED, "merge"): _MERGE,
    (SCHEDULED, "ticket"): _TICKET,
    (IN_PROGRESS, "whistle"): _way(WHISTLED, WHISTLER),
    (IN_PROGRESS, "dispose"): _way(DISPOSED, LEAD, needs=["result", "evidence", "subtasks"]),
    (IN_PROGRESS, "assign"): _ASSIGN,
    (IN_PROGRESS, "merge"): _MERGE,
    (IN_PROGRESS, "ticket"): _TICKET,
    (WHISTLED, "whistle"): _way(WHISTLED, WHISTLER),
    (WHISTLED, "answered"): _way(IN_PROGRESS, SYSTEM_PART),
    (WHISTLED, "ticket"): _TICKET,
    (DISPOSED, "verify"): _way(VERIFIED, VERIFIER, CALLER),
    (DISPOSED, "send_back"): _way(IN_PROGRESS, VERIFIER, CALLER, needs=["reason"]),
    (DISPOSED, "ticket"): _TICKET,
    (VERIFIED, "close"): _way(CLOSED, SYSTEM_PART),
    (VERIFIED, "ticket"): _TICKET,
    (CLOSED, "reopen"): _way(REOPENED, CALLER, SUPERVISOR, DISPATCHER, needs=["reason"]),
    (REOPENED, "claim"): _way(CLAIMED, CANDIDATE),
    (REOPENED, "assign"): _ASSIGN,
    (REOPENED, "transfer"): _TRANSFER,
    (REOPENED, "merge"): _MERGE,
    (REOPENED, "ticket"): _TICKET,
    (MERGED, "separate"): _way(CALLED, DISPATCHER, needs=["reason"]),
}

WAITING, ACCEPTED, DONE, RETURNED, WITHDRAWN = (
    "waiting", "accepted", "done", "returned", "withdrawn",
)  # fmt: skip
SUBTASK_TEXT = {WAITING: "待接收", ACCEPTED: "处理中", DONE: "已完成",
                RETURNED: "已退回", WITHDRAWN: "已撤回"}  # fmt: skip
SUBTASK_ENDS = frozenset({DONE, RETURNED, WITHDRAWN})
SUBTASK_OPEN = (WAITING, ACCEPTED)
_OWN = "holder"
SUBTASK_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (WAITING, "accept"): _way(ACCEPTED, _OWN),
    (WAITING, "give_back"): _way(RETURNED, _OWN, needs=["reason"]),
    (WAITING, "withdraw"): _way(WITHDRAWN, LEAD, DISPATCHER, SYSTEM_PART),
    (ACCEPTED, "finish"): _way(DONE, _OWN, needs=["result"]),
    (ACCEPTED, "give_back"): _way(RETURNED, _OWN, needs=["reason"]),
    (ACCEPTED, "withdraw"): _way(WITHDRAWN, LEAD, DISPATCHER, SYSTEM_PART),
}

BLOWN, SIGNED, CONTACTED, ARRIVED, FINISHED = "called", "signed", "contacted", "arrived", "finished"
WHISTLE_TEXT = {BLOWN: "待签收", SIGNED: "已签收", CONTACTED: "已联系", ARRIVED: "已到场",
                FINISHED: "已完成", RETURNED: "已退回", WITHDRAWN: "已撤回"}  # fmt: skip
WHISTLE_ENDS = frozenset({FINISHED, RETURNED, WITHDRAWN})
WHISTLE_OPEN = (BLOWN, SIGNED, CONTACTED, ARRIVED)
_UNBLOW = _way(WITHDRAWN, WHISTLER, SYSTEM_PART, needs=["reason"])
WHISTLE_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (BLOWN, "sign"): _way(SIGNED, DEPARTMENT, limit=60),
    (BLOWN, "give_back"): _way(RETURNED, DEPARTMENT, needs=["reason"]),
    (BLOWN, "withdraw"): _UNBLOW,
    (SIGNED, "contact"): _way(CONTACTED, DEPARTMENT, limit=24 * 60),
    (SIGNED, "withdraw"): _UNBLOW,
    (CONTACTED, "arrive"): _way(ARRIVED, DEPARTMENT),
    (CONTACTED, "withdraw"): _UNBLOW,
    (ARRIVED, "finish"): _way(FINISHED, DEPARTMENT, needs=["note"]),
    (ARRIVED, "withdraw"): _UNBLOW,
}

PENDING, APPROVED, REJECTED, ENDED = "pending", "approved", "rejected", "ended"
REQUEST_TEXT = {PENDING: "待审批", APPROVED: "已同意", REJECTED: "未同意",
                WITHDRAWN: "已撤回", ENDED: "已结束"}  # fmt: skip
REQUEST_KIND_TEXT = {"hold": "挂账", "cancel": "撤销"}
REQUEST_ENDS = frozenset({REJECTED, WITHDRAWN, ENDED})
REQUEST_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (PENDING, "approve"): _way(APPROVED, APPROVER),
    (PENDING, "reject"): _way(REJECTED, APPROVER),
    (PENDING, "withdraw"): _way(WITHDRAWN, _OWN, SYSTEM_PART),
    (APPROVED, "end"): _way(ENDED, LEAD, APPROVER, SYSTEM_PART),
}

ORDER_OPEN, REPLIED, ORDER_CLOSED = "open", "replied", "closed"
ORDER_TEXT = {ORDER_OPEN: "待回复", REPLIED: "已回复", ORDER_CLOSED: "已办结"}
ORDER_ENDS = frozenset({ORDER_CLOSED})
ORDER_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (ORDER_OPEN, "reply"): _way(REPLIED, LEAD, DISPATCHER, needs=["words"]),
    (REPLIED, "reply"): _way(REPLIED, LEAD, DISPATCHER, needs=["words"]),
    (REPLIED, "close"): _way(ORDER_CLOSED, SUPERVISOR),
    (ORDER_OPEN, "close"): _way(ORDER_CLOSED, SUPERVISOR, SYSTEM_PART),
}

WORKER, DEPUTY, LEADER, STREET, DISPATCH = "worker", "deputy", "leader", "street", "dispatch"
LEVELS = (WORKER, DEPUTY, LEADER, STREET)
LEVEL_TEXT = {WORKER: "网格员", DEPUTY: "副网格员", LEADER: "网格长",
              STREET: "街道", DISPATCH: "调度员"}  # fmt: skip
URGENT, NORMAL = "urgent", "normal"
URGENCY_TEXT = {URGENT: "紧急", NORMAL: "一般"}
SOURCE_TEXT = {"resident": "群众上报", "patrol": "巡查发现", "superior": "上级交办",
               "ticket": "12345转办", "wechat": "微信转发", "open311": "开放接口"}  # fmt: skip
CALLER_KIND_TEXT = {"first": "首个反映", "joined": "我也遇到", "moved": "拆分转入"}
ACTION_TEXT = {
    "call": "呼叫", "claim": "认领", "assign": "指派", "accept": "接单", "decline": "谢绝",
    "release": "退回", "escalate": "升级", "transfer": "转紧急服务", "schedule": "约定时间",
    "start": "开始处置", "contact": "联系来电人", "whistle": "吹哨", "answered": "部门办完",
    "dispose": "处置完成", "verify": "核查通过", "send_back": "退回重办", "close": "办结",
    "reopen": "重开", "cancel": "撤销", "merge": "并入", "separate": "拆出", "ticket": "转12345",
    "join": "我也遇到", "note": "补充情况", "rate": "评价", "hold": "挂账", "end_hold": "结束挂账",
    "request": "提出申请", "approve": "同意申请", "reject": "未同意申请", "withdraw": "撤回",
    "subtask": "交办子任务", "accept_subtask": "接收子任务", "finish_subtask": "完成子任务",
    "give_back_subtask": "退回子任务", "withdraw_subtask": "撤回子任务",
    "sign": "部门签收", "dept_contact": "部门联系", "arrive": "部门到场",
    "finish_whistle": "部门办完", "give_back_whistle": "部门退回", "withdraw_whistle": "撤回吹哨",
    "supervise": "督办", "reply": "回复督办", "close_order": "督办办结", "merge_in": "并入一件",
    "separate_out": "拆出一件", "split": "拆分", "remind": "提醒", "overdue": "超时",
    "correct": "更正", "tie": "关联工单", "withdraw_request": "撤回申请",
    "refuse_result": "结果未通过检查",
}  # fmt: skip


def next_level(levels: tuple[str, ...], level: str) -> str:
    """The step of the chain after `level`; past its end, and for unknown ones, the dispatcher."""
    if level in levels:
        place = levels.index(level) + 1
        if place < len(levels):
            return levels[place]
    return DISPATCH


def release_problem(claimed_at: datetime, now: datetime) -> str | None:
    """Why a claim can no longer be given back, or None: within 30 minutes of it."""
    if now - claimed_at > timedelta(minutes=RELEASE_MINUTES):
        return f"认领超过{RELEASE_MINUTES}分钟，不能再退回"
    return None


def caller_reopen_problem(closed_at: datetime, caller_reopened: int, now: datetime) -> str | None:
    """Why a caller may not reopen, or None: once, and within 15 days of the end."""
    if caller_reopened:
        return "每件事可以重开一次，这件已经重开过了"
    if now - closed_at > timedelta(days=REOPEN_DAYS):
        return f"办结超过{REOPEN_DAYS}天，不能直接重开"
    return None


def rating_problem(
    state: str, closed_at: datetime | None, rated: bool, now: datetime
) -> str | None:
    """Why a caller may not rate now, or None: once, from the check to 30 days after the end."""
    if rated:
        return "已经评价过了"
    if state not in (VERIFIED, CLOSED):
        return "办完后才能评价"
    if closed_at is not None and now - closed_at > timedelta(days=RATING_DAYS):
        return f"办结超过{RATING_DAYS}天，不能再评价"
    return None


def evidence_problem(
    *, before_needed: bool, after_needed: bool, befores: int, afters: int
) -> str | None:
    """What photo is missing for a disposal of this category, or None."""
    if before_needed and not befores:
        return "请补一张处置前的照片"
    if after_needed and not afters:
        return "请补一张处置后的照片"
    return None
