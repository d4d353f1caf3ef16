"""The shares of a channel's providers: kept in ``provider_state``, judged from the attempts.

One judge at a time: an advisory lock of the transaction, and a look at when it was last done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Interval, and_, case, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from notifications import weight_rules as rules
from notifications.control_model import ProviderState
from notifications.model import DeliveryAttempt, DeliveryEvent
from notifications.weight_rules import Figures, Share

log = structlog.get_logger()
#: A worker acts on shares at most this old (seconds).
FRESH_FOR = 5.0
_LOCK = 0x53484152
#: How far back, and how many, messages are looked at for their reports.
_REPORTED_WITHIN = timedelta(minutes=15)
_REPORTS_AT_ALL = timedelta(days=1)
_SAMPLE = 300
_ERRORS = ("retry", "unclear", "late")


def ensure(session: Session, now: datetime, channel: str, wanted: Mapping[str, int]) -> None:
    """Have a row for each provider set up; a base that was changed starts anew, others go."""
    base = rules.bases(wanted)
    rows = {row.provider: row for row in _rows(session, channel)}
    if {name: row.base_weight for name, row in rows.items()} == base:
        return
    for name, row in rows.items():
        if name not in base:
            session.delete(row)
    for name, share in base.items():
        fresh = {"channel": channel, "base_weight": share, "weight": share, "reason": "",
                 "changed_at": now}  # fmt: skip
        session.execute(
            insert(ProviderState)
            .values(provider=name, **fresh)
            .on_conflict_do_update(index_elements=["provider"], set_=fresh)
        )
    session.flush()


def current(session: Session, channel: str) -> dict[str, int]:
    """The shares that hold now, by provider."""
    query = select(ProviderState.provider, ProviderState.weight)
    rows = session.execute(query.where(ProviderState.channel == channel))
    return dict(rows.all())


def judge(session: Session, now: datetime, channel: str) -> bool:
    """Look at what the providers did and move their shares; False when another judge was here."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return False
    rows = _rows(session, channel)
    last = [row.judged_at for row in rows if row.judged_at is not None]
    if not rows or (last and now - max(last) < rules.EVERY * 0.8):
        return False
    before = {
        row.provider: Share(row.weight, row.base_weight, row.changed_at, row.reason) for row in rows
    }
    after = rules.judged(before, _figures(session, now, channel, list(before)), now)
    for row in rows:
        share = after[row.provider]
        row.judged_at = now
        if share != before[row.provider]:
            log.warning(
                "provider's share moved", provider=row.provider, weight=share.weight,
                before=row.weight, reason=share.reason,
            )  # fmt: skip
            row.weight, row.reason, row.changed_at = share.weight, share.reason, now
    session.flush()
    return True


@dataclass(slots=True)
class _Kept:
    at: float
    weights: dict[str, int]


class Weights:
    """What a worker knows of one channel's shares; read anew every few seconds."""

    def __init__(
        self, transaction: Callable[[], AbstractContextManager[Session]], channel: str,
        wanted: Mapping[str, int], *, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._transaction = transaction
        self._channel = channel
        self._base = rules.bases(wanted)
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: _Kept | None = None

    def __call__(self) -> dict[str, int]:
        """The shares by provider: those set up, as they hold now."""
        with self._lock:
            if self._kept is None or self._clock() - self._kept.at >= FRESH_FOR:
                with self._transaction() as session:
                    found = current(session, self._channel)
                known = {name: found.get(name, share) for name, share in self._base.items()}
                self._kept = _Kept(self._clock(), known)
            return self._kept.weights


def _rows(session: Session, channel: str) -> list[ProviderState]:
    query = select(ProviderState).where(ProviderState.channel == channel)
    return list(session.scalars(query.order_by(ProviderState.provider).with_for_update()))


def _figures(
    session: Session, now: datetime, channel: str, providers: list[str]
) -> dict[str, Figures]:
    took = DeliveryAttempt.finished_at - DeliveryAttempt.started_at
    rows = session.execute(
        select(
            DeliveryAttempt.provider,
            func.count(),
            func.count(case((DeliveryAttempt.outcome.in_(_ERRORS), 1))),
            func.count(case((took > rules.SLOW, 1))),
        )
        .where(
            DeliveryAttempt.started_at > now - rules.WINDOW,
            DeliveryAttempt.channel == channel,
            DeliveryAttempt.finished_at.is_not(None),
        )
        .group_by(DeliveryAttempt.provider)
    ).all()
    recent = {name: (attempts, errors, slow) for name, attempts, errors, slow in rows}
    found = {}
    for name in providers:
        attempts, errors, slow = recent.get(name, (0, 0, 0))
        due, late, reports = _reports(session, now, channel, name)
        found[name] = Figures(attempts, errors, slow, due, late, reports)
    return found


def _reports(session: Session, now: datetime, channel: str, provider: str) -> tuple[int, int, bool]:
    """How many reports should be here, how many came late or not yet, whether any ever come."""
    taken = (
        select(DeliveryAttempt.provider_msgid, DeliveryAttempt.finished_at)
        .where(
            DeliveryAttempt.channel == channel,
            DeliveryAttempt.provider == provider,
            DeliveryAttempt.outcome == "accepted",
            DeliveryAttempt.provider_msgid != "",
            DeliveryAttempt.started_at > now - _REPORTED_WITHIN,
            DeliveryAttempt.finished_at <= now - rules.LATE,
        )
        .order_by(DeliveryAttempt.started_at.desc())
        .limit(_SAMPLE)
        .subquery()
    )
    in_time = (
        select(DeliveryEvent.id)
        .where(
            DeliveryEvent.channel == channel,
            DeliveryEvent.provider_msgid == taken.c.provider_msgid,
            DeliveryEvent.at <= taken.c.finished_at + literal(rules.LATE, Interval()),
        )
        .exists()
    )
    due, late = session.execute(
        select(func.count(), func.count(case((~in_time, 1)))).select_from(taken)
    ).one()
    ever = (
        select(DeliveryEvent.id)
        .join(
            DeliveryAttempt,
            and_(
                DeliveryAttempt.provider_msgid == DeliveryEvent.provider_msgid,
                DeliveryAttempt.outbox_id == DeliveryEvent.outbox_id,
            ),
        )
        .where(
            DeliveryEvent.channel == channel,
            DeliveryAttempt.provider == provider,
            DeliveryAttempt.started_at > now - _REPORTS_AT_ALL,
        )
        .limit(1)
    )
    return due, late, bool(due) and session.scalar(ever) is not None
