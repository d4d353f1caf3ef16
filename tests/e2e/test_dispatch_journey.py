"""A broken lamp from the first photo to the rating, and danger before everything else."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone, mark
from tests.e2e.people import Person

OpenPage = Callable[..., Watched]
# Pages of the phone ask every ten seconds.
POLLED = 25_000


def _lamp_already_told(demo: Demo) -> tuple[float, float]:
    """The place of the open call about a lamp that the demo begins with."""
    desk = Person(demo, "hemin", staff=True)
    (found,) = desk.get("/staff/events", q="和平巷口第二盏路灯不亮")["items"]
    return found["latitude"], found["longitude"]


def _report(phone: Phone, words: str) -> None:
    """Photo, sentence, place; the category comes by itself, a similar call is offered."""
    phone.show("/packages/events/report")
    phone.shoot("photos", "lamp")
    phone.top("#words textarea").fill(words)
    phone.top("#place-here").click()
    expect(phone.says("越和街")).to_be_visible()
    chosen = phone.top("[role=radio][aria-checked=true]")
    expect(chosen).to_have_text("路灯照明")
    phone.top("#place-words input").fill("和平巷口")
    phone.watched.shot("phone-report-elder")
    phone.top("#next").click()
    expect(phone.says("附近有人报过类似的事")).to_be_visible()
    expect(phone.says(re.compile("约 30 米"))).to_be_visible()
    phone.watched.shot("phone-similar")
    phone.top("#not-similar").click()
    expect(phone.top("[role=dialog]")).to_contain_text("路灯照明")
    phone.top("[role=dialog]").get_by_text("发送", exact=True).click()
    expect(phone.says("收到了，已经通知责任人")).to_be_visible()


def _claim_and_dispose(phone: Phone, words: str) -> None:
    """One tap to claim; then contact, start and finish with a photo before and one after."""
    card = phone.top(".event").filter(has_text=words)
    expect(card).to_be_visible()
    phone.watched.shot("phone-calls")
    card.get_by_text("认领", exact=True).click()
    expect(card).to_have_count(0)
    phone.top("#tab-mine").click()
    phone.says(words).click()
    phone.top("#do-contact").click()
    phone.top("#f-result").get_by_role("textbox").fill("联系上了，下午去修")
    phone.top("#send").click()
    expect(phone.top("#main")).to_contain_text("开始处置")
    phone.top("#main").click()
    expect(phone.top("#main")).to_contain_text("处置完成")
    phone.watched.shot("phone-work")
    phone.top("#main").click()
    phone.shoot("f-before_ids", "lamp")
    phone.shoot("f-after_ids", "lamp", after=True)
    phone.top("#f-result").get_by_role("textbox").fill("换了灯泡和镇流器")
    phone.top("#f-public_text").get_by_role("textbox").fill("灯修好了，今晚就亮。")
    phone.top("#send").click()
    expect(phone.says("待核查")).to_be_visible()


def _verify(phone: Phone, words: str) -> None:
    """Somebody who had no part in it looks and says that it is done."""
    phone.show("/packages/worker/calls")
    phone.top("#tab-verify").click()
    phone.says(words).click()
    phone.top("#main").click()
    phone.top("#f-passed-yes").click()
    phone.shoot("f-file_ids", "lamp", after=True)
    phone.top("#send").click()
    expect(phone.says("待评价")).to_be_visible()


@pytest.mark.requirement("004.20", "004.24", "004.25")
def test_a_lamp_is_reported_claimed_mended_verified_and_rated(
    demo: Demo, open_page: OpenPage
) -> None:
    latitude, longitude = _lamp_already_told(demo)
    words = f"巷口的路灯坏了不亮（{mark()}杆）"
    wang, chen, liu = (Phone(open_page(), demo) for _ in range(3))
    for phone in (wang, chen, liu):
        phone.stand_at(latitude + 0.0003, longitude)
    chen.enter("worker-chen")
    chen.show("/packages/worker/calls")
    expect(chen.says("陈强")).to_be_visible()
    wang.enter("wang-xiulan", elder=True)
    _report(wang, words)
    sent = time.monotonic()
    text = wang.top("uni-page-body").inner_text()
    assert re.search(r"编号\s*[A-Z]\d{6}", text) and re.search(r"查询码\s*\d{6}", text), text
    wang.watched.shot("phone-reported")
    wang.top("#to-event").click()
    expect(wang.says(re.compile("网格员.*分钟|分钟.*网格员|认领"))).to_be_visible()
    wang.watched.shot("phone-event-called")

    expect(chen.says(words)).to_be_visible(timeout=POLLED)
    assert time.monotonic() - sent < 15, "a call is on the worker's list within one asking"
    _claim_and_dispose(chen, words)
    expect(wang.says("灯修好了，今晚就亮。")).to_be_visible(timeout=POLLED)
    liu.enter("worker-liu")
    _verify(liu, words)

    wang.watched.page.reload()
    expect(wang.top("#rate")).to_be_visible()
    wang.watched.shot("phone-event-elder")
    wang.top("[role=radio][aria-label=很满意]").click()
    wang.top("#rate").click()
    expect(wang.says(re.compile("已办结"))).to_be_visible()
    expect(wang.says("我的评价：很满意")).to_be_visible()
    wang.watched.shot("phone-event-closed")


def test_words_of_danger_show_whom_to_call_before_anything_is_sent(
    demo: Demo, open_page: OpenPage
) -> None:
    phone = Phone(open_page(), demo)
    phone.enter("he-jiayi")
    phone.show("/packages/events/report")
    phone.top("#words textarea").fill("三楼着火了，有人困在里面")
    phone.top("#place-words input").fill("和平路 12 号")
    expect(phone.says("人有危险，先打电话")).to_be_visible()
    phone.watched.page.evaluate("window.scrollTo(0, 0)")
    for number in ("110", "119", "120"):
        expect(phone.top(f"[role=button][aria-label^='拨打 {number}']")).to_be_visible()
    assert "first" in (phone.top("[aria-label^='拨打 119']").get_attribute("class") or "")
    phone.watched.shot("phone-danger")
    phone.top("#next").click()
    expect(phone.top("#report-anyway")).to_be_visible()
    expect(phone.top("[role=dialog]")).to_have_count(0)


def test_who_meets_the_same_trouble_joins_and_everybody_sees_it_on_the_map(
    demo: Demo, open_page: OpenPage
) -> None:
    latitude, longitude = _lamp_already_told(demo)
    phone = Phone(open_page(), demo)
    phone.stand_at(latitude, longitude + 0.0002)
    phone.enter("he-jiayi")
    phone.show("/packages/events/report")
    expect(phone.watched.page.get_by_text("登录好了")).to_be_hidden()
    phone.shoot("photos", "lamp")
    phone.top("#words textarea").fill("巷口路灯不亮，走夜路看不清")
    expect(phone.top("[role=radio][aria-checked=true]")).to_have_text("路灯照明")
    phone.watched.page.evaluate("window.scrollTo(0, 0)")
    phone.watched.shot("phone-report")
    phone.top("#place-here").click()
    expect(phone.says("越和街")).to_be_visible()
    phone.top("#next").click()
    similar = phone.top(".card").filter(has_text="约 20 米")
    similar.get_by_text("我也遇到", exact=True).first.click()
    expect(phone.says("收到了，已经通知责任人")).to_be_visible()
    expect(phone.says(re.compile("一共 [2-9] 人遇到这件事"))).to_be_visible()

    phone.show("/packages/events/mine")
    phone.says("办完的").click()
    phone.says(re.compile("已办结")).click()
    expect(phone.says("处理结果")).to_be_visible()
    phone.watched.page.wait_for_load_state("networkidle")
    phone.watched.shot("phone-event")

    stranger = Phone(open_page(), demo)
    stranger.show("/packages/events/map")
    expect(stranger.says(re.compile(r"正在办 · \d+ 件"))).to_be_visible()
    expect(stranger.top(".leaflet-container")).to_be_visible()
    stranger.watched.page.wait_for_load_state("networkidle")
    stranger.watched.shot("phone-public-map")
    stranger.says("办好的").click()
    expect(stranger.says(re.compile(r"办好的 · \d+ 件"))).to_be_visible()
    stranger.top(".card[role=button]").first.click()
    expect(stranger.top("[role=dialog]")).to_contain_text("经过")
    body = stranger.watched.page.inner_text("body")
    assert not [name for name in ("王秀兰", "何嘉怡", "陈志远", "李曦") if name in body]
