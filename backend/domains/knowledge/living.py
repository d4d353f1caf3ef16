"""The life of an article after review: going live, reminders, expiry, renewal, the archive.

Days begin at midnight in Asia/Shanghai; `expires_on` is the last day on which an article holds.
Every change of what may be found is told to the search in the same transaction.
"""

from datetime import date, datetime, time
from uuid import UUID

from backend.domains.knowledge import access, checking, editing, indexing, moves, rules, store
from backend.domains.knowledge.events import (
    ArticleEnded,
    ArticleExpiring,
    ArticlePublished,
    ArticleRenewed,
)
from backend.domains.knowledge.field_rules import title_key
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.kernel import timers
from backend.kernel.access import Principal
from backend.kernel.clock import SHANGHAI, local_date
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.timers import Timer, Timers
from backend.kernel.uow import UnitOfWork

EXPIRE = "knowledge.expire"
REMIND = {before: f"knowledge.remind_{before}" for before in rules.REMINDER_DAYS}
_SYSTEM = frozenset({rules.SYSTEM_PART})


def register(known: Timers) -> None:
    """Tell the timers what to do when a day has come."""
    known.register(moves.GO_LIVE, _on_first_day)
    known.register(EXPIRE, _on_expiry)
    for kind in REMIND.values():
        known.register(kind, _on_reminder)


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), SHANGHAI)


def after_review(uow: UnitOfWork, article: Article, version: ArticleVersion) -> None:
    """Both reviews are passed: live at once, or on the version's first day."""
    if rules.begins(version.effective_on, local_date(uow.now)):
        go_live(uow, article, version)
    else:
        assert version.effective_on is not None
        timers.arm(uow, moves.GO_LIVE, moves.waiting(version.id), midnight(version.effective_on))


def go_live(uow: UnitOfWork, article: Article, version: ArticleVersion) -> None:
    """Put version N+1 in the place of version N."""
    before = store.live(uow, article.id)
    if before is not None:
        moves.move_version(uow, article, before, "supersede", _SYSTEM, ended_at=uow.now)
    moves.move_version(uow, article, version, "go_live", _SYSTEM, published_at=uow.now)
    moves.move_article(
        uow, article, "go_live", _SYSTEM, title_key=title_key(version.title),
        internal=f"发布第{version.number}版",
    )  # fmt: skip
    arm_end(uow, article, version.expires_on)
    indexing.put(uow, article, version)
    uow.emit(
        ArticlePublished(
            **store.named(article, version), version_number=version.number,
            audience=version.audience, author_id=version.author_id,
        )
    )  # fmt: skip


def withdraw(
    uow: UnitOfWork, who: Principal, article_id: UUID, reason: str, if_match: str | None = None
) -> Article:
    """下架: nobody finds or reads it from now on, whatever link they hold."""
    article = access.article(uow, who, article_id, locked=True)
    editing.check_etag(article, if_match)
    _end(uow, article, "withdraw", moves.parts(who, article.department_id), reason)
    return article


def archive(
    uow: UnitOfWork, who: Principal, article_id: UUID, if_match: str | None = None
) -> Article:
    """归档: the end; what was being written is given up with it."""
    article = access.article(uow, who, article_id, locked=True)
    editing.check_etag(article, if_match)
    played = moves.parts(who, article.department_id)
    moves.allowed(rules.ARTICLE_TRANSITIONS, article.state, "archive", played)
    version = store.open_version(uow, article.id)
    if version is not None:
        if version.state != rules.DRAFT:
            raise Conflict("in_review", detail="有一版正在审核或等待生效", action="请先撤回那一版")
        moves.move_version(uow, article, version, "discard", played, ended_at=uow.now)
    _end(uow, article, "archive", played, "")
    return article


def renew(
    uow: UnitOfWork,
    who: Principal,
    article_id: UUID,
    *,
    expires_on: date,
    reason: str = "",
    if_match: str | None = None,
) -> Article:
    """Let the live text hold longer: by the department's reviewer, who has not written it."""
    article = access.article(uow, who, article_id, locked=True)
    editing.check_etag(article, if_match)
    played = moves.parts(who, article.department_id)
    moves.allowed(rules.ARTICLE_TRANSITIONS, article.state, "renew", played)
    version = store.live(uow, article.id)
    assert version is not None
    text = rules.renewal_problem(expires_on, version.expires_on, local_date(uow.now))
    if text:
        raise Invalid("bad_renewal", detail=text, fields={"expires_on": [text]})
    same = rules.reviewer_problem(rules.DEPARTMENT_REVIEWER, uow.actor.id, version.writer_ids, None)
    if same:
        raise Forbidden("same_person", title="请换一个人操作", detail=same)
    if checking.title_taken(uow, article, version.title):
        raise Conflict("title_taken", detail="已有同名的文章在用", action="请修改标题后重新提交")
    until = version.expires_on
    version.expires_on = expires_on
    uow.session.flush()
    moves.move_article(
        uow, article, "renew", played, reason=reason,
        internal=f"第{version.number}版：{until} 延至 {expires_on}",
    )  # fmt: skip
    arm_end(uow, article, expires_on)
    indexing.put(uow, article, version)
    uow.emit(ArticleRenewed(**store.named(article, version), expires_on=expires_on))
    return article


def arm_end(uow: UnitOfWork, article: Article, expires_on: date | None) -> None:
    """Set the timers of the end and of the reminders before it anew."""
    subject = store.subject(article.id)
    for kind in (EXPIRE, *REMIND.values()):
        timers.disarm(uow, kind, subject)
    if expires_on is None:
        return
    today = local_date(uow.now)
    timers.arm(uow, EXPIRE, subject, midnight(date.fromordinal(expires_on.toordinal() + 1)))
    for before, day in rules.reminders(expires_on, today).items():
        timers.arm(uow, REMIND[before], subject, midnight(day), {"days": before})


def _end(
    uow: UnitOfWork, article: Article, action: str, played: frozenset[str], reason: str
) -> None:
    moves.move_article(uow, article, action, played, reason=reason)
    arm_end(uow, article, None)
    indexing.remove(uow, article)
    version = store.live(uow, article.id)
    uow.emit(ArticleEnded(**store.named(article, version), state=article.state, reason=reason))


def _on_first_day(uow: UnitOfWork, timer: Timer) -> None:
    version = uow.session.get(ArticleVersion, timer.subject_id)
    if version is None or version.state != rules.WAITING:
        return
    article = uow.session.get_one(Article, version.article_id, with_for_update=True)
    if checking.title_taken(uow, article, version.title):
        text = "生效前已有同名的文章发布，请换一个标题"
        moves.to_draft(uow, article, version, "return", _SYSTEM, reason=text)
        return
    if rules.expired(version.expires_on, local_date(uow.now)):
        moves.to_draft(uow, article, version, "return", _SYSTEM, reason="生效时已过失效日期")
        return
    go_live(uow, article, version)


def _on_expiry(uow: UnitOfWork, timer: Timer) -> None:
    found = _live_now(uow, timer)
    if found is None:
        return
    article, version = found
    if rules.expired(version.expires_on, local_date(uow.now)):
        _end(uow, article, "expire", _SYSTEM, "")


def _on_reminder(uow: UnitOfWork, timer: Timer) -> None:
    found = _live_now(uow, timer)
    if found is None:
        return
    article, version = found
    if version.expires_on is None:
        return
    days = int(timer.payload["days"])
    moves.note(uow, article, "remind", internal=f"还有{days}天失效")
    uow.emit(
        ArticleExpiring(**store.named(article, version), days=days, expires_on=version.expires_on)
    )


def _live_now(uow: UnitOfWork, timer: Timer) -> tuple[Article, ArticleVersion] | None:
    article = uow.session.get(Article, timer.subject_id, with_for_update=True)
    version = store.live(uow, timer.subject_id)
    if article is None or version is None or article.state != rules.PUBLISHED:
        return None
    return article, version
