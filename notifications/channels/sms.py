"""Text messages: the last rung, for those without WeChat."""

from __future__ import annotations

from typing import Protocol

from notifications.channels.base import Addresses, Outcome, Parcel
from notifications.kinds import SMS


class Sender(Protocol):
    """Hands one text to the provider; trouble is an outcome, not an exception."""

    def __call__(self, phone: str, text: str, reference: str) -> Outcome:
        """Send ``text`` once, however often the same ``reference`` is given."""
        ...


class SmsChannel:
    """Texts through the application's provider."""

    name = SMS
    provider = "sms"

    def __init__(self, sender: Sender) -> None:
        self._send = sender

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        """A phone number and a text."""
        return bool(to.phone and parcel.payload.get(SMS))

    def template(self, parcel: Parcel) -> None:
        """Texts about one's own business need no grant."""

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        """One text; the provider drops a repetition of the same reference."""
        return self._send(to.phone or "", parcel.payload[SMS], parcel.reference)
