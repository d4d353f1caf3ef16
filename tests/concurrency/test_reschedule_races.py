"""Moving at once on a real PostgreSQL: nobody without a place, nothing doubled, no deadlock."""

from uuid import UUID, uuid4

from sqlalchemy import func, select, text

from appointments import booking, moving, reconcile
from appointments.model import Appointment, Slot
from appointments.rules import Refused, State
from tests.appointments_world import NOW, at
from tests.concurrency.test_booking_races import (
    THREADS,
    attempt,
    database,  # noqa: F401 - fixture
    hall,
    together,
)


def move(database, appointment_id: UUID, slot_id: UUID) -> str:
    try:
        with database.transaction() as session:
            row = session.get_one(Appointment, appointment_id)
            moving.reschedule(session, row, slot_id, channels=("online",), now=NOW)
    except Refused as refused:
        return refused.code
    return "moved"


def slots(database, world) -> list[UUID]:
    with database.transaction() as session:
        world.session = session
        return [world.slot(at(10)).id, world.slot(at(10, 30)).id]


def live(database) -> list[tuple[UUID, UUID]]:
    with database.transaction() as session:
        assert reconcile.mismatches(session) == []
        query = select(Appointment.id, Appointment.slot_id).where(
            Appointment.state == State.BOOKED.value
        )
        return [(row[0], row[1]) for row in session.execute(query)]


def test_many_want_the_last_places_of_another_time(database):
    world, _ = hall(database, capacity=THREADS)
    ten, half = slots(database, world)
    item = uuid4()
    for _ in range(THREADS):
        attempt(database, ten, uuid4(), item)
    with database.transaction() as session:
        session.get_one(Slot, half).capacity = 5
    ids = [row[0] for row in live(database)]
    outcomes = together(THREADS, lambda number: move(database, ids[number], half))
    assert outcomes == {"moved": 5, "slot_full": THREADS - 5}
    after = live(database)
    assert sorted(row[0] for row in after) == sorted(ids)
    assert sum(row[1] == half for row in after) == 5


def test_one_appointment_moved_from_many_devices_moves_once(database):
    world, _ = hall(database, capacity=4)
    ten, half = slots(database, world)
    attempt(database, ten, uuid4(), uuid4())
    ((id_, _),) = live(database)
    outcomes = together(THREADS, lambda _: move(database, id_, half))
    assert outcomes["moved"] == 1
    assert set(outcomes) <= {"moved", "changed_meanwhile", "same_slot"}
    assert live(database) == [(id_, half)]


def test_swapping_crowds_never_wait_in_a_ring(database):
    """Half go from ten to half past, half the other way, while others book and cancel."""
    world, _ = hall(database, capacity=THREADS * 2)
    ten, half = slots(database, world)
    item = uuid4()
    for number in range(THREADS):
        attempt(database, (ten, half)[number % 2], uuid4(), item)
    rows = live(database)
    other = {ten: half, half: ten}

    def act(number: int) -> str:
        id_, slot = rows[number % THREADS]
        if number % 4 == 3:
            return attempt(database, other[slot], uuid4(), item)
        return move(database, id_, other[slot])

    for _ in range(3):
        outcomes = together(THREADS * 2, act)
        assert set(outcomes) <= {"moved", "booked", "changed_meanwhile", "same_slot"}
    assert len({row[0] for row in live(database)}) == len(live(database)) >= THREADS


def test_booking_and_moving_to_the_same_day_never_doubles(database):
    """The same person books for Tuesday while her Monday booking is moved to Tuesday."""
    world, _ = hall(database, capacity=THREADS)
    monday, _ = slots(database, world)
    with database.transaction() as session:
        world.session = session
        tuesday = [
            world.slot(at(9, day=world.slot(at(9)).day.replace(day=24))).id,
            world.slot(at(10, day=world.slot(at(9)).day.replace(day=24))).id,
        ]
    for _ in range(6):
        person, item = uuid4(), uuid4()
        attempt(database, monday, person, item)
        with database.transaction() as session:
            id_ = session.scalars(
                select(Appointment.id).where(Appointment.person_key == person)
            ).one()

        def act(number: int, id_=id_, person=person, item=item) -> str:
            if number % 2:
                return attempt(database, tuesday[1], person, item)
            return move(database, id_, tuesday[0])

        outcomes = together(8, act)
        assert outcomes["moved"] + outcomes["booked"] == 1
        with database.transaction() as session:
            count = session.scalar(
                select(func.count()).where(
                    Appointment.person_key == person,
                    Appointment.item_key == item,
                    Appointment.day == world.slot(at(9)).day.replace(day=24),
                )
            )
            assert count == 1
    live(database)


def test_cancelling_while_moving_gives_one_place_back(database):
    world, _ = hall(database, capacity=THREADS)
    ten, half = slots(database, world)
    item = uuid4()
    for _ in range(8):
        attempt(database, ten, uuid4(), item)
    ids = [row[0] for row in live(database)]

    def act(number: int) -> str:
        id_ = ids[number // 2]
        if number % 2:
            return move(database, id_, half)
        try:
            with database.transaction() as session:
                booking.cancel(session, session.get_one(Appointment, id_), NOW)
        except Refused as refused:
            return refused.code
        return "cancelled"

    outcomes = together(16, act)
    assert set(outcomes) <= {"moved", "cancelled", "changed_meanwhile", "wrong_state"}
    assert outcomes["cancelled"] + len(live(database)) == 8


def test_the_negative_control_loses_or_doubles_places(database):
    """Give back first, take after a check: at a rush somebody is left without a place."""
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE naive_place (id int PRIMARY KEY, person uuid)"))
        connection.execute(text("CREATE TABLE naive_seat (slot int, person uuid)"))
        people = [uuid4() for _ in range(THREADS)]
        for person in people:
            connection.execute(text("INSERT INTO naive_seat VALUES (1, :p)"), {"p": person})

    def act(number: int) -> str:
        person = {"p": people[number]}
        with database.engine.begin() as connection:
            connection.execute(
                text("DELETE FROM naive_seat WHERE slot = 1 AND person = :p"), person
            )
        with database.engine.begin() as connection:
            taken = connection.scalar(text("SELECT count(*) FROM naive_seat WHERE slot = 2"))
            connection.execute(text("SELECT pg_sleep(0.005)"))
            if taken >= 5:
                return "nowhere"
            connection.execute(text("INSERT INTO naive_seat VALUES (2, :p)"), person)
        return "moved"

    outcomes = together(THREADS, act)
    assert outcomes["nowhere"] > 0 or outcomes["moved"] > 5
