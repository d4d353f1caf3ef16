"""Where an event stands in plain words for those who called, and what they can do."""

from collections.abc import Sequence

from backend.domains.dispatch import rules
from backend.domains.dispatch.model import Event, EventClock
from backend.kernel.clock import moment_text

_NEXT = {
    rules.CALLED: "已通知附近的工作人员，有人认领后会联系您",
    rules.ASSIGNED: "已指派工作人员，接单后会联系您",
    rules.CLAIMED: "工作人员已认领，会先联系您了解情况",
    rules.IN_PROGRESS: "工作人员正在处理",
    rules.WHISTLED: "已请主管部门到场一起处理",
    rules.DISPOSED: "已经处理，请确认是否解决；没有解决会退回重办",
    rules.VERIFIED: "核查通过，请您评价；7天后自动办结",
    rules.CLOSED: "已办结；没有解决的话，15天内可以重开一次",
    rules.REOPENED: "已重新派人处理",
    rules.CANCELLED: "已撤销，需要时可以再上报",
    rules.TICKETED: "已转12345热线继续办理，热线会答复您",
}
# How each clock's limit reads.
_DUE = {
    "claim": "有人认领", "accept": "接单", "contact": "联系您", "dispose": "处理完",
    "verify": "核查完",
}  # fmt: skip
_WAITS_FOR = {
    rules.CALLED: ("claim",), rules.REOPENED: ("claim",), rules.ASSIGNED: ("accept",),
    rules.CLAIMED: ("contact", "dispose"), rules.SCHEDULED: ("dispose",),
    rules.IN_PROGRESS: ("dispose",), rules.WHISTLED: ("dispose",), rules.DISPOSED: ("verify",),
}  # fmt: skip


def state_text(event: Event, now: Event) -> str:
    """The state in a word or two; `now` is what the event was merged into, or itself."""
    if event.id != now.id:
        return f"{rules.STATE_TEXT[now.state]}（与同类反映一并处理）"
    return rules.STATE_TEXT[now.state]


def next_text(event: Event, now: Event) -> str:
    """What happens next, in one sentence."""
    if now.on_hold:
        return "需要等条件具备再处理，已经主管同意，时限暂停"
    if now.state == rules.SCHEDULED and now.visit_at is not None:
        return f"约好了，{moment_text(now.visit_at)}到现场"
    if now.state == rules.SCHEDULED:
        return "约好了上门时间"
    if now.state == rules.TRANSFERRED:
        return f"已转{now.transferred_to}处理，情况紧急请直接拨打"
    if now.state == rules.MERGED:
        return "与同类反映一并处理，办完会告诉您"
    return _NEXT[now.state]


def due_text(event: Event, clocks: Sequence[EventClock]) -> str:
    """By when the next thing is due; empty where nothing runs."""
    for kind in _WAITS_FOR.get(event.state, ()):
        clock = next((one for one in clocks if one.kind == kind), None)
        if clock is None or clock.due_at is None:
            continue
        if clock.paused_at is not None:
            return "时限暂停中"
        return f"最晚{moment_text(clock.due_at)}{_DUE[kind]}"
    return ""
