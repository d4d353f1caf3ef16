"""Text messages: the last rung, for those without WeChat."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from notifications.channels.base import Addresses, Outcome, Parcel, Tried
from notifications.kinds import SMS
from notifications.rules import Verdict
from notifications.weight_rules import another, chosen


class Sender(Protocol):
    """Hands one text to a provider; trouble is an outcome, not an exception."""

    def __call__(self, phone: str, text: str, reference: str, provider: str) -> Outcome:
        """Send ``text`` once, however often ``provider`` is given the same ``reference``."""
        ...


class SmsChannel:
    """Texts through the application's providers, each getting its share.

    ``weights`` tells the shares as they hold now. Where a provider surely did not take a text
    another is asked at once; where it may have it, the same one is asked again.
    """

    name = SMS
    provider = SMS
    repeatable = True

    def __init__(
        self, sender: Sender, weights: Callable[[], Mapping[str, int]], *,
        chance: Callable[[], float] = random.random, reports: bool = False,
    ) -> None:  # fmt: skip
        self.reports = reports
        self._send = sender
        self._weights = weights
        self._chance = chance

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        """A phone number and a text."""
        return bool(to.phone and parcel.payload.get(SMS))

    def template(self, parcel: Parcel) -> None:
        """Texts about one's own business need no grant."""

    def choose(self, parcel: Parcel, to: Addresses, tried: Tried) -> str:
        """By share; not the one that just failed, but the one that may already have it."""
        return chosen(self._weights(), tried, may_repeat=parcel.may_repeat, chance=self._chance())

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        """One text; the provider drops a repetition of the same reference."""
        weights = self._weights()
        provider = parcel.provider if parcel.provider in weights else sorted(weights)[0]
        found = self._send(to.phone or "", parcel.payload[SMS], parcel.reference, provider)
        if found.verdict is Verdict.RETRY and another(len(weights), parcel.number):
            return replace(found, elsewhere=True)
        return found
