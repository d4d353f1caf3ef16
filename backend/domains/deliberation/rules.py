"""What may happen to a topic, by whom and after what. Pure: standard library and the tables.

`who` names the parts somebody can have in one topic: its proposer, a neighbour who may take part,
the community's staff, the street, the system (timers and counted votes).
"""

from collections.abc import Iterable, Mapping, Sequence

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
# Where a vote of this turn can still be prepared.
BEFORE_VOTE = (DRAFTING, NOTICING)
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
    (PROPOSED, "lapse"): _way(LAPSED, SYSTEM),
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
    # The street stops it; the vote itself asks who may.
    (VOTING, "annul"): _way(DRAFTING, SYSTEM, needs=["reason"]),
    (COUNTING, "annul"): _way(DRAFTING, SYSTEM, needs=["reason"]),
    (COUNTING, "next_vote"): _way(NOTICING, SYSTEM),
    (COUNTING, "passed"): _way(RESULT_NOTICE, SYSTEM),
    (COUNTING, "not_passed"): _way(RESULT_NOTICE, SYSTEM),
    (RESULT_NOTICE, "publish_result"): _way(OBJECTION, SYSTEM),
    (OBJECTION, "sustain"): _way(DRAFTING, STREET, needs=["reason"]),
    (OBJECTION, "carry_out"): _way(CARRYING_OUT, SYSTEM),
    (OBJECTION, "fail"): _way(FAILED, SYSTEM),
    (CARRYING_OUT, "close"): _way(CLOSED, WORKER, needs=["progress"]),
    **{(state, "withdraw"): _way(WITHDRAWN, PROPOSER, needs=["reason"]) for state in WITHDRAWABLE},
}

# Days a stage waits for others before the system acts or reminds; this platform's own choice.
SECONDING_DAYS, PROPOSED_DAYS, ANSWER_WORKING_DAYS = 15, 30, 5
REPORTS_UNTIL_HIDDEN = 3


def fits(stages: Sequence[str], action: str, state: str, to: str) -> bool:
    """Whether a topic with these stages may go from `state` to `to`.

    A stage the kind does not have is never entered, and going forward none is left out: only a
    consultation may go from its draft to what is done about it without a vote.
    """
    if to in TOPIC_ENDS and to != CLOSED:
        return True
    if to not in stages or state not in stages:
        return False
    before, after = stages.index(state), stages.index(to)
    if after <= before or action == "carry_out":
        return True
    between = [one for one in stages[before + 1 : after] if one not in _PASSED_BY]
    return not between


# Seconding is for proposals that need it; the system knows how many do.
_PASSED_BY = frozenset({SECONDING})

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


# Comments and statements: what neighbours write under a topic.
CHECKING, VISIBLE, REFUSED = "checking", "visible", "refused"
UNDER_REVIEW, HIDDEN, TAKEN_BACK = "under_review", "hidden", "withdrawn"
POST_TEXT = {
    CHECKING: "检查中", VISIBLE: "已公开", REFUSED: "未通过检查", UNDER_REVIEW: "复核中",
    HIDDEN: "已隐藏", TAKEN_BACK: "已撤回",
}  # fmt: skip
POST_ENDS = frozenset({TAKEN_BACK})
AUTHOR, MODERATOR = "author", "moderator"
POST_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (CHECKING, "pass"): _way(VISIBLE, SYSTEM),
    (CHECKING, "refuse"): _way(REFUSED, SYSTEM),
    (CHECKING, "review"): _way(UNDER_REVIEW, SYSTEM),
    (UNDER_REVIEW, "pass"): _way(VISIBLE, SYSTEM, MODERATOR),
    (UNDER_REVIEW, "refuse"): _way(REFUSED, SYSTEM),
    (REFUSED, "review"): _way(UNDER_REVIEW, SYSTEM),
    (VISIBLE, "report"): _way(UNDER_REVIEW, SYSTEM),
    (VISIBLE, "hide"): _way(HIDDEN, MODERATOR, needs=["reason"]),
    (UNDER_REVIEW, "hide"): _way(HIDDEN, MODERATOR, needs=["reason"]),
    (HIDDEN, "restore"): _way(VISIBLE, STREET, needs=["reason"]),
    **{
        (state, "withdraw"): _way(TAKEN_BACK, AUTHOR)
        for state in (CHECKING, VISIBLE, REFUSED, UNDER_REVIEW, HIDDEN)
    },
    **{(state, "edit"): _way(CHECKING, AUTHOR) for state in (CHECKING, REFUSED, UNDER_REVIEW)},
}

# A moderator's case: opened by reports, decided, and once more on appeal by somebody else.
CASE_OPEN, CASE_KEPT, CASE_HIDDEN = "open", "kept", "hidden"
CASE_APPEALED, CASE_UPHELD, CASE_RESTORED = "appealed", "upheld", "restored"
CASE_TEXT = {
    CASE_OPEN: "待处理", CASE_KEPT: "保留", CASE_HIDDEN: "已隐藏", CASE_APPEALED: "申诉中",
    CASE_UPHELD: "维持隐藏", CASE_RESTORED: "已恢复",
}  # fmt: skip
CASE_ENDS = frozenset({CASE_KEPT, CASE_UPHELD, CASE_RESTORED})
CASE_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (CASE_OPEN, "keep"): _way(CASE_KEPT, MODERATOR),
    (CASE_OPEN, "hide"): _way(CASE_HIDDEN, MODERATOR, needs=["reason"]),
    (CASE_HIDDEN, "appeal"): _way(CASE_APPEALED, AUTHOR, needs=["reason"]),
    (CASE_APPEALED, "uphold"): _way(CASE_UPHELD, STREET, needs=["reason"]),
    (CASE_APPEALED, "restore"): _way(CASE_RESTORED, STREET, needs=["reason"]),
}
REPORT_TEXT = {
    "abuse": "辱骂攻击", "privacy": "泄露隐私", "false": "不实信息", "advert": "广告",
    "other": "其他",
}  # fmt: skip

AGREES, DISAGREES, PASSES = "agree", "disagree", "pass"
ANSWER_TEXT = {AGREES: "同意", DISAGREES: "不同意", PASSES: "说不好"}


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
