"""A hall manager's week, day and quotas, through the console's own pages."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import Resident, enter, item
from tests.e2e.demo import Demo

OpenPage = Callable[..., Watched]
LICENCE = item("SCJ001")


def open_day(desk: Watched, day: str) -> None:
    """The plan of one day."""
    desk.page.get_by_text("某一天", exact=True).click()
    desk.page.get_by_label("别的日期").fill(day)
    expect(desk.page.locator(".today b")).to_contain_text(f"{int(day[8:])}日")
    desk.page.locator("tbody tr input").first.wait_for()


def test_a_changed_quota_is_what_the_resident_can_book(demo: Demo, open_page: OpenPage) -> None:
    resident = Resident(demo, "he-jiayi")
    day = resident.open_days(LICENCE)[-1]
    before = resident.slots(LICENCE, day)[-1]
    desk = open_page(phone=False)
    enter(desk, demo, "黄建国", "schedules")
    open_day(desk, day)
    desk.page.get_by_text("企业商事", exact=True).first.click()
    row = desk.page.locator("tbody tr").filter(has_text="网上").last
    quota = row.get_by_role("spinbutton")
    quota.fill(str(before["remaining"] + 4))
    quota.press("Enter")
    expect(desk.page.get_by_text(re.compile("的名额改成"))).to_be_visible()
    after = resident.slots(LICENCE, day)[-1]
    assert (after["id"], after["remaining"]) == (before["id"], before["remaining"] + 4)
    desk.shot("console-day")


def test_a_closed_day_tells_who_had_booked_and_the_supervisor_sees_how(
    demo: Demo, open_page: OpenPage
) -> None:
    resident = Resident(demo, "he-jiayi")
    day = resident.open_days(LICENCE)[-2]
    booked = resident.book(LICENCE, day)
    desk = open_page(phone=False)
    enter(desk, demo, "黄建国", "schedules")
    open_day(desk, day)
    desk.page.get_by_role("button", name="这天停办").click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_contain_text("已有 1 人约了这一天")
    dialog.get_by_role("button", name="停办这一天").click()
    expect(dialog).to_contain_text("请写明停办的原因")
    dialog.get_by_label("原因").fill("线路检修，全天停电")
    desk.shot("console-close-day")
    dialog.get_by_role("button", name="停办这一天").click()
    expect(desk.page.get_by_text("取消了 1 个预约，已经通知他们")).to_be_visible()
    expect(desk.page.locator(".today")).to_contain_text("停办：线路检修，全天停电")

    assert resident.get(f"/appointments/{booked['id']}")["state"] == "cancelled"
    assert day not in resident.open_days(LICENCE)
    told = resident.get("/messages")["items"]
    assert any("线路检修，全天停电" in message["body"] for message in told)
    _reopen(desk)
    assert day in resident.open_days(LICENCE)
    _supervisor_sees(demo, open_page(phone=False))


def _reopen(desk: Watched) -> None:
    desk.page.get_by_role("button", name="这天开放").click()
    desk.page.get_by_role("button", name="开放这一天").click()
    expect(desk.page.locator(".today")).to_contain_text("另行开放")


def _supervisor_sees(demo: Demo, desk: Watched) -> None:
    """By kind and state; the message's own page names each attempt, and nobody in full."""
    page = desk.page
    enter(desk, demo, "郑洁", "messages")
    page.get_by_role("combobox", name="消息", exact=True).select_option(label="预约取消")
    row = page.locator("tbody tr").filter(has_text="何*怡").first
    for _ in range(20):
        if re.search("已交给平台|已送达", row.inner_text()):
            break
        time.sleep(0.5)
        page.get_by_role("button", name="刷新").click()
    row.click()
    panel = page.get_by_role("complementary")
    expect(panel.locator(".attempts li").first).to_contain_text("第 1 次")
    expect(panel).to_contain_text("线路检修，全天停电")
    expect(panel.get_by_text("success")).to_have_count(0)
    panel.get_by_text(re.compile("发出去的数据")).click()
    assert "何嘉怡" not in page.inner_text("body")
    desk.shot("console-message")
    page.get_by_label("状态", exact=True).select_option(label="过期未发")
    expect(page.get_by_text("没有符合条件的消息")).to_be_visible()


def test_the_week_is_changed_and_put_back(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False, size={"width": 1366, "height": 768})
    page = desk.page
    enter(desk, demo, "黄建国", "schedules")
    sunday = page.get_by_role("region", name="周日")
    ways = sunday.locator(".rule")
    expect(ways.first).to_be_visible()
    count = ways.count()
    sunday.get_by_role("button", name="周日加一段").click()
    panel = page.get_by_role("complementary")
    panel.get_by_label("开始").fill("11:00")
    panel.get_by_label("结束").fill("12:30")
    panel.get_by_role("button", name="加上").click()
    # It would sell the same half-hour twice: said before anything is sent.
    expect(panel.get_by_role("alert")).to_be_visible()
    panel.get_by_label("开始").fill("1900")
    panel.get_by_label("结束").fill("20:00")
    expect(panel).to_contain_text("每天 2 段，共 4 个号")
    panel.get_by_role("button", name="加上").click()
    expect(page.get_by_text("有没保存的修改")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("保存好了，从现在起按新的安排放号")).to_be_visible()
    desk.shot("console-week")
    page.reload()
    expect(ways).to_have_count(count + 1)
    sunday.get_by_text("19:00–20:00").click()
    panel.get_by_role("button", name="删掉这一段").click()
    page.get_by_role("button", name="保存整周").click()
    expect(page.get_by_role("button", name="保存整周")).to_be_disabled()
    expect(ways).to_have_count(count)
