"""Who takes it: the first claim wins; assignment, acceptance, and giving it back."""

from uuid import UUID

from sqlalchemy import Select, Uuid, any_, bindparam, exists, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from backend.domains.dispatch import (
    access,
    calling,
    categories,
    clock_rules,
    clocks,
    events,
    moves,
    ports,
    rules,
    telling,
    windup,
)
from backend.domains.dispatch.clock_rules import ACCEPT, CLAIM, CONTACT, DISPOSE
from backend.domains.dispatch.model import Event, EventAttempt, EventRelease
from backend.domains.dispatch.work_model import OPEN_ATTEMPTS
from backend.kernel.access import Principal
from backend.kernel.database import UtcDateTime, table_of
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.state import step
from backend.kernel.uow import UnitOfWork

_STAFF = bindparam("the_staff", type_=Uuid())
_EVENT = bindparam("the_event", type_=Uuid())
_ASKED = exists().where(
    EventAttempt.event_id == Event.id,
    EventAttempt.outcome.in_(OPEN_ATTEMPTS),
    any_(EventAttempt.staff_ids) == _STAFF,
)
_GAVE_BACK = exists().where(EventRelease.event_id == Event.id, EventRelease.staff_id == _STAFF)
# Made once: at a rush these two decide hundreds of claims a second.
_TAKE = {
    before: update(Event)
    .where(Event.id == _EVENT, Event.state == before, _ASKED, ~_GAVE_BACK)
    .values(
        state=step(rules.EVENT_TRANSITIONS, before, "claim").to,
        lead_id=_STAFF,
        claimed_at=bindparam("the_moment", type_=UtcDateTime()),
        version=Event.version + 1,
    )
    .returning(Event)
    .execution_options(synchronize_session=False, populate_existing=True)
    for before in rules.CLAIMABLE
}
_STANDING = select(
    Event.state,
    Event.lead_id,
    exists()
    .where(EventAttempt.event_id == Event.id, any_(EventAttempt.staff_ids) == _STAFF)
    .label("told"),
).where(Event.id == _EVENT)


def claimable(staff_id: UUID) -> Select[Event]:
    """The events this member of staff may claim now."""
    mine = select(EventAttempt.event_id).where(
        EventAttempt.outcome.in_(OPEN_ATTEMPTS), EventAttempt.staff_ids.contains([staff_id])
    )
    gave_back = select(EventRelease.event_id).where(EventRelease.staff_id == staff_id)
    return select(Event).where(
        Event.is_open, Event.lead_id.is_(None), Event.id.in_(mine), Event.id.not_in(gave_back)
    )


def claim(uow: UnitOfWork, by: Principal, event_id: UUID) -> Event:
    """Take a call; one conditional update decides who is first.

    `Conflict("already_claimed")` names who was quicker; who was not asked for it gets
    `Forbidden`, and `NotFound` where it is out of their reach.
    """
    staff_id = access.by_id(by)
    taken = _take(uow, event_id, staff_id, rules.CALLED)
    if taken is None:
        state = _may_still(uow, by, event_id)
        taken = _take(uow, event_id, staff_id, state)
    if taken is None:
        state, lead_id = uow.session.execute(
            select(Event.state, Event.lead_id).where(Event.id == event_id)
        ).one()
        raise _lost(uow, state, lead_id)
    event, before = taken
    # The row is held from here on: what is read now is what the claim found.
    asked = calling.end_attempts(uow, event_id, "claimed")
    others = [one for one in asked if one != staff_id]
    clocks.stop(uow, event_id, [CLAIM])
    moves.note(
        uow, event, "claim", before=before, public="已有工作人员认领，会尽快与您联系",
        internal=f"{by.actor.name}认领",
    )  # fmt: skip
    _taken(uow, event, by, others, running=set())
    return event


def release(
    uow: UnitOfWork, by: Principal, event_id: UUID, reason: str, *, version: int | None = None
) -> Event:
    """Give a claim back within 30 minutes, with a reason; the same person cannot claim it again."""
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    moves.allowed(rules.EVENT_TRANSITIONS, event.state, "release", viewer)
    moves.not_on_hold(event)
    needs(reason, "reason", "请写明退回的原因")
    assert event.claimed_at is not None
    problem = rules.release_problem(event.claimed_at, uow.now)
    if problem:
        raise Conflict("release_too_late", title=problem, action="需要换人时请联系调度员改派")
    _give_back(uow, by, event, reason)
    windup.end_requests(uow, event)
    moves.move(
        uow, viewer, "release", values=_UNLED, reason=reason,
        public="工作人员退回，正在另派人处理", internal=f"{by.actor.name}退回",
    )  # fmt: skip
    _back_to_call(uow, event, level=None)
    return event


def assign(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    staff_id: UUID,
    note: str = "",
    *,
    version: int | None = None,
) -> Event:
    """Give it to one person, who must accept in time; also to another while work goes on.

    Acts on the event as read: of two who assign at the same moment the second gets `Conflict`.
    """
    viewer = access.viewer(uow, by, event_id)
    event = viewer.event
    access.expect(event, version)
    person = ports.staff(uow, [staff_id]).get(staff_id)
    if person is None or not person.active or not _can_handle(person.roles):
        text = "请选一位能办理的在职人员"
        raise Invalid("unknown_staff", detail=text, fields={"staff_id": [text]})
    before_id = event.lead_id
    moves.not_on_hold(event)
    moves.move(
        uow,
        viewer,
        "assign",
        values={"lead_id": staff_id, "claimed_at": None, "visit_at": None},
        public="已指派工作人员处理",
        internal=f"指派给{person.name}" + (f"：{note}" if note else ""),
    )
    calling.end_attempts(uow, event.id, "over")
    clocks.stop(uow, event.id, [CLAIM])
    clocks.stop(uow, event.id, [ACCEPT], cancelled=True)
    limit = categories.read(uow, event.category_code).limit(ACCEPT, event.urgency)
    due_at = clocks.start(uow, event, clocks.New(ACCEPT, limit))[0].due_at
    uow.emit(
        events.EventAssigned(
            **telling.facts(uow, event),
            staff_id=staff_id,
            staff_name=person.name,
            by_name=by.actor.name,
            note=note,
            due_at=due_at,
            before_id=before_id if before_id != staff_id else None,
        )
    )
    return event


def accept(uow: UnitOfWork, by: Principal, event_id: UUID, *, version: int | None = None) -> Event:
    """The assigned person takes it."""
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    moves.move(
        uow, viewer, "accept", values={"claimed_at": uow.now},
        public="工作人员已接单，会尽快与您联系", internal=f"{by.actor.name}接单",
    )  # fmt: skip
    clocks.stop(uow, event_id, [ACCEPT])
    running = {clock.kind for clock in clocks.running(uow, event_id)}
    _taken(uow, event, by, [], running=running)
    return event


def decline(
    uow: UnitOfWork, by: Principal, event_id: UUID, reason: str, *, version: int | None = None
) -> Event:
    """The assigned person cannot; the dispatcher must find somebody else."""
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    moves.allowed(rules.EVENT_TRANSITIONS, event.state, "decline", viewer)
    needs(reason, "reason", "请写明不能接单的原因")
    _give_back(uow, by, event, reason)
    moves.move(
        uow, viewer, "decline", values=_UNLED, reason=reason,
        public="正在另派人处理", internal=f"{by.actor.name}谢绝指派",
    )  # fmt: skip
    clocks.stop(uow, event_id, [ACCEPT])
    asked = _back_to_call(uow, event, level=rules.DISPATCH)
    uow.emit(
        events.EventDeclined(
            **telling.facts(uow, event),
            staff_id=access.by_id(by),
            staff_name=by.actor.name,
            reason=reason,
            staff_ids=asked.staff_ids,
        )
    )
    return event


def escalate(uow: UnitOfWork, event_id: UUID) -> Event:
    """Ask the next step of the chain; nothing happens to an event that has been claimed."""
    event = access.locked(uow, event_id)
    calling.escalate(uow, event, categories.read(uow, event.category_code))
    return event


def needs(text: str, field: str, message: str) -> None:
    """Refuse an empty text where the table needs one."""
    if not text.strip():
        raise Invalid(f"{field}_needed", detail=message, fields={field: [message]})


_UNLED = {"lead_id": None, "claimed_at": None, "visit_at": None, "contacted_at": None}
_HANDLING_ROLES = frozenset({"grid_worker", "grid_leader", "street_leader", "department_handler"})


def _can_handle(roles: tuple[str, ...]) -> bool:
    return bool(_HANDLING_ROLES & set(roles))


def _take(uow: UnitOfWork, event_id: UUID, staff_id: UUID, before: str) -> tuple[Event, str] | None:
    """The race's one decision: it waits, nobody leads it, and this person was asked."""
    params = {"the_event": event_id, "the_staff": staff_id, "the_moment": uow.now}
    found = uow.session.scalars(_TAKE[before], params).first()
    return None if found is None else (found, before)


def _may_still(uow: UnitOfWork, by: Principal, event_id: UUID) -> str:
    """The state in which a second try can succeed; raises what tells why none can."""
    staff_id = access.by_id(by)
    # Columns, not the whole event: of many who are too late each passes here.
    params = {"the_event": event_id, "the_staff": staff_id}
    found = uow.session.execute(_STANDING, params).first()
    if found is not None and found.told and found.state not in rules.CLAIMABLE:
        raise _lost(uow, found.state, found.lead_id)
    viewer = access.viewer(uow, by, event_id)
    event = viewer.event
    if event.state not in rules.CLAIMABLE:
        raise _lost(uow, event.state, event.lead_id)
    if staff_id in telling.released(uow, event_id):
        raise Conflict(
            "gave_it_back",
            title="您退回过这件事",
            detail="退回的人不能再次认领",
            action="请看看别的呼叫",
        )
    if not viewer.is_candidate:
        _ask_late(uow, event, staff_id)
    return event.state


def _ask_late(uow: UnitOfWork, event: Event, staff_id: UUID) -> None:
    """Whose shift began after a step was asked counts as asked there, if it still waits."""
    event_id = event.id
    open_steps = select(EventAttempt.id, EventAttempt.level).where(
        EventAttempt.event_id == event_id, EventAttempt.outcome.in_(OPEN_ATTEMPTS)
    )
    kind = categories.read(uow, event.category_code)
    for attempt_id, level in uow.session.execute(open_steps).all():
        step_ = calling.find_at(uow, kind, event, level)
        if staff_id in step_:
            uow.session.execute(
                update(EventAttempt)
                .where(EventAttempt.id == attempt_id)
                .values(staff_ids=EventAttempt.staff_ids.op("||")([staff_id]))
                .execution_options(synchronize_session=False)
            )
            return
    raise moves.not_yours()


def _lost(uow: UnitOfWork, state: str, lead_id: UUID | None) -> Exception:
    if lead_id is None:
        return Conflict(
            "wrong_state", title="这件事已经结束", detail=f"现在是「{rules.STATE_TEXT[state]}」",
            action="请刷新后再看",
        )  # fmt: skip
    who = ports.staff_name(uow, lead_id) or "别人"
    return Conflict(
        "already_claimed", title="已被认领", detail=f"{who}先认领了", action="请看看别的呼叫"
    )


def _taken(
    uow: UnitOfWork, event: Event, by: Principal, others: list[UUID], *, running: set[str]
) -> None:
    kind = categories.read(uow, event.category_code)
    wanted = [
        clocks.New(name, kind.limit(name, event.urgency))
        for name in (CONTACT, DISPOSE)
        if name not in running
    ]
    made = clocks.start(uow, event, *wanted) if wanted else []
    contact = next((clock.due_at for clock in made if clock.kind == clock_rules.CONTACT), None)
    uow.emit(
        events.EventClaimed(
            **telling.facts(uow, event),
            staff_id=access.by_id(by),
            staff_name=by.actor.name,
            others=tuple(others),
            callers=telling.callers(uow, event.id),
            contact_due_at=contact,
        )
    )


def _give_back(uow: UnitOfWork, by: Principal, event: Event, reason: str) -> None:
    row = {"event_id": event.id, "staff_id": access.by_id(by), "at": uow.now, "reason": reason}
    uow.session.execute(upsert(table_of(EventRelease)).values(row).on_conflict_do_nothing())


def _back_to_call(uow: UnitOfWork, event: Event, *, level: str | None) -> calling.Asked:
    clocks.stop(uow, event.id, [CONTACT, DISPOSE], cancelled=True)
    asked = calling.call_again(uow, event, categories.read(uow, event.category_code), level=level)
    moves.note(uow, event, "call", public=asked.public, internal=asked.internal)
    calling.tell(uow, event, asked)
    return asked
