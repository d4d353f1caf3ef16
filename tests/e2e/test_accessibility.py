"""axe finds nothing serious on any page, in normal and in elder mode; nothing scrolls sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from backend.kernel.ids import stable_id
from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone
from tests.e2e.people import Person
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
    "/packages/events/report",
    "/packages/events/map",
    "/packages/ask/ask",
    "/packages/ask/question",
    "/packages/tickets/new",
    "/packages/tickets/hotline",
]
OWN_PAGES = [
    "/pages/home/home",
    "/pages/progress/progress",
    "/pages/me/me",
    "/packages/appointments/list",
    "/packages/appointments/waitlist",
    "/packages/appointments/agents",
    "/packages/appointments/agent",
    "/packages/appointments/standing",
    "/packages/appointments/calendar",
    "/packages/account/inbox",
    "/packages/account/real-name",
    "/packages/account/phone",
    "/packages/account/my-data",
    "/packages/account/message-settings",
    "/packages/account/reminders",
    "/packages/account/close",
    "/packages/events/mine",
    "/packages/tickets/mine",
]
WORK_PAGES = [
    "/packages/worker/calls",
    "/packages/worker/report",
    "/packages/worker/patrol",
    "/packages/worker/queue",
    "/packages/worker/bind",
]
# Forms of an event that 陈强 has in hand.
WORK_FORMS = ["dispose", "subtask", "hold", "transfer"]
CONSOLE = {
    "周敏": ["board", "check-in", "window", "me", "bookings/waitlist", "bookings/consents"],
    "黄建国": [
        "board",
        "schedules",
        "schedules/day",
        "schedules/release",
        "schedules/shifts",
        "schedules/seasons",
        "schedules/calendar",
        "window",
        "hall-figures",
        "lobby/rules",
        "lobby/kiosks",
        "lobby/paper",
        "lobby/catch-up",
        "bookings/missed",
        "bookings/limits",
    ],
    "刘洋": ["items"],
    "郑洁": ["messages", "reveals", "items"],
    "吴磊": [
        "accounts",
        "messages",
        "messages/templates",
        "messages/templates/event_call",
        "messages/campaigns",
        "messages/campaigns/new/edit",
        "messages/hooks",
        "reveals",
        "event-settings",
    ],
    "何敏": ["dispatch", "intakes", "hot", "reports", "reports/heat", "rosters", "grid"],
    "高波": ["tasks"],
}


# Nothing moves that will come to an end; what shows that something is going on never does.
STANDS_STILL = """() => document.getAnimations().every(one =>
    one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)"""


def serious(watched: Watched) -> list[tuple[str, str, Any]]:
    """What axe calls serious or critical on the page as it stands."""
    # A short notice that is fading away has no contrast to speak of; one may come meanwhile.
    notices = watched.page.locator(".uni-simple-toast__text:visible, .t-message")
    for _ in range(3):
        expect(notices).to_have_count(0, timeout=15_000)
        found = Axe().run(watched.page).response["violations"]
        if "t-message" not in str(found):
            break
    return [
        (row["id"], row["help"], [node["html"][:160] for node in row["nodes"][:3]])
        for row in found
        if row["impact"] in ("serious", "critical")
    ]


def settle(watched: Watched, url: str) -> None:
    """Open a page anew and wait until its loading is over and everything stands still."""
    # From one page of the phone app to another only the part after # changes, which loads nothing.
    watched.page.goto("about:blank")
    watched.page.goto(url)
    watched.page.wait_for_load_state("networkidle")
    watched.page.wait_for_function(STANDS_STILL)


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
    mark = f"{'elder' if elder else 'normal'}-{'own' if signed_in else 'open'}"
    walk(demo, phone, OWN_PAGES if signed_in else OPEN_PAGES, mark)


def walk(demo: Demo, phone: Watched, paths: list[str], mark: str) -> None:
    """Look at each page of the phone; nothing serious, nothing wider than the screen."""
    problems = {}
    for path in paths:
        settle(phone, f"{demo.url}/#{path}")
        name = path.strip("/").replace("/", "-").split("?")[0]
        phone.shot(f"a11y-{mark}-{name}")
        found: list[Any] = list(serious(phone))
        wide = phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append(("scrolls sideways", f"{wide} px"))
        if found:
            problems[path] = found
    assert not problems


@pytest.mark.requirement("001.36")
@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_events_and_a_worker_s_pages_are_accessible(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    worker, resident = Person(demo, "worker-chen"), Person(demo, "wang-xiulan")
    paths = list(WORK_PAGES)
    in_hand = worker.get("/worker/events", list="mine")["items"][0]["id"]
    paths.append(f"/packages/worker/event?id={in_hand}")
    paths += [f"/packages/worker/form?form={one}&event={in_hand}" for one in WORK_FORMS]
    mark = "elder" if elder else "normal"
    own = resident.get("/events", open="false" if elder else "true")["items"]
    for who, listed in (("worker-chen", paths), ("wang-xiulan", _events(own))):
        phone = Phone(open_page(), demo)
        phone.enter(who, elder=elder)
        walk(demo, phone.watched, listed, f"{mark}-{who.split('-')[0]}")


def _events(items: list[dict[str, Any]]) -> list[str]:
    """Pages of one event in each state that the list has, and of what was just reported."""
    by_state = {one["state"]: one["id"] for one in items}
    pages = [f"/packages/events/event?id={event}" for event in by_state.values()]
    return [*pages[:4], f"/packages/events/reported?id={items[0]['id']}"]


@pytest.mark.parametrize("name", CONSOLE)
def test_console_pages_are_accessible(demo: Demo, open_page: OpenPage, name: str) -> None:
    desk = open_page(phone=False)
    staff_in(desk, demo, name)
    problems = {}
    for page in CONSOLE[name]:
        settle(desk, f"{demo.url}/console/{page}")
        desk.shot(f"console-{page.replace('/', '-')}")
        if found := serious(desk):
            problems[page] = found
    assert not problems


def test_knowledge_pages_are_accessible(demo: Demo, open_page: OpenPage) -> None:
    editor = Person(demo, "yuhua", staff=True)
    rows = editor.get("/staff/articles", department="rsj", state="published")["items"]
    twice = next(row["id"] for row in rows if row["live_version_number"] == 2)
    desk = open_page(phone=False)
    staff_in(desk, demo, "余华")
    problems = {}
    for page in (
        "", "/search?q=失业金", "/corrections", "/misses", "/usage", "/import", "?state=draft",
        f"/{twice}", f"/{twice}/comparison?from=1&to=2",
    ):  # fmt: skip
        settle(desk, f"{demo.url}/console/knowledge{page}")
        if found := serious(desk):
            problems[page] = found
    settle(desk, f"{demo.url}/console/knowledge/search?q=失业金")
    desk.page.get_by_role("listbox", name="结果").get_by_role("option").first.click()
    expect(desk.page.get_by_role("complementary")).to_be_visible()
    if found := serious(desk):
        problems["beside the search"] = found
    desk.page.goto(f"{demo.url}/console/knowledge")
    desk.page.get_by_role("button", name="写一篇").click()
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    if found := serious(desk):
        problems["a new article"] = found
    assert not problems


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_answers_and_matters_of_the_hotline_are_accessible(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    article = Person(demo, "he-jiayi").get("/public/frequent-questions")["items"][0]["id"]
    paths = ["/packages/ask/ask?q=失业金", f"/packages/ask/article?id={article}"]
    who = "wang-xiulan" if elder else "he-jiayi"
    for closed in (False, True):
        mine = Person(demo, who).get("/tickets", open="false" if closed else "true")["items"]
        pages = {one["question"]: one["id"] for one in mine}
        paths += [
            f"/packages/{'ask/question' if asked else 'tickets/ticket'}?id={ticket}"
            for asked, ticket in pages.items()
        ]
    phone = Phone(open_page(), demo)
    phone.enter(who, elder=elder)
    walk(demo, phone.watched, paths, f"{'elder' if elder else 'normal'}-hotline")


def test_the_hall_screen_and_the_api_page_are_accessible(demo: Demo, open_page: OpenPage) -> None:
    screen = open_page(phone=False, size={"width": 1920, "height": 1080})
    for path in (f"/console/screen/{HALL}", "/console/kiosk", "/api/", "/console/sign-in"):
        settle(screen, f"{demo.url}{path}")
        expect(screen.page.locator("body")).not_to_be_empty()
        assert not serious(screen), path


def test_a_patrol_a_check_and_an_event_in_the_console_are_accessible(
    demo: Demo, open_page: OpenPage
) -> None:
    phone = Phone(open_page(), demo)
    phone.stand_at(23.1, 113.2)
    phone.enter("worker-liu")
    phone.show("/packages/worker/patrol")
    phone.top("#start").click()
    expect(phone.says("正在巡查")).to_be_visible()
    assert not serious(phone.watched)
    phone.top("#check").click()
    phone.top("[id^=type-]").first.click()
    expect(phone.top("#place-name")).to_be_visible()
    assert not serious(phone.watched)
    phone.show("/packages/worker/patrol")
    phone.top("#finish").click()
    phone.top("[role=dialog]").get_by_text("结束", exact=True).click()
    expect(phone.says("巡查完了")).to_be_visible()

    desk = open_page(phone=False)
    staff_in(desk, demo, "何敏")
    found = Person(demo, "hemin", staff=True).get("/staff/events", q="水管爆了")["items"][0]["id"]
    settle(desk, f"{demo.url}/console/dispatch/events/{found}")
    desk.shot("console-event")
    assert not serious(desk)
    desk.page.get_by_role("button", name="指派").click()
    expect(desk.page.get_by_role("dialog").get_by_role("radio").first).to_be_visible()
    assert not serious(desk)
