"""Titles that residents wrote are checked before others read them on the hotline's public page."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from backend.domains.content import service as content
from backend.domains.hotline.model import Ticket
from backend.domains.hotline.scrub import scrubbed
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

KIND = "ticket_title"
PUBLISHED = "consult"
#: Where the words are the resident's own; what an operator wrote down is the office's.
_OWN_WORDS = ("mini", "web", "wechat", "ask")


def put(uow: UnitOfWork, ticket: Ticket) -> None:
    """Have the title looked at while its author is here, as others would read it.

    Only what may be published at all; where WeChat cannot be asked it never is.
    """
    if ticket.kind != PUBLISHED or ticket.confidential:
        return
    if content.asked_by_machine(uow, ticket.person_id):
        content.check(
            uow, Subject(KIND, ticket.id), texts=[scrubbed(uow, ticket, ticket.title)],
            person_id=ticket.person_id, place=content.Place(street_id=ticket.street_id),
        )  # fmt: skip


def fit(uow: UnitOfWork, tickets: Sequence[Ticket]) -> list[Ticket]:
    """Those of the tickets whose title anybody may read."""
    own = [ticket.id for ticket in tickets if ticket.source in _OWN_WORDS]
    passed = _passed(uow, own)
    return [one for one in tickets if one.source not in _OWN_WORDS or one.id in passed]


def _passed(uow: UnitOfWork, ids: Iterable[UUID]) -> set[UUID]:
    checks = content.currents(uow, KIND, ids)
    return {id_ for id_, check in checks.items() if check.state == content.PASSED}
