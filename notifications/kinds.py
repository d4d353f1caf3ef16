"""What a kind of message is: data, so that a new one needs no new code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from notifications.filling import card_value, filled
from notifications.fitting import Unfit, kind_of
from notifications.rules import PATIENCE, SHANGHAI, Priority

INBOX = "inbox"
SUBSCRIBE = "wechat_subscribe"
SERVICE = "wechat_service"
SMS = "sms"
#: To a group or a system of a unit's staff, not to a person.
STAFF_HOOK = "staff_hook"
CHANNELS = (INBOX, SUBSCRIBE, SERVICE, SMS, STAFF_HOOK)
#: The most UTF-16 units of a title, a body and a text message (seven parts of 67).
MOST = {"title": 100, "body": 900, "sms": 469, "staff": 469}
_A_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Value:
    """Something that every message of a kind says: what staff call it, and how far it goes.

    ``short`` and ``long`` are the shortest and the longest that it may be (a moment: a
    ``datetime``); texts are checked with both before they are used. What is ``whole`` (a number,
    an address, a time) is never shortened where room is short.
    """

    key: str
    name: str
    short: Any
    long: Any
    whole: bool = False

    @property
    def is_moment(self) -> bool:
        """Whether it is a point in time, which can be printed in several ways."""
        return isinstance(self.long, datetime)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    Texts are ``str.format`` templates over the message's values; a moment prints as
    11月23日（周一）9:30, with ``:clock`` as 9:30, with ``:wechat`` as 2026年11月23日 09:30.
    ``link`` is what the inbox opens, ``page`` the mini-program page a WeChat card opens.
    ``ladder`` names the channels to try after the inbox, best first. ``may_repeat`` says
    whether it does less harm to arrive twice than not at all; ``patience`` is the number of
    attempts on one channel before the next is tried. ``grace`` is how long the channels after
    the inbox wait for a consent that the page is about to ask for. ``topic`` is the group under
    which people mute it; without one it cannot be muted. A ``digest`` can wait for the evening
    and goes out in one message with the others of that person. ``staff`` are the words for a
    group or a system of a unit's staff (the channel STAFF_HOOK): they name nobody. ``values``
    are those that every message of the kind is given; texts which staff write may name them
    and no others.
    """

    key: str
    name: str
    title: str
    body: str
    priority: Priority
    life: timedelta
    ladder: tuple[str, ...] = ()
    link: str = ""
    page: str = ""
    template_key: str = ""
    subscribe: Fields = ()
    service: Fields = ()
    sms: str = ""
    staff: str = ""
    may_repeat: bool = False
    patience: int = PATIENCE
    grace: timedelta = timedelta()
    topic: str = ""
    digest: bool = False
    values: tuple[Value, ...] = ()

    @property
    def whole(self) -> frozenset[str]:
        """The keys of the values that are never shortened."""
        return frozenset(value.key for value in self.values if value.whole)


class Kinds:
    """The known kinds; one that could not be sent is refused here, not when it is sent."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds: dict[str, Kind] = {}
        for kind in kinds:
            self._check(kind)
            self._kinds[kind.key] = kind

    def __getitem__(self, key: str) -> Kind:
        return self._kinds[key]

    def __contains__(self, key: object) -> bool:
        return key in self._kinds

    def __iter__(self) -> Any:
        return iter(self._kinds.values())

    def name(self, key: str) -> str:
        """The kind's Chinese name; the key itself for a kind that is no longer used."""
        return self._kinds[key].name if key in self._kinds else key

    def _check(self, kind: Kind) -> None:
        if kind.key in self._kinds:
            raise ValueError(f"{kind.key}: two kinds of this name")
        unknown = set(kind.ladder) - set(CHANNELS[1:])
        if unknown:
            raise ValueError(f"{kind.key}: unknown channels {sorted(unknown)}")
        needs = {SUBSCRIBE: kind.subscribe and kind.template_key, SERVICE: kind.service,
                 SMS: kind.sms, STAFF_HOOK: kind.staff}  # fmt: skip
        for channel in kind.ladder:
            if not needs[channel]:
                raise ValueError(f"{kind.key}: nothing to send through {channel}")
        if kind.digest and (
            not kind.ladder or kind.priority <= Priority.CHANGE or kind.life <= _A_DAY
        ):
            raise ValueError(f"{kind.key}: this cannot wait for the evening")
        for key, _ in (*kind.subscribe, *kind.service):
            kind_of(key)
        for label in ("key", "name"):
            known = [getattr(value, label) for value in kind.values]
            if len(set(known)) < len(known):
                raise ValueError(f"{kind.key}: two values of one {label}")


class Moment(datetime):
    """A moment that prints as people read it."""

    def __format__(self, spec: str) -> str:
        local = self.astimezone(SHANGHAI)
        clock = f"{local.hour}:{local.minute:02d}"
        if spec == "clock":
            return clock
        day = f"{local.month}月{local.day}日"
        if spec == "wechat":
            return f"{local.year}年{day} {local.hour:02d}:{local.minute:02d}"
        return f"{day}（周{_WEEKDAYS[local.weekday()]}）{clock}"


def render(
    kind: Kind, values: Mapping[str, Any], ladder: Iterable[str] | None = None
) -> dict[str, Any]:
    """The message's texts, as they will be shown and sent on ``ladder`` (the kind's own).

    A channel whose template does not take the values is left out and named under ``unfit``:
    a booking must not fail because of the message about it.
    """
    rungs = set(kind.ladder if ladder is None else ladder)
    shown, whole = printable(values), kind.whole
    made: dict[str, Any] = {
        "title": filled(kind.title, shown, MOST["title"], whole),
        "body": filled(kind.body, shown, MOST["body"], whole),
        "link": kind.link.format(**shown),
        "page": kind.page.format(**shown),
        "unfit": [],
    }
    for channel, fields in ((SUBSCRIBE, kind.subscribe), (SERVICE, kind.service)):
        if channel in rungs and fields:
            try:
                made[channel] = {key: card_value(key, text, shown, whole) for key, text in fields}
            except Unfit as error:
                made["unfit"].append(f"{channel}: {error}")
    for channel, words in ((SMS, kind.sms), (STAFF_HOOK, kind.staff)):
        if channel in rungs and words:
            made[channel] = filled(words, shown, MOST["sms"], whole)
    return made


def printable(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as texts print them: moments in Chinese, nothing for None."""
    return {key: _shown(value) for key, value in values.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return Moment.fromtimestamp(value.timestamp(), SHANGHAI)
    return "" if value is None else value
