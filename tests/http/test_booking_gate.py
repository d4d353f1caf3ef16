"""What stands before Flask at a rush: the same answers, nobody let down, Redis may be gone."""

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.domains.appointments import admission, proofs
from backend.domains.appointments.gate import Gate
from backend.embedded.valkey import Valkey
from backend.kernel import sessions
from backend.kernel.redis import RedisLink
from backend.kernel.services import Services
from tests.appointments_api import CARD, PASS, Place, fake_items, place
from tests.people import proved, sign_in_person

ROUTE = "/api/v1/appointments"


class Door:
    """An application behind a gate of its own, and how many calls reached it."""

    def __init__(self, app: Flask, services: Services, inner: Any = None) -> None:
        self.reached = 0
        self.services = services
        self.inner = inner or app.wsgi_app
        self.gate = Gate(self._count, services)
        self._app = app
        self._client: FlaskClient = app.test_client(use_cookies=False)

    def _count(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        self.reached += 1
        return self.inner(environ, start)

    def call(self, method: str, path: str, who: dict[str, str], **more: Any) -> Any:
        """One call through this gate."""
        self._app.wsgi_app = self.gate  # type: ignore[method-assign, assignment]  # as in backend.wsgi
        return self._client.open(path, method=method, headers=who, **more)

    def book(self, who: dict[str, str], slot: Any, key: str = "", item: Any = None, **more: Any):
        """One call to book; what came back and whether Flask was asked."""
        before = self.reached
        headers = {
            **proved(self.services, who),
            "Idempotency-Key": key or uuid4().hex,
            **more.pop("headers", {}),
        }
        wish = {"slot_id": str(slot), "item_id": str(item or CARD.id), **more}
        answer = self.call("POST", ROUTE, headers, json=wish)
        return answer, self.reached > before

    def another(self) -> "Door":
        """Another process: it knows nothing but what Redis and the database tell it."""
        return Door(self._app, self.services, self.inner)

    def forget_locally(self) -> None:
        """As if half a second had passed."""
        self.gate.admission._notes.clear()


@pytest.fixture
def spot(services: Services, monkeypatch: pytest.MonkeyPatch) -> Place:
    fake_items(monkeypatch)
    return place(services, cancel_minutes=0)


@pytest.fixture
def door(app: Flask, services: Services) -> Door:
    return Door(app, services)


@pytest.fixture
def people(services: Services) -> list[dict[str, str]]:
    return [sign_in_person(services, name=f"测试{number}") for number in range(6)]


def _sell_out(door: Door, spot: Place, people: list[dict[str, str]]) -> list[str]:
    """Both places of 9:00 are gone and somebody was refused; the winners' keys."""
    keys = ["winner-one-key", "winner-two-key"]
    for who, key in zip(people, keys, strict=False):
        assert door.book(who, spot.slot(9), key)[0].status_code == 201
    answer, reached = door.book(people[2], spot.slot(9))
    assert (answer.status_code, answer.get_json()["code"], reached) == (409, "slot_full", True)
    return keys


def test_who_asks_for_what_is_gone_hears_the_same_without_flask(door, spot, people) -> None:
    _sell_out(door, spot, people)
    headers = {"X-Request-Id": "asked-by-a-test"}
    near, reached = door.book(people[3], spot.slot(9), headers=headers)
    assert not reached, "answered by the process that knows it"
    far, reached = door.another().book(people[4], spot.slot(9), headers=headers)
    assert not reached, "answered by another process, through Redis"
    door.services.redis.client.flushall()
    slow, reached = door.another().book(people[5], spot.slot(9), headers=headers)
    assert reached, "answered by Flask"
    for fast in (near, far):
        assert fast.status == slow.status
        assert fast.get_data() == slow.get_data()
        assert dict(fast.headers) == dict(slow.headers)


def test_a_winner_who_asks_again_gets_the_answer_again(door, spot, people) -> None:
    keys = _sell_out(door, spot, people)
    first = door.book(people[0], spot.slot(9), keys[0])[0]
    assert first.status_code == 201
    assert first.headers["Idempotency-Replayed"] == "true"
    other, _ = door.book(people[1], spot.slot(9), uuid4().hex)
    assert other.get_json()["code"] == "already_booked"
    again = door.another().book(people[1], spot.slot(9), keys[1])[0]
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_call_that_was_let_through_is_let_through_again(door, spot, people) -> None:
    """It may have become a booking whose answer the phone never got."""
    assert door.book(people[3], spot.slot(9), "too-late-this-one", item=PASS.id)[1]
    _sell_out(door, spot, people)
    assert door.book(people[3], spot.slot(9), "a-new-call")[1] is False
    assert door.another().book(people[3], spot.slot(9), "too-late-this-one")[1] is True


@pytest.mark.parametrize(
    "change",
    [
        {"headers": {"Authorization": "Bearer nobody"}},
        {"headers": {"Idempotency-Key": "short"}},
        {"extra": 1},
        {"item": "not-an-id"},
        {"consent_id": str(uuid4())},
    ],
    ids=["stranger", "no key", "unknown field", "no item", "for somebody else"],
)
def test_whatever_is_not_a_plain_booking_is_for_flask(door, spot, people, change) -> None:
    _sell_out(door, spot, people)
    answer, reached = door.book(people[3], spot.slot(9), **change)
    assert reached
    assert answer.get_json()["code"] != "slot_full" or "consent_id" in change


def test_whom_the_guards_do_not_let_in_hears_them(door, spot, people, services) -> None:
    _sell_out(door, spot, people)
    unverified = sign_in_person(services, verified=False)
    blind = {proofs.HEADER: ""}
    answer, reached = door.book(unverified, spot.slot(9), headers=blind)
    assert (answer.get_json()["code"], reached) == ("real_name_needed", True)
    answer, reached = door.book(people[3], spot.slot(9), headers=blind)
    assert (answer.get_json()["code"], reached) == ("look_first", True)


def test_who_signed_out_hears_what_everybody_may_see_and_nothing_more(
    door, spot, people, services
) -> None:
    """Her word says who she was, for ten minutes; the session itself is looked up by the guards."""
    _sell_out(door, spot, people)
    left = sign_in_person(services)
    with services.unit() as unit:
        sessions.revoke_all(unit, "person", left.id)
    assert door.book(left, spot.slot(9))[0].get_json()["code"] == "slot_full"
    answer, reached = door.book(left, spot.slot(10))
    assert (answer.get_json()["code"], reached) == ("unauthenticated", True)


def test_a_word_of_another_session_is_no_name(door, spot, people, services) -> None:
    _sell_out(door, spot, people)
    theirs = proved(services, people[3])[proofs.HEADER]
    answer, reached = door.book(people[4], spot.slot(9), headers={proofs.HEADER: theirs})
    assert (answer.get_json()["code"], reached) == ("look_first", True)


def test_another_process_knows_who_comes_by_her_word(door, spot, people) -> None:
    _sell_out(door, spot, people)
    assert door.another().book(people[3], spot.slot(9))[1] is False
    # And who has a booking of this business is told so.
    answer, reached = door.another().book(people[0], spot.slot(9))
    assert (answer.get_json()["code"], reached) == ("already_booked", True)


def test_a_browser_needs_its_csrf_token_here_too(door, spot, people, services) -> None:
    _sell_out(door, spot, people)
    browser = dict(sign_in_person(services, channel="h5"))
    assert door.book(browser, spot.slot(9))[1] is False
    answer, reached = door.book({**browser, "X-CSRF-Token": "wrong"}, spot.slot(9))
    assert (answer.get_json()["code"], reached) == ("csrf", True)


def test_a_place_that_comes_free_is_booked_a_second_later(door, spot, people) -> None:
    _sell_out(door, spot, people)
    mine = json.loads(door.book(people[0], spot.slot(9), "winner-one-key")[0].get_data())
    path = f"{ROUTE}/{mine['id']}/cancel"
    headers = {**people[0], "Idempotency-Key": uuid4().hex}
    assert door.call("POST", path, headers, json={}).status_code == 200
    began, turn = time.monotonic(), 0
    while time.monotonic() - began < 3:
        answer, _ = door.book(people[3 + turn % 3], spot.slot(9))
        if answer.status_code == 201:
            break
        turn += 1
        time.sleep(0.02)
    assert answer.status_code == 201
    assert time.monotonic() - began < 1.8
    # That place was the last one: full again, once somebody has heard so from the database.
    for _ in range(3):
        answer, reached = door.book(people[2], spot.slot(9))
        assert answer.get_json()["code"] == "slot_full"
    assert not reached


def test_while_everybody_is_refused_one_a_second_asks_the_database(door, spot, people) -> None:
    _sell_out(door, spot, people)
    before, began, asked = door.reached, time.monotonic(), 0
    while time.monotonic() - began < 2.2:
        assert door.book(people[3 + asked % 3], spot.slot(9))[0].status_code == 409
        asked += 1
    assert asked > 100
    assert 1 <= door.reached - before <= 3


def test_places_for_the_elderly_are_never_answered_for_others(door, spot, people) -> None:
    """Whether somebody may have them depends on who asks."""
    slot = spot.slot(9, channel="elderly")
    for _ in range(3):
        answer, reached = door.book(people[3], slot)
        assert (answer.get_json()["code"], reached) == ("slot_reserved", True)


def test_without_redis_everybody_is_heard(
    app, services, spot, people, server_dir, monkeypatch
) -> None:
    own = Valkey(server_dir / "gate")
    own.start()
    try:
        door = Door(app, services)
        gate = door.gate.admission
        gate._link = RedisLink(own.url, timeout=0.3)
        gate._decide = gate._link.client.register_script(admission._DECIDE)
        gate._write = gate._link.client.register_script(admission._NOTE)
        _sell_out(door, spot, people)
        assert door.book(people[3], spot.slot(9))[1] is False
        own.kill()
        door.forget_locally()
        began = time.monotonic()
        for who in people[3:]:
            answer, reached = door.book(who, spot.slot(9))
            assert (answer.get_json()["code"], reached) == ("slot_full", True)
        again, _ = door.book(people[0], spot.slot(9), "winner-one-key")
        assert again.headers["Idempotency-Replayed"] == "true"
        assert door.book(people[3], spot.slot(10))[0].status_code == 201
        assert time.monotonic() - began < 3
        own.start()
        gate._link._down_until = 0.0
        door.forget_locally()
        # Rebuilt from what the database says.
        assert door.book(people[4], spot.slot(9))[1] is True
        assert door.book(people[4], spot.slot(9))[1] is False
    finally:
        own.stop()
