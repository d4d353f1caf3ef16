"""A matter for the hotline from the phone: written with a photo, urged, added to, ended, rated."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone
from tests.e2e.dispatch import mark as own_mark
from tests.e2e.people import Person

OpenPage = Callable[..., Watched]


def _say(phone: Phone, words: str) -> None:
    """Write into the dialog in front."""
    phone.top("[role=dialog] textarea").fill(words)


def _yes(phone: Phone, word: str) -> None:
    phone.top("[role=dialog]").get_by_text(word, exact=True).last.click()
    expect(phone.top("[role=dialog]")).to_have_count(0)


@pytest.mark.requirement("000.40")
@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_a_matter_is_written_with_a_photo_urged_added_to_and_taken_back(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    size = "elder" if elder else "normal"
    who = "wang-xiulan" if elder else "he-jiayi"
    mark = own_mark()
    words = f"电梯坏了三天，八楼的老人下不了楼（{mark}）"
    phone = Phone(open_page(), demo)
    phone.enter(who, elder=elder)
    phone.show("/packages/tickets/new")
    phone.top("#next").click()
    expect(phone.top("[role=alert]").first).to_have_text("请写一句话，说说是什么事")
    phone.watched.shot(f"ticket-{size}-missing")
    phone.top("[aria-label^='投诉']").click()
    phone.top("#words textarea").fill(words)
    phone.shoot("photos", "corridor")
    phone.top("#place-words input").fill("越和街清和园 3 栋")
    phone.watched.shot(f"ticket-{size}-new", full=True)
    phone.top("#next").click()
    expect(phone.top("[role=dialog]")).to_contain_text("1 张")
    phone.watched.shot(f"ticket-{size}-summary")
    phone.top("[role=dialog]").get_by_text("发送", exact=True).click()
    expect(phone.says("收到了")).to_be_visible()
    phone.watched.shot(f"ticket-{size}-sent")
    phone.top("[aria-label='我写的内容'], :text('我写的内容')").first.click()
    expect(phone.top("#photos .picture")).to_have_count(1)

    phone.top("#add").click()
    _say(phone, "今天又来人看过，还是没修")
    phone.shoot("note-photos", "wall")
    phone.watched.shot(f"ticket-{size}-adding")
    _yes(phone, "发送")
    expect(phone.says("补充")).to_be_visible()
    expect(phone.top("#photos .picture")).to_have_count(2)
    phone.top("#urge").click()
    phone.top("[role=dialog]").get_by_text("还没有人联系我").click()
    _yes(phone, "催办")
    expect(phone.top("#urge")).to_have_count(0)
    phone.watched.shot(f"ticket-{size}-page", full=True)

    ticket = Person(demo, "hanmei", staff=True).get("/staff/tickets", q=mark)["items"][0]
    seen = Person(demo, "hanmei", staff=True).get(f"/staff/tickets/{ticket['id']}")
    assert len(seen["files"]) == 2
    phone.show("/packages/tickets/mine")
    expect(phone.says(words[:10])).to_be_visible()
    phone.watched.shot(f"ticket-{size}-mine")
    phone.show(f"/packages/tickets/ticket?id={ticket['id']}")
    phone.top("#cancel").click()
    phone.top("[role=dialog]").get_by_text("已经解决了").click()
    _yes(phone, "撤回")
    expect(phone.top("#add")).to_have_count(0)
    phone.watched.shot(f"ticket-{size}-cancelled")


@pytest.mark.requirement("000.40")
def test_an_answered_matter_is_rated_by_its_caller(demo: Demo, open_page: OpenPage) -> None:
    ticket = _answered(demo)
    phone = Phone(open_page(), demo)
    phone.enter("li-xi", elder=True)
    phone.show("/packages/tickets/mine")
    phone.says("说说办得怎么样").click()
    expect(phone.top("#reply")).to_contain_text("电梯已修好")
    phone.watched.shot("ticket-elder-reply", full=True)
    phone.top("#solved-no").click()
    phone.top("#satisfied-yes").click()
    phone.top("#rate").click()
    expect(phone.says("请写一句哪里没做好")).to_be_visible()
    phone.top("#solved-yes").click()
    phone.top("#rate").click()
    expect(phone.says("我的评价：解决了，满意")).to_be_visible()
    phone.watched.shot("ticket-elder-rated")
    assert Person(demo, "li-xi").get(f"/tickets/{ticket}")["open"] is False


def _answered(demo: Demo) -> str:
    """A ticket that a unit has answered and both have passed; its id."""
    body = {
        "kind": "request",
        "words": f"电梯坏了（{own_mark()}）",
        "address": "",
        "confidential": False,
    }
    ticket = Person(demo, "li-xi").post("/tickets", body)["id"]
    people = {name: Person(demo, name, staff=True) for name in _WAY_PEOPLE}
    units = people["sunhao"].get("/staff/article-options")["departments"]
    unit = next(one["id"] for one in units if one["code"] == "rsj")
    reply = {
        "internal_record": "维保单位换了门机",
        "public_text": "电梯已修好。",
        "version_ids": [],
    }
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("hanmei", "accept", {}),
        ("sunhao", "dispatch", {"lead_id": unit, "co_ids": [], "note": ""}),
        ("yuhua", "sign", {}),
        ("yuhua", "contact", {"note": "说好明天修"}),
        ("yuhua", "reply", reply),
        ("xurong", "unit-approval", {}),
        ("maolin", "centre-approval", {}),
    ]
    for who, step, said in steps:
        people[who].post(f"/staff/tickets/{ticket}/{step}", said)
    return str(ticket)


_WAY_PEOPLE = ("hanmei", "sunhao", "yuhua", "xurong", "maolin")
