"""The district's own limits of tickets and its targets, edited by whoever may, each change traced."""

import pytest
from sqlalchemy import select

from backend.domains.hotline.model import RateTarget, TicketLimit
from backend.kernel.trace import TraceEntry
from tests.hotline_api import HotlineApi, make_api

PATH = "/staff/ticket-limits"
RULE = {"kind": "accept", "category_code": None, "qualifier": None, "amount": 30, "unit": "minutes"}
NONE = {"response": None, "solved": None, "satisfied": None}


@pytest.fixture
def api(services, client) -> HotlineApi:
    return make_api(services, client)


def tag(shown) -> dict[str, str]:
    return {"If-Match": f'"{shown["etag"]}"'}


def test_limits_are_replaced_as_a_whole_and_hold_for_new_tickets(api: HotlineApi, services) -> None:
    shown = api.ok(f"GET {PATH}", "desk:zheng")
    assert (shown["items"], len(shown["defaults"]), shown["targets"]) == ([], 19, NONE)
    before = api.new()
    body = {"items": [RULE], "targets": {**NONE, "solved": 0.9}}
    saved = api.ok(f"PUT {PATH}", "desk:zheng", body, **tag(shown))
    assert saved["items"] == [{**RULE, "kind_text": "受理"}]
    assert saved["targets"] == {**NONE, "solved": 0.9}
    after = api.new()
    clocks = {
        ticket["id"]: api.ok(f"GET /staff/tickets/{ticket['id']}", "desk:han")["clock"]["due_at"]
        for ticket in (before, after)
    }
    assert clocks[before["id"]].endswith("T10:00:00+08:00"), "a clock that runs keeps its limit"
    assert clocks[after["id"]].endswith("T08:30:00+08:00")
    api.ok(f"PUT {PATH}", "desk:zheng", {"items": []}, **tag(saved))
    with services.unit() as uow:
        assert not list(uow.session.scalars(select(TicketLimit)))
        assert not list(uow.session.scalars(select(RateTarget)))
        query = select(TraceEntry.internal_text).where(TraceEntry.subject_kind == "ticket_limits")
        texts = list(uow.session.scalars(query.order_by(TraceEntry.seq)))
    assert texts == [
        "全部类别/全部 受理 30分钟；解决率目标 未定 → 90.0%",
        "取消 全部类别/全部 受理 30分钟；解决率目标 90.0% → 未定",
    ]


@pytest.mark.parametrize(
    "rules",
    [
        [RULE, RULE], [{**RULE, "category_code": "none-such"}], [{**RULE, "amount": 0}],
        [{**RULE, "kind": "supervise"}], [{**RULE, "unit": "weeks"}],
        [{**RULE, "qualifier": "complex"}], [{**RULE, "kind": "handle", "qualifier": "utility"}],
    ],
)  # fmt: skip
def test_limits_that_mean_nothing_are_refused(api: HotlineApi, rules) -> None:
    shown = api.ok(f"GET {PATH}", "desk:zheng")
    assert api.ask(f"PUT {PATH}", "desk:zheng", {"items": rules}, **tag(shown))[0] == 422
    assert api.ok(f"GET {PATH}", "desk:zheng") == shown


@pytest.mark.parametrize("share", [-0.1, 1.1, "x"])
def test_a_target_is_a_share(api: HotlineApi, share) -> None:
    shown = api.ok(f"GET {PATH}", "desk:zheng")
    body = {"items": [], "targets": {"solved": share}}
    assert api.ask(f"PUT {PATH}", "desk:zheng", body, **tag(shown))[0] == 422


def test_nobody_overwrites_what_they_have_not_seen(api: HotlineApi) -> None:
    shown = api.ok(f"GET {PATH}", "desk:zheng")
    api.ok(f"PUT {PATH}", "desk:qin", {"items": [RULE]}, **tag(shown))
    for headers in (tag(shown), {}):
        status, refused = api.ask(f"PUT {PATH}", "desk:zheng", {"items": []}, **headers)
        assert (status, refused["code"]) == (412, "stale")


def test_only_the_district_sets_them(api: HotlineApi) -> None:
    shown = api.ok(f"GET {PATH}", "desk:street")
    status, refused = api.ask(f"PUT {PATH}", "desk:street", {"items": []}, **tag(shown))
    assert (status, refused["code"]) == (403, "forbidden")
    for who in ("han", "sun", "gao", "liang", "mao", "cai"):
        assert api.ask(f"GET {PATH}", f"desk:{who}")[0] == 403, who
