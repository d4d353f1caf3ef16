"""A ticket from the call to the closing, each step by somebody else at her own desk."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.demo import Demo
from tests.e2e.dispatch import mark as own_mark
from tests.e2e.hotline import UNIT, Tickets, at_ticket, dialog, finish, keyed, says, show

OpenPage = Callable[..., Watched]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.requirement("000.40")
def test_a_call_goes_through_all_desks_until_its_caller_is_content(
    demo: Demo, open_page: OpenPage
) -> None:
    mark = own_mark()
    _told(demo, open_page(phone=False), mark)
    _sent(demo, open_page(phone=False), mark)
    ticket_id = _handled(demo, open_page(phone=False), mark)
    for name, state in (("梁建", "待中心审核"), ("毛琳", "待回访")):
        desk = at_ticket(open_page(phone=False), demo, name, ticket_id)
        desk.page.keyboard.press("v")
        finish(desk, "通过")
        says(desk, state)
    _called_back(demo, open_page(phone=False), mark, ticket_id)


def _told(demo: Demo, desk: Watched, mark: str) -> None:
    """The operator writes it down and sends it on with one key."""
    page = desk.page
    enter(desk, demo, "韩梅", "hotline/operator")
    page.get_by_text("投诉", exact=True).click()
    page.get_by_label("什么事").fill(f"小区门口井盖松动，车过就响，睡不着（{mark}旁）")
    page.get_by_label("称呼").fill("赵先生")
    page.get_by_role("textbox", name=re.compile("^电话")).fill("13912340099")
    expect(page.get_by_role("region", name="可能是同一件事")).to_contain_text(UNIT)
    page.keyboard.press("Alt+c")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("建好了，编号 .*等着派单"))).to_be_visible()


def _sent(demo: Demo, desk: Watched, mark: str) -> None:
    """The dispatcher finds it, sees how sure the suggestion is, adds who helps, and sends it."""
    page = desk.page
    enter(desk, demo, "孙浩", "hotline/dispatch")
    page.locator("tbody tr").filter(has_text=mark).click()
    expect(page.get_by_role("complementary")).to_contain_text("待派单")
    desk.shot("hotline-dispatch")
    page.keyboard.press("p")
    guess = dialog(desk).get_by_role("group", name="像归这几家管").get_by_role("button").first
    expect(guess).to_contain_text(UNIT)
    expect(guess).to_contain_text(re.compile(r"\d+%"))
    guess.click()
    dialog(desk).get_by_label("区住房和城乡建设局").check()
    dialog(desk).get_by_label("办理时限").select_option("complex")
    desk.shot("hotline-dispatch-dialog")
    finish(desk, "派出去")
    expect(page.get_by_role("complementary")).to_contain_text("协办 区住房和城乡建设局")
    expect(page.get_by_role("complementary")).to_contain_text("疑难（15 天）")


def _handled(demo: Demo, desk: Watched, mark: str) -> str:
    """The unit signs, contacts the caller and answers; the ticket's id."""
    page = desk.page
    enter(desk, demo, "高波", "hotline/unit")
    page.locator("tbody tr").filter(has_text=mark).click()
    expect(page.get_by_role("complementary").get_by_role("button", name="签收")).to_be_visible()
    page.keyboard.press("a")
    finish(desk, "签收")
    expect(page.get_by_role("complementary")).to_contain_text("首接负责")
    page.get_by_role("link", name="整页").click()
    page.get_by_role("region", name="经过").wait_for()
    keyed(desk, "l")
    dialog(desk).get_by_role("textbox").fill("约好下午去看")
    finish(desk, "记下")
    expect(page.get_by_role("region", name="经过")).to_contain_text("约好下午去看")
    keyed(desk, "r")
    dialog(desk).get_by_label("给来电人的话").fill("井盖换成防响的了")
    dialog(desk).get_by_label("内部记录").fill("换井盖一个")
    desk.shot("hotline-reply")
    finish(desk, "提交审核")
    says(desk, "待部门审核")
    return page.url.rsplit("/", 1)[1]


def _called_back(demo: Demo, desk: Watched, mark: str, ticket_id: str) -> None:
    """Nobody answers, then the caller does, and is content."""
    page = desk.page
    enter(desk, demo, "蔡云", "hotline/quality")
    expect(page.locator("tbody tr").filter(has_text=mark)).to_be_visible()
    show(desk, demo, ticket_id)
    page.keyboard.press("h")
    dialog(desk).get_by_text("没打通", exact=True).click()
    finish(desk, "记下")
    says(desk, "待回访")
    page.keyboard.press("h")
    expect(dialog(desk)).to_contain_text("没打通 1 次")
    for choice in ("打通了", "解决了", "满意"):
        dialog(desk).get_by_text(choice, exact=True).click()
    finish(desk, "记下")
    says(desk, "办结")
    trace = page.get_by_role("region", name="经过")
    for name in ("韩梅", "孙浩", "高波", "梁建", "毛琳", "蔡云"):
        expect(trace).to_contain_text(name)
    desk.shot("hotline-closed", full=True)


def test_a_return_needs_a_legal_basis_and_the_second_is_arbitrated(
    demo: Demo, open_page: OpenPage
) -> None:
    tickets = Tickets(demo)
    ticket = tickets.dispatched(f"广告牌歪了（{own_mark()}）")
    unit = at_ticket(open_page(phone=False), demo, "高波", ticket["id"])
    unit.page.keyboard.press("t")
    dialog(unit).get_by_label("原因").fill("不归我们")
    dialog(unit).get_by_role("button", name="申请退单").click()
    expect(dialog(unit)).to_contain_text("请写依据哪一条")
    dialog(unit).get_by_label("依据哪一条").fill("《户外广告管理办法》第 8 条")
    finish(unit, "申请退单")
    says(unit, "退单审核")

    dispatcher = at_ticket(open_page(phone=False), demo, "孙浩", ticket["id"])
    expect(dispatcher.page.locator("main")).to_contain_text("《户外广告管理办法》第 8 条")
    dispatcher.page.keyboard.press("x")
    dialog(dispatcher).get_by_role("textbox").fill("属你局职责")
    finish(dispatcher, "不同意")
    says(dispatcher, "待签收")

    tickets.act("gaobo", ticket, "returns", legal_basis="三定方案", reason="仍不归我们")
    judge = at_ticket(open_page(phone=False), demo, "郑洁", ticket["id"])
    says(judge, "退单仲裁")
    judge.shot("hotline-arbitration")
    judge.page.get_by_role("button", name=re.compile("仍由原单位办")).click()
    dialog(judge).get_by_role("textbox").fill("维持原派单")
    finish(judge, "仍由原单位办")
    says(judge, "待签收")
    show(unit, demo, ticket["id"])
    expect(unit.page.get_by_role("button", name="申请退单")).to_have_count(0)


def test_an_order_is_answered_by_the_unit_and_closed_by_who_gave_it(
    demo: Demo, open_page: OpenPage
) -> None:
    tickets = Tickets(demo)
    ticket = tickets.dispatched(f"井盖没了（{own_mark()}）")
    tickets.act("gaobo", ticket, "sign")
    watch = at_ticket(open_page(phone=False), demo, "郑洁", ticket["id"])
    watch.page.keyboard.press("s")
    dialog(watch).get_by_label("督办要求").fill("今天说明怎么办")
    due = datetime.now(SHANGHAI) + timedelta(hours=5)
    dialog(watch).get_by_label("答复期限").fill(f"{due:%Y-%m-%dT%H:%M}")
    finish(watch, "发督办")
    unit = at_ticket(open_page(phone=False), demo, "高波", ticket["id"])
    unit.page.get_by_role("button", name="答复", exact=True).click()
    dialog(unit).get_by_role("textbox").fill("已围挡，明早换盖")
    finish(unit, "答复")
    show(watch, demo, ticket["id"])
    expect(watch.page.locator("main")).to_contain_text("已围挡，明早换盖")
    watch.page.get_by_role("button", name="了结").click()
    finish(watch, "了结")
    expect(watch.page.get_by_role("region", name="现在怎样")).not_to_contain_text("督办 1")


def test_taking_a_discontented_caller_out_of_the_rates_needs_two_people(
    demo: Demo, open_page: OpenPage
) -> None:
    tickets = Tickets(demo)
    ticket = tickets.answered(f"井盖还在响（{own_mark()}）")
    said = {"contacted": True, "solved": False, "satisfied": False, "note": "要赔五万"}
    tickets.act("caiyun", ticket, "callbacks", **said)
    first = at_ticket(open_page(phone=False), demo, "毛琳", ticket["id"])
    says(first, "不满意研判")
    first.page.keyboard.press("y")
    expect(dialog(first)).to_contain_text("要赔五万")
    dialog(first).get_by_text(re.compile("^剔除")).click()
    dialog(first).get_by_role("textbox").fill("现场照片两张，井盖已换好")
    finish(first, "就这样定")
    says(first, "不满意研判")
    expect(first.page.get_by_role("button", name=re.compile("^同意"))).to_have_count(0)

    second = at_ticket(open_page(phone=False), demo, "郑洁", ticket["id"])
    expect(second.page.locator("main")).to_contain_text("现场照片两张")
    second.page.keyboard.press("v")
    finish(second, "同意")
    says(second, "办结")
    expect(second.page.get_by_role("region", name="经过")).to_contain_text("剔除")
