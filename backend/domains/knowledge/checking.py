"""What stands against a version beside its fields: its title, and where its links lead."""

from uuid import UUID

from sqlalchemy import select

from backend.domains.knowledge import links, rules, store
from backend.domains.knowledge.field_rules import Problem, linked_articles, problems, title_key
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.kernel.clock import local_date
from backend.kernel.uow import UnitOfWork


def standing_against(uow: UnitOfWork, article: Article, version: ArticleVersion) -> list[Problem]:
    """What stands against this version now: its fields, its title, where its links lead."""
    content = store.content_of(version)
    found = problems(content, local_date(uow.now))
    if title_taken(uow, article, version.title):
        found.append(Problem("title", "已有同名的文章，请换一个标题"))
    linked = {UUID(one) for one in linked_articles(version.public_text)} - {article.id}
    if linked - links.live_public(uow, linked):
        found.append(Problem("public_text", "公开内容里链接了不公开的文章，请去掉"))
    return found


def title_taken(uow: UnitOfWork, article: Article, title: str) -> bool:
    """Whether another article that is live has what a reader would take for the same title."""
    query = select(Article.id).where(
        Article.title_key == title_key(title),
        Article.state == rules.PUBLISHED,
        Article.id != article.id,
    )
    return uow.session.scalars(query.limit(1)).first() is not None
