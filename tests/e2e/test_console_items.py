"""An item is rewritten, refused, put right, published; the resident reads the new words."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import Resident, enter, item, refusals_are_meant
from tests.e2e.demo import Demo

OpenPage = Callable[..., Watched]
ITEM = item("RSJ003")
WORDS = "失业以后先登记，登记了就能领补贴、学技能、找工作"


def test_an_item_is_rewritten_refused_put_right_and_published(
    demo: Demo, open_page: OpenPage
) -> None:
    resident = Resident(demo, "he-jiayi")
    before = resident.get(f"/items/{ITEM}")
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "刘洋")
    page.wait_for_url(re.compile("/console/items$"))
    expect(page.locator("tbody tr").filter(has_text="区公安分局")).to_have_count(0)
    page.get_by_role("link", name=before["name"], exact=True).click()
    page.get_by_label("一句话说明").fill(WORDS)
    expect(page.get_by_role("region", name="手机预览")).to_contain_text(WORDS)
    page.get_by_text("差别", exact=False).first.click()
    changes = page.get_by_role("complementary")
    expect(changes.locator("del")).to_contain_text(before["summary"])
    expect(changes.locator("ins")).to_contain_text(WORDS)
    desk.shot("console-item-diff")

    fees = page.locator("[data-path=fees]")
    fees.get_by_role("button", name="加一条").click()
    fees.get_by_label("收费项目").fill("工本费")
    fees.get_by_label("标准").fill("5 元")
    publish = page.get_by_role("button", name="发布", exact=True)
    publish.click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    wrong = page.locator("[data-path='fees.0.basis'] .field-error")
    expect(wrong).to_be_in_viewport()
    expect(page.get_by_text(re.compile("处改好才能发布"))).to_be_visible()
    desk.shot("console-item-refused")
    assert resident.get(f"/items/{ITEM}")["version"] == before["version"]

    fees.get_by_role("button", name="删掉").click()
    publish.click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    number = before["version"] + 1
    expect(page.get_by_text(f"第 {number} 版已发布")).to_be_visible()
    after = resident.get(f"/items/{ITEM}")
    assert (after["summary"], after["version"]) == (WORDS, number)
    page.get_by_text("历史版本").click()
    old = changes.locator("li").filter(has_text=f"第 {before['version']} 版")
    old.get_by_role("button", name="放到表单里").click()
    page.get_by_role("dialog").get_by_role("button", name="放进来").click()
    expect(page.get_by_label("一句话说明")).to_have_value(before["summary"])
    refusals_are_meant(desk, "422")
    _phone_reads(demo, open_page)


def _phone_reads(demo: Demo, open_page: OpenPage) -> None:
    phone = open_page()
    phone.page.goto(f"{demo.url}/#/packages/catalogue/item?id={ITEM}")
    expect(phone.page.get_by_text(WORDS).first).to_be_visible()
