"""How a hall's queue is run, and the machine at its door, in the browser."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter, refusals_are_meant
from tests.e2e.demo import Demo
from tests.e2e.test_accessibility import serious

OpenPage = Callable[..., Watched]
STANDING = {"width": 1080, "height": 1920}
PATIENT = 30_000


def test_the_rules_of_a_queue_are_told_as_they_are_changed(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, "黄建国", "lobby/rules")
    skips = desk.page.get_by_label("过号几次就不再叫")
    before = int(skips.input_value())
    after = before % 5 + 1
    skips.fill("0")
    expect(desk.page.get_by_text("填 1 到 20 次")).to_be_visible()
    expect(desk.page.get_by_role("button", name="保存")).to_be_disabled()
    skips.fill(str(after))
    expect(desk.page.get_by_text(f"过号 {after} 次就不再叫，要重新取号。")).to_be_visible()
    desk.shot("console-queue-rules-changed")
    desk.page.get_by_role("button", name="保存").click()
    expect(desk.page.get_by_text("存好了，从下一次签到、叫号起按它来")).to_be_visible()
    desk.page.reload()
    expect(desk.page.get_by_label("过号几次就不再叫")).to_have_value(str(after))


def test_a_machine_is_set_up_gives_tickets_and_is_ended(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, "黄建国", "lobby/kiosks")
    desk.page.get_by_role("button", name="登记一台").click()
    desk.page.get_by_label("叫什么").fill("一楼大门")
    desk.page.get_by_role("dialog").get_by_role("button", name="登记").click()
    key = desk.page.get_by_label("钥匙", exact=True).inner_text()
    desk.shot("console-kiosk-key")
    desk.page.get_by_role("button", name="记下了").click()
    expect(desk.page.get_by_text(key)).to_have_count(0)

    machine = open_page(phone=False, size=STANDING)
    page = machine.page
    page.add_init_script("window.slips = 0; window.print = () => { window.slips += 1 }")
    page.goto(f"{demo.url}/console/kiosk")
    page.get_by_label("钥匙").fill(key)
    page.get_by_label("这台机器有小票打印机").check()
    machine.shot("kiosk-set-up")
    page.get_by_role("button", name="开始使用").click()
    expect(page.get_by_role("heading", name="请选一种方式")).to_be_visible(timeout=PATIENT)
    assert not serious(machine)
    machine.shot("kiosk-start")

    page.get_by_role("button", name=re.compile("现场取号")).click()
    expect(page.get_by_role("heading", name="您要办哪类事？")).to_be_visible()
    machine.shot("kiosk-business")
    page.get_by_role("button", name=re.compile("社保医保")).click()
    expect(page.get_by_role("heading", name="取好号了")).to_be_visible(timeout=PATIENT)
    ticket = page.locator(".pane .number").inner_text()
    assert re.fullmatch(r"[A-Z]\d{3,4}", ticket)
    assert not serious(machine)
    machine.shot("kiosk-ticket")
    assert page.evaluate("window.slips") == 1
    page.emulate_media(media="print")
    slip = page.locator(".kiosk-slip")
    expect(slip).to_be_visible()
    expect(slip).to_contain_text(ticket)
    expect(page.get_by_role("heading", name="取好号了")).to_be_hidden()
    machine.shot("kiosk-slip")
    page.emulate_media(media="screen")
    expect(slip).to_be_hidden()
    # Nobody touches it: the start comes back by itself, and the number is gone.
    expect(page.get_by_role("heading", name="请选一种方式")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_text(ticket)).to_have_count(0)

    page.get_by_role("button", name=re.compile("用身份证")).click()
    for digit in "1101011990":
        page.get_by_role("button", name=digit, exact=True).click()
    expect(page.get_by_text("●●●●●● 1990")).to_be_visible()
    machine.shot("kiosk-card")
    page.get_by_role("button", name="返回").click()
    page.get_by_role("button", name=re.compile("有预约码")).click()
    expect(page.get_by_text("1990")).to_have_count(0)
    machine.shot("kiosk-code")
    # A reader types six digits and Enter.
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("需要帮忙，请找导办人员。")).to_be_visible(timeout=PATIENT)
    machine.shot("kiosk-refused")
    page.get_by_role("button", name=re.compile("返回")).click()

    desk.page.get_by_role("button", name="停用一楼大门").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="停用").click()
    expect(desk.page.get_by_text("停用了，这台机器上的钥匙已经没用")).to_be_visible()
    desk.shot("console-kiosks")
    page.get_by_role("button", name=re.compile("现场取号")).click()
    page.get_by_role("button", name=re.compile("社保医保")).click()
    expect(page.get_by_text("这台机器停用了")).to_be_visible(timeout=PATIENT)
    machine.shot("kiosk-ended")
    refusals_are_meant(machine, "/kiosk/")


def test_a_day_on_paper_is_printed_and_caught_up_with(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "周敏", "lobby/paper")
    begins = page.locator(".begin").inner_text()
    ticket = re.search(r"社保医保从 (B\d{3,4}) 起", begins)
    assert ticket, begins
    desk.shot("console-paper")
    page.emulate_media(media="print")
    desk.shot("console-paper-printed", full=True)
    page.emulate_media(media="screen")

    page.get_by_role("link", name="补录").click()
    page.get_by_label("第 1 行姓名").fill("林小满")
    page.get_by_label("第 1 行哪类事").select_option(label="社保医保")
    page.get_by_label("第 1 行号码").fill(ticket[1].lower())
    page.get_by_label("第 1 行取号时间").fill("0001")
    page.get_by_label("第 1 行叫号时间").fill("002")
    page.get_by_label("第 1 行窗口").fill("99")
    page.get_by_label("第 1 行办完时间").fill("003")
    expect(page.get_by_label("第 1 行叫号时间")).to_have_value("00:02")
    page.keyboard.press("Control+s")
    # The window does not exist: told at the line, and nothing is kept.
    expect(page.get_by_text("没有这个窗口")).to_be_visible(timeout=PATIENT)
    assert not serious(desk)
    desk.shot("console-catch-up-errors")
    page.get_by_label("第 1 行窗口").fill("1")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("补录了 1 条")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_label("第 1 行姓名")).to_have_value("")
    desk.shot("console-catch-up")
