"""From the disposal to the end: verification, rating, closing, reopening, cancelling."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select

from backend.domains.dispatch import (
    access,
    calling,
    categories,
    clocks,
    events,
    evidence,
    moves,
    rules,
    telling,
    windup,
)
from backend.domains.dispatch.claiming import needs
from backend.domains.dispatch.clock_rules import DISPOSE, VERIFY
from backend.domains.dispatch.model import Event, EventCaller
from backend.domains.dispatch.parts import Part, system
from backend.kernel import timers
from backend.kernel.access import SYSTEM, Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork


def verify(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    passed: bool,
    note: str = "",
    *,
    file_ids: tuple[UUID, ...] = (),
    version: int | None = None,
) -> Event:
    """Somebody with no hand in the work looked: solved, or back to the lead with a reason."""
    viewer = access.enter(uow, by, event_id, version)
    action = "verify" if passed else "send_back"
    moves.allowed(rules.EVENT_TRANSITIONS, viewer.event.state, action, viewer)
    if not passed:
        needs(note, "note", "请写明没有解决的地方")
    evidence.attach(uow, viewer.event, "verify", file_ids)
    return _checked(uow, viewer, passed, internal=note.strip(), reason="" if passed else note)


def confirm(
    uow: UnitOfWork, person_id: UUID, event_id: UUID, solved: bool, note: str = ""
) -> Event:
    """A caller says whether it is solved; the caller's words stay with the caller."""
    caller = access.enter_caller(uow, person_id, event_id)
    action = "verify" if solved else "send_back"
    moves.allowed(rules.EVENT_TRANSITIONS, caller.event.state, action, caller)
    _keep(uow, caller.caller, note)
    return _checked(uow, caller, solved, internal="反映人本人确认", reason="")


def rate(uow: UnitOfWork, person_id: UUID, event_id: UUID, score: int, comment: str = "") -> Event:
    """A caller judges the result, once; the last caller's rating closes the event."""
    caller = access.enter_caller(uow, person_id, event_id)
    event, row = caller.event, caller.caller
    if not 1 <= score <= 5:
        text = "评分是1到5分"
        raise Invalid("bad_score", detail=text, fields={"score": [text]})
    problem = rules.rating_problem(event.state, event.closed_at, row.score is not None, uow.now)
    if problem:
        raise Conflict("rating_refused", title=problem)
    row.score, row.comment, row.rated_at = score, comment.strip(), uow.now
    uow.session.flush()
    moves.note(uow, event, "rate", public=f"评价了{score}分")
    if event.state == rules.VERIFIED and not _somebody_to_rate(uow, event):
        close(uow, event.id)
    return event


def close(uow: UnitOfWork, event_id: UUID) -> Event:
    """The end of a verified event: after the last caller's rating, or 7 days; all are told."""
    event = access.locked(uow, event_id)
    moves.move(
        uow, system(event), "close", values={"closed_at": uow.now},
        public="已办结，谢谢您的反映", actor=SYSTEM,
    )  # fmt: skip
    windup.wind_up(uow, event)
    told = telling.callers(uow, event.id)
    uow.emit(
        events.EventClosed(
            **telling.facts(uow, event),
            callers=told,
            public_text=event.public_result,
            lead_id=event.lead_id,
        )
    )
    return event


def reopen(
    uow: UnitOfWork,
    by_or_person_id: Principal | UUID,
    event_id: UUID,
    reason: str,
    *,
    version: int | None = None,
) -> Event:
    """Open again: once by a caller within 15 days, else by a supervisor or the dispatcher."""
    if isinstance(by_or_person_id, UUID):
        caller = access.enter_caller(uow, by_or_person_id, event_id)
        part: Part = caller
        moves.allowed(rules.EVENT_TRANSITIONS, part.event.state, "reopen", part)
        _caller_may_reopen(uow, part.event)
        needs(reason, "reason", "请写明还没解决的地方")
        _keep(uow, caller.caller, reason)
        by_caller, said = 1, ""
    else:
        part = access.enter(uow, by_or_person_id, event_id, version)
        moves.allowed(rules.EVENT_TRANSITIONS, part.event.state, "reopen", part)
        needs(reason, "reason", "请写明重开的原因")
        by_caller, said = 0, reason
    event = part.event
    moves.move(
        uow,
        part,
        "reopen",
        values={
            "lead_id": None, "claimed_at": None, "visit_at": None, "contacted_at": None,
            "reopened_count": Event.reopened_count + 1,
            "caller_reopened": Event.caller_reopened + by_caller,
        },
        public="已重开，重新派人处理",
        reason=said,
    )  # fmt: skip
    uow.emit(
        events.EventReopened(
            **telling.facts(uow, event),
            callers=telling.callers(uow, event.id),
            by="caller" if by_caller else "staff",
        )
    )
    asked = calling.call_again(uow, event, categories.read(uow, event.category_code))
    moves.note(uow, event, "call", public=asked.public, internal=asked.internal)
    calling.tell(uow, event, asked)
    return event


def cancel(uow: UnitOfWork, person_id: UUID, event_id: UUID, reason: str) -> Event:
    """The caller takes the call back, as long as nobody else waits for it."""
    caller = access.enter_caller(uow, person_id, event_id)
    event = caller.event
    moves.allowed(rules.EVENT_TRANSITIONS, event.state, "cancel", caller)
    if event.callers_count > 1 or event.id != caller.caller.event_id:
        raise Conflict(
            "others_waiting", title="还有别人反映了同一件事", detail="所以不能撤销",
            action="如果您那里已经解决，可以补充说明",
        )  # fmt: skip
    needs(reason, "reason", "请写一句撤销的原因")
    _keep(uow, caller.caller, reason)
    return end_cancelled(uow, caller, by="caller", public="反映人撤销了")


def end_cancelled(uow: UnitOfWork, part: Part, *, by: str, public: str, reason: str = "") -> Event:
    """Cancelled by the caller, or by a request that somebody else approved."""
    event = part.event
    working = telling.hands_on(uow, event) or telling.candidates(uow, event.id)
    moves.move(uow, part, "cancel", values={"closed_at": uow.now}, public=public, reason=reason)
    windup.wind_up(uow, event)
    uow.emit(
        events.EventCancelled(
            **telling.facts(uow, event),
            callers=telling.callers(uow, event.id),
            staff_ids=tuple(working),
            by=by,
        )
    )
    return event


def _checked(uow: UnitOfWork, part: Part, passed: bool, *, internal: str, reason: str) -> Event:
    event = part.event
    if passed:
        moves.move(
            uow, part, "verify", values={"verified_at": uow.now},
            public="核查通过，问题已解决", internal=internal,
        )  # fmt: skip
        clocks.stop(uow, event.id, [VERIFY])
        until = uow.now + timedelta(days=rules.VERIFIED_DAYS)
        timers.arm(uow, windup.CLOSE_TIMER, moves.subject(event.id), until)
        uow.emit(
            events.EventVerified(
                **telling.facts(uow, event),
                callers=telling.callers(uow, event.id),
                public_text=event.public_result,
                rate_until=until,
            )
        )
        return event
    moves.move(
        uow, part, "send_back", values={"disposed_at": None},
        public="核查发现还没有解决，退回重新处置", internal=internal, reason=reason,
    )  # fmt: skip
    clocks.stop(uow, event.id, [VERIFY])
    limit = categories.read(uow, event.category_code).limit(DISPOSE, event.urgency)
    clocks.start(uow, event, clocks.New(DISPOSE, limit))
    uow.emit(
        events.EventSentBack(
            **telling.facts(uow, event),
            staff_ids=tuple(telling.hands_on(uow, event)),
            reason=reason or internal,
        )
    )
    return event


def _caller_may_reopen(uow: UnitOfWork, event: Event) -> None:
    assert event.closed_at is not None
    problem = rules.caller_reopen_problem(event.closed_at, event.caller_reopened, uow.now)
    if problem:
        raise Conflict("reopen_refused", title=problem, action="请重新上报，或拨打12345")


def _somebody_to_rate(uow: UnitOfWork, event: Event) -> bool:
    children = select(Event.id).where(Event.parent_id == event.id)
    waiting = exists().where(
        or_(EventCaller.event_id == event.id, EventCaller.event_id.in_(children)),
        EventCaller.person_id.is_not(None),
        EventCaller.score.is_(None),
    )
    return bool(uow.session.scalar(select(waiting)))


def _keep(uow: UnitOfWork, caller: EventCaller, words: str) -> None:
    if words.strip():
        caller.words = f"{caller.words}\n{words.strip()}".strip()
        uow.session.flush()
