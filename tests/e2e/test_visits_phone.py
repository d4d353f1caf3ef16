"""Several items in one visit, acting for another by her consent, a family together."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.bookings import RELIEF, Clerk, Walk, afresh, booked
from tests.e2e.conftest import Watched
from tests.e2e.console import HALL, enter, item
from tests.e2e.demo import Demo
from tests.e2e.life import PATIENT, card, patience, press, yes
from tests.e2e.people import Person

OpenPage = Callable[..., Watched]
RESIDENCE = item("GA006")
#: Where 户籍证件 and 民政 are served at 越和街.
HOUSEHOLD_WINDOW, RELIEF_WINDOW = 2, 4
assert patience  # used by pytest


@pytest.mark.parametrize(
    ("key", "elder"), [("he-jiayi", False), ("wang-xiulan", True)], ids=["normal", "elder"]
)
def test_two_items_are_booked_as_one_visit_and_seen_at_the_window(
    demo: Demo, open_page: OpenPage, key: str, elder: bool
) -> None:
    person, clerk = Person(demo, key), Clerk(demo)
    clerk.free(RELIEF_WINDOW)
    afresh(person, RELIEF, RESIDENCE)
    walk = Walk(open_page(), demo, key, elder=elder)
    phone = walk.phone
    phone.show(f"/packages/appointments/book?item={RESIDENCE}&hall={HALL}")
    phone.top("#several").click()
    phone.top("#add").click()
    phone.top("#add-item input").fill("最低生活保障")
    phone.top("#find").click()
    expect(phone.top("[aria-label='最低生活保障申请']")).to_be_visible(timeout=PATIENT)
    walk.look("several-add")
    phone.top("[aria-label='最低生活保障申请']").click()
    # The hall came with the page; a day follows by itself (today, late, has no two times in a row).
    expect(phone.top(".day.open").last).to_be_visible(timeout=PATIENT)
    phone.top(".day.open").last.click()
    expect(phone.top(".time").first).to_be_visible(timeout=PATIENT)
    phone.top(".time").last.click()
    walk.look("several")
    phone.top("#next").click()
    expect(phone.top("[role=dialog]")).to_contain_text("居住证申领")
    walk.look("several-confirm")
    yes(phone, "确认预约")
    expect(phone.says("几件事一次办")).to_be_visible(timeout=PATIENT)
    expect(phone.says(re.compile("2 件事"))).to_be_visible()
    walk.look("visit")
    (first,), (second,) = booked(person, RESIDENCE), booked(person, RELIEF)
    assert first["visit"]["id"] == second["visit"]["id"]
    assert first["start"] != second["start"]

    # Both move together, one after the other again.
    phone.top("#reschedule").click()
    expect(phone.top(".time").first).to_be_visible(timeout=PATIENT)
    phone.top(".time").first.click()
    walk.look("several-move")
    phone.top("#next").click()
    yes(phone, "确认改期")
    expect(phone.says("几件事一次办")).to_be_visible(timeout=PATIENT)
    walk.look("visit-moved")
    before = first["start"], second["start"]
    (first,), (second,) = booked(person, RESIDENCE), booked(person, RELIEF)
    assert (first["start"], second["start"]) != before
    assert first["visit"]["id"] == second["visit"]["id"]

    clerk.calls(person.get(f"/appointments/{second['id']}"), RELIEF_WINDOW)
    desk = open_page(phone=False)
    enter(desk, demo, "周敏", "window")
    desk.page.get_by_role("button", name=f"{RELIEF_WINDOW} 号窗口").click()
    expect(desk.page.get_by_label("当前号")).to_contain_text("一次办 2 件", timeout=PATIENT)
    desk.shot(f"console-visit{walk.mark}")
    clerk.free(RELIEF_WINDOW)
    phone.watched.page.reload()
    expect(phone.says("办完了").or_(phone.says("已办结"))).to_be_visible(timeout=PATIENT)
    walk.look("visit-half-done")
    phone.top("#cancel").click()
    yes(phone, "取消预约")
    expect(phone.says("没有要去的了")).to_be_visible(timeout=PATIENT)
    walk.look("visit-over")
    assert booked(person, RESIDENCE) == []


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_an_agent_books_by_consent_and_a_family_comes_together(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    agent, principal, clerk = Person(demo, "chen-zhiyuan"), Person(demo, "worker-chen"), Clerk(demo)
    clerk.free(RELIEF_WINDOW)
    for one in (agent, principal):
        afresh(one, RELIEF)
    for old in principal.get("/agent-consents")["items"]:
        if old["can_withdraw"]:
            principal.post(f"/agent-consents/{old['id']}/withdraw", {})

    his = Walk(open_page(), demo, "chen-zhiyuan", elder=elder)
    his.phone.show(f"/packages/appointments/book?item={RELIEF}&hall={HALL}")
    his.phone.top("#to-agents").click()
    his.phone.top("#send").click()
    expect(his.phone.says("请写他的姓名")).to_be_visible()
    his.phone.top("#name input").fill("陈强")
    his.phone.top("#phone input").fill("13800000005")
    his.phone.top("[role=radio]").filter(has_text="兄弟姐妹").click()
    his.look("agent")
    his.phone.top("#send").click()
    expect(his.phone.says("发出去了")).to_be_visible(timeout=PATIENT)
    his.look("agent-sent")

    # Nothing can be booked for the other until he says yes, on his own phone.
    hers = Walk(open_page(), demo, "worker-chen", elder=elder)
    hers.phone.show("/packages/appointments/agents")
    asked = card(hers.phone, "想替您办").first
    expect(asked).to_contain_text("最低生活保障申请", timeout=PATIENT)
    hers.look("agents-asked")
    press(hers.phone, "同意", asked.locator(".half").last)
    expect(hers.phone.top("[role=dialog]")).to_contain_text("随时能收回")
    hers.look("agents-give")
    yes(hers.phone, "同意")
    expect(hers.phone.says(re.compile("^请陈.*替我办"))).to_be_visible(timeout=PATIENT)
    hers.look("agents-given")

    his.phone.show(f"/packages/appointments/book?item={RELIEF}&hall={HALL}")
    chip = his.phone.top("[role=checkbox]").filter(has_text=re.compile("^陈.强|陈.$"))
    expect(chip).to_be_visible(timeout=PATIENT)
    chip.click()
    expect(his.phone.says("2 个人约同一个时间，一起来")).to_be_visible()
    # What was finished counts against the most of a day: each walk has a day of its own.
    his.phone.top(".day.open").nth(-2 if elder else -1).click()
    his.phone.top(".slot.open").last.click()
    his.look("group")
    his.phone.top("#next").click()
    expect(his.phone.top("[role=dialog]")).to_contain_text("陈志远、陈")
    his.look("group-confirm")
    yes(his.phone, "确认预约")
    expect(his.phone.says("几个人一起")).to_be_visible(timeout=PATIENT)
    expect(his.phone.says(re.compile("^替 陈.* 约的"))).to_be_visible()
    his.look("group-visit")

    # They move together too, to one time for both.
    (before,) = booked(principal, RELIEF)
    his.phone.top("#reschedule").click()
    expect(his.phone.says(re.compile("2 个人一起改"))).to_be_visible(timeout=PATIENT)
    his.phone.top(".slot.open").first.click()
    his.look("group-move")
    his.phone.top("#next").click()
    yes(his.phone, "确认改期")
    expect(his.phone.says("几个人一起")).to_be_visible(timeout=PATIENT)
    his.look("group-moved")
    (theirs,) = booked(principal, RELIEF)
    assert {one["start"] for one in booked(agent, RELIEF)} == {theirs["start"]}
    assert theirs["start"] != before["start"]
    assert theirs["agent"] is not None
    hers.phone.show(f"/packages/appointments/ticket?id={theirs['id']}")
    expect(hers.phone.says(re.compile("替您约的"))).to_be_visible(timeout=PATIENT)
    hers.look("principal-ticket")
    clerk.calls(principal.get(f"/appointments/{theirs['id']}"), RELIEF_WINDOW)
    desk = open_page(phone=False)
    enter(desk, demo, "周敏", "window")
    desk.page.get_by_role("button", name=f"{RELIEF_WINDOW} 号窗口").click()
    current = desk.page.get_by_label("当前号")
    expect(current).to_contain_text("代办", timeout=PATIENT)
    expect(current).to_contain_text("一起来 2 人")
    expect(current).to_contain_text("兄弟姐妹")
    desk.shot(f"console-agent{his.mark}")

    # What he takes back, the clerk sees at once.
    hers.phone.show("/packages/appointments/agents")
    taken_back = hers.phone.top("[role=button]").filter(has_text="收回授权")
    taken_back.click()
    yes(hers.phone, "收回授权")
    expect(taken_back).to_have_count(0, timeout=PATIENT)
    desk.page.reload()
    expect(current).to_contain_text(re.compile("撤回|收回"), timeout=PATIENT)
    desk.shot(f"console-agent-withdrawn{his.mark}")
    clerk.free(RELIEF_WINDOW)
    afresh(agent, RELIEF)
