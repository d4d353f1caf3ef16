"""Consents to act for somebody (代办): asked, answered, withdrawn, shown on paper."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from appointments.demand_model import AgentConsent
from appointments.rules import ZONE, Refused

#: A consent ends after a year at the latest; longer is asked for anew.
MOST_DAYS = 366
#: How many questions of one person may wait for an answer.
MOST_OPEN = 5
ROLES = ("principal", "agent")


def check(
    session: Session, consent_id: UUID, *, principal: UUID, agent: UUID, item: UUID, day: date
) -> AgentConsent:
    """Refuse to act without a consent for this business and day; the row stays as it is read."""
    found = session.scalars(
        select(AgentConsent)
        .where(AgentConsent.id == consent_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None or (found.principal_key, found.agent_key) != (principal, agent):
        raise Refused("consent_unknown")
    if found.state != "given" or found.until < day:
        raise Refused("consent_not_given")
    if found.item_key not in (None, item):
        raise Refused("consent_other_item")
    return found


def holds(consent: AgentConsent | None, today: date) -> bool:
    """Whether the agent may still act on it."""
    return consent is not None and consent.state == "given" and consent.until >= today


def check_until(until: date, now: datetime) -> None:
    """Refuse an end that is past or further than a year away."""
    today = now.astimezone(ZONE).date()
    if not today <= until <= today + timedelta(days=MOST_DAYS):
        raise Refused("consent_until", most=MOST_DAYS)


def ask(session: Session, consent: AgentConsent) -> AgentConsent:
    """Write a new consent, asked or on paper; refuse a second one for the same.

    One that was given and has run out makes room for the new one.
    """
    session.execute(
        update(AgentConsent)
        .where(
            AgentConsent.principal_key == consent.principal_key,
            AgentConsent.agent_key == consent.agent_key,
            AgentConsent.item_key.is_not_distinct_from(consent.item_key),
            AgentConsent.state.in_(("asked", "given")),
            AgentConsent.until < consent.asked_at.astimezone(ZONE).date(),
        )
        .values(
            state="withdrawn",
            answered_at=func.coalesce(AgentConsent.answered_at, consent.asked_at),
            version=AgentConsent.version + 1,
        )
    )
    values = {
        column.key: getattr(consent, column.key)
        for column in AgentConsent.__table__.columns
        if column.key != "version"
    }
    made = session.scalars(
        insert(AgentConsent)
        .values(version=1, **values)
        .on_conflict_do_nothing()
        .returning(AgentConsent)
    ).one_or_none()
    if made is None:
        raise Refused("consent_exists")
    return made


def check_open(session: Session, asker: UUID) -> None:
    """Refuse another question while many of the same person wait for an answer."""
    count = session.scalar(
        select(func.count())
        .select_from(AgentConsent)
        .where(AgentConsent.asked_by == asker, AgentConsent.state == "asked")
    )
    if (count or 0) >= MOST_OPEN:
        raise Refused("consents_open", most=MOST_OPEN)


def answer(session: Session, consent: AgentConsent, *, give: bool, now: datetime) -> AgentConsent:
    """The one who was asked says yes or no, once."""
    if consent.state != "asked":
        raise Refused("consent_answered")
    if give and consent.until < now.astimezone(ZONE).date():
        raise Refused("consent_not_given")
    return _to(session, consent, "given" if give else "refused", now)


def withdraw(session: Session, consent: AgentConsent, now: datetime) -> AgentConsent:
    """Either of the two takes it back; bookings that were made with it stay."""
    if consent.state not in ("asked", "given"):
        raise Refused("consent_answered")
    return _to(session, consent, "withdrawn", now)


def _to(session: Session, consent: AgentConsent, state: str, now: datetime) -> AgentConsent:
    changed = session.scalars(
        update(AgentConsent)
        .where(AgentConsent.id == consent.id, AgentConsent.version == consent.version)
        .values(state=state, answered_at=now, version=consent.version + 1)
        .returning(AgentConsent)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if changed is None:
        raise Refused("changed_meanwhile")
    return changed


def of_person(session: Session, person: UUID) -> list[AgentConsent]:
    """Consents somebody gave, was given, asked for or was asked for; newest first."""
    return list(
        session.scalars(
            select(AgentConsent)
            .where(or_(AgentConsent.principal_key == person, AgentConsent.agent_key == person))
            .order_by(AgentConsent.asked_at.desc(), AgentConsent.id)
            .limit(100)
        )
    )
