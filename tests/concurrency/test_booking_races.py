"""Many at once on a real PostgreSQL: nothing oversold, nobody twice, no ticket called twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update

from appointments import booking, queue, reconcile
from appointments.model import Appointment, Slot
from appointments.rules import Refused, State, Who
from backend.domains.appointments import service
from backend.kernel.access import Actor
from backend.kernel.database import Database
from backend.kernel.errors import Conflict
from tests.appointments_api import CARD, fake_items, place
from tests.appointments_world import NOW, World, at, make_hall, week
from tests.people import sign_in_person

THREADS = 16


@pytest.fixture
def database(live_db):
    made = Database(live_db, pool_size=THREADS, max_overflow=4)
    yield made
    made.dispose()


def together(count: int, act: Callable[[int], str]) -> Counter[str]:
    """Run `act(0) … act(count - 1)` in waves of threads that start at the same instant."""
    outcomes: Counter[str] = Counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for first in range(0, count, THREADS):
            wave = range(first, min(first + THREADS, count))
            gate = Barrier(len(wave))

            def run(number: int, gate: Barrier = gate) -> str:
                gate.wait(timeout=30)
                return act(number)

            outcomes.update(pool.map(run, wave))
    return outcomes


def hall(database: Database, capacity: int) -> tuple[World, UUID]:
    with database.transaction() as session:
        world = make_hall(session, rules=week(capacity=capacity))
        return world, world.slot(at(9)).id


def attempt(database: Database, slot_id: UUID, person: UUID, item: UUID) -> str:
    try:
        with database.transaction() as session:
            booking.book(
                session,
                appointment_id=uuid4(),
                slot_id=slot_id,
                person_key=person,
                item_key=item,
                group_code="shebao",
                channels=("online",),
                now=NOW,
            )
    except Refused as refused:
        return refused.code
    return "booked"


def test_a_slot_sells_exactly_what_it_has(database):
    _, slot_id = hall(database, capacity=10)
    item = uuid4()
    outcomes = together(96, lambda _: attempt(database, slot_id, uuid4(), item))
    assert outcomes == {"booked": 10, "slot_full": 86}
    with database.transaction() as session:
        assert session.get_one(Slot, slot_id).booked == 10
        assert session.scalar(select(func.count(Appointment.id))) == 10
        assert reconcile.mismatches(session) == []


def test_one_person_at_many_devices_books_once(database):
    world, _ = hall(database, capacity=50)
    person, item = uuid4(), uuid4()
    with database.transaction() as session:
        world.session = session
        slots = [world.slot(at(9)).id, world.slot(at(9, 30)).id, world.slot(at(10)).id]
    outcomes = together(48, lambda n: attempt(database, slots[n % 3], person, item))
    assert outcomes == {"booked": 1, "already_booked": 47}
    with database.transaction() as session:
        assert session.scalar(select(func.sum(Slot.booked))) == 1
        assert reconcile.mismatches(session) == []


def test_cancelling_and_booking_at_once_keeps_the_count(database):
    _, slot_id = hall(database, capacity=5)
    with database.transaction() as session:
        # Far enough ahead to be cancelled.
        session.execute(
            update(Slot).where(Slot.id == slot_id).values(start_at=at(11), end_at=at(12))
        )
    item = uuid4()
    for _ in range(5):
        attempt(database, slot_id, uuid4(), item)
    with database.transaction() as session:
        ids = list(session.scalars(select(Appointment.id)))

    def act(number: int) -> str:
        if number % 2:
            return attempt(database, slot_id, uuid4(), item)
        try:
            with database.transaction() as session:
                row = session.get_one(Appointment, ids[number // 2 % 5])
                booking.cancel(session, row, NOW)
        except Refused as refused:
            return refused.code
        return "cancelled"

    outcomes = together(64, act)
    assert outcomes["cancelled"] == 5
    with database.transaction() as session:
        live = session.scalar(
            select(func.count(Appointment.id)).where(Appointment.state == State.BOOKED)
        )
        assert live == outcomes["booked"] <= 5
        assert reconcile.mismatches(session) == []


def ready_queue(database: Database, people: int) -> World:
    world, _ = hall(database, capacity=people)
    with database.transaction() as session:
        world.session = session
        for _ in range(people):
            world.checked_in()
    return world


def test_two_clerks_never_call_the_same_ticket(database):
    world = ready_queue(database, 24)
    windows = [window.id for window in world.windows[:2]]
    seen: list[UUID] = []

    def act(number: int) -> str:
        with database.transaction() as session:
            change = queue.call(session, windows[number], NOW)
            called = change.appointment
            queue.start(session, called, NOW)
            queue.finish(session, called, NOW)
            seen.append(called.id)
        return "called"

    for _ in range(12):
        assert together(2, act) == {"called": 2}
    assert len(seen) == len(set(seen)) == 24


def test_one_window_clicked_many_times_calls_one(database):
    world = ready_queue(database, 8)
    window = world.windows[0].id

    def act(_: int) -> str:
        try:
            with database.transaction() as session:
                queue.call(session, window, NOW)
        except Refused as refused:
            return refused.code
        return "called"

    assert together(THREADS, act) == {"called": 1, "window_busy": THREADS - 1}


def test_a_ticket_is_given_once_however_often_the_code_is_scanned(database):
    world, _ = hall(database, capacity=4)
    with database.transaction() as session:
        world.session = session
        id_ = world.book().id

    def act(_: int) -> str:
        try:
            with database.transaction() as session:
                row = session.get_one(Appointment, id_)
                queue.check_in(session, row, Who.STAFF, NOW)
        except Refused as refused:
            return refused.code
        return "in"

    outcomes = together(THREADS, act)
    assert outcomes["in"] == 1
    assert set(outcomes) <= {"in", "changed_meanwhile", "already_checked_in"}
    with database.transaction() as session:
        assert session.get_one(Appointment, id_).ticket_no == "B001"


def test_tickets_given_at_once_all_differ(database):
    world, _ = hall(database, capacity=THREADS)
    with database.transaction() as session:
        world.session = session
        ids = [world.book().id for _ in range(THREADS)]

    def act(number: int) -> str:
        with database.transaction() as session:
            row = session.get_one(Appointment, ids[number])
            return str(queue.check_in(session, row, Who.STAFF, NOW).appointment.ticket_no)

    assert sorted(together(THREADS, act)) == [f"B{n:03d}" for n in range(1, THREADS + 1)]


def test_the_whole_use_case_sells_exactly_what_there_is(live_services, monkeypatch):
    """With receipt, trace, timer and events in the transaction, as residents book."""
    fake_items(monkeypatch)
    made = place(live_services)
    slot_id = made.slot(9)
    people = [sign_in_person(live_services).id for _ in range(THREADS)]

    def act(number: int) -> str:
        try:
            with live_services.unit(Actor("person", people[number])) as uow:
                service.book(uow, people[number], slot_id, CARD.id)
        except Conflict as conflict:
            return conflict.code
        return "booked"

    assert together(THREADS, act) == {"booked": 2, "slot_full": THREADS - 2}
    with live_services.unit() as uow:
        assert reconcile.mismatches(uow.session) == []
        receipts = uow.session.scalar(text("SELECT count(*) FROM receipt"))
        timers = uow.session.scalar(
            text("SELECT count(*) FROM timer WHERE kind = 'appointment.no_show'")
        )
        assert (receipts, timers) == (2, 2)


def test_the_negative_control_does_oversell(database):
    """Check first, then insert: the race that the engine closes is there when it is left open.

    The CHECK would stop it too, so the control keeps its own table without one.
    """
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE naive_slot (id int PRIMARY KEY, capacity int)"))
        connection.execute(text("CREATE TABLE naive_booking (slot int, person uuid)"))
        connection.execute(text("INSERT INTO naive_slot VALUES (1, 5)"))

    def act(_: int) -> str:
        with database.engine.begin() as connection:
            taken = connection.scalar(text("SELECT count(*) FROM naive_booking WHERE slot = 1"))
            capacity = connection.scalar(text("SELECT capacity FROM naive_slot WHERE id = 1"))
            if taken >= capacity:
                return "full"
            # What any real booking does in between; without it the race is there but rare.
            connection.execute(text("SELECT pg_sleep(0.005)"))
            connection.execute(
                text("INSERT INTO naive_booking VALUES (1, :person)"), {"person": uuid4()}
            )
        return "booked"

    assert together(96, act)["booked"] > 5
