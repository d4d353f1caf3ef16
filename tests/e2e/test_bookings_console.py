"""Rules of booking at the console: a hall's own limits, consents on paper."""

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from backend.demo.register import persons
from tests.e2e.conftest import Watched
from tests.e2e.console import Resident, enter, item
from tests.e2e.demo import Demo

OpenPage = Callable[..., Watched]
LICENCE = item("SCJ001")
OTHER = item("RSJ001")


def test_a_hall_sets_how_many_one_may_book_and_takes_it_back(
    demo: Demo, open_page: OpenPage
) -> None:
    resident = Resident(demo, "he-jiayi")
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "黄建国", "bookings/limits")
    expect(page.get_by_text("没有另外定的，按这些")).to_be_visible()
    page.get_by_role("button", name="加一条").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("怎么算").select_option(label="同一天")
    most = dialog.get_by_label("每人最多约几个")
    most.fill("0")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_contain_text("个数应在 1 到 100 之间")
    most.fill("1")
    desk.shot("console-limit-dialog")
    dialog.get_by_role("button", name="保存").click()
    row = page.locator(".data-table tbody tr").filter(has_text="越和街政务服务中心")
    expect(row).to_contain_text("同一天")
    desk.shot("console-limits")

    day = resident.open_days(LICENCE)[-1]
    first = resident.book(LICENCE, day)
    slot = next(one["id"] for one in resident.slots(OTHER, day) if one["status"] == "open")
    refused = resident.session.post(
        f"{resident.base}/appointments",
        json={"slot_id": slot, "item_id": str(OTHER)},
        headers={"Idempotency-Key": str(uuid4()), **resident.looked("/appointments")},
        timeout=30,
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached"), refused.text

    row.get_by_role("button", name=re.compile("^去掉")).click()
    page.get_by_role("dialog").get_by_role("button", name="去掉").click()
    expect(row).to_have_count(0)
    second = resident.book(OTHER, day)
    for one in (first, second):
        resident.post(f"/appointments/{one['id']}/cancel", {"reason": ""})


def test_a_clerk_records_a_consent_on_paper_and_the_agent_has_it(
    demo: Demo, open_page: OpenPage
) -> None:
    cards = {one.key: (one.name, one.id_number) for one in persons()}
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "周敏", "bookings/consents")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("请照身份证填写姓名")).to_have_count(2)
    expect(page.get_by_text("请核对委托书和两人的身份证，再打勾")).to_be_visible()
    for side, key in (("委托人", "li-xi"), ("代办人", "he-jiayi")):
        name, number = cards[key]
        group = page.get_by_role("group", name=re.compile(f"^{side}"))
        group.get_by_label("姓名").fill(name or "")
        group.get_by_label("身份证号").fill(number or "")
    page.get_by_label("代办什么事").fill("社会保障卡")
    page.get_by_role("list", name="找到的事项").get_by_role("button").first.click()
    page.get_by_label("代办人是委托人的").fill("其他亲友")
    page.get_by_text("我看过委托人签字的委托书").click()
    desk.shot("console-consent-paper")
    page.get_by_role("button", name="登记", exact=True).click()
    done = page.get_by_role("region", name="刚才登记的")
    expect(done).to_contain_text(re.compile("何.+代 李"))
    assert cards["he-jiayi"][1] not in page.content()

    agent, principal = Resident(demo, "he-jiayi"), Resident(demo, "li-xi")
    assert [(one["role"], one["way"]) for one in agent.get("/agent-consents")["items"]] == [
        ("agent", "paper")
    ]
    (mine,) = principal.get("/agent-consents")["items"]
    principal.post(f"/agent-consents/{mine['id']}/withdraw", {})
    desk.shot("console-consent-done")


def test_a_manager_looks_at_appeals_and_forgives_a_late_morning(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "黄建国", "bookings/missed")
    # Whether the demo's day has a no-show yet depends on the hour.
    nothing, appeal = page.get_by_text("没有等着决定的申诉"), page.locator("tbody tr")
    expect(nothing.or_(appeal).first).to_be_visible()
    if appeal.count():
        expect(appeal.first).to_contain_text("申诉中")
    desk.shot("console-missed")
    page.get_by_role("button", name="大厅晚了，不记未到").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="不记这段时间的未到").click()
    expect(dialog).to_contain_text("请写明大厅为什么晚了")
    dialog.get_by_label("原因").fill("系统故障，上午没有叫号")
    desk.shot("console-forgiveness")
    dialog.get_by_role("button", name="不记这段时间的未到").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text(re.compile("未到不算了|没有人被记未到"))).to_be_visible()
