"""To the staff of a unit: a group robot, or a system that takes a signed webhook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from notifications.channels.base import Addresses, Outcome, Parcel, Tried
from notifications.kinds import STAFF_HOOK


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a unit's messages go. The address of a robot is its password, so it is not shown."""

    dialect: str
    address: str = field(repr=False)
    secret: str = field(repr=False, default="")


@runtime_checkable
class HookAddresses(Addresses, Protocol):
    """The addresses of what is not a person."""

    @property
    def hook(self) -> Hook | None:
        """Where to; None where it was switched off."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told, in words that name nobody, and the page of the console it is about."""

    reference: str
    kind: str
    title: str
    text: str
    link: str


class HookGateway(Protocol):
    """The calls this module needs of the application; they never raise."""

    def __call__(self, hook: Hook, notice: Notice) -> Outcome:
        """Hand one notice over."""
        ...


class StaffHookChannel:
    """Groups and systems of staff. ``provider`` of an attempt is the dialect it was sent in."""

    name = STAFF_HOOK
    provider = STAFF_HOOK
    reports = False
    repeatable = False

    def __init__(self, gateway: HookGateway) -> None:
        self._gateway = gateway

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        """A hook that is switched on, and words for it."""
        return _hook(to) is not None and bool(parcel.payload.get(STAFF_HOOK))

    def template(self, parcel: Parcel) -> None:
        """Staff are told without a grant."""

    def choose(self, parcel: Parcel, to: Addresses, tried: Tried) -> str:
        """The dialect of this hook; there is nobody else to ask."""
        hook = _hook(to)
        return hook.dialect if hook else self.provider

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        """One notice; a receiver of webhooks drops a repetition of the same reference."""
        hook = _hook(to)
        assert hook is not None, "ready() was asked first"
        made = parcel.payload
        notice = Notice(
            parcel.reference, parcel.kind, made["title"], made[STAFF_HOOK], made.get("link", "")
        )
        return self._gateway(hook, notice)


def _hook(to: Addresses) -> Hook | None:
    return to.hook if isinstance(to, HookAddresses) else None
