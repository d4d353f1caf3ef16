"""Groups and systems of staff: managed over HTTP, told by what happens, never back into the house."""

import json
import socket
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.demo import seed_hooks
from backend.demo.standin_hooks import WEBHOOK_SECRET
from backend.domains.content.service import Place, check
from backend.domains.dispatch import events as d
from backend.domains.hotline import events as h
from backend.domains.knowledge import events as n
from backend.domains.messages.hook_model import StaffHook
from backend.domains.organisation import service as organisation
from backend.integrations import outside
from backend.integrations.outside import OutsideError
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject, TraceEntry
from notifications.model import DeliveryAttempt, InboxMessage, OutboxMessage
from tests.conftest import KeyedClient
from tests.people import sign_in_staff
from tests.standin import Standin
from tests.web import web_app

HOOKS = "/api/v1/staff/message-hooks"
STREET, OTHER, OFFICE = (stable_id("street", "yuehe"), stable_id("street", "linchuan"),
                         stable_id("department", "cgj"))  # fmt: skip
ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"


@pytest.fixture
def http(talking: Services) -> FlaskClient:
    with talking.unit() as uow:
        organisation.put(uow.session, "street", [("yuehe", "越和街"), ("linchuan", "临川街")])
        organisation.put(uow.session, "department", [("cgj", "区城管局")])
    app = web_app(talking)
    app.test_client_class = KeyedClient
    return app.test_client()


@pytest.fixture
def admin(talking: Services) -> Any:
    return sign_in_staff(talking, ("administrator", "district", None))


class Desk:
    """The administrator's page."""

    def __init__(self, services: Services, http: FlaskClient, admin: Any, standin: Standin) -> None:
        self.services, self.http, self.admin, self.standin = services, http, admin, standin

    def add(self, status: int = 201, **changes: Any) -> Any:
        body = {
            "name": "越和街工作群", "dialect": "wecom", "unit_id": str(STREET),
            "kinds": ["room_event_call"],
            "address": f"{self.standin.url}/cgi-bin/webhook/send?key=demo-robot-1", **changes,
        }  # fmt: skip
        answer = self.http.post(HOOKS, headers=self.admin, json=body)
        assert answer.status_code == status, answer.get_json()
        return answer.get_json()

    def change(self, hook: Any, status: int = 200, etag: str = "", **changes: Any) -> Any:
        kept = {key: hook[key] for key in ("name", "unit_id", "kinds", "active")}
        headers = {**self.admin, "If-Match": f'"{etag or hook["etag"]}"'}
        answer = self.http.put(f"{HOOKS}/{hook['id']}", headers=headers, json={**kept, **changes})
        assert answer.status_code == status, answer.get_json()
        return answer.get_json()

    def system(self, **changes: Any) -> Any:
        return self.add(dialect="webhook", address=f"{self.standin.url}/hooks/receive",
                        secret=WEBHOOK_SECRET, **changes)  # fmt: skip

    def tell(self, *events: Any) -> None:
        with self.services.unit() as uow:
            for event in events:
                uow.emit(event)

    def send(self) -> None:
        while self.services.delivery.run_once():
            pass

    def robots(self) -> list[str]:
        found = [json.loads(one["body"]) for one in self.standin.calls("/cgi-bin/webhook/send")]
        return [one["markdown"]["content"] for one in found]

    def last(self, hook: Any) -> Any:
        items = self.http.get(HOOKS, headers=self.admin).get_json()["items"]
        return next(one["last"] for one in items if one["id"] == hook["id"])


@pytest.fixture
def desk(talking: Services, http: FlaskClient, admin: Any, standin: Standin) -> Desk:
    return Desk(talking, http, admin, standin)


def called(desk: Desk, kind: Any = d.EventCalled, **more: Any) -> Any:
    now = desk.services.clock.now()
    base = {
        "event_id": uuid4(), "number": "E261123-482073-5", "title": "我是王秀兰，路灯不亮",
        "place": "桂香苑3栋501", "urgency": "urgent", "category_code": "none", "source": "mini",
        "state": "calling", "street_id": STREET, "at": now,
    }  # fmt: skip
    if kind is d.EventCalled:
        base |= {"level": "worker", "staff_ids": (), "due_at": now + timedelta(minutes=10)}
    return kind(**{**base, **more})


def test_a_robot_is_tried_and_its_address_never_shown(desk: Desk) -> None:
    hook = desk.add()
    assert hook["unit_name"] == "越和街"
    assert hook["address_shown"].endswith("…ot-1")
    assert "demo-robot" not in json.dumps(hook)
    assert hook["last"] is None
    answer = desk.http.post(f"{HOOKS}/{hook['id']}/tries", headers=desk.admin)
    assert answer.status_code == 202
    assert answer.get_json()["last"]["state"] == "created"
    desk.send()
    (content,) = desk.robots()
    assert content.startswith("**试发")
    assert desk.last(hook)["state"] == "accepted"
    with desk.services.unit() as uow:
        row = uow.session.get_one(StaffHook, UUID(hook["id"]))
        assert b"demo-robot" not in row.address
        assert uow.session.scalars(select(InboxMessage.id)).all() == []
        attempt = uow.session.scalars(select(DeliveryAttempt)).one()
        assert (attempt.channel, attempt.provider) == ("staff_hook", "wecom")
        said = uow.session.scalars(
            select(TraceEntry.internal_text).where(TraceEntry.subject_kind == "staff_hook")
        ).all()
    assert len(said) == 2
    assert "demo-robot" not in "".join(said)


def test_the_log_names_the_group(desk: Desk) -> None:
    hook = desk.add()
    desk.http.post(f"{HOOKS}/{hook['id']}/tries", headers=desk.admin)
    answer = desk.http.get("/api/v1/staff/messages", headers=desk.admin).get_json()
    assert "items" in answer, answer
    (row,) = answer["items"]
    assert (row["person_name"], row["channel"]) == ("越和街工作群", "staff_hook")


def test_a_webhook_is_signed_and_says_where_to_look(desk: Desk) -> None:
    desk.system(kinds=["room_ticket_dispatched"], unit_id=None)
    desk.tell(ticket(desk))
    desk.send()
    (call,) = desk.standin.calls("/hooks/receive")
    assert call["status"] == 200
    told = json.loads(call["body"])
    assert told["kind"] == "room_ticket_dispatched"
    assert "R261123-482073-5" in told["text"]


def ticket(desk: Desk, **more: Any) -> Any:
    now = desk.services.clock.now()
    return h.TicketDispatched(**{
        "ticket_id": uuid4(), "number": "R261123-482073-5", "title": "我是王秀兰，求助",
        "kind": "request", "source": "phone", "urgency": "normal", "category_code": "none",
        "state": "dispatched", "place": "桂香苑3栋501", "confidential": False, "person_id": None,
        "lead_unit_id": OFFICE, "street_id": STREET, "at": now, "role": "lead",
        "unit_ids": (OFFICE,), "unit_names": ("区城管局",), "staff_ids": (), "due_at": now,
        "first": True, **more,
    })  # fmt: skip


def test_units_hear_of_their_own_and_nobody_is_named(desk: Desk) -> None:
    desk.add(name="越和街")
    desk.add(name="临川街", unit_id=str(OTHER), address=desk.standin.url
             + "/cgi-bin/webhook/send?key=demo-robot-2")  # fmt: skip
    desk.add(name="全区", unit_id=None)
    desk.add(name="不想听", kinds=["room_ticket_dispatched"])
    desk.tell(called(desk))
    with desk.services.unit() as uow:
        rows = uow.session.scalars(select(OutboxMessage)).all()
        assert len(rows) == 2
        kept = json.dumps([(row.title, row.payload) for row in rows], ensure_ascii=False)
    for secret in ("王秀兰", "桂香苑"):
        assert secret not in kept
    desk.send()
    for content in desk.robots():
        assert "越和街" in content
        assert "E261123-482073-5" in content


def test_everything_that_waits_for_a_unit_is_told(desk: Desk) -> None:
    kinds = [one["key"] for one in desk.http.get(HOOKS, headers=desk.admin).get_json()["kinds"]]
    desk.add(unit_id=None, kinds=kinds)
    now, due = desk.services.clock.now(), desk.services.clock.now() + timedelta(hours=1)
    article = {
        "article_id": uuid4(),
        "number": "Z1",
        "title": "社保卡补领",
        "department_id": OFFICE,
    }
    with desk.services.unit() as uow:
        check(
            uow, Subject("probe", uuid4()), texts=["x"], person_id=None, place=Place(None, STREET)
        )
    desk.tell(
        called(desk), called(desk, d.EventEscalated, from_level="a", level="b", staff_ids=(), due_at=due),
        called(desk, d.WhistleBlown, whistle_id=uuid4(), department_id=OFFICE, what="来看看",
               staff_ids=(), by_name="王兰", due_at=due),
        called(desk, d.ClockOverdue, clock_kind="claim", due_at=due, staff_ids=()),
        ticket(desk),
        n.ArticleSubmitted(**article, stage="department_review", author_id=None),
        n.ArticleExpiring(**article, days=7, expires_on=date(2026, 12, 1)),
        n.CorrectionAsked(**article, correction_id=uuid4(), words="写错了", due_at=due),
    )  # fmt: skip
    with desk.services.unit() as uow:
        told = set(uow.session.scalars(select(OutboxMessage.kind)))
    assert told == set(kinds) - {"room_ticket_overdue"}
    assert now < due


def test_what_no_longer_waits_is_not_sent(desk: Desk) -> None:
    desk.add()
    event = called(desk)
    desk.tell(event)
    taken = called(
        desk, d.EventClaimed, event_id=event.event_id, staff_id=uuid4(), staff_name="王兰",
        others=(), callers=(), contact_due_at=None,
    )  # fmt: skip
    desk.tell(taken)
    desk.send()
    assert desk.robots() == []


def test_a_hook_switched_off_is_told_nothing(desk: Desk) -> None:
    hook = desk.add()
    desk.tell(called(desk))
    off = desk.change(hook, active=False)
    desk.tell(called(desk))
    desk.send()
    assert desk.robots() == []
    answer = desk.http.post(f"{HOOKS}/{hook['id']}/tries", headers=desk.admin)
    assert answer.status_code == 409
    desk.change(off, active=True)


def test_a_change_is_made_on_what_was_read(desk: Desk) -> None:
    hook = desk.add()
    changed = desk.change(hook, name="新名字", kinds=["room_event_whistle"], unit_id=None)
    assert (changed["name"], changed["unit_name"]) == ("新名字", "全区")
    desk.change(hook, 412, name="另一个")
    moved = desk.change(changed, address=ROBOT)
    assert moved["address_shown"] == "qyapi.weixin.qq.com …91f6"
    assert desk.http.put(f"{HOOKS}/{uuid4()}", headers={**desk.admin, "If-Match": '"x"'},
                         json={"name": "x", "kinds": [], "active": True}).status_code == 404  # fmt: skip


@pytest.mark.parametrize(("changes", "field"), [
    ({"address": "https://127.0.0.1/cgi-bin/webhook/send?key=1"}, "address"),
    ({"address": "http://10.0.0.1/x", "dialect": "webhook", "secret": "x" * 16}, "address"),
    ({"address": "https://db.internal/x", "dialect": "webhook", "secret": "x" * 16}, "address"),
    ({"address": "https://oa.example.cn/x", "dialect": "webhook", "secret": "short"}, "secret"),
    ({"secret": "a robot has none"}, "secret"),
    ({"kinds": ["appointment_booked"]}, "kinds"),
    ({"kinds": ["room_try"]}, "kinds"),
    ({"unit_id": str(uuid4())}, "unit_id"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_its_field(desk: Desk, changes: Any, field: str) -> None:
    assert field in desk.add(422, **changes)["errors"]


def test_a_robot_taken_out_of_its_group_is_seen_and_a_busy_one_waits(desk: Desk) -> None:
    gone = desk.add(address=f"{desk.standin.url}/cgi-bin/webhook/send?key=gone")
    busy = desk.add()
    desk.standin.fault("/cgi-bin/webhook/send", times=0)
    desk.tell(called(desk))
    for _ in range(2):
        desk.services.delivery.run_once()
    assert desk.last(gone)["state"] == "permanent_failure"
    assert "移出群" in desk.last(gone)["error"]
    assert desk.last(busy)["state"] == "accepted"


def test_twenty_a_minute_and_no_more(desk: Desk) -> None:
    desk.add()
    desk.tell(*[called(desk) for _ in range(25)])
    for _ in range(4):
        desk.services.delivery.run_once()
    with desk.services.unit() as uow:
        states = list(uow.session.scalars(select(OutboxMessage.status)))
    assert states.count("accepted") == 20
    assert len(desk.robots()) == 20, "the robot was not even asked"


def test_the_demo_has_two_groups(desk: Desk) -> None:
    assert seed_hooks.seed(desk.services) == 2
    assert seed_hooks.seed(desk.services) == 0, "running it again changes nothing"
    desk.tell(called(desk))
    desk.send()
    assert len(desk.robots()) == 1


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
    "2002:a00:1::", "not an address",
])  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not outside.is_public(address)
    assert outside.is_public("8.8.8.8")
    assert outside.is_public("2606:4700:4700::1111")


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], []])
def test_a_name_that_leads_inside_is_refused(monkeypatch: Any, answers: list[str]) -> None:
    """Every address counts, and it is resolved once: a second answer is never asked for."""
    asked = []

    def resolve(host: str, port: int, **_: Any) -> Any:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(OutsideError) as refused:
        outside.post("https://rebind.example.cn/x", b"{}", {})
    assert refused.value.kind == "refused"
    assert asked == ["rebind.example.cn"]


@pytest.mark.parametrize("url", [
    "http://oa.example.cn/", "https://u@oa.example.cn/", "https:///", "https://oa.example.cn:x/",
])  # fmt: skip
def test_only_plain_https_leaves(url: str) -> None:
    with pytest.raises(OutsideError) as refused:
        outside.post(url, b"{}", {})
    assert refused.value.kind == "refused"


def test_redirects_are_not_followed_and_the_trusted_origin_is_exact(standin: Standin) -> None:
    answer = outside.post(f"{standin.url}/nowhere", b"{}", {}, trusted=standin.url)
    assert answer.status == 404
    with pytest.raises(OutsideError):
        outside.post(f"{standin.url}/nowhere", b"{}", {}, trusted=f"{standin.url}9")
    with pytest.raises(OutsideError) as gone:
        outside.post("http://127.0.0.1:9/x", b"{}", {}, trusted="http://127.0.0.1:9")
    assert gone.value.kind == "unreachable"
