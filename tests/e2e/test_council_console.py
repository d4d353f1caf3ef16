"""A topic at the community's desk, from its proposal to its end: draft, notice, vote, count, proof."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e import council
from tests.e2e.conftest import Watched
from tests.e2e.console import enter, refusals_are_meant
from tests.e2e.council import PATIENCE_MS, box, press, tab
from tests.e2e.demo import Demo
from tests.e2e.people import Person
from tests.e2e.test_accessibility import serious

OpenPage = Callable[..., Watched]
BASIS = "《业主大会议事规则》第十二条"
VOTE_SECONDS = 100


@pytest.mark.requirement("004.15")
def test_a_topic_goes_from_its_proposal_to_its_end(demo: Demo, open_page: OpenPage) -> None:
    place = council.estate(demo)
    owner = council.settled(demo, place)
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "方敏", "topics")
    title = "一层大堂要不要改成邻里客厅，摆书架、桌椅和饮水机"
    page.get_by_role("button", name="社区发起议题").click()
    box(page).get_by_label("哪个小区").select_option(place.id)
    box(page).get_by_label("种类").select_option("owners_ordinary")
    box(page).get_by_label("标题").fill("一层大堂怎么用")
    box(page).get_by_label("说明").fill("大堂空着。想听听大家愿不愿意摆上书架和桌椅。\n" * 12)
    desk.shot("council-propose")
    assert not serious(desk)
    press(page, "发起")
    page.wait_for_url(re.compile(r"/topics/[0-9a-f-]{36}"))
    topic = re.findall(r"/topics/([0-9a-f-]{36})", page.url)[0]

    page.get_by_role("button", name="改议题").click()
    box(page).get_by_label("标题").fill(title)
    box(page).get_by_label("没投票的计入多数").check()
    desk.shot("council-edit")
    box(page).get_by_role("button", name="保存", exact=True).click()
    expect(box(page).get_by_role("alert")).to_contain_text("依据")
    refusals_are_meant(desk, "422")
    box(page).get_by_label("议事规则里的依据").fill(BASIS)
    press(page, "保存")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role("region", name="规则")).to_contain_text(f"没投票的计入多数：{BASIS}")
    page.get_by_role("button", name="改议题").click()
    box(page).get_by_label("没投票的计入多数").uncheck()
    press(page, "保存")
    expect(page.get_by_role("region", name="规则")).not_to_contain_text("没投票的计入多数")

    page.get_by_role("button", name="开始讨论", exact=True).click()
    press(page, "开始讨论")
    tab(page, "讨论")
    page.get_by_role("button", name="官方回应").click()
    box(page).get_by_label("回应").fill("书架由社区出，维护由物业负责，晚上十点关灯。")
    press(page, "发布")
    expect(page.get_by_text("书架由社区出")).to_be_visible()
    tab(page, "看法")
    page.get_by_role("button", name="加一句观点").last.click()
    box(page).get_by_label("请邻居表态的一句话").fill("客厅晚上十点关灯")
    press(page, "加上")
    expect(page.get_by_text("还画不出看法地图")).to_be_visible()
    assert not serious(desk)
    council.let_end(demo, topic)
    _reload_until(desk, demo, topic, "drafting")

    _draft_and_notice(desk, demo, topic)
    _vote(desk, open_page, demo, topic, owner)
    _objection(desk, open_page, demo, topic, owner)
    _carry_out(desk)


def _reload_until(desk: Watched, demo: Demo, topic: str, state: str) -> None:
    """The worker has moved the topic on, and the page shows it.

    Asked of the service: while the stage still ends, the page has buttons of the same names.
    """
    worker = Person(demo, "fangmin", staff=True)
    for _ in range(120):
        if worker.get(f"/staff/topics/{topic}")["state"] == state:
            desk.page.reload()
            desk.page.get_by_role("heading", level=1).wait_for()
            return
        time.sleep(0.5)
    raise AssertionError(f"the topic did not come to {state}")


def _draft_and_notice(desk: Watched, demo: Demo, topic: str) -> None:
    page = desk.page
    page.get_by_role("button", name="写方案").first.click()
    page.get_by_role("button", name="写方案").last.click()
    page.get_by_role("button", name="保存成新的一版").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("方案正文").fill("一、摆两个书架、四张桌子。\n二、费用九千元，用公共收益。")
    page.get_by_label("表决的问题").fill("是否同意把一层大堂改成邻里客厅？")
    desk.shot("council-draft", full=True)
    assert not serious(desk)
    page.get_by_role("button", name="保存成新的一版").click()
    expect(page.get_by_role("heading", name="方案第 1 版")).to_be_visible()
    page.get_by_role("button", name="公示方案").click()
    press(page, "公示")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="打印公告").click()
    poster = opened.value
    # The whole of the code is on the paper, not a corner of it.
    whole = "(s) => s.getBBox().width + 2 * s.getBBox().x <= s.viewBox.baseVal.width + 1"
    assert poster.locator("svg").evaluate(whole)
    expect(poster.locator("body")).to_contain_text("是否同意把一层大堂改成邻里客厅？")
    poster.screenshot(path=council.shots() / "council-poster.png", full_page=True)
    poster.close()
    tab(page, "表决")
    page.get_by_role("button", name="准备表决", exact=True).click()
    press(page, "准备好")
    expect(page.get_by_role("button", name="改议题")).to_have_count(0)
    page.get_by_role("button", name="开始表决", exact=True).click()
    box(page).get_by_role("button", name="开始表决").click()
    expect(page.get_by_text("公示还没有结束")).to_be_visible()
    refusals_are_meant(desk, "/openings")
    desk.shot("council-vote-prepared")
    assert not serious(desk)
    council.let_end(demo, topic)


def _vote(desk: Watched, open_page: OpenPage, demo: Demo, topic: str, owner: Person) -> None:
    page = desk.page
    vote = Person(demo, "fangmin", staff=True).get(f"/staff/topics/{topic}")["votes"][-1]["id"]
    council.short_vote(demo, topic, VOTE_SECONDS)
    page.reload()
    page.get_by_role("button", name="开始表决", exact=True).click()
    press(page, "开始表决")
    expect(page.get_by_role("region", name="表决").first).to_contain_text("0 / 5")
    paper = page.get_by_role("region", name="纸质票")
    for number, room, choice in (("0001", "1-1-102", "同意"), ("0002", "1-1-202", "同意"),
                                 ("0003", "1-1-301", "不同意"), ("0004", "1-1-302", "同意")):  # fmt: skip
        paper.get_by_label("票面编号").fill(number)
        paper.get_by_label("房号").fill(room)
        paper.get_by_label(choice, exact=True).check()
        paper.get_by_role("button", name="录入第一遍").click()
        expect(paper.get_by_role("table")).to_contain_text(number)
    # The owner votes on the phone; the number of heads follows by itself, the result stays away.
    seat = owner.get(f"/votes/{vote}")["seats"][0]["entry_id"]
    owner.post(
        f"/votes/{vote}/ballots", {"entry_id": seat, "choice": ["agree"], "nonce": "5a" * 16}
    )
    region = page.get_by_role("region", name="表决").first
    expect(region).to_contain_text("1 / 5", timeout=PATIENCE_MS)
    expect(region).to_contain_text("88.50 ㎡ / 490.30 ㎡")
    expect(page.get_by_role("region", name="结果")).to_have_count(0)
    desk.shot("council-vote-open", full=True)
    assert not serious(desk)
    council.no_wider(desk, 400, "vote")

    second = open_page(phone=False)
    enter(second, demo, "罗佳", f"topics/{topic}?tab=vote")
    other = second.page.get_by_role("region", name="纸质票")
    # The third sheet is read differently.
    for number, choice in (("0001", "同意"), ("0002", "同意"), ("0003", "同意"), ("0004", "同意")):
        other.get_by_role("button", name=f"复录 {number}").click()
        other.get_by_label(choice, exact=True).check()
        other.get_by_role("button", name="录入第二遍").click()
        expect(other.get_by_role("button", name=f"复录 {number}")).to_have_count(0)
    expect(other.get_by_role("row").filter(has_text="0003")).to_contain_text("不一致")
    second.shot("council-paper-differs", full=True)
    assert not serious(second)

    # After the end it waits for the sheet on which they differ.
    expect(page.get_by_role("region", name="表决").first).to_contain_text(
        "还有 1 张纸质票没有核对", timeout=PATIENCE_MS + VOTE_SECONDS * 1000
    )
    page.get_by_role("region", name="纸质票").get_by_role("button", name="作废 0003").click()
    box(page).get_by_label("原因").fill("两项都打了勾，看不清选的是哪一项")
    press(page, "作废")
    result = page.get_by_role("region", name="结果")
    expect(result).to_contain_text("通过", timeout=PATIENCE_MS)
    expect(result).to_contain_text("4 人")
    expect(result).to_contain_text("415.30 ㎡")
    desk.shot("council-result", full=True)
    assert not serious(desk)
    council.no_wider(desk, 400, "result")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="结果证书").click()
    opened.value.wait_for_load_state()
    assert opened.value.locator("svg").evaluate("(s) => s.viewBox.baseVal.width > 20")
    expect(opened.value.locator("body")).to_contain_text("415.30")
    opened.value.screenshot(path=council.shots() / "council-certificate.png", full_page=True)
    opened.value.close()

    auditor = open_page(phone=False)
    enter(auditor, demo, "沈宇", f"topics/{topic}?tab=vote")
    auditor.page.get_by_role("button", name="重新计票核对").click()
    expect(auditor.page.get_by_role("status").filter(has_text="和公布的一样")).to_be_visible()
    auditor.page.get_by_role("button", name="按房号看票").click()
    expect(auditor.page.get_by_role("region", name="监票")).to_contain_text("1-1-102、1-1-201")
    auditor.shot("council-audit", full=True)
    assert not serious(auditor)


def _objection(desk: Watched, open_page: OpenPage, demo: Demo, topic: str, owner: Person) -> None:
    owner.post(
        f"/topics/{topic}/objections", {"words": "大堂的灯太亮，照到一楼卧室。", "file_ids": []}
    )
    street = open_page(phone=False)
    enter(street, demo, "林芳", f"topics/{topic}?tab=objections")
    found = street.page.get_by_role("region", name="异议")
    expect(found).to_contain_text("大堂的灯太亮")
    street.shot("council-objection")
    assert not serious(street)
    found.get_by_role("button", name="不采纳").click()
    box(street.page).get_by_label("原因").fill("已改用暖光灯，十点熄灭，一楼住户同意。")
    press(street.page, "不采纳")
    expect(found).to_contain_text("已改用暖光灯")
    council.let_end(demo, topic)
    _reload_until(desk, demo, topic, "carrying_out")


def _carry_out(desk: Watched) -> None:
    page = desk.page
    page.get_by_role("button", name="写落实反馈").click()
    page.get_by_role("button", name="写一条").click()
    box(page).get_by_label("做了什么").fill("书架和桌椅进场，饮水机装好。")
    box(page).get_by_label("做到百分之几").fill("100")
    box(page).locator("input[type=file]").set_input_files(council.photo("lamp"))
    expect(box(page).get_by_role("button", name="去掉第 1 张")).to_be_visible()
    press(page, "发布")
    expect(page.get_by_role("region", name="落实反馈")).to_contain_text("100%")
    desk.shot("council-progress", full=True)
    assert not serious(desk)
    page.get_by_role("button", name="办结", exact=True).click()
    box(page).get_by_label("办成了什么").fill("邻里客厅开门了，每天早八点到晚十点。")
    press(page, "办结")
    expect(page.get_by_label("现在怎样")).to_contain_text("邻里客厅开门了")
    tab(page, "概况")
    desk.shot("council-closed", full=True)
    assert not serious(desk)
