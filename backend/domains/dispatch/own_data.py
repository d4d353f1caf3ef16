"""A resident's own calls: shown to them, moved with them, erased with their account."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update

from backend.domains.dispatch import rules
from backend.domains.dispatch.model import Event, EventCaller, EventFile
from backend.domains.dispatch.recording_model import Recording
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.kernel.clock import local
from backend.kernel.files import StoredFile
from backend.kernel.receipts import ReceiptRow
from backend.kernel.uow import UnitOfWork


def export(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """Everything kept about the person's calls, as JSON values."""
    rows = uow.session.execute(
        select(EventCaller, Event, ReceiptRow.number)
        .join(Event, Event.id == EventCaller.event_id)
        .outerjoin(ReceiptRow, ReceiptRow.subject_id == EventCaller.id)
        .where(EventCaller.person_id == person_id)
        .order_by(EventCaller.joined_at)
    )
    return [
        {
            "receipt_number": number,
            "called_at": local(caller.joined_at).isoformat(timespec="seconds"),
            "state": rules.STATE_TEXT[event.state],
            "words": event.words if caller.kind == "first" else "",
            "address": event.address if caller.kind == "first" else "",
            "added": caller.words,
            "score": caller.score,
            "comment": caller.comment,
        }
        for caller, event, number in rows
    ]


def open_matters(uow: UnitOfWork, person_id: UUID) -> list[str]:
    """The person's calls that are not over, each in a few words."""
    rows = uow.session.execute(
        select(Event.number, Event.state)
        .join(EventCaller, EventCaller.event_id == Event.id)
        .where(EventCaller.person_id == person_id, Event.is_open)
        .order_by(Event.called_at)
    )
    return [f"反映的事 {number}：{rules.STATE_TEXT[state]}" for number, state in rows]


def forget(uow: UnitOfWork, told: PersonClosed) -> None:
    """Erase who the person is, what they wrote and said; the street's matters stay as figures.

    The bytes of voice notes go with the next sweep of the file store.
    """
    _erase_voice(uow, told.person_id)
    own = select(EventCaller.event_id).where(
        EventCaller.person_id == told.person_id, EventCaller.kind == "first"
    )
    uow.session.execute(
        update(Event)
        .where(Event.id.in_(own))
        .values(words="", title="（已应反映人要求删除）")
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(
        update(EventCaller)
        .where(EventCaller.person_id == told.person_id)
        .values(person_id=None, words="", comment="", name_sealed=None)
        .execution_options(synchronize_session=False)
    )


def _erase_voice(uow: UnitOfWork, person_id: UUID) -> None:
    voices = list(
        uow.session.scalars(
            select(StoredFile.id).where(
                StoredFile.owner_id == person_id, StoredFile.media_type.startswith("audio/")
            )
        )
    )
    for table, column in (
        (EventFile, EventFile.file_id),
        (Recording, Recording.file_id),
        (StoredFile, StoredFile.id),
    ):
        uow.session.execute(
            delete(table).where(column.in_(voices)).execution_options(synchronize_session=False)
        )


def move(uow: UnitOfWork, told: PersonMerged) -> None:
    """The provisional account became another: its calls go along, where both called, once."""
    twice = (
        select(EventCaller.event_id)
        .where(EventCaller.person_id.in_([told.source_id, told.target_id]))
        .group_by(EventCaller.event_id)
        .having(func.count() > 1)
    )
    uow.session.execute(
        update(EventCaller)
        .where(EventCaller.person_id == told.source_id, EventCaller.event_id.in_(twice))
        .values(person_id=None, words="", comment="", name_sealed=None)
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(
        update(EventCaller)
        .where(EventCaller.person_id == told.source_id)
        .values(person_id=told.target_id)
        .execution_options(synchronize_session=False)
    )
