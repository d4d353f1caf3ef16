"""What an answer can stand on: a version of an article, or of a service item."""

from dataclasses import dataclass
from uuid import UUID

from backend.domains.catalog import service as catalog
from backend.domains.hotline import ports, rules
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Source:
    """One version as it is pinned. Service items are for everybody, so always `public`."""

    kind: str
    id: UUID
    version_id: UUID
    version_number: int
    number: str
    title: str
    public: bool
    article: ports.Article | None = None


def in_force(uow: UnitOfWork, version_id: UUID) -> Source:
    """The article or item whose live version this is.

    `NotFound` when there is none, `Conflict` when a newer version has come or it is over.
    """
    item = catalog.item_version(uow, version_id)
    if item is None:
        return _of_article(ports.article_in_force(uow, version_id))
    if not item.live:
        raise ports.replaced("这个事项刚更新或下线了")
    return Source(
        kind=rules.ITEM,
        id=item.item_id,
        version_id=version_id,
        version_number=item.number,
        number=item.implementation_code,
        title=item.name,
        public=True,
    )


def _of_article(article: ports.Article) -> Source:
    return Source(
        kind=rules.ARTICLE,
        id=article.id,
        version_id=article.version_id,
        version_number=article.version_number,
        number=article.number,
        title=article.title,
        public=article.audience == ports.PUBLIC,
        article=article,
    )
