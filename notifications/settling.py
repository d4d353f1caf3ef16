"""What became of the calls: written for a batch in one transaction, each end by its verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import cast
from uuid import UUID

from sqlalchemy import ARRAY, String, Table, Uuid, any_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from notifications import claims, consent
from notifications.boarding import Job, close, locked
from notifications.channels.base import Outcome
from notifications.limits import Limits
from notifications.model import DeliveryAttempt, DeliveryEvent, OutboxMessage
from notifications.receipts import apply_waiting
from notifications.rules import (
    NO_CONSENT,
    Priority,
    Verdict,
    after,
    after_quiet,
    is_bulk,
    pause_after,
    still_dropped,
)

_OUTBOX = cast(Table, OutboxMessage.__table__)
_ATTEMPTS = cast(Table, DeliveryAttempt.__table__)
_TAKEN = (
    func.unnest(bindparam("ids", type_=ARRAY(Uuid())), bindparam("numbers", type_=ARRAY(String())))
    .table_valued("id", "msgid")
    .render_derived()
)
# What nearly all come to, in one statement for all of them.
_ACCEPT = (
    update(_OUTBOX)
    .where(
        _OUTBOX.c.id == _TAKEN.c.id,
        _OUTBOX.c.status == "sending",
        _OUTBOX.c.lease_owner == bindparam("owner"),
    )
    .values(
        status=after("sending", "accept"), provider_msgid=_TAKEN.c.msgid, held_template=None,
        last_errcode="", last_error="", updated_at=bindparam("now"), lease_owner=None,
        lease_until=None,
    )
    .returning(_OUTBOX.c.id)
)  # fmt: skip
_FINISH = (
    update(_ATTEMPTS)
    .where(_ATTEMPTS.c.id == bindparam("of_attempt"))
    .values(
        finished_at=bindparam("ended"), outcome=bindparam("came_to"), errcode=bindparam("code"),
        error=bindparam("text"), provider_msgid=bindparam("message_id"),
    )
)  # fmt: skip
_EARLY = (
    select(DeliveryEvent.provider_msgid)
    .where(
        DeliveryEvent.outbox_id.is_(None),
        DeliveryEvent.provider_msgid == any_(bindparam("numbers", type_=ARRAY(String()))),
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class Done:
    """A call that has ended, when, and what it came to."""

    job: Job
    outcome: Outcome
    at: datetime


class Settling:
    """See ``Delivery`` for what it is given."""

    def __init__(
        self,
        limits: Limits,
        *,
        owner: str,
        chance: Callable[[], float],
        night: tuple[time, time] | None,
    ) -> None:
        self._limits = limits
        self._owner = owner
        self._chance = chance
        self._night = night

    def settle(self, session: Session, done: Sequence[Done], now: datetime) -> None:
        """Write down what these calls came to, and what follows for their messages."""
        taken = {one.job.outbox_id: one for one in done if _plain(one)}
        values = {
            "ids": list(taken), "numbers": [_number(one) for one in taken.values()],
            "owner": self._owner, "now": now,
        }  # fmt: skip
        accepted = set(session.scalars(_ACCEPT, values)) if taken else set()
        late = self._one_by_one(session, [d for d in done if d.job.outbox_id not in accepted], now)
        session.execute(_FINISH, [_finished(one, one.job.outbox_id in late) for one in done])
        self._apply_early(session, [taken[one] for one in accepted], now)
        session.flush()

    def _apply_early(self, session: Session, accepted: Sequence[Done], now: datetime) -> None:
        """Receipts that overtook the answer to their call."""
        numbers = {_number(one): one.job.outbox_id for one in accepted if one.outcome.message_id}
        if not numbers:
            return
        early = session.scalars(_EARLY, {"numbers": list(numbers)}).all()
        for row in locked(session, [numbers[one] for one in early]):
            apply_waiting(session, row, now)

    def _one_by_one(self, session: Session, done: Sequence[Done], now: datetime) -> set[UUID]:
        """The ends that want thought; whose answers came too late is returned."""
        late = set()
        rows = {row.id: row for row in locked(session, [one.job.outbox_id for one in done])}
        # Grants are given back in one order everywhere: two batches never wait for each other.
        for row in sorted(rows.values(), key=lambda row: (row.person_key, row.id)):
            one = next(one for one in done if one.job.outbox_id == row.id)
            if row.status == "sending" and row.lease_owner == self._owner:
                self._settle(session, row, one, now)
            else:
                late.add(row.id)
                _settle_late(row, one.outcome, now)
        return late

    def _settle(self, session: Session, row: OutboxMessage, one: Done, now: datetime) -> None:
        outcome = one.outcome
        row.last_errcode, row.last_error = outcome.code[:60], outcome.text[:300]
        match outcome.verdict:
            case Verdict.ACCEPTED:
                row.provider_msgid, row.held_template = outcome.message_id[:80], None
                if one.job.parcel.again:
                    row.last_errcode, row.last_error = claims.REPEATED
                close(session, row, "accept", now)
                apply_waiting(session, row, now)
            case Verdict.NEXT_CHANNEL:
                if row.held_template and outcome.code == str(NO_CONSENT):
                    template, row.held_template = row.held_template, None
                    consent.exhaust(session, now, row.person_key, template, source="outbox")
                self._step_down(session, row, "refuse", now)
            case Verdict.FINAL:
                close(session, row, "refuse", now)
            case Verdict.QUOTA:
                self._pause(session, row, one, now)
            case Verdict.UNCLEAR if not (row.may_repeat or one.job.channel.repeatable):
                row.last_errcode, row.last_error = claims.AMBIGUOUS
                row.held_template = None
                close(session, row, "give_up", now)
            case Verdict.RETRY if outcome.elsewhere and row.expires_at > now:
                # It costs no attempt: the channel's patience is with all of its providers.
                row.attempts -= 1
                _again(row, now, at=now)
            case _:
                self._retry(session, row, one, now)

    def _pause(self, session: Session, row: OutboxMessage, one: Done, now: datetime) -> None:
        """The provider takes no more for now: bulk waits, others try again as ever."""
        pause = self._limits.pause(row.channel, row.person_key)
        if not is_bulk(row.priority):
            self._retry(session, row, one, now)
            return
        row.attempts -= 1
        # Spread out, so that the first may find out for the rest.
        at = now + pause * (1 + self._chance() / 5)
        row.next_at = after_quiet(at, Priority(row.priority), self._night)
        close(session, row, "wait", now)

    def _retry(self, session: Session, row: OutboxMessage, one: Done, now: datetime) -> None:
        pause = pause_after(row.attempts, self._chance())
        at = after_quiet(now + pause, Priority(row.priority), self._night)
        since = None if row.may_repeat else _in_doubt(session, row, one)
        if row.attempts >= row.patience or at >= row.expires_at:
            if since is None:
                end = "give_up" if row.attempts >= row.patience else "expire"
                self._step_down(session, row, end, now)
                return
        elif since is None or still_dropped(row.channel, since, at):
            _again(row, now, at=at)
            return
        # Only this provider would have dropped a repetition, and in time: no other way is safe.
        row.last_errcode, row.last_error = claims.AMBIGUOUS
        row.held_template = None
        close(session, row, "give_up", now)

    def _step_down(self, session: Session, row: OutboxMessage, end: str, now: datetime) -> None:
        """Try the next rung, or end with ``end`` when this was the last."""
        if row.step + 1 >= len(row.ladder):
            close(session, row, end, now)
            return
        row.step, row.attempts = row.step + 1, 0
        row.next_at = now
        close(session, row, "next", now)


def _again(row: OutboxMessage, now: datetime, *, at: datetime) -> None:
    row.status = after(row.status, "retry")
    row.next_at, row.updated_at = at, now
    row.lease_owner = row.lease_until = None


def _settle_late(row: OutboxMessage, outcome: Outcome, now: datetime) -> None:
    """The lease ran out during the call, and somebody decided: only good news still counts."""
    if outcome.verdict is Verdict.ACCEPTED and row.status == "temporary_failure":
        row.status = after(row.status, "accept")
        row.provider_msgid, row.held_template = outcome.message_id[:80], None
        row.last_errcode = row.last_error = ""
        row.updated_at = now


def _in_doubt(session: Session, row: OutboxMessage, one: Done) -> datetime | None:
    """Since when the message may have arrived by this rung; None: it surely has not."""
    unclear = one.outcome.verdict is Verdict.UNCLEAR
    earlier = session.scalar(
        select(func.min(DeliveryAttempt.started_at)).where(
            DeliveryAttempt.outbox_id == row.id,
            DeliveryAttempt.channel == row.channel,
            DeliveryAttempt.id != one.job.attempt_id,
            or_(DeliveryAttempt.outcome.is_(None), DeliveryAttempt.outcome == Verdict.UNCLEAR),
        )
    )
    return earlier or (row.updated_at if unclear else None)


def _plain(one: Done) -> bool:
    outcome = one.outcome
    told = outcome.code or outcome.text or one.job.parcel.again
    return outcome.verdict is Verdict.ACCEPTED and not told


def _number(one: Done) -> str:
    return one.outcome.message_id[:80]


def _finished(one: Done, late: bool) -> dict[str, object]:
    outcome = one.outcome
    return {
        "of_attempt": one.job.attempt_id, "ended": one.at,
        "came_to": "late" if late else str(outcome.verdict), "code": outcome.code[:60],
        "text": outcome.text[:300], "message_id": _number(one),
    }  # fmt: skip
