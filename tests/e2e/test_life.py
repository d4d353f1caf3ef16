"""Community life on the phone and in the console: activities, party members, wishes, help, halls."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone, mark
from tests.e2e.life import PATIENT, Desk, card, go, in_days, press, walker, yes
from tests.e2e.test_accessibility import serious

OpenPage = Callable[..., Watched]
HERE = (23.1, 113.2)


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Several browsers at once on a machine busy with other work: a look takes its time."""
    expect.set_options(timeout=PATIENT)
    yield
    expect.set_options(timeout=5_000)


def publish(desk: Desk, title: str) -> None:
    """An activity with one place and one turn in the line, written and published in the console."""
    page = desk.page
    page.get_by_role("button", name="发布活动").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="存为草稿").click()
    expect(form.get_by_text("请写活动名称")).to_be_visible()
    form.get_by_label("名称").fill(title)
    form.get_by_label("内容").fill("一起扫三栋的楼道，扫把由社区准备。" * 6)
    form.get_by_label("地点", exact=True).fill("桂香苑3栋大堂")
    form.get_by_label("开始", exact=True).fill(in_days(2, 9))
    form.get_by_label("名额", exact=True).fill("1")
    form.get_by_label("候补名额").fill("1")
    desk.watched.shot("life-console-form")
    form.get_by_role("button", name="存为草稿").click()
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(desk.row(title).get_by_text("报名中")).to_be_visible()


def open_activity(phone: Phone, title: str) -> None:
    """From the list to the activity's own page."""
    go(phone, "activities")
    card(phone, title).click()
    expect(phone.top("#next")).to_be_visible()


@pytest.mark.requirement("004.11")
def test_whoever_waits_gets_the_place_of_whoever_leaves(demo: Demo, open_page: OpenPage) -> None:
    title = f"扫楼道 {mark()}"
    desk = Desk(open_page(phone=False), demo)
    publish(desk, title)

    first = walker(open_page(), demo, "he-jiayi")
    open_activity(first, title)
    press(first, "报名")
    expect(first.says("已报名")).to_be_visible()
    first.watched.shot("life-signed-up")

    second = walker(open_page(), demo, "li-xi")
    go(second, "home")
    second.top("#to-activities").click()
    card(second, title).click()
    press(second, "候补")
    expect(second.says("您排在最前面")).to_be_visible()

    stranger = Phone(open_page(), demo)
    open_activity(stranger, title)
    expect(stranger.says("名额和候补都满了")).to_be_visible()
    expect(stranger.top("uni-button")).to_have_count(0)
    stranger.watched.shot("life-full")

    first.top("#cancel").click()
    yes(first, "取消报名")
    expect(first.says("名额满了，可以候补")).to_be_visible()
    go(second, "home")
    second.top("#waiting").get_by_text(title).click()
    press(second, "确认参加")
    expect(second.says("已报名")).to_be_visible()
    desk.page.get_by_role("button", name="关闭").or_(desk.page.get_by_label("关闭")).first.click()
    desk.row(title).click()
    taken = desk.page.locator(".people li").filter(has_text="李*")
    expect(taken.get_by_text("已报名")).to_be_visible()
    desk.watched.shot("life-console-activity")


@pytest.mark.requirement("004.16")
def test_a_unit_joins_and_its_hall_is_booked_and_handed_back(
    demo: Demo, open_page: OpenPage
) -> None:
    name = f"职工礼堂 {mark()}"
    desk = Desk(open_page(phone=False), demo)
    desk.tab("共享场地")
    join(desk, name)

    phone = walker(open_page(), demo, "wang-xiulan", elder=True)
    slot = book(phone, name, "合唱队排练")
    expect(card(phone, name).get_by_text("已预约")).to_be_visible()
    phone.watched.shot("life-elder-booked")
    other = walker(open_page(), demo, "chen-zhiyuan")
    choose_day(other, name)
    expect(slot_of(other, slot)).to_have_attribute("aria-disabled", "true")
    # Handed back, it is free for the next one; the unit may need it itself after all.
    phone.says("取消预约").click()
    yes(phone, "取消预约")
    expect(card(phone, name).get_by_text("已取消")).to_be_visible()
    assert book(other, name, "读书会") == slot
    desk.page.get_by_label("日期").fill(in_days(2, 0)[:10])
    held = desk.page.locator(".people li").filter(has_text="读书会")
    held.get_by_role("button").click()
    desk.page.get_by_label("原因").fill("单位临时要用")
    desk.watched.shot("life-console-hall")
    desk.page.get_by_role("dialog").get_by_role("button", name="取消预约").click()
    expect(held.get_by_text("已取消")).to_be_visible()
    go(other, "bookings")
    expect(card(other, name).get_by_text("单位临时要用")).to_be_visible()


def join(desk: Desk, name: str) -> None:
    """A unit's hall with its place on the map and its hours of every day."""
    page = desk.page
    page.get_by_role("button", name="登记场地").click()
    form = page.get_by_role("dialog")
    form.get_by_label("进驻单位").fill(f"供水所 {name}")
    form.get_by_label("场地名称").fill(name)
    form.get_by_label("地址").fill("越和路20号二楼")
    form.get_by_label("介绍和使用要求").fill("可坐80人。用后请恢复桌椅。")
    form.get_by_label("选位置的地图").press("Enter")
    form.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="的开放时段")).to_be_visible()
    for _ in range(7):
        page.get_by_role("button", name="加一行").click()
    desk.watched.shot("life-console-week")
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("aside, .panel").get_by_text("周一至周日 18:30-21:30")).to_be_visible()


def choose_day(phone: Phone, name: str) -> None:
    """The day after tomorrow at this hall."""
    go(phone, "resources")
    card(phone, name).click()
    day = int(in_days(2, 0)[8:10])
    phone.top("uni-view.chip").filter(has_text=re.compile(f"后天|月{day}日")).first.click()
    expect(slot_of(phone, "18:30")).to_be_visible()


def slot_of(phone: Phone, text: str) -> Locator:
    """A time of the day chosen."""
    return phone.top("uni-view.chip").filter(has_text=text).first


def book(phone: Phone, name: str, purpose: str) -> str:
    """The first time of that day; what it says."""
    choose_day(phone, name)
    slot = slot_of(phone, "18:30")
    said = slot.inner_text()
    slot.click()
    phone.top("#purpose input").fill(purpose)
    press(phone, "预约")
    expect(card(phone, name).get_by_text(purpose)).to_be_visible()
    return said.strip()


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
