"""纠错: the desk finds a mistake, the department answers within two working days."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.knowledge import access, editing, moves, rules, store
from backend.domains.knowledge.events import CorrectionAnswered, CorrectionAsked, CorrectionDue
from backend.domains.knowledge.model import Article, Correction, CorrectionClock
from backend.kernel.access import Principal
from backend.kernel.clock_rules import WORKING_DAYS, Limit
from backend.kernel.clocks import Clocks, New, light_of
from backend.kernel.database import table_of
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import new_id
from backend.kernel.timers import Timer, Timers
from backend.kernel.uow import UnitOfWork

ANSWER = "answer"
LIMIT = Limit(2, WORKING_DAYS)
# Departments answer in office hours: the second day ends with them.
OFFICE_ENDS = time(18)
CLOCKS = Clocks(CorrectionClock, "correction_id", "correction_clock", "knowledge", ends=OFFICE_ENDS)
PER_DAY = "100 per day"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the department says: taken up into a draft, or not and why."""

    accepted: bool
    text: str


def register(known: Timers) -> None:
    """Remind the department before the time is over, and when it is."""
    known.register(CLOCKS.warn_kind, lambda uow, timer: _on_clock(uow, timer, overdue=False))
    known.register(CLOCKS.due_kind, lambda uow, timer: _on_clock(uow, timer, overdue=True))
    known.register(CLOCKS.plan_kind, _on_plan)


def ask(uow: UnitOfWork, who: Principal, article_id: UUID, words: str, quote: str) -> Correction:
    """Tell the department of a mistake in its live article; one open at a time by one person."""
    uow.services.limiter.hit(PER_DAY, "correction", str(uow.actor.id))
    article = access.article(uow, who, article_id)
    version = store.live(uow, article.id)
    if version is None or article.state not in (rules.PUBLISHED, rules.EXPIRED):
        raise Conflict("not_live", detail="这篇文章没有在用的版本", action="请刷新后再看")
    values = {
        "id": new_id(), "article_id": article.id, "version_id": version.id,
        "state": rules.ASKED, "quote": quote, "words": words, "asked_by": uow.actor.id,
        "asked_at": uow.now, "answer": "",
    }  # fmt: skip
    key = uow.session.scalar(
        insert(table_of(Correction))
        .values(values)
        .on_conflict_do_nothing()
        .returning(table_of(Correction).c.id)
    )
    if key is None:
        raise Conflict(
            "asked_already", detail="您对这篇文章的上一条纠错还没有答复", action="请等部门答复"
        )
    (clock,) = CLOCKS.start(uow, key, New(ANSWER, LIMIT))
    moves.note(uow, article, "ask", from_state=article.state, to_state=article.state, reason=words)
    uow.emit(
        CorrectionAsked(
            **store.named(article, version), correction_id=key, words=words, due_at=clock.due_at
        )
    )
    return uow.session.get_one(Correction, key)


def answer(uow: UnitOfWork, who: Principal, correction_id: UUID, given: Answer) -> Correction:
    """The department answers: accepted opens (or joins) a draft, rejected needs a reason.

    Never by the one who asked.
    """
    row, article = reach(uow, who, correction_id, locked=True)
    played = moves.parts(who, article.department_id)
    action = "accept" if given.accepted else "reject"
    way = moves.allowed(rules.CORRECTION_TRANSITIONS, row.state, action, played)
    if row.asked_by == uow.actor.id:
        raise Forbidden("same_person", title="请换一个人答复", detail="不能答复自己提的纠错")
    if "answer" in way.needs and not given.text:
        text = "请写明不采纳的理由"
        raise Invalid("answer_needed", detail=text, fields={"answer": [text]})
    number = _draft_for(uow, article, row) if given.accepted else None
    changed = uow.session.scalars(
        update(Correction)
        .where(Correction.id == row.id, Correction.state == row.state)
        .values(
            state=way.to, answer=given.text, answered_by=uow.actor.id, answered_at=uow.now,
            draft_number=number,
        )
        .returning(Correction)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()  # fmt: skip
    if changed is None:
        raise access.changed_meanwhile()
    CLOCKS.stop(uow, row.id)
    moves.touch(uow, article)
    moves.note(
        uow, article, action, from_state=article.state, to_state=article.state, reason=given.text
    )
    uow.emit(
        CorrectionAnswered(
            **store.named(article, store.live(uow, article.id)), correction_id=row.id,
            accepted=given.accepted, answer=given.text, asked_by=row.asked_by,
        )
    )  # fmt: skip
    return changed


def _draft_for(uow: UnitOfWork, article: Article, row: Correction) -> int | None:
    if article.state == rules.ARCHIVED:
        return None
    version = store.open_version(uow, article.id)
    if version is None:
        version = editing.begin(uow, article, f"纠错：{row.words}"[:300])
    return version.number


def reach(
    uow: UnitOfWork, who: Principal, correction_id: UUID, *, locked: bool = False
) -> tuple[Correction, Article]:
    """A correction one asked, or of one's own department's article; otherwise `NotFound`."""
    row = uow.session.get(Correction, correction_id)
    if row is None:
        raise access.missing()
    article = uow.session.get_one(Article, row.article_id)
    mine = row.asked_by == uow.actor.id
    if not (mine or in_sight(who).whole(article.department_id)):
        raise access.missing()
    if locked:
        uow.session.refresh(article, with_for_update=True)
        uow.session.refresh(row)
    return row, article


def in_sight(who: Principal) -> access.Sight:
    """As for articles, but who reviews at the centre sees every correction."""
    seen = access.sight(who)
    return access.Sight(None, True, seen.internal) if seen.centre else seen


def clocks(uow: UnitOfWork, rows: list[Correction]) -> dict[UUID, CorrectionClock]:
    """The clock of each correction."""
    query = select(CorrectionClock).where(
        CorrectionClock.correction_id.in_([row.id for row in rows])
    )
    return {clock.correction_id: clock for clock in uow.session.scalars(query)}


def _on_clock(uow: UnitOfWork, timer: Timer, *, overdue: bool) -> None:
    clock = uow.session.get(CorrectionClock, timer.subject_id, with_for_update=True)
    if clock is None or clock.stopped_at is not None:
        return
    row = uow.session.get_one(Correction, clock.correction_id)
    article = uow.session.get_one(Article, row.article_id, with_for_update=True)
    if overdue:
        clock.outcome = "overdue"
        uow.session.flush()
        moves.note(uow, article, "overdue", internal=row.words)
    uow.emit(
        CorrectionDue(
            **store.named(article, store.live(uow, article.id)), correction_id=row.id,
            overdue=overdue,
        )
    )  # fmt: skip


def _on_plan(uow: UnitOfWork, timer: Timer) -> None:
    clock = uow.session.get(CorrectionClock, timer.subject_id, with_for_update=True)
    if clock is not None and clock.stopped_at is None and clock.due_at is None:
        CLOCKS.replan(uow, clock)


def light(clock: CorrectionClock | None, now: datetime) -> dict[str, Any]:
    """The light and the due moment as shown."""
    if clock is None:
        return {"light": "none", "due_at": None}
    return {"light": light_of(clock, now), "due_at": clock.due_at}
