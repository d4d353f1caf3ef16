"""Groups of staff at the console: tried, added, switched off; nothing of an address is shown."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.demo import Demo
from tests.e2e.test_accessibility import serious

OpenPage = Callable[..., Watched]


def test_a_group_is_tried_added_and_switched_off(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, "吴磊", "messages/hooks")
    page = desk.page
    robot = page.locator("tbody tr").filter(has_text="越和街工作群")
    robot.get_by_role("button", name="试发一条到越和街工作群").click()
    expect(robot).to_contain_text("已交给平台", timeout=30_000)
    expect(robot).not_to_contain_text("demo-robot")
    assert not serious(desk)
    desk.shot("console-message-hooks")

    page.get_by_role("button", name="加一个工作群").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="加上").click()
    expect(dialog.get_by_text("请填写地址")).to_be_visible()
    expect(dialog.get_by_text("请至少选一种消息")).to_be_visible()
    dialog.get_by_label("名称").fill("值班群")
    dialog.get_by_label("地址").fill(
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcd1234"
    )
    dialog.get_by_label("工单待签收").check()
    desk.shot("console-message-hook-new")
    dialog.get_by_role("button", name="加上").click()
    added = page.locator("tbody tr").filter(has_text="值班群")
    expect(added).to_contain_text("qyapi.weixin.qq.com …1234")
    added.get_by_role("button", name="停用值班群").click()
    page.get_by_role("dialog").get_by_role("button", name="停用", exact=True).click()
    expect(added).to_contain_text("已停用")
