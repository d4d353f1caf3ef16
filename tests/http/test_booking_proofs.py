"""Who asks for a place has looked at the times: a word that works once, and not too many tries."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from backend.domains.appointments import proofs
from backend.kernel.limits import Limiter
from backend.kernel.redis import RedisLink
from tests.appointments_api import CARD, PASS
from tests.http.hall import booked, call, resident, spot  # noqa: F401 - fixtures
from tests.people import proved, sign_in_person

TODAY = "2026-11-23"


@pytest.fixture
def look(client, spot):
    """`look(headers)`: the proof that comes with the times, as the page reads them."""

    def run(headers: dict[str, str] | None = None) -> str | None:
        path = f"/api/v1/halls/{spot.hall}/slots?item_id={CARD.id}&date={TODAY}"
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200
        return answer.headers.get(proofs.HEADER)

    return run


@pytest.fixture
def book(call, spot):
    """`book(headers, proof, hour, key) -> (status, body)`."""

    def run(headers, proof: str, hour: int = 9, key: str = "", item=CARD):
        wish = {"slot_id": str(spot.slot(hour, group=item.group_code)), "item_id": str(item.id)}
        extra = {proofs.HEADER: proof, "Idempotency-Key": key or uuid4().hex}
        return call("POST /appointments", headers, wish, **extra)

    return run


def test_the_proof_comes_with_the_times_and_books_once(look, book, resident):
    proof = look(resident)
    assert book(resident, proof)[0] == 201
    status, refused = book(resident, proof, item=PASS)
    assert (status, refused["code"]) == (409, "look_first")
    assert book(resident, look(resident), item=PASS)[0] == 201


def test_a_call_that_is_sent_again_may_bring_its_proof_again(look, book, resident):
    proof = look(resident)
    first = book(resident, proof, key="the-same-call")
    assert first[0] == 201
    assert book(resident, proof, key="the-same-call") == first


def test_a_refused_call_may_bring_its_proof_again_but_no_other_call(look, book, spot, resident):
    proof = look(resident)
    assert book(resident, proof, hour=9, key="taken-first")[0] == 201
    again = look(resident)
    assert book(resident, again, hour=9, key="refused-call")[1]["code"] == "already_booked"
    assert book(resident, again, hour=9, key="refused-call")[1]["code"] == "already_booked"
    assert book(resident, again, hour=9, key="another-call")[1]["code"] == "look_first"


def test_who_cannot_book_gets_none_and_nobody_gets_another_persons(look, book, services, resident):
    assert look() is None
    assert look(sign_in_person(services, verified=False)) is None
    other = sign_in_person(services)
    assert book(other, look(resident))[1]["code"] == "look_first"
    assert book(other, look(other))[0] == 201


@pytest.mark.parametrize(
    "proof", ["", ".", "1.x.y", "ffffffffffffffffff.a.b", "x" * 5000, "６５.a.ü"]
)
def test_what_was_never_given_is_refused(book, resident, proof: str):
    status, refused = book(resident, proof.encode().decode("latin-1"))
    assert (status, refused["code"]) == (409, "look_first")


def test_it_ends_after_ten_minutes(look, book, clock, resident):
    proof = look(resident)
    clock.advance(timedelta(minutes=10))
    assert book(resident, proof)[0] == 201
    late = look(resident)
    clock.advance(timedelta(minutes=10, seconds=1))
    assert book(resident, late, item=PASS)[1]["code"] == "look_first"


def test_everything_that_takes_a_place_asks_for_it(call, spot, booked, resident):
    mine = booked(9)
    slot, item = str(spot.slot(10)), str(CARD.id)
    part = {"slot_id": slot, "item_id": item}
    wishes = {
        "POST /visits": {"kind": "items", "parts": [part, part]},
        "POST /waitlist": {"hall_id": str(spot.hall), "item_id": item, "date": "2026-11-24"},
        f"POST /appointments/{mine['id']}/reschedule": {"slot_id": slot},
        f"POST /visits/{uuid4()}/reschedule": {
            "parts": [{"appointment_id": mine["id"], "slot_id": slot}]
        },
    }
    for route, wish in wishes.items():
        status, refused = call(route, resident, wish, **{proofs.HEADER: ""})
        assert (status, refused["code"]) == (409, "look_first"), route


def test_without_redis_age_and_signature_are_what_counts(look, book, services, resident):
    proof = look(resident)
    services.redis = RedisLink("redis://127.0.0.1:9/0")
    assert book(resident, proof)[0] == 201
    assert book(resident, proof, item=PASS)[0] == 201
    assert book(resident, "", item=PASS)[1]["code"] == "look_first"


def test_more_tries_than_a_hand_can_make_have_to_wait(book, services, resident):
    services.settings = replace(services.settings, booking_tries_per_person=3)
    for _ in range(3):
        assert book(resident, "")[0] == 409
    status, refused = book(resident, proved(services, resident)[proofs.HEADER])
    assert (status, refused["code"]) == (429, "rate_limited")
    # Somebody else is not held up by it.
    other = sign_in_person(services)
    assert book(other, proved(services, other)[proofs.HEADER])[0] == 201


def test_tries_from_one_address_are_counted_where_the_district_wants_it(book, services):
    people = [sign_in_person(services) for _ in range(3)]
    services.settings = replace(services.settings, booking_tries_per_address=2)
    found = [book(who, proved(services, who)[proofs.HEADER])[0] for who in people]
    assert found == [201, 201, 429]


def test_where_tries_cannot_be_counted_nobody_is_held_up(book, services, resident):
    services.settings = replace(services.settings, booking_tries_per_person=1)
    services.limiter = Limiter("redis://127.0.0.1:9/0")
    for item in (CARD, PASS):
        assert book(resident, proved(services, resident)[proofs.HEADER], item=item)[0] == 201
