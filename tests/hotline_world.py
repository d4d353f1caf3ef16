"""A hotline with its people, three departments and two articles, for tests of tickets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.hotline import (
    callback,
    deciding,
    dispatching,
    events,
    handling,
    ports,
    reviewing,
    taking,
)
from backend.domains.hotline.model import Ticket, TicketClock, TicketPin, TicketRequest, TicketUnit
from backend.domains.identity.staff_model import StaffAccount, StaffRole
from backend.domains.identity.staff_rules import ROLES
from backend.domains.organisation import service as organisation
from backend.kernel import trace
from backend.kernel.access import SYSTEM, Actor, Grant, Principal
from backend.kernel.errors import DomainError, NotFound
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject, TraceEntry

CGJ, ZJJ, RSJ = (stable_id("department", code) for code in ("cgj", "zjj", "rsj"))
STREET = stable_id("street", "yuehe")
PEOPLE = (
    ("han", "operator", "district", None),
    ("wang", "operator", "district", None),
    ("sun", "hotline_dispatcher", "district", None),
    ("lu", "hotline_dispatcher", "district", None),
    ("gao", "department_handler", "department", CGJ),
    ("ge", "department_handler", "department", CGJ),
    ("tang", "department_handler", "department", ZJJ),
    ("yu", "department_handler", "department", RSJ),
    ("liang", "department_head", "department", CGJ),
    ("xu", "department_head", "department", ZJJ),
    ("zhao", "department_head", "department", RSJ),
    ("mao", "hotline_reviewer", "district", None),
    ("min", "hotline_reviewer", "district", None),
    ("cai", "callback_agent", "district", None),
    ("zheng", "supervisor", "district", None),
    ("qin", "supervisor", "district", None),
    ("street", "supervisor", "street", STREET),
)
STAFF = tuple(row[0] for row in PEOPLE)
KINDS = [
    kind for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, events.TicketEvent)
]  # fmt: skip


@dataclass
class FakeArticle:
    """An article as the knowledge base answers it."""

    id: UUID
    number: str
    version_id: UUID
    version_number: int
    title: str
    public_text: str
    audience: str


@dataclass
class Shelf:
    """A knowledge base of a few articles; `versions` are all, `live` those in force."""

    versions: dict[UUID, FakeArticle] = field(default_factory=dict)
    in_force: dict[UUID, FakeArticle] = field(default_factory=dict)
    uses: list[tuple[UUID, str, str]] = field(default_factory=list)

    def put(self, article_id: UUID, number: int, audience: str = "public") -> UUID:
        made = FakeArticle(
            article_id, "Z1", new_id(), number, "公积金提取指南", "带身份证到窗口办理", audience
        )
        self.versions[made.version_id] = self.in_force[article_id] = made
        return made.version_id

    def pinned(self, uow: Any, version_id: UUID) -> FakeArticle:
        if version_id not in self.versions:
            raise NotFound("article_unknown")
        return self.versions[version_id]

    def live(self, uow: Any, article_id: UUID) -> FakeArticle:
        if article_id not in self.in_force:
            raise NotFound("article_unknown")
        return self.in_force[article_id]

    def used(self, uow: Any, article_id: UUID, version_id: UUID, kind: str, audience: str) -> None:
        self.uses.append((version_id, kind, audience))


@dataclass
class World:
    services: Services
    staff: dict[str, Principal] = field(default_factory=dict)
    heard: list[Any] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)

    def unit(self, by: Principal | None = None, person: UUID | None = None) -> Any:
        actor = by.actor if by else Actor("person", person) if person else SYSTEM
        return self.services.unit(actor)

    def id(self, name: str) -> UUID:
        found = self.staff[name].actor.id
        assert found is not None
        return found

    def act(self, name: str, use: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """`use(uow, by, …)` by a member of staff."""
        by = self.staff[name]
        with self.unit(by) as uow:
            return use(uow, by, *args, **kwargs)

    def as_person(self, person: UUID, use: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """`use(uow, person, …)` by a resident."""
        with self.unit(person=person) as uow:
            return use(uow, person, *args, **kwargs)

    def refused(self, name: str | UUID, use: Any, *args: Any, **kwargs: Any) -> str:
        """The code with which it is refused; empty when it is not."""
        do = self.act if isinstance(name, str) else self.as_person
        try:
            do(name, use, *args, **kwargs)  # type: ignore[arg-type]  # as chosen above
        except DomainError as error:
            return error.code
        return ""

    def take(self, **kwargs: Any) -> UUID:
        values = {"kind": "complaint", "source": "mini", "words": "路灯坏了。没人修",
                  "category_code": "light", **kwargs}  # fmt: skip
        with self.unit(person=values.get("person_id")) as uow:
            return taking.take(uow, taking.NewTicket(**values)).id

    def accepted(self, **kwargs: Any) -> UUID:
        ticket_id = self.take(**kwargs)
        self.act("han", deciding.accept, ticket_id)
        return ticket_id

    def dispatched(self, co_ids: tuple[UUID, ...] = (), **kwargs: Any) -> UUID:
        ticket_id = self.accepted(**kwargs)
        self.act("sun", dispatching.dispatch, ticket_id, CGJ, co_ids)
        return ticket_id

    def signed(self, co_ids: tuple[UUID, ...] = (), **kwargs: Any) -> UUID:
        ticket_id = self.dispatched(co_ids, **kwargs)
        self.act("gao", dispatching.sign, ticket_id)
        return ticket_id

    def replied(self, **kwargs: Any) -> UUID:
        ticket_id = self.signed(**kwargs)
        self.act("gao", handling.contact, ticket_id, "电话里说了")
        self.act("gao", handling.submit_reply, ticket_id, "换了灯泡", "路灯修好了")
        return ticket_id

    def passed(self, **kwargs: Any) -> UUID:
        ticket_id = self.replied(**kwargs)
        self.pass_on(ticket_id)
        return ticket_id

    def pass_on(self, ticket_id: UUID) -> None:
        self.act("liang", reviewing.pass_unit, ticket_id)
        self.act("mao", reviewing.pass_centre, ticket_id)

    def bad(self, **kwargs: Any) -> UUID:
        ticket_id = self.passed(**kwargs)
        self.act("cai", callback.call_back, ticket_id, True, solved=False, satisfied=False)
        return ticket_id

    def closed(self, **kwargs: Any) -> UUID:
        ticket_id = self.passed(**kwargs)
        self.act("cai", callback.call_back, ticket_id, True, solved=True, satisfied=True)
        return ticket_id

    def ticket(self, ticket_id: UUID) -> Ticket:
        with self.unit() as uow:
            return uow.session.get_one(Ticket, ticket_id)

    def rows(self, model: Any, ticket_id: UUID) -> list[Any]:
        with self.unit() as uow:
            query = select(model).where(model.ticket_id == ticket_id).order_by(model.id)
            return list(uow.session.scalars(query))

    def pins(self, ticket_id: UUID) -> list[TicketPin]:
        with self.unit() as uow:
            query = select(TicketPin).where(TicketPin.ticket_id == ticket_id)
            return list(uow.session.scalars(query))

    def units(self, ticket_id: UUID) -> list[TicketUnit]:
        return self.rows(TicketUnit, ticket_id)

    def request(self, ticket_id: UUID) -> UUID:
        """The last thing that was asked for."""
        return self.rows(TicketRequest, ticket_id)[-1].id

    def clock(self, ticket_id: UUID, kind: str) -> TicketClock:
        return [clock for clock in self.rows(TicketClock, ticket_id) if clock.kind == kind][-1]

    def running(self, ticket_id: UUID) -> set[str]:
        return {c.kind for c in self.rows(TicketClock, ticket_id) if c.stopped_at is None}

    def trace(self, ticket_id: UUID) -> list[TraceEntry]:
        with self.unit() as uow:
            return trace.entries(uow.session, Subject("ticket", ticket_id))

    def told(self, kind: type) -> list[Any]:
        """The events of exactly this kind, oldest first."""
        return [event for event in self.heard if type(event) is kind]

    def wait(self, **kwargs: float) -> int:
        """Let time pass and the worker fire what has become due."""
        self.services.clock.advance(timedelta(**kwargs))  # type: ignore[attr-defined]  # fixed
        return self.services.timers.fire_due(self.services)


def make_world(services: Services) -> World:
    """The hotline and its people, committed; what happens is kept in `world.heard`."""
    with services.unit() as uow:
        organisation.put(uow.session, "street", [("yuehe", "月河街道")])
        organisation.put(
            uow.session, "department", [("cgj", "城管局"), ("zjj", "住建局"), ("rsj", "人社局")]
        )
        uow.session.flush()
        world = World(services, {row[0]: _person(uow, *row) for row in PEOPLE})
        uow.session.add_all(
            [
                EventCategory(code="city", name="市容", position=0),
                EventCategory(code="light", parent_code="city", name="路灯", keywords=["路灯"]),
                EventCategory(
                    code="gas", parent_code="city", name="燃气", urgency="urgent",
                    keywords=["燃气"],
                ),
            ]
        )  # fmt: skip
    shelf = world.shelf
    ports.register_articles(services, ports.Articles(shelf.pinned, shelf.live, shelf.used))
    for kind in KINDS:
        services.events.subscribe(kind, lambda uow, event: world.heard.append(event))
    return world


def _person(uow: Any, name: str, role: str, kind: str, scope: UUID | None) -> Principal:
    staff_id, now = new_id(), uow.now
    uow.session.add(
        StaffAccount(
            id=staff_id, username=f"{name}-{staff_id.hex[-8:]}", name=name, state="active",
            password_hash="-", password_changed_at=now, must_change_password=False,
            totp_sealed=b"-", created_at=now,
        )
    )  # fmt: skip
    uow.session.flush()
    uow.session.add(
        StaffRole(staff_id=staff_id, role=role, scope_kind=kind, scope_id=scope, granted_at=now)
    )
    grant = Grant(role, frozenset(ROLES[role].permissions), kind, scope)
    return Principal(Actor("staff", staff_id, name, ROLES[role].text), grants=(grant,))
