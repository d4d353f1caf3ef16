"""Who books has looked at the times before: a word that goes out with them and works once.

It says whose it is and holds in the session that looked, so that who comes with it at a rush is
known in front of Flask, without asking anything.

It costs a phone nothing, because it comes with what the phone reads anyway. It stops calls that
were recorded and are played again, and calls made without ever asking what is left. Which word
was used by which call is kept in Redis for as long as it is good; without Redis a word works as
often as it is sent, and the tries are not counted: a booking is safe without either.
"""

import base64
import contextlib
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from backend.kernel.errors import Conflict, Unavailable
from backend.kernel.services import Services

HEADER = "X-Booking-Proof"
GOOD_FOR = timedelta(minutes=10)
#: How much the clocks of two web servers may differ.
_APART = timedelta(minutes=1)
_PURPOSE = "booking-proof"


def issue(services: Services, person_id: UUID, token: str, now: datetime) -> str:
    """A fresh word for this person in the session of `token`.

    The second it was made, chance, the person, and our signature over these and the token.
    """
    made = f"{int(now.timestamp()):x}.{secrets.token_urlsafe(9)}.{person_id.hex}"
    return f"{made}.{_signature(services, token, made)}"


def whose(services: Services, token: str, now: datetime, given: str) -> str:
    """The verified resident who got the word `given` in the session of `token`.

    Empty if none did, or longer ago than `GOOD_FOR`. Whether it was used is not asked.
    """
    made, _, signature = given.rpartition(".")
    right = _signature(services, token, made)
    if not hmac.compare_digest(signature.encode(), right.encode()) or not _fresh(made, now):
        return ""
    return str(UUID(made.rpartition(".")[2]))


def spend(
    services: Services, person_id: UUID, token: str, now: datetime, given: str, *, call: str
) -> None:
    """Use up the word `given` for the call with the idempotency key `call`.

    The same call may come again with it: its first answer may have been lost, or undone.
    Raises `Conflict` (look_first) if the word is missing, of another person or session, older
    than `GOOD_FOR` or used by another call.
    """
    if whose(services, token, now, given) != str(person_id):
        raise _look_first()
    mark = hashlib.sha256(call.encode()).hexdigest()
    name = f"hy:proof:{hashlib.sha256(given.encode()).hexdigest()}"
    seconds = int((GOOD_FOR + 2 * _APART).total_seconds())
    before = services.redis.call(
        lambda client: client.set(name, mark, nx=True, get=True, ex=seconds), default=None
    )
    if before not in (None, mark):
        raise _look_first()


def count(services: Services, person_id: UUID, address: str) -> None:
    """Count one try to get a place, by this person and from this network address.

    Raises `RateLimited`. How many a minute are settings (BOOKING_TRIES_PER_PERSON, more than a
    hand can do also at the second when places are given out, and BOOKING_TRIES_PER_ADDRESS,
    for many phones of one operator share an address; 0: not counted). Unlike the limits that
    guard accounts these let through when they cannot count.
    """
    settings = services.settings
    counted = {
        ("booking-person", str(person_id)): settings.booking_tries_per_person,
        ("booking-address", address): settings.booking_tries_per_address,
    }
    for (name, key), most in counted.items():
        if most:
            with contextlib.suppress(Unavailable):
                services.limiter.hit(f"{most} per minute", name, key)


def _fresh(made: str, now: datetime) -> bool:
    age = now - datetime.fromtimestamp(int(made.partition(".")[0], 16), now.tzinfo)
    return -_APART <= age <= GOOD_FOR


def _signature(services: Services, token: str, made: str) -> str:
    signed = services.privacy.sign(f"{token} {made}", _PURPOSE)
    return base64.urlsafe_b64encode(signed[:18]).decode()


def _look_first() -> Conflict:
    return Conflict(
        "look_first",
        title="请再看一次时间",
        detail="时间是好一会儿以前看的，可能已经变了",
        action="请重新看一下还有哪些时间，再提交一次",
    )
