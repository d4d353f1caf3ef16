"""A grid worker's phone without a network: what is done there arrives exactly once, with photos."""

import contextlib
import io
import re
import tempfile
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from shapely.geometry import shape

from tests.e2e import browser as chromium
from tests.e2e.conftest import PHONE
from tests.e2e.demo import Demo
from tests.e2e.people import Person
from tests.e2e.unsteady import Fate, Unsteady


class Phone:
    """A phone that keeps what it holds when the app is killed."""

    def __init__(self, chrome: Browser, way: Unsteady, place: tuple[float, float]) -> None:
        self._kind, self.way, self.place = chrome.browser_type, way, place
        self._profile = tempfile.TemporaryDirectory(prefix="phone-", dir="/var/tmp")
        self.errors: list[str] = []
        self._open()

    def _open(self) -> None:
        self.context: BrowserContext = self._kind.launch_persistent_context(
            self._profile.name, executable_path=chromium.find(), args=chromium.ARGS,
            viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai",  # type: ignore[arg-type]  # a TypedDict to mypy
            has_touch=True, is_mobile=True, permissions=["geolocation"],
            geolocation={"latitude": self.place[0], "longitude": self.place[1]},
        )  # fmt: skip
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def reopen(self) -> None:
        """Kill the app and open it again: nothing is left but what was written down."""
        self.context.close()
        self._open()

    def close(self) -> None:
        """Put it away."""
        self.context.close()
        self._profile.cleanup()

    def show(self, path: str) -> None:
        """Open a page of the app by its address."""
        self.page.goto(f"{self.way.url}/#{path}")

    def back(self) -> None:
        """The arrow at the top."""
        self.page.locator("uni-page").last.locator(".uni-page-head-btn").click()

    def sign_in(self, person: str) -> None:
        """Sign in as a demo person."""
        self.show("/packages/account/sign-in")
        self.page.get_by_text("我看过并同意《隐私政策》").click()
        self.page.locator(f"#demo-{person}").click()
        expect(self.page.locator(f"#demo-{person}")).to_have_count(0)

    def shoot(self, field: str, colour: str) -> None:
        """Take a photo in the form shown."""
        with self.page.expect_file_chooser() as chooser:
            self.top(f"#{field}-camera").click()
        picture = io.BytesIO()
        Image.new("RGB", (320, 240), colour).save(picture, "JPEG")
        chooser.value.set_files(
            {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
        )
        # Its remove button: the photo is on the device.
        expect(
            self.top(f"uni-view:has(> #{field}-camera)").locator("..").locator(".shot")
        ).to_have_count(1)

    def top(self, selector: str) -> Any:
        """Something on the page in front: pages behind it stay in the document."""
        return self.page.locator("uni-page").last.locator(selector)

    def waiting(self) -> int:
        """How many actions have not arrived."""
        return int(
            self.page.evaluate(
                """() => new Promise((done) => {
                    const open = indexedDB.open('huying-shelf')
                    open.onsuccess = () => {
                        const all = open.result.transaction('shelf').objectStore('shelf').getAllKeys()
                        all.onsuccess = () => done(all.result.filter((key) => key.startsWith('job:')).length)
                    }
                })"""
            )
        )

    def send_all(self) -> None:
        """Press the button of the queue until all has arrived."""
        self.show("/packages/worker/queue")
        for _ in range(60):
            if self.waiting() == 0:
                return
            # The button goes by itself as soon as nothing waits.
            with contextlib.suppress(PlaywrightTimeout):
                self.top("#flush").click(timeout=500)
            self.page.wait_for_timeout(200)
        raise AssertionError(self.page.inner_text("body"))


@pytest.fixture
def way(demo: Demo) -> Iterator[Unsteady]:
    unsteady = Unsteady(demo.url)
    yield unsteady
    unsteady.stop()


@pytest.fixture
def place(demo: Demo) -> tuple[float, float]:
    """A point in a cell where 陈强 is on duty."""
    worker = Person(demo, "worker-chen")
    own = {cell["id"] for cell in worker.get("/worker/shift")["cells"]}
    cells = worker.get("/public/areas", kind="cell")["features"]
    cell = next(one for one in cells if one["properties"]["id"] in own)
    point = shape(cell["geometry"]).representative_point()
    return point.y, point.x


@pytest.fixture
def phone(chrome: Browser, way: Unsteady, place: tuple[float, float]) -> Iterator[Phone]:
    opened = Phone(chrome, way, place)
    yield opened
    opened.close()
    assert not opened.errors, opened.errors


def _call(demo: Demo, place: tuple[float, float], words: str) -> str:
    """A resident's call in the worker's cell; its id."""
    body = {"words": words, "address": "榕荫里 3 号", "latitude": place[0], "longitude": place[1]}
    return str(Person(demo, "wang-xiulan").post("/events", body)["id"])


def _look_at(phone: Phone, words: str) -> None:
    """With a network: the list and the event have been seen, and the forms are on the phone."""
    phone.show("/packages/worker/calls")
    phone.page.locator("#near").click()
    expect(phone.page.get_by_text(words)).to_be_visible()
    phone.page.get_by_text(words).click()
    expect(phone.top("#main")).to_contain_text("认领")
    phone.page.wait_for_load_state("networkidle")


def _dispose(phone: Phone, result: str) -> None:
    """Claim, begin and finish the event shown, with a photo before and one after."""
    for step in ("认领", "开始处置"):
        expect(phone.top("#main")).to_contain_text(step)
        phone.top("#main").click()
    expect(phone.top("#main")).to_contain_text("处置完成")
    phone.top("#main").click()
    phone.shoot("f-before_ids", "red")
    phone.shoot("f-after_ids", "green")
    phone.top("#f-result textarea").fill(result)
    phone.top("#f-public_text textarea").fill("已修好，可以正常使用了。")
    phone.top("#send").click()
    expect(phone.top("#send")).to_have_count(0)


def _report(phone: Phone, words: str) -> None:
    """Report from the list, and come back to it."""
    phone.top("#to-report").click()
    phone.shoot("photos", "blue")
    phone.top("#words textarea").fill(words)
    phone.top("#place-here").click()
    expect(phone.top("uni-page-body").get_by_text("不用这个位置")).to_be_visible()
    phone.top("#send").click()
    expect(phone.top("#words")).to_have_count(0)
    expect(phone.top("#to-report")).to_be_visible()


def _details(person: Person, words: str) -> list[dict[str, Any]]:
    """Every event with these words that the person can see on any list, in full."""
    found = {}
    for name in ("claimable", "mine", "verify"):
        for card in person.get("/worker/events", list=name)["items"]:
            if words in card["title"]:
                found[card["id"]] = person.get(f"/worker/events/{card['id']}")
    return list(found.values())


def _roles(event: dict[str, Any]) -> list[str]:
    return sorted(photo["role"] for photo in event["photos"])


def _steps(event: dict[str, Any]) -> list[str]:
    return sorted(line["action"] for line in event["timeline"])


@pytest.mark.requirement("004.20", "004.23")
def test_what_is_done_without_a_network_arrives_exactly_once_with_its_photos(
    demo: Demo, way: Unsteady, place: tuple[float, float], phone: Phone
) -> None:
    mark = uuid.uuid4().hex[:6]
    event = _call(demo, place, f"路灯不亮 {mark}")
    phone.sign_in("worker-chen")
    _look_at(phone, f"路灯不亮 {mark}")

    phone.context.set_offline(True)
    _dispose(phone, "换了灯泡")
    phone.back()
    _report(phone, f"井盖松动 {mark}")
    _report(phone, f"垃圾没清 {mark}")
    assert phone.waiting() == 5
    # The second report is dealt with on the spot, before the server has heard of it.
    phone.top("#tab-mine").click()
    phone.top("uni-page-body").get_by_text(re.compile(f"垃圾没清 {mark}")).click()
    _dispose(phone, "清走了")
    assert phone.waiting() == 8

    seen: set[str] = set()

    def fate(method: str, path: str, times: int) -> Fate:
        """Of reports, disposals and photos the first answer is lost, and the repeat comes twice."""
        if method != "POST" or not re.search(r"/(events|dispose|files|claim)$", path):
            return "through"
        seen.add(path)
        return "lost" if times == 1 else "twice"

    way.decide = fate
    phone.reopen()
    phone.send_all()
    assert any(path.endswith("/files") for path in seen) and len(way.lost) >= 8, way.lost
    assert len(way.doubled) >= len(way.lost) and way.replayed >= len(way.lost)

    chen, liu = Person(demo, "worker-chen"), Person(demo, "worker-liu")
    disposed = chen.get(f"/worker/events/{event}")
    assert disposed["state"] == "disposed" and _roles(disposed) == ["after", "before"]
    steps = _steps(disposed)
    assert [steps.count(one) for one in ("claim", "start", "dispose")] == [1, 1, 1], steps
    (manhole,) = _details(chen, f"井盖松动 {mark}")
    assert manhole["state"] == "called" and _roles(manhole) == ["report"]
    (rubbish,) = _details(liu, f"垃圾没清 {mark}")
    assert rubbish["state"] == "disposed" and _roles(rubbish) == ["after", "before", "report"]
    assert rubbish["result"] == "清走了"


def test_a_page_killed_while_it_sends_leaves_neither_nothing_nor_two(
    demo: Demo, way: Unsteady, place: tuple[float, float], phone: Phone
) -> None:
    mark = uuid.uuid4().hex[:6]
    phone.sign_in("worker-chen")
    phone.show("/packages/worker/report")
    phone.top("#send").wait_for()
    # Nothing that is sent is ever heard of again, though the server has done it.
    way.decide = lambda method, path, times: (
        "lost" if path.endswith("/worker/events") else "through"
    )
    phone.shoot("photos", "blue")
    phone.top("#words textarea").fill(f"树枝断了 {mark}")
    phone.top("#place-here").click()
    expect(phone.top("uni-page-body").get_by_text("不用这个位置")).to_be_visible()
    phone.top("#send").click()
    for _ in range(100):
        if way.lost:
            break
        phone.page.wait_for_timeout(50)
    phone.reopen()
    way.decide = lambda method, path, times: "through"
    phone.send_all()
    (branch,) = _details(Person(demo, "worker-chen"), f"树枝断了 {mark}")
    assert _roles(branch) == ["report"]
    # Nor is the form there any more, waiting to be sent by hand.
    phone.show("/packages/worker/report")
    expect(phone.top("#words textarea")).to_have_value("")


@pytest.mark.requirement("004.24")
def test_a_claim_that_came_too_late_is_kept_and_says_who_was_first(
    demo: Demo, way: Unsteady, place: tuple[float, float], phone: Phone
) -> None:
    mark = uuid.uuid4().hex[:6]
    event = _call(demo, place, f"护栏倒了 {mark}")
    phone.sign_in("worker-chen")
    _look_at(phone, f"护栏倒了 {mark}")
    phone.context.set_offline(True)
    phone.top("#main").click()
    expect(phone.top("#main")).to_contain_text("开始处置")
    # A dispatcher gives it to the grid leader while the worker is in a dead spot.
    desk = Person(demo, "hemin", staff=True)
    people = desk.get(f"/staff/events/{event}/candidates")["items"]
    zhao = next(one["staff_id"] for one in people if one["name"] == "赵刚")
    desk.post(f"/staff/events/{event}/assign", {"staff_id": zhao})
    phone.context.set_offline(False)
    expect(phone.top("uni-page-body").get_by_text("赵刚先认领了")).to_be_visible()
    phone.top("uni-page-body").get_by_text("删掉").click()
    phone.top("[role=dialog]").get_by_text("删掉", exact=True).click()
    expect(phone.top("uni-page-body").get_by_text("赵刚先认领了")).to_have_count(0)
    assert phone.waiting() == 0


def test_what_one_worker_left_on_the_phone_goes_under_no_other_name(
    demo: Demo, way: Unsteady, place: tuple[float, float], phone: Phone
) -> None:
    mark = uuid.uuid4().hex[:6]
    phone.sign_in("worker-chen")
    phone.show("/packages/worker/report")
    phone.top("#send").wait_for()
    phone.context.set_offline(True)
    phone.top("#words textarea").fill(f"积水 {mark}")
    phone.top("#place-here").click()
    expect(phone.top("uni-page-body").get_by_text("不用这个位置")).to_be_visible()
    phone.top("#send").click()
    expect(phone.top("#words")).to_have_count(0)
    assert phone.waiting() == 1
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    phone.sign_in("worker-liu")
    phone.show("/packages/worker/queue")
    expect(phone.top("uni-page-body").get_by_text("都发出去了")).to_be_visible()
    assert phone.waiting() == 1
    phone.context.clear_cookies()
    phone.reopen()
    phone.sign_in("worker-chen")
    phone.send_all()
    assert len(_details(Person(demo, "worker-chen"), f"积水 {mark}")) == 1
