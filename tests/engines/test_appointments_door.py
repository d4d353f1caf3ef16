"""Tickets without a booking, tickets put aside, tickets sent on to another window."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from appointments import boards, door, queue, reconcile
from appointments.demand_model import Precedence
from appointments.model import Appointment
from appointments.rules import Refused, State
from tests.appointments_world import MONDAY, NOW, World, at, make_hall


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def world(session) -> World:
    return make_hall(session)


def walk_in(world: World, now=NOW, group: str = "shebao", **more: object) -> Appointment:
    return door.walk_in(
        world.session,
        appointment_id=uuid4(),
        hall_id=world.hall.id,
        group_code=group,
        now=now,
        details={"item_name": "社保医保"},
        **more,  # type: ignore[arg-type]  # keywords of walk_in
    ).appointment


def refused(code: str, act) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def tickets(world: World) -> list[str | None]:
    return [row.ticket_no for row in boards.queue_of(world.session, world.hall.id, MONDAY)]


def serving(world: World, window: int = 0) -> Appointment:
    called = queue.call(world.session, world.windows[window].id, at(9)).appointment
    return queue.start(world.session, called, at(9, 1)).appointment


def test_a_ticket_from_the_door_takes_no_booked_place(world, session):
    made = walk_in(world)
    assert (made.state, made.ticket_no, made.source) == ("checked_in", "B001", "walk_in")
    assert made.slot_id is None and made.person_key == made.id
    assert walk_in(world, at(9, 1)).ticket_no == "B002"
    assert world.slot(at(9)).booked == 0
    assert reconcile.mismatches(session) == []
    done = queue.finish(session, serving(world), at(9, 9)).appointment
    assert (done.id, done.state) == (made.id, "finished")


def test_who_walks_in_stands_behind_who_booked_for_earlier(world):
    walk_in(world, at(9, 5))
    booked = world.checked_in(at(9), came=at(9, 6))
    assert tickets(world) == [booked.ticket_no, "B001"]
    first = walk_in(world, at(9, 7), priority=1)
    assert tickets(world)[0] == first.ticket_no


def test_the_same_person_and_business_twice_is_refused(world):
    person: UUID = uuid4()
    walk_in(world, person_key=person)
    refused("already_booked", lambda: walk_in(world, person_key=person))
    refused("group_not_served", lambda: walk_in(world, group="nothing"))
    assert walk_in(world).ticket_no == "B002"


def test_served_first_holds_until_its_day(world, session):
    person = uuid4()
    assert not door.goes_first(session, person, NOW)
    session.add(Precedence(person_key=person, until=MONDAY, granted_by=uuid4(), granted_at=NOW))
    session.flush()
    assert door.goes_first(session, person, NOW)
    assert not door.goes_first(session, person, at(9, day=MONDAY.replace(day=24)))


def test_parked_frees_the_window_and_keeps_the_number(world, session):
    made = walk_in(world)
    parked = queue.park(session, serving(world), at(9, 5)).appointment
    assert (parked.state, parked.ticket_no) == ("parked", made.ticket_no)
    other = walk_in(world)
    assert queue.call(session, world.windows[0].id, at(9, 6)).appointment.id == other.id
    back = queue.call(session, world.windows[1].id, at(9, 20), parked.id).appointment
    assert back.state == "called"
    served = queue.start(session, back, at(9, 21)).appointment
    # The time she was away is nobody's service.
    assert served.serving_at == at(9, 21)


def test_parked_is_done_when_the_day_ends(world, session):
    walk_in(world)
    parked = queue.park(session, serving(world), at(9, 5)).appointment
    ended = queue.close_day(session, parked, at(23)).appointment
    assert (ended.state, ended.finished_at) == ("finished", at(23))


def test_transferred_keeps_her_place_and_only_that_window_calls_her(world, session):
    made = walk_in(world, at(8, 1))
    walk_in(world, at(8, 2), group="huji")
    sent = queue.transfer(session, serving(world), at(9, 5), window_id=world.windows[2].id)
    assert (sent.before, sent.after) == (State.SERVING, State.CHECKED_IN)
    assert sent.appointment.queue_at == at(8, 1) and sent.appointment.window_id is None
    refused("queue_empty", lambda: queue.call(session, world.windows[1].id, at(9, 6)))
    found = refused(
        "for_other_window",
        lambda: queue.call(session, world.windows[1].id, at(9, 6), made.id),
    )
    assert found.facts["number"] == 3
    assert queue.call(session, world.windows[2].id, at(9, 7)).appointment.id == made.id


def test_a_ticket_sent_to_a_window_that_closed_goes_back_to_its_business(world, session):
    made = walk_in(world)
    queue.transfer(session, serving(world), at(9, 5), window_id=world.windows[1].id)
    refused("queue_empty", lambda: queue.call(session, world.windows[0].id, at(9, 6)))
    queue.set_window_status(session, world.windows[1], "closed")
    assert queue.call(session, world.windows[0].id, at(9, 7)).appointment.id == made.id


def test_transferred_to_another_business(world, session):
    made = walk_in(world)
    sent = queue.transfer(session, serving(world), at(9, 5), group_code="huji").appointment
    assert (sent.group_code, sent.ticket_no) == ("huji", made.ticket_no)
    assert queue.call(session, world.windows[2].id, at(9, 6)).appointment.id == made.id


def test_where_a_ticket_cannot_be_sent(world, session):
    walk_in(world)
    mine = serving(world)

    def send(**where: object) -> None:
        queue.transfer(session, mine, at(9, 5), **where)  # type: ignore[arg-type]  # its keywords

    refused("transfer_where", send)
    refused("transfer_same", lambda: send(window_id=world.windows[0].id))
    refused("transfer_same", lambda: send(group_code="shebao"))
    refused("group_not_served", lambda: send(group_code="nothing"))
    other = make_hall(session, code="other")
    refused("window_unknown", lambda: send(window_id=other.windows[0].id))
    queue.set_window_status(session, world.windows[1], "closed")
    refused("transfer_closed", lambda: send(window_id=world.windows[1].id))
