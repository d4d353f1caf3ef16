"""A bench with scripted channels for the delivery engine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.embedded.valkey import Valkey
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.redis import RedisLink
from notifications import consent, outbox
from notifications.buckets import Buckets
from notifications.channels.base import Addresses, Outcome, Parcel
from notifications.delivery import Delivery
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Kind
from notifications.limits import Limits
from notifications.model import (
    MessageGrant,
    OutboxMessage,
)
from notifications.rules import Priority, Verdict

PERSON = uuid4()
TEMPLATE = "template-1"
OK = Outcome(Verdict.ACCEPTED, "m1")
BUSY = Outcome(Verdict.RETRY, code="-1", text="system error")
SPENT = Outcome(Verdict.NEXT_CHANNEL, code="43101", text="user refuse")
WRONG = Outcome(Verdict.FINAL, code="47003", text="argument invalid")
UNCLEAR = Outcome(Verdict.UNCLEAR, text="ReadTimeout")


@dataclass(frozen=True)
class Matter:
    kind: str = "appointment"
    id: UUID = field(default_factory=uuid4)


@dataclass
class To:
    mini_openid: str | None = "o1"
    service_openid: str | None = "o2"
    phone: str | None = "13800001234"


class Scripted:
    """A channel that answers what the test says, and keeps what it was given."""

    provider = "scripted"

    def __init__(self, name: str, *script: Outcome, template: str | None = None) -> None:
        self.name = name
        self.reports = False
        self.repeatable = False
        self.script = list(script)
        self.sent: list[Parcel] = []
        self._template = template

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        return {SUBSCRIBE: to.mini_openid, SERVICE: to.service_openid, SMS: to.phone}[
            self.name
        ] is not None

    def template(self, parcel: Parcel) -> str | None:
        return self._template

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        self.sent.append(parcel)
        return self.script.pop(0) if self.script else OK


def kind(**changes: object) -> Kind:
    base: dict[str, object] = {
        "key": "booked", "name": "预约", "title": "约好了", "body": "正文",
        "priority": Priority.CONFIRMATION, "life": timedelta(hours=12),
        "ladder": (SUBSCRIBE, SERVICE, SMS), "template_key": "t",
        "subscribe": (("thing1", "{name}"),), "service": (("thing1", "{name}"),), "sms": "{name}",
    }  # fmt: skip
    return Kind(**{**base, **changes})  # type: ignore[arg-type]  # built from parts


class Bench:
    """An outbox, a worker and its channels."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db, self.clock, self.to = db, clock, To()
        self.subscribe = Scripted(SUBSCRIBE, template=TEMPLATE)
        self.service = Scripted(SERVICE)
        self.sms = Scripted(SMS)
        self.worker = self.another("w1")

    def another(self, owner: str, **options: Any) -> Delivery:
        channels = {c.name: c for c in (self.subscribe, self.service, self.sms)}
        return Delivery(
            self.db.transaction, self.clock.now, lambda session, people: dict.fromkeys(people, self.to), channels,
            owner=owner, chance=lambda: 0.5, **{"limits": Limits(fresh=0), **options},
        )  # fmt: skip

    def tell(
        self, made: Kind | None = None, key: str = "k", *, person: UUID = PERSON, **options: object
    ) -> UUID | None:
        matter = options.pop("subject", None) or Matter()
        with self.db.transaction() as session:
            return outbox.enqueue(
                session, self.clock.now(), made or kind(), person_key=person, subject=matter,  # type: ignore[arg-type]  # a matter
                dedupe_key=key, values={"name": "社保卡"}, **options,  # type: ignore[arg-type]  # passed on
            )  # fmt: skip

    def grant(self, times: int = 1) -> None:
        with self.db.transaction() as session:
            for _ in range(times):
                consent.report(session, self.clock.now(), PERSON, TEMPLATE, "accept", source="page")

    def row(self, message_id: UUID | None) -> OutboxMessage:
        with self.db.transaction() as session:
            return session.scalars(
                select(OutboxMessage)
                .where(OutboxMessage.id == message_id)
                .execution_options(populate_existing=True)
            ).one()

    def left(self) -> int:
        with self.db.transaction() as session:
            grant = session.get(MessageGrant, (PERSON, TEMPLATE))
            return grant.remaining if grant else 0


@pytest.fixture
def bench(db: Database, clock: FixedClock) -> Bench:
    return Bench(db, clock)


@pytest.fixture
def link(valkey: Valkey) -> Iterator[RedisLink]:
    made = RedisLink(valkey.url)
    yield made
    made.client.close()


@pytest.fixture
def shared(link: RedisLink) -> Buckets:
    return Buckets(link, uuid4().hex)
