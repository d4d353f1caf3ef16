"""Results written on a phone are checked before anybody but the callers sees them.

Words and pictures of a result go on the public map. What a grid worker sends from the
mini-program passes the content check first; a result written at a console is the office's own
word, and a colleague has verified it.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from backend.domains.content import service as content
from backend.domains.content.events import ContentDecided
from backend.domains.dispatch import events, moves, telling
from backend.domains.dispatch.model import Event, EventFile
from backend.domains.identity import service as identity
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

KIND = "event_result"


def put(uow: UnitOfWork, event: Event) -> None:
    """Have the result looked at; until it has passed it is not on the public page."""
    subject, staff_id = Subject(KIND, event.id), event.disposer_id
    phones = identity.bound_phones(uow, [staff_id]) if staff_id else {}
    person = phones.get(staff_id) if staff_id else None
    if person is None or not content.asked_by_machine(uow, person):
        content.drop(uow, subject)
        return
    pictures = select(EventFile.file_id).where(
        EventFile.event_id == event.id, EventFile.public, EventFile.role == "after"
    )
    content.check(
        uow, subject, texts=[event.public_result], files=uow.session.scalars(pictures).all(),
        person_id=person,
        place=content.Place(area_id=event.community_id, street_id=event.street_id),
    )  # fmt: skip


def on_decided(uow: UnitOfWork, told: ContentDecided) -> None:
    """Refused: the event's trace says so, and whoever wrote the result hears why."""
    if told.subject_kind != KIND or told.state != content.REFUSED:
        return
    event = uow.session.get(Event, told.subject_id, with_for_update=True, populate_existing=True)
    if event is None:
        return
    moves.note(
        uow, event, "refuse_result", reason=told.reason,
        internal=f"处置结果没有通过内容检查，不公开：{told.reason}",
    )  # fmt: skip
    if event.disposer_id is not None:
        uow.emit(
            events.ResultRefused(
                **telling.facts(uow, event), reason=told.reason, staff_ids=(event.disposer_id,)
            )
        )


def hidden(uow: UnitOfWork, ids: Iterable[UUID]) -> set[UUID]:
    """Events whose result is not for everybody: refused, doubtful, or not checked yet."""
    checks = content.currents(uow, KIND, ids)
    return {id_ for id_, check in checks.items() if check.state != content.PASSED}
