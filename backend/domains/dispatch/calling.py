"""Asking candidates to claim: step by step up the chain, at its end the dispatcher."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, insert, update

from backend.domains.dispatch import clock_rules, clocks, events, moves, ports, rules, telling
from backend.domains.dispatch.categories import Kind
from backend.domains.dispatch.model import Event, EventAttempt
from backend.domains.dispatch.work_model import OPEN_ATTEMPTS
from backend.domains.grid.service import OnDuty
from backend.kernel.database import table_of
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Asked:
    """The step that was reached: who is asked, until when, and which steps had nobody."""

    level: str
    people: tuple[OnDuty, ...]
    due_at: datetime | None
    skipped: tuple[str, ...]

    @property
    def staff_ids(self) -> tuple[UUID, ...]:
        """Those asked."""
        return tuple(person.staff_id for person in self.people)

    @property
    def public(self) -> str:
        """For the caller's page."""
        return f"已通知{rules.LEVEL_TEXT[self.level]}"

    @property
    def internal(self) -> str:
        """For the trace: names, and the steps passed over."""
        skipped = f"；{ports.level_words(self.skipped)}无人在岗" if self.skipped else ""
        return f"通知：{ports.names(self.people) or '无人在岗'}{skipped}"


@dataclass(frozen=True, slots=True)
class Step:
    """Whom to ask next, found before anything is written."""

    level: str
    people: tuple[OnDuty, ...]
    skipped: tuple[str, ...]


def first_level(uow: UnitOfWork, street_id: UUID | None, cell_id: UUID | None) -> str:
    """Where a call begins: at the foot of the chain, or with the dispatcher for no known cell."""
    return rules.DISPATCH if cell_id is None else ports.levels(uow, street_id)[0]


def find(
    uow: UnitOfWork,
    kind: Kind,
    *,
    cell_id: UUID | None,
    street_id: UUID | None,
    level: str,
    without: set[UUID] = frozenset(),  # type: ignore[assignment]  # never changed
) -> Step:
    """The first step from `level` on that has somebody on duty; the dispatcher's always counts."""
    chain = ports.levels(uow, street_id)
    skipped: list[str] = []
    while level != rules.DISPATCH:
        people = ports.on_duty(
            uow, level, cell_id=cell_id, street_id=street_id,
            category_code=kind.code, parent_category=kind.parent_code,
        )  # fmt: skip
        there = tuple(person for person in people if person.staff_id not in without)
        if there:
            return Step(level, there, tuple(skipped))
        skipped.append(level)
        level = rules.next_level(chain, level)
    people = ports.dispatchers(uow, street_id)
    there = tuple(person for person in people if person.staff_id not in without)
    return Step(level, there, tuple(skipped))


def find_at(uow: UnitOfWork, kind: Kind, event: Event, level: str) -> set[UUID]:
    """Who is on duty for the event at exactly this step now."""
    if level == rules.DISPATCH:
        return {person.staff_id for person in ports.dispatchers(uow, event.street_id)}
    people = ports.on_duty(
        uow, level, cell_id=event.cell_id, street_id=event.street_id,
        category_code=kind.code, parent_category=kind.parent_code,
    )  # fmt: skip
    return {person.staff_id for person in people}


def ask(uow: UnitOfWork, event: Event, kind: Kind, step: Step) -> Asked:
    """Write the attempts down and start the clock for claiming; the event's level is set before."""
    rows = [_attempt(event, level, (), "empty", uow.now) for level in step.skipped]
    ids = tuple(person.staff_id for person in step.people)
    rows.append(_attempt(event, step.level, ids, "waiting" if ids else "empty", uow.now))
    uow.session.execute(insert(table_of(EventAttempt)), rows)
    limit = kind.limit(clock_rules.CLAIM, event.urgency)
    made = clocks.start(uow, event, clocks.New(clock_rules.CLAIM, limit))
    return Asked(step.level, step.people, made[0].due_at, step.skipped)


def call_again(uow: UnitOfWork, event: Event, kind: Kind, *, level: str | None = None) -> Asked:
    """Ask anew, from the foot of the chain or from `level`: after a release, a reopening …

    Who gave it back is not asked. The trace entry is the caller's.
    """
    end_attempts(uow, event.id, "over")
    clocks.stop(uow, event.id, [clock_rules.CLAIM, clock_rules.ACCEPT], cancelled=True)
    step = find(
        uow, kind, cell_id=event.cell_id, street_id=event.street_id,
        level=level or first_level(uow, event.street_id, event.cell_id),
        without=telling.released(uow, event.id),
    )  # fmt: skip
    _set_level(uow, event, step.level)
    return ask(uow, event, kind, step)


def tell(uow: UnitOfWork, event: Event, asked: Asked, *, first: bool = False) -> None:
    """Let messages ask the candidates."""
    uow.emit(
        events.EventCalled(
            **telling.facts(uow, event),
            level=asked.level,
            staff_ids=asked.staff_ids,
            due_at=asked.due_at,
            callers=telling.callers(uow, event.id),
            first=first,
        )
    )


def escalate(uow: UnitOfWork, event: Event, kind: Kind) -> Asked | None:
    """Nobody claimed in time: ask the next step too. The event is held by this unit.

    None where the dispatcher has been asked already: then there is no further step.
    """
    if event.state not in rules.CLAIMABLE or event.level == rules.DISPATCH:
        return None
    before = event.level
    clocks.stop(uow, event.id, [clock_rules.CLAIM])
    end_attempts(uow, event.id, "passed")
    chain = ports.levels(uow, event.street_id)
    step = find(
        uow, kind, cell_id=event.cell_id, street_id=event.street_id,
        level=rules.next_level(chain, before), without=telling.released(uow, event.id),
    )  # fmt: skip
    _set_level(uow, event, step.level)
    asked = ask(uow, event, kind, step)
    moves.note(
        uow,
        event,
        "escalate",
        public=f"{rules.LEVEL_TEXT[before]}没有及时认领，{asked.public}",
        internal=asked.internal,
    )
    uow.emit(
        events.EventEscalated(
            **telling.facts(uow, event),
            from_level=before,
            level=asked.level,
            staff_ids=asked.staff_ids,
            due_at=asked.due_at,
        )
    )
    return asked


def end_attempts(uow: UnitOfWork, event_id: UUID, outcome: str) -> list[UUID]:
    """Close the open attempts; answers whom they had asked.

    `passed` ones stay open for a late claim; `claimed` marks the step whose clock ran.
    """
    attempt = EventAttempt
    states = ("waiting",) if outcome == "passed" else OPEN_ATTEMPTS
    value: Any = outcome
    if outcome == "claimed":
        value = case((attempt.outcome == "waiting", "claimed"), else_="over")
    rows = uow.session.scalars(
        update(attempt)
        .where(attempt.event_id == event_id, attempt.outcome.in_(states))
        .values(outcome=value, ended_at=uow.now)
        .returning(attempt.staff_ids)
        .execution_options(synchronize_session=False)
    )
    return list(dict.fromkeys(one for ids in rows for one in ids))


def _set_level(uow: UnitOfWork, event: Event, level: str) -> None:
    # Not a change of version: a colleague who assigns meanwhile acts on nothing untrue.
    event.level = level
    uow.session.flush()


def _attempt(
    event: Event, level: str, staff_ids: tuple[UUID, ...], outcome: str, at: datetime
) -> dict[str, object]:
    return {
        "id": new_id(), "event_id": event.id, "level": level, "staff_ids": list(staff_ids),
        "at": at, "outcome": outcome, "ended_at": at if outcome == "empty" else None,
    }  # fmt: skip
