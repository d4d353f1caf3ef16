"""Which messages leave now, and by which channel: decided for a batch in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.orm import Session

from notifications import claims, limits
from notifications.channels.base import AddressBook, Addresses, Channel, Parcel, SeveralProviders
from notifications.limits import ALL, Full, Limits
from notifications.model import DeliveryAttempt, OutboxMessage
from notifications.outbox import release
from notifications.preferences import Muted, muted_by
from notifications.purse import Purse
from notifications.rules import (
    Priority,
    after,
    after_quiet,
    day_of,
    may_be_muted,
    still_dropped,
)

#: Why a message waits for its channel, as an operator reads it.
_HELD = {
    "rate": "发得太快了，排队等一等",
    "quota": "平台今天的额度快用完了，群发类消息明天再发",
    "paused": "平台说额度用完了，群发类消息过一会儿再发",
    "no_redis": "限速服务连不上，群发类消息先停一停",
}
_LOCK = (
    select(OutboxMessage)
    .where(OutboxMessage.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .order_by(OutboxMessage.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Job:
    """One call that is about to leave, already written down as ``sending``."""

    outbox_id: UUID
    attempt_id: UUID
    channel: Channel
    parcel: Parcel
    to: Addresses


@dataclass(slots=True)
class _Way:
    """A message with the channel found for it, and what was newly taken for it."""

    row: OutboxMessage
    to: Addresses
    parcel: Parcel
    channel: Channel | None = None
    grant: str | None = None
    counted: bool = False
    again: bool = False


def locked(session: Session, ids: Collection[UUID]) -> list[OutboxMessage]:
    """These messages as they are now, locked in one order, returned in the order given."""
    found = {row.id: row for row in session.scalars(_LOCK, {"ids": list(ids)})}
    return [found[one] for one in ids if one in found]


def close(session: Session, row: OutboxMessage, action: str, now: datetime) -> None:
    """Do ``action`` and let go of the message, and of what it held and did not use."""
    row.status = after(row.status, action)
    row.updated_at = now
    row.lease_owner = row.lease_until = None
    release(session, row, now)


class Boarding:
    """See ``Delivery`` for what it is given."""

    def __init__(
        self,
        addresses: AddressBook,
        channels: Mapping[str, Channel],
        limits: Limits,
        *,
        owner: str,
        night: tuple[time, time] | None,
        topic_of: Callable[[str], str],
    ) -> None:
        self._addresses = addresses
        self._channels = channels
        self._limits = limits
        self._owner = owner
        self._night = night
        self._topic_of = topic_of

    def board(self, session: Session, ids: Sequence[UUID], now: datetime) -> list[Job]:
        """Mark ``sending`` what can leave, in the order given; the rest waits or ends."""
        with session.no_autoflush:
            rows = [row for row in locked(session, ids) if self._still_leaves(session, row, now)]
            ways = self._ways(session, rows)
            purse = Purse(session, self._wanted(ways))
            shut = muted_by(session, [row.person_key for row in rows])
            ways = self._without_doubt(session, ways, shut, now)
            found = [way for way in ways if self._choose(session, way, purse, shut, now)]
            found = self._within_caps(session, found, purse, now)
            found = self._within_rates(session, found, purse, now)
            jobs = self._mark(session, found, now)
            purse.close(now)
        session.flush()
        return jobs

    def reaches(self, session: Session, row: OutboxMessage) -> list[str]:
        """The rungs that would reach this person now, grants aside."""
        (way,) = self._ways(session, [row])
        rungs = self._open_rungs(row, muted_by(session, [row.person_key]))
        found = [(name, self._channels.get(name)) for name in rungs]
        return [name for name, channel in found if channel and channel.ready(way.parcel, way.to)]

    def _still_leaves(self, session: Session, row: OutboxMessage, now: datetime) -> bool:
        """Whether it is this worker's to send, and the hour is right."""
        if row.status != "leased" or row.lease_owner != self._owner:
            return False
        if row.expires_at <= now:
            row.last_error = row.last_error or "过了有效时间，没有发出"
            close(session, row, "expire", now)
            return False
        morning = after_quiet(now, Priority(row.priority), self._night)
        if morning > now:
            row.next_at = morning
            close(session, row, "wait", now)
            return False
        return True

    def _ways(self, session: Session, rows: Sequence[OutboxMessage]) -> list[_Way]:
        if not rows:
            return []
        book = self._addresses(session, {row.person_key for row in rows})
        return [_Way(row, book[row.person_key], _parcel(row)) for row in rows]

    def _wanted(self, ways: Sequence[_Way]) -> list[tuple[UUID, str]]:
        """The grants that these messages might take."""
        found = []
        for way in ways:
            for name in way.row.ladder[way.row.step :]:
                channel = self._channels.get(name)
                template = channel.template(way.parcel) if channel else None
                if template is not None and template != way.row.held_template:
                    found.append((way.row.person_key, template))
        return found

    def _open_rungs(self, row: OutboxMessage, shut: Muted) -> list[str]:
        """The rungs from here on that the person has not muted."""
        rungs, topic = row.ladder[row.step :], self._topic_of(row.kind)
        if not rungs or not may_be_muted(Priority(row.priority), topic):
            return rungs
        closed = shut.get((row.person_key, topic), frozenset())
        return [name for name in rungs if name not in closed]

    def _without_doubt(
        self, session: Session, ways: Sequence[_Way], shut: Muted, now: datetime
    ) -> list[_Way]:
        """All but those that may have arrived and must not arrive twice.

        Such a message goes again only the same way, and while its provider drops a repetition:
        it may have waited for this moment longer than was meant when it was put off.
        """
        tried = [way.row for way in ways if way.row.attempts and not way.row.may_repeat]
        doubts = claims.in_doubt(session, tried)
        found = []
        for way in ways:
            row, since = way.row, doubts.get(way.row.id)
            way.again = since is not None
            if since is None or (
                self._same_way(way, shut) and still_dropped(row.channel, since, now)
            ):
                found.append(way)
                continue
            row.last_errcode, row.last_error = claims.AMBIGUOUS
            row.held_template = None
            close(session, row, "give_up", now)
        return found

    def _same_way(self, way: _Way, shut: Muted) -> bool:
        """Whether it would leave by the channel it was tried on, which drops repetitions."""
        row, channel = way.row, self._channels.get(way.row.channel)
        return (
            channel is not None
            and channel.repeatable
            and row.ladder[row.step : row.step + 1] == [row.channel]
            and row.channel in self._open_rungs(row, shut)
            and channel.ready(way.parcel, way.to)
        )

    def _choose(
        self, session: Session, way: _Way, purse: Purse, shut: Muted, now: datetime
    ) -> bool:
        """Go down the ladder to the first rung that carries it; False where none does."""
        row, open_rungs = way.row, self._open_rungs(way.row, shut)
        while row.step < len(row.ladder):
            name = row.ladder[row.step]
            channel = self._channels.get(name) if name in open_rungs else None
            if channel is not None and channel.ready(way.parcel, way.to):
                template = channel.template(way.parcel)
                if template is None or row.held_template == template:
                    way.channel = channel
                    return True
                if purse.take(row.person_key, template):
                    way.channel, way.grant = channel, template
                    return True
            row.step, row.attempts = row.step + 1, 0
        if not open_rungs and not row.last_error:
            row.last_errcode, row.last_error = "muted", "这个人关掉了这类提醒，已放进站内消息"
        row.last_error = row.last_error or "没有其他送达方式，已放进站内消息"
        close(session, row, "suppress", now)
        return False

    def _within_caps(
        self, session: Session, ways: Sequence[_Way], purse: Purse, now: datetime
    ) -> list[_Way]:
        before = {way.row.id: way.row.counted_on for way in ways}
        full = self._limits.take_places(session, [way.row for way in ways], day_of(now))
        found = []
        for way in ways:
            row = way.row
            way.counted = row.counted_on is not None and before[row.id] is None
            if row.id not in full:
                found.append(way)
                continue
            _leave(way, purse)
            row.last_errcode, row.last_error = "capped", _capped(full[row.id])
            close(session, row, "suppress", now)
        return found

    def _within_rates(
        self, session: Session, ways: Sequence[_Way], purse: Purse, now: datetime
    ) -> list[_Way]:
        # Last, because what was taken in Redis is not given back.
        asked = [(way.row, way.channel.name if way.channel else "", way.parcel) for way in ways]
        found = []
        for way, held in zip(ways, self._limits.hold_all(session, asked), strict=True):
            row = way.row
            if held is None:
                found.append(way)
                continue
            _leave(way, purse)
            if way.counted:
                limits.give_back(session, row)
            row.last_errcode, row.last_error = held.why, _HELD[held.why]
            row.next_at = after_quiet(now + held.wait, Priority(row.priority), self._night)
            close(session, row, "wait", now)
        return found

    def _mark(self, session: Session, ways: Sequence[_Way], now: datetime) -> list[Job]:
        jobs = []
        for way in ways:
            row, channel = way.row, way.channel
            assert channel is not None
            parcel = replace(_with_provider(session, way, channel), again=way.again)
            row.status = after(row.status, "send")
            row.held_template = way.grant or row.held_template
            row.attempts += 1
            row.lease_until = now + claims.LEASE
            row.updated_at = now
            row.channel, row.provider = channel.name, parcel.provider
            attempt = DeliveryAttempt(
                id=uuid4(), outbox_id=row.id, channel=row.channel, provider=row.provider,
                number=max(row.attempts, parcel.number), started_at=now,
            )  # fmt: skip
            session.add(attempt)
            jobs.append(Job(row.id, attempt.id, channel, parcel, way.to))
        return jobs


def _with_provider(session: Session, way: _Way, channel: Channel) -> Parcel:
    """The parcel with the provider that gets this attempt, by those before on this channel."""
    if not isinstance(channel, SeveralProviders):
        return replace(way.parcel, provider=channel.provider)
    tried: list[tuple[str, str | None]] = []
    if way.row.provider:
        before = select(DeliveryAttempt.provider, DeliveryAttempt.outcome).where(
            DeliveryAttempt.outbox_id == way.row.id, DeliveryAttempt.channel == channel.name
        )
        order = (DeliveryAttempt.started_at, DeliveryAttempt.number)
        tried = [(name, outcome) for name, outcome in session.execute(before.order_by(*order))]
    provider = channel.choose(way.parcel, way.to, tried)
    return replace(way.parcel, provider=provider, number=len(tried) + 1)


def _leave(way: _Way, purse: Purse) -> None:
    """It stays here: the grant just taken for it goes back."""
    if way.grant is not None:
        purse.put_back(way.row.person_key, way.grant)


def _capped(full: Full) -> str:
    what = "今天发给这个人的消息" if full.scope == ALL else "今天发给这个人的这类消息"
    return f"{what}已到上限（{full.per_day}条），只留在站内消息里"


def _parcel(row: OutboxMessage) -> Parcel:
    return Parcel(
        reference=row.id.hex,
        kind=row.kind,
        template_key=str(row.payload.get("template_key", "")),
        payload=row.payload,
        may_repeat=row.may_repeat,
    )
