"""What the engine needs of a channel, and what a channel gets from the engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable
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


#: ``addresses(session, person_keys)``: those of all of them, injected by the application.
AddressBook = Callable[[Session, Collection[UUID]], Mapping[UUID, Addresses]]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a channel is to send. ``reference`` is the same at every attempt.

    ``provider`` is who gets this attempt and ``number`` counts the attempts on this channel, this
    one included, where the channel has several providers. ``again``: it may have arrived before,
    and the provider is relied upon to drop this repetition.
    """

    reference: str
    kind: str
    template_key: str
    payload: dict[str, Any]
    may_repeat: bool = False
    provider: str = ""
    number: int = 1
    again: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to; ``code`` and ``text`` are the provider's, without addresses.

    ``elsewhere``: another provider of the same channel can be asked at once.
    """

    verdict: Verdict
    message_id: str = ""
    code: str = ""
    text: str = ""
    elsewhere: bool = False


class Channel(Protocol):
    """One way to a person.

    ``reports``: receipts come for what was accepted; silence is then a failure. ``repeatable``:
    the provider drops a repetition of the same reference, so an attempt that may have arrived
    can be made again.
    """

    name: str
    provider: str
    reports: bool
    repeatable: bool

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        """Whether this person can be reached this way with this message."""
        ...

    def template(self, parcel: Parcel) -> str | None:
        """The template whose grant a send uses up; None where no grant is needed."""
        ...

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        """Hand the message over. Trouble is an outcome, not an exception."""
        ...


#: Provider and outcome of each attempt before on the same channel, oldest first.
Tried = Sequence[tuple[str, str | None]]


@runtime_checkable
class SeveralProviders(Protocol):
    """A channel that sends through one of several providers."""

    def choose(self, parcel: Parcel, to: Addresses, tried: Tried) -> str:
        """Who gets the next attempt; written down before the call leaves."""
        ...
