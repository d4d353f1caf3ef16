"""Clocks: rows that start, pause, go on and stop, each with a timer to remind and one to be due.

A domain gives its clocks a table of their own with `ClockColumns` and `clock_args`, and binds it
with `Clocks`. Locks are taken in one order, owner before clock before timer; a timer that is
being fired at this moment is passed over, and finds its clock stopped when its turn comes.
"""

import math
import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    Integer,
    String,
    case,
    cast,
    delete,
    func,
    insert,
    null,
    select,
    text,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from backend.kernel import clock_rules
from backend.kernel.clock_rules import IsWorking, Limit
from backend.kernel.database import table_of
from backend.kernel.ids import new_id
from backend.kernel.timers import Timer
from backend.kernel.uow import UnitOfWork
from backend.kernel.workdays import CalendarUnknown, Workdays

_TIMERS = insert(table_of(Timer)).inline()


class ClockColumns:
    """A limit that runs: of the owner itself or of something that belongs to it.

    Running time is (`stopped_at` or now) − `started_at` − `paused_seconds` (and − the pause
    since `paused_at`). `due_at` is empty only while the calendar of its year is not published.
    Outcome `overdue` is set when the limit passes, running or not.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[datetime]
    limit_amount: Mapped[int]
    limit_unit: Mapped[str] = mapped_column(String(12))
    warn_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    stopped_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(10))

    @property
    def limit(self) -> Limit:
        """What it allows."""
        return Limit(self.limit_amount, self.limit_unit)


def clock_args(table: str, owner_column: str, units: Iterable[str]) -> tuple[Any, ...]:
    """Constraints and indexes of a table of clocks whose limits come in these units."""
    listed = ",".join(f"'{unit}'" for unit in units)
    running = text("stopped_at IS NULL")
    return (
        CheckConstraint("outcome IN ('running','met','overdue','cancelled')", name="outcome"),
        CheckConstraint(f"limit_unit IN ({listed})", name="limit_unit"),
        CheckConstraint("limit_amount > 0", name="limit_amount"),
        CheckConstraint("paused_seconds >= 0", name="paused_seconds"),
        CheckConstraint("stopped_at IS NULL OR stopped_at >= started_at", name="stopped"),
        CheckConstraint("stopped_at IS NULL OR paused_at IS NULL", name="paused"),
        CheckConstraint("outcome <> 'running' OR stopped_at IS NULL", name="running"),
        CheckConstraint("stopped_at IS NULL OR outcome <> 'running'", name="ended"),
        Index(f"ix_{table}_{owner_column}", owner_column),
        Index(f"ix_{table}_open", owner_column, postgresql_where=running),
        Index(f"uq_{table}_open", "subject_id", "kind", unique=True, postgresql_where=running),
        Index(
            f"ix_{table}_due",
            "due_at",
            postgresql_where=text("stopped_at IS NULL AND paused_at IS NULL"),
        ),
    )


@dataclass(frozen=True, slots=True)
class New:
    """A clock to start; without a subject it is the owner's own."""

    kind: str
    limit: Limit
    subject_kind: str = ""
    subject_id: UUID | None = None


def working(uow: UnitOfWork) -> IsWorking:
    """The district's calendar; it raises `CalendarUnknown` for an unpublished year."""
    calendar: list[Workdays] = []

    def is_working(day: date) -> bool:
        # Read only when a limit in working days asks.
        if not calendar:
            calendar.append(Workdays.load(uow.session))
        return calendar[0].is_working_day(day)

    return is_working


def light_of(clock: ClockColumns, now: datetime) -> str:
    """The light of a clock; a stopped one shows how it ended."""
    if clock.stopped_at is not None:
        ended = {"met": clock_rules.GREEN, "overdue": clock_rules.RED}
        return ended.get(clock.outcome, clock_rules.NONE)
    return clock_rules.light(now, clock.warn_at, clock.due_at, clock.paused_at)


Row = TypeVar("Row", bound=ClockColumns)


class Clocks(Generic[Row]):
    """The clocks of one table.

    `owner_column` (`event_id`) names the matter they belong to: timers carry it in their payload
    without `_id`, and a clock without a subject of its own has that kind. `subject_kind` and
    `prefix` name the timers. `steady` kinds are moved by no hold. `ends` is the time of day at
    which limits in working days are over on their last day; None counts them to the minute.
    """

    def __init__(
        self,
        model: type[Row],
        owner_column: str,
        subject_kind: str,
        prefix: str,
        steady: Iterable[str] = (),
        *,
        ends: time | None = None,
    ) -> None:
        self.model: Any = model
        self.owner_column = owner_column
        self.owner_kind = owner_column.removesuffix("_id")
        self.subject_kind = subject_kind
        self.steady = frozenset(steady)
        self.ends = ends
        self.warn_kind, self.due_kind = f"{prefix}.clock_warn", f"{prefix}.clock_due"
        self.plan_kind = f"{prefix}.clock_plan"
        self.kinds = (self.warn_kind, self.due_kind, self.plan_kind)
        table = table_of(typing.cast("type[DeclarativeBase]", model))
        self._columns = table.columns.keys()
        self._insert = insert(table).inline()
        self._owner = getattr(model, owner_column)

    def start(self, uow: UnitOfWork, owner_id: UUID, *wanted: New, held: bool = False) -> list[Row]:
        """Start clocks now, with their timers, in two statements.

        During a hold of the owner (`held`) they stand still from the beginning.
        """
        calendar = working(uow)
        made = [self._fresh(uow, owner_id, new, calendar, held) for new in wanted]
        self._write(uow, made)
        self._arm(uow, [clock for clock in made if clock.paused_at is None])
        return made

    def start_until(self, uow: UnitOfWork, owner_id: UUID, new: New, due_at: datetime) -> Row:
        """Start a clock that is due at the moment named, to the minute its limit; steady."""
        minutes = max(math.ceil((due_at - uow.now) / timedelta(minutes=1)), 1)
        exact = New(new.kind, Limit(minutes, clock_rules.MINUTES), new.subject_kind, new.subject_id)
        clock = self._fresh(uow, owner_id, exact, working(uow), False)
        clock.due_at = due_at
        clock.warn_at = uow.now + (due_at - uow.now) * clock_rules.WARN_SHARE
        self._write(uow, [clock])
        self._arm(uow, [clock])
        return clock

    def stop(
        self,
        uow: UnitOfWork,
        owner_id: UUID,
        kinds: Iterable[str] | None = None,
        *,
        subject_id: UUID | None = None,
        cancelled: bool = False,
    ) -> None:
        """Stop running clocks of the owner: met or overdue, or cancelled where nothing was due.

        One statement; a pause that was on ends with it and is counted.
        """
        clock = self.model
        late = (clock.outcome == "overdue") | (
            func.coalesce(clock.paused_at, uow.now) > clock.due_at
        )
        paused = func.round(func.extract("epoch", uow.now - clock.paused_at))
        stopped = (
            update(clock)
            .where(self._owner == owner_id, clock.stopped_at.is_(None))
            .values(
                stopped_at=uow.now,
                paused_seconds=clock.paused_seconds + cast(func.coalesce(paused, 0), Integer),
                paused_at=null(),
                outcome=case((late, "overdue"), else_="cancelled" if cancelled else "met"),
            )
            .returning(clock.id)
        )
        if kinds is not None:
            stopped = stopped.where(clock.kind.in_(list(kinds)))
        if subject_id is not None:
            stopped = stopped.where(clock.subject_id == subject_id)
        ended = stopped.cte("ended")
        self._forget(uow, select(ended.c.id))

    def pause(self, uow: UnitOfWork, owner_id: UUID) -> None:
        """An approved hold began: every running clock of the owner stands still, but steady ones."""
        held = (
            update(self.model)
            .where(
                self._owner == owner_id,
                self.model.stopped_at.is_(None),
                self.model.paused_at.is_(None),
                self.model.kind.not_in(self.steady),
            )
            .values(paused_at=uow.now)
            .returning(self.model.id)
            .cte("held")
        )
        self._forget(uow, select(held.c.id))

    def resume(self, uow: UnitOfWork, owner_id: UUID) -> None:
        """The hold is over: what was left of each limit is left from now on."""
        calendar = working(uow)
        rows = [clock for clock in self.running(uow, owner_id) if clock.paused_at is not None]
        for clock in rows:
            assert clock.paused_at is not None
            clock.paused_seconds += round((uow.now - clock.paused_at).total_seconds())
            if clock.due_at is not None and clock.warn_at is not None:
                span = (clock.paused_at, uow.now, clock.limit_unit, calendar)
                try:
                    warn_at = clock_rules.shifted(clock.warn_at, *span)
                    clock.warn_at, clock.due_at = warn_at, clock_rules.shifted(clock.due_at, *span)
                except CalendarUnknown:
                    clock.warn_at = clock.due_at = None
            clock.paused_at = None
        uow.session.flush()
        self._arm(uow, [clock for clock in rows if clock.outcome == "running"])

    def relimit(self, uow: UnitOfWork, owner_id: UUID, limits: dict[str, Limit]) -> None:
        """Running clocks of these kinds get new limits: a correction, or time that was granted.

        They count from their start, so nobody wins time by a correction; pauses stay counted.
        """
        calendar = working(uow)
        rows = [clock for clock in self.running(uow, owner_id) if clock.kind in limits]
        for clock in rows:
            limit = limits[clock.kind]
            clock.limit_amount, clock.limit_unit = limit.amount, limit.unit
            self._set_plan(clock, limit, calendar)
            if clock.due_at is not None and clock.due_at > uow.now:
                clock.outcome = "running"
        uow.session.flush()
        self._forget(
            uow, select(self.model.id).where(self.model.id.in_([clock.id for clock in rows]))
        )
        ready = [clock for clock in rows if clock.paused_at is None and clock.outcome == "running"]
        self._arm(uow, ready)

    def replan(self, uow: UnitOfWork, clock: Row) -> None:
        """The calendar may be known by now: set the moments that were left open."""
        self._set_plan(clock, clock.limit, working(uow))
        uow.session.flush()
        self._arm(uow, [clock])

    def running(self, uow: UnitOfWork, owner_id: UUID) -> list[Row]:
        """The owner's clocks that have not stopped (paused ones included), locked, oldest first."""
        query = select(self.model).where(self._owner == owner_id, self.model.stopped_at.is_(None))
        query = query.order_by(self.model.started_at, self.model.id).with_for_update()
        return list(uow.session.scalars(query.execution_options(populate_existing=True)))

    def _fresh(
        self, uow: UnitOfWork, owner_id: UUID, new: New, calendar: IsWorking, held: bool
    ) -> Row:
        clock: Row = self.model(
            **{self.owner_column: owner_id},
            id=new_id(),
            subject_kind=new.subject_kind or self.owner_kind,
            subject_id=new.subject_id or owner_id,
            kind=new.kind,
            started_at=uow.now,
            limit_amount=new.limit.amount,
            limit_unit=new.limit.unit,
            # What begins during a hold begins when the hold has ended.
            paused_at=uow.now if held and new.kind not in self.steady else None,
            paused_seconds=0,
            stopped_at=None,
            outcome="running",
        )
        self._set_plan(clock, new.limit, calendar)
        return clock

    def _write(self, uow: UnitOfWork, made: Sequence[Row]) -> None:
        rows = [{key: getattr(one, key) for key in self._columns} for one in made]
        uow.session.execute(self._insert, rows)

    def _arm(self, uow: UnitOfWork, clocks: Sequence[Row]) -> None:
        rows = []
        for clock in clocks:
            moments = {self.warn_kind: clock.warn_at, self.due_kind: clock.due_at}
            if clock.due_at is None:
                moments = {self.plan_kind: uow.now + timedelta(days=1)}
            for kind, due in moments.items():
                # A reminder whose moment passed before a pause is not given twice.
                if due is not None and (due > uow.now or kind == self.due_kind):
                    rows.append(
                        {
                            "id": new_id(), "kind": kind, "subject_kind": self.subject_kind,
                            "subject_id": clock.id, "due": due, "failures": 0,
                            "payload": {
                                self.owner_kind: str(getattr(clock, self.owner_column))
                            },
                        }
                    )  # fmt: skip
        if rows:
            uow.session.execute(_TIMERS, rows)

    def _forget(self, uow: UnitOfWork, clock_ids: Any) -> None:
        pending = (
            select(Timer.id)
            .where(
                Timer.kind.in_(self.kinds),
                Timer.subject_kind == self.subject_kind,
                Timer.subject_id.in_(clock_ids),
                Timer.fired_at.is_(None),
            )
            .with_for_update(skip_locked=True)
        )
        uow.session.execute(
            delete(Timer).where(Timer.id.in_(pending)).execution_options(synchronize_session=False)
        )

    def _set_plan(self, clock: Row, limit: Limit, calendar: IsWorking) -> None:
        begin = clock.started_at + timedelta(seconds=clock.paused_seconds)
        try:
            plan = clock_rules.plan(begin, limit, calendar, self.ends)
        except CalendarUnknown:
            # Not guessed: asked again each day until the year's holidays are published.
            clock.warn_at = clock.due_at = None
        else:
            clock.warn_at, clock.due_at = plan.warn_at, plan.due_at
