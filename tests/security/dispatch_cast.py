"""What the routes of dispatch need to be tried: things that exist, and bodies that fit."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PIL import Image
from shapely.geometry import shape
from sqlalchemy import select

from backend.demo import register
from backend.domains.dispatch import (
    claiming,
    handling,
    intake,
    intakes,
    live,
    requests,
    subtasks,
    supervision,
    whistles,
)
from backend.domains.dispatch.model import EventCaller
from backend.domains.grid.model import Area, DutyAbsence, DutyShift
from backend.domains.identity.principals import grants_of, role_text
from backend.domains.identity.staff_model import StaffAccount
from backend.domains.patrols import checking
from backend.domains.patrols import service as patrols
from backend.kernel.access import Actor, Principal
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from tests.security.demo_world import DemoWorld

CELL = "yuehe-01-01"
NOON = "2026-11-24T12:00:00+08:00"


class Form(dict[str, Any]):
    """A multipart body; a fresh one for each call, since files are read to their end."""


def picture() -> io.BytesIO:
    """A plain photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    out.seek(0)
    return out


def upload(_: Any) -> Form:
    """A photo to upload."""
    return Form(purpose="event_photo", file=(picture(), "x.jpg"))


def principal(services: Services, username: str) -> Principal:
    """One of the demo's members of staff."""
    with services.unit() as uow:
        account = uow.session.get_one(StaffAccount, register.staff_id(username))
        actor = Actor("staff", account.id, account.name, role_text(account))
        return Principal(actor, grants=grants_of(account))


def furnish(world: "DemoWorld") -> None:
    """Events of the resident in the first cell: one just called, one at work with everything."""
    services, ids = world.services, world.ids
    # A stream would never end, and here everything shares one connection.
    services.extensions[live.EXTENSION]._limit = 0
    chen, lin = principal(services, "chenqiang"), principal(services, "linfang")
    person = world.people["resident"].id
    with services.unit(Actor("person", person)) as uow:
        photo = services.files.store(uow, picture(), "event_photo").id
        called = _call(uow, person, photo)
        ids.update(event_id=called, file_id=photo, caller_id=_caller(uow, called))
        ids["other_event_id"] = worked = _call(uow, person, None)
    with services.unit(chen.actor) as uow:
        claiming.claim(uow, chen, worked)
        handling.start(uow, chen, worked)
        ids["subtask_id"] = subtasks.add(
            uow, chen, worked, "疏导车辆", staff_id=register.staff_id("liuxia")
        ).id
    with services.unit(lin.actor) as uow:
        department = stable_id("department", "cgj")
        ids["whistle_id"] = whistles.blow(uow, lin, worked, department, "到场").id
    with services.unit(chen.actor) as uow:
        until = uow.now + timedelta(days=3)
        ids["request_id"] = requests.ask(uow, chen, worked, "hold", "等停电", until=until).id
    with services.unit(chen.actor) as uow:
        began = uow.now - timedelta(minutes=20)
        place = _inside(uow)
        ids["patrol_id"] = patrol = patrols.start(uow, chen, began, place).id
        keys = ("exit", "extinguisher", "wiring", "living", "charging")
        answers = [
            {"key": key, "ok": key != "exit", "note": "堵了", "file_ids": []} for key in keys
        ]
        found = {
            "place_type": "shop", "place_name": "小店", "version": 1, "checked_at": None,
            "answers": answers,
        }  # fmt: skip
        ids["check_id"] = checking.add(uow, chen, patrol, found, place).id
    watcher = principal(services, "zhengjie")
    with services.unit(watcher.actor) as uow:
        due = uow.now + timedelta(days=1)
        ids["order_id"] = supervision.order(uow, watcher, worked, "请答复", due).id
    with services.unit() as uow:
        (message,) = intakes.paste(uow, "张三 11/23 09:12\n路灯坏了三天了")
        ids["intake_id"] = message.id
        area = uow.session.scalars(select(Area).where(Area.code == CELL)).one()
        ids.update(
            area_id=area.id, area=_area(area), place_type="shop",
            absence_id=uow.session.scalars(select(DutyAbsence.id)).first(),
            shift_id=uow.session.scalars(select(DutyShift.id)).first(),
            street_id=area.street_id, street=area.street_id, form="json", value="none",
            handler_id=register.staff_id("liuxia"), key_id=stable_id("open311-key", "demo"), bbox="115.0,20.0,116.0,21.0",
        )  # fmt: skip


def _inside(uow: UnitOfWork) -> tuple[float, float]:
    area = uow.session.scalars(select(Area).where(Area.code == CELL)).one()
    point = shape(area.geometry).representative_point()
    return point.y, point.x


def _call(uow: UnitOfWork, person: UUID, photo: UUID | None) -> UUID:
    latitude, longitude = _inside(uow)
    new = intake.NewCall(
        source="resident", words="路灯不亮", category_code="street_lamp", latitude=latitude,
        longitude=longitude, file_ids=(photo,) if photo else (), person_id=person,
    )  # fmt: skip
    return intake.call(uow, new).id


def _caller(uow: UnitOfWork, event_id: UUID) -> UUID:
    return uow.session.scalars(select(EventCaller.id).where(EventCaller.event_id == event_id)).one()


def _area(area: Area) -> dict[str, Any]:
    return {"name": area.name, "aliases": list(area.aliases), "geometry": area.geometry}


def _ids(*names: str, **more: Any) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {name: str(world.ids[name]) for name in names} | more


_WHY = {"reason": "测试原因"}
_DONE = {"result": "换了灯泡", "public_text": "修好了"}
_STEPS: dict[str, Any] = {
    "claim": {}, "release": _WHY, "accept": {}, "decline": _WHY, "schedule": {"visit_at": NOON},
    "start": {}, "contact": {"result": "联系上了"}, "notes": {"words": "看过了"}, "dispose": _DONE,
    "verify": {"passed": True},
    "whistles": {"department_id": str(stable_id("department", "zjj")), "what": "到场"},
    "subtasks": {"department_id": str(stable_id("department", "zjj")), "what": "查一查"},
    "requests": {"kind": "cancel", **_WHY}, "end-hold": {}, "transfers": {"service": "119"},
}  # fmt: skip
_DESK: dict[str, Any] = {
    "assign": lambda world: {"staff_id": str(world.ids["handler_id"])},
    "merge": lambda world: {"parent_id": str(world.ids["other_event_id"]), **_WHY},
    "separate": _WHY,
    "split": lambda world: {"caller_ids": [str(world.ids["caller_id"])], "words": "另一件",
                            "category_code": "noise", **_WHY},
    "ticket": {"ticket_number": "H-1", **_WHY},
    "supervisions": {"words": "请答复", "due_at": NOON},
    "reopen": _WHY, "urgency": {"urgency": "urgent"}, "category": {"category_code": "noise"},
    "place": {"address": "南湖路1号"},
}  # fmt: skip
_SUBTASK: dict[str, Any] = {
    "accept": {},
    "finish": {"result": "好了"},
    "return": _WHY,
    "withdraw": {},
}
_WHISTLE: dict[str, Any] = {
    "sign": {}, "contact": {}, "arrive": {}, "finish": {"note": "好了"}, "return": _WHY,
    "withdraw": _WHY,
}  # fmt: skip
_EVENT = "events/<uuid:event_id>"
_STAFF, _WORKER = "POST /api/v1/staff", "POST /api/v1/worker"
_PATROL = f"{_WORKER}/patrols"
_REVEAL = {"field": "phone", "purpose": "约上门时间"}
_REPORT = {"words": "路灯不亮", "category_code": "street_lamp"}

BODIES: dict[str, Any] = {
    **{f"{_STAFF}/{_EVENT}/{name}": body for name, body in {**_STEPS, **_DESK}.items()},
    **{f"{_WORKER}/{_EVENT}/{name}": body for name, body in _STEPS.items()},
    **{f"{root}/subtasks/<uuid:subtask_id>/{name}": body
       for root in (_STAFF, _WORKER) for name, body in _SUBTASK.items()},
    **{f"{root}/whistles/<uuid:whistle_id>/{name}": body
       for root in (_STAFF, _WORKER) for name, body in _WHISTLE.items()},
    **{f"{root}/{_EVENT}/callers/<uuid:caller_id>/reveals": _REVEAL for root in (_STAFF, _WORKER)},
    **{f"{root}/files": upload for root in (_STAFF, _WORKER, "POST /api/v1")},
    f"{_STAFF}/event-requests/<uuid:request_id>/decision": {"approved": True},
    f"{_STAFF}/event-requests/<uuid:request_id>/withdraw": {},
    f"{_STAFF}/supervisions/<uuid:order_id>/reply": {"words": "已联系"},
    f"{_WORKER}/supervisions/<uuid:order_id>/reply": {"words": "已联系"},
    f"{_STAFF}/supervisions/<uuid:order_id>/close": {},
    f"{_STAFF}/events": {"source": "superior", **_REPORT},
    f"{_WORKER}/events": _REPORT,
    "POST /api/v1/event-suggestions": {"words": "路灯不亮"},
    "POST /api/v1/events": _REPORT,
    f"POST /api/v1/{_EVENT}/callers": {},
    f"POST /api/v1/{_EVENT}/cancellations": _WHY,
    f"POST /api/v1/{_EVENT}/confirmations": {"solved": True},
    f"POST /api/v1/{_EVENT}/ratings": {"score": 5},
    f"POST /api/v1/{_EVENT}/reopenings": _WHY,
    f"POST /api/v1/{_EVENT}/notes": {"words": "还在"},
    "PUT /api/v1/staff/event-categories/<string(maxlength=40):code>": {
        "name": "新类别", "urgency": "normal", "dispose_amount": 3, "dispose_unit": "hours",
    },
    "PUT /api/v1/staff/clock-rules": {"items": []},
    f"{_STAFF}/intakes": {"text": "李四 11/23 10:00\n井盖坏了"},
    f"{_STAFF}/intakes/<uuid:intake_id>/event": {"category_code": "street_lamp"},
    f"{_STAFF}/intakes/<uuid:intake_id>/dismissals": _WHY,
    f"{_STAFF}/api-keys": {"name": "测试应用"},
    "PUT /api/v1/staff/areas/<uuid:area_id>": lambda world: world.ids["area"],
    "PUT /api/v1/staff/cells/<uuid:area_id>/duties": {"items": []},
    "PUT /api/v1/staff/departments/<uuid:department_id>/duties": {"items": []},
    f"{_STAFF}/duty-shifts": {"name": "早班", "starts": "06:00", "ends": "08:00"},
    "PUT /api/v1/staff/duty-shifts/<uuid:shift_id>": {
        "name": "早班", "starts": "06:00", "ends": "08:00", "version": 1,
    },
    f"{_STAFF}/duty-absences": lambda world: {
        "staff_id": str(world.ids["handler_id"]), "starts_at": NOON,
        "ends_at": "2026-11-25T12:00:00+08:00",
    },
    "PUT /api/v1/staff/duty-absences/<uuid:absence_id>": {
        "starts_at": NOON, "ends_at": "2026-11-25T12:00:00+08:00", "version": 1,
    },
    "PUT /api/v1/staff/escalation-chains": lambda world: {
        "street_id": str(world.ids["street_id"]), "levels": ["worker"], "version": 0,
    },
    "PUT /api/v1/staff/check-lists/<string(maxlength=40):place_type>": {
        "name": "商铺", "items": [{"key": "exit", "text": "出口畅通"}], "version": 1,
    },
    _PATROL: {"started_at": "2026-11-23T09:50:00+08:00"},
    f"{_PATROL}/<uuid:patrol_id>/points": {"points": [
        {"at": "2026-11-23T09:50:00+08:00", "latitude": 20.5, "longitude": 115.3, "accuracy": 5},
    ]},
    f"{_PATROL}/<uuid:patrol_id>/finish": {"finished_at": "2026-11-23T10:00:00+08:00"},
    f"{_PATROL}/<uuid:patrol_id>/checks": {
        "place_type": "shop", "place_name": "店", "version": 1,
        "answers": [
            {"key": key, "ok": True}
            for key in ("exit", "extinguisher", "wiring", "living", "charging")
        ],
    },
    f"{_PATROL}/<uuid:patrol_id>/checks/<uuid:check_id>/events": _ids("event_id", key="exit"),
}  # fmt: skip
QUERIES = {
    "GET /api/v1/staff/events/map": _ids("bbox"),
    "GET /api/v1/staff/duty-people": _ids("street"),
    "GET /api/v1/staff/duties/now": _ids("street"),
    "GET /api/v1/staff/duties/week": _ids("street"),
    "GET /api/v1/staff/reports/heat": lambda _: {"from": "2026-11-01", "to": "2026-11-30"},
}


def etag(path: str, who: str) -> Callable[["DemoWorld"], dict[str, str]]:
    """If-Match with what `who` sees at `path` now."""

    def found(world: "DemoWorld") -> dict[str, str]:
        address = path.format(**{name: str(value) for name, value in world.ids.items()})
        answer = world.client.get(f"/api/v1{address}", headers=world.people[who])
        return {"If-Match": answer.headers.get("ETag", '"1"')}

    return found


BEFORE: dict[str, Callable[["DemoWorld"], dict[str, str]]] = {
    "PUT /api/v1/staff/event-categories/<string(maxlength=40):code>": (
        lambda _: {"If-Match": '"new"'}
    ),
    "PUT /api/v1/staff/clock-rules": etag("/staff/clock-rules", "administrator"),
    "PUT /api/v1/staff/areas/<uuid:area_id>": etag("/staff/areas/{area_id}", "administrator"),
    "PUT /api/v1/staff/cells/<uuid:area_id>/duties": etag(
        "/staff/cells/{area_id}/duties", "administrator"
    ),
    "PUT /api/v1/staff/departments/<uuid:department_id>/duties": etag(
        "/staff/departments/{department_id}/duties", "administrator"
    ),
}
