"""Every page of community life under axe, on the phone (elder mode too) and in the console."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.life import Desk, api, go, patience, walker
from tests.e2e.test_accessibility import serious

OpenPage = Callable[..., Watched]
__all__ = ["patience"]


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_community_life_is_accessible_on_the_phone(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    phone = walker(open_page(), demo, "wang-xiulan" if elder else "he-jiayi", elder=elder)
    activity = api(demo).get("/staff/activities", state="published")["items"][0]["id"]
    hall = api(demo).get("/staff/resources")["items"][0]["id"]
    problems = {}
    for path in (
        "home", "activities", f"activity?id={activity}", f"check-in?id={activity}", "hours", "wishes",
        "help", "party", "resources", f"resource?id={hall}", "bookings", "verify",
    ):  # fmt: skip
        go(phone, path)
        phone.watched.page.wait_for_load_state("networkidle")
        phone.watched.shot(f"a11y-life-{'elder' if elder else 'normal'}-{path.split('?')[0]}")
        found = list(serious(phone.watched))
        wide = phone.watched.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append(("scrolls sideways", f"{wide} px", ""))
        if found:
            problems[path] = found
    go(phone, "wishes")
    phone.top("#new-care").click()
    expect(phone.top("[role=dialog]")).to_be_visible()
    if found := serious(phone.watched):
        problems["a new wish"] = found
    assert not problems


def test_community_life_is_accessible_in_the_console(demo: Demo, open_page: OpenPage) -> None:
    desk = Desk(open_page(phone=False), demo)
    problems = {}
    forms = {
        "活动": "发布活动", "党员报到": "发布岗位", "微心愿和互助": "", "共享场地": "登记场地",
    }  # fmt: skip
    for place, (tab, button) in enumerate(forms.items()):
        desk.tab(tab)
        desk.page.wait_for_load_state("networkidle")
        desk.watched.shot(f"a11y-life-console-{place}")
        if found := serious(desk.watched):
            problems[tab] = found
        if button:
            desk.page.get_by_role("button", name=button).click()
            expect(desk.page.get_by_role("dialog")).to_be_visible()
            if found := serious(desk.watched):
                problems[button] = found
    assert not problems
