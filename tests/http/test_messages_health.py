"""Health of the channels and figures of consents over HTTP."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from backend.demo.openids import demo_openid
from backend.domains.identity.service import attach_channel
from backend.domains.messages.hook_model import StaffHook
from backend.domains.messages.kinds import KINDS
from backend.http.health import beat
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import consent, outbox
from notifications.control_model import ChannelRate
from tests.conftest import KeyedClient
from tests.http.test_messages_routes import VALUES
from tests.people import Headers, sign_in_person, sign_in_staff
from tests.standin import Standin
from tests.web import web_app


@pytest.fixture
def http(talking: Services) -> FlaskClient:
    app = web_app(talking)
    app.test_client_class = KeyedClient
    return app.test_client()


@pytest.fixture
def supervisor(talking: Services) -> Headers:
    return sign_in_staff(talking, ("supervisor", "district", None))


def tell(services: Services, person: UUID, kind: str = "appointment_called") -> None:
    with services.unit() as uow:
        outbox.enqueue(
            uow.session, uow.now, KINDS[kind], person_key=person,
            subject=Subject("appointment", uuid4()), dedupe_key=uuid4().hex,
            values={**VALUES, "start": uow.now + timedelta(days=1)},
        )  # fmt: skip


def health(services: Services, http: FlaskClient, who: Headers) -> Any:
    services.extensions.pop("message_health", None)
    answer = http.get("/api/v1/staff/message-health", headers=who)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_an_hour_is_told_with_what_failed_in_words(
    talking: Services, http: FlaskClient, supervisor: Headers, standin: Standin
) -> None:
    person = sign_in_person(talking, phone="13800001234")
    standin.fault("/sms/messages", status=400)
    for _ in range(2):
        tell(talking, person.id)
        talking.delivery.run_once()
    found = health(talking, http, supervisor)
    (sms,) = [one for one in found["channels"] if one["channel"] == "sms"]
    assert (sms["handed_over"], sms["accepted"], len(sms["failures"])) == (2, 1, 1)
    assert sms["failures"][0]["expected"] is False
    assert sms["failures"][0]["text"]
    assert {one["channel"] for one in found["channels"]} >= {"wechat_subscribe", "wechat_service"}
    assert sum(one["accepted"] for one in found["steps"]) == 1
    assert found["redis"] is True
    assert [one["account"] for one in found["tokens"]] == ["mini", "service"]
    assert all(one["seconds_left"] is None for one in found["tokens"])


def quotas(found: Any) -> dict[str, Any]:
    return {one["key"]: one for one in found["quotas"]}


def test_the_day_s_quota_and_the_pause_of_bulk_are_told(
    talking: Services, http: FlaskClient, supervisor: Headers, standin: Standin
) -> None:
    with talking.unit() as uow:
        uow.session.add(
            ChannelRate(key="wechat_subscribe:called", per_second=5, burst=5, per_day=200,
                        updated_at=uow.now)
        )  # fmt: skip
    service = quotas(health(talking, http, supervisor))["wechat_service"]
    assert service == {
        "key": "wechat_service", "channel": "wechat_service", "channel_text": "服务号模板消息",
        "name": "", "sent": 0, "per_day": 100_000, "bulk_per_day": 90_000, "bulk_stopped": None,
        "bulk_until": None,
    }  # fmt: skip
    person = sign_in_person(talking, phone="13800001234", mini_openid=demo_openid("chen-zhiyuan"))
    template = talking.settings.wechat.template_called
    standin.allow(demo_openid("chen-zhiyuan"), template)
    with talking.unit() as uow:
        consent.report(uow.session, uow.now, person.id, template, "accept", source="page")
    tell(talking, person.id)
    talking.delivery.run_once()
    talking.extensions["message_buckets"].pause("sms")
    found = quotas(health(talking, http, supervisor))
    assert found["wechat_subscribe"]["sent"] == 1
    assert found["wechat_subscribe:called"] == {
        "key": "wechat_subscribe:called", "channel": "wechat_subscribe",
        "channel_text": "小程序订阅消息", "name": "叫号提醒", "sent": 1, "per_day": 200,
        "bulk_per_day": 180, "bulk_stopped": None, "bulk_until": None,
    }  # fmt: skip
    sms = found["sms"]
    assert (sms["bulk_stopped"], sms["per_day"], sms["bulk_per_day"]) == ("refused", None, None)
    until = datetime.fromisoformat(sms["bulk_until"]) - talking.clock.now()
    assert timedelta(minutes=4) < until <= timedelta(minutes=5)
    assert "staff_hook" not in {one["channel"] for one in found.values()}


def test_bulk_that_wechat_refuses_for_its_quota_is_seen_as_paused(
    talking: Services, http: FlaskClient, supervisor: Headers, standin: Standin
) -> None:
    person = sign_in_person(talking).id
    standin.fault("/cgi-bin/message/template/send", errcode=45009)
    with talking.unit() as uow:
        attach_channel(uow, person, "service_openid", demo_openid("lin-jianguo", "service"))
        outbox.enqueue(
            uow.session, uow.now, KINDS["campaign"], person_key=person, ladder=("wechat_service",),
            subject=Subject("campaign", uuid4()), dedupe_key="news",
            values={"title": "停水通知", "body": "今晚停水。", "sms": "今晚停水。", "district": "越和区",
                    "at": uow.now, "link": "", "page": ""},
        )  # fmt: skip
    talking.delivery.run_once()
    service = quotas(health(talking, http, supervisor))["wechat_service"]
    assert service["bulk_stopped"] == "refused"
    assert service["bulk_until"] is not None


def test_a_group_that_had_enough_is_told_by_its_name(
    talking: Services, http: FlaskClient, supervisor: Headers
) -> None:
    with talking.unit() as uow:
        hook = StaffHook(
            name="越和街调度群", dialect="wecom", unit_id=None, address=b"x", secret=None,
            shown="qyapi…", kinds=[], created_by=uuid4(), created_at=uow.now, updated_at=uow.now,
        )  # fmt: skip
        uow.session.add(hook)
        uow.session.flush()
        key = f"staff_hook:{hook.id}"
    talking.extensions["message_buckets"].pause(key)
    group = quotas(health(talking, http, supervisor))[key]
    assert (group["name"], group["bulk_stopped"]) == ("越和街调度群", "refused")


def test_a_token_that_was_fetched_has_its_time_left(
    talking: Services, http: FlaskClient, supervisor: Headers
) -> None:
    assert talking.wechat.access_token
    tokens = {one["account"]: one for one in health(talking, http, supervisor)["tokens"]}
    assert 6000 < tokens["mini"]["seconds_left"] <= 7200
    assert talking.wechat.access_token not in str(tokens)


def test_the_worker_s_life_and_waiting_callbacks_are_told(
    talking: Services, http: FlaskClient, supervisor: Headers
) -> None:
    assert health(talking, http, supervisor)["worker_at"] is None
    beat(talking, "worker")
    found = health(talking, http, supervisor)
    assert found["worker_at"] is not None
    assert found["pushes"] == {
        "waiting": 0, "oldest_seconds": None, "failing": 0, "troubled": 0,
    }  # fmt: skip


def test_the_figures_are_not_counted_anew_for_each_who_looks(
    talking: Services, http: FlaskClient, supervisor: Headers
) -> None:
    first = health(talking, http, supervisor)
    tell(talking, sign_in_person(talking).id)
    again = http.get("/api/v1/staff/message-health", headers=supervisor).get_json()
    assert again == first


def test_consents_are_told_by_template_and_by_day(
    talking: Services, http: FlaskClient, supervisor: Headers
) -> None:
    template = talking.settings.wechat.template_called
    person = sign_in_person(talking, mini_openid=demo_openid("figures"))
    with talking.unit() as uow:
        for _ in range(2):
            consent.report(uow.session, uow.now, person.id, template, "accept", source="page")
    found = http.get("/api/v1/staff/message-consents", headers=supervisor).get_json()
    (called,) = [one for one in found["templates"] if one["key"] == "called"]
    assert (called["people"], called["grants"], called["granted"]) == (1, 2, 2)
    assert (found["to"], len(found["days"])) == ("2026-11-23", 30)
    assert found["days"][-1] == {
        "day": "2026-11-23", "granted": 2, "declined": 0, "spent": 0, "withdrawn": 0, "lost": 0,
    }  # fmt: skip
    assert not any(one["granted"] for one in found["days"][:-1])


@pytest.mark.parametrize(
    "query", ["from=2026-11-23&to=2026-11-22", "from=2026-01-01&to=2026-11-22", "from=x", "more=1"]
)
def test_days_that_make_no_span_are_refused(
    http: FlaskClient, supervisor: Headers, query: str
) -> None:
    answer = http.get(f"/api/v1/staff/message-consents?{query}", headers=supervisor)
    assert answer.status_code == 422
