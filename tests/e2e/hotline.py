"""What the browser tests of the hotline share: the exchange, tickets made beside the browser."""

import re
import uuid
from typing import Any

import requests
from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from backend.demo.seed_hotline import DEMO_KEY
from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.demo import Demo
from tests.e2e.people import Person

UNIT = "区城市管理和综合执法局"


class Exchange:
    """The telephone exchange: one call, told event by event."""

    def __init__(self, demo: Demo, number: str, agent: str) -> None:
        self._url = f"{demo.url}/cti/v1/events"
        self._call = {"call_id": f"e2e-{uuid.uuid4().hex[:12]}", "number": number, "agent": agent}

    def tell(self, event: str) -> str:
        """Post an event; the state the call is in then."""
        answer = requests.post(
            self._url, json={"event": event, **self._call},
            headers={"X-Api-Key": DEMO_KEY}, timeout=10,
        )  # fmt: skip
        answer.raise_for_status()
        return str(answer.json()["state"])


class Tickets:
    """Tickets moved over the API up to where a browser takes them on."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._people: dict[str, Person] = {}

    def by(self, name: str) -> Person:
        """A member of staff, signed in once."""
        if name not in self._people:
            self._people[name] = Person(self._demo, name, staff=True)
        return self._people[name]

    def new(self, words: str, **more: Any) -> dict[str, Any]:
        """A complaint told on the telephone, waiting to be taken on."""
        return self.by("hanmei").post("/staff/tickets", {
            "source": "phone", "kind": "complaint", "words": words, "caller_name": "周文才",
            "caller_phone": f"139{uuid.uuid4().int % 10**8:08}", "category_code": "manhole", **more,
        })  # fmt: skip

    def act(self, name: str, ticket: dict[str, Any], action: str, **body: Any) -> dict[str, Any]:
        """Do something with it as somebody; the ticket as it is then."""
        return self.by(name).post(f"/staff/tickets/{ticket['id']}/{action}", body)

    def unit(self) -> str:
        """The id of 高波's department."""
        options = self.by("sunhao").get("/staff/article-options")["departments"]
        return next(str(one["id"]) for one in options if one["name"] == UNIT)

    def dispatched(self, words: str, **more: Any) -> dict[str, Any]:
        """A ticket that waits for the unit's signature."""
        ticket = self.act("hanmei", self.new(words, **more), "accept")
        return self.act("sunhao", ticket, "dispatch", lead_id=self.unit(), co_ids=[])

    def answered(self, words: str) -> dict[str, Any]:
        """A ticket whose caller is to be called back."""
        ticket = self.dispatched(words)
        self.act("gaobo", ticket, "sign")
        self.act("gaobo", ticket, "contact", note="问清楚了")
        texts = {"internal_record": "换了井盖", "public_text": "井盖换好了"}
        self.act("gaobo", ticket, "reply", **texts)
        self.act("liangjian", ticket, "unit-approval")
        return self.act("maolin", ticket, "centre-approval")


def at_ticket(desk: Watched, demo: Demo, name: str, ticket_id: str) -> Watched:
    """Somebody signed in, with a ticket's own page in front."""
    enter(desk, demo, name)
    show(desk, demo, ticket_id)
    return desk


def show(desk: Watched, demo: Demo, ticket_id: str) -> None:
    """A ticket's own page, read anew."""
    desk.page.goto(f"{demo.url}/console/hotline/tickets/{ticket_id}")
    desk.page.get_by_role("region", name="经过").wait_for()


def dialog(desk: Watched) -> Locator:
    """The dialog in front."""
    return desk.page.get_by_role("dialog").last


def keyed(desk: Watched, key: str) -> None:
    """Press a step's key until its dialog is there: a page just opened may not hear it yet."""
    for _ in range(5):
        desk.page.keyboard.press(key)
        try:
            dialog(desk).get_by_role("textbox").first.wait_for(timeout=3000)
        except PlaywrightTimeout:
            continue
        return
    raise AssertionError(f"{key} opens nothing")


def finish(desk: Watched, button: str) -> None:
    """Press a dialog's button; it closes when the thing is done."""
    opened = desk.page.get_by_role("dialog")
    opened.get_by_role("button", name=re.compile(button)).last.click()
    expect(opened).to_have_count(0)


def says(desk: Watched, state: str) -> None:
    """The ticket's page says that it is in this state."""
    expect(desk.page.get_by_role("region", name="现在怎样")).to_contain_text(state)
