"""How much is enough: a person's day has its caps, a channel its speed and its quota.

What the district has set is in ``message_cap`` and ``channel_rate``; where it set nothing the
values below hold.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from notifications.buckets import Buckets, Hold, Rate
from notifications.channels.base import Parcel
from notifications.control_model import ChannelRate, MessageCap, MessageDayCount
from notifications.kinds import SERVICE, SMS, STAFF_HOOK, SUBSCRIBE
from notifications.model import OutboxMessage
from notifications.rules import is_bulk, may_be_capped

#: The scope of a cap over all kinds.
ALL = "*"
DEFAULT_CAPS: Mapping[str, int] = {ALL: 20}
#: WeChat's published quotas of a day; the speeds are what its servers are known to bear. A
#: group robot of WeCom takes 20 messages a minute.
DEFAULT_RATES: Mapping[str, Rate] = {
    SUBSCRIBE: Rate(1000, 1000, 10_000_000),
    SERVICE: Rate(1000, 1000, 100_000),
    SMS: Rate(1000, 1000),
    STAFF_HOOK: Rate(20 / 60, 20),
}
#: Channels whose every reader (a group, a system) has a bucket of its own.
BY_READER = frozenset({STAFF_HOOK})
#: Seconds for which what the district set is remembered.
FRESH = 5.0
#: Day counts are of no use once their day is over everywhere.
KEPT = timedelta(days=3)

#: How many places in a day, by person and scope.
Places = Counter[tuple[UUID, str]]

_COUNTS = cast(Table, MessageDayCount.__table__)
_GIVEN = (
    func.unnest(
        bindparam("people", type_=ARRAY(Uuid())),
        bindparam("scopes", type_=ARRAY(String())),
        bindparam("numbers", type_=ARRAY(Integer())),
    )
    .table_valued("person_key", "scope", "number")
    .render_derived()
)
_ADDING = insert(_COUNTS).from_select(
    ["person_key", "day", "scope", "sent"],
    # In one order everywhere, so that two batches never wait for each other.
    select(_GIVEN.c.person_key, bindparam("on_day", type_=Date()), _GIVEN.c.scope, _GIVEN.c.number)
    .order_by(_GIVEN.c.person_key, _GIVEN.c.scope),
)  # fmt: skip
_ADD = _ADDING.on_conflict_do_update(
    index_elements=["person_key", "day", "scope"],
    set_={"sent": _COUNTS.c.sent + _ADDING.excluded.sent},
).returning(_COUNTS.c.person_key, _COUNTS.c.scope, _COUNTS.c.sent)
_SUBTRACT = (
    update(_COUNTS)
    .where(
        _COUNTS.c.person_key == _GIVEN.c.person_key,
        _COUNTS.c.day == bindparam("on_day", type_=Date()),
        _COUNTS.c.scope == _GIVEN.c.scope,
    )
    .values(sent=_COUNTS.c.sent - _GIVEN.c.number)
)


@dataclass(frozen=True, slots=True)
class Known:
    """Caps by scope (a kind's key, or ``ALL``) and rates by channel or ``channel:template``."""

    caps: Mapping[str, int]
    rates: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class Full:
    """The cap that is reached: its scope and how many it allows a day."""

    scope: str
    per_day: int


class Limits:
    """Asked before each send.

    ``exempt`` names kinds that no cap holds back (work must reach those who do it). What the
    district set is read again after ``fresh`` seconds.
    """

    def __init__(
        self,
        buckets: Buckets | None = None,
        *,
        exempt: Callable[[str], bool] = lambda kind: False,
        fresh: float = FRESH,
    ) -> None:
        self._buckets = buckets or Buckets()
        self._exempt = exempt
        self._fresh = fresh
        self._kept: tuple[float, Known] | None = None

    def bulk_may_go(self) -> bool:
        """Whether bulk may be taken up at all."""
        return self._buckets.bulk_may_go()

    def take_places(
        self, session: Session, rows: Sequence[OutboxMessage], day: date
    ) -> dict[UUID, Full]:
        """Count these messages on their persons' ``day``; of those over a cap, which, by id.

        Those over a cap are not counted. A message is counted once, however often it is tried;
        groups of staff have no day.
        """
        caps = self._known(session).caps if rows else {}
        asked = [(row, [s for s in (ALL, row.kind) if s in caps])
                 for row in rows if self._counts(row)]  # fmt: skip
        wanted = Counter((row.person_key, scope) for row, scopes in asked for scope in scopes)
        # The rows are ours until the transaction ends, so the rest is decided here.
        before = _count(session, day, wanted)
        used: Counter[tuple[UUID, str]] = Counter()
        full = {}
        for row, scopes in asked:
            keys = [(row.person_key, scope) for scope in scopes]
            met = [key for key in keys if before[key] + used[key] >= caps[key[1]]]
            if met:
                full[row.id] = Full(met[0][1], caps[met[0][1]])
            elif keys:
                used.update(keys)
                row.counted_on = day
        _uncount(session, day, wanted - used)
        return full

    def _counts(self, row: OutboxMessage) -> bool:
        """Whether this message takes a place in its person's day."""
        return (
            row.counted_on is None
            and row.resent_of is None
            and STAFF_HOOK not in row.ladder
            and may_be_capped(row.priority)
            and not self._exempt(row.kind)
        )

    def hold_all(
        self, session: Session, asked: Sequence[tuple[OutboxMessage, str, Parcel]]
    ) -> list[Hold | None]:
        """Take the tokens for each send by its channel; where one must wait, how long."""
        return self._buckets.take_all(
            [
                (
                    self._wanted(session, channel, parcel.template_key, row.person_key),
                    is_bulk(row.priority),
                )
                for row, channel, parcel in asked
            ]
        )

    def pause(self, channel: str, person_key: UUID) -> timedelta:
        """The provider's quota is used up: how long bulk leaves the channel alone."""
        return self._buckets.pause(_name(channel, person_key))

    def _wanted(
        self, session: Session, channel: str, template_key: str, person_key: UUID
    ) -> list[tuple[str, Rate]]:
        rates = self._known(session).rates
        found = []
        if channel in rates:
            found.append((_name(channel, person_key), rates[channel]))
        one = f"{channel}:{template_key}"
        if one in rates:
            found.append((one, rates[one]))
        return found

    def _known(self, session: Session) -> Known:
        kept = self._kept
        if kept is None or time.monotonic() - kept[0] >= self._fresh:
            kept = (time.monotonic(), known(session))
            self._kept = kept
        return kept[1]


def known(session: Session) -> Known:
    """What holds now: the district's settings over the built-in ones."""
    caps = {row.scope: row.per_day for row in session.scalars(select(MessageCap))}
    rates = {
        row.key: Rate(row.per_second, row.burst, row.per_day)
        for row in session.scalars(select(ChannelRate))
    }
    return Known({**DEFAULT_CAPS, **caps}, {**DEFAULT_RATES, **rates})


def give_back(session: Session, row: OutboxMessage) -> None:
    """Free the place of a message that surely was not sent."""
    if row.counted_on is None:
        return
    session.execute(
        update(_COUNTS)
        .where(
            _COUNTS.c.person_key == row.person_key,
            _COUNTS.c.day == row.counted_on,
            _COUNTS.c.scope.in_([ALL, row.kind]),
        )
        .values(sent=func.greatest(_COUNTS.c.sent - 1, 0))
    )
    row.counted_on = None


def forget(session: Session, today: date) -> None:
    """Drop the counts of days that are over."""
    session.execute(delete(_COUNTS).where(_COUNTS.c.day < today - KEPT))


def _count(session: Session, day: date, wanted: Places) -> dict[tuple[UUID, str], int]:
    """Add so many; how many there were before."""
    if not wanted:
        return {}
    found = session.execute(_ADD, _columns(day, wanted))
    return {(person, scope): sent - wanted[person, scope] for person, scope, sent in found}


def _uncount(session: Session, day: date, spare: Places) -> None:
    if spare:
        session.execute(_SUBTRACT, _columns(day, spare))


def _columns(day: date, places: Places) -> dict[str, Any]:
    return {
        "people": [person for person, _ in places], "scopes": [scope for _, scope in places],
        "numbers": list(places.values()), "on_day": day,
    }  # fmt: skip


def _name(channel: str, person_key: UUID) -> str:
    return f"{channel}:{person_key}" if channel in BY_READER else channel
