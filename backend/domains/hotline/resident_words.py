"""Where a ticket stands in plain words for its caller, and what the caller can do."""

from collections.abc import Sequence

from backend.domains.hotline import clock_rules, rules
from backend.domains.hotline.model import Ticket, TicketClock
from backend.kernel.clock import moment_text

_STATE = {
    rules.PENDING: "待受理", rules.TO_DISPATCH: "已受理", rules.TO_SIGN: "已派单",
    rules.RETURN_REVIEW: "已派单", rules.ARBITRATION: "已派单", rules.HANDLING: "办理中",
    rules.EXTENSION_REVIEW: "办理中", rules.HOLD_REVIEW: "办理中", rules.ON_HOLD: "暂缓办理",
    rules.UNIT_REVIEW: "审核答复中", rules.CENTRE_REVIEW: "审核答复中",
    rules.CALLBACK: "已答复", rules.JUDGEMENT: "复核中", rules.CLOSED: "已办结",
    rules.ARCHIVED: "已办结", rules.REJECTED: "不予受理", rules.ANSWERED: "已答复",
    rules.MERGED: "与同类诉求一并办理", rules.CANCELLED: "已撤回",
}  # fmt: skip
_NEXT = {
    rules.PENDING: "话务员受理后会告诉您",
    rules.TO_DISPATCH: "已受理，正在转交负责的单位",
    rules.TO_SIGN: "已派给负责的单位，签收后会联系您",
    rules.RETURN_REVIEW: "正在确认由哪个单位负责",
    rules.ARBITRATION: "正在确认由哪个单位负责",
    rules.HANDLING: "负责的单位正在办理，有结果会答复您",
    rules.EXTENSION_REVIEW: "负责的单位正在办理，有结果会答复您",
    rules.HOLD_REVIEW: "负责的单位正在办理，有结果会答复您",
    rules.ON_HOLD: "需要等条件具备再办，已经批准，时限暂停",
    rules.UNIT_REVIEW: "答复已写好，正在审核",
    rules.CENTRE_REVIEW: "答复已写好，正在审核",
    rules.CALLBACK: "请看看答复，说说解决了没有",
    rules.JUDGEMENT: "您不满意，正在复核，可能重新办理",
    rules.CLOSED: "已办结；还有问题请拨打12345",
    rules.ARCHIVED: "已办结；还有问题请拨打12345",
    rules.ANSWERED: "已经答复您；还有问题可以再提",
    rules.MERGED: "别人也反映了同样的事，一并办理，结果同样会告诉您",
    rules.CANCELLED: "已撤回，需要时可以再提",
}
_DUE = {
    clock_rules.ACCEPT: "受理", clock_rules.DISPATCH: "派给负责的单位",
    clock_rules.SIGN: "单位签收", clock_rules.HANDLE: "答复您", clock_rules.REDO: "再次答复您",
}  # fmt: skip
_WAITS_FOR = {
    rules.PENDING: (clock_rules.ACCEPT,), rules.TO_DISPATCH: (clock_rules.DISPATCH,),
    rules.TO_SIGN: (clock_rules.HANDLE, clock_rules.SIGN),
    rules.RETURN_REVIEW: (clock_rules.HANDLE,), rules.ARBITRATION: (clock_rules.HANDLE,),
}  # fmt: skip
# The reply is a caller's once it has passed both reviews.
ANSWERED_STATES = (
    rules.CALLBACK, rules.JUDGEMENT, rules.CLOSED, rules.ARCHIVED, rules.ANSWERED,
)  # fmt: skip
CANCELLABLE = (rules.PENDING, rules.TO_DISPATCH)


def state_text(ticket: Ticket) -> str:
    """The state in a word or two."""
    return _STATE[ticket.state]


def next_text(ticket: Ticket) -> str:
    """What happens next, in one sentence."""
    if ticket.state == rules.REJECTED:
        return f"不予受理：{ticket.reject_reason}" if ticket.reject_reason else "不予受理"
    if ticket.state == rules.CLOSED and ticket.callback_result == "unreached":
        return "多次联系不上您，先办结了；还有问题请拨打12345"
    return _NEXT[ticket.state]


def due_text(ticket: Ticket, clocks: Sequence[TicketClock]) -> str:
    """By when the next thing is due; empty where nothing runs."""
    kinds = _WAITS_FOR.get(ticket.state)
    if kinds is None:
        kinds = clock_rules.WORK if ticket.state in rules.AT_WORK else ()
    for kind in kinds:
        clock = next((one for one in clocks if one.kind == kind), None)
        if clock is None or clock.due_at is None:
            continue
        if clock.paused_at is not None:
            return "时限暂停中"
        return f"最晚{moment_text(clock.due_at)}{_DUE[kind]}"
    return ""


def reply(ticket: Ticket) -> str:
    """The answer, once it is the caller's to read."""
    return ticket.reply_public if ticket.state in ANSWERED_STATES else ""


def is_open(ticket: Ticket) -> bool:
    """Whether the caller still waits: a merged one waits with its parent."""
    return ticket.is_open or ticket.state == rules.MERGED


def urgeable(ticket: Ticket) -> bool:
    """Whether there is anybody to be urged: until it is answered."""
    return is_open(ticket) and ticket.state not in (rules.CALLBACK, rules.JUDGEMENT)


def can(ticket: Ticket, *, urged_today: bool) -> list[str]:
    """What the caller may do now."""
    found = []
    if urgeable(ticket) and not urged_today:
        found.append("urge")
    if ticket.state == rules.CALLBACK:
        found.append("rate")
    if is_open(ticket):
        found.append("add")
    if ticket.state in CANCELLABLE:
        found.append("cancel")
    return found
