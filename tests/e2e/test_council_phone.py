"""A resident's part in the neighbourhood's decisions, on the phone, with normal and large letters."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from backend.demo import drawings, register
from tests.e2e.conftest import Watched
from tests.e2e.deliberation import Desk, confirm, option, say, topic_called, vote_of
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone, mark
from tests.e2e.life import until
from tests.e2e.people import Person
from tests.e2e.test_accessibility import serious, walk

OpenPage = Callable[..., Watched]
ELDER = pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
COUNCIL = "/packages/council"
SLOW_MS = 40_000


def entered(demo: Demo, open_page: OpenPage, who: str, *, elder: bool = False) -> Phone:
    """Somebody's phone, signed in."""
    phone = Phone(open_page(), demo)
    phone.enter(who, elder=elder)
    return phone


def anew(phone: Phone, path: str) -> None:
    """Open a page by its address, also where the same page shows something else already."""
    phone.show(path)
    phone.watched.page.reload()


@pytest.fixture
def unavailable(demo: Demo) -> Iterator[Callable[[], None]]:
    """Until the end of the test WeChat's check of texts does not answer, once asked for."""
    address = f"{demo.standin_url}/demo/faults"

    def order(times: int = 20) -> None:
        fault = {"path": "/wxa/msg_sec_check", "times": times, "errcode": -1}
        requests.post(address, json=fault, timeout=10).raise_for_status()

    yield order
    order(0)


@pytest.mark.requirement("004.15", "card.04")
def test_a_topic_is_proposed_seconded_and_talked_about(demo: Demo, open_page: OpenPage) -> None:
    title = f"东门口装一盏灯 {mark()}"
    phone = entered(demo, open_page, "chen-zhiyuan")
    desk = Desk(demo)
    phone.show(f"{COUNCIL}/propose?community={desk.community}")
    phone.top('[role=radio][aria-label="议事，议事表决"]').click()
    phone.top("#next").click()
    expect(phone.says("请写一句话")).to_be_visible()
    phone.top("#title input").fill(title)
    say(phone, "words", "晚上看不清台阶，老人摔过两次。" * 12)
    phone.top("#next").click()
    confirm(phone, title)
    expect(phone.says("征集联名")).to_be_visible(timeout=SLOW_MS)
    phone.watched.shot("council-proposed")
    topic = topic_called(Person(demo, "chen-zhiyuan"), title)["id"]

    # Others see it once its words are checked, which may need a second try.
    neighbour = Person(demo, "wang-xiulan")
    listed = {"community": desk.community, "state": "open", "limit": 50}
    until(lambda: title in str(neighbour.get("/topics", **listed)))
    other = entered(demo, open_page, "wang-xiulan")
    other.show(f"{COUNCIL}/topic?id={topic}")
    expect(other.says("议事表决：参加的户数过半")).to_be_visible()
    other.top("#main").click()
    expect(other.says("您已联名")).to_be_visible()
    other.top("#comment").click()
    say(other, "say-comment", "支持，装声控的省电。")
    with other.watched.page.expect_file_chooser() as chooser:
        other.top("#photos-album").click()
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": drawings.drawing("lamp", True)}
    chooser.value.set_files(picture)  # type: ignore[arg-type]  # a TypedDict to mypy
    expect(other.top(".shot")).to_have_count(1)
    confirm(other, "先检查内容")
    said = other.top(".comment").filter(has_text="声控的省电")
    expect(said).to_have_count(1)
    # The picture is judged by a push a moment after the text.
    expect(said.get_by_text("只有您能看到")).to_have_count(0, timeout=SLOW_MS)

    anew(phone, f"{COUNCIL}/topic?id={topic}")
    heard = phone.top(".comment").filter(has_text="声控的省电")
    expect(heard.locator("uni-image")).to_have_count(1)
    heard.get_by_role("button", name="赞，0 人").click()
    expect(heard.get_by_role("button", name="已赞，1 人")).to_be_visible()
    heard.get_by_text("举报", exact=True).click()
    phone.top("[role=dialog] [role=radio]").first.click()
    confirm(phone, "举报这条内容")
    expect(phone.top("[role=dialog]")).to_have_count(0)
    phone.watched.shot("council-talk")


@pytest.mark.requirement("004.15")
@ELDER
def test_refused_under_review_and_unchecked_are_three_experiences(
    demo: Demo, open_page: OpenPage, unavailable: Callable[[], None], elder: bool
) -> None:
    who = "wang-xiulan" if elder else "he-jiayi"
    phone = entered(demo, open_page, who, elder=elder)
    topic = topic_called(Person(demo, who), "一键呼叫")["id"]
    phone.show(f"{COUNCIL}/topic?id={topic}")

    def write(words: str, told: str) -> str:
        text = f"{words} {mark()}"
        phone.top("#comment").click()
        say(phone, "say-comment", text)
        confirm(phone, "说一句")
        own = phone.top(".comment").filter(has_text=text)
        expect(own).to_contain_text(told, timeout=SLOW_MS)
        expect(own).to_contain_text("只有您能看到")
        return text

    refused = write("测试违规", "没有通过检查")
    reviewed = write("测试复核", "人工查看中")
    unavailable()
    kept = write("灯很好", "稍后检查")
    phone.watched.shot(f"council-three-checks-{'elder' if elder else 'normal'}", full=True)
    assert not serious(phone.watched)
    neighbour = Person(demo, "chen-zhiyuan").get(f"/topics/{topic}/comments")["items"]
    texts = {one["text"] for one in neighbour}
    assert not texts & {refused, reviewed, kept}
    own = phone.top(".comment").filter(has_text=refused)
    own.get_by_text("我要申诉").click()
    say(phone, "say-appeal", "这是一句好话")
    confirm(phone, "申诉")
    expect(own).to_contain_text("人工查看中", timeout=SLOW_MS)


@pytest.mark.requirement("004.15", "card.04")
@ELDER
def test_an_open_vote_of_several_is_confirmed_receipted_and_changed(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    vote = Desk(demo).vote("multiple", least=1, most=2)
    phone = entered(demo, open_page, "wang-xiulan" if elder else "he-jiayi", elder=elder)
    phone.show(f"{COUNCIL}/vote?id={vote}")
    expect(phone.says("意向征集：只反映参加者的想法")).to_be_visible()
    expect(phone.says("依据：")).to_be_visible()
    option(phone, "迎春花市").click()
    option(phone, "粤剧专场").click()
    option(phone, "百家宴").click()
    expect(phone.says("最多选 2 项")).to_be_visible()
    phone.top("#next").click()
    phone.watched.shot(f"council-confirm-{'elder' if elder else 'normal'}")
    confirm(phone, "结束前可以改")
    expect(phone.top("#receipt")).to_contain_text("已投")
    phone.top("#reveal").click()
    expect(phone.top("#receipt")).to_contain_text("迎春花市")
    phone.top("#change").click()
    option(phone, "迎春花市").click()
    phone.top("#next").click()
    confirm(phone, "改成这样")
    expect(phone.top("#receipt")).to_contain_text("已投")
    receipts = Person(demo, "wang-xiulan" if elder else "he-jiayi").get(
        f"/votes/{vote}/my-receipts"
    )
    assert [one["counts"] for one in receipts["items"]].count(True) == 1
    assert len(receipts["items"]) == 2


@pytest.mark.requirement("004.15")
@ELDER
def test_a_secret_ranking_cannot_be_changed_and_says_so_before(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    vote = Desk(demo).vote("ranked", secret=True, least=1, most=3)
    phone = entered(demo, open_page, "wang-xiulan" if elder else "he-jiayi", elder=elder)
    phone.show(f"{COUNCIL}/vote?id={vote}")
    expect(phone.says("不记名的票分批计入")).to_be_visible()
    option(phone, "百家宴").click()
    option(phone, "迎春花市").click()
    option(phone, "迎春花市").get_by_text("往前").click()
    phone.top("#next").click()
    expect(phone.top("[role=dialog]")).to_contain_text("第 1：迎春花市")
    expect(phone.top("[role=dialog]")).to_contain_text("没有人能看到您投了什么")
    confirm(phone, "投出后不能改")
    expect(phone.top("#receipt")).to_contain_text("已投")
    expect(phone.top("#change")).to_have_count(0)
    phone.watched.page.reload()
    expect(phone.top("#receipt")).to_contain_text("已投")
    expect(phone.top("#receipt")).not_to_contain_text("迎春花市")
    phone.watched.shot(f"council-secret-receipt-{'elder' if elder else 'normal'}", full=True)
    phone.top("#proof").click()
    expect(phone.says("名册对得上")).to_be_visible()
    with phone.watched.page.expect_download() as kept:
        phone.top("#save-checkpoint").click()
    assert "roll " in Path(kept.value.path()).read_text(encoding="utf-8")


@pytest.mark.requirement("004.15")
def test_projects_are_chosen_within_a_budget(demo: Demo, open_page: OpenPage) -> None:
    vote = vote_of(topic_called(Person(demo, "li-xi"), "三万元楼道改造"))
    phone = entered(demo, open_page, "li-xi")
    phone.show(f"{COUNCIL}/vote?id={vote}")
    option(phone, "换声控灯").click()
    option(phone, "楼道刷白").click()
    expect(phone.says("您选的加起来 20,800.50 元，总预算 30,000 元")).to_be_visible()
    phone.top("#next").click()
    confirm(phone, "楼道刷白")
    expect(phone.top("#receipt")).to_contain_text("已投")


RESULTS = {
    "动用维修资金": ["要达到三分之二，够了", "要达到四分之三，够了", "平方米", "议事表决"],
    "文明养犬公约": ["要超过一半，够了", "不记名；投出后不能改"],
    "社区春节活动": ["一轮一轮怎么算的", "第 3 轮", "选出：邻里百家宴"],
    "五万元消防改造": ["选上的共 48,000 元，总预算 50,000 元", "26,000 元"],
    "快递代收点": ["参加的不到 10 人", "不公布票数"],
    "6栋2单元加装电梯": ["要达到四分之三，够了", "用于申请加装电梯联合审批"],
}


@pytest.mark.requirement("004.15", "card.04")
@ELDER
def test_results_say_what_was_decided_under_which_rule(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    phone = entered(demo, open_page, "wang-xiulan", elder=elder)
    reader = Person(demo, "wang-xiulan")
    problems = {}
    for title, words in RESULTS.items():
        anew(phone, f"{COUNCIL}/result?id={vote_of(topic_called(reader, title))}")
        for text in words:
            expect(phone.says(text)).to_be_visible()
        phone.watched.shot(f"council-result-{title}-{'elder' if elder else 'normal'}", full=True)
        if found := serious(phone.watched):
            problems[title] = found
    assert not problems
    with phone.watched.page.expect_download() as kept:
        phone.top("#bundle").click()
    names = zipfile.ZipFile(io.BytesIO(Path(kept.value.path()).read_bytes())).namelist()
    assert any(name.endswith("ballots.jsonl") for name in names)


@pytest.mark.requirement("004.15")
def test_what_became_of_it_is_told_and_a_result_can_be_objected_to(
    demo: Demo, open_page: OpenPage
) -> None:
    phone = entered(demo, open_page, "chen-zhiyuan")
    reader = Person(demo, "chen-zhiyuan")
    done = topic_called(reader, "一键呼叫")["id"]
    phone.show(f"{COUNCIL}/topic?id={done}")
    expect(phone.says("落实得怎么样")).to_be_visible()
    expect(phone.says("已经装好八户")).to_be_visible()
    expect(phone.top("#progress uni-image").first).to_be_visible()
    dog = topic_called(reader, "文明养犬公约")["id"]
    anew(phone, f"{COUNCIL}/topic?id={dog}")
    phone.top("#object").click()
    say(phone, "say-object", f"{mark()} 的票数我想再看一遍")
    confirm(phone, "每一条都会答复")
    expect(phone.top("#objections")).to_contain_text("我提的")
    phone.watched.shot("council-objection", full=True)


@ELDER
def test_statements_are_answered_and_the_map_is_told_in_words(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    phone = entered(demo, open_page, "wang-xiulan" if elder else "chen-zhiyuan", elder=elder)
    reader = Person(demo, "chen-zhiyuan")
    topic = topic_called(reader, "种花还是停电动车")["id"]
    phone.show(f"{COUNCIL}/opinions?id={topic}")
    # Whatever others have answered before: the first open one disappears when it is answered.
    asked = phone.top("#next-statement")
    expect(asked).to_be_visible()
    words = asked.locator(".h2").inner_text()
    asked.get_by_text("同意", exact=True).click()
    expect(asked.locator(".h2").filter(has_text=words)).to_have_count(0)
    expect(phone.top("[role=img]")).to_have_attribute("aria-label", re.compile("看法地图：A 组"))
    expect(phone.says("想到一起的")).to_be_visible()
    phone.watched.shot(f"council-opinions-{'elder' if elder else 'normal'}", full=True)
    assert not serious(phone.watched)


@pytest.mark.requirement("004.15")
def test_a_home_is_claimed_and_given_up(demo: Demo, open_page: OpenPage) -> None:
    phone = entered(demo, open_page, "chen-zhiyuan")
    phone.show(f"{COUNCIL}/claim")
    phone.top("#community input").fill("新村")
    phone.top("#community input").press("Enter")
    phone.top(".cell").filter(has_text="越和新村").click()
    phone.top("[role=radio]").filter(has_text="2单元").click()
    phone.top("[role=radio]").filter(has_text="6-2-301").click()
    phone.top("[role=radio]").filter(has_text="租户").click()
    phone.top("#next").click()
    confirm(phone, "我是租户")
    own = phone.top(".home").filter(has_text="6-2-301")
    expect(own).to_contain_text("社区工作人员核对后会告诉您")
    phone.watched.shot("council-claimed")
    own.get_by_text("撤回登记").click()
    confirm(phone, "撤回这次登记")
    expect(own).to_have_count(0)


@pytest.mark.requirement("004.15")
@ELDER
def test_a_sold_home_is_transferred_with_its_papers(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    who = "wang-xiulan" if elder else "chen-zhiyuan"
    phone = entered(demo, open_page, who, elder=elder)
    home = next(
        one for one in Person(demo, who).get("/homes")["items"]
        if "transfer" in one["can"] and not one["transfer"]
    )  # fmt: skip
    phone.show(f"{COUNCIL}/transfer?home={home['id']}")
    phone.top("[role=radio]").filter(has_text="没有我").click()
    phone.top("#next").click()
    expect(phone.says("请写姓名")).to_be_visible()
    assert not serious(phone.watched)
    phone.top("#owner-name-0 input").fill("岭川宏业置业有限公司")
    phone.top("[role=radio]").filter(has_text="单位").click()
    phone.top("#owner-number-0 input").fill("91990199MA0HY2026X")
    with phone.watched.page.expect_file_chooser() as chooser:
        phone.top("#photos-album").click()
    paper = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": drawings.drawing("board", True)}
    chooser.value.set_files(paper)  # type: ignore[arg-type]  # a TypedDict to mypy
    expect(phone.top(".shot")).to_have_count(1)
    phone.watched.shot(f"council-transfer-{'elder' if elder else 'normal'}", full=True)
    phone.top("#next").click()
    confirm(phone, "附材料 1 张")
    own = phone.top(".home").filter(has_text=home["label"])
    expect(own).to_contain_text("过户：")
    own.get_by_text("撤回过户").click()
    confirm(phone, "产权人不变")
    expect(own).not_to_contain_text("过户：")


@pytest.mark.requirement("004.15")
def test_a_proxy_for_one_topic_is_given_with_its_paper_and_taken_back(
    demo: Demo, open_page: OpenPage
) -> None:
    phone = entered(demo, open_page, "li-xi")
    topic = topic_called(Person(demo, "li-xi"), "6栋1单元加装电梯")
    phone.show(f"{COUNCIL}/topic?id={topic['id']}")
    phone.top("[role=button]").filter(has_text="没空投票").click()
    expect(phone.says("只管这一个议题：6栋1单元加装电梯")).to_be_visible()
    holder = next(one for one in register.persons() if one.key == "he-jiayi")
    phone.top("#holder input").fill(holder.name or "")
    phone.top("#phone input").fill(holder.phone or "")
    with phone.watched.page.expect_file_chooser() as chooser:
        phone.top("#photos-album").click()
    paper = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": drawings.drawing("board", True)}
    chooser.value.set_files(paper)  # type: ignore[arg-type]  # a TypedDict to mypy
    expect(phone.top(".shot")).to_have_count(1)
    phone.top("#give").click()
    confirm(phone, "附委托书照片 1 张")
    given = phone.top(".card").filter(has_text="我委托的").filter(has_text="有效")
    expect(given.locator("uni-image")).to_have_count(1)
    phone.watched.shot("council-proxy-paper", full=True)
    held = Person(demo, "he-jiayi")
    mine = [one for one in held.get("/proxies")["items"] if one["topic_id"] == topic["id"]]
    seen = held.session.get(demo.url + mine[0]["files"][0]["url"], timeout=30)
    assert seen.ok
    assert seen.headers["Content-Type"] == "image/jpeg"
    given.get_by_text("撤销委托").click()
    confirm(phone, "撤销这个委托")
    expect(given).to_have_count(0)


@pytest.mark.requirement("001.36", "004.15")
@ELDER
def test_the_pages_of_deliberation_are_accessible(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    reader = Person(demo, "wang-xiulan")
    vote = vote_of(topic_called(reader, "三万元楼道改造"))
    home = reader.get("/homes")["items"][0]["id"]
    topics = [topic_called(reader, part)["id"] for part in ("6栋1单元", "一键呼叫", "种花还是")]
    paths = ["home", "homes", "claim", "propose", "proxies", f"transfer?home={home}",
             f"vote?id={vote}", f"proof?id={vote}", f"opinions?id={topics[2]}",
             *(f"topic?id={one}" for one in topics)]  # fmt: skip
    phone = entered(demo, open_page, "wang-xiulan", elder=elder)
    listed = [f"{COUNCIL}/{path}" for path in paths]
    walk(demo, phone.watched, listed, f"{'elder' if elder else 'normal'}-council")
