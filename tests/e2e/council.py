"""What the council's browser tests share: an estate of their own, time that is let pass, papers."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Locator, Page, expect

from backend.demo import drawings, register
from backend.kernel.clock import SHANGHAI
from backend.kernel.identity_number import check_digit
from tests.e2e.conftest import SHOTS, Watched
from tests.e2e.demo import Demo
from tests.e2e.people import Person

HEAD = "楼栋,单元,房号,楼层,面积,用途,姓名,证件号码,手机,党员,总层数,电梯"
# An owner with an account of the demo's; the others vote on paper.
BOUND = "worker-zhao"
PATIENCE_MS = 90_000


def resident() -> register.DemoPerson:
    """The owner with an account."""
    return next(one for one in register.persons() if one.key == BOUND)


def number(order: int) -> str:
    """A fictional identity number of nobody."""
    body = f"99990119700101{order:03d}"
    return body + check_digit(body)


def rows() -> list[str]:
    """A register of six rooms and five heads: 1-1-101 is the account's, one owner has two rooms."""
    who = resident()
    owners = [
        ("101", who.name, who.id_number, who.phone, "88.50"),
        ("102", "周文华", number(811), "13900008811", "88.50"),
        ("201", "周文华", number(811), "13900008811", "61.25"),
        ("202", "欧阳慧敏", number(822), "13900008822", "102.05"),
        ("301", "冯国强", number(833), "13900008833", "75.00"),
        ("302", "梁玉珍", number(844), "13900008844", "75.00"),
    ]
    return [
        f"1栋,1,1-1-{room},{room[0]},{area},住宅,{name},{identity},{phone},,7,无"
        for room, name, identity, phone, area in owners
    ]


def sheet(lines: list[str]) -> bytes:
    """The file as Excel saves it."""
    return "\n".join([HEAD, *lines]).encode("utf-8-sig")


@dataclass
class Estate:
    """An estate that nobody else uses."""

    id: str
    name: str


def new_name() -> str:
    """A name that tells this estate from all others of the demo."""
    return f"榕华里{uuid.uuid4().int % 9000 + 1000}"


def estate(demo: Demo) -> Estate:
    """An estate with its register, made over the API."""
    worker = Person(demo, "fangmin", staff=True)
    area = worker.get("/staff/neighbourhood/areas")["items"][0]["id"]
    name = new_name()
    made = worker.post("/staff/communities", {"area_id": area, "kind": "estate", "name": name})
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    answer = worker.session.post(
        f"{worker.base}/staff/communities/{made['id']}/imports", data={"dry_run": "false"},
        files={"file": ("register.csv", sheet(rows()))}, headers=headers, timeout=60,
    )  # fmt: skip
    assert answer.ok, answer.text
    return Estate(made["id"], name)


def claim(demo: Demo, place: Estate) -> Person:
    """The owner of 1-1-101 says so on the phone; the community has not confirmed it yet."""
    owner = Person(demo, BOUND)
    found = owner.get(f"/communities/{place.id}")
    entrance = found["buildings"][0]["entrances"][0]["id"]
    rooms = owner.get(f"/communities/{place.id}/rooms", entrance_id=entrance)["items"]
    room = next(one["id"] for one in rooms if one["label"] == "1-1-101")
    owner.post("/homes", {"room_id": room, "relation": "owner", "words": "我是户主"})
    return owner


def settled(demo: Demo, place: Estate) -> Person:
    """The owner of 1-1-101, confirmed."""
    owner, worker = claim(demo, place), Person(demo, "fangmin", staff=True)
    waiting = worker.get("/staff/home-claims", state="claimed", community=place.id)["items"]
    worker.post(f"/staff/home-claims/{waiting[0]['id']}/confirmations", {})
    return owner


def discussing(demo: Demo, place: Estate) -> str:
    """A topic of the community's own in the estate, under discussion."""
    worker = Person(demo, "fangmin", staff=True)
    body = {
        "community_id": place.id, "kind": "matter", "scope_kind": "community",
        "title": "电动车停哪里", "words": "想听听大家的意见。", "file_ids": [],
    }  # fmt: skip
    topic = str(worker.post("/staff/topics", body)["id"])
    worker.post(f"/staff/topics/{topic}/stages", {"action": "discuss"})
    return topic


def moment(**later: float) -> str:
    """A moment from now, as a field for date and time takes it."""
    return (datetime.now(SHANGHAI) + timedelta(**later)).strftime("%Y-%m-%dT%H:%M")


def let_end(demo: Demo, topic: str) -> None:
    """The calendar jumps to the end of the topic's present stage."""
    address = f"{demo.url}/api/v1/demo/topics/{topic}/stage-ends"
    answer = requests.post(address, json={}, timeout=30)
    assert answer.status_code == 201, answer.text


def short_vote(demo: Demo, topic: str, seconds: int) -> None:
    """The vote that is opened next on the topic ends after so many seconds."""
    address = f"{demo.url}/api/v1/demo/topics/{topic}/short-votes"
    answer = requests.post(address, json={"seconds": seconds}, timeout=30)
    assert answer.status_code == 204, answer.text


def photo(kind: str) -> dict[str, Any]:
    """A photo to choose in a form."""
    return {"name": f"{kind}.jpg", "mimeType": "image/jpeg", "buffer": drawings.drawing(kind, True)}


def shots() -> Path:
    """Where pictures of pages in other windows go."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS


def tab(page: Page, name: str) -> None:
    """One of the choices at the head of a page."""
    page.locator("fieldset.choice label").filter(has_text=name).first.click()


def box(page: Page) -> Locator:
    """The dialog in front."""
    return page.get_by_role("dialog")


def press(page: Page, name: str) -> None:
    """The button of the dialog in front; it goes away."""
    box(page).get_by_role("button", name=name, exact=True).click()
    expect(box(page)).to_have_count(0, timeout=PATIENCE_MS)


def no_wider(desk: Watched, width: int, name: str) -> None:
    """On a screen so wide nothing is cut: the page does not scroll sideways, no button is out."""
    page = desk.page
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    desk.shot(f"council-{name}-{width}")
    out = page.evaluate(
        """() => [...document.querySelectorAll('main button, aside.side button, dialog button')]
          .filter((one) => one.checkVisibility())
          .filter((one) => {
            const box = one.getBoundingClientRect()
            let room = innerWidth + 0.5
            for (let up = one.parentElement; up; up = up.parentElement) {
              const style = getComputedStyle(up)
              if (['auto', 'scroll'].includes(style.overflowX)) return false
              if (style.overflowX === 'hidden') room = Math.min(room, up.getBoundingClientRect().right)
            }
            return box.right > room
          }).map((one) => one.textContent.trim())"""
    )
    page.set_viewport_size(before or {"width": 1440, "height": 900})
    assert not out, (name, out)
