"""Checking in at an activity: by the code shown there, by the phone's place, or by the staff."""

from typing import Any
from uuid import UUID

import segno

from backend.domains.neighbourhood import access, code_rules, moves, ports, rules, signups
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

# Six digits live for a minute: so many tries of one person are too few to guess them.
_TRIES = "10 per 5 minutes"
_MISSING = {
    "code": ("code_needed", "请扫现场的二维码", "也可以输入屏幕下方的6位数字"),
    "place": ("place_needed", "请允许获取位置", "到场后打开手机定位再签到"),
    "far": ("too_far", "您还没到活动地点", "到了以后再签到；定位不准请找工作人员"),
}


def signer(services: Services) -> code_rules.Sign:
    """Signs the codes of check-ins."""
    return lambda text: services.privacy.sign(text, "activity-check-in")


def shown(uow: UnitOfWork, by: Principal, activity_id: UUID) -> dict[str, Any]:
    """The code for the screen at the entrance."""
    activity = access.staff_row(uow, by, Activity, activity_id, lock=False)
    problem = _problem(uow, activity)
    if problem:
        raise Conflict(problem[0], title=problem[1], action="到时再打开")
    sign = signer(uow.services)
    word = code_rules.token(sign, activity.id, uow.now)
    return {
        "title": activity.title,
        "token": word,
        "digits": code_rules.digits(sign, activity.id, uow.now),
        "image": segno.make_qr(_address(uow, activity.id, word)).svg_data_uri(scale=6, border=4),
        "until": code_rules.ends(uow.now),
        "checked_in": _arrived(uow, activity.id),
        "signed_up": activity.taken,
    }


def _address(uow: UnitOfWork, activity_id: UUID, word: str) -> str:
    """Where any phone's camera leads: the check-in page, the code filled in.

    It stands behind the `#`, so no server's log sees it.
    """
    base = uow.services.settings.public_url.rstrip("/")
    return f"{base}/#/packages/neighbourhood/check-in?id={activity_id}&code={word}"


def check_in(uow: UnitOfWork, person_id: UUID, activity_id: UUID, given: dict[str, Any]) -> None:
    """Say that one is there: `code` (word or digits) and/or `latitude`, `longitude`, `system`.

    Checking in twice is the same as once. A phone can lie about its place, so important
    activities ask for the code too.
    """
    activity = uow.session.get(Activity, activity_id)
    if activity is None or activity.state not in rules.SHOWN:
        raise access.unknown()
    signup = signups.mine(uow, person_id, activity_id)
    if signup is None or signup.state not in (rules.CONFIRMED, rules.ATTENDED):
        raise Conflict(
            "not_signed_up", title="您没有报名这个活动", detail="", action="请找现场工作人员"
        )
    if signup.state == rules.ATTENDED:
        return
    problem = _problem(uow, activity)
    if problem:
        raise Conflict(problem[0], title=problem[1])
    coded = _coded(uow, person_id, activity_id, given.get("code", ""))
    missing = rules.proof_problem(
        activity.check_in, coded=coded, distance_m=_distance(activity, given),
        radius_m=activity.radius_m,
    )  # fmt: skip
    if missing:
        code, title, action = _MISSING[missing]
        raise Invalid(code, title=title, action=action)
    how = "code" if coded else "place"
    moves.move(
        uow, signup, "check_in", (rules.PERSON,), public="签到", checked_in_at=uow.now,
        checked_in_by=how,
    )  # fmt: skip


def _problem(uow: UnitOfWork, activity: Activity) -> tuple[str, str] | None:
    return rules.check_in_problem(activity.state, uow.now, activity.starts_at, activity.ends_at)


def _coded(uow: UnitOfWork, person_id: UUID, activity_id: UUID, given: str) -> bool:
    if not given:
        return False
    uow.services.limiter.hit(_TRIES, "activity-code", f"{person_id}:{activity_id}")
    if not code_rules.genuine(signer(uow.services), activity_id, given, uow.now):
        text = "二维码过期了，请重新扫" if "." in given else "数字不对，请看屏幕上的6位数字"
        raise Invalid("code_wrong", title=text, fields={"code": [text]})
    return True


def _distance(activity: Activity, given: dict[str, Any]) -> float | None:
    if given.get("latitude") is None or activity.latitude is None or activity.longitude is None:
        return None
    here = ports.wgs84(given["system"], given["latitude"], given["longitude"])
    return ports.distance_m(here, (activity.latitude, activity.longitude))


def _arrived(uow: UnitOfWork, activity_id: UUID) -> int:
    return (
        uow.session.query(ActivitySignup)
        .filter_by(activity_id=activity_id, state=rules.ATTENDED)
        .count()
    )
