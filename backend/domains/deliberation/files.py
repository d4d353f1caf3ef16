"""Pictures of topics: taken in, joined to what they belong to, given to those who may see them."""

from collections.abc import Iterable, Sequence
from typing import IO, Any
from uuid import UUID

from sqlalchemy import delete, select, true, update

from backend.domains.deliberation.topic_model import Topic, TopicFile
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

PHOTO = "topic_photo"
PER_DAY = "100 per day"
MOST = 9


def upload(uow: UnitOfWork, stream: IO[bytes]) -> dict[str, Any]:
    """Keep a picture of whoever acts; it belongs to nothing yet. 100 a day."""
    uow.services.limiter.hit(PER_DAY, "topic-photo", str(uow.actor.id))
    row = uow.services.files.store(uow, stream, PHOTO)
    return {"id": row.id, "media_type": row.media_type, "size": row.size}


def attach(
    uow: UnitOfWork, topic: Topic, file_ids: Sequence[UUID], part: str = "topic",
    part_id: UUID | None = None, *, shown: bool = False,
) -> None:  # fmt: skip
    """Join pictures that the acting person has uploaded and not yet used."""
    wanted = list(dict.fromkeys(file_ids))
    own = select(StoredFile.id).where(
        StoredFile.id.in_(wanted),
        StoredFile.owner_id == uow.actor.id,
        StoredFile.purpose == PHOTO,
        StoredFile.id.not_in(select(TopicFile.file_id).where(TopicFile.file_id.in_(wanted))),
    )
    known = set(uow.session.scalars(own))
    if known != set(wanted):
        text = "有图片没有传好，请重新选择"
        raise Invalid("file_unknown", detail=text, fields={"file_ids": [text]})
    for position, file_id in enumerate(wanted):
        uow.session.add(
            TopicFile(
                topic_id=topic.id, file_id=file_id, part=part, part_id=part_id, shown=shown,
                position=position,
            )
        )  # fmt: skip
    uow.session.flush()


def of(uow: UnitOfWork, topic_id: UUID, part: str, part_id: UUID | None = None) -> list[UUID]:
    """The pictures of one part, in order."""
    query = select(TopicFile.file_id).where(
        TopicFile.topic_id == topic_id, TopicFile.part == part,
        TopicFile.part_id == part_id if part_id else TopicFile.part_id.is_(None),
    )  # fmt: skip
    return list(uow.session.scalars(query.order_by(TopicFile.position, TopicFile.id)))


def many(uow: UnitOfWork, part_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The pictures of several parts, in order."""
    rows = uow.session.scalars(
        select(TopicFile)
        .where(TopicFile.part_id.in_(list(part_ids)))
        .order_by(TopicFile.position, TopicFile.id)
    )
    found: dict[UUID, list[UUID]] = {}
    for row in rows:
        if row.part_id is not None:
            found.setdefault(row.part_id, []).append(row.file_id)
    return found


def show(uow: UnitOfWork, topic_id: UUID, part: str, part_id: UUID | None, *, shown: bool) -> None:
    """Let neighbours see the pictures of a part, or not any more."""
    uow.session.execute(
        update(TopicFile)
        .where(
            TopicFile.topic_id == topic_id, TopicFile.part == part,
            TopicFile.part_id == part_id if part_id else TopicFile.part_id.is_(None),
        )
        .values(shown=shown)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def replace(uow: UnitOfWork, topic: Topic, file_ids: Sequence[UUID]) -> None:
    """The proposer's own pictures become these; those kept keep their place."""
    rows = uow.session.scalars(
        select(TopicFile).where(TopicFile.topic_id == topic.id, TopicFile.part == "topic")
    ).all()
    kept = set(file_ids)
    for row in rows:
        if row.file_id not in kept:
            uow.session.delete(row)
    uow.session.flush()
    there = {row.file_id for row in rows}
    attach(uow, topic, [one for one in file_ids if one not in there])


def owned(uow: UnitOfWork, person_id: UUID) -> list[StoredFile]:
    """What a resident has uploaded here, oldest first."""
    own = select(StoredFile).where(StoredFile.owner_id == person_id, StoredFile.purpose == PHOTO)
    return list(uow.session.scalars(own.order_by(StoredFile.created_at)))


def forget(uow: UnitOfWork, person_id: UUID) -> None:
    """The person's pictures go; those of a topic stay with it, without saying whose they were.

    Their content checks must have been forgotten before.
    """
    own = [row.id for row in owned(uow, person_id)]
    quiet = {"synchronize_session": False}
    kept = select(TopicFile.file_id).where(TopicFile.part == "topic", TopicFile.file_id.in_(own))
    uow.session.execute(
        update(StoredFile).where(StoredFile.id.in_(kept)).values(owner_id=None),
        execution_options=quiet,
    )
    gone = set(own) - set(uow.session.scalars(kept))
    for model, column in ((TopicFile, TopicFile.file_id), (StoredFile, StoredFile.id)):
        uow.session.execute(delete(model).where(column.in_(gone)), execution_options=quiet)


def served(
    uow: UnitOfWork, topic_id: UUID, file_id: UUID, *, person_id: UUID | None = None,
    everything: bool = False,
) -> StoredFile:  # fmt: skip
    """A picture of a topic in reach: what is shown, one's own, or (for staff) every one."""
    row = uow.session.scalar(
        select(StoredFile)
        .join(TopicFile, TopicFile.file_id == StoredFile.id)
        .where(
            TopicFile.topic_id == topic_id, TopicFile.file_id == file_id,
            true() if everything else TopicFile.shown | (StoredFile.owner_id == person_id),
        )
    )  # fmt: skip
    if row is None:
        raise NotFound("file_unknown", title="没有找到这个文件", action="请刷新后再看")
    return row


def urls(base: str, topic_id: UUID, file_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Pictures as an answer shows them; `base` is `/api/v1/topics` or the staff's."""
    found = []
    for file_id in file_ids:
        url = f"{base}/{topic_id}/files/{file_id}"
        found.append({"id": file_id, "url": url, "small_url": f"{url}?size=small"})
    return found
