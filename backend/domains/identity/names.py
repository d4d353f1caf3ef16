"""Finding people by their whole name: a keyed hash beside the sealed name.

Who may ask, and that every look-up is entered among the reveals, is for the caller to see to.
"""

import unicodedata
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, exists, select

from backend.domains.identity.model import Person
from backend.kernel.privacy import Privacy
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

_PURPOSE = "person_name"
#: Names from before there were hashes are marked so many in a transaction, and in one run.
BATCH, BATCHES = 500, 20
EVERY = 60.0
_UNMARKED = (Person.name_sealed.is_not(None), Person.name_fingerprint.is_(None))


def put(uow: UnitOfWork, person: Person, name: str) -> None:
    """Give the person this name, sealed and to be found by."""
    privacy = uow.services.privacy
    person.name_sealed = privacy.seal(name)
    person.name_fingerprint = mark(privacy, name)


def mark(privacy: Privacy, name: str) -> bytes:
    """What a name is found by, however wide and spaced it is typed."""
    return privacy.fingerprint("".join(unicodedata.normalize("NFKC", name).split()), _PURPOSE)


def named(uow: UnitOfWork, name: str) -> Select[UUID]:
    """The ids of all people of this name, as a statement."""
    return select(Person.id).where(Person.name_fingerprint == mark(uow.services.privacy, name))


def all_marked(uow: UnitOfWork) -> bool:
    """Whether everybody with a name can be found by it yet."""
    return not uow.session.scalar(select(exists().where(*_UNMARKED)))


def fill(services: Services) -> None:
    """Mark names that were sealed before there were hashes: some now, more at the next run."""
    for _ in range(BATCHES):
        if not _fill(services):
            return


def _fill(services: Services) -> Sequence[Person]:
    with services.unit() as uow:
        query = select(Person).where(*_UNMARKED).order_by(Person.id).limit(BATCH)
        rows = uow.session.scalars(query.with_for_update(skip_locked=True)).all()
        for row in rows:
            assert row.name_sealed is not None
            opened = services.privacy.open(row.name_sealed)
            row.name_fingerprint = mark(services.privacy, opened)
    return rows
