"""Several drafts handed to review in one action: after an import they come by the dozen."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from backend.domains.knowledge import access, reviewing, store
from backend.kernel.access import Principal
from backend.kernel.errors import DomainError
from backend.kernel.uow import UnitOfWork

MOST = 100
PER_HOUR = "60 per hour"


def submit(uow: UnitOfWork, who: Principal, article_ids: Sequence[UUID]) -> dict[str, Any]:
    """Submit each draft that can be; one that cannot be stays as it was, with the reason.

    An article out of sight is told of like one that is not there.
    """
    uow.services.limiter.hit(PER_HOUR, "article_submissions", str(uow.actor.id))
    wanted = list(dict.fromkeys(article_ids))
    # Always locked in one order: two such actions at a time wait for each other, and never both.
    done = {article_id: _one(uow, who, article_id) for article_id in sorted(wanted)}
    items = [done[article_id] for article_id in wanted]
    passed = sum(one["submitted"] for one in items)
    return {"submitted": passed, "refused": len(items) - passed, "items": items}


def _one(uow: UnitOfWork, who: Principal, article_id: UUID) -> dict[str, Any]:
    told = {"article_id": article_id, "number": "", "title": "", "submitted": False, "reason": ""}
    try:
        article = access.article(uow, who, article_id)
        version = store.open_version(uow, article_id) or store.live(uow, article_id)
        told |= {"number": article.number, "title": version.title if version else ""}
        with uow.session.begin_nested():
            reviewing.submit(uow, who, article_id)
    except DomainError as error:
        return told | {"reason": error.detail or error.title}
    return told | {"submitted": True}
