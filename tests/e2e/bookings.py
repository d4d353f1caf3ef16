"""What the walks of booking share: a hall with one place left, a clean beginning, a watched phone."""

from typing import Any
from uuid import UUID

from playwright.sync_api import expect

from backend.kernel.ids import stable_id
from tests.e2e.conftest import Watched
from tests.e2e.console import HALL, item
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone
from tests.e2e.life import walker
from tests.e2e.people import Person
from tests.e2e.test_accessibility import serious

#: Business of 民政 that no other walk books.
RELIEF = item("MZJ003")
GROUP = "minzheng"


class Manager(Person):
    """Who decides at 越和街 how many places there are."""

    def __init__(self, demo: Demo) -> None:
        super().__init__(demo, "huangjianguo", staff=True)
        self.before: dict[str, int] = {}

    def leave_one(self, day: str, group: str = GROUP) -> str:
        """Take every place of this business away but one, of the last time of the day."""
        rows = self.get(f"/staff/halls/{HALL}/slots", date=day)["items"]
        ours = sorted((row for row in rows if row["group"] == group), key=lambda row: row["start"])
        last: str = [row["id"] for row in ours if row["channel"] == "online"][-1]
        for row in ours:
            self.before.setdefault(row["id"], row["capacity"])
            self._places(row["id"], 1 if row["id"] == last else 0)
        return last

    def give_back(self) -> None:
        """The places as they were."""
        for slot, places in self.before.items():
            self._places(slot, places)

    def _places(self, slot: str, capacity: int) -> None:
        self.send("PATCH", f"/staff/slots/{slot}", {"capacity": capacity})


class Clerk(Person):
    """Who serves at a window of 越和街."""

    def __init__(self, demo: Demo) -> None:
        super().__init__(demo, "zhoumin", staff=True)

    def calls(self, appointment: dict[str, Any], window: int) -> None:
        """Check somebody in and call her to a window; who stood there is done."""
        self.post(f"/staff/halls/{HALL}/check-ins", {"code": appointment["check_in_code"]})
        self.free(window)
        path = f"/staff/windows/{stable_id('window', f'yuehe-{window}')}/calls"
        self.post(path, {"appointment_id": appointment["id"]})

    def free(self, window: int) -> None:
        """Nobody stands at the window any more."""
        board = self.get(f"/staff/halls/{HALL}/board")
        (here,) = [one for one in board["windows"] if one["number"] == window]
        current: dict[str, Any] | None = here["current"]
        if current is None:
            return
        if current["state"] == "called":
            self.post(f"/staff/appointments/{current['id']}/start", {})
        self.post(f"/staff/appointments/{current['id']}/finish", {})


def afresh(person: Person, *items: UUID) -> None:
    """A second try begins where the first did: nothing booked, nothing waited for."""
    ids = {str(one) for one in items}
    for one in person.get("/appointments", state="live")["items"]:
        if one["item"]["id"] in ids and one["can_cancel"]:
            person.post(f"/appointments/{one['id']}/cancel", {"reason": ""})
    for entry in person.get("/waitlist")["items"]:
        if entry["item"]["id"] in ids and entry["can_leave"]:
            person.post(f"/waitlist/{entry['id']}/leave", {})


def open_days(person: Person, item_id: UUID) -> list[str]:
    """The days on which 越和街 has a place for this, the earliest first."""
    days = person.get(f"/halls/{HALL}/days", item_id=str(item_id))["items"]
    return [day["date"] for day in days if day["status"] == "open"]


class Walk:
    """A phone in somebody's hand; each look is for axe and for people."""

    def __init__(self, watched: Watched, demo: Demo, key: str, *, elder: bool) -> None:
        self.watched, self.mark = watched, "-elder" if elder else ""
        self.phone: Phone = walker(watched, demo, key, elder=elder)

    def look(self, name: str) -> None:
        """Nothing serious, nothing wider than the screen; a picture is kept."""
        # What was just touched turns pale, a twentieth of a second later, for a moment.
        self.watched.page.wait_for_timeout(100)
        expect(self.phone.top(".pressed")).to_have_count(0)
        found = serious(self.watched)
        assert not found, (name, found)
        wide = self.watched.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name
        self.watched.shot(f"phone-{name}{self.mark}", full=True)


def booked(person: Person, item_id: UUID) -> list[dict[str, Any]]:
    """What stands booked for this person."""
    rows = person.get("/appointments", state="live")["items"]
    return [one for one in rows if one["item"]["id"] == str(item_id)]
