"""Reading and writing item rows: how a version's content lies in its columns."""

import hashlib
import json
from collections.abc import Iterable
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer

from backend.domains.catalog.content import Content
from backend.domains.catalog.model import CatalogRevision, Item, ItemVersion
from backend.domains.catalog.rules import DRAFT, LIVE
from backend.kernel.uow import UnitOfWork

_COLUMNS = (
    "name", "level", "item_class", "case_type", "group_code", "bookable", "visits",
    "online_depth", "themes",
)  # fmt: skip


def content_hash(content: Content) -> bytes:
    """SHA-256 of the content in canonical JSON: equal content, equal hash."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).digest()


def write(version: ItemVersion, content: Content, uow: UnitOfWork) -> None:
    """Put `content` into a version; its vectors are dropped when the names changed."""
    before = version.content or {}
    if (before.get("name"), before.get("aliases")) != (content["name"], content["aliases"]):
        version.vectors = None
    values = cast(dict[str, object], content)
    for column in _COLUMNS:
        setattr(version, column, values[column])
    version.content = dict(values)
    version.content_hash = content_hash(content)
    version.saved_at = uow.now


def content_of(version: ItemVersion) -> Content:
    """The content a version fixes."""
    return cast(Content, version.content)


def version_in(session: Session, item_id: UUID, state: str) -> ItemVersion | None:
    """The live version or the draft of an item."""
    return session.scalar(
        select(ItemVersion).where(ItemVersion.item_id == item_id, ItemVersion.state == state)
    )


def live(session: Session, item_id: UUID) -> ItemVersion | None:
    """What residents read now."""
    return version_in(session, item_id, LIVE)


def draft(session: Session, item_id: UUID) -> ItemVersion | None:
    """What is being written."""
    return version_in(session, item_id, DRAFT)


def live_items(session: Session, item_ids: Iterable[UUID]) -> dict[UUID, tuple[Item, ItemVersion]]:
    """Items with their live versions, by id; those never published are absent."""
    rows = session.execute(
        select(Item, ItemVersion)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(ItemVersion.state == LIVE, Item.id.in_(list(item_ids)))
        # Search alone needs the vectors, and it reads them for itself.
        .options(defer(ItemVersion.vectors))
    )
    return {item.id: (item, version) for item, version in rows}


def touch_revision(session: Session) -> None:
    """Tell every process that what residents can find has changed."""
    statement = insert(CatalogRevision).values(id=1, revision=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={"revision": CatalogRevision.revision + 1}
        )
    )


def revision(session: Session) -> int:
    """The counter as this transaction sees it; 0 for a catalogue never filled."""
    return session.scalar(select(CatalogRevision.revision)) or 0
