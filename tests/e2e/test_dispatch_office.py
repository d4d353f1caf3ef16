"""What stands behind dispatch: forwarded messages, rosters, categories, reports, maps."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.demo import Demo
from tests.e2e.dispatch import mark

OpenPage = Callable[..., Watched]


def _row(desk: Watched, words: str) -> Locator:
    return desk.page.locator("tbody tr").filter(has_text=words)


@pytest.mark.requirement("004.21")
def test_a_message_forwarded_in_wechat_becomes_an_event(demo: Demo, open_page: OpenPage) -> None:
    pole = mark()
    standin = open_page(phone=False, base=demo.standin_url)
    standin.page.goto(f"{demo.standin_url}/")
    standin.page.locator("#forward select").select_option(index=0)
    standin.page.locator("#forward textarea").fill(f"榕荫里3号楼下路灯不亮了，请来修（{pole}杆）")
    standin.page.get_by_role("button", name="转发").click()
    expect(standin.page.get_by_text(re.compile("已转发"))).to_be_visible()

    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "何敏", "intakes")
    for _ in range(20):
        # The stand-in pushes in the background; the list is read again by hand.
        page.get_by_role("button", name="刷新").click()
        page.wait_for_timeout(400)
        if _row(desk, pole).count():
            break
    _row(desk, pole).click()
    expect(page.get_by_role("complementary")).to_contain_text(pole)
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("什么事")).to_have_value(re.compile(pole))
    dialog.get_by_role("combobox", name="类别").select_option(label="路灯照明")
    dialog.get_by_role("textbox", name=re.compile("地址|在哪里")).fill("榕荫里 3 号楼下")
    desk.shot("console-intake")
    dialog.get_by_role("button", name=re.compile("建好|转成|通知")).click()
    page.wait_for_url(re.compile("/dispatch/events/"))
    expect(page.locator("main")).to_contain_text("微信转发")
    expect(page.locator("main")).to_contain_text("待认领")


def test_who_is_on_duty_is_changed_by_the_street_and_shown_at_once(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "林芳", "rosters")
    row = _row(desk, "榕荫里")
    expect(row).to_contain_text("陈强")
    desk.shot("console-rosters")
    row.click()
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="加一个网格长").click()
    who = panel.get_by_label("网格长，谁").last
    who.select_option(who.locator("option").filter(has_text="周文").get_attribute("value"))
    save = panel.get_by_role("button", name="保存")
    leaders = row.locator("td").nth(4)
    save.click()
    expect(page.get_by_text(re.compile("的值守排好了"))).to_be_visible()
    expect(leaders).to_contain_text("周文")
    expect(save).to_be_disabled()
    panel.get_by_role("button", name=re.compile("去掉第")).last.click()
    save.click()
    expect(leaders).to_have_text("赵刚")
    page.get_by_text("一周", exact=True).click()
    expect(_row(desk, "榕荫里").first).to_be_visible()


def test_an_administrator_changes_a_category_and_residents_are_asked_by_it(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "吴磊", "event-settings")
    page.get_by_label("搜索类别").fill("犬")
    _row(desk, "犬").last.click()
    panel = page.get_by_role("complementary")
    hint = f"没牵绳、追人、扰民 {mark()}"
    panel.get_by_label(re.compile("给群众的提示")).fill(hint)
    panel.get_by_label("处置时限").fill("20")
    desk.shot("console-category")
    panel.get_by_role("button", name="保存").click()
    expect(page.get_by_text("存好了，新的呼叫按新的来")).to_be_visible()
    expect(_row(desk, "犬").last).to_contain_text("20")
    answer = page.request.get(f"{demo.url}/api/v1/event-categories")
    assert hint in answer.text()


def test_the_day_s_report_the_heat_and_hot_issues_are_drawn_with_their_numbers(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "何敏", "reports")
    chart = page.locator("section.box").filter(has_text="各小时呼叫和认领")
    expect(chart.locator("svg path").first).to_be_attached()
    expect(page.locator("section.box svg").first).to_be_visible()
    chart.locator("summary").click()
    expect(chart.locator("tbody tr").first).to_contain_text("点")
    chart.locator("summary").click()
    page.evaluate("window.scrollTo(0, 0)")
    desk.shot("console-report")

    page.get_by_role("link", name="热力图", exact=True).click()
    expect(page.get_by_role("region", name="热力图").locator("canvas").first).to_be_visible()
    expect(_row(desk, "%").first).to_be_visible()
    desk.shot("console-heat")

    page.goto(f"{demo.url}/console/hot")
    again = page.get_by_role("button", name="现在再找一次")
    expect(again).to_be_visible()
    again.click()
    issue = page.locator("tbody tr").filter(has=page.locator("time")).first
    expect(issue).to_be_visible(timeout=40_000)
    desk.shot("console-hot")
    issue.click()
    expect(page.get_by_role("complementary")).to_contain_text("都说了什么")
    desk.shot("console-hot-one")
