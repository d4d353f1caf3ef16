"""A resident's consents to WeChat reminders: what is granted, what became of it, taking it back."""

from typing import Any
from uuid import UUID

from backend.domains.identity import service as identity
from backend.domains.messages import rules
from backend.domains.messages.events import ConsentReported
from backend.domains.messages.kinds import KINDS, TEMPLATES
from backend.domains.messages.service import long_term_ids, template_ids
from backend.http.schemas import paginate
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork
from notifications import consent, outbox
from notifications.model import MessageGrantEvent

MOST_PER_TAP = 3
#: Templates of those who work here.
_WORK = frozenset({"task"})
_RETIRED = "不再使用的提醒"


def show(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """Every template in use, and any other of which something is left: how many sends are allowed.

    `waiting` counts the messages that want one and have none yet.
    """
    kept = consent.balances(uow.session, person_id)
    waiting = consent.awaited(uow.session, person_id)
    standing = long_term_ids(uow.services.settings)
    works = identity.work_account(uow, person_id) is not None
    rows = []
    for key, template_id in template_ids(uow.services.settings).items():
        grant = kept.pop(template_id, None)
        if key in _WORK and not works and grant is None:
            continue
        rows.append(
            {
                "key": key,
                "template_id": template_id,
                "title": TEMPLATES[key],
                "kinds": [kind.name for kind in KINDS if kind.template_key == key],
                "can_stand": template_id in standing,
                "remaining": grant.remaining if grant else 0,
                "long_term": grant.long_term if grant else False,
                "waiting": waiting.get(key, 0),
            }
        )
    rows += [
        {
            "key": "", "template_id": template_id, "title": _RETIRED, "kinds": [],
            "can_stand": grant.long_term, "remaining": grant.remaining,
            "long_term": grant.long_term, "waiting": 0,
        }
        for template_id, grant in kept.items()
        if grant.remaining or grant.long_term
    ]  # fmt: skip
    return rows


def report(uow: UnitOfWork, person_id: UUID, results: dict[str, str]) -> None:
    """Enter what the page learnt from one tap of `wx.requestSubscribeMessage`."""
    known = template_ids(uow.services.settings)
    if not results or len(results) > MOST_PER_TAP or not set(results) <= set(known.values()):
        problem = f"应为 1 到 {MOST_PER_TAP} 个已启用的提醒"
        raise Invalid("unknown_template", detail=problem, fields={"results": [problem]})
    standing = long_term_ids(uow.services.settings)
    for template_id, answer in sorted(results.items()):
        consent.report(
            uow.session, uow.now, person_id, template_id, answer, source="page",
            long_term=template_id in standing,
        )  # fmt: skip
    allowed = {key for key, value in known.items() if results.get(value) == "accept"}
    waiting = [kind.key for kind in KINDS if kind.grace and kind.template_key in allowed]
    outbox.hasten(uow.session, person_id, waiting, uow.now)
    uow.emit(ConsentReported(person_id, dict(results)))


def withdraw(uow: UnitOfWork, person_id: UUID, template_ids: list[str]) -> None:
    """Take consents back, whether or not the template is still in use; twice changes nothing."""
    consent.withdraw(uow.session, uow.now, person_id, template_ids)


def history(uow: UnitOfWork, person_id: UUID, *, limit: int, cursor: str | None) -> dict[str, Any]:
    """One page of what became of the person's consents, newest first."""
    titles = {
        template_id: TEMPLATES[key]
        for key, template_id in template_ids(uow.services.settings).items()
    }
    rows, further = paginate(
        uow.session,
        consent.history(person_id),
        [MessageGrantEvent.at, MessageGrantEvent.id],
        limit=limit,
        cursor=cursor,
    )
    return {
        "items": [
            {
                "id": row.id,
                "at": row.at,
                "title": titles.get(row.template_id, _RETIRED),
                "text": rules.consent_text(row.source, row.what, row.change),
                "change": row.change,
            }
            for row in rows
        ],
        "next_cursor": further,
    }
