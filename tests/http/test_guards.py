"""Guards: who is not signed in gets 401, who may not 403, and another site's page nothing."""

from datetime import timedelta

import pytest

from backend.kernel import sessions
from backend.kernel.access import Grant
from backend.kernel.ids import new_id
from tests.http import probe
from tests.http.probe import PREFIX, effects, sign_in

CLERK = (Grant("clerk", frozenset({"queue.operate"}), "hall", new_id()),)
THING = {"json": {"name": "甲"}}


def told(answer) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Bearer "}, {"Authorization": "x"},
     {"Authorization": "Basic YTpi"}, {"Cookie": "hy_resident=nobody"}, {"Cookie": "hy_resident="},
     {"Authorization": "Bearer \xff\xfe"}],
)  # fmt: skip
def test_who_is_not_signed_in_is_asked_to(api, services, headers) -> None:
    assert told(api.get(f"{PREFIX}/own", headers=headers)) == (401, "unauthenticated")
    assert told(api.get(f"{PREFIX}/desk", headers=headers)) == (401, "unauthenticated")
    answer = api.post(f"{PREFIX}/things", **THING, headers=headers)
    assert told(answer) == (401, "unauthenticated")
    assert "登录" in answer.get_json()["action"]
    assert effects(services) == []


def test_a_resident_comes_in_by_token_and_by_cookie(api, services) -> None:
    for channel in ("weixin", "h5"):
        assert (
            api.get(f"{PREFIX}/own", headers=sign_in(services, "person", channel)).status_code
            == 200
        )


def test_a_name_not_checked_yet_is_told_what_to_do(api, services, me) -> None:
    answer = api.get(f"{PREFIX}/verified", headers=me)
    assert told(answer) == (403, "real_name_needed")
    assert "实名认证" in answer.get_json()["action"]
    checked = sign_in(services, verified=True)
    assert api.get(f"{PREFIX}/verified", headers=checked).status_code == 200


def test_staff_need_the_permission_of_the_desk(api, services) -> None:
    may, may_not = (sign_in(services, "staff", "console", grants=g) for g in (CLERK, ()))
    assert api.get(f"{PREFIX}/desk", headers=may).status_code == 200
    assert told(api.get(f"{PREFIX}/desk", headers=may_not)) == (403, "forbidden")
    assert api.post(f"{PREFIX}/desk", headers=may_not).status_code == 200


def test_a_residents_session_opens_no_desk_whatever_cookie_it_sits_in(api, services) -> None:
    headers = sign_in(services, "person", "h5")
    token = headers["Cookie"].partition("=")[2]
    for forged in (headers, {"Cookie": f"hy_staff={token}"}, {"Authorization": f"Bearer {token}"}):
        assert told(api.get(f"{PREFIX}/desk", headers=forged)) == (401, "unauthenticated")


def test_a_staff_session_opens_no_residents_door(api, services) -> None:
    headers = sign_in(services, "staff", "console", grants=CLERK)
    token = headers["Cookie"].partition("=")[2]
    for forged in (
        headers,
        {"Cookie": f"hy_resident={token}"},
        {"Authorization": f"Bearer {token}"},
    ):
        assert told(api.get(f"{PREFIX}/own", headers=forged)) == (401, "unauthenticated")


@pytest.mark.parametrize("given", [None, "", "wrong", "\xff"])
@pytest.mark.parametrize("kind", ["person", "staff"])
def test_a_browsers_change_without_its_csrf_token_does_nothing(api, services, kind, given) -> None:
    channel, path = ("h5", "things") if kind == "person" else ("console", "desk")
    headers = sign_in(services, kind, channel, grants=CLERK)
    del headers["X-CSRF-Token"]
    if given is not None:
        headers["X-CSRF-Token"] = given
    body = THING if kind == "person" else {}
    assert told(api.post(f"{PREFIX}/{path}", **body, headers=headers)) == (403, "csrf")
    assert effects(services) == []


@pytest.mark.parametrize("authorization", ["Basic YTpi", "Bearer", "Bearer ", "x"])
@pytest.mark.parametrize("kind", ["person", "staff"])
def test_an_authorization_header_beside_a_cookie_does_not_replace_the_csrf_token(
    api, services, kind, authorization
) -> None:
    channel, path = ("h5", "things") if kind == "person" else ("console", "desk")
    headers = sign_in(services, kind, channel, grants=CLERK)
    headers.update({"Authorization": authorization, "X-CSRF-Token": ""})
    body = THING if kind == "person" else {}
    assert told(api.post(f"{PREFIX}/{path}", **body, headers=headers)) == (403, "csrf")


def test_another_sessions_csrf_token_does_not_fit(api, services) -> None:
    mine, other = sign_in(services, "person", "h5"), sign_in(services, "person", "h5")
    headers = {**mine, "X-CSRF-Token": other["X-CSRF-Token"]}
    assert told(api.post(f"{PREFIX}/things", **THING, headers=headers)) == (403, "csrf")


def test_the_right_csrf_token_opens_and_reading_needs_none(api, services) -> None:
    headers = sign_in(services, "person", "h5")
    assert api.post(f"{PREFIX}/things", **THING, headers=headers).status_code == 201
    del headers["X-CSRF-Token"]
    assert api.get(f"{PREFIX}/own", headers=headers).status_code == 200


def test_an_open_page_knows_who_looks_and_welcomes_who_does_not_say(api, services, me) -> None:
    assert api.get(f"{PREFIX}/open").get_json()["kind"] == "public"
    assert api.get(f"{PREFIX}/open", headers=me).get_json()["kind"] == "person"
    stale = {"Authorization": "Bearer gone"}
    assert api.get(f"{PREFIX}/open", headers=stale).get_json()["kind"] == "public"


def test_a_revoked_or_expired_session_is_over_with_the_next_call(api, services, me, clock) -> None:
    assert api.get(f"{PREFIX}/own", headers=me).status_code == 200
    with services.unit() as uow:
        row = sessions.authenticate(uow.session, me["Authorization"][7:], uow.now, "person")
        sessions.revoke(uow, row.id)
    assert told(api.get(f"{PREFIX}/own", headers=me)) == (401, "unauthenticated")
    later = sign_in(services)
    clock.advance(timedelta(days=15))
    assert told(api.get(f"{PREFIX}/own", headers=later)) == (401, "unauthenticated")


def test_using_a_session_keeps_it_alive_even_where_the_call_fails(api, services, clock) -> None:
    me = sign_in(services)
    for _ in range(5):
        clock.advance(timedelta(days=5))
        answer = api.post(f"{PREFIX}/failures", json={"how": "conflict"}, headers=me)
        assert told(answer) == (409, "too_late")
    assert api.get(f"{PREFIX}/own", headers=me).status_code == 200
    assert probe.effects(services) == []
