"""From what happened in the register of a community to what residents and its workers are told."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from backend.domains.community import events as e
from backend.domains.messages import kinds_register as k
from backend.domains.messages import letters
from backend.kernel.events import EventBus
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.kinds import Kind

_RELATIONS = {"owner": "产权人", "family": "家庭成员", "tenant": "租户"}
_ENDED = {"refused": "没有通过", "ended": "已解除"}
_PROXY_ENDED = {"refused": "没有通过", "revoked": "已撤销"}


def subscribe(events: EventBus) -> None:
    """Hear of everything that somebody must do, or waits for."""
    events.subscribe(e.HomeClaimed, on_claimed)
    events.subscribe(e.HomeDecided, on_decided)
    events.subscribe(e.TransferRequested, on_transfer_asked)
    events.subscribe(e.TransferDecided, on_transfer_decided)
    events.subscribe(e.ProxyChanged, on_proxy)


def on_claimed(uow: UnitOfWork, event: e.HomeClaimed) -> None:
    """The community's workers look at it."""
    subject = Subject("residence", event.residence_id)
    relation = _RELATIONS[event.relation]
    _tell(uow, subject, k.CLAIMED, letters.phones(uow, event.staff_ids), event,
          title="住处待确认", relation_text=relation)  # fmt: skip


def on_decided(uow: UnitOfWork, event: e.HomeDecided) -> None:
    """The resident hears what became of it."""
    subject = Subject("residence", event.residence_id)
    letters.stop(uow, subject, k.CLAIMED, k.CONFIRMED)
    if event.state == "confirmed":
        _tell(uow, subject, k.CONFIRMED, [event.person_id], event, title="住处确认")
        return
    result = _ENDED[event.state]
    _tell(uow, subject, k.NOT_CONFIRMED, [event.person_id], event,
          title="住处确认", result=result, reason=event.reason)  # fmt: skip


def on_transfer_asked(uow: UnitOfWork, event: e.TransferRequested) -> None:
    """The community's workers compare the papers."""
    subject = Subject("transfer", event.transfer_id)
    people = letters.phones(uow, event.staff_ids)
    _tell(uow, subject, k.TRANSFER_ASKED, people, event, title="过户待核对")


def on_transfer_decided(uow: UnitOfWork, event: e.TransferDecided) -> None:
    """Who asked hears what became of it; who owned it until now, that they do no longer."""
    subject = Subject("transfer", event.transfer_id)
    outbox.cancel(uow.session, subject, [k.TRANSFER_ASKED.key], uow.now)
    former = [one for one in event.former_ids if one != event.person_id]
    _tell(uow, subject, k.TRANSFERRED_AWAY, former, event, title="房屋过户")
    if event.person_id is None:
        return
    kind = k.TRANSFERRED if event.state == "confirmed" else k.NOT_TRANSFERRED
    _tell(uow, subject, kind, [event.person_id], event, title="房屋过户", reason=event.reason)


def on_proxy(uow: UnitOfWork, event: e.ProxyChanged) -> None:
    """Holder and principals hear of a new one and of its end, but not who did it by the own hand.

    Whoever's vote was given away by a paper, or by a co-owner, must learn of it in time.
    """
    subject = Subject("proxy", event.proxy_id)
    if event.state == "confirmed":
        if event.holder_id is not None:
            _tell(uow, subject, k.PROXY_GIVEN, [event.holder_id], event,
                  title="投票委托", until_text=event.until_text)  # fmt: skip
        theirs = [one for one in event.principal_ids if one not in (event.given_by, uow.actor.id)]
        _tell(uow, subject, k.PROXY_TAKEN, theirs, event,
              title="投票委托", until_text=event.until_text)  # fmt: skip
        return
    outbox.cancel(uow.session, subject, [k.PROXY_GIVEN.key, k.PROXY_TAKEN.key], uow.now)
    others = {event.holder_id, event.given_by, *event.principal_ids} - {uow.actor.id, None}
    people = [one for one in others if one is not None]
    reason = f"{event.reason}。" if event.reason else ""
    _tell(uow, subject, k.PROXY_ENDED, people, event,
          title="投票委托", result=_PROXY_ENDED[event.state], reason=reason)  # fmt: skip


def _tell(
    uow: UnitOfWork, subject: Subject, kind: Kind, people: Iterable[UUID], event: Any, **more: Any
) -> None:
    values = {
        "place": event.community_name, "label": event.label, "at": event.at,
        "reason": "", **more,
    }  # fmt: skip
    letters.write(uow, subject, kind, [(person, event.label, values) for person in people])
