"""A first message for each demo person; running it again changes nothing."""

from backend.demo import register
from backend.domains.messages.kinds import KINDS
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import outbox


def seed(services: Services) -> int:
    """Welcome everybody; how many were new."""
    new = 0
    with services.unit() as uow:
        for person in register.persons():
            person_id = register.person_id(person.key)
            told = outbox.enqueue(
                uow.session,
                uow.now,
                KINDS["welcome"],
                person_key=person_id,
                subject=Subject("person", person_id),
                dedupe_key=f"welcome:{person_id}",
                values={},
            )
            new += told is not None
    return new
