"""From what happened to a topic to what neighbours, authors and staff are told."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from backend.domains.deliberation import events as e
from backend.domains.deliberation.service import TOPIC_STATE_TEXT
from backend.domains.messages import kinds_topics as k
from backend.domains.messages import letters
from backend.kernel.events import EventBus
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications.kinds import Kind

# What became of somebody's words, and what they read about it where no reason is given.
_RESULTS = {
    "passed": ("已公开", "工作人员看过了，邻居现在能看到。"),
    "refused": ("没有通过检查", "可以改写后再发，或者申诉。"),
    "review": ("在人工复核", "工作人员看过后，通过了邻居就能看到。"),
    "unavailable": ("已保存，稍后检查", "检查服务暂时连不上，您不用再发一次。"),
    "under_review": ("在复核", "工作人员看过再决定。"),
    "kept": ("保留", "工作人员看过了，已重新公开。"),
    "hidden": ("被隐藏", "可以申诉。"),
    "restored": ("已恢复", "申诉成立，已重新公开。"),
    "upheld": ("维持隐藏", "申诉没有成立。"),
}


def subscribe(events: EventBus) -> None:
    """Hear of everything that neighbours and staff are told about."""
    for kind, handler in (
        (e.TopicSeconding, on_seconding),
        (e.TopicSubmitted, on_submitted),
        (e.TopicStage, on_stage),
        (e.TopicEnded, on_ended),
        (e.TopicProgressed, on_progress),
        (e.ObjectionDecided, on_objection),
        (e.PostDecided, on_post),
        (e.PostAnswered, on_answered),
        (e.TopicTask, on_task),
    ):
        events.subscribe(kind, handler)  # type: ignore[arg-type]  # each handler takes its kind


def on_seconding(uow: UnitOfWork, event: e.TopicSeconding) -> None:
    """The proposer hears that neighbours see it, and how many must support it."""
    if event.proposer_id is not None:
        until = letters.said(event.due_at)
        _tell(uow, event, k.PUBLIC, [event.proposer_id], needed=event.needed, until_text=until)


def on_submitted(uow: UnitOfWork, event: e.TopicSubmitted) -> None:
    """The community answers."""
    words = f"请{letters.until(event.due_at)}答复是否受理。"
    _tell_staff(uow, event, event.staff_ids, what="有新议题", words=words, part=event.state)


def on_stage(uow: UnitOfWork, event: e.TopicStage) -> None:
    """Those concerned hear of a new stage; of the one before there is nothing left to do."""
    _moved(uow, event)
    _tell(uow, event, k.STAGE, event.person_ids, words=event.words)


def on_ended(uow: UnitOfWork, event: e.TopicEnded) -> None:
    """It is over."""
    _moved(uow, event)
    _tell(uow, event, k.ENDED, event.person_ids, reason=event.reason)


def on_progress(uow: UnitOfWork, event: e.TopicProgressed) -> None:
    """Something was done about it."""
    _tell(uow, event, k.PROGRESS, event.person_ids, text=event.text, percent=event.percent)


def on_objection(uow: UnitOfWork, event: e.ObjectionDecided) -> None:
    """Whoever objected reads the decision."""
    _tell(uow, event, k.OBJECTION, [event.person_id], result=event.result, reason=event.reason)


def on_post(uow: UnitOfWork, event: e.PostDecided) -> None:
    """An author reads what became of their words."""
    result, hint = _RESULTS[event.result]
    words = f"原因：{event.words}。{hint}" if event.words else hint
    _tell(uow, event, k.POST, [event.person_id], what=event.what, result_text=result, words=words)


def on_answered(uow: UnitOfWork, event: e.PostAnswered) -> None:
    """The community answered a comment."""
    _tell(uow, event, k.ANSWERED, [event.person_id], words=event.words)


def on_task(uow: UnitOfWork, event: e.TopicTask) -> None:
    """Staff have something to do."""
    part = "" if event.lasting else event.state
    _tell_staff(uow, event, event.staff_ids, what=event.what, words=event.words, part=part)


def _moved(uow: UnitOfWork, event: e.TopicEvent) -> None:
    """What was said of stages before no longer holds."""
    subject = Subject("topic", event.topic_id)
    letters.stop(uow, subject, k.STAGE)
    letters.stop(uow, subject, k.TASK, parts=set(TOPIC_STATE_TEXT) - {event.state})


def _tell_staff(
    uow: UnitOfWork, event: e.TopicEvent, staff: Iterable[UUID], *, what: str, words: str,
    part: str,
) -> None:  # fmt: skip
    _tell(uow, event, k.TASK, letters.phones(uow, staff), what=what, words=words, part=part)


def _tell(
    uow: UnitOfWork, event: e.TopicEvent, kind: Kind, people: Iterable[UUID], *,
    part: str = "", **values: Any,
) -> None:  # fmt: skip
    said = {
        "topic_id": event.topic_id, "number": event.number, "title": event.title,
        "place": event.community_name, "state_text": TOPIC_STATE_TEXT[event.state], "at": event.at,
        **values,
    }  # fmt: skip
    told = [(person, event.number, said) for person in people]
    letters.write(uow, Subject("topic", event.topic_id), kind, told, part=part)
