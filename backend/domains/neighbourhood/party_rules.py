"""Party members' report-in (党员报到) and the posts (岗位) they take. Pure."""

from collections.abc import Mapping

from backend.domains.neighbourhood.rules import PERSON, STAFF, SYSTEM, way
from backend.kernel.state import Transition

REQUESTED, CONFIRMED, REFUSED, ENDED = "requested", "confirmed", "refused", "ended"
REPORT_TEXT = {
    REQUESTED: "待社区确认", CONFIRMED: "已报到", REFUSED: "未通过", ENDED: "已结束",
}  # fmt: skip
REPORT_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (REQUESTED, "confirm"): way(CONFIRMED, STAFF),
    (REQUESTED, "refuse"): way(REFUSED, STAFF, needs=["reason"]),
    (REQUESTED, "end"): way(ENDED, PERSON, SYSTEM),
    (CONFIRMED, "end"): way(ENDED, PERSON, STAFF, SYSTEM),
}
REPORT_ENDS = frozenset({REFUSED, ENDED})
REPORT_LIVE = (REQUESTED, CONFIRMED)

OPEN, CLOSED = "open", "closed"
POST_TEXT = {OPEN: "招募中", CLOSED: "已结束"}
POST_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (OPEN, "close"): way(CLOSED, STAFF),
}
POST_ENDS = frozenset({CLOSED})

HELD, RELEASED, SERVED = "held", "released", "served"
CLAIM_TEXT = {HELD: "已认领", RELEASED: "已退出", SERVED: "已完成"}
CLAIM_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (HELD, "release"): way(RELEASED, PERSON, SYSTEM),
    (HELD, "serve"): way(SERVED, SYSTEM),
}
CLAIM_ENDS = frozenset({RELEASED, SERVED})
