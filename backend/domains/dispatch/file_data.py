"""A resident's own uploads: shown to them, moved with them, nobody's when the account ends."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from backend.domains.dispatch import attachments
from backend.domains.dispatch.model import EventFile
from backend.domains.dispatch.recording_model import Recording
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.kernel.clock import local
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

_PURPOSES = (attachments.PHOTO, attachments.VOICE)


def export(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """Photos and voice notes the person has uploaded, as JSON values."""
    rows = uow.session.execute(
        select(StoredFile, Recording.seconds, Recording.text)
        .outerjoin(Recording, Recording.file_id == StoredFile.id)
        .where(StoredFile.owner_id == person_id, StoredFile.purpose.in_(_PURPOSES))
        .order_by(StoredFile.created_at)
    )
    return [
        {
            "id": str(file.id),
            "media_type": file.media_type,
            "uploaded_at": local(file.created_at).isoformat(timespec="seconds"),
            "seconds": seconds,
            "text": text or "",
        }
        for file, seconds, text in rows
    ]


def forget(uow: UnitOfWork, told: PersonClosed) -> None:
    """Photos stay with the matter of the street they show, without saying who took them.

    What the person said is erased by `own_data`.
    """
    uow.session.execute(
        update(StoredFile)
        .where(StoredFile.owner_id == told.person_id, StoredFile.purpose == attachments.PHOTO)
        .values(owner_id=None)
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(
        update(EventFile)
        .where(EventFile.by == told.person_id)
        .values(by=None)
        .execution_options(synchronize_session=False)
    )


def move(uow: UnitOfWork, told: PersonMerged) -> None:
    """The provisional account became another: its uploads go along."""
    for table, column in ((StoredFile, StoredFile.owner_id), (EventFile, EventFile.by)):
        uow.session.execute(
            update(table)
            .where(column == told.source_id)
            .values({column: told.target_id})
            .execution_options(synchronize_session=False)
        )
