"""Telephone calls: what the exchange tells, who speaks with whom, and who takes calls now."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.hotline import call_rules as rules
from backend.domains.hotline.desk_model import Agent, Call, CallEvent
from backend.domains.identity import service as identity
from backend.kernel.database import table_of
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.state import step
from backend.kernel.uow import UnitOfWork

NUMBER = "call_number"
# A ringing call that nobody ended is no longer believed after this; a spoken one much later.
RINGS_FOR, SPEAKS_FOR = timedelta(minutes=5), timedelta(hours=4)
_AHEAD = timedelta(minutes=5)
# Numbers are forgotten after this.
KEPT_FOR = timedelta(days=180)


def tell(
    uow: UnitOfWork, *, event: str, call_id: str, number: str = "", agent: str = "",
    at: datetime | None = None, source: str = "cti",
) -> Call:  # fmt: skip
    """Take one event of the exchange; told again it changes nothing.

    `agent` is the user name of whom it rings at (unknown ones and an empty one: nobody yet).
    Events out of order only fill in what is missing: a call never goes back.
    """
    moment = min(at or uow.now, uow.now + _AHEAD)
    agent_id = _agent(uow, agent)
    row = _first(uow, event, call_id, moment, source)
    fresh = uow.session.execute(
        insert(table_of(CallEvent))
        .values(call_id=row.id, event=event, at=moment, received_at=uow.now)
        .on_conflict_do_nothing()
        .returning(CallEvent.event)
    ).scalar()
    if fresh is None:
        return row
    row.state = rules.after(row.state, event)
    if number and row.number_hash is None:
        _number(uow, row, number)
    if agent_id and (row.agent_id is None or event == rules.ANSWERED):
        row.agent_id = agent_id
    column = rules.moment_of(event)
    if getattr(row, column) is None and rules.tells(row.state, event):
        setattr(row, column, moment)
    row.began_at = min(row.began_at, moment)
    row.version += 1
    uow.session.flush()
    return row


def _first(uow: UnitOfWork, event: str, call_id: str, moment: datetime, source: str) -> Call:
    """The call, made if it is new, and held: two events of it wait for each other."""
    uow.session.execute(
        insert(table_of(Call))
        .values(
            id=new_id(), external_id=call_id, source=source, state=rules.after(None, event),
            began_at=moment, version=1,
        )
        .on_conflict_do_nothing(index_elements=["external_id"])
    )  # fmt: skip
    query = select(Call).where(Call.external_id == call_id).with_for_update()
    return uow.session.scalars(query.execution_options(populate_existing=True)).one()


def fingerprint(uow: UnitOfWork, number: str) -> bytes | None:
    """What calls and tickets of a number are found by; None where it has too few digits."""
    digits = rules.normal_number(number)
    return uow.services.privacy.fingerprint(digits, NUMBER) if len(digits) >= 3 else None


def _number(uow: UnitOfWork, row: Call, number: str) -> None:
    mark = fingerprint(uow, number)
    if mark is not None:
        row.number_hash = mark
        row.number_sealed = uow.services.privacy.seal(rules.normal_number(number))


def number_of(uow: UnitOfWork, row: Call) -> str:
    """The number in full; empty for a withheld one."""
    return uow.services.privacy.open(row.number_sealed) if row.number_sealed else ""


def _agent(uow: UnitOfWork, username: str) -> UUID | None:
    card = identity.staff_by_username(uow, username) if username else None
    return card.id if card else None


def current(uow: UnitOfWork, staff_id: UUID) -> Call | None:
    """What an operator speaks on; else what rings at their place, else what rings for anybody."""
    spoken = (Call.state == rules.ANSWERED) & (Call.began_at > uow.now - SPEAKS_FOR)
    rings = (Call.state == rules.RINGING) & (Call.began_at > uow.now - RINGS_FOR)
    mine = Call.agent_id == staff_id
    anybodys = rings & Call.agent_id.is_(None)
    reached: ColumnElement[bool] = mine & (spoken | rings)
    if agent(uow, staff_id)["state"] == rules.READY:
        reached = or_(reached, anybodys)
    rows = uow.session.scalars(
        select(Call)
        .where(reached)
        .order_by(Call.state, Call.agent_id.is_(None), Call.began_at, Call.id)
        .limit(1)
    )
    return rows.first()


def answer(uow: UnitOfWork, staff_id: UUID, call_id: UUID) -> Call:
    """Pick up by the soft phone: one conditional update, the first operator wins."""
    row = _reach(uow, staff_id, call_id)
    way = step(rules.CALL_TRANSITIONS, row.state, rules.ANSWERED)
    _hold_agent(uow, staff_id)
    talking = uow.session.scalar(
        select(Call.id).where(
            Call.agent_id == staff_id, Call.state == rules.ANSWERED, Call.id != row.id,
            Call.began_at > uow.now - SPEAKS_FOR,
        )
    )  # fmt: skip
    if talking is not None:
        raise _busy()
    changed = uow.session.scalars(
        update(Call)
        .where(Call.id == row.id, Call.state == row.state, Call.version == row.version)
        .values(state=way.to, agent_id=staff_id, answered_at=uow.now, version=Call.version + 1)
        .returning(Call)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise Conflict("call_taken", title="别人接了这个电话", action="请等下一个来电")
    _heard(uow, changed.id, rules.ANSWERED)
    return changed


def _hold_agent(uow: UnitOfWork, staff_id: UUID) -> None:
    """Hold the operator's row, so that nobody picks up two calls at once."""
    uow.session.execute(
        insert(table_of(Agent))
        .values(staff_id=staff_id, state=rules.READY, since=uow.now)
        .on_conflict_do_nothing()
    )
    uow.session.get(Agent, staff_id, with_for_update=True)


def end(uow: UnitOfWork, staff_id: UUID, call_id: UUID) -> Call:
    """Hang up by the soft phone; a call that has ended already stays as it is."""
    row = _reach(uow, staff_id, call_id)
    if row.state == rules.ENDED:
        return row
    if row.agent_id != staff_id:
        raise _unknown()
    way = step(rules.CALL_TRANSITIONS, row.state, rules.ENDED)
    changed = uow.session.scalars(
        update(Call)
        .where(Call.id == row.id, Call.state == row.state, Call.version == row.version)
        .values(state=way.to, ended_at=uow.now, version=Call.version + 1)
        .returning(Call)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise Conflict("changed_meanwhile", title="电话的状态刚变了", action="请刷新后再看")
    _heard(uow, changed.id, rules.ENDED)
    return changed


def own(uow: UnitOfWork, staff_id: UUID, call_id: UUID) -> Call:
    """A call of the operator's own, to make a ticket of; anybody else's is `NotFound`."""
    row = uow.session.get(Call, call_id)
    if row is None or row.agent_id != staff_id:
        raise _unknown()
    return row


def _reach(uow: UnitOfWork, staff_id: UUID, call_id: UUID) -> Call:
    row = uow.session.get(Call, call_id)
    if row is None or row.agent_id not in (None, staff_id):
        raise _unknown()
    return row


def _heard(uow: UnitOfWork, call_id: UUID, event: str) -> None:
    uow.session.execute(
        insert(table_of(CallEvent))
        .values(call_id=call_id, event=event, at=uow.now, received_at=uow.now)
        .on_conflict_do_nothing()
    )


def agent(uow: UnitOfWork, staff_id: UUID) -> dict[str, Any]:
    """Whether the operator takes calls, and since when."""
    row = uow.session.get(Agent, staff_id)
    state = row.state if row else rules.OFF
    return {
        "state": state,
        "state_text": rules.AGENT_TEXT[state],
        "since": row.since if row else None,
    }


def set_agent(uow: UnitOfWork, staff_id: UUID, state: str) -> dict[str, Any]:
    """Take calls, pause, or leave; who speaks must hang up before leaving."""
    if state not in rules.AGENT_STATES:
        raise Invalid("bad_state", fields={"state": ["请从列出的值里选"]})
    found = current(uow, staff_id)
    if state == rules.OFF and found is not None and found.state == rules.ANSWERED:
        raise _busy()
    table = table_of(Agent)
    uow.session.execute(
        insert(table)
        .values(staff_id=staff_id, state=state, since=uow.now)
        .on_conflict_do_update(
            index_elements=["staff_id"],
            set_={"state": state, "since": uow.now},
            where=table.c.state != state,
        )
    )
    uow.session.expire_all()
    return agent(uow, staff_id)


def line(uow: UnitOfWork) -> dict[str, int]:
    """How many wait, how many speak, how many operators take calls."""
    groups = dict(
        uow.session.execute(
            select(Call.state, func.count())
            .where(
                Call.state.in_(rules.CALL_OPEN),
                Call.began_at > uow.now - SPEAKS_FOR,
                or_(Call.state == rules.ANSWERED, Call.began_at > uow.now - RINGS_FOR),
            )
            .group_by(Call.state)
        ).all()
    )
    ready = uow.session.scalar(
        select(func.count()).select_from(Agent).where(Agent.state == rules.READY)
    )
    return {
        "waiting": groups.get(rules.RINGING, 0),
        "talking": groups.get(rules.ANSWERED, 0),
        "agents_ready": ready or 0,
    }


def purge(services: Services) -> None:
    """Forget the numbers of calls after half a year; the figures of the line stay."""
    with services.unit() as uow:
        uow.session.execute(
            update(Call)
            .where(Call.began_at < uow.now - KEPT_FOR, Call.number_hash.is_not(None))
            .values(number_sealed=None, number_hash=None)
            .execution_options(synchronize_session=False)
        )


def _busy() -> Conflict:
    return Conflict("in_a_call", title="您正在通话", action="请先挂断再操作")


def _unknown() -> NotFound:
    return NotFound("call_unknown", title="没有找到这个电话", action="请刷新后再看")
