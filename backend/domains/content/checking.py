"""Putting words and pictures to the check, and every change of a check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from backend.domains.content import rules
from backend.domains.content.events import ContentDecided
from backend.domains.content.model import ContentCheck, ContentItem
from backend.domains.identity import service as identity
from backend.kernel import trace
from backend.kernel.clock import SHANGHAI, local_date, moment_text
from backend.kernel.errors import Conflict
from backend.kernel.state import step
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from backend.kernel.workdays import CalendarUnknown, Workdays

KIND = "content_check"
_END_OF_WORK = time(18, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Whose staff may look: the community's (its grid area) or its street's."""

    area_id: UUID | None = None
    street_id: UUID | None = None


def check(
    uow: UnitOfWork, subject: Subject, *, texts: Iterable[str], files: Iterable[UUID] = (),
    person_id: UUID | None, place: Place,
) -> ContentCheck:  # fmt: skip
    """Have these words and pictures looked at; `ContentDecided` tells the outcome later.

    An earlier check of the subject is replaced. Whoever has no openid (no mini-program, or no
    WeChat set up at all) is looked at by a person: that state is there at once.
    """
    _replace(uow, subject)
    row = ContentCheck(
        subject_kind=subject.kind, subject_id=subject.id, person_id=person_id,
        area_id=place.area_id, street_id=place.street_id, state=rules.WAITING,
        created_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    for text in texts:
        for part in rules.parts(text):
            _add(uow, row, kind=rules.TEXT, text=part)
    for file_id in files:
        _add(uow, row, kind=rules.IMAGE, file_id=file_id)
    trace.record(uow, subject=Subject(KIND, row.id), action="check", to_state=row.state, first=True)
    if not asked_by_machine(uow, person_id):
        return change(uow, row, "review")
    return row


def asked_by_machine(uow: UnitOfWork, person_id: UUID | None) -> bool:
    """Whether WeChat can be asked about what this person wrote."""
    return uow.services.wechat is not None and openid(uow, person_id) is not None


def openid(uow: UnitOfWork, person_id: UUID | None) -> str | None:
    """The person's openid in the mini-program."""
    if person_id is None:
        return None
    return identity.addresses(uow.services, uow.session, person_id).mini_openid


def current(uow: UnitOfWork, subject: Subject) -> ContentCheck | None:
    """The check in force of a subject."""
    return uow.session.scalar(
        select(ContentCheck).where(
            ContentCheck.subject_kind == subject.kind,
            ContentCheck.subject_id == subject.id,
            ContentCheck.state != rules.REPLACED,
        )
    )


def currents(uow: UnitOfWork, kind: str, ids: Iterable[UUID]) -> dict[UUID, ContentCheck]:
    """The checks in force of many subjects of one kind."""
    rows = uow.session.scalars(
        select(ContentCheck).where(
            ContentCheck.subject_kind == kind,
            ContentCheck.subject_id.in_(list(ids)),
            ContentCheck.state != rules.REPLACED,
        )
    )
    return {row.subject_id: row for row in rows}


def appeal(uow: UnitOfWork, row: ContentCheck, words: str) -> ContentCheck:
    """The author says the refusal is wrong: a person looks. Once."""
    if row.appealed_at is not None:
        raise Conflict("appealed", title="已经申诉过了", action="可以改写后再发")
    return change(uow, row, "appeal", appeal=words, appealed_at=uow.now)


def read_by_staff(uow: UnitOfWork, row: ContentCheck) -> ContentCheck:
    """Whoever answers for the words (`uow.actor`) has read them: what the machine left open passes.

    For words of staff, which no moderator of a place looks at (`rules.READ_ELSEWHERE`).
    """
    if row.state != rules.REVIEW:
        row = change(uow, row, "review")
    return change(uow, row, "pass", decided_by=uow.actor.id, decided_at=uow.now)


def drop(uow: UnitOfWork, subject: Subject) -> None:
    """The subject is withdrawn: nothing of it is looked at any more."""
    _replace(uow, subject)


def change(uow: UnitOfWork, row: ContentCheck, action: str, **values: Any) -> ContentCheck:
    """One way of the table, with trace and event; `Conflict` when somebody was first."""
    before = row.state
    to = step(rules.CHECK_TRANSITIONS, before, action).to
    if to == rules.REVIEW:
        values["review_by"] = review_by(uow)
    changed = uow.session.scalars(
        update(ContentCheck)
        .where(
            ContentCheck.id == row.id, ContentCheck.state == before,
            ContentCheck.version == row.version,
        )
        .values(state=to, version=ContentCheck.version + 1, **values)
        .returning(ContentCheck)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()  # fmt: skip
    if changed is None:
        raise Conflict("changed_meanwhile", title="别人刚处理过", action="请刷新后再看")
    trace.record(
        uow, subject=Subject(KIND, row.id), action=action, from_state=before, to_state=to,
        reason=str(values.get("reason", "")),
    )  # fmt: skip
    if to == rules.PASSED:
        # Public now, where it belongs: no second copy is kept here.
        uow.session.execute(
            update(ContentItem).where(ContentItem.check_id == row.id).values(text="")
        )
    if to != rules.REPLACED:
        uow.emit(
            ContentDecided(
                changed.id, changed.subject_kind, changed.subject_id, changed.person_id, to,
                changed.reason, changed.decided_by is not None and to != rules.REVIEW,
            )
        )  # fmt: skip
    return changed


def review_by(uow: UnitOfWork) -> datetime:
    """18:00 of the next working day; in three days where the calendar is not published."""
    today = local_date(uow.now)
    try:
        day = Workdays.load(uow.session).add(today, 1)
    except CalendarUnknown:
        day = today + timedelta(days=3)
    return datetime.combine(day, _END_OF_WORK, SHANGHAI)


def notice(row: ContentCheck | None) -> dict[str, Any] | None:
    """What the author reads: experience, title, text, can, by_when. None once it is public."""
    if row is None:
        return None
    by_when = moment_text(row.review_by) if row.review_by else ""
    found = rules.notice(row.state, row.reason, by_when, appealed=row.appealed_at is not None)
    if found is None:
        return None
    return {
        "experience": found.experience,
        "title": found.title,
        "text": found.text,
        "can": list(found.can),
        "by_when": row.review_by if row.state == rules.REVIEW else None,
    }


def purge(uow: UnitOfWork) -> None:
    """Forget the words of checks that were replaced or refused a month ago."""
    old = select(ContentCheck.id).where(
        ContentCheck.state.in_((rules.REPLACED, rules.REFUSED)),
        ContentCheck.created_at < uow.now - rules.KEPT,
    )
    uow.session.execute(
        delete(ContentItem)
        .where(ContentItem.check_id.in_(old))
        .execution_options(synchronize_session=False)
    )


def _replace(uow: UnitOfWork, subject: Subject) -> None:
    row = current(uow, subject)
    if row is not None:
        change(uow, row, "replace")
        uow.session.execute(
            delete(ContentItem)
            .where(ContentItem.check_id == row.id)
            .execution_options(synchronize_session=False)
        )


def _add(uow: UnitOfWork, row: ContentCheck, **values: Any) -> None:
    uow.session.add(ContentItem(check_id=row.id, state=rules.PENDING, next_at=uow.now, **values))
