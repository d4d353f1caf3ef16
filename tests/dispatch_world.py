"""A street with two cells and everybody who answers for them, for tests of dispatch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from backend.domains.dispatch import claiming, endings, handling, intake
from backend.domains.dispatch.model import Event, EventClock
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.grid import index
from backend.domains.grid.model import Area, Duty
from backend.domains.identity.staff_model import StaffAccount, StaffRole
from backend.domains.identity.staff_rules import ROLES
from backend.domains.organisation import service as organisation
from backend.kernel.access import SYSTEM, Actor, Grant, Principal
from backend.kernel.files import StoredFile
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services

WEST, SOUTH, SIDE = 120.10, 30.20, 0.01
STREET, OTHER_STREET = stable_id("street", "yuehe"), stable_id("street", "other")
CGJ, ZJJ = stable_id("department", "cgj"), stable_id("department", "zjj")
CELL_A, CELL_B = stable_id("area", "cell-a"), stable_id("area", "cell-b")
IN_A = {"latitude": SOUTH + SIDE / 2, "longitude": WEST + SIDE / 2}
IN_B = {"latitude": SOUTH + SIDE / 2, "longitude": WEST + SIDE * 1.5}

# name, role, scope kind, scope id, duty level, duty area
PEOPLE = (
    ("chen", "grid_worker", "street", STREET, "worker", "cell-a"),
    ("liu", "grid_worker", "street", STREET, "worker", "cell-a"),
    ("sun", "grid_worker", "street", STREET, "worker", "cell-b"),
    ("deng", "grid_worker", "street", STREET, "deputy", "community"),
    ("zhao", "grid_leader", "street", STREET, "leader", "community"),
    ("lin", "street_leader", "street", STREET, "street", "yuehe"),
    ("he", "dispatcher", "district", None, None, None),
    ("ma", "dispatcher", "district", None, None, None),
    ("gao", "department_handler", "department", CGJ, None, None),
    ("tang", "department_handler", "department", ZJJ, None, None),
    ("qin", "supervisor", "district", None, None, None),
    ("far", "grid_worker", "street", OTHER_STREET, None, None),
)
STAFF = tuple(row[0] for row in PEOPLE)


@dataclass
class World:
    services: Services
    staff: dict[str, Principal] = field(default_factory=dict)
    heard: list[Any] = field(default_factory=list)

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

    def call(self, **kwargs: Any) -> Event:
        values: dict[str, Any] = {
            "source": "resident", "words": "路灯不亮了", "category_code": "light", **IN_A, **kwargs,
        }  # fmt: skip
        person = values.get("person_id")
        with self.unit(person=person) as uow:
            return intake.call(uow, intake.NewCall(**values))

    def event(self, event_id: UUID) -> Event:
        with self.unit() as uow:
            return uow.session.get_one(Event, event_id)

    def clocks(self, event_id: UUID) -> list[EventClock]:
        with self.unit() as uow:
            query = select(EventClock).where(EventClock.event_id == event_id)
            return list(uow.session.scalars(query.order_by(EventClock.started_at, EventClock.id)))

    def clock(self, event_id: UUID, kind: str) -> EventClock:
        return [clock for clock in self.clocks(event_id) if clock.kind == kind][-1]

    def photo(self, owner: UUID | None, media_type: str = "image/jpeg") -> UUID:
        row = StoredFile(
            id=new_id(), sha256=uuid4().hex * 2, media_type=media_type, size=10,
            purpose="event_photo", owner_id=owner, created_at=self.services.clock.now(),
        )  # fmt: skip
        with self.unit() as uow:
            uow.session.add(row)
        return row.id

    def wait(self, **kwargs: float) -> int:
        """Let time pass and the worker fire what has become due."""
        self.services.clock.advance(timedelta(**kwargs))
        return self.fire()

    def fire(self) -> int:
        return self.services.timers.fire_due(self.services)

    def claimed(self, name: str = "chen", **kwargs: Any) -> UUID:
        event_id = self.call(**kwargs).id
        self.act(name, claiming.claim, event_id)
        return event_id

    def at_work(self, name: str = "chen", **kwargs: Any) -> UUID:
        event_id = self.claimed(name, **kwargs)
        self.act(name, handling.start, event_id)
        return event_id

    def disposed(self, name: str = "chen", **kwargs: Any) -> UUID:
        event_id = self.at_work(name, **kwargs)
        self.act(name, handling.dispose, event_id, "换了灯泡", "路灯修好了")
        return event_id

    def verified(self, **kwargs: Any) -> UUID:
        event_id = self.disposed(**kwargs)
        self.act("liu", endings.verify, event_id, True)
        return event_id

    def closed(self, **kwargs: Any) -> UUID:
        event_id = self.verified(**kwargs)
        self.wait(days=8)
        return event_id


def make_world(services: Services) -> World:
    """The street, its people and five categories, committed."""
    with services.unit() as uow:
        organisation.put(uow.session, "street", [("yuehe", "月河街道"), ("other", "别的街道")])
        organisation.put(uow.session, "department", [("cgj", "城管局"), ("zjj", "住建局")])
        uow.session.flush()
        _areas(uow)
        world = World(services, {row[0]: _person(uow, *row) for row in PEOPLE})
        uow.session.add_all(_categories())
    return world


def _areas(uow: Any) -> None:
    rows = [
        ("street", "yuehe", "月河街道", None, 0, 2),
        ("community", "community", "南湖社区", "yuehe", 0, 2),
        ("cell", "cell-a", "第一网格", "community", 0, 1),
        ("cell", "cell-b", "第二网格", "community", 1, 2),
    ]
    for kind, code, name, parent, left, right in rows:
        west, east, north = WEST + SIDE * left, WEST + SIDE * right, SOUTH + SIDE
        ring = [[west, SOUTH], [east, SOUTH], [east, north], [west, north], [west, SOUTH]]
        uow.session.add(
            Area(
                id=stable_id("area", code), kind=kind, code=code, name=name, street_id=STREET,
                parent_id=stable_id("area", parent) if parent else None, aliases=[],
                geometry={"type": "Polygon", "coordinates": [ring]},
                west=west, south=SOUTH, east=east, north=north,
            )
        )  # fmt: skip
        uow.session.flush()
    index.touch(uow)


def _person(
    uow: Any, name: str, role: str, kind: str, scope: UUID | None, level: str | None, area: Any
) -> Principal:
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
    if level:
        uow.session.add(Duty(area_id=stable_id("area", area), staff_id=staff_id, level=level))
    grant = Grant(role, frozenset(ROLES[role].permissions), kind, scope)
    return Principal(Actor("staff", staff_id, name, ROLES[role].text), grants=(grant,))


def _categories() -> list[EventCategory]:
    return [
        EventCategory(code="city", name="市容", position=0),
        EventCategory(code="light", parent_code="city", name="路灯", keywords=["路灯"]),
        EventCategory(
            code="pipe", parent_code="city", name="水管", urgency="urgent", keywords=["水管"],
            dispose_amount=24, after_photo=True, before_photo=True,
        ),
        EventCategory(
            code="wall", parent_code="city", name="墙", dispose_amount=5,
            dispose_unit="working_days", department_code="zjj",
        ),
        EventCategory(code="old", parent_code="city", name="停用的", active=False),
    ]  # fmt: skip


def later(world: World, **kwargs: float) -> datetime:
    """A moment after now."""
    return world.services.clock.now() + timedelta(**kwargs)
