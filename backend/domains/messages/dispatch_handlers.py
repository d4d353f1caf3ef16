"""From what happened to an event to what its callers and its answerers are told."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from backend.domains.dispatch import events as e
from backend.domains.dispatch import service as dispatch
from backend.domains.identity import service as identity
from backend.domains.messages import kinds_dispatch as k
from backend.domains.messages import letters
from backend.kernel.events import EventBus
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.kinds import Kind

_SUPERVISE = "supervise"


def subscribe(events: EventBus) -> None:
    """Hear of everything that callers and answerers are told about."""
    for kind, handler in (
        (e.EventCalled, on_called),
        (e.EventEscalated, on_escalated),
        (e.EventClaimed, on_claimed),
        (e.EventAssigned, on_assigned),
        (e.EventDeclined, on_declined),
        (e.EventScheduled, on_scheduled),
        (e.SubtaskGiven, on_subtask),
        (e.SubtaskAnswered, on_subtask_answered),
        (e.WhistleBlown, on_whistle),
        (e.WhistleAnswered, on_whistle_answered),
        (e.RequestAsked, on_request),
        (e.RequestDecided, on_decision),
        (e.EventDisposed, on_disposed),
        (e.EventSentBack, on_sent_back),
        (e.ResultRefused, on_result_refused),
        (e.EventVerified, on_verified),
        (e.EventClosed, on_closed),
        (e.EventMerged, on_merged),
        (e.EventCancelled, on_cancelled),
        (e.EventTransferred, on_transferred),
        (e.EventTicketed, on_ticketed),
        (e.EventReopened, on_reopened),
        (e.SupervisionOrdered, on_order),
        (e.SupervisionReplied, on_order_reply),
        (e.ClockWarned, on_warned),
        (e.ClockOverdue, on_overdue),
    ):
        events.subscribe(kind, handler)  # type: ignore[arg-type]  # each handler takes its kind


def on_called(uow: UnitOfWork, event: e.EventCalled) -> None:
    """Everybody on duty is asked at once; whoever called hears that it arrived."""
    _tell_staff(uow, event, k.CALL, event.staff_ids, due=event.due_at)
    if event.first:
        text = f"{letters.said(event.due_at)}前会有人认领，认领了马上告诉您。"
        if event.due_at is None:
            text = "调度员会安排人处理，有人负责了马上告诉您。"
        _tell_callers(uow, event, k.RECEIVED, event.callers, next_text=text)


def on_escalated(uow: UnitOfWork, event: e.EventEscalated) -> None:
    """The next step of the chain is asked as well."""
    _tell_staff(uow, event, k.CALL, event.staff_ids, due=event.due_at)


def on_claimed(uow: UnitOfWork, event: e.EventClaimed) -> None:
    """The call is over: the others can rest, the callers know who comes."""
    outbox.cancel(uow.session, Subject("event", event.event_id), k.CALLS, uow.now)
    _in_time(uow, event)
    _tell_staff(uow, event, k.TAKEN, event.others, staff_name=event.staff_name)
    until = f"{letters.said(event.contact_due_at)}前联系您" if event.contact_due_at else "会联系您"
    _tell_callers(
        uow, event, k.CLAIMED, event.callers, staff_name=event.staff_name, next_text=until
    )


def on_assigned(uow: UnitOfWork, event: e.EventAssigned) -> None:
    """One person is asked by name; the one before can rest."""
    outbox.cancel(uow.session, Subject("event", event.event_id), k.CALLS, uow.now)
    _tell_staff(
        uow, event, k.ASSIGNED, [event.staff_id], due=event.due_at, by_name=event.by_name,
        note=event.note,
    )  # fmt: skip
    if event.before_id and event.before_id != event.staff_id:
        _news(uow, event, [event.before_id], "改由别人负责", f"已改派给{event.staff_name}。")


def on_declined(uow: UnitOfWork, event: e.EventDeclined) -> None:
    """Dispatchers must find somebody else; nobody waits for an answer any more."""
    _end(uow, event, k.ASSIGNED)
    words = f"请另派人。{event.staff_name}没有接受：{event.reason}。"
    _answer(uow, event, event.staff_ids, "没有接受指派", words)


def on_scheduled(uow: UnitOfWork, event: e.EventScheduled) -> None:
    """Callers know when somebody comes; a time said before no longer holds."""
    _end(uow, event, k.SCHEDULED)
    _tell_callers(uow, event, k.SCHEDULED, event.callers, visit=event.visit_at)


def on_subtask(uow: UnitOfWork, event: e.SubtaskGiven) -> None:
    """A part of the work is yours."""
    _tell_staff(
        uow, event, k.TASK, event.staff_ids, due=event.due_at, by_name=event.by_name,
        what=event.what, task_title="请协办", part=event.subtask_id,
    )  # fmt: skip


def on_subtask_answered(uow: UnitOfWork, event: e.SubtaskAnswered) -> None:
    """The lead hears how a part went."""
    _end(uow, event, k.TASK, parts=[event.subtask_id])
    done = event.outcome == "done"
    head = "协办完成" if done else "协办被退回"
    tell = _news if done else _answer
    tell(uow, event, event.staff_ids, head, f"{event.what}：{event.words}")


def on_whistle(uow: UnitOfWork, event: e.WhistleBlown) -> None:
    """The department on duty is called."""
    _tell_staff(
        uow, event, k.TASK, event.staff_ids, due=event.due_at, by_name=event.by_name,
        what=event.what, task_title="吹哨", part=event.whistle_id,
    )  # fmt: skip


def on_whistle_answered(uow: UnitOfWork, event: e.WhistleAnswered) -> None:
    """Whoever blew it hears the answer."""
    _end(uow, event, k.TASK, parts=[event.whistle_id])
    finished = event.outcome == "finished"
    head = "部门已完成" if finished else "部门退回吹哨"
    tell = _news if finished else _answer
    tell(uow, event, event.staff_ids, head, event.note)


def on_request(uow: UnitOfWork, event: e.RequestAsked) -> None:
    """Somebody must approve."""
    what = f"{dispatch.REQUEST_KIND_TEXT[event.kind]}申请"
    words = f"请审批。{event.by_name}：{event.reason}。"
    _answer(uow, event, event.staff_ids, what, words, part=event.request_id)


def on_decision(uow: UnitOfWork, event: e.RequestDecided) -> None:
    """Whoever asked hears the decision; nobody needs to decide any more."""
    _end(uow, event, k.ANSWER, parts=[event.request_id])
    what = f"{dispatch.REQUEST_KIND_TEXT[event.kind]}{'已同意' if event.approved else '未同意'}"
    _answer(uow, event, event.staff_ids, what, event.note or what)


def on_disposed(uow: UnitOfWork, event: e.EventDisposed) -> None:
    """Callers look whether it is solved; a colleague goes and verifies. Its limits are kept."""
    _end(uow, event, k.CLAIMED, k.SCHEDULED, k.RESULT_REFUSED)
    _in_time(uow, event)
    _tell_callers(uow, event, k.DISPOSED, event.callers, public_text=event.public_text)
    _tell_staff(uow, event, k.VERIFY, event.staff_ids, due=event.due_at)


def on_sent_back(uow: UnitOfWork, event: e.EventSentBack) -> None:
    """The lead works on: it is not solved."""
    _end(uow, event, k.VERIFY, k.DISPOSED, k.RESULT_REFUSED)
    _in_time(uow, event)
    _answer(uow, event, event.staff_ids, "核查没有通过", f"请接着处理。原因：{event.reason}。")


def on_result_refused(uow: UnitOfWork, event: e.ResultRefused) -> None:
    """Whoever wrote the result knows that others do not see it, and why."""
    _tell_staff(uow, event, k.RESULT_REFUSED, event.staff_ids, reason=event.reason)


def on_verified(uow: UnitOfWork, event: e.EventVerified) -> None:
    """Callers are asked to rate."""
    _end(uow, event, k.VERIFY)
    _in_time(uow, event)
    _tell_callers(uow, event, k.RATE, event.callers, public_text=event.public_text)


def on_closed(uow: UnitOfWork, event: e.EventClosed) -> None:
    """Every caller, those of merged duplicates too, hears the end."""
    _stop(uow, event)
    _tell_callers(uow, event, k.CLOSED, event.callers, public_text=event.public_text)


def on_merged(uow: UnitOfWork, event: e.EventMerged) -> None:
    """Callers know that it goes on elsewhere."""
    _stop(uow, event)
    number = event.parent_number
    _tell_callers(uow, event, k.MERGED, event.callers, parent_number=number)
    _news(uow, event, event.staff_ids, "已并案", f"并入{number}：{event.parent_title}。")


def on_cancelled(uow: UnitOfWork, event: e.EventCancelled) -> None:
    """Nobody needs to come any more."""
    _stop(uow, event)
    _news(uow, event, event.staff_ids, "已撤销", "这件事撤销了，不用再处理。")
    # Who cancelled it knows.
    if event.by != "caller":
        text = "这件事不再处理。有疑问请拨打12345。"
        _ended(uow, event, event.callers, "已撤销", text)


def on_transferred(uow: UnitOfWork, event: e.EventTransferred) -> None:
    """The emergency services have it."""
    _stop(uow, event)
    _news(uow, event, event.staff_ids, f"已转{event.service}", "已转紧急服务处理。")
    text = f"已转{event.service}处理。情况紧急时请直接拨打{event.service}。"
    _ended(uow, event, event.callers, f"已转{event.service}", text, state="已转出")


def on_ticketed(uow: UnitOfWork, event: e.EventTicketed) -> None:
    """It goes on as a 12345 ticket."""
    _stop(uow, event)
    text = f"已转12345热线继续办理，工单号{event.ticket_number}。"
    _news(uow, event, event.staff_ids, "已转12345", text)
    _ended(uow, event, event.callers, "已转12345", text, state="已转出")


def on_reopened(uow: UnitOfWork, event: e.EventReopened) -> None:
    """Callers know that it is open again."""
    _end(uow, event, k.CLOSED, k.ENDED, k.DISPOSED)
    _tell_callers(uow, event, k.REOPENED, event.callers)


def on_order(uow: UnitOfWork, event: e.SupervisionOrdered) -> None:
    """A supervisor wants an answer."""
    _tell_staff(
        uow, event, k.ORDER, event.staff_ids, due=event.due_at, by_name=event.by_name,
        words=event.words, part=event.order_id,
    )  # fmt: skip


def on_order_reply(uow: UnitOfWork, event: e.SupervisionReplied) -> None:
    """Whoever gave the order hears the answer."""
    _end(uow, event, k.ORDER, parts=[event.order_id])
    _end(uow, event, k.WARNED, k.OVERDUE, parts=[_SUPERVISE])
    _news(uow, event, event.staff_ids, "督办已回复", event.words)


def on_warned(uow: UnitOfWork, event: e.ClockWarned) -> None:
    """80 % of a limit have passed."""
    text = dispatch.CLOCK_TEXT[event.clock_kind]
    _tell_staff(uow, event, k.WARNED, event.staff_ids, due=event.due_at, clock_text=text,
                part=event.clock_kind)  # fmt: skip


def on_overdue(uow: UnitOfWork, event: e.ClockOverdue) -> None:
    """A limit has passed."""
    text = dispatch.CLOCK_TEXT[event.clock_kind]
    _tell_staff(uow, event, k.OVERDUE, event.staff_ids, due=event.due_at, clock_text=text,
                part=event.clock_kind)  # fmt: skip


def _answer(
    uow: UnitOfWork, event: e.DispatchEvent, staff: Iterable[UUID], what: str, words: str, *,
    part: object = "",
) -> None:  # fmt: skip
    _tell_staff(uow, event, k.ANSWER, staff, what=what, words=words, part=part)


def _news(
    uow: UnitOfWork, event: e.DispatchEvent, staff: Iterable[UUID], what: str, words: str
) -> None:
    _tell_staff(uow, event, k.NEWS, staff, what=what, words=words)


def _ended(
    uow: UnitOfWork, event: e.DispatchEvent, callers: Iterable[e.CallerRef], title: str,
    text: str, *, state: str = "",
) -> None:  # fmt: skip
    _tell_callers(
        uow, event, k.ENDED, callers, ended_title=title, ended_text=text,
        ended_state=state or title,
    )  # fmt: skip


def _stop(uow: UnitOfWork, event: e.DispatchEvent) -> None:
    """It has ended: nobody needs to act, and what was said of its progress is over."""
    outbox.cancel(uow.session, Subject("event", event.event_id), k.PENDING, uow.now)


def _in_time(uow: UnitOfWork, event: e.DispatchEvent) -> None:
    """What had to be done is done: no limit of the work needs a warning, but an order's stands."""
    _end(uow, event, k.WARNED, k.OVERDUE, parts=set(dispatch.CLOCK_TEXT) - {_SUPERVISE})


def _end(
    uow: UnitOfWork, event: e.DispatchEvent, *kinds: Kind, parts: Iterable[object] | None = None
) -> None:
    letters.stop(uow, Subject("event", event.event_id), *kinds, parts=parts)


def _tell_staff(
    uow: UnitOfWork, event: e.DispatchEvent, kind: Kind, staff: Iterable[UUID], *,
    due: Any = None, part: object = "", **values: Any,
) -> None:  # fmt: skip
    """To the bound phones of these members of staff; who has none sees it on the console."""
    phones = identity.bound_phones(uow, staff)
    said = {
        **_values(event), "due": due or event.at, "until": letters.until(due), **values,
    }  # fmt: skip
    told = [(person, event.number, said) for person in phones.values()]
    letters.write(uow, Subject("event", event.event_id), kind, told, part=part)


def _tell_callers(
    uow: UnitOfWork, event: e.DispatchEvent, kind: Kind, callers: Iterable[e.CallerRef],
    **values: Any,
) -> None:  # fmt: skip
    """Each with the own number; a grid worker who called hears it on the bound phone."""
    listed = list(callers)
    phones = identity.bound_phones(uow, [one.staff_id for one in listed if one.staff_id])
    told = []
    for one in listed:
        person = one.person_id or (phones.get(one.staff_id) if one.staff_id else None)
        if person is not None:
            own = {**_values(event), **values, "number": one.number, "event_id": one.event_id}
            told.append((person, one.number, own))
    letters.write(uow, Subject("event", event.event_id), kind, told)


def _values(event: e.DispatchEvent) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "number": event.number,
        "title": event.title,
        "place": event.place or "地点待确认",
        "urgency_text": dispatch.URGENCY_TEXT[event.urgency]
        if event.urgency == dispatch.URGENT
        else "",
        "at": event.at,
    }
