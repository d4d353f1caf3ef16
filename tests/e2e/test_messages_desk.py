"""The console's section of messages: what was sent is found, sent again, measured and limited."""

import re
from collections.abc import Callable

import requests
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import Resident, enter, item
from tests.e2e.demo import Demo
from tests.e2e.test_accessibility import serious, settle

OpenPage = Callable[..., Watched]
ITEM = item("RSJ001")
PAGES = ["messages", "messages/consents", "messages/channels", "messages/limits"]


def test_a_message_is_found_by_its_matter_and_by_its_reader(
    demo: Demo, open_page: OpenPage
) -> None:
    resident = Resident(demo, "chen-zhiyuan")
    booked = resident.book(ITEM, resident.open_days(ITEM)[-1])
    resident.post(f"/appointments/{booked['id']}/cancel", {"reason": "有事"})
    desk = open_page(phone=False)
    enter(desk, demo, "吴磊", "messages")
    page = desk.page
    rows = page.locator("tbody tr.selectable")
    search = page.get_by_role("searchbox", name="按受理编号、手机号或姓名查")
    search.fill(booked["receipt_number"])
    page.get_by_role("button", name="查找", exact=True).click()
    expect(rows.filter(has_text="预约成功")).to_have_count(1)
    expect(rows.filter(has_text="预约取消")).to_have_count(1)
    desk.shot("console-message-log")
    rows.filter(has_text="预约成功").click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("依次试")
    desk.shot("console-message-panel")

    search.fill("陈志远")
    page.get_by_role("button", name="查找", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="查找", exact=True).click()
    expect(dialog.get_by_text("至少 4 个字")).to_be_visible()
    dialog.get_by_label("用来做什么").fill("群众来电问收到没有")
    dialog.get_by_role("button", name="查找", exact=True).click()
    # More than one may have this name.
    chosen = page.locator(".chip").filter(has_text="发给")
    expect(chosen.or_(dialog.locator(".people button").first)).to_be_visible()
    if dialog.is_visible():
        dialog.locator(".people button").first.click()
    expect(chosen).to_contain_text("陈*远")
    expect(page).to_have_url(re.compile(r"person=[0-9a-f-]{36}"))
    assert "陈志远" not in page.url


def test_what_wechat_refused_is_sent_again_for_a_reason(demo: Demo, open_page: OpenPage) -> None:
    resident = Resident(demo, "chen-zhiyuan")
    templates = {
        one["key"]: one["template_id"] for one in resident.get("/config")["subscribe_templates"]
    }
    resident.post("/me/notification-grants", {"results": {templates["booked"]: "accept"}})
    order = {"path": "/cgi-bin/message/subscribe/send", "errcode": 47003}
    requests.post(f"{demo.standin_url}/demo/faults", json={**order, "times": 3}, timeout=10)
    booked = resident.book(ITEM, resident.open_days(ITEM)[-2])
    desk = open_page(phone=False)
    enter(desk, demo, "吴磊")
    page = desk.page
    refused = f"messages?state=permanent_failure&number={booked['receipt_number']}"
    page.wait_for_function(
        "async (path) => (await (await fetch('/api/v1/staff/' + path)).json()).items.length > 0",
        arg=refused, polling=500, timeout=60_000,
    )  # fmt: skip
    requests.post(f"{demo.standin_url}/demo/faults", json={**order, "times": 0}, timeout=10)
    resident.post(f"/appointments/{booked['id']}/cancel", {"reason": "有事"})

    page.goto(f"{demo.url}/console/{refused}")
    page.locator("tbody tr.selectable").click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("内容不合模板的要求")
    panel.get_by_role("button", name="重发", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="重发", exact=True).click()
    expect(dialog.get_by_text("请写明为什么重发，至少 4 个字")).to_be_visible()
    dialog.get_by_label("为什么重发").fill("模板已经改好，补发一次")
    # The booking was cancelled meanwhile: whoever sends it again has to know that.
    dialog.get_by_role("button", name="重发", exact=True).click()
    expect(dialog.get_by_text("请先确认上面的提醒")).to_be_visible()
    dialog.get_by_label("后来又有了新的消息").check()
    desk.shot("console-message-resend")
    dialog.get_by_role("button", name="重发", exact=True).click()
    expect(panel.get_by_role("button", name="看原来的那一条")).to_be_visible()
    expect(panel).to_contain_text("模板已经改好，补发一次")
    panel.get_by_role("button", name="看原来的那一条").click()
    expect(panel.get_by_role("button", name="看重发的那一条")).to_be_visible()
    expect(panel.get_by_role("button", name="重发", exact=True)).to_have_count(0)


def test_the_channels_are_watched_and_their_limits_set(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, "吴磊", "messages/channels")
    page = desk.page
    expect(page.get_by_text("刚刚更新").or_(page.get_by_text("秒前更新"))).to_be_visible()
    parts = page.locator("dl.strip")
    for part in ("发送进程在跑", "缓存（Redis）正常"):
        expect(parts).to_contain_text(part)
    expect(page.get_by_role("row").filter(has_text="短信").first).to_be_visible()
    desk.shot("console-message-channels", full=True)

    page.goto(f"{demo.url}/console/messages/consents")
    expect(page.get_by_role("row").filter(has_text="预约成功提醒")).to_be_visible()
    desk.shot("console-message-consents", full=True)

    page.goto(f"{demo.url}/console/messages/limits")
    caps = page.get_by_role("region", name="一个人一天最多收几条")
    caps.get_by_role("button", name="加一条").click()
    number = caps.get_by_label(re.compile("每天最多几条")).last
    number.fill("0")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(caps.get_by_text("应是 1 到 1000 的整数")).to_be_visible()
    number.fill("30")
    desk.shot("console-message-limits")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("存好了")).to_be_visible()
    page.reload()
    expect(number).to_have_value("30")
    caps.get_by_role("button", name=re.compile("去掉")).last.click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(caps.get_by_text("没有自己定的")).to_be_visible()


def test_the_section_s_pages_are_accessible(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, "郑洁")
    problems = {}
    for path in PAGES:
        settle(desk, f"{demo.url}/console/{path}")
        rows = desk.page.locator("tbody tr.selectable")
        if path == "messages" and rows.count():
            rows.first.click()
            expect(desk.page.get_by_role("complementary")).to_contain_text("依次试")
        if found := serious(desk):
            problems[path] = found
    assert not problems
