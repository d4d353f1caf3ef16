"""The people of a replayed day: grid workers with their cells, leaders, a desk, departments."""

import io
import random
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from PIL import Image
from shapely.geometry import Point, shape
from sqlalchemy import delete, select

from backend.domains.grid.duty_rules import DEPUTY, LEADER, STREET, WORKER
from backend.domains.grid.model import Area, Duty
from backend.domains.identity.service import RoleAt, create_demo_person, create_demo_staff
from backend.domains.identity.staff_rules import ROLES
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

_FAMILY = "陈李黄张梁林王吴刘何罗杨叶周谢邓曾许郭苏彭潘冯钟卢"
_GIVEN = "伟强军勇杰涛明辉斌健华平丽敏静燕芳玲娟艳红霞梅兰英慧"


@dataclass(slots=True)
class Member:
    """Somebody who answers. `free_at` is when the present piece of work ends."""

    id: UUID
    name: str
    by: Principal
    street_id: UUID | None
    free_at: datetime | None = None
    photo_id: UUID | None = None


@dataclass(slots=True)
class World:
    """Everybody, and where things can happen."""

    members: dict[UUID, Member] = field(default_factory=dict)
    workers: list[Member] = field(default_factory=list)
    street_leaders: dict[UUID, Member] = field(default_factory=dict)
    dispatcher: Member | None = None
    departments: dict[str, Member] = field(default_factory=dict)
    residents: list[UUID] = field(default_factory=list)
    cells: list[Area] = field(default_factory=list)


def build(services: Services, *, workers: int, residents: int, chance: random.Random) -> World:
    """Staff the whole district: duties of every cell, leaders of every street, residents.

    Replaces the duties of the demo's few accounts; running it again finds the same people.
    """
    world = World()
    with services.unit() as uow:
        areas = list(uow.session.scalars(select(Area).order_by(Area.code)))
        world.cells = [area for area in areas if area.kind == "cell"]
        uow.session.execute(delete(Duty).where(Duty.department_id.is_(None)))
        for number in range(workers):
            cell = world.cells[number % len(world.cells)]
            world.workers.append(_worker(uow, world, number, cell))
        _duties(uow, world)
        for street in sorted({area.street_id for area in world.cells}):
            _street(uow, world, street)
        world.dispatcher = _member(uow, world, "replay.desk", RoleAt("dispatcher", "district"))
        for code in ("cgj", "zjj"):
            place = stable_id("department", code)
            account = f"replay.{code}"
            world.departments[code] = _member(
                uow, world, account, RoleAt("department_handler", "department", place)
            )
            uow.session.add(
                Duty(department_id=place, staff_id=world.departments[code].id, level="department")
            )
    world.residents = people(services, residents)
    _photos(services, world)
    chance.shuffle(world.workers)
    return world


def people(services: Services, count: int) -> list[UUID]:
    """Residents who have signed in and proved nothing yet."""
    found = [stable_id("replay-person", str(number)) for number in range(count)]
    with services.unit() as uow:
        for one in found:
            create_demo_person(uow, id=one, name=None, id_number=None, phone=None)
    return found


def place_in(cell: Area, chance: random.Random) -> tuple[float, float]:
    """A point inside the cell: latitude and longitude, WGS-84."""
    outline = shape(cell.geometry)
    west, south, east, north = outline.bounds
    while True:
        longitude, latitude = chance.uniform(west, east), chance.uniform(south, north)
        if outline.contains(Point(longitude, latitude)):
            return latitude, longitude


def _worker(uow: UnitOfWork, world: World, number: int, cell: Area) -> Member:
    return _member(uow, world, f"replay.w{number}", RoleAt("grid_worker", "street", cell.street_id))


def _duties(uow: UnitOfWork, world: World) -> None:
    """Each cell has its own workers; those of the next cell are their deputies."""
    cells = world.cells
    for number, member in enumerate(world.workers):
        own = cells[number % len(cells)]
        uow.session.add(Duty(area_id=own.id, staff_id=member.id, level=WORKER))
        beside = next(
            (c for c in cells if c.parent_id == own.parent_id and c.id != own.id), own
        )  # fmt: skip
        uow.session.add(Duty(area_id=beside.id, staff_id=member.id, level=DEPUTY))


def _street(uow: UnitOfWork, world: World, street_id: UUID) -> None:
    area = uow.session.scalars(
        select(Area).where(Area.street_id == street_id, Area.kind == "street")
    ).one()
    for role, level in (("grid_leader", LEADER), ("street_leader", STREET)):
        member = _member(
            uow, world, f"replay.{role[:2]}.{area.code}", RoleAt(role, "street", street_id)
        )
        uow.session.add(Duty(area_id=area.id, staff_id=member.id, level=level))
        if role == "street_leader":
            world.street_leaders[street_id] = member


def _member(uow: UnitOfWork, world: World, username: str, held: RoleAt) -> Member:
    role, kind, place = held.role, held.scope_kind, held.scope_id
    account = stable_id("demo-staff", username)
    name = _name(len(world.members))
    create_demo_staff(
        uow, id=account, username=username, name=name, password=secrets.token_urlsafe(24),
        roles=[held],
    )  # fmt: skip
    grant = Grant(role, frozenset(ROLES[role].permissions), kind, place)
    by = Principal(Actor("staff", account, name, ROLES[role].text), grants=(grant,))
    street = place if kind == "street" else None
    world.members[account] = Member(account, name, by, street)
    return world.members[account]


def _name(number: int) -> str:
    family = _FAMILY[number % len(_FAMILY)]
    return (
        family + _GIVEN[number * 7 % len(_GIVEN)] + _GIVEN[(number // len(_FAMILY)) % len(_GIVEN)]
    )


def _photos(services: Services, world: World) -> None:
    """One plain picture for each who handles events; evidence must be one's own upload."""
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "#7f8f9f").save(picture, "JPEG")
    for member in world.members.values():
        picture.seek(0)
        with services.unit(member.by.actor) as uow:
            member.photo_id = services.files.store(uow, picture, "event_photo").id
