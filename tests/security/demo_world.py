"""The seeded demo district with people signed in, where every call can be undone.

One real database a process, seeded and committed once; what is tried is rolled back, so that the
order of tests and what they break does not matter.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from appointments import places
from appointments.demand_model import Missed, Offer, WaitlistEntry
from appointments.model import Appointment, Slot, Window
from backend.demo import register
from backend.domains.appointments import calendars, service
from backend.domains.catalog.model import Item, ItemVersion
from backend.kernel.access import Actor
from backend.kernel.clock import FixedClock
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from notifications import templates
from notifications.model import OutboxMessage
from tests import campaign_world
from tests.conftest import IsolatedDatabase, KeyedClient
from tests.people import Headers, headers_of, sign_in_person, sign_in_staff
from tests.security import (
    access_demand,
    access_hall,
    access_supply,
    columns,
    community_cast,
    deliberation_cast,
    dispatch_cast,
    hotline_cast,
    knowledge_cast,
    messages_cast,
    neighbourhood_cast,
)
from tests.web import web_app

EVERY_ROLE = (
    ("hall_manager", "district", None),
    ("item_editor", "district", None),
    ("supervisor", "district", None),
    ("administrator", "district", None),
    ("dispatcher", "district", None),
    ("operator", "district", None),
    ("hotline_dispatcher", "district", None),
    ("hotline_reviewer", "district", None),
    ("street_leader", "street", stable_id("street", "yuehe")),
    ("department_handler", "department", stable_id("department", "cgj")),
    ("community_worker", "community", stable_id("area", "yuehe-01")),
)


@dataclass
class DemoWorld:
    """The district, who is signed in, and the ids of things that really exist."""

    services: Services
    db: IsolatedDatabase
    app: Flask
    people: dict[str, Headers] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    _depth: int = 0

    @property
    def client(self) -> FlaskClient:
        """A browser of its own, without cookies."""
        self.app.test_client_class = KeyedClient
        return self.app.test_client(use_cookies=False)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside has not happened."""
        savepoint = self.db._connection.begin_nested() if self._depth else None
        self._depth += 1
        # Limits count by try, and here a try is not an attack.
        self.services.redis.client.flushall()
        clock = self.services.clock
        at = clock.now()
        try:
            yield
        finally:
            if isinstance(clock, FixedClock):
                clock.set(at)
            self._depth -= 1
            if savepoint is None:
                self.db.restart()
            else:
                savepoint.rollback()


def make(services: Services, settled: Services, db: IsolatedDatabase) -> DemoWorld:
    """A world on a seeded database: furnished by `settled`, which commits, tried on `db`."""
    world = DemoWorld(settled, db, web_app(settled))
    hall = stable_id("hall", "yuehe")
    world.ids["hall_id"] = hall
    # No vote has this id; votes are staged on a world of their own.
    world.ids["vote_id"] = stable_id("vote", "none")
    world.people["resident"] = sign_in_person(settled, phone="13800007001")
    world.people["staff"] = sign_in_staff(settled, *EVERY_ROLE)
    world.people["worker"] = headers_of(
        settled, "person", register.person_id("worker-chen"), "weixin"
    )
    book_for(world, "resident")
    access_demand.furnish(world)
    access_hall.furnish(world)
    access_supply.furnish(world)
    dispatch_cast.furnish(world)
    hotline_cast.furnish(world)
    knowledge_cast.furnish(world)
    community_cast.furnish(world)
    neighbourhood_cast.furnish(world)
    deliberation_cast.furnish(world)
    with settled.unit() as uow:
        no_show = world.ids["message_kind"]
        by = register.staff_id("zhoumin")
        templates.draft(uow.session, uow.now, no_show, {"title": "没有来"}, note="", by=by)
    messages_cast.furnish(world)
    world.ids["campaign_id"] = campaign_world.make(settled).submitted()
    world.people.update(columns.people(settled, hall, owner=world.people["resident"]))
    world.services = services
    world.app = web_app(services)
    return world


def book_for(world: DemoWorld, who: str) -> None:
    """Book, and note the ids that the routes of this person take."""
    person = world.people[who].id
    with world.services.unit(Actor("person", person)) as uow:
        item = uow.session.scalars(
            select(ItemVersion.item_id).where(ItemVersion.name == "社会保障卡挂失/补领")
        ).first()
        slots = uow.session.scalars(
            select(Slot.id)
            .where(
                Slot.hall_id == world.ids["hall_id"],
                Slot.group_code == "shebao",
                Slot.channel == "online",
                Slot.start_at > uow.now + timedelta(hours=1),
            )
            .order_by(Slot.start_at)
        ).all()
        shown = service.book(uow, person, slots[0], item)
        feed = str(calendars.open_feed(uow, person)["url"])
    with world.services.unit() as uow:
        row = uow.session.get_one(Appointment, shown["id"])
        _wait(world, uow.session, row, slots[-1], uow.now)
        window = uow.session.scalars(
            select(Window.id).where(Window.hall_id == row.hall_id).order_by(Window.number)
        ).first()
        message = uow.session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.person_key == person).limit(1)
        ).first()
        department = uow.session.get_one(Item, item).department_id
    world.ids.update(
        appointment_id=row.id, item_id=item, slot_id=slots[-1], window_id=window,
        message_id=message, account_id=register.staff_id("zhoumin"), department_id=department,
        receipt_number=shown["receipt_number"], query_code=shown["query_code"],
        check_in_code=shown["check_in_code"], qr_token=shown["qr_token"],
        feed_token=feed.rpartition("/")[2].removesuffix(".ics"),
        message_kind="appointment_no_show", number=1, day="2026-12-01", date="2026-11-24", code="birth",
    )  # fmt: skip


def _wait(world: DemoWorld, session: Any, row: Appointment, slot_id: UUID, now: datetime) -> None:
    """Let the owner wait for another day, with a place kept for her."""
    slot = session.get_one(Slot, slot_id)
    entry_id, offer_id = uuid4(), uuid4()
    session.add(
        WaitlistEntry(
            id=entry_id, person_key=row.person_key, item_key=row.item_key,
            item_name=row.details["item_name"], hall_id=row.hall_id, group_code=row.group_code,
            day=slot.day, state="offered", joined_at=now,
        )
    )  # fmt: skip
    session.flush()
    places.hold(session, slot_id, now, now)
    session.add(
        Offer(
            id=offer_id, slot_id=slot_id, person_key=row.person_key, entry_id=entry_id,
            state="open", made_at=now, expires_at=now + timedelta(days=3),
        )
    )  # fmt: skip
    session.flush()
    missed = Missed(
        appointment_id=row.id, person_key=row.person_key, hall_id=row.hall_id, at=now,
        state="counted",
    )  # fmt: skip
    session.add(missed)
    session.flush()
    world.ids.update(entry_id=entry_id, offer_id=offer_id)
