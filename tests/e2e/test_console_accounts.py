"""Accounts from the first day to the last, and signing in by hand."""

import re
from collections.abc import Callable

import pyotp
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter, refusals_are_meant
from tests.e2e.demo import Demo

OpenPage = Callable[..., Watched]
OWN = "岭川的木棉花开了一树"


def sign_in(page: Page, demo: Demo, username: str, password: str, totp: str = "") -> None:
    """By hand, as in production."""
    if "/console/sign-in" not in page.url:
        page.goto(f"{demo.url}/console/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_label("动态码", exact=True).fill(totp)
    page.get_by_role("button", name="登录", exact=True).click()


def enrol(page: Page) -> None:
    """Bind the authenticator by the secret that is shown."""
    secret = page.locator("code").inner_text()
    page.get_by_label("6 位动态码").fill(pyotp.TOTP(secret.replace(" ", "")).now())
    page.get_by_role("button", name="绑定").click()


def own_password(page: Page, temporary: str, new: str = OWN) -> None:
    """Replace the temporary password."""
    page.get_by_label("现在的密码").fill(temporary)
    page.get_by_label("新密码", exact=True).fill(new)
    page.get_by_label("再填一次新密码").fill(new)
    page.get_by_role("button", name="修改密码").click()


def told_once(page: Page) -> str:
    """The temporary password, gone for good once the dialog is closed."""
    shown = page.get_by_label("临时密码", exact=True)
    password = shown.inner_text()
    page.get_by_role("button", name="记下了").click()
    expect(shown).to_have_count(0)
    assert password not in page.content()
    return password


def test_an_account_from_its_first_day_to_its_last(demo: Demo, open_page: OpenPage) -> None:
    office, desk = open_page(phone=False), open_page(phone=False)
    page = office.page
    enter(office, demo, "吴磊")
    page.wait_for_url(re.compile("/console/accounts$"))
    temporary = _create(page, office)
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("linxia")

    sign_in(desk.page, demo, "linxia", temporary)
    expect(desk.page.get_by_text("第 1 步，共 2 步：绑定动态码")).to_be_visible()
    desk.page.get_by_role("img", name="绑定动态码的二维码").wait_for()
    desk.shot("console-set-up")
    enrol(desk.page)
    own_password(desk.page, temporary, "linxia-linxia-1")
    expect(desk.page.get_by_text("密码里不能含有用户名")).to_be_visible()
    own_password(desk.page, temporary)
    desk.page.wait_for_url(re.compile("/console/board$"))

    panel.get_by_label("第 1 个角色", exact=True).select_option(label="事项编辑")
    panel.get_by_role("button", name="保存").click()
    expect(page.get_by_text("改好了，马上生效")).to_be_visible()
    # The open board is refused at its next reading; the person is led to the new work.
    desk.page.wait_for_url(re.compile("/console/items$"))
    expect(desk.page.get_by_role("link", name="今日大厅")).to_have_count(0)

    _confirmed(page, panel, "停用账号", "停用")
    expect(panel.get_by_role("button", name="重新启用")).to_be_visible()
    desk.page.get_by_role("link").filter(has_text=re.compile("登记|申领|申请")).first.click()
    expect(desk.page.get_by_text("登录已经结束")).to_be_visible()
    sign_in(desk.page, demo, "linxia", OWN)
    expect(desk.page.get_by_role("alert")).to_contain_text("用户名、密码或动态码不对")
    desk.shot("console-ended")
    panel.get_by_role("button", name="重新启用").click()
    _resets(demo, page, panel, desk.page)
    refusals_are_meant(desk, "401", "403", "422")


def _create(page: Page, office: Watched) -> str:
    page.get_by_role("button", name="新增人员").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("姓名").fill("林霞")
    dialog.get_by_label("用户名").fill("林霞")
    dialog.get_by_role("button", name="加一个角色").click()
    dialog.get_by_label("第 1 个角色", exact=True).select_option(label="窗口人员")
    dialog.get_by_label("第 1 个角色的地点").select_option(label="越和街政务服务中心")
    dialog.get_by_role("button", name="建账号").click()
    expect(dialog).to_contain_text("以字母开头")
    dialog.get_by_label("用户名").fill("linxia")
    dialog.get_by_role("button", name="建账号").click()
    expect(dialog).to_contain_text("林霞 的临时密码")
    office.shot("console-temporary-password")
    return told_once(page)


def _confirmed(page: Page, panel: Locator, button: str, yes: str) -> None:
    panel.get_by_role("button", name=button).click()
    page.get_by_role("dialog").get_by_role("button", name=yes, exact=True).click()


def _resets(demo: Demo, page: Page, panel: Locator, other: Page) -> None:
    """A new password and a new second factor; neither the old one nor a part of it opens."""
    _confirmed(page, panel, "重置密码", "重置密码")
    temporary = told_once(page)
    sign_in(other, demo, "linxia", temporary)
    expect(other.get_by_text(re.compile("绑定动态码"))).to_be_visible()
    enrol(other)
    own_password(other, temporary, f"{OWN}又一树")
    expect(other.get_by_role("link", name="事项", exact=True)).to_be_visible()
    expect(panel.get_by_role("button", name="停用账号")).to_be_visible()
    page.reload()
    page.locator("tbody tr").filter(has_text="linxia").click()
    _confirmed(page, panel, "解除动态码", "解除")
    expect(page.get_by_text("动态码解除了")).to_be_visible()
    other.reload()
    sign_in(other, demo, "linxia", f"{OWN}又一树")
    expect(other.get_by_text("绑定动态码", exact=True)).to_be_visible()
    enrol(other)
    expect(other.get_by_role("link", name="事项", exact=True)).to_be_visible()


def test_one_cannot_lock_oneself_out(demo: Demo, open_page: OpenPage) -> None:
    office = open_page(phone=False)
    page = office.page
    enter(office, demo, "吴磊", "accounts")
    page.locator("tbody tr").filter(has_text="wulei").click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("请另一位管理员来")
    for name in ("停用账号", "重置密码", "解除动态码"):
        expect(panel.get_by_role("button", name=name)).to_have_count(0)


def test_sign_in_by_hand_wrong_words_the_lock_and_the_way_out(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    page.goto(f"{demo.url}/console/schedules")
    page.get_by_text("看演示账号的密码和动态码").click()
    row = page.locator("tr").filter(has_text="sunli")
    password, totp = (row.locator("td").nth(at).inner_text() for at in (1, 2))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("请填写用户名")).to_be_visible()
    sign_in(page, demo, "sunli", password, totp)
    # The page asked for is not hers: she lands on her work.
    page.wait_for_url(re.compile("/console/board$"))
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(re.compile("/console/sign-in$"))
    page.goto(f"{demo.url}/console/board")
    expect(page.get_by_label("用户名")).to_be_visible()
    for _ in range(5):
        with page.expect_response(re.compile("/staff/sessions$")):
            sign_in(page, demo, "sunli", "wrong-and-wrong", "000000")
        expect(page.get_by_role("alert")).to_contain_text("用户名、密码或动态码不对")
        expect(page.get_by_label("动态码", exact=True)).to_have_value("")
    sign_in(page, demo, "sunli", password, totp)
    expect(page.get_by_role("alert")).to_contain_text("账号暂时锁定")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"请\d+秒后再试"))
    desk.shot("console-locked")
    refusals_are_meant(desk, "401", "429")
