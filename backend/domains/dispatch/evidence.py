"""Pictures and voice notes of an event: only files that the acting person may use."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, insert, select

from backend.domains.dispatch.model import Event, EventFile
from backend.kernel.database import table_of
from backend.kernel.errors import Invalid
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

PHOTO, VOICE = "image/", "audio/"
# What anybody may see once the matter is solved, unless the caller asked for confidence.
_PUBLIC_ROLES = ("before", "after", "result")


def attach(
    uow: UnitOfWork,
    event: Event,
    role: str,
    file_ids: Iterable[UUID],
    *,
    owners: Iterable[UUID | None] = (),
    subtask_id: UUID | None = None,
) -> None:
    """Add files in this role; `Invalid` for those that are unknown, another's or of another kind.

    A file may be used by who uploaded it: the acting person, or one of `owners`. Those that
    the event has already, whatever for, can be named again by anybody at work on it.
    """
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return
    allowed = {uow.actor.id, *owners}
    media = VOICE if role == "voice" else PHOTO
    own = select(EventFile.file_id).where(EventFile.event_id == event.id)
    found = {
        row.id: row.owner_id in allowed or row.known
        for row in uow.session.execute(
            select(StoredFile.id, StoredFile.owner_id, StoredFile.id.in_(own).label("known")).where(
                StoredFile.id.in_(wanted), StoredFile.media_type.startswith(media)
            )
        )
    }
    if not all(found.get(one) for one in wanted):
        text = "有文件不能用，请重新上传"
        raise Invalid("unknown_file", detail=text, fields={"file_ids": [text]})
    public = role in _PUBLIC_ROLES and not event.confidential
    values = [
        {
            "event_id": event.id, "file_id": one, "role": role, "by": uow.actor.id,
            "public": public, "subtask_id": subtask_id, "at": uow.now,
        }
        for one in wanted
        if not _has(uow, event.id, one, role)
    ]  # fmt: skip
    if values:
        uow.session.execute(insert(table_of(EventFile)), values)


def count(uow: UnitOfWork, event_id: UUID, *roles: str) -> int:
    """How many files the event has in these roles."""
    query = select(func.count()).select_from(EventFile)
    query = query.where(EventFile.event_id == event_id, EventFile.role.in_(roles))
    return uow.session.scalar(query) or 0


def _has(uow: UnitOfWork, event_id: UUID, file_id: UUID, role: str) -> bool:
    key = (event_id, file_id, role)
    return uow.session.get(EventFile, key) is not None
