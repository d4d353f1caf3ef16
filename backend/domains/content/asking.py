"""The worker's part: asking WeChat about what waits, and what its answers change.

No call is made while a transaction is open: an item is leased, asked about, and the answer
entered under the lock of its check.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import or_, select

from backend.domains.content import checking, picture_links, rules
from backend.domains.content.model import ContentCheck, ContentItem
from backend.domains.messages.events import MediaChecked
from backend.integrations.wechat import Fault, WeChatError
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

log = structlog.get_logger()
_BATCH = 20
_COMMENT = 2  # WeChat's scene: comments
# The person has not used the mini-program lately: only a person can look.
_NOT_LATELY = 61010
_ASK_A_PERSON = frozenset({Fault.BAD_OPENID, Fault.BAD_VALUE, Fault.RISKY_USER})


@dataclass(frozen=True, slots=True)
class _Question:
    item_id: UUID
    check_id: UUID
    kind: str
    text: str
    openid: str
    url: str


@dataclass(frozen=True, slots=True)
class _Answer:
    state: str
    label: int = 0
    media_trace: str = ""


def run(services: Services) -> int:
    """Ask about everything that is due, and give pictures up that were never answered; how many."""
    done = 0
    while questions := _lease(services):
        for question in questions:
            with services.unit() as uow:
                _enter(uow, question, _ask(services, question))
        done += len(questions)
    return done


def media_answered(uow: UnitOfWork, told: MediaChecked) -> None:
    """WeChat's push about a picture."""
    item = uow.session.scalar(
        select(ContentItem).where(
            ContentItem.media_trace == told.trace_id, ContentItem.state == rules.ASKED
        )
    )
    if item is None:
        return
    check = _held(uow, item.check_id)
    item.state, item.label = rules.item_state(told.suggestion), told.label
    if check is not None:
        _settle(uow, check)


def _lease(services: Services) -> list[_Question]:
    """Items that are due, taken for a minute; those nobody can ask about are given to a person."""
    found = []
    with services.unit() as uow:
        items = uow.session.scalars(
            select(ContentItem)
            .join(ContentCheck, ContentCheck.id == ContentItem.check_id)
            .where(
                ContentItem.next_at <= uow.now,
                or_(ContentItem.state == rules.PENDING, ContentItem.state == rules.ASKED),
                ContentCheck.state.in_(rules.RUNNING),
            )
            .order_by(ContentItem.next_at)
            .limit(_BATCH)
            .with_for_update(of=ContentItem, skip_locked=True)
        ).all()
        for item in items:
            question = _question(uow, item)
            if item.state == rules.ASKED or question is None:
                # A picture's push never came, or nobody can be asked.
                _give_up(uow, item)
                continue
            item.next_at, item.tries = uow.now + rules.LEASE, item.tries + 1
            found.append(question)
    return found


def _question(uow: UnitOfWork, item: ContentItem) -> _Question | None:
    check = uow.session.get_one(ContentCheck, item.check_id)
    openid = checking.openid(uow, check.person_id)
    if uow.services.wechat is None or openid is None:
        return None
    url = ""
    if item.file_id is not None:
        url = picture_links.link(uow.services, item.file_id, uow.now)
        if not url:
            return None
    return _Question(item.id, check.id, item.kind, item.text, openid, url)


def _give_up(uow: UnitOfWork, item: ContentItem) -> None:
    item.state = rules.DOUBTFUL
    check = _held(uow, item.check_id)
    if check is not None:
        _settle(uow, check)


def _ask(services: Services, question: _Question) -> _Answer | None:
    """What WeChat says; None when it cannot be asked now."""
    try:
        if question.kind == rules.IMAGE:
            trace = services.wechat.media_check_async(question.url, question.openid, _COMMENT)
            return _Answer(rules.ASKED, media_trace=trace)
        found = services.wechat.msg_sec_check(question.text, question.openid, _COMMENT)
        return _Answer(rules.item_state(found.suggestion), found.label)
    except WeChatError as error:
        if error.fault in _ASK_A_PERSON or error.code == _NOT_LATELY:
            return _Answer(rules.DOUBTFUL)
        log.warning("content check unavailable", fault=error.fault, code=error.code)
        return None


def _enter(uow: UnitOfWork, question: _Question, answer: _Answer | None) -> None:
    check = _held(uow, question.check_id)
    item = uow.session.get(ContentItem, question.item_id, populate_existing=True)
    if check is None or item is None or item.state != rules.PENDING:
        return
    if answer is None:
        _unavailable(uow, check, item)
        return
    item.state, item.label, item.media_trace = answer.state, answer.label, answer.media_trace
    if answer.state == rules.ASKED:
        item.next_at = uow.now + rules.PICTURE_WAIT
    _settle(uow, check)


def _unavailable(uow: UnitOfWork, check: ContentCheck, item: ContentItem) -> None:
    item.next_at = uow.now + rules.pause(item.tries)
    if uow.now - check.created_at >= rules.GIVE_UP:
        item.state = rules.DOUBTFUL
        _settle(uow, check)
    elif check.state == rules.WAITING:
        checking.change(uow, check, "fail")


def _settle(uow: UnitOfWork, check: ContentCheck) -> None:
    """Decide the check when its items say enough."""
    uow.session.flush()
    items = uow.session.scalars(select(ContentItem).where(ContentItem.check_id == check.id)).all()
    action = rules.outcome(item.state for item in items)
    if action is None or check.state not in rules.RUNNING:
        return
    values: dict[str, Any] = {}
    if action == "refuse":
        risky = next(item for item in items if item.state == rules.RISKY)
        values["reason"] = rules.reason(risky.label)
    if action != "review":
        values["decided_at"] = uow.now
    checking.change(uow, check, action, **values)


def _held(uow: UnitOfWork, check_id: UUID) -> ContentCheck | None:
    """The check, held; None when it is settled or replaced."""
    row = uow.session.get(ContentCheck, check_id, with_for_update=True, populate_existing=True)
    return row if row is not None and row.state in rules.RUNNING else None
