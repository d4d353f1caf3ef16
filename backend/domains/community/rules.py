"""Decisions of the register: claims, transfers, proxies, and what is one head. Pure.

Heads and areas follow 最高人民法院 建筑物区分所有权解释 (法释〔2009〕7号, as amended 2020):
第八条, an area is the registered (else the measured, else the contract's) one; 第九条, whoever
bought several exclusive parts is one head. Co-owners of a part share one vote (民法典 301, 278).
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from backend.kernel.state import Transition

ESTATE, VILLAGE = "estate", "village"
COMMUNITY_KINDS = {ESTATE: "住宅小区", VILLAGE: "村"}

HOME, SHOP, PARKING = "home", "shop", "parking"
USES = {HOME: "住宅", SHOP: "商铺", PARKING: "车位"}

PERSON, COMPANY = "person", "company"
OWNER_KINDS = {PERSON: "个人", COMPANY: "单位"}

OWNER, FAMILY, TENANT = "owner", "family", "tenant"
RELATIONS = {OWNER: "产权人", FAMILY: "家庭成员", TENANT: "租户"}

# Who acts, as the tables name it.
RESIDENT, STAFF, SYSTEM = "resident", "staff", "system"

CLAIMED, CONFIRMED, REFUSED, ENDED, MOVED = "claimed", "confirmed", "refused", "ended", "moved"
RESIDENCE_STATES = {
    CLAIMED: "等待社区确认", CONFIRMED: "已确认", REFUSED: "没有通过", ENDED: "已解除",
    MOVED: "房屋已过户",
}  # fmt: skip
LIVE_RESIDENCES = (CLAIMED, CONFIRMED)
RESIDENCE_ENDS = (REFUSED, ENDED, MOVED)


def _by(to: str, *who: str, reason: bool = False) -> Transition:
    return Transition(to, frozenset(who), frozenset({"reason"} if reason else ()))


RESIDENCE_TRANSITIONS = {
    (CLAIMED, "confirm"): _by(CONFIRMED, STAFF),
    (CLAIMED, "refuse"): _by(REFUSED, STAFF, reason=True),
    (CLAIMED, "withdraw"): _by(ENDED, RESIDENT),
    (CONFIRMED, "leave"): _by(ENDED, RESIDENT),
    (CONFIRMED, "end"): _by(ENDED, STAFF, reason=True),
    (CONFIRMED, "move"): _by(MOVED, SYSTEM),
}

REQUESTED, WITHDRAWN = "requested", "withdrawn"
TRANSFER_STATES = {
    REQUESTED: "等待社区核对", CONFIRMED: "已过户", REFUSED: "没有通过", WITHDRAWN: "已撤回",
}  # fmt: skip
TRANSFER_ENDS = (CONFIRMED, REFUSED, WITHDRAWN)
TRANSFER_TRANSITIONS = {
    (REQUESTED, "confirm"): _by(CONFIRMED, STAFF),
    (REQUESTED, "refuse"): _by(REFUSED, STAFF, reason=True),
    (REQUESTED, "withdraw"): _by(WITHDRAWN, RESIDENT),
}

GIVEN, REVOKED, EXPIRED = "given", "revoked", "expired"
PROXY_STATES = {
    GIVEN: "等待社区核对", CONFIRMED: "有效", REFUSED: "没有通过", REVOKED: "已撤销",
    EXPIRED: "已到期",
}  # fmt: skip
LIVE_PROXIES = (GIVEN, CONFIRMED)
PROXY_ENDS = (REFUSED, REVOKED, EXPIRED)
# On paper, staff compare it; given in the app by a person whose name is proved it is in writing
# at once (民法典 469: a data message that can be called up counts as written).
PROXY_TRANSITIONS = {
    (GIVEN, "confirm"): _by(CONFIRMED, STAFF, SYSTEM),
    (GIVEN, "refuse"): _by(REFUSED, STAFF, reason=True),
    (GIVEN, "revoke"): _by(REVOKED, RESIDENT, STAFF, SYSTEM),
    (GIVEN, "expire"): _by(EXPIRED, SYSTEM),
    (CONFIRMED, "revoke"): _by(REVOKED, RESIDENT, STAFF, SYSTEM),
    (CONFIRMED, "expire"): _by(EXPIRED, SYSTEM),
}

#: How many principals one person may stand for where a topic's rule does not say.
PROXIES_MOST = 3
#: A proxy that is not for one topic ends after this at the latest.
PROXY_LONGEST = timedelta(days=366)
#: How many homes one person may claim and have at once.
HOMES_MOST = 10
OWNERS_MOST = 20
ADULT_YEARS = 18
AREA_MOST_CENTI = 10_000_000

_AREA = re.compile(r"(\d{1,6})(?:\.(\d{1,2}))?(?:㎡|m2|m²|平方米|平米|平)?")
_LABEL = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]+(?:-[0-9A-Za-z\u4e00-\u9fff]+){0,4}")
_COMPANY = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def key_of(member_ids: Iterable[UUID]) -> bytes:
    """What a set of co-owners is known by: SHA-256 over their ids in order, however given."""
    ids = sorted({str(one) for one in member_ids})
    return hashlib.sha256("\n".join(ids).encode()).digest()


def adult(born: date, today: date) -> bool:
    """Whether who was born then has had the eighteenth birthday (民法典 17)."""
    birthday = (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - birthday >= ADULT_YEARS


def area_centi(text: str) -> int | None:
    """`89.35` or `89.35㎡` in hundredths of a square metre; None unless above 0 and in range."""
    found = _AREA.fullmatch(text.strip())
    if found is None:
        return None
    centi = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    return centi if 0 < centi <= AREA_MOST_CENTI else None


def area_text(centi: int) -> str:
    """`89.35` from 8935: square metres, always two digits behind the point."""
    return f"{centi // 100}.{centi % 100:02d}"


def label_of(text: str) -> str | None:
    """A room's label in its one form, `3-2-501`; None for what cannot be one."""
    plain = re.sub(r"[－—–_/\s]+", "-", text.strip()).strip("-").upper()
    return plain if len(plain) <= 40 and _LABEL.fullmatch(plain) else None


def company_problem(number: str) -> str | None:
    """What is wrong with a company's number (GB 32100: 18 figures and letters)."""
    if _COMPANY.fullmatch(number):
        return None
    return "统一社会信用代码应为18位"


def proxy_problem(
    *, topic: bool, until: date | None, today: date, same_person: bool, held: int, most: int
) -> str | None:
    """Why a proxy cannot be given; None when it can. `held`: what the holder already holds."""
    if topic == (until is not None):
        return "请选一件议题，或者写明到哪一天为止"
    if until is not None and not today <= until <= today + PROXY_LONGEST:
        return "到期日要在今天之后、一年之内"
    if same_person:
        return "不能委托给自己"
    if held >= most:
        return f"对方已受托{held}份，按规则最多{most}份"
    return None


def in_force(state: str, until: date | None, today: date) -> bool:
    """Whether a proxy may be used now."""
    return state == CONFIRMED and (until is None or today <= until)


def waiting_text(since: datetime, now: datetime) -> str:
    """How long something has waited for staff, in words."""
    days = (now - since).days
    return f"已等{days}天" if days >= 1 else "今天提交"
