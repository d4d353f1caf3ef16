"""The search index of this process, kept in step with the database without holding anyone up.

Every two seconds at most a request looks at the catalogue's revision counter. When it has
moved, a thread builds the next index while requests go on with the present one; only the very
first request of a process waits.
"""

import threading
import time
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.domains.catalog import store
from backend.domains.catalog.content import Content
from backend.domains.catalog.model import Item, ItemVersion
from backend.domains.catalog.rules import LIVE
from backend.domains.catalog.search import CatalogIndex, Document
from backend.domains.catalog.search_dense import Embedder, pack, shared_embedder, unpack
from backend.domains.organisation import service as organisation
from backend.kernel.services import Services

log = structlog.get_logger()
LOOK_EVERY_SECONDS = 2.0
EMBED_SECONDS = 3.0
_NEARNESS = {"province": 0, "city": 1, "district": 2, "street": 3, "community": 4}


class LiveIndex:
    """Hands out the present `CatalogIndex`. `background=False` rebuilds at once (tests)."""

    def __init__(self, services: Services, *, background: bool = True) -> None:
        self._services = services
        self.background = background
        self._lock = threading.Lock()
        self._index: CatalogIndex | None = None
        self._revision = -1
        self._looked = 0.0

    def current(self, session: Session) -> CatalogIndex:
        """The index; `session` is only read from, and only when it is time to look."""
        index = self._index
        fresh = time.monotonic() - self._looked < LOOK_EVERY_SECONDS
        if index is not None and fresh and self.background:
            return index
        if index is None or not self.background:
            with self._lock:
                if self._index is None or self._revision != store.revision(session):
                    self._build(session)
                self._looked = time.monotonic()
                return cast(CatalogIndex, self._index)
        self._looked = time.monotonic()
        if store.revision(session) != self._revision and self._lock.acquire(blocking=False):
            threading.Thread(target=self._rebuild, name="catalog-index", daemon=True).start()
        return index

    def _rebuild(self) -> None:
        """Build in a thread of its own; the lock was taken for it by `current`."""
        try:
            with self._services.db.transaction() as session:
                self._build(session)
        except Exception:
            # The index in use stays; the next look tries again.
            log.exception("catalogue index not rebuilt")
        finally:
            self._lock.release()

    def _build(self, session: Session) -> None:
        # The counter is read first: what changes meanwhile is found by the next look.
        revision = store.revision(session)
        embedder: Embedder | None = self._services.extensions.get("embedder", shared_embedder)()
        self._index = CatalogIndex(_documents(session), embedder)
        self._revision = revision


def _documents(session: Session) -> list[Document]:
    departments = {place.id: place.name for place in organisation.departments(session)}
    rows = session.execute(
        select(
            Item.id, Item.department_id, ItemVersion.content, ItemVersion.vectors, ItemVersion.level
        )
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(ItemVersion.state == LIVE)
        .order_by(Item.implementation_code)
    )
    return [
        _document(item_id, cast(Content, content), departments.get(department, ""), vectors, level)
        for item_id, department, content, vectors, level in rows
    ]


def _document(
    item_id: UUID, content: Content, department: str, vectors: bytes | None, level: str
) -> Document:
    body = " ".join(
        [
            content["summary"],
            department,
            content["result_name"],
            *content["conditions"],
            *(material["name"] for material in content["materials"]),
        ]
    )
    return Document(
        key=str(item_id),
        name=content["name"],
        aliases=tuple(content["aliases"]),
        body=body,
        nearness=_NEARNESS[level],
        hint=department,
        vectors=None if vectors is None else unpack(vectors),
    )


def embed_missing(services: Services, seconds: float = EMBED_SECONDS) -> int:
    """Give live versions without vectors theirs, for about `seconds`; how many were done.

    Never called while a request waits. Two workers may do the same item: the result is the same.
    """
    with services.db.transaction() as session:
        waiting = session.execute(
            select(ItemVersion.id, ItemVersion.content)
            .where(ItemVersion.state == LIVE, ItemVersion.vectors.is_(None))
            .order_by(ItemVersion.published_at)
            .limit(500)
        ).all()
    embedder: Embedder | None = None
    if waiting:
        embedder = services.extensions.get("embedder", shared_embedder)()
    if embedder is None:
        return 0
    until = time.monotonic() + seconds
    done: list[tuple[UUID, bytes]] = []
    for key, content in waiting:
        titles = (content["name"], *content["aliases"])
        done.append((key, pack([embedder.embed(title) for title in titles])))
        if time.monotonic() > until:
            break
    if done:
        with services.db.transaction() as session:
            for key, vectors in done:
                session.execute(
                    update(ItemVersion).where(ItemVersion.id == key).values(vectors=vectors)
                )
            store.touch_revision(session)
    return len(done)
