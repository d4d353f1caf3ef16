"""The community's desk in a browser: the register, what neighbours write, opinions, activities."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e import council
from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.council import box, press, tab
from tests.e2e.demo import Demo
from tests.e2e.people import Person
from tests.e2e.test_accessibility import serious

OpenPage = Callable[..., Watched]


def test_a_new_estate_gets_its_register_and_what_people_bring_in_is_decided(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "方敏", "communities")
    name = council.new_name()
    page.get_by_role("button", name="新建小区").click()
    box(page).get_by_label("名称").fill(name)
    box(page).get_by_label("申报多少套").fill("6")
    box(page).get_by_label("申报面积").fill("490.3")
    desk.shot("council-new-estate")
    assert not serious(desk)
    press(page, "建好")

    expect(page.get_by_role("heading", name=f"导入 {name} 的房屋和产权人")).to_be_visible()
    lines = [*council.rows(), "1栋,1,,4,不清楚,住宅,无名,,,,7,无"]
    file = {"name": "名册.csv", "mimeType": "text/csv", "buffer": council.sheet(lines)}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="先试一遍").click()
    expect(page.get_by_role("status").filter(has_text="会新增 6 套房")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("8")
    desk.shot("council-import-report", full=True)
    assert not serious(desk)
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已新增 6 套房")).to_be_visible()
    expect(page.locator(".facts").first).to_contain_text("490.30")

    place = council.Estate(re.findall(r"community=([0-9a-f-]{36})", page.url)[0], name)
    tab(page, "房屋")
    page.get_by_text("1-1-201", exact=True).click()
    panel = page.get_by_role("complementary", name="1-1-201")
    expect(panel).to_contain_text("周*华")
    expect(panel).not_to_contain_text("周文华")
    expect(panel).to_contain_text("同一产权人还有 1-1-102")
    panel.get_by_role("button", name="查看姓名").click()
    panel.get_by_role("button", name="核对产权证明").click()
    panel.get_by_role("button", name="查看并记录").click()
    expect(panel).to_contain_text("周文华")
    desk.shot("council-reveal")
    assert not serious(desk)
    log = Person(demo, "zhengjie", staff=True).get("/staff/reveals")["items"]
    assert any(one["purpose"] == "核对产权证明" and "方敏" in str(one) for one in log)
    council.no_wider(desk, 400, "room")

    _transfer_and_proxy(desk)

    council.claim(demo, place)
    page.reload()
    tab(page, "住处确认")
    page.get_by_role("table").get_by_text("1-1-101 · 产权人").click()
    panel = page.get_by_role("complementary", name="1-1-101 · 产权人")
    expect(panel).to_contain_text("实名与名册里这套房的产权人一致")
    desk.shot("council-claim")
    assert not serious(desk)
    council.no_wider(desk, 400, "claim")
    panel.get_by_role("button", name="确认", exact=True).click()
    press(page, "确认")
    expect(page.get_by_text("没有等确认的住处")).to_be_visible()


def _transfer_and_proxy(desk: Watched) -> None:
    """The room is sold on paper; its new owner lets a neighbour vote; both are confirmed."""
    page = desk.page
    panel = page.get_by_role("complementary", name="1-1-201")
    panel.get_by_role("button", name="登记过户").click()
    dialog = box(page)
    dialog.get_by_label("第 1 位的姓名").fill("许志明")
    dialog.get_by_label("第 1 位的证件号").fill(council.number(855))
    dialog.get_by_label("说明").fill("买卖，不动产权证已核对")
    desk.shot("council-transfer")
    press(page, "登记")
    panel.get_by_role("button", name="登记委托书").click()
    neighbour = council.resident()
    box(page).get_by_label("委托给谁").fill(str(neighbour.name))
    box(page).get_by_label("这个人的手机").fill(str(neighbour.phone))
    box(page).get_by_label("到哪一天").fill(council.moment(hours=24 * 60)[:10])
    box(page).locator("input[type=file]").set_input_files(council.photo("board"))
    expect(box(page).get_by_role("button", name="去掉第 1 张")).to_be_visible()
    desk.shot("council-proxy")
    assert not serious(desk)
    press(page, "登记")

    tab(page, "委托书")
    page.get_by_role("table").get_by_text("1-1-201").click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("纸质委托书")
    panel.get_by_role("button", name="确认有效").click()
    press(page, "确认有效")
    expect(page.get_by_text("没有等核对的委托书")).to_be_visible()
    tab(page, "过户")
    page.get_by_role("table").get_by_text("1-1-201").click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("许*明")
    desk.shot("council-transfer-check")
    panel.get_by_role("button", name="确认过户").click()
    press(page, "确认过户")
    tab(page, "房屋")
    page.get_by_text("1-1-201", exact=True).click()
    expect(page.get_by_role("complementary", name="1-1-201")).to_contain_text("许*明")


def test_what_neighbours_write_is_checked_hidden_and_appealed(
    demo: Demo, open_page: OpenPage
) -> None:
    place = council.estate(demo)
    owner = council.settled(demo, place)
    topic = council.discussing(demo, place)
    doubtful = f"测试复核：{place.name}的电动车能不能进楼"
    owner.post(f"/topics/{topic}/comments", {"text": doubtful})
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "方敏", "moderation")
    row = page.get_by_role("row").filter(has_text=doubtful)
    for _ in range(60):
        if row.count():
            break
        page.wait_for_timeout(1000)
        page.get_by_role("button", name="刷新").click()
        page.wait_for_load_state("networkidle")
    row.click()
    panel = page.get_by_role("complementary", name="发言待复核")
    expect(panel).to_contain_text(doubtful)
    desk.shot("council-moderation")
    assert not serious(desk)
    council.no_wider(desk, 400, "moderation")
    panel.get_by_role("button", name=re.compile("^通过")).click()
    expect(row).to_have_count(0)

    page.goto(f"{demo.url}/console/topics/{topic}?tab=talk")
    comment = page.get_by_role("article").filter(has_text=doubtful)
    comment.get_by_role("button", name="隐藏").click()
    box(page).get_by_label("原因").fill("写了别人的门牌")
    press(page, "隐藏")
    expect(comment).to_contain_text("已隐藏")
    said = owner.get(f"/topics/{topic}/comments", sort="newest")["items"][0]
    assert said["notice"]["experience"] == "hidden" and "写了别人的门牌" in said["notice"]["text"]
    owner.post(f"/comments/{said['id']}/appeals", {"words": "我没有写别人的门牌"})
    page.goto(f"{demo.url}/console/moderation")
    row.click()
    panel = page.get_by_role("complementary", name="发言申诉")
    expect(panel).to_contain_text("申诉由街道来定")
    other = open_page(phone=False)
    enter(other, demo, "林芳", "moderation")
    appeal = other.page.get_by_role("row").filter(has_text=doubtful)
    appeal.click()
    panel = other.page.get_by_role("complementary", name="发言申诉")
    expect(panel).to_contain_text("我没有写别人的门牌")
    other.shot("council-appeal")
    assert not serious(other)
    panel.get_by_role("button", name=re.compile("^恢复显示")).click()
    box(other.page).get_by_label("原因").fill("没有写门牌，恢复")
    press(other.page, "恢复显示")
    expect(appeal).to_have_count(0)
    assert owner.get(f"/topics/{topic}/comments")["items"][0]["state"] == "visible"


def test_staff_see_where_neighbours_agree_and_where_they_part(
    demo: Demo, open_page: OpenPage
) -> None:
    worker = Person(demo, "fangmin", staff=True)
    topics = [
        one["id"]
        for state in ("open", "ended")
        for one in worker.get("/staff/topics", state=state)["items"]
    ]
    topic = next(one for one in topics if worker.get(f"/staff/topics/{one}/opinion-map")["ready"])
    desk = open_page(phone=False)
    enter(desk, demo, "方敏", f"topics/{topic}?tab=opinions")
    page = desk.page
    expect(page.get_by_role("img", name=re.compile("^看法地图：A 组"))).to_be_visible()
    for name in ("每组怎么想", "想到一起的", "还有分歧的"):
        expect(page.get_by_role("region", name=name)).to_be_visible()
    desk.shot("council-opinions", full=True)
    assert not serious(desk)
    council.no_wider(desk, 400, "opinions")


def test_an_activity_is_published_shown_its_code_and_called_off(
    demo: Demo, open_page: OpenPage
) -> None:
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "罗佳", "activities")
    title = f"{council.new_name()}义务理发和血压测量，请老人带上社保卡，行动不便的可以上门"
    page.get_by_role("button", name="发布活动").click()
    box(page).get_by_role("button", name="存为草稿").click()
    expect(box(page).get_by_text("请选开始时间")).to_be_visible()
    box(page).get_by_label("名称").fill(title)
    box(page).get_by_label("内容").fill("理发、量血压、磨剪刀。")
    box(page).get_by_label("地点").fill("中心花园凉亭")
    soon, later = council.moment(minutes=15), council.moment(minutes=135)
    box(page).get_by_label("开始", exact=True).fill(soon)
    box(page).get_by_label("结束", exact=True).fill(later)
    box(page).get_by_label("报名截止").fill(council.moment(minutes=10))
    desk.shot("council-activity-form", full=True)
    assert not serious(desk)
    press(page, "存为草稿")
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="发布", exact=True).click()
    press(page, "确定")
    expect(panel).to_contain_text("报名中")
    desk.shot("council-activity")
    assert not serious(desk)
    council.no_wider(desk, 400, "activity")
    panel.get_by_role("button", name="签到码").click()
    expect(box(page).get_by_role("img", name="签到二维码")).to_be_visible()
    desk.shot("council-activity-code")
    assert not serious(desk)
    page.keyboard.press("Escape")
    panel.get_by_role("button", name="取消活动").click()
    box(page).get_by_label("原因").fill("下雨，改到下周日")
    press(page, "取消活动")
    expect(panel).to_contain_text("取消原因：下雨，改到下周日")
    for name in ("党员报到", "微心愿和互助", "共享场地"):
        council.tab(page, name)
        page.wait_for_load_state("networkidle")
        desk.shot(f"council-life-{name}")
        assert not serious(desk), name
