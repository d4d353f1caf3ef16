"""What comes from neighbours, at the community's desk: proposals, reports, a secret vote as it runs."""

import re
import secrets
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e import council
from tests.e2e.conftest import Watched
from tests.e2e.console import enter
from tests.e2e.council import PATIENCE_MS, Estate, box, press, tab
from tests.e2e.deliberation import Desk
from tests.e2e.demo import Demo
from tests.e2e.people import Person
from tests.e2e.test_accessibility import serious

OpenPage = Callable[..., Watched]


def neighbour(
    demo: Demo, place: Estate, key: str = "chen-zhiyuan", room: str = "1-1-202"
) -> Person:
    """A tenant in the estate, confirmed."""
    who, worker = Person(demo, key), Person(demo, "fangmin", staff=True)
    entrance = who.get(f"/communities/{place.id}")["buildings"][0]["entrances"][0]["id"]
    rooms = who.get(f"/communities/{place.id}/rooms", entrance_id=entrance)["items"]
    chosen = next(one["id"] for one in rooms if one["label"] == room)
    who.post("/homes", {"room_id": chosen, "relation": "tenant", "words": "租住"})
    waiting = worker.get("/staff/home-claims", state="claimed", community=place.id)["items"]
    worker.post(f"/staff/home-claims/{waiting[0]['id']}/confirmations", {})
    return who


#: As many as a matter asks for besides who proposes it, each with a room of their own.
SECONDERS = {
    "wang-xiulan": "1-1-102",
    "chen-zhiyuan": "1-1-202",
    "he-jiayi": "1-1-301",
    "li-xi": "1-1-302",
}


def proposed(page: Watched, owner: Person, others: list[Person], place: Estate, title: str) -> str:
    """A proposal whose words were checked, seconded by neighbours: the community's turn."""
    body = {
        "community_id": place.id,
        "kind": "matter",
        "title": title,
        "words": "想听听大家的。",
        "file_ids": [],
    }
    topic = str(owner.post("/topics", body)["id"])
    for _ in range(PATIENCE_MS // 500):
        if owner.get(f"/topics/{topic}")["state"] != "proposed":
            break
        page.page.wait_for_timeout(500)
    for other in others:
        if owner.get(f"/topics/{topic}")["state"] == "seconding":
            other.post(f"/topics/{topic}/seconds", {})
    assert owner.get(f"/topics/{topic}")["state"] == "submitted"
    return topic


def test_a_neighbours_proposal_is_taken_up_or_declined_with_a_reason(
    demo: Demo, open_page: OpenPage
) -> None:
    place = council.estate(demo)
    owner = council.settled(demo, place)
    others = [neighbour(demo, place, key, room) for key, room in SECONDERS.items()]
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "方敏", "topics?state=submitted")
    good = proposed(desk, owner, others, place, f"{place.name}楼道装灯")
    odd = proposed(desk, owner, others, place, f"{place.name}换个小区名字")
    page.reload()
    page.get_by_role("row").filter(has_text=f"{place.name}楼道装灯").dblclick()
    page.wait_for_url(re.compile(f"/topics/{good}"))
    expect(page.locator("main")).to_contain_text("待社区受理")
    desk.shot("council-submitted")
    assert not serious(desk)
    page.get_by_role("button", name="受理", exact=True).click()
    box(page).get_by_label("给发起人的话").fill("下周开始讨论")
    press(page, "受理")
    expect(page.locator("main")).to_contain_text("已受理")
    assert owner.get(f"/topics/{good}")["state"] == "accepted"
    page.goto(f"{demo.url}/console/topics/{odd}")
    page.get_by_role("button", name="不受理").click()
    box(page).get_by_role("button", name="不受理").click()
    expect(box(page).get_by_role("alert").first).to_be_visible()
    box(page).get_by_label(re.compile("原因")).fill("小区名称由地名管理部门定，请向民政局申请")
    press(page, "不受理")
    expect(page.locator("main")).to_contain_text("小区名称由地名管理部门定")
    desk.shot("council-declined")
    told = owner.get("/messages", limit=50)["items"]
    assert any("小区名称由地名管理部门定" in one["body"] for one in told)


def test_a_neighbours_report_is_kept_or_leads_to_hiding(demo: Demo, open_page: OpenPage) -> None:
    place = council.estate(demo)
    owner, other = council.settled(demo, place), neighbour(demo, place)
    topic = council.discussing(demo, place)
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "方敏", "moderation")
    for words, answer in (
        (f"{place.name}一楼王某某不交物业费", "隐藏"),
        (f"{place.name}车棚靠东墙好", "没有问题，保留"),
    ):
        said = owner.post(f"/topics/{topic}/comments", {"text": words})["id"]
        for _ in range(PATIENCE_MS // 500):
            if said in {one["id"] for one in other.get(f"/topics/{topic}/comments")["items"]}:
                break
            page.wait_for_timeout(500)
        other.post(f"/comments/{said}/reports", {"why": "privacy", "words": "说了别人家的事"})
        page.goto(f"{demo.url}/console/moderation")
        row = page.get_by_role("row").filter(has_text=words)
        row.click()
        panel = page.get_by_role("complementary", name="发言被举报")
        expect(panel).to_contain_text("泄露隐私：说了别人家的事")
        desk.shot(f"council-reported-{answer[:2]}")
        assert not serious(desk)
        panel.get_by_role("button", name=re.compile(f"^{answer}")).click()
        if answer == "隐藏":
            box(page).get_by_label(re.compile("原因")).fill("说了别人家的事")
            press(page, "隐藏")
        expect(row).to_have_count(0)
    seen = other.get(f"/topics/{topic}/comments")["items"]
    shown = [one["text"] for one in seen if one["state"] == "visible"]
    assert shown == [f"{place.name}车棚靠东墙好"]


def test_a_secret_votes_desk_shows_how_many_and_never_how(demo: Demo, open_page: OpenPage) -> None:
    vote = Desk(demo).vote("single", secret=True)
    voter = Person(demo, "he-jiayi")
    ballot = voter.get(f"/votes/{vote}")
    desk = open_page(phone=False)
    page = desk.page
    enter(desk, demo, "方敏", f"topics/{ballot['topic_id']}?tab=vote")
    region = page.get_by_role("region", name="表决").first
    expect(region).to_contain_text("不记名")
    expect(region).to_contain_text("按批更新人数")
    body = {
        "entry_id": ballot["seats"][0]["entry_id"],
        "choice": ["flower"],
        "nonce": secrets.token_hex(16),
    }
    voter.post(f"/votes/{vote}/ballots", body)
    tab(page, "表决")
    expect(region).to_contain_text("截止前谁也看不到结果")
    # One ballot is never a batch while the vote runs: its voter would be known.
    expect(region).to_contain_text("0 /")
    expect(page.get_by_role("region", name="结果")).to_have_count(0)
    desk.shot("council-secret-desk", full=True)
    assert not serious(desk)
