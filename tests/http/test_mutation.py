"""A changing call: one effect however often it is sent; after a failure nothing is left."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import text

from backend.http import mutation
from tests.http import probe
from tests.http.probe import PREFIX, effects

THINGS = f"{PREFIX}/things"


def key(name: str | None = None) -> dict[str, str]:
    return {"Idempotency-Key": name or uuid4().hex}


def test_the_same_key_and_body_get_the_same_answer_and_one_effect(api, services, me) -> None:
    headers = {**me, **key()}
    first = api.post(THINGS, json={"name": "甲"}, headers=headers)
    again = api.post(THINGS, json={"name": "甲"}, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.get_json() == again.get_json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert effects(services) == ["甲"]


def test_fifty_at_once_with_one_key_have_one_effect(live_services, monkeypatch) -> None:
    app = probe.make(live_services, monkeypatch)
    headers = {**probe.sign_in(live_services), **key()}
    start, answers = threading.Barrier(50, timeout=30), []

    def send() -> None:
        client = app.test_client(use_cookies=False)
        start.wait()
        answers.append(client.post(THINGS, json={"name": "甲"}, headers=headers))

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [201] * 50
    assert len({answer.get_data() for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 49
    assert effects(live_services) == ["甲"]


def test_a_first_call_that_fails_lets_the_waiting_second_one_do_it(
    live_services, monkeypatch
) -> None:
    app = probe.make(live_services, monkeypatch)
    headers = {**probe.sign_in(live_services), **key()}
    inside, go_on, answers, calls = threading.Event(), threading.Event(), [], []
    really = probe.write

    def fail_first(what: str) -> None:
        really(what)
        calls.append(what)
        if len(calls) == 1:
            inside.set()
            assert go_on.wait(20)
            raise probe.FAILURES["conflict"]

    monkeypatch.setattr(probe, "write", fail_first)

    def send() -> None:
        client = app.test_client(use_cookies=False)
        answers.append(client.post(THINGS, json={"name": "甲"}, headers=headers).status_code)

    first, second = threading.Thread(target=send), threading.Thread(target=send)
    first.start()
    assert inside.wait(20)
    second.start()
    go_on.set()
    first.join(20)
    second.join(20)
    assert sorted(answers) == [201, 409]
    assert effects(live_services) == ["甲"]


@pytest.mark.parametrize("change", ["body", "query", "if-match"])
def test_the_same_key_for_something_else_is_refused(api, services, me, change: str) -> None:
    headers = {**me, **key()}
    assert api.post(THINGS, json={"name": "甲"}, headers=headers).status_code == 201
    other = {"json": {"name": "乙" if change == "body" else "甲"}, "headers": headers}
    if change == "query":
        other["query_string"] = {"x": "1"}
    if change == "if-match":
        other["headers"] = {**headers, "If-Match": '"2"'}
    answer = api.post(THINGS, **other)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")
    assert effects(services) == ["甲"]


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 101, "with space 12", "中文编号中文编号", "a\tb34567"]
)
def test_a_missing_or_shapeless_key_is_refused(api, services, me, given: str) -> None:
    given = given.encode().decode("latin-1")
    answer = api.post(THINGS, json={"name": "甲"}, headers={**me, "Idempotency-Key": given})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_needed")
    assert effects(services) == []


def test_another_persons_same_key_is_another_call(api, services, me) -> None:
    same = key()
    first = api.post(THINGS, json={"name": "甲"}, headers={**me, **same})
    second = api.post(THINGS, json={"name": "甲"}, headers={**probe.sign_in(services), **same})
    assert second.status_code == 201
    assert first.get_json() != second.get_json()
    assert effects(services) == ["甲", "甲"]


def test_the_same_key_on_another_route_is_another_call(api, services, me) -> None:
    same = key()
    assert api.post(THINGS, json={"name": "甲"}, headers={**me, **same}).status_code == 201
    answer = api.post(f"{PREFIX}/flaky/none/0", headers={**me, **same})
    assert answer.status_code == 200
    assert len(effects(services)) == 2


@pytest.mark.parametrize("how", [*probe.FAILURES, "unexpected", "constraint", "response"])
def test_a_call_that_fails_leaves_nothing_and_may_be_sent_again(
    api, services, me, how: str
) -> None:
    headers = {**me, **key()}
    first = api.post(f"{PREFIX}/failures", json={"how": how}, headers=headers)
    again = api.post(f"{PREFIX}/failures", json={"how": how}, headers=headers)
    assert first.status_code == again.status_code >= 400
    assert "Idempotency-Replayed" not in again.headers
    assert effects(services) == []
    with services.db.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM idempotency_key")) == 0


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03"])
def test_a_deadlock_or_lost_race_in_the_database_is_tried_again(
    live_services, monkeypatch, state: str
) -> None:
    api = probe.make(live_services, monkeypatch).test_client(use_cookies=False)
    me = probe.sign_in(live_services)
    probe.TRIES.clear()
    answer = api.post(f"{PREFIX}/flaky/{state}/3", headers={**me, **key()})
    assert answer.get_json() == {"tries": 4}
    assert effects(live_services) == ["flaky"]


def test_a_lasting_deadlock_ends_with_come_back_later(live_services, monkeypatch) -> None:
    api = probe.make(live_services, monkeypatch).test_client(use_cookies=False)
    me = probe.sign_in(live_services)
    probe.TRIES.clear()
    answer = api.post(f"{PREFIX}/flaky/40P01/9", headers={**me, **key()})
    assert (answer.status_code, answer.get_json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"]
    assert probe.TRIES["40P01"] == 4
    assert effects(live_services) == []


def test_an_answer_with_a_fresh_secret_is_made_anew_and_never_stored(api, services) -> None:
    headers = key()
    first = api.post(f"{PREFIX}/tokens", headers=headers).get_json()
    again = api.post(f"{PREFIX}/tokens", headers=headers).get_json()
    assert first["token"] != again["token"]
    with services.db.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM idempotency_key")) == 0


def test_a_kept_answer_is_sealed(api, services, me) -> None:
    api.post(THINGS, json={"name": "金丝雀"}, headers=me)
    with services.db.transaction() as session:
        (kept,) = session.scalars(text("SELECT answer FROM idempotency_key"))
    assert "金丝雀".encode() not in bytes(kept)
    assert "金丝雀" in services.privacy.open(bytes(kept))


def test_answers_are_forgotten_after_a_day(api, services, me, clock) -> None:
    headers = {**me, **key()}
    api.post(THINGS, json={"name": "甲"}, headers=headers)
    with services.unit() as uow:
        assert mutation.purge(uow) == 0
        uow.now += mutation.KEPT_FOR * 2
        assert mutation.purge(uow) == 1
