"""The clocks of events: their kinds and the facts' limits. Pure: the counting is the kernel's."""

from collections.abc import Mapping

from backend.kernel.clock_rules import HOURS, MINUTES, WORKING_DAYS, Limit

CLAIM, ACCEPT, CONTACT, DISPOSE, VERIFY = "claim", "accept", "contact", "dispose", "verify"
SUBTASK, SIGN, DEPT_CONTACT, ARRIVE, SUPERVISE = (
    "subtask", "sign", "dept_contact", "arrive", "supervise",
)  # fmt: skip
KIND_TEXT = {
    CLAIM: "认领", ACCEPT: "接单", CONTACT: "联系来电人", DISPOSE: "处置", VERIFY: "核查",
    SUBTASK: "子任务", SIGN: "部门签收", DEPT_CONTACT: "部门联系", ARRIVE: "部门到场",
    SUPERVISE: "督办回复",
}  # fmt: skip

# The facts' defaults by kind and urgency (None: either); a district's rows come before them.
DEFAULTS: Mapping[tuple[str, str | None], Limit] = {
    (CLAIM, "urgent"): Limit(5, MINUTES),
    (CLAIM, "normal"): Limit(30, MINUTES),
    (ACCEPT, "urgent"): Limit(15, MINUTES),
    (ACCEPT, "normal"): Limit(1, HOURS),
    (CONTACT, "urgent"): Limit(2, HOURS),
    (CONTACT, "normal"): Limit(24, HOURS),
    (DISPOSE, "urgent"): Limit(24, HOURS),
    (DISPOSE, "normal"): Limit(7 * 24, HOURS),
    (VERIFY, None): Limit(1, WORKING_DAYS),
    (SUBTASK, None): Limit(24, HOURS),
    (SIGN, None): Limit(1, HOURS),
    (DEPT_CONTACT, None): Limit(24, HOURS),
    (ARRIVE, None): Limit(3, WORKING_DAYS),
}
ARRIVE_HARD = Limit(5, WORKING_DAYS)


def default_limit(kind: str, urgency: str) -> Limit:
    """The facts' limit of a kind that has one."""
    return DEFAULTS.get((kind, urgency)) or DEFAULTS[kind, None]
