"""Micro-wishes (微心愿) and neighbours' help (邻里互助). Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from backend.domains.neighbourhood.rules import STAFF, SYSTEM, way
from backend.kernel.state import Transition

WISHER, HOLDER, CLAIMER, ASKER, HELPER = "wisher", "holder", "claimer", "asker", "helper"

OPEN, CLAIMED, GRANTED = "open", "claimed", "granted"
CONFIRMED, WITHDRAWN, LAPSED = "confirmed", "withdrawn", "lapsed"
WISH_TEXT = {
    OPEN: "待认领", CLAIMED: "已认领", GRANTED: "已完成，待确认",
    CONFIRMED: "心愿达成", WITHDRAWN: "已撤回", LAPSED: "已过期",
}  # fmt: skip
WISH_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (OPEN, "claim"): way(CLAIMED, CLAIMER),
    (OPEN, "withdraw"): way(WITHDRAWN, WISHER, STAFF),
    (OPEN, "lapse"): way(LAPSED, SYSTEM),
    (CLAIMED, "release"): way(OPEN, HOLDER, SYSTEM),
    (CLAIMED, "grant"): way(GRANTED, HOLDER),
    (CLAIMED, "withdraw"): way(WITHDRAWN, WISHER, STAFF),
    (GRANTED, "confirm"): way(CONFIRMED, WISHER, SYSTEM, limit=7 * 24 * 60),
    (GRANTED, "not_yet"): way(CLAIMED, WISHER),
}
WISH_ENDS = frozenset({CONFIRMED, WITHDRAWN, LAPSED})
WISH_OPEN = (OPEN, CLAIMED, GRANTED)
WISH_CONFIRM_AFTER = timedelta(days=7)
WISH_HOLD = timedelta(days=30)
WISH_LIFE = timedelta(days=90)
MOST_WISHES = 3

ASKED, MATCHED, DONE = "asked", "matched", "done"
HELP_TEXT = {
    ASKED: "等邻居帮忙", MATCHED: "有人帮忙了", DONE: "已帮好",
    WITHDRAWN: "已撤回", LAPSED: "已过期",
}  # fmt: skip
HELP_KIND_TEXT = {
    "carry": "搬东西", "errand": "跑腿代买", "repair": "小修小补", "company": "陪伴照看",
    "borrow": "借用物品", "phone": "教用手机", "other": "其他",
}  # fmt: skip
HELP_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (ASKED, "choose"): way(MATCHED, ASKER),
    (ASKED, "withdraw"): way(WITHDRAWN, ASKER, STAFF),
    (ASKED, "lapse"): way(LAPSED, SYSTEM),
    (MATCHED, "part"): way(ASKED, ASKER, HELPER, SYSTEM),
    (MATCHED, "finish"): way(DONE, ASKER),
    (MATCHED, "withdraw"): way(WITHDRAWN, ASKER, STAFF),
}
HELP_ENDS = frozenset({DONE, WITHDRAWN, LAPSED})
HELP_OPEN = (ASKED, MATCHED)
LONGEST_ASK = timedelta(days=30)
MOST_ASKS = 3

STANDING, CHOSEN, PASSED, TAKEN_BACK = "standing", "chosen", "passed", "taken_back"
OFFER_TEXT = {
    STANDING: "等对方确认", CHOSEN: "对方请您帮忙", PASSED: "对方已请别人", TAKEN_BACK: "已收回",
}  # fmt: skip
OFFER_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (STANDING, "choose"): way(CHOSEN, ASKER),
    (STANDING, "pass_over"): way(PASSED, SYSTEM),
    (STANDING, "take_back"): way(TAKEN_BACK, HELPER),
    (CHOSEN, "take_back"): way(TAKEN_BACK, HELPER, ASKER, SYSTEM),
    (PASSED, "stand_again"): way(STANDING, SYSTEM),
}
OFFER_ENDS = frozenset({TAKEN_BACK})
# Chosen from a list, so that thanks need no check of words.
THANKS_TEXT = {
    "": "", "thanks": "谢谢您", "kind": "远亲不如近邻，谢谢", "great": "帮了大忙，非常感谢",
}  # fmt: skip


def until_problem(now: datetime, until: datetime) -> str | None:
    """Why help cannot be asked for until then, or None."""
    if until <= now:
        return "时间要在现在之后"
    if until - now > LONGEST_ASK:
        return "最长请邻居在30天内帮忙"
    return None
