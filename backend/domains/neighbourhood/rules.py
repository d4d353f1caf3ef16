"""What may happen to an activity and to a sign-up, by whom and until when. Pure.

A place is held by who is confirmed, offered one, came or stayed away; who waits holds none. A
place that falls free is offered to whoever has waited longest, for a limited time, in the same
transaction; near the start nothing is offered any more, and who comes first takes what is free.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from backend.kernel.state import Transition

DRAFT, PUBLISHED, RUNNING = "draft", "published", "running"
ENDED, SETTLED, CANCELLED = "ended", "settled", "cancelled"
STATE_TEXT = {
    DRAFT: "草稿", PUBLISHED: "报名中", RUNNING: "进行中", ENDED: "待确认时长",
    SETTLED: "已结束", CANCELLED: "已取消",
}  # fmt: skip
SHOWN = (PUBLISHED, RUNNING, ENDED, SETTLED, CANCELLED)
COMING = (PUBLISHED, RUNNING)

KIND_TEXT = {
    "volunteer": "志愿服务", "party": "党员活动", "lecture": "讲座",
    "legal_advice": "法律咨询", "help": "便民服务", "culture": "文体活动",
}  # fmt: skip
# Minutes of these are service hours; of the others only the attendance is kept.
SERVICE_KINDS = frozenset({"volunteer", "party", "help"})
CHECK_IN_TEXT = {"code": "扫现场二维码", "place": "到场定位", "both": "到场扫码并定位",
                 "either": "扫码或到场定位"}  # fmt: skip
AUDIENCE_TEXT = {"everybody": "居民都可以报名", "members": "本社区居民可以报名",
                 "party": "报到党员可以报名"}  # fmt: skip

STAFF, PERSON, SYSTEM = "staff", "person", "system"


def way(to: str, *who: str, needs: Iterable[str] = (), limit: int | None = None) -> Transition:
    """One way to a state, by these parts."""
    return Transition(to, frozenset(who), frozenset(needs), limit)


ACTIVITY_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (DRAFT, "publish"): way(PUBLISHED, STAFF),
    (DRAFT, "cancel"): way(CANCELLED, STAFF),
    (PUBLISHED, "start"): way(RUNNING, SYSTEM),
    (PUBLISHED, "cancel"): way(CANCELLED, STAFF, needs=["reason"]),
    (RUNNING, "end"): way(ENDED, STAFF, SYSTEM),
    (RUNNING, "cancel"): way(CANCELLED, STAFF, needs=["reason"]),
    (ENDED, "settle"): way(SETTLED, STAFF, SYSTEM, limit=24 * 60),
}
ACTIVITY_ENDS = frozenset({SETTLED, CANCELLED})

CONFIRMED, WAITLISTED, OFFERED = "confirmed", "waitlisted", "offered"
ATTENDED, ABSENT = "attended", "absent"
SIGNUP_TEXT = {
    CONFIRMED: "已报名", WAITLISTED: "候补中", OFFERED: "有名额了，待您确认",
    ATTENDED: "已签到", ABSENT: "未到", CANCELLED: "已取消",
}  # fmt: skip
HOLDING = (CONFIRMED, OFFERED, ATTENDED, ABSENT)
LIVE = (CONFIRMED, WAITLISTED, OFFERED, ATTENDED, ABSENT)
SIGNUP_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (WAITLISTED, "offer"): way(OFFERED, SYSTEM),
    (WAITLISTED, "cancel"): way(CANCELLED, PERSON, SYSTEM),
    (OFFERED, "accept"): way(CONFIRMED, PERSON, limit=12 * 60),
    (OFFERED, "cancel"): way(CANCELLED, PERSON, SYSTEM),
    (OFFERED, "lapse"): way(CANCELLED, SYSTEM),
    (CONFIRMED, "cancel"): way(CANCELLED, PERSON, SYSTEM),
    (CONFIRMED, "check_in"): way(ATTENDED, PERSON, STAFF),
    (CONFIRMED, "miss"): way(ABSENT, STAFF, SYSTEM),
    (ATTENDED, "miss"): way(ABSENT, STAFF),
    (ABSENT, "check_in"): way(ATTENDED, STAFF),
    (ATTENDED, "cancel"): way(CANCELLED, SYSTEM),
    (ABSENT, "cancel"): way(CANCELLED, SYSTEM),
}
SIGNUP_ENDS = frozenset({CANCELLED})

OFFER_LIFE = timedelta(hours=12)
OFFER_STOPS_BEFORE = timedelta(hours=1)
OFFER_AT_LEAST = timedelta(minutes=30)
CHECK_IN_EARLY = timedelta(minutes=30)
SETTLE_AFTER = timedelta(hours=24)
LONGEST = timedelta(days=3)
MOST_MINUTES = 24 * 60
_STEP = 5


def offer_until(now: datetime, starts_at: datetime) -> datetime | None:
    """Until when a place offered now may be accepted; None so near the start that none is.

    Twelve hours, at most until an hour before the start, and never for less than half an hour.
    """
    until = min(now + OFFER_LIFE, starts_at - OFFER_STOPS_BEFORE)
    return until if until - now >= OFFER_AT_LEAST else None


def sign_up_problem(
    state: str, now: datetime, opens_at: datetime, closes_at: datetime
) -> tuple[str, str] | None:
    """Code and words of why nobody can sign up now, or None."""
    if state == CANCELLED:
        return "activity_cancelled", "活动取消了"
    if state != PUBLISHED:
        return "sign_up_over", "活动已经开始或结束"
    if now < opens_at:
        return "sign_up_not_open", "还没有开始报名"
    if now > closes_at:
        return "sign_up_over", "报名已经截止"
    return None


def check_in_problem(
    state: str, now: datetime, starts_at: datetime, ends_at: datetime
) -> tuple[str, str] | None:
    """Code and words of why nobody can check in now, or None: from half an hour before, to the end."""
    if state not in COMING:
        return "check_in_over", "活动已经结束或取消"
    if now < starts_at - CHECK_IN_EARLY:
        return "check_in_too_early", "开始前30分钟可以签到"
    if now > ends_at:
        return "check_in_over", "活动已经结束"
    return None


def proof_problem(mode: str, *, coded: bool, distance_m: float | None, radius_m: int) -> str | None:
    """What is missing for a check-in in this mode: `code`, `place` or `far`; None when it will do.

    `distance_m` is None where the phone told no position.
    """
    near = distance_m is not None and distance_m <= radius_m
    if (mode in ("code", "both") and not coded) or (mode == "either" and not coded and not near):
        return "far" if mode == "either" and distance_m is not None else "code"
    if mode in ("place", "both") and not near:
        return "place" if distance_m is None else "far"
    return None


def minutes_served(checked_in: datetime, starts_at: datetime, ends_at: datetime) -> int:
    """Whole steps of five minutes from the arrival (not before the start) to the end."""
    seconds = (ends_at - max(checked_in, starts_at)).total_seconds()
    return min(MOST_MINUTES, max(0, int(seconds) // 60 // _STEP * _STEP))


def times_problem(
    now: datetime, starts_at: datetime, ends_at: datetime, opens_at: datetime, closes_at: datetime
) -> tuple[str, str] | None:
    """The field that is wrong and why, or None."""
    if starts_at <= now:
        return "starts_at", "开始时间要在现在之后"
    if ends_at <= starts_at:
        return "ends_at", "结束时间要在开始时间之后"
    if ends_at - starts_at > LONGEST:
        return "ends_at", "一次活动最长3天，更长的请分开发布"
    if closes_at > starts_at:
        return "sign_up_until", "报名截止不能晚于开始时间"
    if opens_at >= closes_at:
        return "sign_up_from", "开始报名要早于报名截止"
    return None


def reminder_at(now: datetime, starts_at: datetime) -> datetime | None:
    """A day before the start, or two hours before where that has passed; None after both."""
    for before in (timedelta(hours=24), timedelta(hours=2)):
        if starts_at - before > now:
            return starts_at - before
    return None
