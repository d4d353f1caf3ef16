"""What the browser tests of community life share: the console's tabs, the phone's dialogs, a wait."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone
from tests.e2e.people import Person

CHINA = ZoneInfo("Asia/Shanghai")
# On a machine busy with other work a page may take long; a right answer is never hurried.
PATIENT = 60_000


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Several browsers at once on a machine busy with other work: a look takes its time."""
    expect.set_options(timeout=PATIENT)
    yield
    expect.set_options(timeout=5_000)


def in_days(days: int, hour: int) -> str:
    """A moment as a `datetime-local` field takes it."""
    day = datetime.now(CHINA).date() + timedelta(days=days)
    return f"{day}T{hour:02d}:00"


def walker(watched: Watched, demo: Demo, person: str, *, elder: bool = False) -> Phone:
    """A neighbour with the app open."""
    watched.context.set_default_timeout(PATIENT)
    phone = Phone(watched, demo)
    phone.enter(person, elder=elder)
    return phone


def go(phone: Phone, path: str) -> None:
    """A page of community life, read anew."""
    phone.show(f"/packages/neighbourhood/{path}")
    phone.watched.page.reload()


def yes(phone: Phone, text: str) -> None:
    """Answer the dialog in front."""
    phone.top("[role=dialog]").locator("uni-button").filter(has_text=text).click()


def card(phone: Phone, title: str) -> Locator:
    """The card that says this."""
    return phone.top("uni-view.card").filter(has_text=title).last


def press(phone: Phone, text: str, within: Locator | None = None) -> None:
    """A button of the page in front, or of a card."""
    place = within if within is not None else phone.top("uni-page-body, .bottom-bar").last
    place.locator("uni-button").filter(has_text=text).first.click()


class Desk:
    """The community worker's console."""

    def __init__(self, watched: Watched, demo: Demo) -> None:
        watched.context.set_default_timeout(PATIENT)
        self.watched, self.page, self.demo = watched, watched.page, demo
        enter(watched, demo, "方敏", "activities")
        expect(self.page.get_by_role("heading", name="社区活动")).to_be_visible()

    def tab(self, name: str) -> None:
        """One of the page's parts, read anew."""
        self.page.goto(f"{self.demo.url}/console/activities")
        self.page.locator(".page-head .choice label").filter(has_text=name).click()

    def row(self, text: str) -> Locator:
        """A row of a table."""
        return self.page.get_by_role("row").filter(has_text=text)

    def let_pass(self, text: str) -> None:
        """What a neighbour wrote is fit to be seen; the check puts it here in its own time."""
        self.page.goto(f"{self.demo.url}/console/moderation")
        until(lambda: self._listed(text))
        self.row(text).first.click()
        self.page.get_by_role("button", name="通过", exact=False).first.click()
        expect(self.row(text)).to_have_count(0)

    def _listed(self, text: str) -> int:
        self.page.get_by_role("button", name="刷新").click()
        self.page.wait_for_load_state("networkidle")
        return self.row(text).count()


def api(demo: Demo) -> Person:
    """The same worker beside the browser."""
    return Person(demo, "fangmin", staff=True)


def until(true: Callable[[], Any], patience: float = 240) -> None:
    """Wait for what a background job brings about."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.5)
