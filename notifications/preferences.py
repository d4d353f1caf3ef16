"""What people do not want told outside the inbox: topics they muted, channel by channel.

The inbox keeps every message. Calls and changes cannot be muted (``rules.may_be_muted``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from notifications.control_model import MessagePreference

#: Channels by person and topic.
Muted = Mapping[tuple[UUID, str], frozenset[str]]

_MUTED = select(MessagePreference.channel).where(
    MessagePreference.person_key == bindparam("of_person"),
    MessagePreference.topic == bindparam("of_topic"),
)

_MUTED_BY = select(
    MessagePreference.person_key, MessagePreference.topic, MessagePreference.channel
).where(MessagePreference.person_key == any_(bindparam("people", type_=ARRAY(Uuid()))))


def muted(session: Session, person_key: UUID, topic: str) -> frozenset[str]:
    """The channels through which this person wants nothing of this topic."""
    return frozenset(session.scalars(_MUTED, {"of_person": person_key, "of_topic": topic}))


def query_muted(topic: str, channel: str) -> Select[UUID]:
    """Everybody who muted this topic on this channel."""
    return select(MessagePreference.person_key).where(
        MessagePreference.topic == topic, MessagePreference.channel == channel
    )


def muted_by(session: Session, people: Collection[UUID]) -> Muted:
    """What all these people muted."""
    found: dict[tuple[UUID, str], set[str]] = {}
    for person, topic, channel in session.execute(_MUTED_BY, {"people": list(set(people))}):
        found.setdefault((person, topic), set()).add(channel)
    return {key: frozenset(channels) for key, channels in found.items()}


def choices(session: Session, person_key: UUID) -> dict[str, frozenset[str]]:
    """Everything a person muted: channels by topic."""
    found: dict[str, set[str]] = {}
    rows = session.execute(
        select(MessagePreference.topic, MessagePreference.channel).where(
            MessagePreference.person_key == person_key
        )
    )
    for topic, channel in rows:
        found.setdefault(topic, set()).add(channel)
    return {topic: frozenset(channels) for topic, channels in found.items()}


def mute(
    session: Session, now: datetime, person_key: UUID, topic: str, channels: Iterable[str]
) -> None:
    """Tell nothing more of a topic through these channels. Muting twice keeps the first moment."""
    rows = [
        {"person_key": person_key, "topic": topic, "channel": channel, "muted_at": now}
        for channel in sorted(set(channels))
    ]
    if rows:
        session.execute(insert(MessagePreference).values(rows).on_conflict_do_nothing())


def unmute(session: Session, person_key: UUID, topic: str, channels: Iterable[str]) -> None:
    """Tell a topic through these channels again."""
    session.execute(
        delete(MessagePreference)
        .where(
            MessagePreference.person_key == person_key,
            MessagePreference.topic == topic,
            MessagePreference.channel.in_(sorted(set(channels))),
        )
        .execution_options(synchronize_session=False)
    )


def move(session: Session, source: UUID, target: UUID) -> None:
    """Two accounts became one: what either had muted stays muted."""
    kept = select(
        MessagePreference.topic, MessagePreference.channel, MessagePreference.muted_at
    ).where(MessagePreference.person_key == source)
    rows = [{"person_key": target, **row._mapping} for row in session.execute(kept)]
    if rows:
        session.execute(insert(MessagePreference).values(rows).on_conflict_do_nothing())
    forget(session, source)


def forget(session: Session, person_key: UUID) -> None:
    """Nothing is kept of this person's choices."""
    session.execute(
        delete(MessagePreference)
        .where(MessagePreference.person_key == person_key)
        .execution_options(synchronize_session=False)
    )
