"""The dispatcher's desk: calls come by the stream, keys do the work, the trace tells it all."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.demo import Demo
from tests.e2e.dispatch import heard, overhear
from tests.e2e.dispatch import mark as own_mark
from tests.e2e.people import Person

OpenPage = Callable[..., Watched]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _place(demo: Demo) -> dict[str, Any]:
    """Where the demo's burst pipe is."""
    desk = Person(demo, "hemin", staff=True)
    row = desk.get("/staff/events", q="三栋前面的水管爆了")["items"][0]
    return {"latitude": row["latitude"], "longitude": row["longitude"]}


def _call(demo: Demo, words: str, place: dict[str, Any]) -> dict[str, Any]:
    body = {"words": words, "address": "清和园 3 栋", "category_code": "cable", **place}
    return Person(demo, "he-jiayi").post("/events", body)


def _row(desk: Watched, words: str) -> Locator:
    return desk.page.locator("tbody tr").filter(has_text=words)


def _open(desk: Watched, demo: Demo, event_id: str) -> None:
    desk.page.goto(f"{demo.url}/console/dispatch/events/{event_id}")
    desk.page.get_by_role("region", name="经过").wait_for()


def _dialog(desk: Watched) -> Locator:
    return desk.page.get_by_role("dialog")


@pytest.mark.requirement("004.23", "004.26")
def test_a_call_comes_by_the_stream_and_goes_through_all_hands(
    demo: Demo, open_page: OpenPage
) -> None:
    mark = own_mark()
    place = _place(demo)
    desk = open_page(phone=False)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    overhear(desk)
    enter(desk, demo, "何敏", "dispatch")
    expect(_row(desk, "待认领").first).to_be_visible()
    desk.page.wait_for_function("window.streams.length > 0")
    first = _call(demo, f"配电箱门掉了，电线露在外面（{mark}箱）", place)
    told = time.monotonic()
    expect(_row(desk, mark)).to_have_count(1)
    assert time.monotonic() - told < 5
    assert first["id"] in heard(desk)
    assert not [url for url in asked if "/events/changes" in url], "nothing is polled"

    page = desk.page
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("tbody tr[aria-selected=true], tbody tr.selected")).to_contain_text(mark)
    expect(page.get_by_role("complementary").get_by_role("heading", name="经过")).to_be_visible()
    desk.shot("console-desk")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/dispatch/events/{first['id']}"))
    page.get_by_role("region", name="经过").wait_for()
    page.keyboard.press("a")
    _dialog(desk).get_by_text("陈强", exact=True).click()
    _dialog(desk).get_by_role("textbox", name=re.compile("交代几句")).fill("先围起来")
    _dialog(desk).get_by_role("button", name="指派给他").click()
    expect(page.get_by_text("指派好了")).to_be_visible()
    chen = Person(demo, "worker-chen")
    for step in ("accept", "start"):
        chen.post(f"/worker/events/{first['id']}/{step}", {})

    _whistle(demo, open_page(phone=False), first["id"])
    _department(demo, open_page(phone=False), mark)
    _merge(demo, desk, first, place, mark)
    _supervise(demo, open_page, first["id"])

    _open(desk, demo, first["id"])
    more = page.get_by_role("button", name=re.compile("看全部"))
    if more.is_visible():
        more.click()
    trace = page.get_by_role("region", name="经过")
    for words in (
        "何敏",
        "陈强",
        "林芳",
        "高波",
        "郑洁",
        "先围起来",
        "换了门锁",
        "下班前答复",
        "马上处理",
    ):
        expect(trace).to_contain_text(words)
    desk.shot("console-trace")


def _whistle(demo: Demo, desk: Watched, event_id: str) -> None:
    """The street leader calls a department."""
    enter(desk, demo, "林芳")
    _open(desk, demo, event_id)
    desk.page.keyboard.press("w")
    _dialog(desk).get_by_label("叫哪个部门").select_option(label="区城市管理和综合执法局")
    _dialog(desk).get_by_label("要他们做什么").fill("请修好配电箱门")
    _dialog(desk).get_by_role("button", name="吹哨").click()
    expect(desk.page.get_by_text("吹哨了，部门 1 小时内要签收")).to_be_visible()


def _department(demo: Demo, desk: Watched, mark: str) -> None:
    """The department signs, contacts, arrives and finishes, on its own page of tasks."""
    enter(desk, demo, "高波", "tasks")
    row = _row(desk, mark)
    for button, state in (("签收", "已签收"), ("联系好了", "已联系"), ("到场了", "已到场")):
        row.get_by_role("button", name=button).click()
        _dialog(desk).get_by_role("button", name=button).click()
        expect(row).to_contain_text(state)
    desk.shot("console-tasks")
    row.get_by_role("button", name="办完了").click()
    _dialog(desk).get_by_role("textbox").fill("换了门锁")
    _dialog(desk).get_by_role("button", name="办完了").click()
    expect(row).to_have_count(0)


def _merge(demo: Demo, desk: Watched, into: dict[str, Any], place: Any, mark: str) -> None:
    """The same trouble told again goes into the first event."""
    again = _call(demo, f"配电箱的门掉了，有人碰到会触电（{mark}箱）", place)
    _open(desk, demo, again["id"])
    desk.page.keyboard.press("m")
    _dialog(desk).locator("label").filter(has_text="配电箱门掉了").filter(has_text=mark).click()
    desk.shot("console-merge")
    _dialog(desk).get_by_role("button", name="并进去").click()
    expect(desk.page.get_by_text(re.compile("并进去了"))).to_be_visible()
    desk.page.get_by_role("link", name=re.compile(into["number"])).click()
    expect(desk.page.get_by_text("并进来 1 件")).to_be_visible()


def _supervise(demo: Demo, open_page: OpenPage, event_id: str) -> None:
    """A supervisor asks for an answer by a moment; the lead gives it."""
    desk = open_page(phone=False)
    enter(desk, demo, "郑洁")
    _open(desk, demo, event_id)
    desk.page.keyboard.press("s")
    _dialog(desk).get_by_label("督办要求").fill("下班前答复处置安排")
    due = datetime.now(SHANGHAI) + timedelta(hours=3)
    _dialog(desk).get_by_label("答复期限").fill(f"{due:%Y-%m-%dT%H:%M}")
    _dialog(desk).get_by_role("button", name="发督办").click()
    work = desk.page.get_by_role("region", name="协办、吹哨、审批和督办")
    expect(work).to_contain_text("下班前答复处置安排")

    lead = open_page(phone=False)
    enter(lead, demo, "陈强")
    _open(lead, demo, event_id)
    lead.page.get_by_role("button", name="答复", exact=True).click()
    _dialog(lead).get_by_role("textbox").fill("马上处理，今晚恢复")
    _dialog(lead).get_by_role("button", name="答复").click()
    expect(work).to_contain_text("马上处理，今晚恢复", timeout=15_000)
    work.get_by_role("button", name="了结").click()
    _dialog(desk).get_by_role("button", name="了结").click()
    expect(work).to_contain_text("已办结")
