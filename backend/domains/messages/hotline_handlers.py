"""From what happened to a ticket to what its caller and those who work on it are told.

A caller with an account gets letters to it; one who only left a number gets text messages, and
the number is opened when one leaves (`hotline.service.phone_of`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.domains.hotline import events as e
from backend.domains.hotline import service as hotline
from backend.domains.messages import kinds_hotline as k
from backend.domains.messages import letters
from backend.domains.organisation import service as organisation
from backend.kernel.events import EventBus
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.kinds import SMS, Kind

_WORK_TEXT = {"sent_back": "答复被退回", "redo": "请重办", "reopened": "已重开，请续办"}
# Where the phone app shows what an answer stands on.
_PAGES = {"article": "/#/packages/ask/article", "item": "/#/packages/catalogue/item"}
# The part of a ticket that a dispatcher is asked for.
_DISPATCH = "dispatch"
_ROLE_TEXT = {"lead": "主办", "co": "协办"}
_STEP_TEXT = {"unit": "部门审核", "centre": "中心审核"}


def subscribe(events: EventBus) -> None:
    """Hear of everything that callers, units and the centre are told about."""
    for kind, handler in (
        (e.TicketTaken, on_taken),
        (e.TicketAccepted, on_accepted),
        (e.TicketRejected, on_rejected),
        (e.TicketAnswered, on_answered),
        (e.TicketDispatched, on_dispatched),
        (e.TicketMerged, on_merged),
        (e.TicketSeparated, on_separated),
        (e.TicketSigned, on_signed),
        (e.RequestAsked, on_request),
        (e.RequestDecided, on_decision),
        (e.ReplySubmitted, on_reply),
        (e.WorkAgain, on_work_again),
        (e.TicketReplied, on_replied),
        (e.TicketCalledBack, on_called_back),
        (e.TicketClosed, on_over),
        (e.TicketCancelled, on_over),
        (e.TicketUrged, on_urged),
        (e.TicketSupervised, on_order),
        (e.OrderReplied, on_order_reply),
        (e.ClockWarned, on_warned),
        (e.ClockOverdue, on_overdue),
    ):
        events.subscribe(kind, handler)  # type: ignore[arg-type]  # each handler takes its kind


def on_taken(uow: UnitOfWork, event: e.TicketTaken) -> None:
    """It arrived: in the inbox; who rang gets the number as a text message."""
    text = "话务员会查清楚再答复您。" if event.source == "ask" else "受理后会转给负责的单位。"
    ladder = (SMS,) if event.source == "phone" else ()
    _tell_caller(uow, event, k.RECEIVED, ladder=ladder, next_text=text)


def on_accepted(uow: UnitOfWork, event: e.TicketAccepted) -> None:
    """Dispatchers choose its unit."""
    words = f"请{letters.until(event.due_at)}派单。"
    _task(uow, event, event.staff_ids, "待派单", words, due=event.due_at, part=_DISPATCH)


def on_rejected(uow: UnitOfWork, event: e.TicketRejected) -> None:
    """The caller reads why."""
    text = f"这件事不能由热线受理，有疑问请拨打12345。原因：{event.reason}。"
    _ended(uow, event, "不予受理", text)


def on_answered(uow: UnitOfWork, event: e.TicketAnswered) -> None:
    """Answered at once."""
    _over(uow, event)
    _answer(uow, event, event.text, event.sources)


def on_dispatched(uow: UnitOfWork, event: e.TicketDispatched) -> None:
    """The units' people sign; at the first dispatch the caller hears who has it."""
    role = _ROLE_TEXT[event.role]
    if event.role == "lead":
        # Another unit had it before, or nobody: neither waits for it now.
        _end(uow, event, k.TASK, parts=[_DISPATCH])
        _end(uow, event, k.DISPATCHED, parts=["lead"])
        _end(uow, event, k.WARNED, k.OVERDUE, parts=["accept", "dispatch"])
    _tell_staff(uow, event, k.DISPATCHED, event.staff_ids, due=event.due_at, role_text=role,
                part=event.role)  # fmt: skip
    if event.first and event.unit_names:
        _tell_caller(uow, event, k.HANDED, unit_name=event.unit_names[0])


def on_merged(uow: UnitOfWork, event: e.TicketMerged) -> None:
    """It goes on with another."""
    _over(uow, event)
    _tell_caller(uow, event, k.MERGED)


def on_separated(uow: UnitOfWork, event: e.TicketSeparated) -> None:
    """Dispatchers choose its unit again."""
    words = "已从并案中拆出，请单独派单。"
    _task(uow, event, event.staff_ids, "待派单", words, part=_DISPATCH)


def on_signed(uow: UnitOfWork, event: e.TicketSigned) -> None:
    """The lead has signed; those who help sign for themselves."""
    if event.role == "lead":
        _end(uow, event, k.DISPATCHED, parts=["lead"])
        _end(uow, event, k.WARNED, k.OVERDUE, parts=["sign"])


def on_request(uow: UnitOfWork, event: e.RequestAsked) -> None:
    """Somebody decides."""
    what = f"{hotline.REQUEST_KIND_TEXT[event.request_kind]}申请"
    words = f"请审批。{event.by_name}：{event.reason}。"
    _task(uow, event, event.staff_ids, what, words, due=event.due_at, part=event.request_id)


def on_decision(uow: UnitOfWork, event: e.RequestDecided) -> None:
    """Whoever asked hears the decision; nobody needs to decide any more."""
    _end(uow, event, k.TASK, parts=[event.request_id])
    kind = hotline.REQUEST_KIND_TEXT[event.request_kind]
    what = f"{kind}{'已同意' if event.approved else '未同意'}"
    _tell_staff(uow, event, k.NEWS, event.staff_ids, what=what, words=event.note or f"{what}。")


def on_reply(uow: UnitOfWork, event: e.ReplySubmitted) -> None:
    """Somebody else reads the reply before the caller does."""
    _stop(uow, event)
    what = f"待{_STEP_TEXT[event.step]}"
    words = f"请{letters.until(event.due_at)}审核答复。"
    _task(uow, event, event.staff_ids, what, words, due=event.due_at)


def on_work_again(uow: UnitOfWork, event: e.WorkAgain) -> None:
    """The unit goes on; of a redo or reopening the caller hears too: no answer holds any more."""
    _stop(uow, event)
    what = _WORK_TEXT.get(event.why, "请继续办理")
    _task(uow, event, event.staff_ids, what, f"{event.reason}。", due=event.due_at)
    if event.why in ("redo", "reopened"):
        _end(uow, event, k.ANSWERED, k.ENDED)
        _tell_caller(uow, event, k.REDONE, unit_name=_unit(uow, event) or "原单位")


def on_replied(uow: UnitOfWork, event: e.TicketReplied) -> None:
    """The caller reads the answer, and is called back."""
    _over(uow, event)
    _answer(uow, event, event.text, event.sources)
    words = f"请{letters.until(event.due_at)}回访。"
    _task(uow, event, event.staff_ids, "待回访", words, due=event.due_at)


def on_called_back(uow: UnitOfWork, event: e.TicketCalledBack) -> None:
    """A bad answer is judged."""
    _stop(uow, event)
    _task(uow, event, event.staff_ids, "待研判", "来电人不满意，请研判：重办、解释到位或剔除。")


def on_over(uow: UnitOfWork, event: e.TicketClosed | e.TicketCancelled) -> None:
    """Nobody waits for anything."""
    _over(uow, event)


def on_urged(uow: UnitOfWork, event: e.TicketUrged) -> None:
    """Whoever has it hears that the caller waits."""
    _tell_staff(uow, event, k.URGED, event.staff_ids)


def on_order(uow: UnitOfWork, event: e.TicketSupervised) -> None:
    """A supervisor wants an answer."""
    _tell_staff(
        uow, event, k.ORDER, event.staff_ids, due=event.due_at, words=event.words,
        by_name=uow.actor.name or "监督员", part=event.order_id,
    )  # fmt: skip


def on_order_reply(uow: UnitOfWork, event: e.OrderReplied) -> None:
    """Whoever gave the order reads the reply; the unit has answered."""
    _end(uow, event, k.ORDER, parts=[event.order_id])
    _end(uow, event, k.WARNED, k.OVERDUE, parts=["supervise"])
    _tell_staff(uow, event, k.NEWS, event.staff_ids, what="督办已回复", words=event.reply)


def on_warned(uow: UnitOfWork, event: e.ClockWarned) -> None:
    """80 % of a limit have passed."""
    text = event.clock_text
    _tell_staff(uow, event, k.WARNED, event.staff_ids, due=event.due_at, clock_text=text,
                part=event.clock_kind)  # fmt: skip


def on_overdue(uow: UnitOfWork, event: e.ClockOverdue) -> None:
    """A limit has passed."""
    text = event.clock_text
    _tell_staff(uow, event, k.OVERDUE, event.staff_ids, due=event.due_at, clock_text=text,
                part=event.clock_kind)  # fmt: skip


def _answer(
    uow: UnitOfWork, event: e.TicketEvent, text: str, sources: Iterable[tuple[str, UUID, str]]
) -> None:
    """The answer, with the public articles and items it stands on and where to read them."""
    kind = k.QUESTION_ANSWERED if event.source == "ask" else k.ANSWERED
    more = "".join(f" 参考《{title}》{_address(uow, of, id_)}" for of, id_, title in sources)
    _tell_caller(uow, event, kind, public_text=text, article_text=more)


def _address(uow: UnitOfWork, kind: str, source_id: UUID) -> str:
    base = uow.services.settings.public_url.rstrip("/")
    return f"：{base}{_PAGES[kind]}?id={source_id}" if base else ""


def _unit(uow: UnitOfWork, event: e.TicketEvent) -> str:
    names = organisation.place_names(uow, "department")
    return names.get(event.lead_unit_id, "") if event.lead_unit_id else ""


def _ended(uow: UnitOfWork, event: e.TicketEvent, title: str, text: str) -> None:
    _over(uow, event)
    _tell_caller(uow, event, k.ENDED, ended_title=title, ended_text=text, ended_state=title)


def _task(
    uow: UnitOfWork, event: e.TicketEvent, staff: Iterable[UUID], what: str, words: str, *,
    due: datetime | None = None, part: object = "",
) -> None:  # fmt: skip
    _tell_staff(uow, event, k.TASK, staff, due=due, what=what, words=words, part=part)


def _stop(uow: UnitOfWork, event: e.TicketEvent) -> None:
    outbox.cancel(uow.session, _subject(event), k.PENDING, uow.now)


def _over(uow: UnitOfWork, event: e.TicketEvent) -> None:
    """The caller hears something better than how far it has come."""
    outbox.cancel(uow.session, _subject(event), (*k.PENDING, *k.ON_THE_WAY), uow.now)


def _end(
    uow: UnitOfWork, event: e.TicketEvent, *kinds: Kind, parts: Iterable[object] | None = None
) -> None:
    letters.stop(uow, _subject(event), *kinds, parts=parts)


def _tell_staff(
    uow: UnitOfWork, event: e.TicketEvent, kind: Kind, staff: Iterable[UUID], *,
    due: datetime | None = None, part: object = "", **values: Any,
) -> None:  # fmt: skip
    said = {
        **_values(event), "due": due or event.at, "until": letters.until(due), **values,
    }  # fmt: skip
    people = letters.phones(uow, staff)
    told = [(person, event.number, said) for person in people]
    letters.write(uow, _subject(event), kind, told, part=part)


def _tell_caller(
    uow: UnitOfWork, event: e.TicketEvent, kind: Kind, *,
    ladder: tuple[str, ...] | None = None, **values: Any,
) -> None:  # fmt: skip
    said = {**_values(event), **values}
    if event.person_id is not None:
        told = [(event.person_id, event.number, said)]
        letters.write(uow, _subject(event), kind, told, ladder=ladder)
    elif SMS in kind.ladder and hotline.phone_of(uow, event.ticket_id):
        # No account: the ticket itself stands for its caller in the address book.
        told = [(event.ticket_id, event.number, said)]
        letters.write(uow, _subject(event), kind, told, ladder=(SMS,))


def _subject(event: e.TicketEvent) -> Subject:
    return Subject("ticket", event.ticket_id)


def _values(event: e.TicketEvent) -> dict[str, Any]:
    return {
        "ticket_id": event.ticket_id,
        "number": event.number,
        "title": event.title,
        "place": event.place or "12345热线",
        "at": event.at,
    }
