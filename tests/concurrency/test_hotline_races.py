"""Many at once on a real PostgreSQL: one dispatches, one unit is the first to sign, no urge twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update

from backend import config
from backend.app import compose
from backend.domains.hotline import decisions, dispatching, merging, returning, urging
from backend.domains.hotline.model import Ticket, TicketUnit
from backend.kernel.database import Database
from backend.kernel.errors import DomainError
from tests.hotline_checks import check_trace
from tests.hotline_world import CGJ, RSJ, ZJJ, World, make_world

TICKETS = 10


@pytest.fixture
def world(base_environ, live_db, clock, valkey) -> World:
    database = Database(live_db, pool_size=8, max_overflow=4)
    made = compose(
        config.load({**base_environ, "DATABASE_URL": live_db}), database=database, clock=clock
    )
    made.redis.client.flushall()
    yield make_world(made)
    database.dispose()


def together(*acts: Callable[[], object]) -> Counter[str]:
    """All of them at the same instant; what became of each."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        gate.wait(timeout=30)
        try:
            act()
        except DomainError as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def count(world: World, model: type, ticket_id: UUID) -> int:
    with world.unit() as uow:
        query = select(func.count()).select_from(model).where(model.ticket_id == ticket_id)
        return uow.session.scalar(query) or 0


def test_of_two_dispatchers_one_dispatches_and_the_other_is_told(world):
    for _ in range(TICKETS):
        ticket_id = world.accepted()
        outcome = together(
            lambda t=ticket_id: world.act("sun", dispatching.dispatch, t, CGJ, [ZJJ]),
            lambda t=ticket_id: world.act("lu", dispatching.dispatch, t, ZJJ),
        )
        assert outcome == {"done": 1, "wrong_state": 1}, outcome
        ticket = world.ticket(ticket_id)
        assert count(world, TicketUnit, ticket_id) == (2 if ticket.lead_unit_id == CGJ else 1)
        assert len(world.running(ticket_id)) == 3
        check_trace(world, ticket_id)


def test_of_two_units_that_sign_at_once_one_is_the_first(world):
    for _ in range(TICKETS):
        ticket_id = world.dispatched((ZJJ,))
        outcome = together(
            lambda t=ticket_id: world.act("gao", dispatching.sign, t),
            lambda t=ticket_id: world.act("tang", dispatching.sign, t),
            lambda t=ticket_id: world.act("ge", dispatching.sign, t),
        )
        assert outcome == {"done": 2, "nothing_to_sign": 1}, outcome
        ticket = world.ticket(ticket_id)
        signed = {row.department_id: row.signed_by for row in world.units(ticket_id)}
        assert ticket.state == "handling" and None not in signed.values()
        assert ticket.first_signer_id == signed[ticket.first_unit_id]
        check_trace(world, ticket_id)


def test_a_request_is_decided_once_and_two_merges_never_wait_for_each_other(world):
    ticket_id = world.dispatched()
    world.act("gao", returning.ask_return, ticket_id, "条例", "归别处")
    request = world.request(ticket_id)
    outcome = together(
        lambda: world.act("sun", decisions.decide, request, True, department_id=ZJJ),
        lambda: world.act("lu", decisions.decide, request, True, department_id=RSJ),
        lambda: world.act("zheng", decisions.decide, request, False, "不同意"),
    )
    assert outcome == {"done": 1, "wrong_state": 2}, outcome
    for _ in range(TICKETS // 2):
        one, other = world.accepted(), world.accepted()
        outcome = together(
            lambda a=one, b=other: world.act("sun", merging.merge, a, b),
            lambda a=one, b=other: world.act("lu", merging.merge, b, a),
        )
        assert outcome["done"] == 1, outcome
        assert {world.ticket(one).state, world.ticket(other).state} == {"merged", "to_dispatch"}


def test_ten_urges_at_once_are_one(world):
    person = uuid4()
    ticket_id = world.signed(person_id=person)

    def urge() -> None:
        world.as_person(person, urging.urge_of_caller, ticket_id)

    assert together(*[urge] * 6) == {"done": 1, "urged_today": 5}
    assert world.ticket(ticket_id).urges_count == 1


def test_the_negative_control_is_dispatched_twice(world):
    """Look first, then write without the guard: the race that the conditional update closes."""
    winners = 0
    for _ in range(TICKETS):
        ticket_id = world.accepted()
        won: list[UUID] = []

        def act(unit: UUID, ticket_id: UUID = ticket_id, won: list[UUID] = won) -> None:
            with world.unit() as uow:
                state = uow.session.scalar(select(Ticket.state).where(Ticket.id == ticket_id))
                # What any real dispatch does in between.
                uow.session.execute(text("SELECT pg_sleep(0.005)"))
                if state == "to_dispatch":
                    uow.session.execute(
                        update(Ticket)
                        .where(Ticket.id == ticket_id)
                        .values(state="to_sign", lead_unit_id=unit)
                    )
                    won.append(unit)

        together(lambda a=act: a(CGJ), lambda a=act: a(ZJJ))
        winners += len(won)
    assert winners > TICKETS
