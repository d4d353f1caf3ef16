"""Scripts (话术): what operators ask and say on frequent matters, kept as articles.

They are written, reviewed and expire as every article does, and are always internal.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from backend.domains.knowledge import access, rules
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Script:
    """A script that is in force; `id` is its article's."""

    id: UUID
    title: str
    text: str
    category_code: str
    keywords: list[str]


def scripts(uow: UnitOfWork, who: Principal) -> list[Script]:
    """The scripts in force that the reader may see, by title."""
    today = local_date(uow.now)
    rows = uow.session.execute(
        select(Article.id, ArticleVersion)
        .join(ArticleVersion, ArticleVersion.article_id == Article.id)
        .where(
            ArticleVersion.material_kind == rules.SCRIPT,
            ArticleVersion.state == rules.PUBLISHED,
            Article.state == rules.PUBLISHED,
            or_(ArticleVersion.expires_on.is_(None), ArticleVersion.expires_on >= today),
            access.visible(access.sight(who)),
        )
        .order_by(ArticleVersion.title, Article.id)
    )
    return [
        Script(
            article_id, row.title, row.public_text or row.internal_text, row.category_code,
            list(row.keywords),
        )
        for article_id, row in rows
    ]  # fmt: skip
