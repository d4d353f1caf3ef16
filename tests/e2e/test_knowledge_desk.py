"""Around the articles: corrections, what nobody found, import and export, usage, what expires."""

import json
import re
from collections.abc import Callable
from uuid import uuid4

import requests
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.demo import Demo
from tests.e2e.dispatch import mark as own_mark
from tests.e2e.people import Person
from tests.e2e.test_knowledge_editor import EDITOR, OPERATOR, agree, dialog, segment

OpenPage = Callable[..., Watched]
ARTICLE = "失业金怎么领、能领多久"


def test_an_operator_s_correction_is_answered_by_the_department(
    demo: Demo, open_page: OpenPage
) -> None:
    mark = own_mark()
    wrong, answer = f"窗口电话换了（{mark}）", f"电话没有换，还是 12333（{mark}）"
    operator, desk = open_page(phone=False), open_page(phone=False)
    enter(operator, demo, OPERATOR, "knowledge")
    operator.page.get_by_label("在列表里找").fill(ARTICLE)
    operator.page.get_by_role("link", name=ARTICLE).click()
    segment(operator.page, "右边看什么", "纠错")
    operator.page.get_by_label("哪里不对").fill(wrong)
    operator.page.get_by_role("button", name="提交纠错").click()
    expect(operator.page.get_by_text("提交了，部门两个工作日内答复")).to_be_visible()
    operator.shot("knowledge-correction-asked")

    enter(desk, demo, EDITOR, "knowledge/corrections")
    page = desk.page
    page.locator("tbody tr").filter(has_text=wrong).click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text(OPERATOR)
    desk.shot("knowledge-corrections")
    panel.get_by_role("button", name="不采纳").click()
    dialog(page).get_by_role("button", name="不采纳").click()
    expect(dialog(page).locator(".field-error")).to_be_visible()
    dialog(page).get_by_role("textbox").fill(answer)
    dialog(page).get_by_role("button", name="不采纳").click()
    expect(page.locator("tbody tr").filter(has_text=wrong)).to_have_count(0)

    operator.page.reload()
    segment(operator.page, "右边看什么", "纠错")
    expect(operator.page.get_by_text(answer)).to_be_visible()
    operator.shot("knowledge-correction-answered")


def test_what_was_not_found_becomes_an_article(demo: Demo, open_page: OpenPage) -> None:
    words = f"观赏鱼寄养证 {own_mark()}"
    _was_of_no_help(demo, words)
    desk = open_page(phone=False)
    enter(desk, demo, EDITOR, "knowledge/misses")
    page = desk.page
    row = page.locator("tbody tr").filter(has_text=words)
    expect(row).to_contain_text("群众")
    desk.shot("knowledge-misses")
    row.get_by_role("button", name="写一篇").click()
    expect(dialog(page).get_by_label("标题")).to_have_value(words)
    dialog(page).get_by_role("button", name="建草稿").click()
    page.wait_for_url(re.compile(r"/knowledge/[0-9a-f-]{36}/edit$"))
    page.get_by_label("公开内容").wait_for()
    article = page.url.removesuffix("/edit")
    page.goto(f"{demo.url}/console/knowledge/misses")
    page.locator("tbody tr:not(.ghost)").first.wait_for()
    expect(page.locator("tbody tr").filter(has_text=words)).to_have_count(0)
    page.goto(article)
    agree(page, "放弃草稿")


def _was_of_no_help(demo: Demo, words: str) -> None:
    """A resident searched, and what was found did not help."""
    found = Person(demo, "he-jiayi").get("/answers", q=words)["items"]
    if not found:
        return  # a question in vain is noted as it is asked
    best = found[0]
    said = {"query": words, "kind": best["kind"], "id": best["id"], "helpful": False}
    answer = requests.post(
        f"{demo.url}/api/v1/answers/feedback", json=said, timeout=30,
        headers={"Idempotency-Key": uuid4().hex},
    )  # fmt: skip
    assert answer.status_code == 204


def test_a_file_is_tried_imported_and_submitted_together(demo: Demo, open_page: OpenPage) -> None:
    mark = own_mark()
    good = {"issuing_unit": "区人社局", "material_kind": "guide", "public_text": "带身份证就能办。"}
    rows = [
        {**good, "title": f"导入甲{mark}", "category": "社会保险"},
        {**good, "title": f"导入乙{mark}"},
        {"title": f"导入丙{mark}"},
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    desk = open_page(phone=False)
    enter(desk, demo, EDITOR, "knowledge/import")
    page = desk.page
    page.get_by_label("选文件").set_input_files(
        {"name": "articles.jsonl", "mimeType": "application/json", "buffer": lines}
    )
    page.get_by_role("button", name="先试一遍").click()
    expect(page.get_by_text("可以收 2 条，1 条不收。还没有导入。")).to_be_visible()
    expect(page.locator("tbody tr")).to_contain_text([f"导入丙{mark}"])
    desk.shot("knowledge-import")
    page.get_by_role("button", name="导入 2 条草稿").click()
    expect(page.get_by_text("导入了 2 条草稿，1 条不收。")).to_be_visible()
    page.get_by_role("button", name="一起提交审核").click()
    dialog(page).get_by_role("button", name="提交审核").click()
    expect(dialog(page)).to_contain_text("交了 1 篇，1 篇没交")
    expect(dialog(page)).to_contain_text(f"导入乙{mark}")
    desk.shot("knowledge-submitted")
    dialog(page).get_by_role("button", name="知道了").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel（.xlsx）").click()
    assert download.value.path().read_bytes().startswith(b"PK")

    page.goto(f"{demo.url}/console/knowledge?state=draft")
    page.get_by_label("在列表里找").fill(mark)
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="全选").click()
    expect(page.get_by_role("button", name="提交审核 1 篇")).to_be_enabled()
    desk.shot("knowledge-ticked")
    yuhua = Person(demo, "yuhua", staff=True)
    for row in yuhua.get("/staff/articles", q=mark)["items"]:
        page.goto(f"{demo.url}/console/knowledge/{row['id']}")
        if row["draft_state"] == "department_review":
            agree(page, "撤回修改")
        agree(page, "放弃草稿")


def test_usage_and_what_expires_soon_are_seen(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, EDITOR, "knowledge")
    page = desk.page
    page.locator("tbody tr:not(.ghost)").first.wait_for()
    desk.shot("knowledge-list")
    page.get_by_label("到期", exact=True).select_option(label="30 天内到期")
    page.wait_for_url(re.compile("expiring=30"))
    rows = page.locator("tbody tr")
    expect(rows.first).to_contain_text(re.compile(r"还有 \d+ 天到期|今天到期"))
    desk.shot("knowledge-expiring")
    assert rows.count() == page.get_by_text(re.compile(r"还有 \d+ 天到期|今天到期")).count()
    page.get_by_role("link", name="用了多少").click()
    expect(page.get_by_text(re.compile("放进答复.*次"))).to_be_visible()
    used = page.get_by_role("region", name="文章使用情况", exact=True)
    expect(used.locator("tbody tr").first).to_be_visible()
    desk.shot("knowledge-usage", full=True)


def test_the_search_shows_what_an_item_says(demo: Demo, open_page: OpenPage) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, OPERATOR, "knowledge/search")
    page = desk.page
    page.get_by_label("搜索知识、事项和办过的工单").fill("社保卡丢了怎么补")
    page.get_by_label("找什么").select_option(label="只看事项")
    page.get_by_role("listbox", name="结果").get_by_role("option").first.click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("要带的材料：")
    expect(panel).to_contain_text("多久办好：")
    desk.shot("knowledge-search")
