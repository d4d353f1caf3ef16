"""Where places come from, at the console: when they are given out, and more at short notice."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from tests.e2e.conftest import Watched
from tests.e2e.console import Resident, enter, item
from tests.e2e.demo import Demo

OpenPage = Callable[..., Watched]
LICENCE = item("SCJ001")


def test_a_manager_tries_a_release_rule_sets_it_and_takes_it_back(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "黄建国", "schedules")
    page.get_by_role("navigation", name="排班与号源").get_by_text("放号规则").click()
    rows = page.locator(".data-table tbody tr")
    expect(rows.first).to_contain_text("个")
    before = page.locator(".data-table tbody").inner_text()
    page.get_by_label("定好时间放").check()
    page.get_by_label("提前几个工作日", exact=True).fill("3")
    page.get_by_label("几点放", exact=True).fill("09:00")
    page.get_by_label("分两批放").check()
    # The rest before the first: said at the field, and nothing can be saved.
    page.get_by_label("第二批提前几个工作日").fill("4")
    expect(page.get_by_text("第二批要晚于第一批")).to_be_visible()
    expect(page.get_by_role("button", name="保存")).to_be_disabled()
    page.get_by_label("第二批提前几个工作日").fill("1")
    expect(page.locator(".sum")).to_contain_text(
        "提前 3 个工作日的 09:00 放出 60%，提前 1 个工作日的 18:00 放出其余的"
    )
    expect(rows.last).to_contain_text("9:00")
    expect(rows.last).to_contain_text("18:00")
    desk.shot("console-release")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(re.compile("已经放出去的名额不收回"))).to_be_visible()
    page.reload()
    expect(page.get_by_label("第一批放百分之几")).to_have_value("60")
    page.get_by_label("日子一进入可约范围就放").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("button", name="保存")).to_be_disabled()
    expect(page.locator(".data-table tbody")).to_have_text(re.compile("进入可约范围就放"))
    assert before


def test_places_added_at_short_notice_can_be_booked_at_once(
    demo: Demo, open_page: OpenPage
) -> None:
    resident = Resident(demo, "he-jiayi")
    day = resident.open_days(LICENCE)[-1]
    before = resident.slots(LICENCE, day)[0]
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "黄建国", f"schedules/day?date={day}")
    page.get_by_text("企业商事", exact=True).first.click()
    row = page.locator("tbody tr").filter(has_text="网上").first
    row.get_by_role("button", name=re.compile("加号$")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("加几个").fill("2")
    dialog.get_by_role("button", name="加号").click()
    expect(dialog).to_contain_text("请写明为什么加")
    dialog.get_by_label("为什么加").fill("月底办照的人多，加开 5 号窗口")
    desk.shot("console-extra-places")
    dialog.get_by_role("button", name="加号").click()
    expect(page.get_by_text(re.compile("加好了，现在共"))).to_be_visible()
    after = next(one for one in resident.slots(LICENCE, day) if one["id"] == before["id"])
    assert after["remaining"] == before["remaining"] + 2


def test_a_day_of_rest_of_the_district_is_set_seen_by_a_manager_and_taken_back(
    demo: Demo, open_page: OpenPage
) -> None:
    resident = Resident(demo, "he-jiayi")
    day = resident.open_days(LICENCE)[-1]
    name = re.compile(rf"^{int(day[5:7])}月{int(day[8:])}日")
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "吴磊", "schedules")
    # He has no hall: the rail leads him to the only tab that is his.
    page.wait_for_url("**/schedules/calendar")
    sheet = page.locator("section.month")
    expect(sheet.get_by_role("button", name=re.compile("上班|休息")).first).to_be_visible()
    if sheet.get_by_role("button", name=name).count() == 0:
        page.get_by_role("button", name="下个月").click()
    sheet.get_by_role("button", name=name).click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("国家安排")
    panel.get_by_label("休息").check()
    panel.get_by_label("说明").fill("全区停电检修")
    panel.get_by_role("button", name="保存").click()
    expect(page.get_by_text("存好了，各大厅的放号跟着变")).to_be_visible()
    expect(sheet.get_by_role("button", name=name)).to_contain_text("本区休息")
    desk.shot("console-workdays")
    # The demo's halls work every day, on a day of rest as well.
    assert day in resident.open_days(LICENCE)

    manager = open_page(phone=False)
    enter(manager, demo, "黄建国", "schedules/calendar")
    theirs = manager.page.locator("section.month")
    expect(theirs.get_by_role("button", name=re.compile("上班|休息")).first).to_be_visible()
    if theirs.get_by_role("button", name=name).count() == 0:
        manager.page.get_by_role("button", name="下个月").click()
    theirs.get_by_role("button", name=name).click()
    beside = manager.page.get_by_role("complementary")
    expect(beside).to_contain_text("全区停电检修")
    expect(beside.get_by_role("button", name="本厅这天停办")).to_be_visible()
    manager.shot("console-workdays-manager")

    panel.get_by_label("按国家安排").check()
    panel.get_by_role("button", name="保存").click()
    expect(sheet.get_by_role("button", name=name)).not_to_contain_text("本区休息")


@pytest.mark.requirement("002.04")
def test_a_week_at_the_windows_is_made_copied_and_a_file_is_tried_before_it_is_taken(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "黄建国", "schedules/shifts")
    # Weeks far ahead: nothing else of the demo stands there.
    for _ in range(4):
        page.get_by_role("button", name="下一周").click()
    page.get_by_role("button", name=re.compile("^1 号窗口，.+加一班$")).first.click()
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="保存").click()
    expect(panel.get_by_role("alert")).to_have_text("请选人，或写下名字")
    panel.get_by_label("名字").fill("支援人员")
    panel.get_by_role("button", name="保存").click()
    expect(page.get_by_text(re.compile("^排好了"))).to_be_visible()
    shift = page.get_by_role("button", name=re.compile("支援人员 09:00–12:00$"))
    expect(shift).to_have_count(1)
    desk.shot("console-shifts")
    page.get_by_role("button", name="复制这一周").click()
    page.get_by_role("dialog").get_by_role("button", name="复制", exact=True).click()
    expect(page.get_by_text(re.compile("^复制了 1 班"))).to_be_visible()
    expect(shift).to_have_count(1)

    page.get_by_role("button", name="导入", exact=True).click()
    dialog = page.get_by_role("dialog")
    rows = "日期,窗口,开始,结束,姓名,账号\n2027-03-01,1,09:00,12:00,甲,\n2027-03-01,99,09:00,12:00,乙,\n"
    file = FilePayload(name="排班.csv", mimeType="text/csv", buffer=rows.encode("gb18030"))
    dialog.locator("input[type=file]").set_input_files(files=[file])
    dialog.get_by_role("button", name="先试一遍").click()
    expect(dialog.get_by_role("status")).to_contain_text("读了 2 行，1 处不对")
    expect(dialog).to_contain_text("第 3 行 没有这个窗口")
    expect(dialog.get_by_role("button", name="导入")).to_be_disabled()
    desk.shot("console-shifts-import")
    dialog.get_by_role("button", name="不了").click()

    page.get_by_role("button", name="按排班算名额").click()
    pace = page.get_by_role("complementary")
    pace.get_by_role("checkbox").first.check()
    pace.get_by_label("网上 %").fill("60")
    pace.get_by_role("button", name="保存").click()
    expect(pace.get_by_role("alert")).to_contain_text("加起来是 90%")
    desk.shot("console-pace")
    pace.get_by_role("button", name="不要改动").click()

    for _ in range(2):
        shift.click()
        page.get_by_role("button", name="去掉这一班").click()
        page.get_by_role("dialog").get_by_role("button", name="去掉").click()
        expect(shift).to_have_count(0)
        page.get_by_role("button", name="上一周").click()


def test_a_season_begins_as_the_usual_week_and_overlaps_no_other(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "黄建国", "schedules/seasons")
    page.get_by_role("button", name="加一个").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("请起个名字，例如：暑期")).to_be_visible()
    page.get_by_label("名称").fill("暑期")
    page.get_by_label("从", exact=True).fill("2027-07-01")
    page.get_by_label("到", exact=True).fill("2027-08-31")
    expect(page.locator(".rule").first).to_be_visible()
    desk.shot("console-season")
    page.get_by_role("button", name="保存").click()
    row = page.locator(".data-table tbody tr").filter(has_text="暑期")
    expect(row).to_contain_text("还没到")
    page.get_by_role("button", name="加一个").click()
    page.get_by_label("名称").fill("又一个暑期")
    page.get_by_label("从", exact=True).fill("2027-08-01")
    page.get_by_label("到", exact=True).fill("2027-09-30")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(re.compile("和“暑期”.+重叠了"))).to_be_visible()
    page.get_by_role("button", name="返回列表").click()
    page.get_by_role("dialog").get_by_role("button", name="不要了").click()
    row.get_by_role("button", name="去掉暑期").click()
    page.get_by_role("dialog").get_by_role("button", name="去掉").click()
    expect(row).to_have_count(0)
