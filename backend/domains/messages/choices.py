"""What a resident wants to be told about, and how: the message settings, topic by topic."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from backend.domains.identity import service as identity
from backend.domains.messages.address_book import addresses
from backend.domains.messages.kinds import KINDS
from backend.domains.messages.topics import TOPICS
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork
from notifications import preferences
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Kind
from notifications.rules import Priority, may_be_muted

#: The ways people know, each with the engine's channels behind it.
WAYS = {"wechat": (SUBSCRIBE, SERVICE), "sms": (SMS,)}
WAY_TEXT = {"wechat": "微信提醒", "sms": "短信"}
#: Topics of those who work here; nobody else gets such messages.
_WORK = frozenset({"work", "knowledge"})


def show(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """Every topic that this person can be told about, with what is on and what cannot be off."""
    muted = preferences.choices(uow.session, person_id)
    works = identity.work_account(uow, person_id) is not None
    found = addresses(uow.services, uow.session, person_id)
    topics = [
        _topic(topic, name, muted.get(topic, frozenset()))
        for topic, name in TOPICS.items()
        if works or topic not in _WORK
    ]
    return {
        "topics": [topic for topic in topics if topic["ways"]],
        "reach": {
            "wechat": bool(found.mini_openid or found.service_openid),
            "sms": bool(found.phone),
        },
    }


def choose(uow: UnitOfWork, person_id: UUID, *, topic: str, way: str, on: bool) -> None:
    """Mute a topic this way, or tell it again.

    Raises ``Invalid`` where the topic is never told this way, ``Conflict`` where all of it must be.
    """
    kinds = _told(topic, way)
    if not kinds:
        raise Invalid("unknown_topic", fields={"topic": ["没有这一类消息，或不用这种方式告诉"]})
    if on:
        preferences.unmute(uow.session, person_id, topic, WAYS[way])
        return
    if not any(_mutable(kind) for kind in kinds):
        raise Conflict(
            "cannot_be_muted",
            title="这一类不能关",
            detail="叫号、取消和变更误不得，总会告诉您",
            action="别的消息可以关",
        )
    preferences.mute(uow.session, uow.now, person_id, topic, WAYS[way])


def _topic(topic: str, name: str, muted: frozenset[str]) -> dict[str, Any]:
    kinds = [kind for kind in KINDS if kind.topic == topic and _personal(kind.ladder)]
    ways = []
    for way, channels in WAYS.items():
        told = _told(topic, way)
        if told:
            # Whoever muted one channel of a way and not the other is still told that way.
            off = all(channel in muted for channel in channels)
            can_mute = any(_mutable(kind) for kind in told)
            ways.append({"way": way, "name": WAY_TEXT[way], "can_mute": can_mute, "on": not off})
    return {
        "topic": topic,
        "name": name,
        "always": _names(kind for kind in kinds if not _mutable(kind)),
        "optional": _names(kind for kind in kinds if _mutable(kind)),
        "ways": ways,
    }


def _told(topic: str, way: str) -> list[Kind]:
    channels = set(WAYS[way])
    return [kind for kind in KINDS if kind.topic == topic and channels & set(kind.ladder)]


def _personal(ladder: tuple[str, ...]) -> bool:
    return any(set(channels) & set(ladder) for channels in WAYS.values())


def _mutable(kind: Kind) -> bool:
    return may_be_muted(Priority(kind.priority), kind.topic)


def _names(kinds: Iterable[Kind]) -> list[str]:
    return list(dict.fromkeys(kind.name for kind in kinds))
