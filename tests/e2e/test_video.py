"""A consultation by video, from the choice on the phone to the end of the talk."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from backend.kernel.ids import stable_id
from tests.e2e.conftest import Watched
from tests.e2e.console import enter, refusals_are_meant
from tests.e2e.demo import Demo
from tests.e2e.life import PATIENT, patience, walker, yes
from tests.e2e.people import Person
from tests.e2e.test_accessibility import ITEM, serious

OpenPage = Callable[..., Watched]
DISTRICT = stable_id("hall", "district")
WINDOW = stable_id("window", "district-2")
assert patience  # used by pytest


def free_the_window(clerk: Person) -> None:
    """Whoever stands there since another walk is done."""
    board = clerk.get(f"/staff/halls/{DISTRICT}/board")
    (here,) = [one for one in board["windows"] if one["id"] == str(WINDOW)]
    current: dict[str, Any] | None = here["current"]
    if current is not None:
        if current["state"] == "called":
            clerk.post(f"/staff/appointments/{current['id']}/start", {})
        clerk.post(f"/staff/appointments/{current['id']}/finish", {})


@pytest.mark.requirement("000.31")
@pytest.mark.parametrize(
    ("key", "elder"), [("he-jiayi", False), ("wang-xiulan", True)], ids=["normal", "elder"]
)
def test_from_the_choice_on_the_phone_to_the_end_of_the_talk(
    demo: Demo, open_page: OpenPage, key: str, elder: bool
) -> None:
    person, clerk = Person(demo, key), Person(demo, "sunli", staff=True)
    # A second try begins where the first did.
    for one in person.get("/appointments", state="live")["items"]:
        if one["item"]["id"] == str(ITEM) and one["can_cancel"]:
            person.post(f"/appointments/{one['id']}/cancel", {"reason": ""})
    free_the_window(clerk)
    mark = "-elder" if elder else ""
    watched = open_page()
    phone = walker(watched, demo, key, elder=elder)
    phone.show(f"/packages/appointments/book?item={ITEM}&hall={DISTRICT}")
    phone.top("[role=radio]").filter(has_text="远程视频办").click()
    other = phone.top(".slot.open").last
    expect(other).to_be_visible(timeout=PATIENT)
    assert not serious(watched)
    watched.shot(f"phone-video-choice{mark}", full=True)
    other.click()
    phone.top("#next").click()
    yes(phone, "确认预约")
    expect(phone.says(re.compile("约好了"))).to_be_visible(timeout=PATIENT)
    watched.shot(f"phone-video-booked{mark}", full=True)
    (booked,) = [
        one
        for one in person.get("/appointments", state="live")["items"]
        if one["channel"] == "video"
    ]
    phone.show(f"/packages/appointments/ticket?id={booked['id']}")
    phone.top("#video-check-in").click()
    expect(phone.says(re.compile("签好到了"))).to_be_visible(timeout=PATIENT)
    assert not serious(watched)
    watched.shot(f"phone-video-waiting{mark}", full=True)

    clerk.post(f"/staff/windows/{WINDOW}/calls", {"appointment_id": booked["id"]})
    desk = open_page(phone=False)
    enter(desk, demo, "孙丽", "window")
    desk.page.get_by_role("button", name="2 号窗口").click()
    expect(desk.page.get_by_text("视频办理，人不在大厅")).to_be_visible()
    desk.shot(f"console-video{mark}")
    with desk.context.expect_page() as opening:
        desk.page.get_by_role("button", name="打开视频").click()
    room = opening.value
    expect(room.locator("#clerk")).to_contain_text("在视频里", timeout=PATIENT)

    expect(phone.top("#join-video")).to_be_visible(timeout=PATIENT)
    assert not serious(watched)
    watched.shot(f"phone-video-call{mark}", full=True)
    link = person.get(f"/appointments/{booked['id']}")["video"]["join_url"]
    talk = open_page(base=demo.standin_url)
    talk.page.goto(link)
    expect(talk.page.locator("#clerk")).to_contain_text("在视频里", timeout=PATIENT)
    talk.page.get_by_label("要说的话").fill("您好，能看到我的材料吗？")
    talk.page.get_by_role("button", name="发送").click()
    expect(room.get_by_text("能看到我的材料吗")).to_be_visible(timeout=PATIENT)
    expect(room.locator("#resident")).to_contain_text("在视频里")
    assert not serious(talk)
    talk.shot(f"video-room{mark}")

    desk.page.get_by_role("button", name=re.compile("开始")).click()
    expect(desk.page.get_by_role("button", name=re.compile("办结"))).to_be_visible()
    desk.page.get_by_role("button", name=re.compile("办结")).click()
    expect(talk.page.get_by_role("alert")).to_contain_text("可以关掉这个页面了", timeout=PATIENT)
    # That is how the page learns that the talk is over.
    refusals_are_meant(talk, "/state")
    shown = person.get(f"/appointments/{booked['id']}")
    assert (shown["state"], shown["video"]["join_url"]) == ("finished", None)
