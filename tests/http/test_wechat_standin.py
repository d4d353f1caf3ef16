"""The stand-in's page, and the whole way of a message: out through WeChat, the receipt back."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from sqlalchemy import select

from backend import config
from backend.app import compose
from backend.demo.openids import demo_openid
from backend.domains.messages import grants as consents
from backend.domains.messages.kinds import KINDS
from backend.integrations.wechat import WeChatServer
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import outbox
from notifications.model import OutboxMessage
from tests.live import Server
from tests.people import sign_in_person
from tests.standin import Standin, card

OPENID = demo_openid("chen-zhiyuan")


def test_the_page_shows_what_arrived_and_says_what_it_is(standin: Standin) -> None:
    wechat = standin.settings.wechat
    client = WeChatServer(wechat.app_id, wechat.app_secret, api_base=standin.url)
    standin.allow(OPENID, wechat.template_booked)
    client.code_to_session(standin.get("/demo/js-code", openid=OPENID)["code"])
    told = {**card(wechat.template_booked), "thing1": "社保卡<b>补领"}
    client.send_subscribe(OPENID, wechat.template_booked, told)
    http = requests.Session()
    http.trust_env = False
    page = http.get(standin.url + "/", timeout=5).text
    assert "演示用替身：不会真的发出" in page
    assert "小程序订阅消息" in page
    assert "社保卡&lt;b&gt;补领" in page
    for secret in (wechat.app_secret, client.access_token):
        assert secret not in page
    for foreign in ("http://", "https://", "src=", "@import"):
        assert foreign not in page.replace("http-equiv", "")
    assert "小程序订阅消息" in http.get(standin.url + "/fragment", timeout=5).text
    assert http.get(standin.url + "/healthz", timeout=5).json() == {"ok": True}
    http.close()


def test_a_follower_can_write_to_the_service_account(standin: Standin) -> None:
    body = {"openid": demo_openid("chen-zhiyuan", "service"), "text": "路灯不亮了"}
    assert standin.post("/demo/service-texts", body) == {"sent": True}


def test_an_unknown_account_gets_no_token(standin: Standin) -> None:
    body = {"grant_type": "client_credential", "appid": "wx-other", "secret": "x"}
    assert standin.post("/cgi-bin/stable_token", body)["errcode"] == 40013
    assert standin.post("/cgi-bin/stable_token", {})["errcode"] == 40002


def test_who_does_not_follow_is_refused(standin: Standin) -> None:
    standin.post("/demo/followers", {"openid": OPENID, "following": False})
    wechat = standin.settings.wechat
    account = WeChatServer(wechat.service_app_id, wechat.service_app_secret, api_base=standin.url)
    from backend.integrations.wechat import WeChatError

    with pytest.raises(WeChatError) as refused:
        account.send_template(OPENID, wechat.service_template, card(wechat.service_template))
    assert refused.value.code == 43004
    standin.post("/demo/followers", {"openid": OPENID, "following": True})
    assert account.send_template(OPENID, wechat.service_template, card(wechat.service_template))


@pytest.fixture
def both(
    base_environ: dict[str, str], live_db: str, standin: Standin
) -> Iterator[tuple[Services, Standin]]:
    """A served backend and the stand-ins that push to it, and the worker's side in this process."""
    environ = {**base_environ, **standin.environ, "DATABASE_URL": live_db}
    server = Server({**os.environ, **environ}, workers=1, threads=4)
    server.start()
    standin.push_to(server.url)
    services = compose(config.load(environ))
    yield services, standin
    server.stop()
    services.db.dispose()


def _wait_for(services: Services, status: str) -> OutboxMessage:
    row = None
    for _ in range(100):
        services.delivery.run_once()
        with services.unit() as uow:
            row = uow.session.scalars(select(OutboxMessage)).one()
        if row.status == status:
            return row
        time.sleep(0.1)
    raise AssertionError(f"{row.status if row else None} {row.last_error if row else ''}")


@pytest.mark.requirement("card.06")
@pytest.mark.parametrize("way", ["wechat_subscribe", "wechat_service"])
def test_a_message_goes_out_and_its_signed_receipt_comes_back(
    both: tuple[Services, Standin], way: str
) -> None:
    services, standin = both
    person = sign_in_person(services, mini_openid=OPENID).id
    with services.unit() as uow:
        from backend.domains.identity.service import attach_channel

        attach_channel(uow, person, "service_openid", demo_openid("x", "service"))
    template = services.settings.wechat.template_called
    if way == "wechat_subscribe":
        standin.allow(OPENID, template)
        for _ in range(50):
            services.delivery.run_once()
            with services.unit() as uow:
                grants = {g["template_id"]: g["remaining"] for g in consents.show(uow, person)}
            if grants[template]:
                break
            time.sleep(0.1)
        assert grants[template] == 1
    with services.unit() as uow:
        outbox.enqueue(
            uow.session, uow.now, KINDS["appointment_called"], person_key=person,
            subject=Subject("appointment", uuid4()), dedupe_key="k",
            values={
                "appointment_id": uuid4(), "item_name": "社会保障卡补领",
                "hall_name": "越和街政务服务中心", "ticket_no": "A001", "window_number": 3,
                "hall_address": "越和街1号", "hall_floor": "3楼",
                "receipt_number": "A261123-482073-5", "reason_text": "",
                "start": uow.now + timedelta(hours=1),
            },
        )  # fmt: skip
    row = _wait_for(services, "delivered")
    assert row.channel == way
    path = "subscribe" if way == "wechat_subscribe" else "template"
    (call,) = standin.calls(f"/cgi-bin/message/{path}/send")
    assert '"3号窗口"' in call["body"] or "3号窗口" in call["body"]
