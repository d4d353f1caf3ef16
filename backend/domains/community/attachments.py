"""Pictures of papers (不动产权证, contract, written proxy): taken in, attached, given out."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import insert, select

from backend.domains.community.moves import unknown
from backend.domains.community.paper_model import RegisterFile
from backend.kernel.database import table_of
from backend.kernel.errors import Invalid
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

PURPOSE = "home_paper"
CLAIM, TRANSFER, PROXY = "claim", "transfer", "proxy"
FILES_MOST = 9
PER_DAY = "60 per day"
RESIDENT_FILES, STAFF_FILES = "/api/v1/home-files", "/api/v1/staff/home-files"


@dataclass(frozen=True, slots=True)
class Served:
    """What an answer with a file needs."""

    path: Path
    media_type: str
    etag: str


def upload(uow: UnitOfWork, stream: IO[bytes], base: str) -> dict[str, Any]:
    """Keep a picture of the acting person; it belongs to nothing yet. 60 a day."""
    uow.services.limiter.hit(PER_DAY, "home_file", str(uow.actor.id))
    row = uow.services.files.store(uow, stream, PURPOSE)
    return _view(row.id, base)


def attach(uow: UnitOfWork, kind: str, subject_id: UUID, file_ids: Iterable[UUID]) -> None:
    """Add pictures that the acting person has uploaded; `Invalid` for any other."""
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return
    known = set(
        uow.session.scalars(
            select(StoredFile.id).where(
                StoredFile.id.in_(wanted), StoredFile.owner_id == uow.actor.id,
                StoredFile.purpose == PURPOSE,
            )
        )
    )  # fmt: skip
    if known != set(wanted):
        text = "有图片不能用，请重新上传"
        raise Invalid("unknown_file", detail=text, fields={"file_ids": [text]})
    rows = [{"subject_id": subject_id, "file_id": one, "kind": kind} for one in wanted]
    uow.session.execute(insert(table_of(RegisterFile)), rows)


def need(file_ids: Iterable[UUID], text: str) -> None:
    """`Invalid` where there is no picture at all; `text` says of what."""
    if not list(file_ids):
        raise Invalid("files_needed", title=text, fields={"file_ids": [text]})


def listed(
    uow: UnitOfWork, subject_ids: Iterable[UUID], base: str
) -> dict[UUID, list[dict[str, Any]]]:
    """The pictures of each subject, in the order they were uploaded."""
    rows = uow.session.execute(
        select(RegisterFile.subject_id, RegisterFile.file_id)
        .join(StoredFile, StoredFile.id == RegisterFile.file_id)
        .where(RegisterFile.subject_id.in_(set(subject_ids)))
        .order_by(StoredFile.created_at, StoredFile.id)
    )
    found: dict[UUID, list[dict[str, Any]]] = {}
    for subject_id, file_id in rows:
        found.setdefault(subject_id, []).append(_view(file_id, base))
    return found


def subjects_of(uow: UnitOfWork, file_id: UUID) -> list[tuple[str, UUID]]:
    """What the picture goes with: (kind, row)."""
    rows = uow.session.execute(
        select(RegisterFile.kind, RegisterFile.subject_id).where(RegisterFile.file_id == file_id)
    )
    return [(kind, subject_id) for kind, subject_id in rows]


def own(uow: UnitOfWork, file_id: UUID, size: str) -> Served:
    """A picture that the acting person has uploaded; anybody else's is `NotFound`."""
    row = uow.session.get(StoredFile, file_id)
    if row is None or row.owner_id != uow.actor.id or row.purpose != PURPOSE:
        raise unknown()
    return served(uow, row, size)


def served(uow: UnitOfWork, row: StoredFile, size: str) -> Served:
    """The bytes, small or whole; access was checked."""
    files = uow.services.files
    if size == "small":
        return Served(files.small_path(row), "image/jpeg", f"{row.sha256[:32]}-small")
    return Served(files.path(row), row.media_type, row.sha256[:32])


def _view(file_id: UUID, base: str) -> dict[str, Any]:
    url = f"{base}/{file_id}"
    return {"id": file_id, "url": url, "small_url": f"{url}?size=small"}
