"""What the console's tests share: a resident over the API, and refusals that are meant."""

import time
from typing import Any
from uuid import UUID

from backend.kernel.ids import stable_id
from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.people import Person

HALL = stable_id("hall", "yuehe")


class Resident(Person):
    """A demo person who books over the API, as the mini-program does."""

    def __init__(self, demo: Demo, person: str) -> None:
        super().__init__(demo, person, channel="weixin")

    def slots(self, item: UUID, day: str) -> list[dict[str, Any]]:
        """What can be booked at the hall that day."""
        query = {"item_id": str(item), "date": day}
        return list(self.get(f"/halls/{HALL}/slots", **query)["items"])

    def open_days(self, item: UUID) -> list[str]:
        """The days on which something can be booked, the earliest first, as they are now."""
        # What was read for anybody within the last second is told again.
        time.sleep(1.1)
        days = self.get(f"/halls/{HALL}/days", item_id=str(item))["items"]
        return [day["date"] for day in days if day["status"] == "open"]

    def book(self, item: UUID, day: str) -> dict[str, Any]:
        """The first open slot of the day."""
        slot = next(one["id"] for one in self.slots(item, day) if one["status"] == "open")
        return self.post("/appointments", {"slot_id": slot, "item_id": str(item)})


def item(code: str) -> UUID:
    """The demo item with this end of its implementation code."""
    return stable_id("item", f"11999901{code}")


def enter(desk: Watched, demo: Demo, name: str, path: str = "") -> None:
    """Sign in as a demo member of staff, and open a page."""
    desk.page.goto(f"{demo.url}/console/")
    desk.page.get_by_role("button", name=name).click()
    desk.page.get_by_role("button", name="退出").wait_for()
    if path:
        desk.page.goto(f"{demo.url}/console/{path}")


def refusals_are_meant(desk: Watched, *marks: str) -> None:
    """The browser reports each refused request as an error: those with these marks are meant."""
    desk.errors = [text for text in desk.errors if not any(mark in text for mark in marks)]
