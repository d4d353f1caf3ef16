"""From what happened to an article to what its editors, reviewers and correctors are told."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from backend.domains.identity import service as identity
from backend.domains.knowledge import events as e
from backend.domains.messages import kinds_hotline as k
from backend.domains.messages import letters
from backend.kernel.clock import SHANGHAI
from backend.kernel.events import EventBus
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.kinds import Kind

_REVIEWERS = {"department_review": "department_head", "centre_review": "hotline_reviewer"}
_STEP_TEXT = {"department_review": "部门审核", "centre_review": "热线中心审核"}
_EDITORS = ("department_handler", "department_head")
_PLACE = "12345知识库"
_ENDED = {
    "expired": ("已失效", "知识{number}到期了，话务员和居民都搜不到。还适用请续期"),
    "withdrawn": ("已下架", "{who}下架了知识{number}"),
}


def subscribe(events: EventBus) -> None:
    """Hear of everything that somebody must do, or waits for."""
    events.subscribe(e.ArticleSubmitted, on_submitted)
    events.subscribe(e.ArticleReturned, on_returned)
    events.subscribe(e.ArticlePublished, on_published)
    events.subscribe(e.ArticleRenewed, on_renewed)
    events.subscribe(e.ArticleExpiring, on_expiring)
    events.subscribe(e.ArticleEnded, on_ended)
    events.subscribe(e.CorrectionAsked, on_asked)
    events.subscribe(e.CorrectionDue, on_correction_due)
    events.subscribe(e.CorrectionAnswered, on_answered)


def on_submitted(uow: UnitOfWork, event: e.ArticleSubmitted) -> None:
    """Whoever reviews at this step is asked; never the author."""
    role = _REVIEWERS[event.stage]
    if event.stage == "department_review":
        cards = identity.staff_holding(uow, [role], "department", event.department_id)
    else:
        cards = identity.staff_holding(uow, [role], "district")
    asked = [card.id for card in cards if card.id != event.author_id]
    _stop(uow, event, k.REVIEW_DUE, k.RETURNED)
    _tell(
        uow, event, k.REVIEW_DUE, asked,
        step_text=_STEP_TEXT[event.stage], by_name=_name(uow, event.author_id),
    )  # fmt: skip


def on_returned(uow: UnitOfWork, event: e.ArticleReturned) -> None:
    """The author reads why."""
    _stop(uow, event, k.REVIEW_DUE)
    by_name = uow.actor.name or "系统"
    _tell(uow, event, k.RETURNED, [event.author_id], by_name=by_name, reason=event.reason)


def on_published(uow: UnitOfWork, event: e.ArticlePublished) -> None:
    """Nothing waits for a review any more, and it holds again."""
    _stop(uow, event, k.REVIEW_DUE, k.RETURNED, k.EXPIRING, k.ARTICLE_ENDED)


def on_renewed(uow: UnitOfWork, event: e.ArticleRenewed) -> None:
    """It holds longer: nobody needs to be reminded of the end, or told that it came."""
    _stop(uow, event, k.EXPIRING, k.ARTICLE_ENDED)


def on_expiring(uow: UnitOfWork, event: e.ArticleExpiring) -> None:
    """The department renews it or takes it down."""
    day = f"{event.expires_on.year}年{event.expires_on.month}月{event.expires_on.day}日"
    due = datetime.combine(event.expires_on, time(18), SHANGHAI)
    people = _editors(uow, event.department_id)
    _stop(uow, event, k.EXPIRING)
    _tell(uow, event, k.EXPIRING, people, due=due, days=event.days, expires=day)


def on_ended(uow: UnitOfWork, event: e.ArticleEnded) -> None:
    """The department hears what callers are no longer answered with; nothing is left to remind of.

    Whoever took it down knows.
    """
    _stop(uow, event, k.EXPIRING)
    if event.state == "archived":
        return
    what, words = _ENDED[event.state]
    reason = f"：{event.reason}" if event.reason else ""
    people = [one for one in _editors(uow, event.department_id) if one != uow.actor.id]
    said = words.format(who=uow.actor.name or "系统", number=event.number)
    _tell(uow, event, k.ARTICLE_ENDED, people, what=what, words=f"{said}{reason}。")


def on_asked(uow: UnitOfWork, event: e.CorrectionAsked) -> None:
    """The department answers within two working days."""
    by_name = uow.actor.name or "话务员"
    people = _editors(uow, event.department_id)
    _tell(uow, event, k.CORRECTION, people, due=event.due_at, by_name=by_name, words=event.words)


def on_correction_due(uow: UnitOfWork, event: e.CorrectionDue) -> None:
    """Time is nearly over, or over."""
    text = "已超时" if event.overdue else "快到期"
    _tell(uow, event, k.CORRECTION_DUE, _editors(uow, event.department_id), due_text=text)


def on_answered(uow: UnitOfWork, event: e.CorrectionAnswered) -> None:
    """Whoever found the mistake hears what became of it."""
    _stop(uow, event, k.CORRECTION, k.CORRECTION_DUE)
    result = "已采纳" if event.accepted else "未采纳"
    words = event.answer or "部门会改正这篇文章。"
    _tell(uow, event, k.CORRECTION_ANSWERED, [event.asked_by], result=result, words=words)


def _editors(uow: UnitOfWork, department_id: UUID) -> list[UUID]:
    cards = identity.staff_holding(uow, _EDITORS, "department", department_id)
    return [card.id for card in cards]


def _name(uow: UnitOfWork, staff_id: UUID | None) -> str:
    if staff_id is None:
        return "系统"
    card = identity.staff_cards(uow, [staff_id]).get(staff_id)
    return card.name if card else "同事"


def _subject(event: e.ArticleEvent) -> Subject:
    """An article has several corrections at a time: each is a matter of its own."""
    if isinstance(event, e.CorrectionAsked | e.CorrectionDue | e.CorrectionAnswered):
        return Subject("article_correction", event.correction_id)
    return Subject("article", event.article_id)


def _stop(uow: UnitOfWork, event: e.ArticleEvent, *kinds: Kind) -> None:
    outbox.cancel(uow.session, _subject(event), [kind.key for kind in kinds], uow.now)


def _tell(
    uow: UnitOfWork, event: e.ArticleEvent, kind: Kind, staff: Iterable[UUID | None], *,
    due: datetime | None = None, **values: Any,
) -> None:  # fmt: skip
    said = {
        "number": event.number, "title": event.title, "place": _PLACE, "at": uow.now,
        "due": due or uow.now, "until": letters.until(due), **values,
    }  # fmt: skip
    people = letters.phones(uow, staff)
    letters.write(uow, _subject(event), kind, [(person, event.number, said) for person in people])
