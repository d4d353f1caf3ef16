"""What other domains and the routes ask of messages: inbox, templates, whether one may send."""

from typing import Any
from uuid import UUID

from backend.config import Settings
from backend.domains.messages.kinds import KINDS, TEMPLATES
from backend.domains.messages.topics import TOPICS
from backend.http.schemas import paginate
from backend.kernel.errors import NotFound
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from notifications import consent
from notifications.channels import inbox
from notifications.model import InboxMessage


def template_ids(settings: Settings) -> dict[str, str]:
    """The configured subscribe templates by key; those not set are left out."""
    return settings.wechat.templates


def long_term_ids(settings: Settings) -> frozenset[str]:
    """The ids of the templates that a person allows once, until withdrawn."""
    found = settings.wechat.templates
    return frozenset(found[key] for key in settings.wechat.long_term if key in found)


def subscribe_templates(services: Services) -> list[dict[str, Any]]:
    """The part `subscribe_templates` of GET /config."""
    found = template_ids(services.settings)
    standing = services.settings.wechat.long_term
    return [
        {"key": key, "template_id": found[key], "title": title, "long_term": key in standing}
        for key, title in TEMPLATES.items()
        if key in found
    ]


def may_send(uow: UnitOfWork, person_id: UUID, template_key: str) -> bool:
    """Whether the person still allows a reminder of this template."""
    template_id = template_ids(uow.services.settings).get(template_key)
    return bool(template_id) and consent.allows(uow.session, person_id, str(template_id))


def list_inbox(
    uow: UnitOfWork,
    person_id: UUID,
    *,
    limit: int,
    cursor: str | None,
    topic: str | None = None,
    unread: bool = False,
) -> dict[str, Any]:
    """One page of the person's inbox, newest first; how many are unread in all, and by topic."""
    query = inbox.visible(person_id, uow.now)
    if topic is not None:
        query = query.where(InboxMessage.kind.in_([k.key for k in KINDS if k.topic == topic]))
    if unread:
        query = query.where(InboxMessage.read_at.is_(None))
    rows, further = paginate(
        uow.session,
        query,
        [InboxMessage.visible_from, InboxMessage.id],
        limit=limit,
        cursor=cursor,
    )
    counts = inbox.count_by_kind(uow.session, person_id, uow.now)
    return {
        "items": [_card(row) for row in rows],
        "next_cursor": further,
        "unread": sum(new for _, new in counts.values()),
        "topics": _topics(counts),
    }


def read(uow: UnitOfWork, person_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Mark one message read; another person's message does not exist."""
    row = inbox.find(uow.session, person_id, message_id, uow.now)
    if row is None:
        raise NotFound("message_not_found", action="请返回消息列表刷新")
    row.read_at = row.read_at or uow.now
    uow.session.flush()
    return _card(row)


def read_all(uow: UnitOfWork, person_id: UUID, topic: str | None = None) -> int:
    """Mark everything (of a topic) read; how many were not."""
    kinds = None if topic is None else [kind.key for kind in KINDS if kind.topic == topic]
    return inbox.mark_all_read(uow.session, person_id, uow.now, kinds)


def unread(uow: UnitOfWork, person_id: UUID) -> int:
    """How many messages the person has not read yet."""
    return inbox.unread(uow.session, person_id, uow.now)


def _card(row: InboxMessage) -> dict[str, Any]:
    topic = KINDS[row.kind].topic if row.kind in KINDS else ""
    return {
        "id": row.id, "kind": row.kind, "topic": topic, "topic_text": TOPICS.get(topic, ""),
        "title": row.title, "body": row.body, "visible_from": row.visible_from,
        "read_at": row.read_at, "link": row.link,
    }  # fmt: skip


def _topics(counts: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    found = []
    for topic, name in TOPICS.items():
        of = [counts[kind.key] for kind in KINDS if kind.topic == topic and kind.key in counts]
        if of:
            total, new = (sum(numbers) for numbers in zip(*of, strict=True))
            found.append({"topic": topic, "name": name, "total": total, "unread": new})
    return found
