"""An article from its first words to its readers, by three people; versions; two editors at once."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter, refusals_are_meant
from tests.e2e.demo import Demo
from tests.e2e.dispatch import mark as own_mark
from tests.e2e.people import Person

OpenPage = Callable[..., Watched]
EDITOR, HEAD, CENTRE, OPERATOR = "余华", "许蓉", "毛琳", "韩梅"
WORDS = "## 办理条件\n\n持证满一年、在越和区参保的，都能领。\n\n- 每人每年一次\n- 每次**一千元**"


def dialog(page: Page) -> Locator:
    """The dialog in front."""
    return page.get_by_role("dialog")


def agree(page: Page, step: str, reason: str = "") -> None:
    """A step of the article: its button, and the one in the dialog after it."""
    page.locator(".page-head").get_by_role("button", name=step).click()
    if reason:
        dialog(page).get_by_role("textbox").fill(reason)
    dialog(page).get_by_role("button", name=step).click()
    expect(dialog(page)).to_have_count(0)


def segment(page: Page, group: str, text: str) -> None:
    """Choose one of a few by its words."""
    page.get_by_role("group", name=group).locator("label").filter(has_text=text).click()


def write(page: Page, title: str) -> str:
    """A new draft by the keyboard; its id."""
    page.get_by_role("heading", name="知识库").wait_for()
    page.locator("tbody tr:not(.ghost)").first.wait_for()
    page.keyboard.press("n")
    dialog(page).get_by_label("标题").fill(title)
    dialog(page).get_by_role("button", name="建草稿").click()
    page.wait_for_url(re.compile(r"/knowledge/[0-9a-f-]{36}/edit$"))
    page.get_by_label("公开内容").wait_for()
    return page.url.split("/")[-2]


def saved(page: Page, demo: Demo, **content: str) -> None:
    """Have what was written saved: the page says so, and the server has it."""
    page.keyboard.press("Control+s")
    editor = Person(demo, "yuhua", staff=True)
    for _ in range(50):
        draft = editor.get(f"/staff/articles/{page.url.split('/')[-2]}")["draft"]
        if {name: draft[name] for name in content} == content:
            break
        page.wait_for_timeout(100)
    assert {name: draft[name] for name in content} == content
    expect(page.get_by_text("已自动保存")).to_be_visible()


@pytest.fixture
def shelf(demo: Demo) -> Iterator[list[str]]:
    """Ids of articles that a test makes: they are taken down again after it."""
    made: list[str] = []
    yield made
    keeper = Person(demo, "wulei", staff=True)
    for one in made:
        path = f"/staff/articles/{one}"
        if "withdraw" in keeper.get(path)["can"]:
            keeper.post(f"{path}/withdrawals", {"reason": "测试写的"})


@pytest.mark.requirement("card.07")
def test_an_article_passes_three_people_and_then_answers_residents(
    demo: Demo, open_page: OpenPage, shelf: list[str]
) -> None:
    title = f"技能证书补贴{own_mark()}"
    desk, head, centre = (open_page(phone=False) for _ in range(3))
    page = desk.page
    enter(desk, demo, EDITOR, "knowledge")
    article = write(page, title)
    shelf.append(article)
    desk.shot("knowledge-editor-empty")
    expect(page.get_by_label("发布单位")).to_have_value("区人力资源和社会保障局")
    segment(page, "公开范围", "公开")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("alert").filter(has_text="处改好才能提交")).to_be_visible()
    expect(page.get_by_label("分类")).to_have_attribute("aria-invalid", "true")
    desk.shot("knowledge-editor-refused")
    page.get_by_label("公开内容").fill(WORDS)
    expect(
        page.get_by_role("complementary").get_by_role("heading", name="办理条件")
    ).to_be_visible()
    page.get_by_label("内部内容").fill("系统里查不到证书时，转技能科。")
    page.get_by_label("分类").select_option(index=1)
    page.get_by_label("关键词").fill("考证、技能补贴")
    page.get_by_label("关键词").blur()
    saved(page, demo, public_text=WORDS)
    desk.shot("knowledge-editor")
    page.get_by_role("button", name="提交审核").click()
    dialog(page).get_by_role("button", name="提交审核").click()
    page.wait_for_url(re.compile(f"/knowledge/{article}$"))
    expect(page.locator(".page-head").get_by_role("button", name="审核通过")).to_have_count(0)

    enter(head, demo, HEAD, "knowledge?state=department_review")
    head.page.get_by_role("link", name=title).click()
    agree(head.page, "退回修改", "请写明每年几次")
    page.reload()
    expect(page.get_by_text("退回的意见：请写明每年几次")).to_be_visible()
    desk.shot("knowledge-returned")
    agree(page, "提交审核")
    head.page.goto(f"{demo.url}/console/knowledge/{article}")
    agree(head.page, "审核通过")
    expect(head.page.locator(".page-head").get_by_role("button", name="审核通过")).to_have_count(0)

    enter(centre, demo, CENTRE, "knowledge?state=centre_review")
    centre.page.get_by_role("link", name=title).click()
    centre.shot("knowledge-review")
    agree(centre.page, "审核通过")
    expect(centre.page.locator(".page-head").get_by_text("已发布")).to_be_visible()
    resident = Person(demo, "he-jiayi")
    found = _found_soon(resident, title)
    assert found[0]["id"] == article
    assert "转技能科" not in str(found)
    assert resident.get(f"/articles/{article}")["text"] == WORDS

    _second_version(desk, demo, article)
    _withdrawn(centre, demo, article, resident, title)


def _found_soon(resident: Person, title: str) -> list[dict[str, Any]]:
    """What residents find once the search has taken the article up, within ten seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = list(resident.get("/answers", q=title)["items"])
        if found and found[0]["title"] == title:
            return found
        time.sleep(0.2)
    return found


def _second_version(desk: Watched, demo: Demo, article: str) -> None:
    """The next version is written while the first is live, and laid beside it."""
    page = desk.page
    page.reload()
    page.locator(".page-head").get_by_role("button", name="修改").click()
    dialog(page).get_by_role("button", name="修改").click()
    page.wait_for_url(re.compile(f"/knowledge/{article}/edit$"))
    page.get_by_label("公开内容").fill(WORDS.replace("一千元", "一千二百元"))
    page.get_by_label("这一版改了什么").fill("标准提高")
    segment(page, "右边看什么", "和线上的差别")
    changes = page.get_by_role("complementary")
    expect(changes.locator("ins")).to_contain_text(["二百"])
    saved(page, demo, change_note="标准提高")
    page.goto(page.url.removesuffix("/edit"))
    page.get_by_role("link", name="左右对照").click()
    table = page.get_by_role("region", name="对照")
    expect(table.locator("ins")).to_contain_text(["二百"])
    expect(page.get_by_text("处不同")).to_be_visible()
    desk.shot("knowledge-comparison")
    page.go_back()
    segment(page, "右边看什么", "版本")
    expect(page.get_by_text("改了：标准提高")).to_be_visible()
    agree(page, "放弃草稿")


def _withdrawn(centre: Watched, demo: Demo, article: str, resident: Person, title: str) -> None:
    """Taken down, it is found no more, by whatever link."""
    centre.page.reload()
    agree(centre.page, "下架", "测试写的")
    expect(centre.page.get_by_text("这一篇已经下架")).to_be_visible()
    assert article not in str(resident.get("/answers", q=title)["items"])
    phone_path = f"{demo.url}/api/v1/articles/{article}"
    assert resident.session.get(phone_path, timeout=30).status_code == 404


def test_whoever_wrote_a_part_does_not_review_it(
    demo: Demo, open_page: OpenPage, shelf: list[str]
) -> None:
    head = Person(demo, "xurong", staff=True)
    department = head.get("/staff/article-options")["departments"]
    rsj = next(one["id"] for one in department if "人力资源" in one["name"])
    content: dict[str, Any] = {
        "title": f"自己写的{own_mark()}", "public_text": WORDS, "audience": "public",
        "category_code": head.get("/staff/article-options")["categories"][0]["items"][0]["code"],
        "issuing_unit": "区人社局",
    }  # fmt: skip
    article = head.post("/staff/articles", {"department_id": rsj, **content})["id"]
    shelf.append(article)
    head.post(f"/staff/articles/{article}/submissions", {})
    desk = open_page(phone=False)
    enter(desk, demo, HEAD, f"knowledge/{article}")
    expect(desk.page.get_by_text("您写过这一版，请由别人审核。")).to_be_visible()
    expect(desk.page.locator(".page-head").get_by_role("button", name="审核通过")).to_have_count(0)
    desk.shot("knowledge-same-person")
    agree(desk.page, "撤回修改")
    agree(desk.page, "放弃草稿")


def test_two_editors_of_one_article_choose_and_lose_nothing(
    demo: Demo, open_page: OpenPage, shelf: list[str]
) -> None:
    title = f"两个人写{own_mark()}"
    first, second = open_page(phone=False), open_page(phone=False)
    enter(first, demo, EDITOR, "knowledge")
    article = write(first.page, title)
    shelf.append(article)
    first.page.get_by_label("公开内容").fill("每周一到周五办理。")
    saved(first.page, demo, public_text="每周一到周五办理。")
    enter(second, demo, HEAD, f"knowledge/{article}/edit")
    expect(second.page.get_by_label("公开内容")).to_have_value("每周一到周五办理。")
    second.page.get_by_label("公开内容").fill("每周一到周六办理。")
    second.page.get_by_label("摘要").fill("周六也开门")
    saved(second.page, demo, public_text="每周一到周六办理。", summary="周六也开门")
    first.page.get_by_label("公开内容").fill("每天都能办理。")
    first.page.keyboard.press("Control+s")
    clash = dialog(first.page)
    expect(clash.get_by_text("别人也改了这一篇")).to_be_visible()
    expect(clash).to_contain_text("每天都能办理。")
    expect(clash).to_contain_text("每周一到周六办理。")
    first.shot("knowledge-clash")
    expect(clash.get_by_role("button", name="就这样")).to_be_disabled()
    clash.get_by_label("两段都留").check()
    clash.get_by_role("button", name="就这样").click()
    expect(first.page.get_by_label("摘要")).to_have_value("周六也开门")
    both = first.page.get_by_label("公开内容").input_value()
    assert "每天都能办理。" in both and "每周一到周六办理。" in both
    saved(first.page, demo, public_text=both, summary="周六也开门")
    refusals_are_meant(first, "412")
    first.page.goto(f"{demo.url}/console/knowledge/{article}")
    agree(first.page, "放弃草稿")
