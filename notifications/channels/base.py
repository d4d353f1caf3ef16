"""What the engine needs of a channel, and what a channel gets from the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from notifications.rules import Verdict


class Addresses(Protocol):
    """Where a person can be reached; None where not."""

    @property
    def mini_openid(self) -> str | None:
        """The openid in the mini-program."""
        ...

    @property
    def service_openid(self) -> str | None:
        """The openid at the service account, of a follower."""
        ...

    @property
    def phone(self) -> str | None:
        """The mobile number."""
        ...


#: ``addresses(session, person_key)``, injected by the application.
AddressBook = Callable[[Session, UUID], Addresses]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a channel is to send. ``reference`` is the same at every attempt."""

    reference: str
    kind: str
    template_key: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to; ``code`` and ``text`` are the provider's, without addresses."""

    verdict: Verdict
    message_id: str = ""
    code: str = ""
    text: str = ""


class Channel(Protocol):
    """One way to a person."""

    name: str
    provider: str

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        """Whether this person can be reached this way with this message."""
        ...

    def template(self, parcel: Parcel) -> str | None:
        """The template whose grant a send uses up; None where no grant is needed."""
        ...

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        """Hand the message over. Trouble is an outcome, not an exception."""
        ...
