"""Sending: each message is marked before its call and settled after it, in transactions of
their own, so that a worker may die anywhere without losing or doubling a message unnoticed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications import claims, consent
from notifications.channels.base import AddressBook, Addresses, Channel, Outcome, Parcel
from notifications.model import DeliveryAttempt, OutboxMessage
from notifications.outbox import release_grant
from notifications.receipts import apply_waiting
from notifications.rules import (
    NIGHT,
    NO_CONSENT,
    Priority,
    Verdict,
    after,
    after_quiet,
    pause_after,
)

log = structlog.get_logger()
Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class _Job:
    outbox_id: UUID
    attempt_id: UUID
    channel: Channel
    parcel: Parcel
    to: Addresses


class Delivery:
    """Walks messages down their ladders.

    ``transaction`` opens a committed unit of work, ``now`` is the clock, ``addresses`` the
    application's address book. ``threads`` messages are under way at once; in the ``night``
    only calls and changes leave (None: no night).
    """

    def __init__(
        self,
        transaction: Transaction,
        now: Callable[[], datetime],
        addresses: AddressBook,
        channels: Mapping[str, Channel],
        *,
        owner: str,
        threads: int = 1,
        chance: Callable[[], float] = random.random,
        night: tuple[time, time] | None = NIGHT,
    ) -> None:
        self._transaction = transaction
        self._now = now
        self._addresses = addresses
        self._channels = dict(channels)
        self._owner = owner
        self._threads = threads
        self._chance = chance
        self._night = night

    def run_once(self, limit: int = 20) -> int:
        """Put in order what was left behind, then send what is due; how many were touched."""
        with self._transaction() as session:
            swept = claims.sweep(session, self._now())
            ids = claims.claim(session, self._now(), self._owner, limit)
        if self._threads > 1 and len(ids) > 1:
            with ThreadPoolExecutor(self._threads, thread_name_prefix="delivery") as pool:
                list(pool.map(self._deliver, ids))
        else:
            for outbox_id in ids:
                self._deliver(outbox_id)
        return swept + len(ids)

    def _deliver(self, outbox_id: UUID) -> None:
        with self._transaction() as session:
            job = self._begin(session, outbox_id)
        if job is None:
            return
        outcome = self._call(job)
        with self._transaction() as session:
            self._settle(session, job, outcome)

    def _begin(self, session: Session, outbox_id: UUID) -> _Job | None:
        """Choose the channel, take the grant, mark ``sending``; None when nothing is to be sent."""
        now = self._now()
        row = _locked(session, outbox_id)
        if row is None or row.status != "leased" or row.lease_owner != self._owner:
            return None
        if row.expires_at <= now:
            row.last_error = row.last_error or "过了有效时间，没有发出"
            self._close(session, row, "expire", now)
            return None
        morning = after_quiet(now, Priority(row.priority), self._night)
        if morning > now:
            row.next_at = morning
            self._close(session, row, "wait", now)
            return None
        to = self._addresses(session, row.person_key)
        parcel = _parcel(row)
        channel = self._next_channel(session, row, parcel, to, now)
        if channel is None:
            row.last_error = row.last_error or "没有其他送达方式，已放进站内消息"
            self._close(session, row, "suppress", now)
            return None
        row.status = after(row.status, "send")
        row.channel, row.provider = channel.name, channel.provider
        row.attempts += 1
        row.lease_until = now + claims.LEASE
        row.updated_at = now
        attempt = DeliveryAttempt(
            outbox_id=row.id, channel=channel.name, number=row.attempts, started_at=now
        )
        session.add(attempt)
        session.flush()
        return _Job(row.id, attempt.id, channel, parcel, to)

    def _next_channel(
        self, session: Session, row: OutboxMessage, parcel: Parcel, to: Addresses, now: datetime
    ) -> Channel | None:
        while row.step < len(row.ladder):
            channel = self._channels.get(row.ladder[row.step])
            if channel is not None and channel.ready(parcel, to):
                template = channel.template(parcel)
                if template is None or row.held_template == template:
                    return channel
                if consent.spend(session, now, row.person_key, template):
                    row.held_template = template
                    return channel
            row.step, row.attempts = row.step + 1, 0
        return None

    def _call(self, job: _Job) -> Outcome:
        try:
            outcome = job.channel.send(job.parcel, job.to)
        except Exception as error:
            # A fault of ours must neither stop the others nor send this one twice.
            log.exception("channel failed", channel=job.channel.name)
            return Outcome(Verdict.UNCLEAR, code="internal", text=type(error).__name__)
        if outcome.verdict is not Verdict.ACCEPTED:
            log.warning(
                "message not accepted",
                channel=job.channel.name,
                kind=job.parcel.kind,
                verdict=str(outcome.verdict),
                code=outcome.code,
            )
        return outcome

    def _settle(self, session: Session, job: _Job, outcome: Outcome) -> None:
        now = self._now()
        row = _locked(session, job.outbox_id)
        attempt = session.get_one(DeliveryAttempt, job.attempt_id)
        attempt.finished_at, attempt.outcome = now, str(outcome.verdict)
        attempt.errcode, attempt.error = outcome.code[:60], outcome.text[:300]
        attempt.provider_msgid = outcome.message_id[:80]
        if row is None:
            return
        if row.status != "sending" or row.lease_owner != self._owner:
            self._settle_late(row, attempt, outcome, now)
            return
        row.last_errcode, row.last_error = outcome.code[:60], outcome.text[:300]
        match outcome.verdict:
            case Verdict.ACCEPTED:
                row.provider_msgid, row.held_template = outcome.message_id[:80], None
                self._close(session, row, "accept", now)
                apply_waiting(session, row, now)
            case Verdict.NEXT_CHANNEL:
                if row.held_template and outcome.code == str(NO_CONSENT):
                    template, row.held_template = row.held_template, None
                    consent.exhaust(session, now, row.person_key, template, source="outbox")
                self._step_down(session, row, "refuse", now)
            case Verdict.FINAL:
                self._close(session, row, "refuse", now)
            case Verdict.UNCLEAR if not row.may_repeat:
                row.held_template = None
                self._close(session, row, "give_up", now)
            case _:
                self._retry(session, row, now)

    def _settle_late(
        self, row: OutboxMessage, attempt: DeliveryAttempt, outcome: Outcome, now: datetime
    ) -> None:
        """The lease ran out during the call, and somebody decided: only good news still counts."""
        attempt.outcome = "late"
        if outcome.verdict is Verdict.ACCEPTED and row.status == "temporary_failure":
            row.status = after(row.status, "accept")
            row.provider_msgid, row.held_template = outcome.message_id[:80], None
            row.last_errcode = row.last_error = ""
            row.updated_at = now

    def _retry(self, session: Session, row: OutboxMessage, now: datetime) -> None:
        if row.attempts >= row.patience:
            self._step_down(session, row, "give_up", now)
            return
        pause = pause_after(row.attempts, self._chance())
        at = after_quiet(now + pause, Priority(row.priority), self._night)
        if at >= row.expires_at:
            self._step_down(session, row, "expire", now)
            return
        row.status = after(row.status, "retry")
        row.next_at, row.updated_at = at, now
        row.lease_owner = row.lease_until = None

    def _step_down(self, session: Session, row: OutboxMessage, end: str, now: datetime) -> None:
        """Try the next rung, or end with ``end`` when this was the last."""
        if row.step + 1 >= len(row.ladder):
            self._close(session, row, end, now)
            return
        row.step, row.attempts = row.step + 1, 0
        row.next_at = now
        self._close(session, row, "next", now)

    def _close(self, session: Session, row: OutboxMessage, action: str, now: datetime) -> None:
        row.status = after(row.status, action)
        row.updated_at = now
        row.lease_owner = row.lease_until = None
        release_grant(session, row, now)


def _locked(session: Session, outbox_id: UUID) -> OutboxMessage | None:
    return session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.id == outbox_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _parcel(row: OutboxMessage) -> Parcel:
    return Parcel(
        reference=row.id.hex,
        kind=row.kind,
        template_key=str(row.payload.get("template_key", "")),
        payload=row.payload,
    )
