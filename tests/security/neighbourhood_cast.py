"""What the routes of community life need to be tried: things of the owner's, and bodies that fit."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from appointments.model import Slot
from backend.demo import register, seed_community
from backend.domains.neighbourhood import (
    activities,
    bookings,
    checking_in,
    code_rules,
    helping,
    moves,
    party,
    resources,
    signups,
    wishes,
)
from backend.domains.neighbourhood.model import ServiceCertificate
from backend.kernel.access import Actor
from backend.kernel.ids import stable_id

if TYPE_CHECKING:
    from tests.security.demo_world import DemoWorld

AREA = stable_id("area", "yuehe-01")
#: Words that only whoever may see them may read.
CANARY = "金丝雀心愿内容"
_NUMBER = "HY2611-22222-22222-4"


def furnish(world: "DemoWorld") -> None:
    """An activity at which the owner has a place; a wish, a request, a booking of the owner's."""
    services, ids = world.services, world.ids
    person = world.people["resident"].id
    other = register.person_id("wang-xiulan")
    by = seed_community.worker("fangmin", "yuehe-01")
    with services.unit(by.actor) as uow:
        made = activities.create(uow, by, {**activity(world), "area_id": AREA})
        ids["activity_id"] = activities.publish(uow, by, made.id).id
        ids["party_post_id"] = party.new_post(uow, by, _post()).id
        ids["resource_id"] = resources.create(uow, by, {**_PLACE, "area_id": AREA}).id
        resources.set_week(uow, by, ids["resource_id"], [_ROW])
        slots = select(Slot.id).where(Slot.hall_id == ids["resource_id"]).order_by(Slot.start_at)
        first, *_, last = uow.session.scalars(slots)
        ids["resource_slot_id"] = last
    with services.unit(Actor("person", person)) as uow:
        ids["activity_signup_id"] = signups.sign_up(uow, person, ids["activity_id"]).id
        report = party.report(uow, person, area_id=AREA, branch=CANARY, skills="")
        ids["party_report_id"] = report.id
        wish = {"area_id": AREA, "title": "心愿", "words": CANARY}
        ids["wish_id"] = wishes.tell(uow, person, wish).id
        asked = helping.ask(uow, person, {**_help(world), "area_id": AREA, "words": CANARY})
        ids["help_id"] = asked.id
        asked.visible = True
        ids["resource_booking_id"] = bookings.book(
            uow, person, ids["resource_id"], first, CANARY
        ).id
        ids["service_certificate_id"] = _certificate(uow, person)
    with services.unit(by.actor) as uow:
        party.decide(uow, by, report.id, confirmed=True, reason="")
    with services.unit(Actor("person", other)) as uow:
        helping.offer(uow, other, ids["help_id"], share_phone=False)
        found = helping.mine(uow, other, ids["help_id"])
        assert found is not None
        ids["help_offer_id"] = found.id
    with services.unit() as uow:
        uow.session.get_one(type(asked), ids["help_id"]).visible = False
    ids.update(certificate_number=_NUMBER)


def _certificate(uow: Any, person: Any) -> Any:
    day = date(2026, 11, 1)
    row = ServiceCertificate(
        number=_NUMBER, person_id=person, name_sealed=uow.services.privacy.seal("测试甲"),
        first_day=day, last_day=day, minutes=60, activities=1, state="valid",
        lines=[{"title": "清洁", "kind": "志愿服务", "day": "2026-11-01", "minutes": 60}],
        issued_at=uow.now,
    )  # fmt: skip
    return moves.begin(uow, row).id


def activity(world: "DemoWorld") -> dict[str, Any]:
    """An activity in twenty minutes, as staff write it: signed up for and checked in at now."""
    now = world.services.clock.now()
    start = now + timedelta(minutes=20)
    return {
        "kind": "volunteer", "title": "清洁家园", "words": "一起来", "place": "广场",
        "contact": "", "latitude": None, "longitude": None, "radius_m": 200,
        "starts_at": start, "ends_at": start + timedelta(hours=2),
        "sign_up_from": now - timedelta(hours=1), "sign_up_until": start, "places": 20,
        "most_waiting": 5, "audience": "everybody", "check_in": "code",
    }  # fmt: skip


def _post() -> dict[str, Any]:
    return {"area_id": AREA, "title": "楼道长", "words": "看看楼道", "when_text": "", "places": 5}


def _help(world: "DemoWorld") -> dict[str, Any]:
    until = world.services.clock.now() + timedelta(days=2)
    return {"kind": "carry", "title": "搬桌子", "words": "一张", "until": until}


_PLACE: dict[str, Any] = {
    "kind": "hall", "name": "礼堂", "unit_name": "单位", "words": "整洁", "address": "1号",
    "latitude": 22.8, "longitude": 113.2, "open": True, "cancel_minutes": 120, "days_ahead": 7,
}  # fmt: skip
_ROW: dict[str, Any] = {
    "weekday": 2,
    "start": time(9),
    "end": time(12),
    "slot_minutes": 60,
    "capacity": 3,
}
_WEEK = {"items": [{**_ROW, "start": "09:00", "end": "12:00"}]}


def _json(values: dict[str, Any]) -> dict[str, Any]:
    plain = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
    }
    return {**plain, "area_id": str(AREA)}


def _code(world: "DemoWorld") -> dict[str, str]:
    sign, now = checking_in.signer(world.services), world.services.clock.now()
    return {"code": code_rules.token(sign, world.ids["activity_id"], now)}


_ACTIVITY = "/api/v1/activities/<uuid:activity_id>"
_STAFF = "/api/v1/staff/activities"
_ONE = f"{_STAFF}/<uuid:activity_id>"
_WISH = "/api/v1/wishes/<uuid:wish_id>"
_HELP = "/api/v1/help-requests/<uuid:help_id>"
_PARTY = "/api/v1/party"
_PLACES = "/api/v1/staff/resources"
_WHY = {"reason": "测试原因"}
_WORDS = {"title": "新标题", "words": "新的话"}
BODIES: dict[str, Any] = {
    **{f"POST {_ACTIVITY}/{one}": {} for one in ("signups", "cancellations", "acceptances")},
    f"POST {_ACTIVITY}/check-ins": _code,
    "POST /api/v1/my-hours/certificates": {"first_day": "2026-01-01", "last_day": "2026-11-01"},
    "POST /api/v1/my-hours/certificates/<uuid:service_certificate_id>/withdrawals": {},
    "PUT /api/v1/my-points/rank": {"ranked": True},
    "POST /api/v1/wishes": {"area_id": str(AREA), "title": "心愿", "words": "一个"},
    **{f"POST {_WISH}/{one}": {} for one in ("claims", "releases", "completions", "returns",
                                             "withdrawals", "confirmations")},
    f"POST {_WISH}/rewrites": _WORDS, f"POST {_WISH}/appeals": {"words": "不是"},
    "POST /api/v1/help-requests": lambda world: _json(_help(world)),
    **{f"POST {_HELP}/{one}": {} for one in ("offers", "offer-withdrawals", "partings",
                                             "completions", "withdrawals")},
    f"POST {_HELP}/rewrites": _WORDS, f"POST {_HELP}/appeals": {"words": "不是"},
    f"POST {_HELP}/choices": lambda world: {"offer_id": str(world.ids["help_offer_id"])},
    f"POST {_PARTY}/reports": {"area_id": str(AREA), "branch": "测试支部"},
    f"POST {_PARTY}/reports/<uuid:party_report_id>/endings": {},
    **{f"POST {_PARTY}/posts/<uuid:party_post_id>/{one}": {} for one in ("claims", "releases")},
    "POST /api/v1/resources/<uuid:resource_id>/bookings": lambda world: {
        "slot_id": str(world.ids["resource_slot_id"]), "purpose": "排练",
    },
    "POST /api/v1/resource-bookings/<uuid:resource_booking_id>/cancellations": {},
    f"POST {_STAFF}": lambda world: _json(activity(world)),
    f"PUT {_ONE}": lambda world: _json(activity(world)),
    **{f"POST {_ONE}/{one}": {} for one in ("publications", "endings", "settlements")},
    f"POST {_ONE}/cancellations": _WHY,
    f"POST {_ONE}/attendances": lambda world: {
        "signup_id": str(world.ids["activity_signup_id"]), "attended": True,
    },
    "POST /api/v1/staff/activity-signups/<uuid:activity_signup_id>/reveals": {
        "field": "phone", "purpose": "活动改期通知",
    },
    "POST /api/v1/staff/party-reports/<uuid:party_report_id>/decisions": {"confirmed": True},
    "POST /api/v1/staff/party-reports/<uuid:party_report_id>/endings": {},
    "POST /api/v1/staff/party-posts": _json(_post()),
    "POST /api/v1/staff/party-posts/<uuid:party_post_id>/closings": {},
    "POST /api/v1/staff/wishes/<uuid:wish_id>/removals": _WHY,
    "POST /api/v1/staff/help-requests/<uuid:help_id>/removals": _WHY,
    f"POST {_PLACES}": _json(_PLACE),
    f"PUT {_PLACES}/<uuid:resource_id>": _json(_PLACE),
    f"PUT {_PLACES}/<uuid:resource_id>/week": _WEEK,
    f"POST {_PLACES}/<uuid:resource_id>/closures": {"date": "2026-11-30", **_WHY},
    "POST /api/v1/staff/resource-bookings/<uuid:resource_booking_id>/cancellations": _WHY,
}  # fmt: skip
_DAY = {"date": "2026-11-24"}
QUERIES: dict[str, Callable[["DemoWorld"], dict[str, str]]] = {
    "GET /api/v1/point-ranks": lambda _: {"area": str(AREA)},
    "GET /api/v1/resources/<uuid:resource_id>/slots": lambda _: _DAY,
    f"GET {_PLACES}/<uuid:resource_id>/bookings": lambda _: _DAY,
}


def _seen(_: "DemoWorld") -> dict[str, str]:
    return {"If-Match": '"1"'}


BEFORE: dict[str, Callable[["DemoWorld"], dict[str, str]]] = {
    f"PUT {_ONE}": _seen,
    f"PUT {_PLACES}/<uuid:resource_id>": _seen,
}
