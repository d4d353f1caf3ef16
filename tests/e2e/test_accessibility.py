"""axe finds nothing serious on any page, in normal and in elder mode; nothing scrolls sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from backend.kernel.ids import stable_id
from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.test_journeys import HALL, sign_in, staff_in

OpenPage = Callable[..., Watched]
ITEM = stable_id("item", "11999901RSJ001")
OPEN_PAGES = [
    "/pages/home/home",
    "/pages/items/items",
    "/pages/progress/progress",
    "/pages/me/me",
    "/packages/catalogue/search",
    "/packages/catalogue/list?theme=shebao",
    "/packages/halls/list",
    "/packages/account/sign-in",
    "/packages/account/privacy",
    "/packages/account/settings",
]
OWN_PAGES = [
    "/pages/home/home",
    "/pages/progress/progress",
    "/pages/me/me",
    "/packages/appointments/list",
    "/packages/account/inbox",
    "/packages/account/real-name",
    "/packages/account/phone",
    "/packages/account/my-data",
    "/packages/account/reminders",
    "/packages/account/close",
]
CONSOLE = {
    "周敏": ["board", "check-in", "window", "me"],
    "黄建国": ["board", "schedules", "window"],
    "刘洋": ["items"],
    "郑洁": ["messages", "reveals", "items"],
    "吴磊": ["accounts", "messages", "reveals"],
}


def serious(watched: Watched) -> list[tuple[str, str, Any]]:
    """What axe calls serious or critical on the page as it stands."""
    found = Axe().run(watched.page).response["violations"]
    return [
        (row["id"], row["help"], [node["html"][:160] for node in row["nodes"][:3]])
        for row in found
        if row["impact"] in ("serious", "critical")
    ]


def settle(watched: Watched, url: str) -> None:
    """Open a page and wait until its loading is over."""
    watched.page.goto(url)
    watched.page.reload()
    watched.page.wait_for_load_state("networkidle")
    watched.page.wait_for_timeout(300)


@pytest.mark.requirement("001.36")
@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
@pytest.mark.parametrize("signed_in", [False, True], ids=["open", "own"])
def test_phone_pages_are_accessible(
    demo: Demo, open_page: OpenPage, elder: bool, signed_in: bool
) -> None:
    phone = open_page()
    phone.page.goto(f"{demo.url}/")
    phone.page.evaluate("on => localStorage.setItem('elder', on)", "1" if elder else "0")
    if signed_in:
        sign_in(phone, demo, "wang-xiulan" if elder else "he-jiayi")
    problems = {}
    for path in OWN_PAGES if signed_in else OPEN_PAGES:
        settle(phone, f"{demo.url}/#{path}")
        name = path.strip("/").replace("/", "-").split("?")[0]
        phone.shot(f"a11y-{'elder' if elder else 'normal'}-{'own' if signed_in else 'open'}-{name}")
        found: list[Any] = list(serious(phone))
        wide = phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append(("scrolls sideways", f"{wide} px"))
        if found:
            problems[path] = found
    assert not problems


@pytest.mark.parametrize("name", CONSOLE)
def test_console_pages_are_accessible(demo: Demo, open_page: OpenPage, name: str) -> None:
    desk = open_page(phone=False)
    staff_in(desk, demo, name)
    problems = {}
    for page in CONSOLE[name]:
        settle(desk, f"{demo.url}/console/{page}")
        desk.shot(f"console-{page}")
        if found := serious(desk):
            problems[page] = found
    assert not problems


def test_the_hall_screen_and_the_api_page_are_accessible(demo: Demo, open_page: OpenPage) -> None:
    screen = open_page(phone=False, size={"width": 1920, "height": 1080})
    for path in (f"/console/screen/{HALL}", "/api/", "/console/sign-in"):
        settle(screen, f"{demo.url}{path}")
        expect(screen.page.locator("body")).not_to_be_empty()
        assert not serious(screen), path
