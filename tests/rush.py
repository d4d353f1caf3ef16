"""A demo district with a handful of slots that many people want at once."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text

from backend.demo import seed_appointments, seed_catalog, seed_grid, seed_identity
from backend.domains.catalog.model import ItemVersion
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services

ITEM_NAME = "社会保障卡挂失/补领"


def seeded(services: Services) -> Services:
    """What a booking in the demo district needs in this installation's database."""
    for part in (seed_identity, seed_grid, seed_catalog, seed_appointments):
        part.seed(services)
    return services


def bookable_item(services: Services) -> UUID:
    """The item that the slots of `add_slots` are for."""
    with services.db.transaction() as session:
        query = select(ItemVersion.item_id).where(ItemVersion.name == ITEM_NAME)
        return session.scalars(query.limit(1)).one()


def add_slots(services: Services, count: int, capacity: int) -> list[str]:
    """`count` slots tomorrow with `capacity` places each, beside the scheduled ones; their ids."""
    start = services.clock.now() + timedelta(days=1)
    ids = [str(new_id()) for _ in range(count)]
    statement = text(
        "INSERT INTO slot (id, hall_id, group_code, day, start_at, end_at, channel, capacity,"
        " booked, release_at, closed) VALUES (:id, :hall, 'shebao', :day, :start, :end, 'online',"
        " :capacity, 0, :release, false)"
    )
    with services.db.transaction() as session:
        for number, slot in enumerate(ids):
            # A second past the half-hour, where no scheduled slot begins.
            begin = start + timedelta(seconds=number + 1)
            session.execute(
                statement,
                {
                    "id": slot, "hall": stable_id("hall", "yuehe"), "day": start.date(),
                    "start": begin, "end": begin + timedelta(minutes=30),
                    "capacity": capacity, "release": start - timedelta(days=9),
                },
            )  # fmt: skip
    return ids
