"""Campaigns as staff see them: in the list, and one with its preview, progress and history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from backend.domains.content import service as content
from backend.domains.identity import service as identity
from backend.domains.messages import campaign_audience, campaign_preview, rules
from backend.domains.messages import campaign_rules as c
from backend.domains.messages.campaign_model import Campaign
from backend.domains.messages.campaign_parts import Person, subject
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.trace import TraceEntry
from backend.kernel.uow import UnitOfWork
from notifications import campaigns as engine
from notifications.kinds import INBOX

_HANDED, _WAITING = ("accepted", "delivered"), ("created", "leased", "sending", "temporary_failure")
_BUSY = (c.RUNNING, c.DONE, c.STOPPED)


def cards(uow: UnitOfWork, rows: Sequence[Campaign]) -> list[dict[str, Any]]:
    """Rows of the list."""
    people = {one for row in rows for one in (row.created_by, row.released_by) if one}
    names = identity.staff_names(uow, people)
    return [_card(uow, row, names) for row in rows]


def show(uow: UnitOfWork, who: Principal, row: Campaign) -> dict[str, Any]:
    """One campaign with everything; `can` are the steps that the viewer may take now."""
    people = {one for one in (row.created_by, row.submitted_by, row.released_by) if one}
    names = identity.staff_names(uow, people)
    check = content.current(uow, subject(row.id)) if row.state == c.SUBMITTED else None
    can, why_not = _can(row, who)
    state = check.state if check else ""
    return {
        **_card(uow, row, names),
        "body": row.body,
        "link": row.link,
        "link_text": _link_text(row.link),
        "sms": row.sms,
        "sms_parts": campaign_preview.parts(uow, row),
        "ladder": row.ladder,
        "audience": row.audience,
        "expires_at": row.expires_at,
        "submitted_by": names.get(row.submitted_by, "") if row.submitted_by else "",
        "submitted_at": row.submitted_at,
        "released_at": row.released_at,
        "reason": row.reason,
        "version": row.version,
        "can": can,
        "why_not_release": why_not,
        "check_state": state,
        "check": content.notice(check),
        "must_read": bool(state) and c.read_problem(state, "", read=False) is not None
        and state not in (c.REFUSED, c.CHECKING),
        "preview": campaign_preview.of(uow, row),
        "progress": _progress(uow, row) if row.state in _BUSY else None,
        "entries": [_entry(one) for one in reversed(trace.entries(uow.session, subject(row.id)))],
        "fresh_at": uow.now,
    }  # fmt: skip


def _card(uow: UnitOfWork, row: Campaign, names: dict[UUID, str]) -> dict[str, Any]:
    given_up = row.state == c.STOPPED and row.released_at is None
    return {
        "id": row.id,
        "name": row.name,
        "title": row.title,
        "state": row.state,
        "state_text": "已放弃" if given_up else c.STATE_TEXT[row.state],
        "audience_text": campaign_audience.said(uow, row.audience),
        "ladder_texts": [rules.CHANNEL_TEXT[one] for one in row.ladder],
        "counted": row.counted,
        "written": row.written,
        "send_at": row.send_at,
        "created_at": row.created_at,
        "author": names.get(row.created_by, ""),
        "released_by": names.get(row.released_by, "") if row.released_by else "",
        "ended_at": row.ended_at,
    }


def _can(row: Campaign, who: Principal) -> tuple[list[str], str]:
    part = Person(who)
    can = [
        action for (state, action), way in c.TRANSITIONS.items()
        if state == row.state and any(part.plays(one) for one in way.who)
    ]  # fmt: skip
    why_not = ""
    if "release" in can:
        why_not = c.releaser_problem(
            who.actor.id, created_by=row.created_by, submitted_by=row.submitted_by
        ) or ""  # fmt: skip
    return [one for one in can if one != "release" or not why_not], why_not


def _progress(uow: UnitOfWork, row: Campaign) -> dict[str, Any]:
    found = engine.counts(uow.session, row.id)
    opened, shown = engine.read(uow.session, row.id)

    def total(*states: str) -> int:
        return sum(one.messages for one in found if one.state in states and one.channel != INBOX)

    return {
        "written": row.written,
        "handed": total(*_HANDED),
        "waiting": total(*_WAITING),
        "failed": total("permanent_failure", "technical_failure", "expired"),
        "stopped": sum(one.messages for one in found if one.stopped),
        "inbox_only": sum(
            one.messages
            for one in found
            if one.channel == INBOX or (one.state == "suppressed" and not one.stopped)
        ),
        "read": opened,
        "in_inbox": shown,
        "counts": [
            {
                "state": one.state,
                "state_text": rules.STATE_TEXT[one.state],
                "channel": one.channel,
                "channel_text": rules.CHANNEL_TEXT.get(one.channel, one.channel),
                "messages": one.messages,
            }
            for one in found
        ],
        "reasons": [
            {"text": rules.error_text(one.code, one.text) or "没有说明", "messages": one.messages}
            for one in engine.reasons(uow.session, row.id)
        ],
    }


def _entry(entry: TraceEntry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "who": entry.actor_name,
        "action": entry.action,
        "action_text": c.ACTION_TEXT.get(entry.action, entry.action),
        "reason": entry.reason,
        "words": entry.internal_text,
    }


def _link_text(link: str) -> str:
    return c.PAGE_TEXT[link.split("/")[1]] if link else "消息列表"
