"""A hall and items for tests of the appointments domain and its routes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from appointments.model import Slot
from backend.domains.appointments import ports
from backend.domains.catalog.service import BookingInfo
from backend.kernel.errors import NotFound
from backend.kernel.services import Services
from tests.appointments_world import at, make_hall, week, weekdays

CARD = BookingInfo(uuid4(), "社会保障卡挂失", "shebao", True, ["身份证原件", "社会保障卡"])
PASS = BookingInfo(uuid4(), "居住证办理", "huji", True, ["身份证原件"])
ONLINE = BookingInfo(uuid4(), "网上办的事", "shebao", False, [])
ITEMS = {item.id: item for item in (CARD, PASS, ONLINE)}


def fake_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let booking know three items without a catalogue."""

    def info(uow: Any, item_id: UUID) -> BookingInfo:
        if item_id not in ITEMS:
            raise NotFound
        return ITEMS[item_id]

    def bookable(uow: Any) -> list[BookingInfo]:
        return [item for item in ITEMS.values() if item.bookable]

    monkeypatch.setattr(ports, "booking_info", info)
    monkeypatch.setattr(ports, "bookable_infos", bookable)


@dataclass
class Place:
    """The ids of a hall written for a test."""

    hall: UUID
    windows: list[UUID]
    slots: dict[str, UUID]

    def slot(self, hour: int, minute: int = 0, group: str = "shebao", channel: str = "online"):
        """The id of that time today."""
        return self.slots[f"{group} {channel} {at(hour, minute).timestamp():.0f}"]


def place(services: Services, code: str = "test-hall", **settings: Any) -> Place:
    """A committed hall with two groups, two channels and three open windows."""
    with services.unit() as uow:
        rules = week(channels=("online", "elderly"))
        world = make_hall(
            uow.session, code=code, rules=rules, now=uow.now, working=weekdays, **settings
        )
        rows = uow.session.query(Slot).filter_by(hall_id=world.hall.id)
        slots = {
            f"{row.group_code} {row.channel} {row.start_at.timestamp():.0f}": row.id for row in rows
        }
        return Place(world.hall.id, [window.id for window in world.windows], slots)
