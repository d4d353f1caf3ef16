"""The hotline's figures and the rest of its pages: board, report, workbook; axe on all of them."""

import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.demo import Demo
from tests.e2e.hotline import Exchange, Tickets, dialog, show
from tests.e2e.test_accessibility import serious, settle

OpenPage = Callable[..., Watched]
PAGES = {
    "韩梅": ["operator", "tickets"],
    "孙浩": ["dispatch", "tickets?tab=overdue"],
    "高波": ["unit"],
    "毛琳": ["quality", "../hotline-reports"],
    "郑洁": ["dispatch", "../hotline-board"],
}
# A key of the ticket's page that opens a dialog for this person, who is at work on it.
DIALOGS = {"to_dispatch": ("孙浩", "pm"), "handling": ("高波", "rl"), "callback": ("蔡云", "h")}


def test_the_board_is_live_and_the_report_is_drawn_and_taken_home(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False, size={"width": 1920, "height": 1080})
    page = desk.page
    enter(desk, demo, "郑洁", "hotline-board")
    waiting = page.locator("section.tile").filter(has_text="正在等").locator(".value")
    before = int(re.sub(r"\D", "", waiting.inner_text()))
    exchange = Exchange(demo, "13900000061", "hanmei")
    exchange.tell("ringing")
    expect(waiting).to_contain_text(str(before + 1))
    desk.shot("hotline-board")
    exchange.tell("missed")
    expect(waiting).to_contain_text(str(before))
    for rate in ("响应率", "解决率", "满意率"):
        expect(page.locator("section.tile").filter(has_text=rate)).to_contain_text(
            re.compile(r"\d+ / \d+")
        )
    expect(page.get_by_role("region", name=re.compile("点最忙|还没有来电"))).to_be_visible()

    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{demo.url}/console/hotline-reports")
    charts = page.locator("section.box").filter(has=page.locator("svg path"))
    expect(charts.first).to_be_visible()
    row = page.locator("table tbody tr").filter(has_text="城市管理")
    expect(row.last).to_contain_text("%")
    desk.shot("hotline-reports", full=True)
    page.get_by_text("按类别", exact=True).click()
    expect(page.get_by_role("columnheader", name="类别").last).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    cells = [cell for line in book.worksheets[0].iter_rows(values_only=True) for cell in line]
    assert {"响应率", "解决率", "满意率"} <= {str(cell) for cell in cells if cell}


@pytest.mark.requirement("001.36")
@pytest.mark.parametrize("name", PAGES)
def test_hotline_pages_are_accessible(demo: Demo, open_page: OpenPage, name: str) -> None:
    desk = open_page(phone=False)
    enter(desk, demo, name)
    problems = {}
    for path in PAGES[name]:
        settle(desk, f"{demo.url}/console/hotline/{path}")
        rows = desk.page.locator("tbody tr.selectable")
        if "tickets" not in path and rows.count():
            rows.first.click()
            expect(desk.page.get_by_role("complementary")).to_contain_text("经过")
        desk.shot(f"hotline-{name}-{re.sub('[^a-z]+', '-', path).strip('-')}")
        if found := serious(desk):
            problems[path] = found
    assert not problems


def test_a_ticket_and_its_dialogs_are_accessible(demo: Demo, open_page: OpenPage) -> None:
    desks = {name: open_page(phone=False) for name, _ in DIALOGS.values()}
    tickets = Tickets(demo)
    everybody = tickets.by("sunhao")
    problems = {}
    for state, (name, keys) in DIALOGS.items():
        desk = desks[name]
        enter(desk, demo, name)
        unit = {"department": tickets.unit()} if name == "高波" else {}
        row = everybody.get("/staff/tickets", list="all", state=state, **unit)["items"][0]
        for key in keys:
            show(desk, demo, row["id"])
            desk.page.keyboard.press(key)
            expect(dialog(desk)).to_be_visible()
            if found := serious(desk):
                problems[state, key] = found
    assert not problems
