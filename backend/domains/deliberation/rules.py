"""What may happen to a topic, by whom and after what. Pure: standard library and the tables.

`who` names the parts somebody can have in one topic: its proposer, a neighbour who may take part,
the community's staff, the street, the system (timers and counted votes).
"""

from collections.abc import Iterable, Mapping

from backend.kernel.state import Transition

PROPOSED, SECONDING, SUBMITTED = "proposed", "seconding", "submitted"
ACCEPTED, DECLINED, LAPSED = "accepted", "declined", "lapsed"
DISCUSSING, DRAFTING, NOTICING = "discussing", "drafting", "noticing"
VOTING, COUNTING, RESULT_NOTICE = "voting", "counting", "result_notice"
OBJECTION, CARRYING_OUT = "objection", "carrying_out"
CLOSED, WITHDRAWN, FAILED = "closed", "withdrawn", "failed"

STATE_TEXT = {
    PROPOSED: "内容检查中", SECONDING: "征集联名", SUBMITTED: "待社区受理", ACCEPTED: "已受理",
    DISCUSSING: "讨论中", DRAFTING: "形成方案", NOTICING: "方案公示", VOTING: "表决中",
    COUNTING: "计票中", RESULT_NOTICE: "待公布结果", OBJECTION: "结果公示", CARRYING_OUT: "落实中",
    CLOSED: "已办结", DECLINED: "不予受理", LAPSED: "联名不足", WITHDRAWN: "已撤回",
    FAILED: "未通过",
}  # fmt: skip
STATES = tuple(STATE_TEXT)
TOPIC_ENDS = frozenset({CLOSED, DECLINED, LAPSED, WITHDRAWN, FAILED})
OPEN_STATES = tuple(state for state in STATES if state not in TOPIC_ENDS)
# Before the check has let the words through, nobody but the proposer sees them.
HIDDEN_STATES = frozenset({PROPOSED})
# Where neighbours may still say something.
TALKING = (SECONDING, SUBMITTED, ACCEPTED, DISCUSSING, DRAFTING, NOTICING, OBJECTION, CARRYING_OUT)
# From here on a topic was really put before the neighbours and is never withdrawn by one alone.
WITHDRAWABLE = (PROPOSED, SECONDING, SUBMITTED, ACCEPTED, DISCUSSING)
VOTED = (COUNTING, RESULT_NOTICE, OBJECTION, CARRYING_OUT, CLOSED, FAILED)

PROPOSER, NEIGHBOUR, WORKER = "proposer", "neighbour", "community"
STREET, SYSTEM = "street", "system"
PART_TEXT = {
    PROPOSER: "发起人", NEIGHBOUR: "邻居", WORKER: "社区", STREET: "街道", SYSTEM: "系统",
}  # fmt: skip


def _way(to: str, *who: str, needs: Iterable[str] = ()) -> Transition:
    return Transition(to, frozenset(who), frozenset(needs))


TOPIC_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (PROPOSED, "ask_support"): _way(SECONDING, SYSTEM),
    (PROPOSED, "submit"): _way(SUBMITTED, SYSTEM),
    (PROPOSED, "amend"): _way(PROPOSED, PROPOSER),
    (PROPOSED, "refuse_words"): _way(DECLINED, WORKER, SYSTEM, needs=["reason"]),
    (SECONDING, "submit"): _way(SUBMITTED, SYSTEM),
    (SECONDING, "lapse"): _way(LAPSED, SYSTEM),
    (SUBMITTED, "accept"): _way(ACCEPTED, WORKER),
    (SUBMITTED, "decline"): _way(DECLINED, WORKER, needs=["reason"]),
    (ACCEPTED, "discuss"): _way(DISCUSSING, WORKER),
    (ACCEPTED, "draft"): _way(DRAFTING, WORKER),
    (DISCUSSING, "prolong"): _way(DISCUSSING, WORKER, needs=["reason"]),
    (DISCUSSING, "draft"): _way(DRAFTING, WORKER, SYSTEM),
    (DRAFTING, "discuss"): _way(DISCUSSING, WORKER, needs=["reason"]),
    (DRAFTING, "notice"): _way(NOTICING, WORKER, needs=["draft"]),
    # A consultation without a vote ends with what the community does about it.
    (DRAFTING, "carry_out"): _way(CARRYING_OUT, WORKER, needs=["draft"]),
    (NOTICING, "redraft"): _way(DRAFTING, WORKER, STREET, needs=["reason"]),
    (NOTICING, "open_vote"): _way(VOTING, WORKER, needs=["vote"]),
    (VOTING, "end_vote"): _way(COUNTING, SYSTEM),
    (COUNTING, "next_vote"): _way(NOTICING, SYSTEM),
    (COUNTING, "passed"): _way(RESULT_NOTICE, SYSTEM),
    (COUNTING, "not_passed"): _way(RESULT_NOTICE, SYSTEM),
    (RESULT_NOTICE, "publish_result"): _way(OBJECTION, WORKER, SYSTEM),
    (OBJECTION, "sustain"): _way(DRAFTING, STREET, needs=["reason"]),
    (OBJECTION, "carry_out"): _way(CARRYING_OUT, SYSTEM),
    (OBJECTION, "fail"): _way(FAILED, SYSTEM),
    (CARRYING_OUT, "close"): _way(CLOSED, WORKER, needs=["progress"]),
    **{(state, "withdraw"): _way(WITHDRAWN, PROPOSER, needs=["reason"]) for state in WITHDRAWABLE},
}

STARTED_BY = {
    PROPOSED: "", SECONDING: "ask_support", SUBMITTED: "submit", ACCEPTED: "accept",
    DISCUSSING: "discuss", DRAFTING: "draft", NOTICING: "notice", VOTING: "open_vote",
}  # fmt: skip

OBJECTED, MEDIATING = "raised", "mediating"
DISMISSED, SUSTAINED, SETTLED = "dismissed", "sustained", "settled"
OBJECTION_TEXT = {
    OBJECTED: "待处理", MEDIATING: "街道调解中", SETTLED: "已调解一致", DISMISSED: "未采纳",
    SUSTAINED: "已采纳",
}  # fmt: skip
OBJECTION_ENDS = frozenset({DISMISSED, SUSTAINED, SETTLED})
OBJECTION_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (OBJECTED, "mediate"): _way(MEDIATING, STREET),
    (OBJECTED, "dismiss"): _way(DISMISSED, STREET, needs=["reason"]),
    (OBJECTED, "sustain"): _way(SUSTAINED, STREET, needs=["reason"]),
    (MEDIATING, "settle"): _way(SETTLED, STREET, needs=["reason"]),
    (MEDIATING, "dismiss"): _way(DISMISSED, STREET, needs=["reason"]),
    (MEDIATING, "sustain"): _way(SUSTAINED, STREET, needs=["reason"]),
}


def next_text(state: str, *, passed: bool | None = None) -> str:
    """What comes next, for somebody who is waiting."""
    if state == OBJECTION and passed is False:
        return "公示期满后结束"
    return _NEXT_TEXT[state]


_NEXT_TEXT = {
    PROPOSED: "内容检查通过后，邻居就能看到", SECONDING: "联名人数够了，就交给社区",
    SUBMITTED: "社区会答复是否受理", ACCEPTED: "社区会开始讨论", DISCUSSING: "讨论结束后，社区整理方案",
    DRAFTING: "方案写好后公示", NOTICING: "公示期满后开始表决", VOTING: "到时间自动结束，然后计票",
    COUNTING: "计票后公布结果", RESULT_NOTICE: "结果一个工作日内公布",
    OBJECTION: "公示期满、异议办完后开始落实", CARRYING_OUT: "社区会报告落实进展",
    CLOSED: "已经结束", DECLINED: "已经结束", LAPSED: "已经结束", WITHDRAWN: "已经结束",
    FAILED: "已经结束",
}  # fmt: skip
