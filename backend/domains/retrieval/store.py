"""Writing and reading the rows that the index is made from."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, case, cast, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domains.retrieval.model import SearchDocument, SearchPassage, revisions
from backend.domains.retrieval.passage_rules import MOST_COMPARED, passages
from backend.domains.retrieval.ports import Document
from backend.kernel.ids import new_id

_BATCH = 500
GONE = 0
_this_transaction = cast(cast(func.pg_current_xact_id(), Text), BigInteger)

# The table's own number changes with a restored dump, the timeline with a restored server.
_HORIZON = text(
    "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, concat_ws(':', "
    "(select system_identifier from pg_control_system()), "
    "(select timeline_id from pg_control_checkpoint()), 'search_document'::regclass::oid)"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it goes into the index: its row and its passages (text, internal)."""

    row: SearchDocument
    passages: Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far an index has read.

    Everything written by transactions before `transaction` is in it. `lineage` names the
    database: transaction numbers mean nothing in another.
    """

    transaction: int
    lineage: str


def content_hash(document: Document) -> bytes:
    """SHA-256 of all that is kept of a document: equal documents need no new revision."""
    values = {
        name: getattr(document, name)
        for name in Document.__slots__
        if name not in ("kind", "ref_id")
    }
    canonical = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).digest()


def put(session: Session, document: Document) -> bool:
    """Write a document in this transaction; whether anything was new about it."""
    fingerprint = content_hash(document)
    values: dict[str, Any] = {
        "title": document.title,
        "keywords": list(document.keywords),
        "aliases": list(document.aliases),
        "audience": document.audience,
        "department_id": document.department_id,
        "region_codes": list(document.region_codes),
        "category_code": document.category_code,
        "material_kind": document.material_kind,
        "effective_on": document.effective_on,
        "expires_on": document.expires_on,
        "boost": document.boost,
        "extra": document.extra,
        "content_hash": fingerprint,
        "deleted": False,
        "revision": revisions.next_value(),
        "written_in": _this_transaction,
    }
    statement = insert(SearchDocument).values(
        id=new_id(), kind=document.kind, ref_id=document.ref_id, **values
    )
    statement = statement.on_conflict_do_update(
        index_elements=["kind", "ref_id"],
        set_=values,
        where=SearchDocument.deleted | (SearchDocument.content_hash != fingerprint),
    )
    key = session.scalar(statement.returning(SearchDocument.id))
    if key is None:
        return False
    _write_passages(session, key, document)
    return True


def _write_passages(session: Session, key: UUID, document: Document) -> None:
    """Replace the passages, keeping the vectors of those whose text stays."""
    old = session.execute(
        select(SearchPassage.text, SearchPassage.vector).where(SearchPassage.document_id == key)
    )
    vectors = {words: vector for words, vector in old if vector is not None}
    session.execute(delete(SearchPassage).where(SearchPassage.document_id == key))
    texts = [(words, False) for words in passages(document.body)]
    texts += [(words, True) for words in passages(document.internal_body)]
    if texts:
        rows = [
            {
                "document_id": key,
                "ordinal": ordinal,
                "internal": internal,
                "text": words,
                "vector": vectors.get(words),
            }
            for ordinal, (words, internal) in enumerate(texts)
        ]
        session.execute(insert(SearchPassage), rows)


def remove(session: Session, kind: str, ref_id: UUID) -> bool:
    """Mark a document as gone and forget its text; whether there was one."""
    key = session.scalar(
        update(SearchDocument)
        .where(
            SearchDocument.kind == kind,
            SearchDocument.ref_id == ref_id,
            SearchDocument.deleted.is_(False),
        )
        .values(
            deleted=True,
            title="",
            keywords=[],
            aliases=[],
            extra={},
            revision=revisions.next_value(),
            written_in=_this_transaction,
        )
        .returning(SearchDocument.id)
    )
    if key is not None:
        session.execute(delete(SearchPassage).where(SearchPassage.document_id == key))
    return key is not None


def horizon(session: Session) -> Horizon:
    """Up to where this transaction's snapshot is complete."""
    oldest, lineage = session.execute(_HORIZON).one()
    return Horizon(oldest, lineage)


def settle(session: Session) -> None:
    """Bring transaction numbers of a restored dump down to this server's own.

    Numbers from the future would look like changes for ever.
    """
    session.execute(
        update(SearchDocument)
        .where(SearchDocument.written_in > _this_transaction)
        .values(written_in=_this_transaction)
    )


def changed(session: Session, since: Horizon) -> dict[UUID, int]:
    """Documents that may have changed after `since`, with their revisions; `GONE` if deleted."""
    revision = case((SearchDocument.deleted, GONE), else_=SearchDocument.revision)
    rows = session.execute(
        select(SearchDocument.id, revision).where(SearchDocument.written_in >= since.transaction)
    )
    return dict(rows.all())


def stored(session: Session, keys: Iterable[UUID]) -> Iterator[Stored]:
    """The documents with these ids that are not deleted, with their passages."""
    wanted = list(keys)
    for start in range(0, len(wanted), _BATCH):
        rows = session.scalars(
            select(SearchDocument).where(
                SearchDocument.id.in_(wanted[start : start + _BATCH]),
                SearchDocument.deleted.is_(False),
            )
        ).all()
        yield from _with_passages(session, rows)


def everything(session: Session) -> Iterator[Stored]:
    """All documents that are not deleted, a batch at a time."""
    last: UUID | None = None
    while True:
        query = select(SearchDocument).where(SearchDocument.deleted.is_(False))
        if last is not None:
            query = query.where(SearchDocument.id > last)
        rows = session.scalars(query.order_by(SearchDocument.id).limit(_BATCH)).all()
        if not rows:
            return
        last = rows[-1].id
        yield from _with_passages(session, rows)


def _with_passages(session: Session, rows: Sequence[SearchDocument]) -> Iterator[Stored]:
    texts: dict[UUID, list[tuple[str, bool]]] = {row.id: [] for row in rows}
    found = session.execute(
        select(SearchPassage.document_id, SearchPassage.text, SearchPassage.internal)
        .where(SearchPassage.document_id.in_(list(texts)))
        .order_by(SearchPassage.document_id, SearchPassage.ordinal)
    )
    for key, words, internal in found:
        texts[key].append((words, internal))
    for row in rows:
        yield Stored(row, texts[row.id])


def known(session: Session, kind: str) -> set[UUID]:
    """What is kept of a kind, by the id its source knows it by."""
    rows = session.scalars(
        select(SearchDocument.ref_id).where(
            SearchDocument.kind == kind, SearchDocument.deleted.is_(False)
        )
    )
    return set(rows)


def without_vector(session: Session, most: int) -> list[tuple[UUID, int, str, str]]:
    """Passages whose meaning is not known yet: document, ordinal, title and text."""
    rows = session.execute(
        select(
            SearchPassage.document_id,
            SearchPassage.ordinal,
            SearchDocument.title,
            SearchPassage.text,
        )
        .join(SearchDocument, SearchDocument.id == SearchPassage.document_id)
        .where(SearchPassage.vector.is_(None), SearchPassage.ordinal < MOST_COMPARED)
        .order_by(SearchDocument.revision.desc(), SearchPassage.ordinal)
        .limit(most)
    )
    return list(rows.all())


def set_vector(session: Session, place: tuple[UUID, int], text: str, vector: bytes) -> None:
    """Keep the meaning of a passage, unless its text has changed meanwhile."""
    session.execute(
        update(SearchPassage)
        .where(
            SearchPassage.document_id == place[0],
            SearchPassage.ordinal == place[1],
            SearchPassage.text == text,
        )
        .values(vector=vector)
    )
