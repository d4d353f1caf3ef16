"""The words of messages at the console: written beside a phone, refused, used, and taken back."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.demo import Demo

OpenPage = Callable[..., Watched]
KIND = "messages/templates/activity_cancelled"


def test_an_administrator_rewords_a_message_and_sees_it_on_a_phone(
    open_page: OpenPage, demo: Demo
) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, "吴磊", "messages/templates")
    page = desk.page
    expect(page.get_by_role("link", name="活动取消", exact=True)).to_be_visible()
    desk.shot("console-message-templates")
    page.goto(f"{demo.url}/console/{KIND}")
    phone = page.get_by_role("group", name="手机上的样子")
    expect(phone).to_contain_text("活动取消：义诊")

    title = page.get_by_label("标题")
    title.fill("不办了：{天气}")
    expect(page.get_by_text("没有「天气」这一项")).to_be_visible()
    title.fill("不办了：")
    page.get_by_role("button", name="{活动}", exact=True).click()
    expect(phone).to_contain_text("不办了：义诊")
    expect(page.get_by_text("没有「天气」这一项")).to_be_hidden()
    desk.shot("console-message-template")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_text("第 1 版草稿")).to_be_visible()
    page.get_by_role("button", name="启用草稿").click()
    page.get_by_role("dialog").get_by_role("button", name="启用", exact=True).click()
    expect(page.get_by_text("第 1 版在用")).to_be_visible()

    title.fill("活动不办了：{活动}")
    page.get_by_text("对照各版").click()
    expect(page.locator("ins")).to_contain_text("活动")
    desk.shot("console-message-versions")
    title.fill("不办了：{活动}")
    page.get_by_role("button", name="恢复自带").click()
    page.get_by_role("dialog").get_by_role("button", name="恢复自带").click()
    expect(page.get_by_text("用自带的文字")).to_be_visible()
    expect(title).to_have_value("活动取消：{活动}")


def test_who_may_only_look_sees_the_words_and_changes_nothing(
    open_page: OpenPage, demo: Demo
) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, "郑洁", KIND)
    page = desk.page
    expect(page.get_by_role("group", name="手机上的样子")).to_contain_text("活动取消")
    expect(page.get_by_label("标题")).to_be_disabled()
    expect(page.get_by_role("button", name="存草稿")).to_have_count(0)
