"""What the routes of the hotline need to be tried: tickets that exist, and bodies that fit."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from backend.domains.hotline import (
    asking,
    calls,
    cti_keys,
    deciding,
    dispatching,
    drafts,
    holding,
    photos,
    supervision,
    taking,
)
from backend.domains.hotline.model import Ticket
from backend.kernel.access import Actor
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from tests.security.dispatch_cast import principal

if TYPE_CHECKING:
    from tests.security.demo_world import DemoWorld

CGJ = stable_id("department", "cgj")
NOON = "2026-11-24T12:00:00+08:00"
#: Words that only whoever may see a ticket may read.
CANARY = "金丝雀工单内容"


def furnish(world: "DemoWorld") -> None:
    """Two tickets of the resident at a department, one with a request and an order; a question."""
    services, ids = world.services, world.ids
    person = world.people["resident"].id
    han, gao, zheng = (principal(services, name) for name in ("hanmei", "gaobo", "zhengjie"))
    ids["ticket_id"] = _dispatched(services, person)
    with services.unit(Actor("person", person)) as uow:
        # The photo of the owner's call in the street (`dispatch_cast`) goes with the ticket too.
        photos.attach(uow, uow.session.get_one(Ticket, ids["ticket_id"]), [ids["file_id"]])
    ids["other_ticket_id"] = worked = _dispatched(services, person)
    with services.unit(gao.actor) as uow:
        dispatching.sign(uow, gao, worked)
        ids["ticket_request_id"] = holding.ask_extension(uow, gao, worked, 3, "等材料").id
    with services.unit(zheng.actor) as uow:
        due = uow.now + timedelta(days=1)
        ids["ticket_order_id"] = supervision.order(uow, zheng, worked, "请答复", due).id
    with services.unit(Actor("person", person)) as uow:
        ids["question_id"] = asking.ask(uow, person, "公积金怎么提取", CANARY).id
    with services.unit() as uow:
        ids["call_id"] = calls.tell(
            uow, event="ringing", call_id="canary", number="13800007001", agent="hanmei"
        ).id
        ids["cti_key_id"] = cti_keys.issue(uow, "测试交换机")[0].id
        drafts.save(uow, world.people["staff"].id, "new", {"words": CANARY}, 0)
    ids.update(draft_key="new", han_id=han.actor.id)


def _dispatched(services: Services, person: UUID) -> UUID:
    han, sun = principal(services, "hanmei"), principal(services, "sunhao")
    with services.unit(Actor("person", person)) as uow:
        ticket_id = taking.take(
            uow,
            taking.NewTicket(
                kind="request", source="mini", words=CANARY, category_code="street_lamp",
                caller_phone="13800007001", person_id=person,
            ),
        ).id  # fmt: skip
    with services.unit(han.actor) as uow:
        deciding.accept(uow, han, ticket_id)
    with services.unit(sun.actor) as uow:
        dispatching.dispatch(uow, sun, ticket_id, CGJ)
    return ticket_id


_WHY = {"reason": "测试原因"}
_SOME = [str(stable_id("department", "zjj"))]
_NOBODY = "00000000-0000-7000-8000-000000000000"
_STEPS: dict[str, Any] = {
    "accept": {}, "reject": _WHY, "answer": {"public_text": "好", "version_ids": [_NOBODY]},
    "dispatch": {"lead_id": str(CGJ)},
    "merge": lambda world: {"parent_id": str(world.ids["other_ticket_id"])},
    "separate": _WHY, "sign": {}, "returns": {"legal_basis": "三定方案", **_WHY},
    "contact": {"note": "联系上了"}, "units": {"department_ids": _SOME},
    "extensions": {"days": 3, **_WHY}, "holds": {"until": NOON, **_WHY}, "end-hold": {},
    "reply": {"internal_record": "换了", "public_text": "好了"}, "co-reply": {"text": "好了"},
    "unit-approval": {}, "centre-approval": {}, "send-back": _WHY,
    "callbacks": {"contacted": True, "solved": True, "satisfied": True},
    "judgements": {"decision": "explained", **_WHY}, "reopen": _WHY, "urges": {},
    "notes": {"words": "看过了"}, "supervisions": {"words": "请答复", "due_at": NOON},
    "links": {"kind": "case", "number": "B-1"}, "unlinks": {"kind": "case", "number": "B-1"},
    "events": {}, "pins": {"version_id": _NOBODY}, "unpins": {"version_id": _NOBODY},
    "reveals": {"field": "phone", "purpose": "回电核对"},
}  # fmt: skip
_TICKET = "/api/v1/staff/tickets"
_MINE = "POST /api/v1/tickets/<uuid:ticket_id>"
BODIES: dict[str, Any] = {
    **{f"POST {_TICKET}/<uuid:ticket_id>/{name}": body for name, body in _STEPS.items()},
    f"POST {_TICKET}": {"kind": "request", "words": "想装路灯"},
    f"PUT {_TICKET}/<uuid:ticket_id>": {"title": "新标题"},
    "POST /api/v1/staff/ticket-suggestions": {"words": "路灯不亮"},
    "PUT /api/v1/staff/ticket-drafts/<string(maxlength=80):draft_key>": {
        "body": {"words": "x"}, "version": 0,
    },
    "POST /api/v1/staff/ticket-requests/<uuid:ticket_request_id>/decision": {"approved": True},
    "POST /api/v1/staff/ticket-orders/<uuid:ticket_order_id>/reply": {"words": "已联系"},
    "POST /api/v1/staff/ticket-orders/<uuid:ticket_order_id>/close": {},
    "PUT /api/v1/staff/ticket-limits": {"items": []},
    "PUT /api/v1/staff/calls/agent": {"state": "ready"},
    "POST /api/v1/staff/cti-keys": {"name": "新交换机"},
    "POST /cti/v1/events": {"event": "ringing", "call_id": "x"},
    "POST /api/v1/tickets": {"kind": "request", "words": "想装路灯"},
    f"{_MINE}/urges": {}, f"{_MINE}/notes": {"words": "还在"},
    f"{_MINE}/ratings": {"solved": True, "satisfied": True}, f"{_MINE}/cancellations": _WHY,
    "POST /api/v1/questions": {"query": "怎么办"},
}  # fmt: skip
_DAYS = {"from": "2026-11-01", "to": "2026-11-30"}
QUERIES: dict[str, Callable[["DemoWorld"], dict[str, str]]] = {
    "GET /api/v1/staff/hotline-reports": lambda _: _DAYS,
    "GET /api/v1/staff/hotline-reports/export": lambda _: _DAYS,
}


def _seen(world: "DemoWorld") -> dict[str, str]:
    path = f"{_TICKET}/{world.ids['ticket_id']}"
    answer = world.client.get(path, headers=world.people["supervisor"])
    return {"If-Match": answer.headers.get("ETag", '"1"')}


def _limits(world: "DemoWorld") -> dict[str, str]:
    answer = world.client.get("/api/v1/staff/ticket-limits", headers=world.people["supervisor"])
    return {"If-Match": answer.headers["ETag"]}


BEFORE: dict[str, Callable[["DemoWorld"], dict[str, str]]] = {
    f"PUT {_TICKET}/<uuid:ticket_id>": _seen,
    "PUT /api/v1/staff/ticket-limits": _limits,
}
