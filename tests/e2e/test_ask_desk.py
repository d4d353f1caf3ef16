"""问一问 on the phone: found at once, or asked at the desk and answered on the same page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter, refusals_are_meant
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone
from tests.e2e.dispatch import mark as own_mark
from tests.e2e.people import Person

OpenPage = Callable[..., Watched]
ARTICLE = "失业金怎么领、能领多久"
INTERNAL = "来电人情绪激动时怎么说"
ANSWER = "可以的，户口在外地、社保在本区，就在本区领。"


def _type(phone: Phone, words: str) -> None:
    phone.top("#question input").fill(words)


@pytest.mark.requirement("000.40", "004.34", "card.07")
@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_what_the_search_did_not_answer_the_desk_answers_on_the_same_page(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    size = "elder" if elder else "normal"
    phone = Phone(open_page(), demo)
    phone.enter("chen-zhiyuan" if elder else "li-xi", elder=elder)
    phone.show("/packages/ask/ask")
    expect(phone.says("大家常问")).to_be_visible()
    phone.watched.shot(f"ask-{size}-empty")
    _type(phone, "失业金")
    suggested = phone.top("[aria-label='您是不是想问']")
    expect(suggested.get_by_text(ARTICLE)).to_be_visible()
    phone.watched.shot(f"ask-{size}-typing")
    phone.watched.page.keyboard.press("Enter")
    card = phone.top(f"[aria-label='解答：{ARTICLE}']")
    expect(card.locator(".snippet .hit").first).to_be_visible()
    phone.watched.shot(f"ask-{size}-found")
    card.click()
    expect(phone.says("怎么办")).to_be_visible()
    expect(phone.says("内部内容")).to_have_count(0)
    expect(phone.says(re.compile("内线"))).to_have_count(0)
    phone.watched.shot(f"ask-{size}-article", full=True)
    phone.top("#unhelpful").click()
    phone.top("#ask-desk").click()
    question = f"我户口在外地，失业金能在这里领吗？（{own_mark()}）"
    phone.top("#words textarea").fill(question)
    phone.watched.shot(f"ask-{size}-writing")
    phone.top("#send-question").click()
    phone.top("[role=dialog]").get_by_text("发出去", exact=True).click()
    expect(phone.says("问出去了")).to_be_visible()
    phone.watched.shot(f"ask-{size}-asked")

    _answered_at_the_desk(demo, open_page(phone=False), phone)
    phone.watched.page.reload()
    expect(phone.says("热线答复您了")).to_be_visible()
    expect(phone.top("#answer")).to_contain_text(ANSWER)
    expect(phone.top(f"#answer [aria-label='解答：{ARTICLE}']")).to_be_visible()
    phone.watched.shot(f"ask-{size}-answered")
    # Whoever searches the same again sees that it was asked and answered.
    phone.show("/packages/ask/ask?q=" + "失业金")
    expect(phone.says("您问过热线")).to_be_visible()


def _answered_at_the_desk(demo: Demo, desk: Watched, phone: Phone) -> None:
    """An operator reads the question and answers it with a public article."""
    found = re.search(r"[?&]id=([0-9a-f-]{36})", phone.watched.page.url)
    assert found
    enter(desk, demo, "韩梅", f"hotline/tickets/{found[1]}")
    desk.page.get_by_role("button", name=re.compile("^直接答复")).click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("给来电人的话").fill(ANSWER)
    dialog.get_by_role("list", name="找到的").get_by_role("listitem").filter(
        has_text=ARTICLE
    ).click()
    dialog.get_by_role("button", name=re.compile("^放进答复")).first.click()
    dialog.get_by_role("button", name=re.compile("^答复并办结")).click()
    expect(dialog).to_have_count(0)


def test_an_internal_article_is_not_found_by_residents_whatever_they_hold(
    demo: Demo, open_page: OpenPage
) -> None:
    staff = Person(demo, "hanmei", staff=True)
    internal = staff.get("/staff/articles", q=INTERNAL)["items"][0]
    assert internal["audience"] == "internal"
    phone = Phone(open_page(), demo)
    phone.show("/packages/ask/ask?q=" + INTERNAL)
    expect(phone.top("[role=tablist]")).to_be_visible()
    expect(
        phone.top("[aria-label^='解答：'], [aria-label^='办事：'], #ask-desk").first
    ).to_be_visible()
    expect(phone.top(f"[aria-label='解答：{INTERNAL}']")).to_have_count(0)
    phone.show(f"/packages/ask/article?id={internal['id']}")
    expect(phone.says("这条解答已经不在了")).to_be_visible()
    phone.watched.shot("ask-not-there")
    refusals_are_meant(phone.watched, "404")


def test_the_hotline_s_public_page_shows_figures_and_whom_to_call(
    demo: Demo, open_page: OpenPage
) -> None:
    phone = Phone(open_page(), demo)
    phone.show("/packages/tickets/hotline")
    expect(phone.says("响应率")).to_be_visible()
    expect(phone.top("#call")).to_be_visible()
    expect(phone.says("大家常问")).to_be_visible()
    phone.watched.shot("ask-hotline", full=True)
    phone.top("#write").click()
    expect(phone.says("我要反映")).to_be_visible()
