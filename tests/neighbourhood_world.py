"""Two communities with staff and neighbours, for tests of community life.

Who lives where is told by `world.homes`, which stands in for the register; texts pass the check
at once unless `world.judge` says otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.content import checking
from backend.domains.content.model import ContentCheck
from backend.domains.grid import index
from backend.domains.grid.model import Area
from backend.domains.identity.staff_model import StaffAccount, StaffRole
from backend.domains.identity.staff_rules import ROLES
from backend.domains.neighbourhood import activities, events, ports, rules, signups
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.domains.organisation import service as organisation
from backend.kernel.access import SYSTEM, Actor, Grant, Principal
from backend.kernel.errors import DomainError
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services
from backend.kernel.trace import TraceEntry
from tests.people import sign_in_person

STREET = stable_id("street", "yuehe")
HOME, NEXT = stable_id("area", "yuehe-01"), stable_id("area", "yuehe-02")
STAFF = (("fang", HOME), ("luo", HOME), ("zhu", NEXT))
HALL_POINT = (20.5, 115.3)
EVENTS = [
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and kind.__module__ == events.__name__
]


@dataclass
class World:
    """The communities, their people, and everything that was told."""

    services: Services
    staff: dict[str, Principal]
    people: dict[str, UUID] = field(default_factory=dict)
    homes: dict[UUID, set[UUID]] = field(default_factory=dict)
    heard: list[Any] = field(default_factory=list)

    def areas(self, uow: Any, person_id: UUID) -> set[UUID]:
        """As the register answers."""
        return self.homes.get(person_id, set())

    def id(self, name: str) -> UUID:
        """A member of staff, for those who sign in by name."""
        found = self.staff[name].actor.id
        assert found is not None
        return found

    def person(self, name: str, *homes: UUID, **more: Any) -> UUID:
        """A verified neighbour; at home in 榕荫 unless told otherwise."""
        if name not in self.people:
            headers = sign_in_person(self.services, name=f"{name}测试", **more)
            self.people[name] = headers.id
            self.homes[headers.id] = set(homes) or {HOME}
        return self.people[name]

    def unit(self, who: str | UUID | None = None) -> Any:
        """A unit of work of a member of staff (by name), a person (by id), or the system."""
        if isinstance(who, str):
            return self.services.unit(self.staff[who].actor)
        return self.services.unit(Actor("person", who) if who else SYSTEM)

    def act(self, who: str, use: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """`use(uow, by, …)` by a member of staff, `use(uow, person, …)` by a neighbour."""
        if who in self.staff:
            with self.unit(who) as uow:
                return use(uow, self.staff[who], *args, **kwargs)
        with self.unit(self.person(who)) as uow:
            return use(uow, self.person(who), *args, **kwargs)

    def refused(self, who: str, use: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
        """The code with which it is refused; empty when it is not."""
        try:
            self.act(who, use, *args, **kwargs)
        except DomainError as error:
            return error.code
        return ""

    def values(self, **changes: Any) -> dict[str, Any]:
        """An activity as staff write it: in two days, from nine to eleven, two places."""
        start = self.services.clock.now() + timedelta(days=2)
        return {
            "area_id": HOME, "kind": "volunteer", "title": "清洁家园", "words": "一起扫楼道",
            "place": "社区广场", "contact": "方敏 3880000", "latitude": HALL_POINT[0],
            "longitude": HALL_POINT[1], "radius_m": 200, "starts_at": start,
            "ends_at": start + timedelta(hours=2),
            "sign_up_from": self.services.clock.now() - timedelta(hours=1),
            "sign_up_until": start - timedelta(hours=1), "places": 2, "most_waiting": 3,
            "audience": "everybody", "check_in": "either", **changes,
        }  # fmt: skip

    def activity(self, **changes: Any) -> UUID:
        """A published activity."""
        made = self.act("fang", activities.create, self.values(**changes))
        return self.act("fang", activities.publish, made.id).id

    def sign_up(self, activity_id: UUID, *names: str) -> None:
        """Neighbours sign up one after the other."""
        for name in names:
            self.act(name, signups.sign_up, activity_id)

    def state(self, activity_id: UUID, name: str) -> str:
        """Where a neighbour stands; empty without a live sign-up."""
        with self.unit() as uow:
            found = signups.mine(uow, self.person(name), activity_id)
            return found.state if found else ""

    def row(self, model: Any, row_id: UUID) -> Any:
        """A row as it is now."""
        with self.unit() as uow:
            return uow.session.get_one(model, row_id, populate_existing=True)

    def at(self, moment: datetime) -> None:
        """Let it be then, and let what is due happen."""
        self.services.clock.set(moment)
        self.services.timers.fire_due(self.services)

    def later(self, **by: float) -> None:
        """Some time passes."""
        self.at(self.services.clock.now() + timedelta(**by))

    def told(self, kind: type) -> list[Any]:
        """What was told of this kind, oldest first."""
        return [one for one in self.heard if type(one) is kind]

    def passed(self, kind: str, row_id: UUID, action: str = "pass", **values: Any) -> None:
        """The check of a text ends so."""
        with self.unit() as uow:
            row = uow.session.scalars(
                select(ContentCheck)
                .where(ContentCheck.subject_kind == kind, ContentCheck.subject_id == row_id)
                .order_by(ContentCheck.created_at.desc(), ContentCheck.id.desc())
            ).first()
            checking.change(uow, row, action, **values)


def check(world: World, activity_id: UUID) -> None:
    """Counts, line and traces agree: nobody too many, nobody passed over."""
    with world.unit() as uow:
        activity = uow.session.get_one(Activity, activity_id, populate_existing=True)
        query = (
            select(ActivitySignup)
            .where(ActivitySignup.activity_id == activity_id)
            .order_by(ActivitySignup.turn)
            .execution_options(populate_existing=True)
        )
        rows = list(uow.session.scalars(query))
        holding = [row for row in rows if row.state in rules.HOLDING]
        waiting = [row for row in rows if row.state == rules.WAITLISTED]
        assert activity.taken == len(holding) <= activity.places
        assert activity.waiting == len(waiting) <= activity.most_waiting
        if activity.state == rules.PUBLISHED and waiting:
            still = rules.offer_until(uow.now, activity.starts_at) is not None
            # A place is free beside a line only where it fell free too near the start.
            assert activity.taken == activity.places or not still
            asked = [row.turn for row in rows if row.turn and row.state != rules.WAITLISTED]
            live = [row.turn for row in rows if row.turn and row.state == rules.OFFERED]
            assert all(turn < waiting[0].turn for turn in live), (live, waiting[0].turn)
            assert asked is not None
        for row in rows:
            last = uow.session.scalars(
                select(TraceEntry)
                .where(
                    TraceEntry.subject_kind == "activity_signup",
                    TraceEntry.subject_id == row.id,
                )
                .order_by(TraceEntry.seq.desc())
                .limit(1)
            ).one()
            assert last.to_state == row.state
        live_people = [row.person_id for row in rows if row.state in rules.LIVE]
        assert len(live_people) == len(set(live_people))


def count(world: World, model: Any, *conditions: Any) -> int:
    """How many rows."""
    with world.unit() as uow:
        query = select(func.count()).select_from(model).where(*conditions)
        return uow.session.scalar(query) or 0


def make_world(services: Services) -> World:
    """The communities and their staff, committed."""
    with services.unit() as uow:
        organisation.put(uow.session, "street", [("yuehe", "月河街道")])
        uow.session.flush()
        street = _area("yuehe", "street", None, "月河街道", 0)
        uow.session.add(street)
        uow.session.flush()
        for code, name, place in (("yuehe-01", "榕荫社区", 0), ("yuehe-02", "容桂社区", 1)):
            uow.session.add(_area(code, "community", street.id, name, place))
        uow.session.flush()
        index.touch(uow)
        staff = {name: _staff(uow, name, area) for name, area in STAFF}
    world = World(services, staff)
    ports.register_membership(services, world)
    for kind in EVENTS:
        services.events.subscribe(kind, lambda uow, event: world.heard.append(event))
    return world


def _area(code: str, kind: str, parent: UUID | None, name: str, place: int) -> Area:
    west = 115.0 + place
    box = {"west": west, "south": 20.0, "east": west + 1, "north": 21.0}
    ring = [[west, 20.0], [west + 1, 20.0], [west + 1, 21.0], [west, 21.0], [west, 20.0]]
    return Area(
        id=stable_id("area", code), kind=kind, code=code, name=name, parent_id=parent,
        street_id=STREET, geometry={"type": "Polygon", "coordinates": [ring]}, aliases=[], **box,
    )  # fmt: skip


def _staff(uow: Any, name: str, area: UUID) -> Principal:
    staff_id, now = new_id(), uow.now
    uow.session.add(
        StaffAccount(
            id=staff_id, username=f"{name}-{staff_id.hex[-8:]}", name=name, state="active",
            password_hash="-", password_changed_at=now, must_change_password=False,
            totp_sealed=b"-", created_at=now,
        )
    )  # fmt: skip
    uow.session.flush()
    role = ROLES["community_worker"]
    uow.session.add(
        StaffRole(
            staff_id=staff_id, role="community_worker", scope_kind="community", scope_id=area,
            granted_at=now,
        )
    )  # fmt: skip
    grant = Grant("community_worker", frozenset(role.permissions), "community", area)
    return Principal(Actor("staff", staff_id, name, role.text), grants=(grant,))
