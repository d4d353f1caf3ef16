"""Community life on the phone and in the console: activities, party members, wishes, help, halls."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import segno
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Watched
from tests.e2e.console import refusals_are_meant
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone, mark
from tests.e2e.life import Desk, api, card, go, in_days, patience, press, until, walker, yes

OpenPage = Callable[..., Watched]
__all__ = ["patience"]
HERE = (23.1, 113.2)


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


def check_in(desk: Desk, phone: Phone, activity: str) -> str:
    """A place not told and wrong digits are told apart; then it works. The scanned address."""
    go(phone, f"check-in?id={activity}")
    phone.top("#digits input").fill("000000")
    phone.top("#here").click()
    expect(phone.says("没能定位。请允许获取位置再试")).to_be_visible()
    phone.watched.shot("life-no-place")
    phone.stand_at(*HERE)
    phone.top("#here").click()
    expect(phone.says("数字不对，请看屏幕上的6位数字")).to_be_visible()
    with desk.page.expect_response(re.compile("check-in-code")) as told:
        desk.page.get_by_role("button", name="签到码").click()
    code = told.value.json()
    expect(desk.page.get_by_text(code["digits"])).to_be_visible()
    desk.watched.shot("life-console-code")
    address = f"{phone.demo.url}/#/packages/neighbourhood/check-in?id={activity}"
    scanned = f"{address}&code={code['token']}"
    assert code["image"] == segno.make_qr(scanned).svg_data_uri(scale=6, border=4)
    phone.top("#digits input").fill(code["digits"])
    phone.top("#here").click()
    expect(phone.says("签到好了")).to_be_visible()
    phone.watched.shot("life-checked-in")
    refusals_are_meant(phone.watched, "check-ins")
    return scanned


@pytest.mark.requirement("004.11", "004.12")
def test_hours_from_the_door_to_a_certificate_that_a_stranger_checks(
    demo: Demo, open_page: OpenPage
) -> None:
    title = f"清河岸 {mark()}"
    desk = Desk(open_page(phone=False), demo)
    phones = [walker(open_page(), demo, who) for who in ("li-xi", "he-jiayi")]
    before = api(demo).get("/public/neighbourhood-figures")
    start = datetime.now(UTC) + timedelta(seconds=90)
    activity = api(demo).post("/staff/activities", {
        "area_id": api(demo).get("/staff/neighbourhood/areas")["items"][0]["id"],
        "kind": "volunteer", "title": title, "words": "捡垃圾", "place": "河边", "check_in": "both",
        "latitude": HERE[0], "longitude": HERE[1], "radius_m": 200, "places": 5,
        "starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat(),
        "sign_up_from": (start - timedelta(hours=1)).isoformat(), "sign_up_until": start.isoformat(),
    })["id"]  # fmt: skip
    api(demo).post(f"/staff/activities/{activity}/publications", {})
    for phone in phones:
        go(phone, f"activity?id={activity}")
        press(phone, "报名")
        expect(phone.top("#check-in")).to_be_visible()
    desk.tab("活动")
    desk.row(title).click()
    phones[1].stand_at(*HERE)
    scanned = check_in(desk, phones[0], activity)
    # The other one points the camera at the screen: the address opens, nothing to type.
    phones[1].watched.page.goto("about:blank")
    with desk.page.expect_response(re.compile("check-in-code"), timeout=60_000) as fresh:
        pass
    scanned = scanned.rsplit("=", 1)[0] + "=" + fresh.value.json()["token"]
    phones[1].watched.page.goto(scanned)
    expect(phones[1].says("签到好了")).to_be_visible()
    desk.page.keyboard.press("Escape")
    settle_hours(desk, activity, title)

    done = api(demo).get("/public/neighbourhood-figures")
    assert [done[name] - before[name] for name in ("activities", "sign_ups", "visits")] == [1, 2, 1]
    go(phones[0], "home")
    expect(phones[0].top("#figures")).to_contain_text("人次参加")
    number = certificate(phones[0], title)
    stranger = Phone(open_page(), demo)
    go(stranger, "verify")
    stranger.top("#number input").fill(number[:-1] + ("2" if number[-1] != "2" else "3"))
    press(stranger, "核验")
    expect(stranger.says("编号不对，或不是本平台开具的")).to_be_visible()
    refusals_are_meant(stranger.watched, "service-certificates")
    stranger.top("#number input").fill(number.lower().replace("-", " "))
    press(stranger, "核验")
    expect(stranger.top("#verified").get_by_text("有效")).to_be_visible()
    assert "李" not in stranger.watched.page.inner_text("body")
    stranger.watched.shot("life-verified")


def settle_hours(desk: Desk, activity: str, title: str) -> None:
    """It begins by itself; the desk ends it, corrects one's time, notes one as absent, confirms."""
    until(lambda: api(desk.demo).get(f"/staff/activities/{activity}")["state"] == "running")
    desk.tab("活动")
    desk.row(title).click()
    page = desk.page
    page.get_by_role("button", name="结束", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    # The panel is drawn anew once the end is in; what was opened before would close.
    panel = page.get_by_role("complementary").filter(has_text=title)
    expect(panel.get_by_text("待确认时长")).to_be_visible()
    page.get_by_role("button", name="改李*的时长").click()
    page.get_by_label("分钟").fill("90")
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(page.locator(".people li").filter(has_text="90 分钟")).to_be_visible()
    page.get_by_role("button", name="记何*怡未到").click()
    expect(page.get_by_role("button", name="给何*怡登记签到")).to_be_visible()
    page.get_by_role("button", name="确认时长").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(desk.row(title).get_by_text("已结束")).to_be_visible()
    desk.watched.shot("life-console-settled")


def certificate(phone: Phone, title: str) -> str:
    """One's hours, and a certificate of them on paper; its number."""
    go(phone, "hours")
    line = phone.top("uni-view.cell").filter(has_text=title)
    expect(line).to_contain_text("1小时30分钟")
    phone.top("#issue").click()
    number = phone.top("uni-page-body").get_by_text(re.compile(r"HY\d{4}-\w{5}-\w{5}-\w")).first
    expect(number).to_be_visible()
    phone.watched.shot("life-hours", full=True)
    with phone.watched.context.expect_page() as opened:
        phone.says("打印证明").click()
    expect(opened.value.get_by_role("heading", name="志愿服务证明")).to_be_visible()
    expect(opened.value.get_by_role("cell", name=title)).to_be_visible()
    found = re.search(r"HY\d{4}-\w{5}-\w{5}-\w", number.inner_text())
    assert found
    return found[0]


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


@pytest.mark.requirement("004.11")
def test_a_party_member_reports_in_takes_a_post_and_grants_a_wish(
    demo: Demo, open_page: OpenPage
) -> None:
    words = mark()
    desk = Desk(open_page(phone=False), demo)
    member, wisher = walker(open_page(), demo, "li-xi"), walker(open_page(), demo, "wang-xiulan")
    go(member, "party")
    member.top("#branch input").fill(f"岭川支部 {words}")
    press(member, "报到")
    expect(card(member, words).get_by_text("待社区确认")).to_be_visible()
    desk.tab("党员报到")
    desk.row(words).get_by_role("button", name=re.compile("^确认")).click()
    expect(desk.row(words).get_by_text("已报到")).to_be_visible()
    desk.page.get_by_role("button", name="发布岗位").click()
    desk.page.get_by_role("textbox", name="岗位", exact=True).fill(f"楼长 {words}")
    desk.page.get_by_label("做什么").fill("每周看一次楼道")
    desk.page.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    go(member, "party")
    press(member, "认领岗位", card(member, f"楼长 {words}"))
    expect(card(member, f"楼长 {words}").get_by_text("退出岗位")).to_be_visible()
    member.watched.shot("life-party", full=True)
    desk.tab("党员报到")
    expect(desk.row(f"楼长 {words}")).to_contain_text("李*")
    desk.watched.shot("life-console-party")

    wish(wisher, desk, member, f"想要老花镜 {words}")
    go(member, "party")
    card(member, f"岭川支部 {words}").get_by_text("结束报到").click()
    yes(member, "结束报到")
    expect(card(member, f"岭川支部 {words}").get_by_text("已结束").first).to_be_visible()


def ask(phone: Phone, page: str, title: str, words: str) -> None:
    """A wish or a request for help; nobody sees it before the check has passed it."""
    go(phone, page)
    phone.top("#new-care").click()
    phone.top("#care-title input").fill(title)
    phone.top("#care-words textarea").fill(words * 5)
    yes(phone, "发出")
    expect(card(phone, title)).to_be_visible()


def wish(wisher: Phone, desk: Desk, member: Phone, title: str) -> None:
    """From the wish to its confirmation."""
    # The stand-in's check is in doubt about these words: a person looks at them.
    ask(wisher, "wishes", title, "测试复核，旧的也可以。")
    wisher.watched.shot("life-wish-checked")
    go(member, "wishes")
    expect(member.says("邻居的心愿")).to_be_visible()
    expect(member.says(title)).to_have_count(0)
    desk.let_pass(title)
    go(member, "wishes")
    press(member, "我来实现", card(member, title))
    yes(member, "我来实现")
    press(member, "已完成", card(member, title))
    yes(member, "已完成")
    expect(card(member, title).get_by_text("待确认").first).to_be_visible()
    go(wisher, "home")
    wisher.top("#waiting").get_by_text(title).click()
    press(wisher, "确认达成", card(wisher, title))
    wisher.top("[role=dialog]").get_by_text("帮了大忙，非常感谢").click()
    yes(wisher, "确认达成")
    expect(card(wisher, title).get_by_text("心愿达成").first).to_be_visible()
    wisher.watched.shot("life-wish-done")


@pytest.mark.requirement("004.11")
def test_a_neighbour_asks_for_help_and_another_gives_it(demo: Demo, open_page: OpenPage) -> None:
    title = f"搬柜子 {mark()}"
    asker = walker(open_page(), demo, "wang-xiulan", elder=True)
    helper = walker(open_page(), demo, "chen-zhiyuan")
    ask(asker, "help", title, "五楼搬到一楼，要两个人。")

    def seen() -> int:
        go(helper, "help")
        expect(helper.says("邻居在找人")).to_be_visible()
        helper.watched.page.wait_for_load_state("networkidle")
        return helper.says(title).count()

    until(seen)
    press(helper, "我来帮忙", card(helper, title))
    helper.top("[role=dialog]").get_by_role("checkbox").click()
    helper.watched.shot("life-offer")
    yes(helper, "我来帮忙")
    expect(card(helper, title).get_by_text("我去不了了")).to_be_visible()
    go(asker, "home")
    asker.top("#waiting").get_by_text(title).click()
    press(asker, "选一位邻居", card(asker, title))
    yes(asker, "选一位邻居")
    expect(card(asker, title).get_by_text("13800000002").first).to_be_visible()
    asker.watched.shot("life-elder-matched")
    press(asker, "已帮好", card(asker, title))
    yes(asker, "已帮好")
    expect(card(asker, title).get_by_text("已帮好").first).to_be_visible()
    # The word on the button is the same as that of the state: the ledger says when it is done.
    until(lambda: title in str(helper_points(helper)[0]["title"]), patience=30)
    assert helper_points(helper)[0]["points"] == 2


def helper_points(phone: Phone) -> list[dict[str, object]]:
    """The latest lines of the ledger, as the phone's own session reads it."""
    found = phone.watched.page.evaluate(
        "fetch('/api/v1/my-points', {credentials: 'same-origin'}).then((answer) => answer.json())"
    )
    return list(found["items"])
