"""Days that many look at are read once a second: the same answer, never older, for the right people."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.domains.appointments import glances, halls
from backend.domains.appointments.glances import Glances
from backend.domains.appointments.proofs import HEADER, spend
from backend.http.guards import RESIDENT
from backend.kernel.identity_number import check_digit
from backend.kernel.services import Services
from tests import people
from tests.appointments_api import CARD, Place, fake_items, place
from tests.people import proved, sign_in_person

_ELDER = "99990119500101700"


class Pane:
    """An application behind a memory of its own, and how many calls reached it."""

    def __init__(self, app: Flask, services: Services) -> None:
        self.reached = 0
        self.environ: dict[str, Any] = {}
        self._inner = app.wsgi_app
        self.glances = Glances(self._count, services)
        self._app, self._services = app, services
        self._client: FlaskClient = app.test_client(use_cookies=False)

    def _count(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        self.reached += 1
        return self._inner(environ, start)

    def _watch(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        self.environ = environ
        return self.glances(environ, start)

    def get(self, path: str, who: dict[str, str] | None = None) -> Any:
        """One call through this memory."""
        self._app.wsgi_app = self._watch  # type: ignore[method-assign, assignment]  # as in backend.wsgi
        return self._client.get(path, headers=who or {})

    def book(self, who: dict[str, str], slot: Any) -> int:
        """One booking through it; the status."""
        headers = {**proved(self._services, who), "Idempotency-Key": uuid4().hex}
        wish = {"slot_id": str(slot), "item_id": str(CARD.id)}
        return self._client.post("/api/v1/appointments", headers=headers, json=wish).status_code


@pytest.fixture
def spot(services: Services, monkeypatch: pytest.MonkeyPatch) -> Place:
    fake_items(monkeypatch)
    return place(services, cancel_minutes=0)


@pytest.fixture
def pane(app: Flask, services: Services) -> Pane:
    return Pane(app, services)


def _path(spot: Place) -> str:
    return f"/api/v1/halls/{spot.hall}/days?item_id={CARD.id}"


def test_what_is_asked_again_within_a_second_is_not_read_again(pane, spot) -> None:
    first = pane.get(_path(spot), {"X-Request-Id": "asked-by-a-test"})
    again = pane.get(_path(spot), {"X-Request-Id": "asked-by-a-test"})
    assert pane.reached == 1
    assert (again.status, again.get_data()) == (first.status, first.get_data())
    assert dict(again.headers) == dict(first.headers)
    assert pane.get(_path(spot)).headers["X-Request-Id"] != first.headers["X-Request-Id"]


def test_a_booking_is_seen_when_the_second_is_over(
    pane, spot, services, clock, monkeypatch
) -> None:
    who = sign_in_person(services)
    before = json.loads(pane.get(_path(spot), who).get_data())
    assert pane.book(who, spot.slot(9)) == 201
    # The moment by the clock, and in fact: either ends what is remembered.
    clock.advance(timedelta(seconds=1))
    after = json.loads(pane.get(_path(spot), who).get_data())
    assert sum(day["remaining"] for day in after["items"]) == (
        sum(day["remaining"] for day in before["items"]) - 1
    )
    reached = pane.reached
    monkeypatch.setattr(glances.time, "perf_counter", _later(glances.time.perf_counter, 1.0))
    pane.get(_path(spot), who)
    assert pane.reached == reached + 1


def _later(real: Callable[[], float], by: float) -> Callable[[], float]:
    return lambda: real() + by


def test_who_sees_another_quota_gets_another_answer(pane, spot, services, monkeypatch) -> None:
    young = sign_in_person(services)
    monkeypatch.setattr(people, "fictional_id_number", lambda: _ELDER + check_digit(_ELDER))
    old = sign_in_person(services)
    answers = [pane.get(_path(spot), who).get_data() for who in (None, young, old)]
    assert pane.reached == 3, "each is looked up once"
    assert answers[0] == answers[1] != answers[2]
    assert [pane.get(_path(spot), who).get_data() for who in (None, young, old)] == answers
    assert pane.reached == 3


def test_the_gate_still_learns_who_looked(pane, spot, services) -> None:
    who = sign_in_person(services)
    pane.get(_path(spot), who)
    known = pane.environ[RESIDENT]
    pane.get(_path(spot), who)
    assert pane.reached == 1
    assert pane.environ[RESIDENT] == known


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.replace("/days", "/days/"),
        lambda path: path + "&item_id=" + str(CARD.id),
        lambda path: path + "&other=1",
        lambda path: path.replace(str(CARD.id), str(uuid4())),
        lambda path: path.replace("/days", "/slots") + "&date=2026-11-2３",
    ],
)
def test_everything_else_goes_to_the_application(pane, spot, change) -> None:
    answers = [pane.get(change(_path(spot))) for _ in range(2)]
    assert pane.reached == 2
    assert (
        answers[0].get_data(as_text=True).partition("request_id")[0]
        == (answers[1].get_data(as_text=True).partition("request_id")[0])
    )


def test_what_is_remembered_does_not_grow_for_ever(pane, spot, monkeypatch) -> None:
    monkeypatch.setattr(glances, "_MOST", 3)
    for number in range(10):
        pane.get(_path(spot), {"Authorization": f"Bearer nobody-{number}"})
    assert len(pane.glances._askers) <= 3


def test_times_are_remembered_too_and_each_resident_gets_a_proof_of_her_own(
    pane, spot, services
) -> None:
    path = _path(spot).replace("/days", "/slots") + "&date=2026-11-23"
    who = sign_in_person(services), sign_in_person(services)
    # Once through the guards, once from memory; what is left is read for the first one only.
    answers = [pane.get(path, one) for _ in range(2) for one in who]
    assert pane.reached == 2
    assert len({answer.get_data() for answer in answers}) == 1
    given = [answer.headers[HEADER] for answer in answers]
    assert len(set(given)) == 4
    for person, proof in zip([*who, *who], given, strict=True):
        token = person["Authorization"].removeprefix("Bearer ")
        spend(services, person.id, token, services.clock.now(), proof, call=proof)
    assert HEADER not in pane.get(path).headers


def test_who_is_not_known_yet_is_told_what_was_read_for_others(
    pane, spot, services, monkeypatch
) -> None:
    reads = []
    real = halls.days
    monkeypatch.setattr(halls, "days", lambda *a, **kw: reads.append(a) or real(*a, **kw))
    answers = [pane.get(_path(spot), sign_in_person(services)) for _ in range(3)]
    assert (pane.reached, len(reads)) == (3, 1)
    assert len({answer.get_data() for answer in answers}) == 1
    assert {answer.mimetype for answer in answers} == {"application/json"}


def test_video_has_an_answer_of_its_own(pane, spot) -> None:
    for path in (_path(spot), _path(spot) + "&video=true"):
        for _ in range(2):
            assert pane.get(path).status_code == 200
    assert pane.reached == 2
