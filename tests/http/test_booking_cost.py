"""A booking stays cheap: its statements are counted, so that they cannot creep up again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from backend.demo import seed_appointments
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.ids import stable_id
from tests.district import TEN, District
from tests.people import proved, sign_in_person
from tests.rush import add_slots, bookable_item
from tests.web import web_app

#: Measured 13 and 4; every further one is a round trip that everybody waits for at a rush. Two are
#: the person's lock and her limits; who finds the slot full never gets that far.
MOST_FOR_A_BOOKING = 13
MOST_FOR_A_REFUSAL = 4


@pytest.fixture(scope="module")
def shared_database(district: District) -> Iterator[Database]:
    """The demo up to its halls."""
    yield from district.opened(district.upto(seed_appointments))


@pytest.fixture
def clock() -> FixedClock:
    """When that was seeded."""
    return FixedClock(TEN)


@pytest.fixture
def town(services):
    return services


@pytest.fixture
def client(town):
    return web_app(town).test_client()


@contextmanager
def counted(services: Any) -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(services.db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(services.db.engine, "before_cursor_execute", note)


def book(client, services, slot: str, headers: dict[str, str]) -> Any:
    body = {"slot_id": slot, "item_id": str(bookable_item(services))}
    sent = {**proved(services, headers), "Idempotency-Key": uuid4().hex}
    return client.post("/api/v1/appointments", json=body, headers=sent)


def test_a_booking_and_a_refusal_take_few_statements(client, town):
    slots = add_slots(town, 2, 1)
    people = [dict(sign_in_person(town)) for _ in range(3)]
    item = str(bookable_item(town))

    def attempt(slot: str, headers: dict[str, str]) -> Any:
        return client.post(
            "/api/v1/appointments",
            json={"slot_id": slot, "item_id": item},
            headers={**proved(town, headers), "Idempotency-Key": uuid4().hex},
        )

    # The first one of a process reads the guide.
    assert attempt(slots[0], people[0]).status_code == 201
    with counted(town) as seen:
        assert attempt(slots[1], people[1]).status_code == 201
    assert len(seen) <= MOST_FOR_A_BOOKING, "\n".join(seen)
    with counted(town) as seen:
        assert attempt(slots[1], people[2]).json["code"] == "slot_full"
    assert len(seen) <= MOST_FOR_A_REFUSAL, "\n".join(seen)


def test_the_answer_of_a_booking_is_the_one_a_later_look_gives(client, town):
    """It is put together from what is at hand, so it must not differ from what was stored."""
    slots = add_slots(town, 1, 1)
    headers = dict(sign_in_person(town))
    given = book(client, town, slots[0], headers)
    assert given.status_code == 201
    found = client.get(f"/api/v1/appointments/{given.json['id']}", headers=headers)
    assert found.json == given.json


@pytest.mark.parametrize(
    ("path", "most"), [("days?item_id={item}", 5), ("screen", 6)], ids=["days", "screen"]
)
def test_what_many_poll_takes_few_statements(client, town, path: str, most: int):
    path = path.format(item=bookable_item(town))
    url = f"/api/v1/halls/{stable_id('hall', 'yuehe')}/{path}"
    first = client.get(url)
    assert first.status_code == 200
    with counted(town) as seen:
        assert client.get(url).status_code == 200
    assert len(seen) <= most, "\n".join(seen)
    if "ETag" in first.headers:
        with counted(town) as seen:
            answer = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert (answer.status_code, len(seen)) == (304, 2)
