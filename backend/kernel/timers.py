"""Deadlines as rows: they survive restarts, and only the worker fires them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import Index, String, delete, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base, table_of
from backend.kernel.ids import new_id
from backend.kernel.logs import masked
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from backend.kernel.services import Services

log = structlog.get_logger()
_RETRY = timedelta(minutes=1)


class Timer(Base):
    """Something that becomes due. `fired_at` is set in the transaction that acts on it."""

    __tablename__ = "timer"
    __table_args__ = (
        Index("uq_timer_pending", "kind", "subject_kind", "subject_id", unique=True,
              postgresql_where=text("fired_at IS NULL")),
        Index("ix_timer_due", "due", postgresql_where=text("fired_at IS NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    due: Mapped[datetime]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fired_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None] = mapped_column(String(500))


_ARM = insert(table_of(Timer))
_ARM = _ARM.on_conflict_do_update(
    index_elements=["kind", "subject_kind", "subject_id"],
    index_where=text("fired_at IS NULL"),
    set_={"due": _ARM.excluded.due, "payload": _ARM.excluded.payload},
)


def arm(
    uow: UnitOfWork,
    kind: str,
    subject: Subject,
    due: datetime,
    payload: dict[str, Any] | None = None,
) -> None:
    """Let `kind` become due for `subject`; a pending one of the same kind is moved."""
    values = {
        "id": new_id(), "kind": kind, "subject_kind": subject.kind, "subject_id": subject.id,
        "due": due, "payload": payload or {},
    }  # fmt: skip
    # The caller may have marked a timer of this kind as fired just now.
    uow.session.flush()
    uow.session.execute(_ARM, values)


def disarm(uow: UnitOfWork, kind: str, subject: Subject) -> None:
    """Forget the pending timer of this kind, if there is one."""
    uow.session.execute(
        delete(Timer).where(
            Timer.kind == kind,
            Timer.subject_kind == subject.kind,
            Timer.subject_id == subject.id,
            Timer.fired_at.is_(None),
        )
    )


class Timers:
    """The handlers of each kind of timer, and the loop body that fires what is due."""

    def __init__(self) -> None:
        self._handlers: dict[str, Callable[[UnitOfWork, Timer], None]] = {}

    def register(self, kind: str, handler: Callable[[UnitOfWork, Timer], None]) -> None:
        """Let `handler(uow, timer)` act when a timer of `kind` is due; once per kind."""
        if kind in self._handlers:
            raise ValueError(f"timer kind {kind} has a handler already")
        self._handlers[kind] = handler

    def fire_due(self, services: "Services", limit: int = 100) -> int:
        """Act on up to `limit` due timers, each in a transaction of its own; how many acted.

        A row is locked while its handler runs, so several workers never fire one twice. A
        handler that fails is tried again a minute later and its error is kept on the row.
        """
        fired = 0
        for _ in range(limit):
            if not self._fire_one(services):
                break
            fired += 1
        return fired

    def _fire_one(self, services: "Services") -> bool:
        with services.unit() as uow:
            timer = uow.session.scalars(
                select(Timer)
                .where(
                    Timer.fired_at.is_(None),
                    Timer.due <= uow.now,
                    Timer.kind.in_(list(self._handlers)),
                )
                .order_by(Timer.due)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if timer is None:
                return False
            try:
                with uow.session.begin_nested():
                    # First, so that a handler may arm or disarm its own kind for the next time.
                    timer.fired_at = uow.now
                    uow.session.flush()
                    self._handlers[timer.kind](uow, timer)
            except Exception as error:
                log.exception("timer failed", kind=timer.kind, timer_id=str(timer.id))
                timer.failures += 1
                # Masked, since a message may quote data; PostgreSQL refuses NUL in texts.
                text = masked(f"{type(error).__name__}: {error}").replace("\0", "")
                timer.last_error = text[:500]
                timer.due = uow.now + _RETRY * min(timer.failures, 60)
        return True
