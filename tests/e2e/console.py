"""What the console's tests share: a resident over the API, and refusals that are meant."""

from typing import Any
from uuid import UUID, uuid4

import requests

from backend.kernel.ids import stable_id
from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo

HALL = stable_id("hall", "yuehe")


class Resident:
    """A demo person who books over the API, as the mini-program does."""

    def __init__(self, demo: Demo, person: str) -> None:
        self.api = f"{demo.url}/api/v1"
        body = {"person_key": person, "channel": "weixin"}
        entered = requests.post(f"{self.api}/sessions/demo", json=body, timeout=10)
        self._headers = {"Authorization": f"Bearer {entered.json()['token']}"}

    def get(self, path: str, **query: Any) -> Any:
        """An answer's JSON."""
        answer = requests.get(self.api + path, params=query, headers=self._headers, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """What a changing call answers."""
        answer = requests.post(
            self.api + path, json=body, timeout=30,
            headers={**self._headers, "Idempotency-Key": uuid4().hex},
        )  # fmt: skip
        assert answer.ok, answer.text
        return answer.json()

    def slots(self, item: UUID, day: str) -> list[dict[str, Any]]:
        """What can be booked at the hall that day."""
        query = {"item_id": str(item), "date": day}
        return list(self.get(f"/halls/{HALL}/slots", **query)["items"])

    def open_days(self, item: UUID) -> list[str]:
        """The days on which something can be booked, the earliest first."""
        days = self.get(f"/halls/{HALL}/days", item_id=str(item))["items"]
        return [day["date"] for day in days if day["status"] == "open"]

    def book(self, item: UUID, day: str) -> dict[str, Any]:
        """The first open slot of the day."""
        slot = next(one["id"] for one in self.slots(item, day) if one["status"] == "open")
        answer = requests.post(
            f"{self.api}/appointments", json={"slot_id": slot, "item_id": str(item)},
            headers={**self._headers, "Idempotency-Key": uuid4().hex}, timeout=10,
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


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
