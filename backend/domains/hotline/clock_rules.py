"""The clocks of tickets: their kinds and the facts' limits. Pure: the counting is the kernel's."""

from collections.abc import Mapping

from backend.domains.hotline import rules
from backend.kernel.clock_rules import HOURS, MINUTES, WORKING_DAYS, WORKING_HOURS, Limit

ACCEPT, DISPATCH, SIGN, CONTACT = "accept", "dispatch", "sign", "contact"
RETURN, ARBITRATE, DECIDE = "return", "arbitrate", "decide"
HANDLE, REDO, UNIT_REVIEW, CENTRE_REVIEW = "handle", "redo", "unit_review", "centre"
CALL_BACK, JUDGE, SUPERVISE = "call_back", "judge", "supervise"
KIND_TEXT = {
    ACCEPT: "受理", DISPATCH: "派单", SIGN: "签收", CONTACT: "联系来电人", RETURN: "退单审核",
    ARBITRATE: "退单仲裁", DECIDE: "审批", HANDLE: "办理", REDO: "重办",
    UNIT_REVIEW: "部门审核", CENTRE_REVIEW: "中心审核", CALL_BACK: "回访", JUDGE: "研判",
    SUPERVISE: "督办回复",
}  # fmt: skip
# The work itself: extended once, moved by a hold, over with the reply.
WORK = (HANDLE, REDO)
UNITS = (MINUTES, HOURS, WORKING_HOURS, WORKING_DAYS)

# The facts' defaults by kind and urgency (handling: difficulty; None: any). The time to contact
# the caller is that of events; judging has the call-back's, since the facts name none.
DEFAULTS: Mapping[tuple[str, str | None], Limit] = {
    (ACCEPT, None): Limit(2, HOURS),
    (DISPATCH, rules.EMERGENCY): Limit(1, HOURS),
    (DISPATCH, rules.UTILITY): Limit(2, HOURS),
    (DISPATCH, None): Limit(24, HOURS),
    (SIGN, rules.EMERGENCY): Limit(1, HOURS),
    (SIGN, None): Limit(1, WORKING_DAYS),
    (CONTACT, rules.EMERGENCY): Limit(2, HOURS),
    (CONTACT, None): Limit(24, HOURS),
    (RETURN, None): Limit(2, WORKING_HOURS),
    (ARBITRATE, None): Limit(1, WORKING_DAYS),
    (DECIDE, None): Limit(1, WORKING_DAYS),
    (HANDLE, rules.CONSULT): Limit(3, WORKING_DAYS),
    (HANDLE, rules.COMPLEX): Limit(15 * 24, HOURS),
    (HANDLE, None): Limit(7 * 24, HOURS),
    (REDO, None): Limit(7 * 24, HOURS),
    (UNIT_REVIEW, None): Limit(1, WORKING_DAYS),
    (CENTRE_REVIEW, None): Limit(1, WORKING_DAYS),
    (CALL_BACK, None): Limit(1, WORKING_DAYS),
    (JUDGE, None): Limit(1, WORKING_DAYS),
}
# What is sent back keeps its day, but there is at least this long to mend it.
MENDING = Limit(24, HOURS)


def qualifier(kind: str, urgency: str, difficulty: str) -> str:
    """What the limit of a kind depends on."""
    return difficulty if kind == HANDLE else urgency


def default_limit(kind: str, urgency: str, difficulty: str) -> Limit:
    """The facts' limit of a kind that has one."""
    return DEFAULTS.get((kind, qualifier(kind, urgency, difficulty))) or DEFAULTS[kind, None]


def extended(limit: Limit, days: int) -> Limit:
    """The limit with so many days more: working days for one in working days."""
    more = {MINUTES: 24 * 60, HOURS: 24, WORKING_HOURS: 24, WORKING_DAYS: 1}[limit.unit]
    return Limit(limit.amount + days * more, limit.unit)
