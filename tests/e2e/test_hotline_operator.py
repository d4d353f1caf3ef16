"""An operator at the desk: by keyboard, with the answer there while the caller still speaks."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter, refusals_are_meant
from tests.e2e.demo import Demo
from tests.e2e.dispatch import mark as own_mark
from tests.e2e.hotline import Exchange, Tickets, at_ticket, dialog

OpenPage = Callable[..., Watched]
# 罗志明 of the demo's tickets: he has open ones.
NUMBER = "13900000022"


@pytest.fixture
def exchange(demo: Demo) -> Iterator[Exchange]:
    """A call for 王晴, over when the test is."""
    calling = Exchange(demo, NUMBER, "wangqing")
    yield calling
    calling.tell("ended")


@pytest.mark.requirement("card.10", "000.40")
def test_the_answer_is_there_while_the_caller_still_speaks(
    demo: Demo, open_page: OpenPage, exchange: Exchange
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "王晴", "hotline/operator")
    words, reply = page.get_by_label("什么事"), page.get_by_label("答复来电人")
    expect(words).to_be_focused()
    exchange.tell("ringing")
    caller = page.get_by_role("region", name="来电", exact=True)
    expect(caller).to_contain_text("响铃中")
    expect(caller).to_contain_text("139****0022")
    expect(caller).to_contain_text("罗*明")
    expect(caller.get_by_role("link").first).to_be_visible()
    desk.shot("hotline-ringing")
    page.keyboard.press("Alt+a")
    expect(caller).to_contain_text("通话中")
    expect(words).to_be_focused()

    page.keyboard.type("社保卡丢了，怎么补办", delay=20)
    hits = page.get_by_role("list", name="找到的")
    article = hits.get_by_role("listitem").filter(has_text="社保卡丢了怎么挂失和补办")
    expect(article).to_be_visible()
    expect(page.get_by_role("region", name="可能是同一件事")).to_contain_text("像归")
    expect(page.get_by_role("region", name="话术")).to_contain_text("问：")
    for _ in range(10):
        if article.get_attribute("aria-current") == "true":
            break
        page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+i")
    expect(reply).to_have_value(re.compile("先挂失：拨打12333"))
    assert "**" not in reply.input_value(), "an article's marks mean nothing in a text message"
    pins = page.get_by_role("list", name="依据")
    expect(pins).to_contain_text(re.compile(r"社保卡丢了怎么挂失和补办 ?第 1 版"))
    desk.shot("hotline-answer")

    # The page crashes before the server has heard the last words.
    page.keyboard.type("，人在外地")
    page.reload()
    expect(words).to_have_value("社保卡丢了，怎么补办，人在外地")
    expect(reply).to_have_value(re.compile("先挂失"))
    expect(pins).to_contain_text("第 1 版")
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_text(re.compile("答复好了，编号"))).to_be_visible()
    expect(words).to_have_value("")
    expect(caller).to_contain_text("直接答复")
    page.keyboard.press("Alt+a")
    expect(caller).not_to_contain_text("通话中")
    _was_told(demo)


def _was_told(demo: Demo) -> None:
    """The caller has the answer by text message, with the public article's address."""

    def texts() -> str:
        answer = requests.get(f"{demo.url}/api/v1/demo/sms", params={"phone": NUMBER}, timeout=10)
        return answer.text

    for _ in range(60):
        if "先挂失" in (told := texts()):
            break
        time.sleep(0.25)
    else:
        raise AssertionError(told)
    assert "/packages/ask/article?id=" in told and "**" not in told


def test_two_operators_on_one_ticket_choose_and_lose_no_words(
    demo: Demo, open_page: OpenPage
) -> None:
    mark = own_mark()
    ticket = Tickets(demo).new(f"井盖响（{mark}楼）")
    desks = [
        at_ticket(open_page(phone=False), demo, name, ticket["id"]) for name in ("韩梅", "王晴")
    ]
    for desk, words in zip(desks, ("井盖响，夜里睡不着", "井盖响，车过就跳"), strict=True):
        desk.page.keyboard.press("e")
        dialog(desk).get_by_label("什么事").fill(words)
    first, second = desks
    dialog(second).get_by_label("在哪里").fill("文汇路 12 号")
    dialog(first).get_by_role("button", name="改好").click()
    expect(first.page.get_by_role("dialog")).to_have_count(0)
    dialog(second).get_by_role("button", name="改好").click()

    choice = dialog(second)
    expect(choice).to_contain_text("刚被别人改过")
    expect(choice).to_contain_text("夜里睡不着")
    expect(choice).to_contain_text("车过就跳")
    expect(choice.get_by_role("button", name="就这样")).to_be_disabled()
    second.shot("hotline-clash")
    choice.get_by_role("radio", name="两段都留").check()
    choice.get_by_role("button", name="就这样").click()
    expect(second.page.get_by_role("dialog")).to_have_count(0)
    head = second.page.get_by_role("region", name="现在怎样")
    for words in ("夜里睡不着", "车过就跳", "文汇路 12 号"):
        expect(head).to_contain_text(words)
    refusals_are_meant(second, "412", "409")


def test_a_confidential_caller_is_masked_and_a_look_is_written_down(
    demo: Demo, open_page: OpenPage
) -> None:
    mark = own_mark()
    told = {"caller_name": "欧阳秘", "caller_phone": "13977778888", "confidential": True}
    ticket = Tickets(demo).new(f"举报井盖公司偷工减料（{mark}）", **told)
    desk = at_ticket(open_page(phone=False), demo, "韩梅", ticket["id"])
    caller = desk.page.get_by_role("region", name="来电人")
    expect(caller).to_contain_text("来电人要求保密")
    for part in ("欧阳", "139", "8888"):
        expect(desk.page.locator("main")).not_to_contain_text(part)
    desk.page.get_by_role("button", name="查看电话").click()
    caller.get_by_role("textbox").fill(f"回拨核实 {mark}")
    caller.locator("form button[type=submit]").click()
    expect(caller).to_contain_text("13977778888")
    desk.shot("hotline-confidential")

    other = at_ticket(open_page(phone=False), demo, "王晴", ticket["id"])
    expect(other.page.get_by_role("region", name="来电人")).not_to_contain_text("8888")
    watch = open_page(phone=False)
    enter(watch, demo, "郑洁", "reveals")
    row = watch.page.locator("tbody tr").filter(has_text=mark)
    expect(row).to_contain_text("韩梅")
    expect(row).to_contain_text(ticket["number"])
