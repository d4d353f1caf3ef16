"""What people of the demo have arranged around bookings; running it again adds nothing.

A son acts for his mother (代办), and somebody who did not come says why.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from appointments.demand_model import AgentConsent, Missed
from backend.demo import register
from backend.domains.appointments import consents, fairness
from backend.kernel.access import Actor
from backend.kernel.clock import FixedClock, local_date
from backend.kernel.events import EventBus
from backend.kernel.services import Services

MOTHER, SON = "wang-xiulan", "chen-zhiyuan"
EXCUSE = "那天早上孩子发烧去了医院，忘了取消，下次一定提前取消。"


def seed(services: Services) -> None:
    """Write what is not there yet; nobody is told of it."""
    quiet = replace(services, events=EventBus())
    _consent(quiet)
    _appeal(quiet)


def _consent(services: Services) -> None:
    people = {person.key: person for person in register.persons()}
    mother, son = people[MOTHER], people[SON]
    assert mother.name is not None
    assert mother.phone is not None
    ids = {person.key: register.person_id(person.key) for person in (mother, son)}
    with services.unit(Actor("person", ids[SON])) as uow:
        known = select(AgentConsent.id).where(AgentConsent.agent_key == ids[SON])
        if uow.session.scalar(known.limit(1)) is not None:
            return
        wish = consents.Wish(None, "子女", local_date(uow.now) + timedelta(days=180))
        named = consents.Named(mother.name, mother.phone)
        asked = consents.ask(uow, ids[SON], "agent", named, wish)
    with services.unit(Actor("person", ids[MOTHER])) as uow:
        consents.answer(uow, ids[MOTHER], UUID(str(asked["id"])), give=True)


def _appeal(services: Services) -> None:
    with services.unit() as uow:
        row = uow.session.scalar(
            select(Missed).where(Missed.state == "counted").order_by(Missed.at).limit(1)
        )
        appealed = uow.session.scalar(
            select(Missed.appointment_id).where(Missed.state != "counted").limit(1)
        )
    if row is None or appealed is not None:
        return
    later = FixedClock(max(row.at, services.clock.now() - timedelta(hours=1)))
    with replace(services, clock=later).unit(Actor("person", row.person_key)) as uow:
        fairness.appeal(uow, row.person_key, row.appointment_id, EXCUSE)
