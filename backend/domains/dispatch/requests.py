"""挂账 and cancellation by others: asked for by one, decided by somebody else."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from backend.domains.dispatch import (
    access,
    clocks,
    endings,
    events,
    moves,
    rules,
    telling,
    windup,
)
from backend.domains.dispatch.claiming import needs
from backend.domains.dispatch.model import Event, EventRequest
from backend.domains.dispatch.parts import Of, Part, system
from backend.kernel import timers
from backend.kernel.access import SYSTEM, Principal
from backend.kernel.clock import moment_text
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.state import step
from backend.kernel.uow import UnitOfWork

HOLD, CANCEL = "hold", "cancel"
LONGEST_HOLD = timedelta(days=90)


class _Asker(Part):
    """Whoever acts, seen from one request: `holder` is who asked."""

    def __init__(self, viewer: access.Viewer, request: EventRequest) -> None:
        self.event, self._viewer, self._request = viewer.event, viewer, request

    def plays(self, part: str) -> bool:
        """The viewer's parts; nobody approves what they asked for."""
        own = self._request.asked_by == self._viewer.id
        if part == "holder":
            return own
        return self._viewer.plays(part) and not (
            part == rules.APPROVER and own and self._request.state == rules.PENDING
        )


def ask(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    kind: str,
    reason: str,
    *,
    until: datetime | None = None,
) -> EventRequest:
    """Ask to hold the event (its clocks stand still until `until`) or to cancel it."""
    viewer = access.enter(uow, by, event_id)
    event = viewer.event
    _may_ask(viewer, kind)
    needs(reason, "reason", "请写明申请的理由")
    if kind == HOLD:
        _check_until(uow, until)
    request = EventRequest(
        id=new_id(), event_id=event_id, kind=kind, reason=reason.strip(),
        until=until if kind == HOLD else None, state=rules.PENDING,
        asked_by=access.by_id(by), asked_at=uow.now,
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            uow.session.add(request)
    except IntegrityError as error:
        if "uq_event_request_open" not in str(error.orig):
            raise
        raise Conflict(
            "already_requested", title="已有一个申请", detail="", action="请等前一个申请有结果"
        ) from error
    words = rules.REQUEST_KIND_TEXT[kind]
    moves.note(uow, event, "request", internal=f"申请{words}：{request.reason}")
    uow.emit(
        events.RequestAsked(
            **telling.facts(uow, event),
            request_id=request.id,
            kind=kind,
            reason=request.reason,
            by_name=by.actor.name,
            staff_ids=tuple(telling.approvers(uow, event, by.actor.id)),
        )
    )
    return request


def decide(
    uow: UnitOfWork, by: Principal, request_id: UUID, approved: bool, note: str = ""
) -> EventRequest:
    """Approve or not; never by who asked. An approved hold stops the clocks at once."""
    request, asker = _enter(uow, by, request_id)
    event = asker.event
    if request.asked_by == by.actor.id:
        raise Forbidden(
            "own_request", title="不能审批自己的申请", detail="", action="请由另一位负责人审批"
        )
    action = "approve" if approved else "reject"
    moves.allowed(rules.REQUEST_TRANSITIONS, request.state, action, asker)
    if not approved:
        needs(note, "note", "请写明不同意的理由")
    if approved and request.kind == HOLD:
        if request.until is None or request.until <= uow.now:
            raise Conflict(
                "hold_too_late",
                title="申请的恢复时间已经过了",
                action="请选不同意，需要时由申请人重新申请",
            )
        _may_be_held(event)
    moves.set_state(
        uow, request, rules.REQUEST_TRANSITIONS, action, asker,
        decided_by=access.by_id(by), decided_at=uow.now, note=note.strip(),
    )  # fmt: skip
    words = rules.REQUEST_KIND_TEXT[request.kind]
    moves.note(
        uow, event, action, internal=f"{'同意' if approved else '不同意'}{words}：{note.strip()}"
    )
    if approved and request.kind == HOLD:
        _hold(uow, event, request)
    elif approved:
        endings.end_cancelled(
            uow, Of(event, rules.REQUEST), by="staff", public="经核实，这件事已撤销",
            reason=request.reason,
        )  # fmt: skip
    uow.emit(
        events.RequestDecided(
            **telling.facts(uow, event),
            request_id=request.id,
            kind=request.kind,
            approved=approved,
            note=request.note,
            staff_ids=(request.asked_by,),
        )
    )
    return request


def withdraw(uow: UnitOfWork, by: Principal, request_id: UUID) -> EventRequest:
    """Who asked takes it back before it is decided."""
    request, asker = _enter(uow, by, request_id)
    moves.set_state(uow, request, rules.REQUEST_TRANSITIONS, "withdraw", asker, ended_at=uow.now)
    words = rules.REQUEST_KIND_TEXT[request.kind]
    moves.note(uow, asker.event, "withdraw_request", internal=f"撤回{words}申请")
    return request


def end_hold(uow: UnitOfWork, by: Principal, event_id: UUID) -> Event:
    """Go on before the time is over; by the lead or whoever approves."""
    viewer = access.enter(uow, by, event_id)
    event = viewer.event
    found = moves.rows_of(uow, EventRequest, event_id, (rules.APPROVED,))
    if not event.on_hold or not found:
        raise Conflict("not_on_hold", title="这件事没有挂账")
    _go_on(uow, event, found[0], viewer)
    return event


def hold_over(uow: UnitOfWork, event: Event) -> None:
    """The time of a hold has passed; the event is held by this unit."""
    found = moves.rows_of(uow, EventRequest, event.id, (rules.APPROVED,))
    if event.on_hold and found:
        _go_on(uow, event, found[0], system(event))


def _go_on(uow: UnitOfWork, event: Event, request: EventRequest, part: Part) -> None:
    moves.set_state(uow, request, rules.REQUEST_TRANSITIONS, "end", part, ended_at=uow.now)
    moves.touch(uow, event, on_hold=False)
    timers.disarm(uow, windup.HOLD_TIMER, moves.subject(event.id))
    clocks.resume(uow, event.id)
    actor = SYSTEM if uow.actor.kind == "system" else None
    moves.note(
        uow, event, "end_hold", public="继续处理", internal="挂账结束，时限恢复", actor=actor
    )


def _hold(uow: UnitOfWork, event: Event, request: EventRequest) -> None:
    assert request.until is not None
    moves.touch(uow, event, on_hold=True)
    clocks.pause(uow, event.id)
    timers.arm(uow, windup.HOLD_TIMER, moves.subject(event.id), request.until)
    moves.note(
        uow, event, "hold", public=f"暂缓处理，预计{moment_text(request.until)}前恢复",
        internal=request.reason,
    )  # fmt: skip


def _may_ask(viewer: access.Viewer, kind: str) -> None:
    event = viewer.event
    if kind == HOLD:
        if not (viewer.plays(rules.LEAD) or viewer.plays(rules.DISPATCHER)):
            raise moves.not_yours()
        _may_be_held(event)
        return
    if not any(map(viewer.plays, (rules.LEAD, rules.DISPATCHER, rules.WHISTLER, rules.CANDIDATE))):
        raise moves.not_yours()
    step(rules.EVENT_TRANSITIONS, event.state, "cancel")


def _may_be_held(event: Event) -> None:
    if event.on_hold or event.state not in rules.AT_WORK:
        raise Conflict(
            "wrong_state", title="现在不能挂账", detail="认领后、处置完成前才能挂账",
            action="请刷新后再看",
        )  # fmt: skip


def _check_until(uow: UnitOfWork, until: datetime | None) -> None:
    if until is None or not uow.now < until <= uow.now + LONGEST_HOLD:
        text = f"请选恢复的时间，最长{LONGEST_HOLD.days}天"
        raise Invalid("bad_until", detail=text, fields={"until": [text]})


def _enter(uow: UnitOfWork, by: Principal, request_id: UUID) -> tuple[EventRequest, _Asker]:
    request = uow.session.get(EventRequest, request_id)
    if request is None:
        raise NotFound("request_unknown", title="没有找到这个申请", action="请刷新后再看")
    viewer = access.enter(uow, by, request.event_id)
    uow.session.refresh(request)
    return request, _Asker(viewer, request)
