"""Who an appointment is for and with: the agent, the principal, the visit it belongs to."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from appointments import consents
from appointments.demand_model import AgentConsent, Visit
from appointments.model import Appointment
from backend.domains.appointments import wording
from backend.domains.identity.service import person_cards
from backend.kernel.clock import local_date
from backend.kernel.uow import UnitOfWork

ALONE: dict[str, Any] = {"agent": None, "principal": None, "visit": None}


def of(uow: UnitOfWork, rows: Sequence[Appointment]) -> dict[UUID, dict[str, Any]]:
    """For each appointment what the one who looks sees of the others, names masked.

    The principal sees her agent, the agent sees for whom it is.
    """
    me = uow.actor.id
    others = {_other(row, me) for row in rows} - {None}
    cards = person_cards(uow, {id_ for id_ in others if id_})
    visits = visits_of(uow, (row.visit_id for row in rows))
    found = {}
    for row in rows:
        other = _other(row, me)
        card = cards.get(other) if other else None
        name = {"name": card.name_masked if card else ""} if other else None
        mine = row.person_key == me
        found[row.id] = {
            "agent": name if mine else None,
            "principal": None if mine else name,
            "visit": visits.get(row.visit_id) if row.visit_id else None,
        }
    return found


def _other(row: Appointment, me: UUID | None) -> UUID | None:
    if row.agent_key is None:
        return None
    return row.agent_key if row.person_key == me else row.person_key


def for_staff(uow: UnitOfWork, rows: Sequence[Appointment]) -> dict[UUID, dict[str, Any]]:
    """What the clerk sees of each: the agent with her consent as it stands now, and the visit."""
    cards = person_cards(uow, {row.agent_key for row in rows if row.agent_key})
    ids = {row.consent_id for row in rows if row.consent_id}
    query = select(AgentConsent).where(AgentConsent.id.in_(ids))
    given = {one.id: one for one in uow.session.scalars(query)} if ids else {}
    visits = visits_of(uow, (row.visit_id for row in rows))
    today = local_date(uow.now)
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        agent = None
        consent = given.get(row.consent_id) if row.consent_id else None
        if row.agent_key is not None and consent is not None:
            card = cards.get(row.agent_key)
            agent = {
                "name": card.name_masked if card else "",
                "relation": consent.relation,
                "consent_holds": consents.holds(consent, today),
                "consent_state_text": wording.consent_text(consent.state, consent.until, today),
            }
        visit = visits.get(row.visit_id) if row.visit_id else None
        found[row.id] = {"agent": agent, "visit": visit}
    return found


def visits_of(uow: UnitOfWork, ids: Iterable[UUID | None]) -> dict[UUID, dict[str, Any]]:
    """The visits by id, each with how many appointments were made in it."""
    wanted = {id_ for id_ in ids if id_}
    if not wanted:
        return {}
    query = (
        select(Visit.id, Visit.kind, func.count(Appointment.id))
        .join(Appointment, Appointment.visit_id == Visit.id)
        .where(Visit.id.in_(wanted))
        .group_by(Visit.id)
    )
    return {
        row[0]: {"id": row[0], "kind": row[1], "count": row[2]}
        for row in uow.session.execute(query)
    }
