"""Two devices and the last booking a limit leaves: one passes. On a real PostgreSQL."""

from uuid import UUID, uuid4

from sqlalchemy import func, select

from appointments import booking, limits, moving, reconcile
from appointments.model import Appointment
from appointments.rules import LIVE, Refused
from tests.appointments_world import NOW, at
from tests.concurrency.test_booking_races import (
    THREADS,
    attempt,
    database,  # noqa: F401 - fixture
    hall,
    together,
)

HALVES = ((9, 0), (9, 30), (10, 0), (10, 30))


def slots(database, world) -> list[UUID]:
    with database.transaction() as session:
        world.session = session
        return [world.slot(at(*half)).id for half in HALVES]


def live_of(database, person: UUID) -> int:
    with database.transaction() as session:
        assert reconcile.mismatches(session) == []
        query = select(func.count()).where(
            Appointment.person_key == person, Appointment.state.in_(LIVE)
        )
        return session.scalar(query)


def rush(database) -> list[int]:
    """Five people, each at sixteen devices for sixteen items of one day."""
    world, _ = hall(database, capacity=200)
    places = slots(database, world)
    found = []
    for _ in range(5):
        person = uuid4()
        together(
            THREADS,
            lambda number, person=person: attempt(database, places[number % 4], person, uuid4()),
        )
        found.append(live_of(database, person))
    return found


def test_many_devices_never_pass_a_limit(database):
    assert rush(database) == [3] * 5


def test_without_the_lock_of_the_person_they_do(database, monkeypatch):
    """The negative control: counting alone, under no lock, lets several through."""
    monkeypatch.setattr(booking, "lock_people", lambda *args: None)
    assert max(rush(database)) > 3


def test_moving_and_booking_into_a_full_day_never_pass(database):
    world, _ = hall(database, capacity=200)
    places = slots(database, world)
    with database.transaction() as session:
        world.session = session
        tuesday = world.slot(at(9, day=world.slot(at(9)).day.replace(day=24))).id
    person = uuid4()
    for _ in range(2):
        assert attempt(database, places[0], person, uuid4()) == "booked"
    assert attempt(database, tuesday, person, uuid4()) == "booked"
    with database.transaction() as session:
        id_ = session.scalars(select(Appointment.id).where(Appointment.slot_id == tuesday)).one()

    def act(number: int) -> str:
        if number % 2:
            return attempt(database, places[1], person, uuid4())
        try:
            with database.transaction() as session:
                row = session.get_one(Appointment, id_)
                moving.reschedule(session, row, places[2], channels=("online",), now=NOW)
        except Refused as refused:
            return refused.code
        return "moved"

    outcomes = together(8, act)
    assert outcomes["moved"] + outcomes["booked"] == 1, outcomes
    assert live_of(database, person) in (3, 4)


def test_people_who_book_for_each_other_never_wait_in_a_ring(database):
    people = [uuid4() for _ in range(4)]

    def act(number: int) -> str:
        pair = (people[number % 4], people[(number * 3 + 1) % 4])
        with database.transaction() as session:
            limits.lock_people(session, pair)
        return "locked"

    assert together(64, act) == {"locked": 64}
