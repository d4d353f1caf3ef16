"""Messages on the phone: consents given and taken back, topics muted, the inbox read by topic."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone
from tests.e2e.life import PATIENT, patience

__all__ = ["patience"]
OpenPage = Callable[..., Watched]
PERSON = "visitor"


@pytest.fixture
def phone(demo: Demo, open_page: OpenPage) -> Iterator[Phone]:
    watched = open_page()
    watched.context.set_default_timeout(PATIENT)
    made = Phone(watched, demo)
    made.enter(PERSON)
    yield made


def anew(phone: Phone, path: str) -> None:
    """A page read anew, as somebody who comes back sees it."""
    phone.show(path)
    phone.watched.page.reload()


def test_a_consent_is_given_counted_and_taken_back(phone: Phone) -> None:
    anew(phone, "/packages/account/reminders")
    booked = phone.top("uni-view.card").filter(has_text="预约成功提醒").first
    expect(booked).to_contain_text("还没同意")
    phone.top("#grant-booked").click()
    expect(booked).to_contain_text("还能发 1 条")
    council = phone.top("uni-view.card").filter(has_text="议事投票提醒").first
    phone.top("#grant-council").click()
    expect(council).to_contain_text("一直提醒")
    # A lasting consent is given once: there is nothing to add to it.
    expect(phone.top("#grant-council")).to_have_count(0)
    phone.watched.shot("phone-reminders", full=True)

    anew(phone, "/packages/account/reminders")
    phone.top("#withdraw-all").click()
    dialog = phone.top("[role=dialog]")
    expect(dialog).to_contain_text("全部收回？")
    dialog.locator("uni-button").first.click()
    expect(phone.top("#withdraw-booked, #withdraw-council")).to_have_count(0)
    expect(phone.says("您收回了")).to_be_visible()
    expect(phone.top("uni-view.card").filter(has_text="议事投票提醒").first).to_contain_text(
        "还没同意"
    )


def test_a_topic_is_muted_for_text_messages_and_calls_are_not(phone: Phone) -> None:
    anew(phone, "/packages/account/inbox")
    phone.top("#message-settings").click()
    expect(phone.top(".h1")).to_have_text("收哪些消息")
    mine = phone.top("uni-view.card").filter(has_text="预约和叫号").first
    expect(mine).to_contain_text(re.compile("总会告诉：.*叫号"))
    switch = phone.top("#appointments-sms")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    phone.watched.shot("phone-message-settings", full=True)

    anew(phone, "/packages/account/message-settings")
    expect(phone.top("#appointments-sms")).to_have_attribute("aria-checked", "false")
    expect(phone.top("#appointments-wechat")).to_have_attribute("aria-checked", "true")
    # What cannot be off has no switch, and the page says so.
    homes = phone.top("uni-view.card").filter(has_text="住处和委托").first
    expect(homes).to_contain_text("不能关")
    expect(homes.locator("[role=switch]")).to_have_count(0)
    phone.top("#appointments-sms").click()
    expect(phone.top("#appointments-sms")).to_have_attribute("aria-checked", "true")


def test_the_inbox_narrows_and_what_was_read_stays_read(phone: Phone) -> None:
    anew(phone, "/packages/account/inbox")
    welcome = phone.top("uni-view.card").filter(has_text="欢迎来到呼应").first
    expect(welcome).to_be_visible()
    phone.top("[role=checkbox]").filter(has_text="只看未读").click()
    expect(welcome).to_contain_text("未读")
    welcome.click()
    expect(welcome).not_to_contain_text("未读")
    anew(phone, "/packages/account/inbox")
    phone.top("[role=checkbox]").filter(has_text="只看未读").click()
    expect(phone.top("uni-view.card").filter(has_text="欢迎来到呼应")).to_have_count(0)
    phone.watched.shot("phone-inbox", full=True)
