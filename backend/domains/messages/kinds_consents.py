"""What people are told about acting for each other (代办)."""

from datetime import timedelta

from backend.domains.messages.samples import CONSENT
from notifications.kinds import SMS, Kind
from notifications.rules import Priority

_LINK = "/agent-consents"


ASKED = Kind(
    key="agent_consent_asked",
    name="代办确认",
    topic="appointments",
    values=CONSENT.of(),
    title="{other_name}{what}",
    body="{other_name}{what}：{item_name}，到{until_text}为止。是本人意愿再同意，不认识的请点不同意。",
    priority=Priority.CHANGE,
    life=timedelta(days=7),
    ladder=(SMS,),
    link=_LINK,
    sms="{other_name}{what}：{item_name}。请打开呼应小程序「代办」确认，不认识的请点不同意。",
)

CHANGED = Kind(
    key="agent_consent_changed",
    name="代办变化",
    topic="appointments",
    values=CONSENT.of(),
    title="代办：{what}",
    body="{other_name}，{item_name}：{what}。委托到{until_text}为止，随时可以在「代办」里撤回。",
    priority=Priority.CONFIRMATION,
    life=timedelta(days=7),
    link=_LINK,
)

KINDS = (ASKED, CHANGED)
