"""A clerk's day in the console: looking at personal data, the queue by keyboard, the list."""

import csv
import re
from collections import Counter
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watched
from tests.e2e.console import HALL, enter, refusals_are_meant
from tests.e2e.demo import Demo

OpenPage = Callable[..., Watched]


def ticket(page: Page) -> str:
    """The number that stands large at the window."""
    return page.locator(".current .ticket").inner_text()


def test_a_phone_number_is_shown_for_a_purpose_that_the_supervisor_reads(
    demo: Demo, open_page: OpenPage
) -> None:
    desk, office = (
        open_page(phone=False, size={"width": 1366, "height": 768}),
        open_page(phone=False),
    )
    page = desk.page
    enter(desk, demo, "周敏")
    page.wait_for_url(re.compile("/console/board$"))
    page.locator("tbody tr").filter(has_text="138****").first.click()
    panel = page.get_by_role("complementary")
    number = panel.get_by_text(re.compile(r"^A\d{6}-\d{6}-\d$")).inner_text()
    panel.get_by_role("button", name="查看手机").click()
    why = panel.get_by_label(re.compile("看手机做什么用"))
    expect(why).to_be_in_viewport()
    why.fill("看看")
    panel.get_by_role("button", name="查看并记录").click()
    expect(panel.get_by_role("alert")).to_contain_text("至少 4 个字")
    why.fill("核对来电号码")
    panel.get_by_role("button", name="查看并记录").click()
    expect(panel.get_by_text(re.compile(r"^1380000\d{4}$"))).to_be_visible()
    desk.shot("console-reveal")
    panel.get_by_role("button", name="收起").click()
    expect(panel.get_by_text(re.compile(r"^1380000\d{4}$"))).to_have_count(0)

    enter(office, demo, "郑洁", "reveals")
    row = office.page.locator("tbody tr").filter(has_text="核对来电号码").first
    for words in ("周敏", number, "手机"):
        expect(row).to_contain_text(words)
    office.shot("console-reveals-row")


def test_the_queue_by_keyboard(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "周敏", "window")
    page.get_by_role("button", name="2 号窗口").click()
    expect(page.get_by_role("button", name="办结")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="叫下一位")).to_be_enabled()
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="重呼")).to_be_visible()
    first = ticket(page)
    page.keyboard.press("r")
    expect(page.get_by_text(f"{first} 又叫了一遍")).to_be_visible()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("叫下一位")
    # A key meant for the help must not skip the person at the window.
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert ticket(page) == first
    page.keyboard.press("s")
    skipped = page.get_by_role("region", name="过号和暂候的人").locator("li").filter(has_text=first)
    expect(skipped).to_be_visible()
    desk.shot("console-skipped")
    skipped.get_by_role("button", name="重新排队").click()
    expect(page.locator(".list")).to_contain_text(first)
    page.get_by_role("button", name=f"叫 {first}").click()
    expect(page.get_by_role("button", name="重呼")).to_be_visible()
    page.keyboard.press("s")
    skipped.get_by_role("button", name="未到").click()
    expect(dialog).to_contain_text(f"把 {first} 记为未到？")
    dialog.get_by_role("button", name="记为未到").click()
    expect(skipped).to_have_count(0)
    _serve_the_next(page, first)
    page.keyboard.press("p")
    expect(page.locator(".current")).to_contain_text("暂停叫号")
    page.keyboard.press("o")
    expect(page.locator(".bar")).to_contain_text("已开窗")


def _serve_the_next(page: Page, first: str) -> None:
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="开始办理")).to_be_enabled()
    assert ticket(page) != first
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="办结")).to_be_enabled()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="叫下一位")).to_be_visible()


def test_the_list_is_searched_and_exported_as_shown(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "周敏", "board")
    rows = page.locator(".data-table tbody tr")
    rows.filter(has_text="138****").first.wait_for()
    whole = rows.count()
    # What waits depends on the day and the hour: search for a matter that not everybody has.
    matters = Counter(rows.nth(at).locator("td").nth(4).inner_text() for at in range(whole))
    wanted = matters.most_common()[-1][0].strip()
    assert len(matters) > 1, matters
    page.keyboard.press("/")
    page.keyboard.type(wanted)
    expect(rows).not_to_have_count(whole)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出").click()
    assert wanted in waiting.value.suggested_filename
    text = waiting.value.path().read_text("utf-8")
    assert text.startswith("\ufeff"), "spreadsheet programs read Chinese by this mark"
    head, *lines = csv.reader(text.removeprefix("\ufeff").splitlines())
    assert head[:5] == ["时段", "号码", "姓名", "手机", "事项"]
    assert len(lines) == rows.count() > 0
    for line in lines:
        assert re.fullmatch(r"138\*{4}\d{4}", line[3])
        assert wanted in line[4]


def test_the_screen_says_that_the_network_is_gone_and_comes_back(
    demo: Demo, open_page: OpenPage
) -> None:
    screen = open_page(phone=False, size={"width": 1920, "height": 1080})
    page = screen.page
    page.goto(f"{demo.url}/console/screen/{HALL}")
    expect(page.get_by_text(re.compile("人在等|现在不用等"))).to_be_visible()
    screen.context.set_offline(True)
    expect(page.get_by_role("alert")).to_contain_text("网络中断，正在重连")
    expect(page.get_by_role("heading", name="越和街政务服务中心")).to_be_visible()
    screen.shot("hall-screen-offline")
    screen.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)
    refusals_are_meant(screen, "ERR_INTERNET_DISCONNECTED")
