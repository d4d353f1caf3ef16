"""What other domains may ask of the knowledge base."""

from uuid import UUID

from backend.domains.knowledge import misses, rules, usage
from backend.domains.knowledge.field_rules import plain_text
from backend.domains.knowledge.reading import LiveArticle, live, pinned, public
from backend.domains.knowledge.scripts import Script, scripts
from backend.domains.knowledge.usage import frequent
from backend.kernel.uow import UnitOfWork

INSERTED, SENT = rules.INSERTED, rules.SENT


def used(uow: UnitOfWork, article_id: UUID, version_id: UUID, kind: str, audience: str) -> None:
    """Count a use: `kind` one of viewed, inserted, sent, helpful, unhelpful.

    `audience` says who used it: `public` for residents, `internal` for staff.
    """
    usage.count(uow, article_id, version_id, kind, audience)


def missed(uow: UnitOfWork, words: str, audience: str) -> None:
    """Note that nothing answered these words; what may be personal in them is not kept."""
    misses.record(uow, words, audience)


__all__ = [
    "INSERTED",
    "SENT",
    "LiveArticle",
    "Script",
    "frequent",
    "live",
    "missed",
    "pinned",
    "plain_text",
    "public",
    "scripts",
    "used",
]
