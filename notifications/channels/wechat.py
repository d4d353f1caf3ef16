"""WeChat: subscribe messages of the mini-program, template messages of the service account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from notifications.channels.base import Addresses, Outcome, Parcel
from notifications.kinds import SERVICE, SUBSCRIBE
from notifications.rules import wechat_verdict


@dataclass(frozen=True, slots=True)
class Reply:
    """WeChat's answer. ``code`` None: no readable answer; ``arrived``: it may have taken effect."""

    code: int | None
    message_id: str | None = None
    text: str = ""
    arrived: bool = False


class Gateway(Protocol):
    """The calls this module needs of the application's client; they never raise."""

    def subscribe(self, openid: str, template_id: str, data: dict[str, str], page: str) -> Reply:
        """Send a subscribe message that opens ``page``."""
        ...

    def template(
        self, openid: str, template_id: str, data: dict[str, str], page: str, reference: str
    ) -> Reply:
        """Send a template message; ``reference`` lets WeChat drop a repetition."""
        ...


class SubscribeChannel:
    """Mini-program subscribe messages: each send uses up one grant.

    ``reports``: WeChat's push is set up, which tells what became of each.
    """

    name = SUBSCRIBE
    provider = "wechat"
    repeatable = False

    def __init__(
        self, gateway: Gateway, templates: Mapping[str, str], *, reports: bool = False
    ) -> None:
        self.reports = reports
        self._gateway = gateway
        self._templates = {key: value for key, value in templates.items() if value}

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        """An openid, a configured template, and values that fit it."""
        return bool(to.mini_openid and self.template(parcel) and SUBSCRIBE in parcel.payload)

    def template(self, parcel: Parcel) -> str | None:
        """The template id configured for the message's template key."""
        return self._templates.get(parcel.template_key)

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        """One call of subscribe/send; the card opens the message's page."""
        reply = self._gateway.subscribe(
            to.mini_openid or "",
            self._templates[parcel.template_key],
            parcel.payload[SUBSCRIBE],
            parcel.payload.get("page", ""),
        )
        return _outcome(reply)


class ServiceChannel:
    """Template messages to followers of the service account.

    ``drops``: WeChat is relied upon to drop a repetition of the same reference within ten
    minutes, as it documents; without it, what may have arrived is not sent again.
    """

    name = SERVICE
    provider = "wechat"

    def __init__(
        self, gateway: Gateway, template_id: str, *, reports: bool = False, drops: bool = True
    ) -> None:
        self.reports = reports
        self.repeatable = drops
        self._gateway = gateway
        self._template_id = template_id

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        """A known follower, a configured template, and values that fit it."""
        return bool(to.service_openid and self._template_id and SERVICE in parcel.payload)

    def template(self, parcel: Parcel) -> None:
        """Following is the consent."""

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        """One call of template/send; WeChat drops a repetition of the same reference."""
        reply = self._gateway.template(
            to.service_openid or "",
            self._template_id,
            parcel.payload[SERVICE],
            parcel.payload.get("page", ""),
            parcel.reference,
        )
        return _outcome(reply)


def _outcome(reply: Reply) -> Outcome:
    verdict = wechat_verdict(reply.code, reply.arrived)
    code = "" if reply.code in (None, 0) else str(reply.code)
    return Outcome(verdict, reply.message_id or "", code, reply.text)
