"""What operators have typed and not yet sent: saved as they type, never lost to another window."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.hotline.desk_model import TicketDraft
from backend.kernel.clock import local
from backend.kernel.database import table_of
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

MOST_BYTES = 32 * 1024
MOST_DRAFTS = 50
KEPT_FOR = timedelta(days=14)


def listed(uow: UnitOfWork, staff_id: UUID) -> list[dict[str, Any]]:
    """All one's drafts, the latest first."""
    query = select(TicketDraft).where(TicketDraft.staff_id == staff_id)
    rows = uow.session.scalars(query.order_by(TicketDraft.saved_at.desc(), TicketDraft.key))
    return [_shown(uow, row) for row in rows]


def read(uow: UnitOfWork, staff_id: UUID, key: str) -> dict[str, Any]:
    """One's draft of this key; an empty one of version 0 where nothing was kept yet."""
    row = uow.session.get(TicketDraft, (staff_id, key))
    if row is None:
        return {"key": key, "body": {}, "version": 0, "saved_at": None}
    return _shown(uow, row)


def save(
    uow: UnitOfWork, staff_id: UUID, key: str, body: dict[str, Any], version: int
) -> dict[str, Any]:
    """Keep what was typed; `version` is the last one seen, 0 for a new draft.

    Where another window saved meanwhile, `Conflict` carries its text in `extra["current"]` and
    nothing is overwritten. The same text again is no conflict.
    """
    text = json.dumps(body, ensure_ascii=False)
    if len(text.encode()) > MOST_BYTES:
        said = "草稿太长，请先保存一部分"
        raise Invalid("draft_too_long", title=said, fields={"body": [said]})
    sealed = uow.services.privacy.seal(text)
    changed = _insert(uow, staff_id, key, sealed) if version == 0 else None
    changed = changed or uow.session.scalars(
        update(TicketDraft)
        .where(
            TicketDraft.staff_id == staff_id, TicketDraft.key == key,
            TicketDraft.version == version,
        )
        .values(body_sealed=sealed, version=TicketDraft.version + 1, saved_at=uow.now)
        .returning(TicketDraft)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()  # fmt: skip
    if changed is not None:
        return _shown(uow, changed)
    found = uow.session.get(TicketDraft, (staff_id, key), populate_existing=True)
    if found is None:
        # Sent or thrown away in another window: what is being typed here must still be kept.
        return _shown(uow, _insert(uow, staff_id, key, sealed) or _again(uow, staff_id, key))
    shown = _shown(uow, found)
    if shown["body"] == body:
        return shown
    raise Conflict(
        "draft_changed",
        title="草稿在别的窗口改过",
        detail="两份内容都还在",
        action="请选用哪一份，或合在一起再保存",
        extra={"current": {**shown, "saved_at": local(found.saved_at).isoformat("T", "seconds")}},
    )


def discard(uow: UnitOfWork, staff_id: UUID, key: str) -> None:
    """Throw a draft away; one that is not there is thrown away already."""
    uow.session.execute(
        delete(TicketDraft).where(TicketDraft.staff_id == staff_id, TicketDraft.key == key)
    )


def purge(services: Services) -> None:
    """Forget drafts that nobody has touched for two weeks."""
    with services.unit() as uow:
        old = uow.now - KEPT_FOR
        uow.session.execute(delete(TicketDraft).where(TicketDraft.saved_at < old))


def _insert(uow: UnitOfWork, staff_id: UUID, key: str, sealed: bytes) -> TicketDraft | None:
    own = select(func.count()).where(TicketDraft.staff_id == staff_id)
    if (uow.session.scalar(own) or 0) >= MOST_DRAFTS:
        said = f"草稿最多{MOST_DRAFTS}份，请先清理"
        raise Conflict("too_many_drafts", title=said, action="请删掉不用的草稿")
    made = uow.session.execute(
        insert(table_of(TicketDraft))
        .values(staff_id=staff_id, key=key, body_sealed=sealed, version=1, saved_at=uow.now)
        .on_conflict_do_nothing()
        .returning(TicketDraft.key)
    ).scalar()
    return _again(uow, staff_id, key) if made else None


def _again(uow: UnitOfWork, staff_id: UUID, key: str) -> TicketDraft:
    return uow.session.get_one(TicketDraft, (staff_id, key), populate_existing=True)


def _shown(uow: UnitOfWork, row: TicketDraft) -> dict[str, Any]:
    return {
        "key": row.key,
        "body": json.loads(uow.services.privacy.open(row.body_sealed)),
        "version": row.version,
        "saved_at": row.saved_at,
    }
