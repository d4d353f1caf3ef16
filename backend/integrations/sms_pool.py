"""Several providers of text messages as one: by weight, and another where one surely failed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping

import structlog

from backend.integrations.sms import SmsError, SmsProvider

log = structlog.get_logger()
#: ``pick(weights, chance)`` names one of the providers.
Pick = Callable[[Mapping[str, int], float], str]


class SmsPool:
    """Texts that belong to no message of the outbox (sign-in codes) go through ``send``."""

    def __init__(
        self, providers: Iterable[SmsProvider], weights: Callable[[], Mapping[str, int]],
        pick: Pick, *, chance: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self._providers = {one.name: one for one in providers}
        self._weights = weights
        self._pick = pick
        self._chance = chance
        if not self._providers:
            raise ValueError("a pool needs a provider")

    def __repr__(self) -> str:
        return f"SmsPool({', '.join(self._providers)})"

    @property
    def providers(self) -> Mapping[str, SmsProvider]:
        """The providers by name."""
        return self._providers

    def weights(self) -> dict[str, int]:
        """Their shares as they hold now."""
        found = self._weights()
        return {name: found.get(name, 0) for name in self._providers}

    def send(self, phone: str, text: str, *, reference: str = "") -> str:
        """Hand over one text; raises the last ``SmsError``.

        Another provider is asked only where the one before surely did not take it, and where it
        is not the number or the words that are refused.
        """
        left = self.weights()
        while True:
            name = self._pick(left, self._chance())
            try:
                return self._providers[name].send(phone, text, reference=reference)
            except SmsError as error:
                del left[name]
                if error.kind not in ("busy", "unreachable") or not left:
                    raise
                log.warning("another provider is asked", failed=name, code=error.code)
