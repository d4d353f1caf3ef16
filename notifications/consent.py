"""The ledger of grants: one 'accept' allows one send of one template to one person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import Select, Table, bindparam, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from notifications.kinds import SUBSCRIBE
from notifications.model import MessageGrant, MessageGrantEvent, OutboxMessage
from notifications.rules import OPEN

#: The page reports a tap and WeChat pushes the same tap: within this time they are one.
PAIRING = timedelta(minutes=10)
#: More grants than this are never kept: a page that reports in a loop gains nothing.
MOST = 30
#: A long-term consent is not used up.
_ONE_LESS = case((MessageGrant.long_term, MessageGrant.remaining), else_=MessageGrant.remaining - 1)

_GRANTS = cast(Table, MessageGrant.__table__)
_ALLOWANCE = select(_GRANTS.c.long_term, _GRANTS.c.remaining).where(
    _GRANTS.c.person_key == bindparam("of_person"),
    _GRANTS.c.template_id == bindparam("of_template"),
)


def report(
    session: Session,
    now: datetime,
    person_key: UUID,
    template_id: str,
    answer: str,
    *,
    source: str,
    event_key: str | None = None,
    long_term: bool = False,
) -> None:
    """Enter a person's answer: accept, reject (nothing changes) or ban (all are gone).

    ``source`` is page or push. The same tap told by both counts once; an ``event_key`` seen
    before changes nothing.
    """
    if answer == "ban" and source != "outbox":
        _let_go(session, person_key, [template_id])
    grant = _locked(session, now, person_key, template_id)
    if event_key and session.scalar(
        select(MessageGrantEvent.id).where(MessageGrantEvent.event_key == event_key)
    ):
        return
    change, paired = 0, False
    if answer == "ban":
        change, grant.long_term = -grant.remaining, False
    elif answer == "accept":
        twin = _twin(session, now, person_key, template_id, source)
        paired = twin is not None
        if twin is not None:
            twin.paired = True
        else:
            change = min(1, MOST - grant.remaining)
        grant.long_term = grant.long_term or long_term
    grant.remaining += change
    grant.updated_at = now
    _enter(
        session,
        now,
        (person_key, template_id),
        (source, answer, change),
        event_key=event_key,
        paired=paired,
    )


def spend(session: Session, now: datetime, person_key: UUID, template_id: str) -> bool:
    """Take one grant for one send; False when none is left. Two workers never take the same."""
    taken = session.scalar(
        update(MessageGrant)
        .where(
            MessageGrant.person_key == person_key,
            MessageGrant.template_id == template_id,
            MessageGrant.long_term | (MessageGrant.remaining > 0),
        )
        .values(remaining=_ONE_LESS, updated_at=now)
        .returning(MessageGrant.long_term)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        return False
    _enter(session, now, (person_key, template_id), ("outbox", "spend", 0 if taken else -1))
    return True


def refund(session: Session, now: datetime, person_key: UUID, template_id: str) -> None:
    """Give a grant back that WeChat did not use: the message surely was not sent."""
    grant = _locked(session, now, person_key, template_id)
    change = 0 if grant.long_term else 1
    grant.remaining += change
    _enter(session, now, (person_key, template_id), ("outbox", "refund", change))


def exhaust(
    session: Session,
    now: datetime,
    person_key: UUID,
    template_id: str,
    *,
    source: str,
    event_key: str | None = None,
) -> None:
    """WeChat says that nothing is left, or the person withdrew: believe it."""
    report(session, now, person_key, template_id, "ban", source=source, event_key=event_key)


def withdraw(
    session: Session, now: datetime, person_key: UUID, template_ids: Iterable[str]
) -> None:
    """The person takes back what is left of these consents; nothing more leaves on them.

    A message that holds such a grant and has not left gives it up and looks for another way.
    """
    wanted = sorted(set(template_ids))
    _let_go(session, person_key, wanted)
    grants = session.scalars(
        select(MessageGrant)
        .where(MessageGrant.person_key == person_key, MessageGrant.template_id.in_(wanted))
        .order_by(MessageGrant.template_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for grant in grants.all():
        if not grant.remaining and not grant.long_term:
            continue
        change, grant.remaining, grant.long_term = -grant.remaining, 0, False
        grant.updated_at = now
        _enter(session, now, (person_key, grant.template_id), ("page", "withdraw", change))


def history(person_key: UUID) -> Select[MessageGrantEvent]:
    """The query of what happened to a person's consents, in no order.

    Of one tap told by both page and push one entry is shown.
    """
    return select(MessageGrantEvent).where(
        MessageGrantEvent.person_key == person_key,
        ~(MessageGrantEvent.paired & (MessageGrantEvent.change == 0)),
    )


def awaited(session: Session, person_key: UUID) -> dict[str, int]:
    """How many messages wait to leave as a subscribe message, by template key."""
    key = OutboxMessage.payload["template_key"].astext
    rows = session.execute(
        select(key, func.count())
        .where(
            OutboxMessage.person_key == person_key,
            OutboxMessage.status.in_(OPEN),
            OutboxMessage.held_template.is_(None),
            OutboxMessage.ladder[OutboxMessage.step].astext == SUBSCRIBE,
        )
        .group_by(key)
    )
    return {str(template_key): count for template_key, count in rows}


def query_allowing(template_id: str) -> Select[UUID]:
    """Everybody who still allows a message of this template."""
    return select(MessageGrant.person_key).where(
        MessageGrant.template_id == template_id,
        or_(MessageGrant.remaining > 0, MessageGrant.long_term),
    )


def balances(session: Session, person_key: UUID) -> dict[str, MessageGrant]:
    """What is left, by template id."""
    rows = session.scalars(select(MessageGrant).where(MessageGrant.person_key == person_key))
    return {row.template_id: row for row in rows}


def allows(session: Session, person_key: UUID, template_id: str) -> bool:
    """Whether the person still allows a send of this template."""
    keys = {"of_person": person_key, "of_template": template_id}
    row = session.execute(_ALLOWANCE, keys).one_or_none()
    return row is not None and (row.long_term or row.remaining > 0)


def move(session: Session, now: datetime, grant: MessageGrant, person_key: UUID) -> None:
    """Add a grant to those of the person its owner has become."""
    target = _locked(session, now, person_key, grant.template_id)
    target.remaining = min(target.remaining + grant.remaining, MOST)
    target.long_term = target.long_term or grant.long_term
    target.updated_at = now
    session.delete(grant)
    session.flush()


def _let_go(session: Session, person_key: UUID, template_ids: list[str]) -> None:
    """Messages that hold a grant of these no longer do. Locks messages before grants, as all do."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.person_key == person_key, OutboxMessage.held_template.in_(template_ids)
        )
        .order_by(OutboxMessage.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for row in rows.all():
        row.held_template = None
    session.flush()


def _locked(session: Session, now: datetime, person_key: UUID, template_id: str) -> MessageGrant:
    session.execute(
        insert(MessageGrant)
        .values(
            person_key=person_key,
            template_id=template_id,
            remaining=0,
            long_term=False,
            updated_at=now,
        )
        .on_conflict_do_nothing()
    )
    return session.scalars(
        select(MessageGrant)
        .where(MessageGrant.person_key == person_key, MessageGrant.template_id == template_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _twin(
    session: Session, now: datetime, person_key: UUID, template_id: str, source: str
) -> MessageGrantEvent | None:
    return session.scalars(
        select(MessageGrantEvent)
        .where(
            MessageGrantEvent.person_key == person_key,
            MessageGrantEvent.template_id == template_id,
            MessageGrantEvent.what == "accept",
            MessageGrantEvent.source.in_({"page", "push"} - {source}),
            MessageGrantEvent.paired.is_(False),
            MessageGrantEvent.at >= now - PAIRING,
        )
        .order_by(MessageGrantEvent.at)
        .limit(1)
    ).first()


def _enter(
    session: Session,
    now: datetime,
    grant: tuple[UUID, str],
    entry: tuple[str, str, int],
    *,
    event_key: str | None = None,
    paired: bool = False,
) -> None:
    source, what, change = entry
    session.add(
        MessageGrantEvent(
            id=uuid4(), event_key=event_key, person_key=grant[0], template_id=grant[1],
            source=source, what=what, change=change, paired=paired, at=now,
        )
    )  # fmt: skip
    session.flush()
