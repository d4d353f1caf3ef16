"""A campaign in the browser: written by one, read and released by another, read by a neighbour."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from backend.kernel.clock import SHANGHAI
from tests.e2e.conftest import Watched
from tests.e2e.console import Resident, enter
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone
from tests.e2e.life import until
from tests.e2e.test_accessibility import STANDS_STILL, serious

OpenPage = Callable[..., Watched]
PATIENT = 60_000
TITLE = "明天8:00到16:00停水，请提前存水"


@pytest.fixture
def writer(demo: Demo, open_page: OpenPage) -> Watched:
    return _desk(demo, open_page, "吴磊")


@pytest.fixture
def second(demo: Demo, open_page: OpenPage) -> Watched:
    return _desk(demo, open_page, "郑洁")


def _desk(demo: Demo, open_page: OpenPage, name: str) -> Watched:
    desk = open_page(phone=False)
    desk.context.set_default_timeout(PATIENT)
    enter(desk, demo, name, "messages/campaigns")
    desk.page.get_by_role("link", name="写一条群发").wait_for()
    return desk


def _write(writer: Watched, name: str) -> None:
    """A complete draft for those who live in one street, tried out."""
    page = writer.page
    page.get_by_role("link", name="写一条群发").click()
    page.get_by_label("名称").fill(name)
    page.get_by_label("住在这些地方").check()
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_text("请勾选街道或社区")).to_be_visible()
    _look(writer, "problems")
    page.get_by_label("越和街道").check()
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("正文").fill("自来水公司检修管道。请提前存水，有困难请打 12345。")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_text("住在越和街道的居民")).to_be_visible(timeout=PATIENT)


def _look(desk: Watched, name: str) -> None:
    """The page as it stands: kept as a picture, and nothing serious by axe."""
    desk.page.wait_for_function(STANDS_STILL)
    desk.shot(f"campaign-{name}")
    assert not serious(desk), name


def _row(page: Page, name: str) -> None:
    page.get_by_role("button", name="刷新").click()
    page.get_by_role("row").filter(has_text=name).filter(has_text="待放行").click()


def _release(second: Watched, name: str) -> None:
    """The second person reads it all, and only then lets it go."""
    page = second.page
    _row(page, name)
    page.get_by_role("button", name="看过全文，放行").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(TITLE)
    release = dialog.get_by_role("button", name=re.compile(r"放行，发给 [1-9]\d* 人"))
    release.click(timeout=PATIENT)
    expect(dialog.get_by_text("请先勾选")).to_be_visible()
    _look(second, "release")
    dialog.get_by_label("我看过全文").check()
    release.click()
    expect(dialog).to_have_count(0, timeout=PATIENT)


def test_a_notice_is_written_released_by_another_and_read_by_a_neighbour(
    demo: Demo, open_page: OpenPage, writer: Watched, second: Watched
) -> None:
    _write(writer, "停水通知")
    _look(writer, "editor")
    writer.page.get_by_role("button", name="提交放行").click()
    asked = writer.page.get_by_role("dialog")
    expect(asked).to_contain_text("住在越和街道的居民")
    _look(writer, "submit")
    asked.get_by_role("button", name="提交").click()
    expect(writer.page.get_by_text("请换一个人放行")).to_be_visible(timeout=PATIENT)
    expect(writer.page.get_by_role("button", name="看过全文，放行")).to_have_count(0)
    _look(writer, "submitted")

    _release(second, "停水通知")
    progress = second.page.get_by_role("region", name="进度")
    expect(progress).to_contain_text(re.compile(r"写给 [1-9]\d* 人"), timeout=PATIENT)
    _look(second, "progress")

    neighbour = Resident(demo, "wang-xiulan")
    until(lambda: TITLE in [one["title"] for one in neighbour.get("/messages")["items"]])
    _asked_for_the_next(demo, open_page())


def _asked_for_the_next(demo: Demo, watched: Watched) -> None:
    """Below the notice in the inbox: may WeChat bring the next one?"""
    phone = Phone(watched, demo)
    phone.enter("wang-xiulan", elder=True)
    phone.show("/packages/account/inbox")
    expect(phone.says(TITLE)).to_be_visible(timeout=PATIENT)
    expect(phone.says("要不要提醒您")).to_be_visible(timeout=PATIENT)
    expect(phone.says("同意一次，发一条")).to_be_visible()
    _look(watched, "asked-for-the-next")
    phone.top("#remind").click()
    expect(phone.says("好的，会提醒您")).to_be_visible(timeout=PATIENT)


def test_a_notice_that_waits_for_its_hour_is_stopped_and_reaches_nobody(
    demo: Demo, writer: Watched, second: Watched
) -> None:
    _write(writer, "写错的通知")
    begins = datetime.now(SHANGHAI) + timedelta(days=2)
    writer.page.get_by_label("什么时候发").fill(f"{begins:%Y-%m-%dT%H:%M}")
    writer.page.get_by_role("button", name="提交放行").click()
    writer.page.get_by_role("dialog").get_by_role("button", name="提交").click()
    expect(writer.page.get_by_text("请换一个人放行")).to_be_visible(timeout=PATIENT)
    _release(second, "写错的通知")
    page = second.page
    expect(page.get_by_text("时间到了自动开始发")).to_be_visible(timeout=PATIENT)

    page.get_by_role("button", name="停止").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="停止").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    _look(second, "stop")
    dialog.get_by_label("原因").fill("日期写错了")
    dialog.get_by_role("button", name="停止").click()
    expect(page.get_by_text("停止原因：日期写错了")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_text("停下0条还没发的")).to_be_visible()
    expect(page.get_by_role("button", name="停止")).to_have_count(0)
    _look(second, "stopped")
