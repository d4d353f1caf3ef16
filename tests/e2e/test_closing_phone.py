"""A hall closes a day: who had booked is told, has another time kept, and takes it by one tap."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.bookings import RELIEF, Walk, afresh, booked, open_days
from tests.e2e.conftest import Watched
from tests.e2e.console import HALL, enter
from tests.e2e.demo import Demo
from tests.e2e.life import PATIENT, card, patience, until
from tests.e2e.people import Person

OpenPage = Callable[..., Watched]
assert patience  # used by pytest


def close(desk: Watched, demo: Demo, day: str, reason: str) -> None:
    """Close a day at the console, and say why."""
    page = desk.page
    enter(desk, demo, "黄建国", f"schedules/day?date={day}")
    page.get_by_role("button", name="这天停办").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("原因").fill(reason)
    dialog.get_by_role("button", name="停办这一天").click()
    expect(page.get_by_text(re.compile("取消了 .+已经通知"))).to_be_visible()
    expect(page.locator(".today")).to_contain_text(f"停办：{reason}")


def reopen(desk: Watched) -> None:
    """The day is open again."""
    desk.page.get_by_role("button", name="这天开放").click()
    desk.page.get_by_role("button", name="开放这一天").click()
    expect(desk.page.locator(".today")).to_contain_text("另行开放")


@pytest.mark.parametrize(
    ("key", "elder"), [("he-jiayi", False), ("wang-xiulan", True)], ids=["normal", "elder"]
)
def test_a_closed_day_leads_to_another_time_by_one_tap(
    demo: Demo, open_page: OpenPage, key: str, elder: bool
) -> None:
    person = Person(demo, key)
    afresh(person, RELIEF)
    day = open_days(person, RELIEF)[-2 if elder else -3]
    slots = person.get(f"/halls/{HALL}/slots", item_id=str(RELIEF), date=day)["items"]
    slot = next(one for one in slots if one["status"] == "open")
    before = person.post("/appointments", {"slot_id": slot["id"], "item_id": str(RELIEF)})
    desk = open_page(phone=False)
    reason = f"线路检修，{'下午' if elder else '上午'}停电"
    close(desk, demo, day, reason)
    desk.shot("console-closed-day")
    try:
        for words in (reason, "给您留了别的时间"):
            until(lambda text=words: text in str(person.get("/messages")["items"]))
        walk = Walk(open_page(), demo, key, elder=elder)
        phone = walk.phone
        phone.show(f"/packages/appointments/ticket?id={before['id']}")
        expect(phone.says(re.compile("预约已取消"))).to_be_visible(timeout=PATIENT)
        # The lost booking leads to the kept time, and so does the message.
        expect(phone.top("#to-offer")).to_be_visible()
        walk.look("closed-ticket")
        phone.show("/packages/account/inbox")
        expect(card(phone, reason).first).to_be_visible(timeout=PATIENT)
        walk.look("closed-inbox")
        phone.top("[role=button]").filter(has_text="给您留了别的时间").first.click()
        expect(phone.says("给您留了另一个时间")).to_be_visible(timeout=PATIENT)
        expect(phone.says(re.compile("您原来约的时间大厅不办理了"))).to_be_visible()
        walk.look("closed-offer")
        phone.top("#accept").click()
        expect(phone.says(re.compile("约好了"))).to_be_visible(timeout=PATIENT)
        walk.look("closed-accepted")
        (now,) = booked(person, RELIEF)
        assert now["item"] == before["item"]
        # The same day in another hall comes before another day.
        assert (now["hall"]["id"], now["start"][:10]) != (str(HALL), day)
        assert person.get(f"/appointments/{before['id']}")["state"] == "cancelled"
    finally:
        reopen(desk)
        afresh(person, RELIEF)
    assert day in open_days(person, RELIEF)
