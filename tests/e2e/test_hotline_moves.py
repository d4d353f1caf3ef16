"""The rarer ways of a ticket, each in the browser: reopened, moved on, urged, paused, merged."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import Resident, enter, refusals_are_meant
from tests.e2e.demo import Demo
from tests.e2e.dispatch import mark as own_mark
from tests.e2e.hotline import UNIT, Tickets, at_ticket, dialog, finish, keyed, says, show
from tests.e2e.test_accessibility import serious

OpenPage = Callable[..., Watched]
SHANGHAI = ZoneInfo("Asia/Shanghai")
OTHER = "区住房和城乡建设局"
CONTENT = {"contacted": True, "solved": True, "satisfied": True, "note": "满意"}


def pressed(desk: Watched, name: str) -> None:
    """Press one of the ticket's buttons, those folded away included."""
    button = desk.page.get_by_role("button", name=re.compile(f"^{name}"))
    if not button.count():
        desk.page.get_by_role("button", name=re.compile(r"^还有 \d+ 项")).click()
    button.first.click()
    expect(dialog(desk)).to_be_visible()


def clock_of(tickets: Tickets, ticket: dict[str, Any], kind: str) -> dict[str, Any]:
    """The newest clock of a kind, as the API tells it."""
    found = tickets.by("sunhao").get(f"/staff/tickets/{ticket['id']}")["clocks"]
    return dict([one for one in found if one["kind"] == kind][-1])


def length(clock: dict[str, Any]) -> timedelta:
    """From start to due."""
    return datetime.fromisoformat(clock["due_at"]) - datetime.fromisoformat(clock["started_at"])


def test_a_closed_ticket_is_reopened_and_its_unit_goes_on(demo: Demo, open_page: OpenPage) -> None:
    tickets = Tickets(demo)
    ticket = tickets.answered(f"井盖换了又响（{own_mark()}）")
    tickets.act("caiyun", ticket, "callbacks", **CONTENT)
    desk = at_ticket(open_page(phone=False), demo, "郑洁", ticket["id"])
    says(desk, "办结")
    pressed(desk, "重开")
    dialog(desk).get_by_role("button", name="重开").click()
    expect(dialog(desk).get_by_role("alert").first).to_be_visible()
    dialog(desk).get_by_role("textbox").fill("来电人说车一过又响")
    finish(desk, "重开")
    says(desk, "办理中")
    expect(desk.page.get_by_role("region", name="经过")).to_contain_text("来电人说车一过又响")
    desk.shot("hotline-reopened")
    unit = at_ticket(open_page(phone=False), demo, "高波", ticket["id"])
    expect(unit.page.get_by_role("button", name=re.compile("^提交答复"))).to_be_visible()


def test_arbitration_can_give_it_to_another_unit_for_good(demo: Demo, open_page: OpenPage) -> None:
    tickets = Tickets(demo)
    ticket = tickets.dispatched(f"小区围墙要倒（{own_mark()}）")
    basis = {"legal_basis": "三定方案第 4 条", "reason": "小区内归住建"}
    asked = tickets.act("gaobo", ticket, "returns", **basis)
    request = asked["requests"][-1]["id"]
    refused = {"approved": False, "note": "先核实"}
    tickets.by("sunhao").post(f"/staff/ticket-requests/{request}/decision", refused)
    tickets.act("gaobo", ticket, "returns", **basis)
    judge = at_ticket(open_page(phone=False), demo, "郑洁", ticket["id"])
    says(judge, "退单仲裁")
    judge.page.keyboard.press("v")
    expect(dialog(judge)).to_contain_text("定了不再退")
    dialog(judge).get_by_label("改派给").select_option(label=OTHER)
    dialog(judge).get_by_label("仲裁的理由").fill("围墙在小区红线内")
    judge.shot("hotline-arbitration-moves")
    finish(judge, "改派")
    says(judge, "待签收")
    says(judge, OTHER)
    units = judge.page.get_by_role("region", name="单位、申请、督办和回访")
    expect(units.get_by_role("listitem").filter(has_text=f"主办 {UNIT}")).to_contain_text("已退单")
    shown = tickets.by("sunhao").get(f"/staff/tickets/{ticket['id']}")
    assert shown["lead_unit_name"] == OTHER


def test_a_caller_is_heard_once_a_day(demo: Demo, open_page: OpenPage) -> None:
    tickets = Tickets(demo)
    ticket = tickets.dispatched(f"井盖没人修（{own_mark()}）")
    desk = at_ticket(open_page(phone=False), demo, "韩梅", ticket["id"])
    keyed(desk, "u")
    dialog(desk).get_by_role("textbox").fill("三天没人联系")
    finish(desk, "催办")
    says(desk, "催办 1")
    keyed(desk, "u")
    dialog(desk).get_by_role("textbox").fill("又打来了")
    dialog(desk).get_by_role("button", name="催办").click()
    expect(dialog(desk).get_by_role("alert")).to_contain_text("今天已经催过了")
    desk.shot("hotline-urged-twice")
    # What was typed is still there; nothing was counted.
    expect(dialog(desk).get_by_role("textbox")).to_have_value("又打来了")
    dialog(desk).get_by_role("button", name="不了").click()
    show(desk, demo, ticket["id"])
    says(desk, "催办 1")
    refusals_are_meant(desk, "409")


def test_an_extension_is_asked_once_and_moves_the_deadline(demo: Demo, open_page: OpenPage) -> None:
    tickets = Tickets(demo)
    ticket = tickets.dispatched(f"路面塌了要等料（{own_mark()}）")
    tickets.act("gaobo", ticket, "sign")
    before = length(clock_of(tickets, ticket, "handle"))
    unit = at_ticket(open_page(phone=False), demo, "高波", ticket["id"])
    unit.page.keyboard.press("d")
    dialog(unit).get_by_label("延几天").select_option("5")
    dialog(unit).get_by_label("原因").fill("要等检测报告")
    finish(unit, "申请延期")
    says(unit, "延期审核")
    chief = at_ticket(open_page(phone=False), demo, "郑洁", ticket["id"])
    expect(chief.page.locator("main")).to_contain_text("要等检测报告，延 5 天")
    chief.page.keyboard.press("v")
    finish(chief, "同意")
    says(chief, "办理中")
    assert length(clock_of(tickets, ticket, "handle")) - before == timedelta(days=5)
    chief.shot("hotline-extended")
    show(unit, demo, ticket["id"])
    expect(unit.page.get_by_role("button", name=re.compile("^提交答复"))).to_be_visible()
    expect(unit.page.get_by_role("button", name=re.compile("^申请延期"))).to_have_count(0)


def test_a_hold_stops_the_time_until_it_is_ended(demo: Demo, open_page: OpenPage) -> None:
    tickets = Tickets(demo)
    ticket = tickets.dispatched(f"排水口要等汛期后施工（{own_mark()}）")
    tickets.act("gaobo", ticket, "sign")
    unit = at_ticket(open_page(phone=False), demo, "高波", ticket["id"])
    pressed(unit, "申请挂账")
    until = datetime.now(SHANGHAI) + timedelta(days=20)
    dialog(unit).get_by_label("挂到什么时候").fill(f"{until:%Y-%m-%dT%H:%M}")
    dialog(unit).get_by_label("原因").fill("汛期不能动土")
    finish(unit, "申请挂账")
    says(unit, "挂账审核")
    chief = at_ticket(open_page(phone=False), demo, "郑洁", ticket["id"])
    chief.page.keyboard.press("v")
    finish(chief, "同意")
    says(chief, "挂账中")
    expect(chief.page.get_by_role("region", name="时限")).to_contain_text("挂账，不计时")
    chief.shot("hotline-on-hold")
    show(unit, demo, ticket["id"])
    pressed(unit, "结束挂账")
    finish(unit, "恢复计时")
    says(unit, "办理中")
    expect(unit.page.get_by_role("region", name="时限")).not_to_contain_text("挂账，不计时")


def test_of_two_merged_callers_each_is_called_back_and_a_third_is_taken_apart(
    demo: Demo, open_page: OpenPage
) -> None:
    tickets = Tickets(demo)
    mark = own_mark()
    parent = tickets.dispatched(f"主干管爆了（{mark}）")
    child, stranger = (
        tickets.act("hanmei", tickets.new(words), "accept")
        for words in (f"家里没水，楼下在冒水（{mark}）", f"路口积水（{mark}）")
    )
    desk = at_ticket(open_page(phone=False), demo, "孙浩", child["id"])
    for one in (child, stranger):
        show(desk, demo, one["id"])
        keyed(desk, "m")
        dialog(desk).get_by_label("找要并入的工单").fill(parent["number"])
        dialog(desk).get_by_role("button", name="找", exact=True).click()
        dialog(desk).get_by_role("radio").check()
        desk.shot("hotline-merge")
        finish(desk, "并进去")
        says(desk, "已并入")
    pressed(desk, "退出并入")
    dialog(desk).get_by_role("textbox").fill("积水在另一条路")
    finish(desk, "退出并入")
    says(desk, "待派单")

    show(desk, demo, parent["id"])
    links = desk.page.get_by_role("region", name="连着的")
    expect(links).to_contain_text(child["number"])
    expect(links).not_to_contain_text(stranger["number"])
    desk.shot("hotline-parent")
    tickets.act("gaobo", parent, "sign")
    tickets.act("gaobo", parent, "contact", note="正在抢修")
    texts = {"internal_record": "换管 6 米", "public_text": "水管修好了，供水恢复了"}
    tickets.act("gaobo", parent, "reply", **texts)
    tickets.act("liangjian", parent, "unit-approval")
    tickets.act("maolin", parent, "centre-approval")

    back = at_ticket(open_page(phone=False), demo, "蔡云", parent["id"])
    for one in (parent, child):
        show(back, demo, one["id"])
        says(back, "待回访")
        expect(back.page.get_by_role("region", name="答复")).to_contain_text("供水恢复了")
        back.page.keyboard.press("h")
        for choice in ("打通了", "解决了", "满意"):
            dialog(back).get_by_text(choice, exact=True).click()
        finish(back, "记下")
        says(back, "办结")
    assert tickets.by("sunhao").get(f"/staff/tickets/{stranger['id']}")["state"] == "to_dispatch"


def test_a_service_item_alone_answers_and_the_caller_opens_its_page(
    demo: Demo, open_page: OpenPage
) -> None:
    resident = Resident(demo, "he-jiayi")
    words = f"居住证怎么办（{own_mark()}）"
    asked = resident.post("/questions", {"query": "", "words": words})
    desk = at_ticket(open_page(phone=False), demo, "韩梅", asked["id"])
    keyed(desk, "z")
    finder = dialog(desk).get_by_role("searchbox", name=re.compile("查知识"))
    finder.fill("居住证")
    item = (
        dialog(desk)
        .get_by_role("list", name="找到的")
        .get_by_role("listitem")
        .filter(has=desk.page.get_by_text("事项", exact=True))
        .first
    )
    item.click()
    link = item.get_by_role("link", name="全文").get_attribute("href") or ""
    title = item.locator("b").first.inner_text()
    item.get_by_role("button", name=re.compile("放进答复")).click()
    expect(dialog(desk).get_by_role("list", name="依据")).to_contain_text(title)
    desk.shot("hotline-item-answer")
    finish(desk, "答复并办结")
    says(desk, "直接答复")
    expect(desk.page.get_by_role("list", name="依据").get_by_role("link")).to_have_attribute(
        "href", link
    )
    desk.shot("hotline-item-answered")
    (source,) = resident.get(f"/questions/{asked['id']}")["sources"]
    assert (source["kind"], source["title"]) == ("item", title)
    phone = open_page()
    phone.page.goto(f"{demo.url}{link}")
    expect(phone.page.get_by_text(title).first).to_be_visible()
    phone.shot("hotline-item-page")


def test_a_districts_own_limit_is_set_on_its_page_and_holds_from_then_on(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "郑洁", "ticket-limits")
    region = page.get_by_role("region", name="本区定的时限")
    expect(page.get_by_role("region", name="没有定时用的", exact=True)).to_contain_text("签收")
    page.wait_for_load_state("networkidle")
    rows = region.locator("tbody tr")
    have = rows.count()
    save = region.get_by_role("button", name="保存")
    expect(save).to_be_disabled()
    region.get_by_role("button", name="加一条").click()
    named = f"第 {have + 1} 条"
    _fill(desk, named, amount="0")
    save.click()
    expect(region.get_by_role("alert")).to_contain_text("1 到 10000")
    _fill(desk, named, amount="3")
    # The same case twice is no limit but a contradiction.
    region.get_by_role("button", name="加一条").click()
    _fill(desk, f"第 {have + 2} 条", amount="5")
    save.click()
    expect(region.get_by_role("alert")).to_contain_text(f"和第 {have + 1} 条")
    desk.shot("hotline-limits-refused")
    assert not serious(desk)
    page.get_by_role("button", name=f"去掉第 {have + 2} 条").click()
    target = region.get_by_label(re.compile("满意率"))
    before = target.input_value()
    target.fill("120")
    save.click()
    expect(region.get_by_role("alert")).to_contain_text("0 到 100")
    target.fill(before)
    save.click()
    expect(page.get_by_text("存好了，新的计时按新的来")).to_be_visible()
    expect(save).to_be_disabled()
    page.reload()
    expect(page.get_by_label(f"{named}，多久")).to_have_value("3")
    desk.shot("hotline-limits")
    assert not serious(desk)

    tickets = Tickets(demo)
    ticket = tickets.dispatched(f"公厕没水（{own_mark()}）", category_code="public_toilet")
    assert length(clock_of(tickets, ticket, "sign")) == timedelta(hours=3)
    page.get_by_role("button", name=f"去掉{named}").click()
    region.get_by_role("button", name="保存").click()
    expect(save).to_be_disabled()
    other = tickets.dispatched(f"公厕又没水（{own_mark()}）", category_code="public_toilet")
    assert length(clock_of(tickets, other, "sign")) > timedelta(hours=3)


def _fill(desk: Watched, named: str, amount: str) -> None:
    """A limit of the signature of what is told about public toilets."""
    page = desk.page
    page.get_by_label(f"{named}，计什么时").select_option("sign")
    page.get_by_label(f"{named}，哪类").select_option("public_toilet")
    page.get_by_label(f"{named}，多久").fill(amount)
    page.get_by_label(f"{named}，单位").select_option("hours")
