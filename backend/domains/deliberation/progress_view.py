"""Topics on the progress page: by number and query code, and among a person's own matters."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.deliberation import kind_rules, rules
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.uow import UnitOfWork


def matters(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """By topic: how it stands, in words for whoever holds its number."""
    rows = uow.session.scalars(select(Topic).where(Topic.id.in_(list(ids))))
    return {
        row.id: {
            "kind_text": f"议题·{kind_rules.KIND_TEXT[row.kind]}",
            "state_text": rules.STATE_TEXT[row.state],
            "next_text": rules.next_text(row.state, passed=row.passed),
            "open": row.state in rules.OPEN_STATES,
        }
        for row in rows
    }
