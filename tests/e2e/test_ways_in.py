"""The real ways in, and that nothing is lost when everything stops."""

from collections.abc import Callable
from uuid import uuid4

import requests
from playwright.sync_api import expect

from backend.domains.appointments.proofs import HEADER
from backend.kernel.identity_number import check_digit
from backend.kernel.ids import stable_id
from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo

OpenPage = Callable[..., Watched]
NUMBER = "13800009876"


def test_sign_in_by_phone_and_text_message_then_prove_the_real_name(
    demo: Demo, open_page: OpenPage
) -> None:
    phone = open_page()
    page = phone.page
    page.goto(f"{demo.url}/#/packages/account/sign-in")
    page.get_by_text("我看过并同意《隐私政策》").click()
    page.locator("#phone input").fill(NUMBER)
    page.locator("#send-code").click()
    page.locator("#fill-code").click()
    phone.shot("phone-sms")
    page.locator("#sms").click()
    expect(page.locator("#sms")).to_have_count(0)
    page.goto(f"{demo.url}/#/packages/account/real-name")
    body = "99990119600101001"
    page.locator("#name input").fill("王大明")
    page.locator("#id-number input").fill(body + check_digit(body))
    page.locator("#verify").click()
    expect(page.get_by_text("没有查到这个身份证号")).to_be_visible()
    # The browser notes every refused call as an error; this one is what the test is about.
    phone.errors = [text for text in phone.errors if "/me/real-name" not in text]
    phone.shot("phone-real-name-wrong")


def test_sign_in_by_wechat_code_through_the_stand_in(demo: Demo, open_page: OpenPage) -> None:
    phone = open_page()
    phone.page.goto(f"{demo.url}/#/packages/account/sign-in")
    phone.page.get_by_text("我看过并同意《隐私政策》").click()
    phone.page.locator("#demo-wechat").click()
    expect(phone.page.locator("#demo-wechat")).to_have_count(0)
    phone.page.goto(f"{demo.url}/#/pages/me/me")
    expect(
        phone.page.get_by_text("退出登录").or_(phone.page.get_by_text("设置")).first
    ).to_be_visible()


def test_after_ctrl_c_and_a_new_start_everything_is_still_there(demo: Demo) -> None:
    resident, receipt = _book_over_http(demo)
    assert demo.stop() == 0
    demo.start()
    matters = requests.get(f"{demo.url}/api/v1/matters", headers=resident, timeout=10)
    assert receipt in [row["receipt_number"] for row in matters.json()["items"]]


def _book_over_http(running: Demo) -> tuple[dict[str, str], str]:
    api = f"{running.url}/api/v1"
    entered = requests.post(
        f"{api}/sessions/demo", json={"person_key": "he-jiayi", "channel": "weixin"}, timeout=10
    )
    resident = {"Authorization": f"Bearer {entered.json()['token']}"}
    item = requests.get(f"{api}/items", params={"q": "社保卡丢了"}, timeout=10).json()["items"][0]
    hall = stable_id("hall", "yuehe")
    where = {"item_id": item["id"]}
    days = requests.get(f"{api}/halls/{hall}/days", params=where, timeout=10).json()["items"]
    # The last day, so that no other test has booked this item on it for her.
    where["date"] = [day["date"] for day in days if day["status"] == "open"][-1]
    times = requests.get(f"{api}/halls/{hall}/slots", params=where, headers=resident, timeout=10)
    slot = next(slot["id"] for slot in times.json()["items"] if slot["status"] == "open")
    booked = requests.post(
        f"{api}/appointments",
        json={"slot_id": slot, "item_id": item["id"]},
        headers={**resident, "Idempotency-Key": uuid4().hex, HEADER: times.headers[HEADER]},
        timeout=10,
    )
    assert booked.status_code == 201, booked.text
    return resident, booked.json()["receipt_number"]
