"""What a kind of message is: data, so that a new one needs no new code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from notifications.fitting import Unfit, cut, fit, kind_of, tidy
from notifications.rules import PATIENCE, SHANGHAI, Priority

INBOX = "inbox"
SUBSCRIBE = "wechat_subscribe"
SERVICE = "wechat_service"
SMS = "sms"
CHANNELS = (INBOX, SUBSCRIBE, SERVICE, SMS)
#: The most UTF-16 units of a title, a body and a text message (seven parts of 67).
_TITLE, _BODY, _TEXT = 100, 900, 469
_WEEKDAYS = "一二三四五六日"

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    Texts are ``str.format`` templates over the message's values; a moment prints as
    11月23日（周一）9:30, with ``:clock`` as 9:30, with ``:wechat`` as 2026年11月23日 09:30.
    ``link`` is what the inbox opens, ``page`` the mini-program page a WeChat card opens.
    ``ladder`` names the channels to try after the inbox, best first. ``may_repeat`` says
    whether it does less harm to arrive twice than not at all; ``patience`` is the number of
    attempts on one channel before the next is tried. ``grace`` is how long the channels after
    the inbox wait for a consent that the page is about to ask for.
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
    may_repeat: bool = False
    patience: int = PATIENCE
    grace: timedelta = timedelta()


class Kinds:
    """The known kinds; one that could not be sent is refused here, not when it is sent."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds: dict[str, Kind] = {}
        for kind in kinds:
            self._check(kind)
            self._kinds[kind.key] = kind

    def __getitem__(self, key: str) -> Kind:
        return self._kinds[key]

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
                 SMS: kind.sms}  # fmt: skip
        for channel in kind.ladder:
            if not needs[channel]:
                raise ValueError(f"{kind.key}: nothing to send through {channel}")
        for key, _ in (*kind.subscribe, *kind.service):
            kind_of(key)


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


def render(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The message's texts, as they will be shown and sent.

    A channel whose template does not take the values is left out and named under ``unfit``:
    a booking must not fail because of the message about it.
    """
    shown = {key: _shown(value) for key, value in values.items()}
    made: dict[str, Any] = {
        "title": cut(tidy(kind.title.format(**shown)), _TITLE),
        "body": cut(tidy(kind.body.format(**shown)), _BODY),
        "link": kind.link.format(**shown),
        "page": kind.page.format(**shown),
        "unfit": [],
    }
    for channel, fields in ((SUBSCRIBE, kind.subscribe), (SERVICE, kind.service)):
        if channel in kind.ladder:
            try:
                made[channel] = {key: fit(key, text.format(**shown)) for key, text in fields}
            except Unfit as error:
                made["unfit"].append(f"{channel}: {error}")
    if SMS in kind.ladder:
        made[SMS] = cut(tidy(kind.sms.format(**shown)), _TEXT)
    return made


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return Moment.fromtimestamp(value.timestamp(), SHANGHAI)
    return "" if value is None else value
