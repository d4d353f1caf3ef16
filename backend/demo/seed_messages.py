"""A first message for each demo person, and what becomes of those of the past.

Running it again changes nothing.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from backend.demo import register
from backend.domains.messages.kinds import KINDS
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import outbox
from notifications.kinds import INBOX
from notifications.model import OutboxMessage

_LATELY = timedelta(hours=1)


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


def read_in_their_day(services: Services, subjects: Iterable[UUID]) -> None:
    """What a story of the past said of these matters was read in the inbox: none of it leaves now."""
    with services.unit() as uow:
        uow.session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.subject_id.in_(list(subjects)),
                OutboxMessage.status == "created",
                OutboxMessage.created_at < uow.now - _LATELY,
            )
            .values(status="delivered", ladder=[], channel=INBOX, digest=False)
            .execution_options(synchronize_session=False)
        )
