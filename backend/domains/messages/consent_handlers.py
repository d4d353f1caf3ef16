"""From a consent to act for somebody to what the other one is told."""

from backend.domains.appointments.events import (
    AgentConsentAsked,
    AgentConsentChanged,
    AgentConsentEvent,
)
from backend.domains.messages import kinds_consents
from backend.kernel.clock import day_text
from backend.kernel.events import EventBus
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.kinds import Kind
from notifications.outbox import Draft

_ASKED = {"principal": "想替您办事", "agent": "请您替他办事"}
_NOW = {
    "given": "委托已同意",
    "refused": "对方没有同意",
    "withdrawn": "委托已撤回",
}
_PAPER = "窗口登记了代办委托"


def subscribe(events: EventBus) -> None:
    """Hear of consents."""
    events.subscribe(AgentConsentAsked, on_asked)
    events.subscribe(AgentConsentChanged, on_changed)


def on_asked(uow: UnitOfWork, event: AgentConsentAsked) -> None:
    """Ask for the answer."""
    _send(uow, event, kinds_consents.ASKED, _ASKED[event.role])


def on_changed(uow: UnitOfWork, event: AgentConsentChanged) -> None:
    """Tell the other one how it stands now; a question that waits is over."""
    outbox.cancel(uow.session, _subject(event), [kinds_consents.ASKED.key], uow.now)
    paper = event.way == "paper" and event.state == "given"
    _send(uow, event, kinds_consents.CHANGED, _PAPER if paper else _NOW[event.state])


def _send(uow: UnitOfWork, event: AgentConsentEvent, kind: Kind, what: str) -> None:
    outbox.enqueue_many(
        uow.session,
        uow.now,
        [Draft(kind, dedupe_key=f"{kind.key}:{event.consent_id}:{event.person_id}:{event.state}")],
        person_key=event.person_id,
        subject=_subject(event),
        values={
            "other_name": event.other_name,
            "item_name": event.item_name,
            "what": what,
            "until_text": day_text(event.until),
            "at": uow.now,
        },
    )


def _subject(event: AgentConsentEvent) -> Subject:
    return Subject("agent_consent", event.consent_id)
