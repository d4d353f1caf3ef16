"""Published items among everything that can answer a question.

Residents keep the item search of their own (`live_index`); this puts items beside articles for
those who ask without knowing which of the two they need.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from backend.domains.catalog import store
from backend.domains.catalog.answer_text import answer_text
from backend.domains.catalog.content import Content
from backend.domains.catalog.events import ItemPublished
from backend.domains.catalog.model import Item, ItemVersion
from backend.domains.catalog.rules import LIVE
from backend.domains.catalog.search_words import table
from backend.domains.retrieval import service as retrieval
from backend.domains.retrieval.ports import Document
from backend.kernel.uow import UnitOfWork

KIND = "item"
_LONGEST_KEYWORD = 20


class Items:
    """The source of all published items."""

    def documents(self, uow: UnitOfWork) -> Iterator[Document]:
        """Every item that residents can read now."""
        rows = uow.session.execute(
            select(Item.id, Item.department_id, ItemVersion.content)
            .join(ItemVersion, ItemVersion.item_id == Item.id)
            .where(ItemVersion.state == LIVE)
        )
        for item_id, department_id, content in rows:
            yield document(item_id, department_id, content)


def document(item_id: UUID, department_id: UUID, content: Content) -> Document:
    """An item as the search takes it."""
    body = [
        content["summary"],
        *content["conditions"],
        *(f"需要{material['name']}" for material in content["materials"]),
    ]
    return Document(
        kind=KIND,
        ref_id=item_id,
        title=content["name"],
        body="\n".join(line for line in body if line),
        keywords=tuple(word[:_LONGEST_KEYWORD] for word in content["themes"]),
        aliases=tuple(content["aliases"]),
        department_id=department_id,
        material_kind="guide",
        extra={"public_text": answer_text(content)},
    )


def published(uow: UnitOfWork, event: ItemPublished) -> None:
    """Have the item found by its newest words, from this transaction's commit on."""
    found = store.live_items(uow.session, [event.item_id]).get(event.item_id)
    if found is None:
        retrieval.remove(uow, KIND, event.item_id)
        return
    item, version = found
    retrieval.put(uow, document(item.id, item.department_id, store.content_of(version)))


def everyday_words() -> dict[str, tuple[str, ...]]:
    """What people say and what items call it, for everybody's search.

    Single characters are left out: in a question they are mostly parts of other words.
    """
    phrases, _ = table()
    return {said: official for said, official in phrases.items() if len(said) > 1}
