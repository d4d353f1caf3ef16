"""What the search is told of an article: the live text, its reach and its days."""

from collections.abc import Iterator

from sqlalchemy import select

from backend.domains.knowledge import rules
from backend.domains.knowledge.field_rules import plain_text
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.domains.retrieval import service as retrieval
from backend.domains.retrieval.ports import Document
from backend.kernel.clock import local
from backend.kernel.uow import UnitOfWork

KIND = "article"
_BATCH = 500


def put(uow: UnitOfWork, article: Article, version: ArticleVersion) -> None:
    """Have the live version found from this unit's commit on."""
    retrieval.put(uow, document(article, version))


def remove(uow: UnitOfWork, article: Article) -> None:
    """Have the article found by nobody from this unit's commit on."""
    retrieval.remove(uow, KIND, article.id)


def document(article: Article, version: ArticleVersion) -> Document:
    """The live version as the search keeps it.

    What is for staff only goes into `internal_body`; `extra` may be shown to residents.
    """
    parts = (version.summary, plain_text(version.public_text))
    # What readers are told is when the words were last changed, not when somebody asked about them.
    changed = version.published_at or article.updated_at
    return Document(
        kind=KIND,
        ref_id=article.id,
        title=version.title,
        body="\n".join(part for part in parts if part),
        internal_body=plain_text(version.internal_text),
        keywords=tuple(version.keywords),
        audience=version.audience,
        department_id=article.department_id,
        region_codes=tuple(version.region_codes),
        category_code=version.category_code,
        material_kind=version.material_kind,
        effective_on=version.effective_on,
        expires_on=version.expires_on,
        extra={
            "number": article.number,
            "audience": version.audience,
            "version_id": str(version.id),
            "version_number": version.number,
            "updated_at": local(changed).isoformat(timespec="seconds"),
        },
    )


class LiveArticles:
    """Every live article, for the search's own comparison and after a loss."""

    def documents(self, uow: UnitOfWork) -> Iterator[Document]:
        """One document an article, in the order of their numbers."""
        query = (
            select(Article, ArticleVersion)
            .join(ArticleVersion, ArticleVersion.article_id == Article.id)
            .where(Article.state == rules.PUBLISHED, ArticleVersion.state == rules.PUBLISHED)
        )
        last = 0
        while True:
            page = query.where(Article.serial > last).order_by(Article.serial).limit(_BATCH)
            rows = uow.session.execute(page).all()
            if not rows:
                return
            for article, version in rows:
                yield document(article, version)
            last = rows[-1][0].serial
