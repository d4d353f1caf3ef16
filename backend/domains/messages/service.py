"""What other domains and the routes ask of messages: inbox, consents, templates."""

from typing import Any
from uuid import UUID

from backend.config import Settings
from backend.domains.messages.events import ConsentReported
from backend.domains.messages.kinds import KINDS, TEMPLATES
from backend.http.schemas import paginate
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from notifications import consent, outbox
from notifications.channels import inbox
from notifications.model import InboxMessage

MOST_PER_TAP = 3


def template_ids(settings: Settings) -> dict[str, str]:
    """The configured subscribe templates by key; those not set are left out."""
    wechat = settings.wechat
    found = {
        "booked": wechat.template_booked,
        "called": wechat.template_called,
        "reminder": wechat.template_reminder,
        "event": wechat.template_event,
        "task": wechat.template_task,
        "ticket": wechat.template_ticket,
    }
    return {key: value for key, value in found.items() if value}


def subscribe_templates(services: Services) -> list[dict[str, str]]:
    """The part `subscribe_templates` of GET /config."""
    found = template_ids(services.settings)
    return [
        {"key": key, "template_id": found[key], "title": title}
        for key, title in TEMPLATES.items()
        if key in found
    ]


def may_send(uow: UnitOfWork, person_id: UUID, template_key: str) -> bool:
    """Whether the person still allows a reminder of this template."""
    template_id = template_ids(uow.services.settings).get(template_key)
    return bool(template_id) and consent.allows(uow.session, person_id, str(template_id))


def list_inbox(
    uow: UnitOfWork, person_id: UUID, *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """One page of the person's inbox, newest first, and how many are unread in all."""
    rows, further = paginate(
        uow.session,
        inbox.visible(person_id, uow.now),
        [InboxMessage.visible_from, InboxMessage.id],
        limit=limit,
        cursor=cursor,
    )
    return {
        "items": rows,
        "next_cursor": further,
        "unread": inbox.unread(uow.session, person_id, uow.now),
    }


def read(uow: UnitOfWork, person_id: UUID, message_id: UUID) -> InboxMessage:
    """Mark one message read; another person's message does not exist."""
    row = inbox.find(uow.session, person_id, message_id, uow.now)
    if row is None:
        raise NotFound("message_not_found", action="请返回消息列表刷新")
    row.read_at = row.read_at or uow.now
    uow.session.flush()
    return row


def read_all(uow: UnitOfWork, person_id: UUID) -> int:
    """Mark everything read; how many were not."""
    return inbox.mark_all_read(uow.session, person_id, uow.now)


def grants(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """For each template: how many sends the person still allows."""
    kept = consent.balances(uow.session, person_id)
    found = []
    for template in subscribe_templates(uow.services):
        grant = kept.get(template["template_id"])
        found.append(
            {
                "template_id": template["template_id"],
                "title": template["title"],
                "remaining": grant.remaining if grant else 0,
                "long_term": grant.long_term if grant else False,
            }
        )
    return found


def report_consent(uow: UnitOfWork, person_id: UUID, results: dict[str, str]) -> None:
    """Enter what the page learnt from one tap of `wx.requestSubscribeMessage`."""
    known = set(template_ids(uow.services.settings).values())
    if not results or len(results) > MOST_PER_TAP or not set(results) <= known:
        problem = f"应为 1 到 {MOST_PER_TAP} 个已启用的提醒"
        raise Invalid("unknown_template", detail=problem, fields={"results": [problem]})
    for template_id, answer in sorted(results.items()):
        consent.report(uow.session, uow.now, person_id, template_id, answer, source="page")
    allowed = {key for key, value in template_ids(uow.services.settings).items()
               if results.get(value) == "accept"}  # fmt: skip
    waiting = [kind.key for kind in KINDS if kind.template_key in allowed]
    outbox.hasten(uow.session, person_id, waiting, uow.now)
    uow.emit(ConsentReported(person_id, dict(results)))
