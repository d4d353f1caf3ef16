"""Photos and voice notes: taken in, and given out to those who may see them."""

from collections.abc import Iterable
from typing import IO, Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch.model import EventFile
from backend.domains.dispatch.recording_model import Recording
from backend.kernel.errors import NotFound
from backend.kernel.files import Served, StoredFile
from backend.kernel.uow import UnitOfWork

PHOTO, VOICE = "event_photo", "event_voice"
PER_DAY = "200 per day"
PER_MINUTES = "40 per 5 minutes"
ROLE_TEXT = {
    "report": "反映时", "before": "处置前", "after": "处置后", "result": "结果", "note": "补充",
    "voice": "语音", "verify": "核查",
}  # fmt: skip


def upload(uow: UnitOfWork, stream: IO[bytes], purpose: str, base: str) -> dict[str, Any]:
    """Keep a photo or voice note of the acting person; it belongs to no event yet.

    Raises `RateLimited` after 40 in five minutes or 200 in a day.
    """
    who = str(uow.actor.id)
    for rule in (PER_MINUTES, PER_DAY):
        uow.services.limiter.hit(rule, "upload", who)
    seconds = None
    if purpose == VOICE:
        row, length = uow.services.files.store_audio(uow, stream, purpose)
        uow.session.add(Recording(file_id=row.id, seconds=length))
        seconds = round(length)
    else:
        row = uow.services.files.store(uow, stream, purpose)
    return {
        "id": row.id,
        "media_type": row.media_type,
        "size": row.size,
        "seconds": seconds,
        "url": f"{base}/{row.id}",
    }


def own(uow: UnitOfWork, file_id: UUID, size: str) -> Served:
    """A file that the acting person has uploaded for an event; others' are `NotFound`."""
    row = uow.session.get(StoredFile, file_id)
    if row is None or row.owner_id != uow.actor.id or row.purpose not in (PHOTO, VOICE):
        raise _missing()
    return uow.services.files.served(row, size)


def of_events(
    uow: UnitOfWork, event_ids: Iterable[UUID], file_id: UUID, size: str, *conditions: Any
) -> Served:
    """A file of one of the events that meets the conditions; access to them was checked."""
    row = uow.session.scalar(
        select(StoredFile)
        .join(EventFile, EventFile.file_id == StoredFile.id)
        .where(EventFile.event_id.in_(list(event_ids)), StoredFile.id == file_id, *conditions)
        .limit(1)
    )
    if row is None:
        raise _missing()
    return uow.services.files.served(row, size)


def shown_files(uow: UnitOfWork, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the files that belong to an event."""
    query = select(EventFile.file_id).where(EventFile.file_id.in_(list(ids)))
    return set(uow.session.scalars(query))


def photo(row: EventFile, base: str, event_id: UUID | None = None) -> dict[str, Any]:
    """A picture as shown; `base` is the events' address for this viewer.

    `event_id` is the event the viewer knows of, where the picture's own was merged with it.
    """
    url = f"{base}/{event_id or row.event_id}/files/{row.file_id}"
    return {
        "id": row.file_id,
        "url": url,
        "small_url": f"{url}?size=small",
        "role": row.role,
        "role_text": ROLE_TEXT[row.role],
        "at": row.at,
    }


def voice(
    uow: UnitOfWork, row: EventFile | None, base: str, event_id: UUID | None = None
) -> dict[str, Any] | None:
    """The voice note as shown."""
    if row is None:
        return None
    found = uow.session.get(Recording, row.file_id)
    return {
        "url": f"{base}/{event_id or row.event_id}/files/{row.file_id}",
        "seconds": round(found.seconds) if found else 0,
        "text": (found.text if found else "") or "",
        "state_text": _state_text(uow, found),
    }


def _state_text(uow: UnitOfWork, row: Recording | None) -> str:
    if row is None or uow.services.extensions.get("speech") is None:
        return "没有开通语音转文字，请听录音"
    if row.recognised_at is None:
        return "正在转成文字"
    return "语音转文字，以录音为准" if row.text else "没有听清，请听录音"


def _missing() -> NotFound:
    return NotFound("file_unknown", title="没有找到这个文件", action="请刷新后再看")
