"""The service account's followers: joined to the resident they are, forgotten when they leave."""

import json
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.demo import register
from backend.demo.openids import demo_openid
from backend.demo.standin_followers import unionid
from backend.domains.identity import persons
from backend.domains.identity.service import addresses, attach_channel
from backend.domains.messages import followers, pushes
from backend.domains.messages.follower_model import ServiceFollower
from backend.integrations.wechat import PushCodec
from backend.integrations.wechat_push import sign
from backend.kernel.services import Services
from tests.people import sign_in_person
from tests.standin import Standin
from tests.web import web_app

KEY = next(person.key for person in register.persons() if person.name)
MINI, SERVICE = demo_openid(KEY), demo_openid(KEY, "service")


class Account:
    """WeChat's side: the service account tells what happened, at which second."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.client = web_app(services).test_client()

    def tell(self, event: str, seconds: int, openid: str = SERVICE) -> None:
        wechat = self.services.settings.wechat
        codec = PushCodec(wechat.push_token, wechat.push_aes_key, wechat.service_app_id)
        sealed = codec.seal(json.dumps({
            "ToUserName": "gh", "FromUserName": openid, "CreateTime": seconds,
            "MsgType": "event", "Event": event, "EventKey": "",
        }))  # fmt: skip
        moment, nonce = str(int(self.services.clock.now().timestamp())), secrets.token_hex(8)
        query = {
            "timestamp": moment, "nonce": nonce, "encrypt_type": "aes",
            "msg_signature": sign(wechat.push_token, moment, nonce, sealed),
        }  # fmt: skip
        answer = self.client.post("/wechat/push", query_string=query, json={"Encrypt": sealed})
        assert answer.status_code == 200
        pushes.handle_stored(self.services)

    def openid_of(self, person: UUID) -> str | None:
        with self.services.unit() as uow:
            return addresses(self.services, uow.session, person).service_openid

    def rows(self) -> list[ServiceFollower]:
        with self.services.unit() as uow:
            return list(uow.session.scalars(select(ServiceFollower)))


@pytest.fixture
def account(talking: Services) -> Iterator[Account]:
    yield Account(talking)


def resident(services: Services, union: str | None = unionid(MINI)) -> UUID:
    person = sign_in_person(services, mini_openid=MINI).id
    if union:
        with services.unit() as uow:
            attach_channel(uow, person, "unionid", union)
    return person


def test_a_follower_is_joined_to_the_resident_with_the_same_unionid(account: Account) -> None:
    person = resident(account.services)
    account.tell("subscribe", 100)
    assert account.openid_of(person) is None
    assert followers.resolve(account.services) == 1
    assert account.openid_of(person) == SERVICE
    (row,) = account.rows()
    assert SERVICE.encode() not in row.openid
    assert row.person_id == person
    assert followers.resolve(account.services) == 0


def test_whoever_signs_in_later_is_joined_then(account: Account) -> None:
    account.tell("subscribe", 100)
    followers.resolve(account.services)
    person = resident(account.services)
    assert account.openid_of(person) == SERVICE


def test_who_leaves_is_no_longer_written_to_and_who_comes_back_is(account: Account) -> None:
    person = resident(account.services)
    account.tell("subscribe", 100)
    followers.resolve(account.services)
    account.tell("unsubscribe", 200)
    assert account.openid_of(person) is None
    assert [(row.following, row.openid) for row in account.rows()] == [(False, b"")]
    account.tell("subscribe", 300)
    followers.resolve(account.services)
    assert account.openid_of(person) == SERVICE


def test_news_that_overtook_each_other_are_put_in_order(account: Account) -> None:
    person = resident(account.services)
    account.tell("unsubscribe", 200)
    account.tell("subscribe", 100)
    assert followers.resolve(account.services) == 0
    assert account.openid_of(person) is None


def test_wechat_itself_says_that_somebody_has_left(account: Account, standin: Standin) -> None:
    person = resident(account.services)
    account.tell("subscribe", 100)
    standin.post("/demo/followers", {"openid": SERVICE, "following": False})
    assert followers.resolve(account.services) == 1
    assert account.openid_of(person) is None
    assert not account.rows()[0].following


def test_while_wechat_is_silent_it_is_asked_again_later(account: Account, standin: Standin) -> None:
    person = resident(account.services)
    account.tell("subscribe", 100)
    standin.fault("/cgi-bin/user/info", status=503)
    assert followers.resolve(account.services) == 1
    assert followers.resolve(account.services) == 0
    account.services.clock.advance(timedelta(minutes=3))  # type: ignore[attr-defined]  # fixed
    assert followers.resolve(account.services) == 1
    assert account.openid_of(person) == SERVICE


def test_a_closed_account_leaves_nothing_behind(account: Account) -> None:
    person = resident(account.services)
    account.tell("subscribe", 100)
    followers.resolve(account.services)
    with account.services.unit() as uow:
        persons.close(uow, person)
    assert account.rows() == []


def test_who_left_is_forgotten_after_days(account: Account) -> None:
    now = int(account.services.clock.now().timestamp())
    account.tell("unsubscribe", now)
    followers.purge(account.services)
    assert len(account.rows()) == 1
    account.services.clock.advance(timedelta(days=4))  # type: ignore[attr-defined]  # fixed
    followers.purge(account.services)
    assert account.rows() == []


def test_a_stranger_waits_for_the_day_they_sign_in(account: Account) -> None:
    unknown: Any = demo_openid("nobody in particular", "service")
    account.tell("subscribe", 100, unknown)
    assert followers.resolve(account.services) == 1
    (row,) = account.rows()
    assert (row.person_id, row.union_hash is not None) == (None, True)
