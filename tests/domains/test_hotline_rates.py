"""三率: what the columns say and what the traces say are the same, whatever happened."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domains.hotline import (
    board,
    callback,
    closing,
    dispatching,
    handling,
    judging,
    merging,
    precedents,
    rates,
    reports,
    returning,
    reviewing,
)
from backend.kernel.clock import local_date
from backend.kernel.errors import DomainError
from backend.kernel.services import Services
from tests.hotline_world import CGJ, ZJJ, World, make_world

DAYS = 60


@pytest.fixture
def world(services: Services) -> World:
    return make_world(services)


def both(world: World) -> tuple[rates.Rates, rates.Rates]:
    with world.unit() as uow:
        return rates.live(uow, rates.came_in(None, None)), rates.recompute_from_trace(uow)


def agree(world: World) -> rates.Rates:
    live, traced = both(world)
    assert live == traced
    return live


def test_each_kind_of_end_counts_as_stated_and_traces_agree(world: World) -> None:
    world.closed()
    bad = world.bad()
    world.act("mao", judging.judge, bad, judging.EXPLAINED, "按规定办了")
    out = world.bad()
    world.act("mao", judging.judge, out, judging.EXCLUDED, "有录音")
    world.act("zheng", judging.decide_exclusion, world.request(out), True, "属实")
    unreached = world.passed()
    for _ in range(3):
        world.act("cai", callback.call_back, unreached, False)
        world.services.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # fixed
    world.dispatched()
    found = agree(world)
    response, solved, satisfied = found["response"], found["solved"], found["satisfied"]
    assert (response.numerator, response.denominator) == (3, 3)
    assert response.excluded == {"excluded": 1, "running": 1}
    assert (solved.numerator, solved.denominator) == (1, 3)
    assert (satisfied.numerator, satisfied.denominator) == (1, 3)
    assert satisfied.excluded == {"excluded": 1, "open": 1}


def test_a_late_word_and_none_at_all_are_no_response(world: World) -> None:
    late, never = world.signed(), world.signed()
    world.wait(hours=25)
    agree(world)
    world.act("gao", handling.contact, late, "今天才打通")
    silent = world.signed()
    world.act("gao", handling.submit_reply, silent, "办好了", "办好了")
    found = agree(world)["response"]
    assert (found.numerator, found.denominator) == (0, 3)
    assert never


def test_another_unit_has_its_own_time(world: World) -> None:
    ticket_id = world.dispatched()
    world.wait(hours=25)
    assert agree(world)["response"].denominator == 1
    world.act("gao", returning.ask_return, ticket_id, "条例第三条", "不归我们")
    world.act("sun", returning.approve_return, world.request(ticket_id), ZJJ)
    assert agree(world)["response"].excluded == {"running": 1}
    world.act("tang", dispatching.sign, ticket_id)
    world.act("tang", handling.contact, ticket_id, "说好了")
    found = agree(world)["response"]
    assert (found.numerator, found.denominator) == (1, 1)


def test_a_duplicate_has_its_parents_response_and_its_own_callers_word(world: World) -> None:
    parent, child = world.signed(), world.accepted()
    world.act("sun", merging.merge, child, parent)
    world.act("gao", handling.contact, parent, "说了")
    world.act("gao", handling.submit_reply, parent, "办好了", "办好了")
    world.pass_on(parent)
    world.act("cai", callback.call_back, parent, True, solved=True, satisfied=True)
    world.act("cai", callback.call_back, child, True, solved=True, satisfied=False)
    world.act("mao", judging.judge, child, judging.EXPLAINED, "已解释")
    found = agree(world)
    assert found["response"].excluded == {"merged": 1}
    assert (found["solved"].numerator, found["solved"].denominator) == (2, 2)
    assert (found["satisfied"].numerator, found["satisfied"].denominator) == (1, 2)


def test_work_done_again_waits_for_a_new_word(world: World) -> None:
    redo = world.bad()
    world.act("mao", judging.judge, redo, judging.REDO, "没办好")
    again = world.closed()
    world.act("zheng", closing.reopen, again, "又坏了")
    assert agree(world)["satisfied"].excluded == {"open": 2}
    for ticket_id in (redo, again):
        world.act("gao", handling.submit_reply, ticket_id, "重办了", "重办了")
        world.pass_on(ticket_id)
        world.act("cai", callback.call_back, ticket_id, True, solved=True, satisfied=True)
    assert agree(world)["satisfied"].numerator == 2


STEPS = ("take", "accept", "dispatch", "sign", "contact", "return", "approve", "reject",
         "reply", "pass", "back", "bad", "unreached", "redo", "explain", "exclude", "second",
         "merge", "separate", "reopen", "wait")  # fmt: skip


def act(world: World, made: list, step: str, place: int) -> None:
    """One step on one ticket, by whoever may take it; refused ones change nothing."""
    if step == "take" or not made:
        made.append(world.accepted())
        return
    ticket_id = made[place % len(made)]
    lead = "tang" if world.ticket(ticket_id).lead_unit_id == ZJJ else "gao"
    head = "xu" if lead == "tang" else "liang"
    uses = {
        "accept": lambda: made.append(world.take()),
        "dispatch": lambda: world.act("sun", dispatching.dispatch, ticket_id, CGJ),
        "sign": lambda: world.act(lead, dispatching.sign, ticket_id),
        "contact": lambda: world.act(lead, handling.contact, ticket_id, "说了"),
        "return": lambda: world.act(lead, returning.ask_return, ticket_id, "条例", "不归我们"),
        "approve": lambda: world.act(
            "sun", returning.approve_return, world.request(ticket_id), ZJJ
        ),
        "reject": lambda: world.act(
            "sun", returning.reject_return, world.request(ticket_id), "归你们"
        ),
        "reply": lambda: world.act(lead, handling.submit_reply, ticket_id, "办了", "办了"),
        "pass": lambda: (
            world.act(head, reviewing.pass_unit, ticket_id),
            world.act("mao", reviewing.pass_centre, ticket_id),
        ),
        "back": lambda: world.act(
            "cai", callback.call_back, ticket_id, True, solved=True, satisfied=True
        ),
        "bad": lambda: world.act(
            "cai", callback.call_back, ticket_id, True, solved=place % 2 == 0, satisfied=False
        ),
        "unreached": lambda: world.act("cai", callback.call_back, ticket_id, False),
        "redo": lambda: world.act("min", judging.judge, ticket_id, judging.REDO, "没办好"),
        "explain": lambda: world.act("min", judging.judge, ticket_id, judging.EXPLAINED, "说清了"),
        "exclude": lambda: world.act("min", judging.judge, ticket_id, judging.EXCLUDED, "录音"),
        "second": lambda: world.act(
            "zheng", judging.decide_exclusion, world.request(ticket_id), True
        ),
        "merge": lambda: world.act("sun", merging.merge, ticket_id, made[-1]),
        "separate": lambda: world.act("sun", merging.separate, ticket_id, "不是一件事"),
        "reopen": lambda: world.act("zheng", closing.reopen, ticket_id, "又坏了"),
        "wait": lambda: world.wait(hours=5 + place * 7),
    }
    try:
        uses[step]()
    except (DomainError, IndexError):
        return


@settings(
    max_examples=6, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.integers(0, 10**6))
def test_whatever_happened_both_ways_of_counting_agree(world: World, seed: int) -> None:
    chance = random.Random(seed)
    made: list = []
    flow = ("take", "dispatch", "sign", "contact", "reply", "pass", "back")
    for place in range(40):
        # Half of the steps follow the usual way, so that tickets get far.
        step = flow[place % len(flow)] if chance.random() < 0.5 else chance.choice(STEPS)
        act(world, made, step, chance.randrange(6))
    agree(world)


def test_a_report_adds_up_and_keeps_to_ones_own(world: World) -> None:
    world.closed()
    world.dispatched()
    world.take()
    today = local_date(world.services.clock.now())
    mao = world.staff["mao"]
    with world.unit(mao) as uow:
        for group in ("department", "category", "street"):
            found = reports.make(uow, mao, today, today, group)
            assert sum(row["tickets"] for row in found["rows"]) == found["total"]["tickets"] == 3
            for name in ("response", "solved", "satisfied"):
                for part in ("numerator", "denominator", "excluded"):
                    assert (
                        sum(row[name][part] for row in found["rows"])
                        == (found["total"][name][part])
                    )
    xu, liang = world.staff["xu"], world.staff["liang"]
    with world.unit(xu) as uow:
        assert reports.make(uow, xu, today, today, "department")["total"]["tickets"] == 0
    with world.unit(liang) as uow:
        assert reports.make(uow, liang, today, today, "department")["total"]["tickets"] == 2


def test_the_board_shows_units_with_what_is_open_and_late(world: World) -> None:
    world.signed()
    world.wait(days=9)
    with world.unit() as uow:
        shown = board.show(uow)
    assert [(row["name"], row["open"], row["overdue"]) for row in shown["by_unit"]] == [
        ("城管局", 1, 1)
    ]
    assert shown["connected_rate"]["rate"] is None
    assert len(shown["by_hour"]) == 24


def test_only_good_ends_become_precedents_and_they_name_nobody(world: World) -> None:
    told = {"words": "我叫王秀兰，住和平路12号302室，电话13800138000，路灯坏了",
            "caller_name": "王秀兰", "caller_phone": "13800138000"}  # fmt: skip
    good = world.closed(**told)
    world.closed(confidential=True, **told)
    world.closed(kind="report", **told)
    world.bad(**told)
    with world.unit() as uow:
        found = list(precedents.Precedents().documents(uow))
        assert [one.ref_id for one in found] == [good]
        text = f"{found[0].title} {found[0].body} {found[0].extra}"
        assert found[0].audience == "internal"
    for secret in ("王秀兰", "13800138000", "302", "12号"):
        assert secret not in text
    assert "路灯" in text
