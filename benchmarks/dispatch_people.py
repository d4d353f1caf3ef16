"""Staff of the demo district as principals, consoles and phones, and calls for them to take."""

import random
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from backend.demo.register import staff_id
from backend.domains.dispatch import intake
from backend.domains.dispatch.model import EventAttempt
from backend.domains.grid.model import Area
from backend.domains.identity.principals import grants_of, role_text
from backend.domains.identity.staff_model import StaffAccount, StaffRole
from backend.domains.identity.staff_rules import ROLES
from backend.kernel import sessions
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.database import table_of
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services
from tests.people import sign_in_person

YUEHE = stable_id("street", "yuehe")


def account(services: Services, username: str) -> Principal:
    """One of the demo's own accounts, as the guards would find it."""
    with services.unit() as uow:
        row = uow.session.get_one(StaffAccount, staff_id(username))
        return Principal(Actor("staff", row.id, row.name, role_text(row)), grants=grants_of(row))


def hire(services: Services, ids: Iterable[UUID], role: str = "grid_worker") -> list[Principal]:
    """Accounts under these ids in one go (nobody can sign in with a password); role in Yuehe."""
    people = [(id_, f"员工{number}") for number, id_ in enumerate(ids, 1)]
    district = role == "dispatcher"
    kind, scope = ("district", None) if district else ("street", YUEHE)
    with services.unit() as uow:
        uow.session.execute(
            insert(table_of(StaffAccount)),
            [
                {
                    "id": id_, "username": f"b{id_.hex[:31]}", "name": name, "state": "active",
                    "password_hash": "-", "password_changed_at": uow.now, "totp_sealed": b"-",
                    "must_change_password": False, "created_at": uow.now,
                }
                for id_, name in people
            ],
        )  # fmt: skip
        uow.session.execute(
            insert(table_of(StaffRole)),
            [
                {
                    "id": new_id(), "staff_id": id_, "role": role, "scope_kind": kind,
                    "scope_id": scope, "granted_at": uow.now,
                }
                for id_, _ in people
            ],
        )  # fmt: skip
    grant = Grant(role, frozenset(ROLES[role].permissions), kind, scope)
    text = ROLES[role].text
    return [Principal(Actor("staff", id_, name, text), grants=(grant,)) for id_, name in people]


def phone(services: Services, worker: UUID) -> dict[str, str]:
    """Headers of a resident's phone bound to this member of staff."""
    headers = sign_in_person(services)
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, worker).person_id = headers.id
    return dict(headers)


def console(services: Services, staff: UUID) -> dict[str, str]:
    """Headers of a console signed in as this member of staff."""
    with services.unit() as uow:
        opened = sessions.open_session(
            uow, principal_kind="staff", principal_id=staff, channel="console"
        )
    return {"Cookie": f"hy_staff={opened.token}", "X-CSRF-Token": opened.csrf_token}


def centres(services: Services, street: UUID = YUEHE) -> list[tuple[float, float]]:
    """Latitude and longitude of a point in each cell of the street."""
    from shapely.geometry import shape

    with services.unit() as uow:
        query = select(Area.geometry).where(Area.kind == "cell", Area.street_id == street)
        points = [shape(found).representative_point() for found in uow.session.scalars(query)]
    return [(point.y, point.x) for point in points]


def call(services: Services, places: list[tuple[float, float]], number: int) -> UUID:
    """A resident's call through the real door; its event."""
    latitude, longitude = places[number % len(places)]
    new = intake.NewCall(
        "resident", f"第{number}号路灯不亮了，晚上很黑", category_code="street_lamp",
        latitude=latitude, longitude=longitude,
    )  # fmt: skip
    with services.unit() as uow:
        return intake.call(uow, new).id


def calls(services: Services, count: int, asked: list[list[UUID]]) -> list[UUID]:
    """`count` calls that wait; those asked are `asked[number % len(asked)]`."""
    places = centres(services)
    ids = [call(services, places, number) for number in range(count)]
    with services.unit() as uow:
        for turn, people in enumerate(asked):
            mine: Any = ids[turn :: len(asked)]
            uow.session.execute(
                update(EventAttempt)
                .where(EventAttempt.event_id.in_(mine))
                .values(staff_ids=people, outcome="waiting")
            )
    return ids


def dice() -> random.Random:
    """The same chance in every run."""
    return random.Random(999901)
