"""How far the day's quotas are used, and where bulk is stopped: for whoever looks on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor
from uuid import UUID

from sqlalchemy.orm import Session

from notifications.buckets import RESERVE, Buckets, Use
from notifications.limits import BY_READER, known

REFUSED, SPENT = "refused", "spent"


@dataclass(frozen=True, slots=True)
class Quota:
    """One channel, one template of it (``channel:template``) or one reader (``reader``).

    ``sent`` is None where nobody counts. Bulk waits until ``until``: the provider refused for its
    quota (``why`` REFUSED), or what bulk may have of the day's quota is spent (SPENT).
    """

    key: str
    reader: UUID | None
    per_day: int | None
    sent: int | None
    until: datetime | None
    why: str | None


def quotas(
    session: Session, buckets: Buckets, now: datetime, readers: Sequence[UUID] = ()
) -> list[Quota]:
    """Each channel and template that has a speed or a quota, in order; the ``readers`` of the
    channels that count each reader apart stand in the place of the channel.
    """
    asked: list[tuple[str, UUID | None, int | None]] = []
    for key, rate in sorted(known(session).rates.items()):
        people: Sequence[UUID | None] = readers if key in BY_READER else (None,)
        asked += [(key, one, rate.per_day) for one in people]
    uses = buckets.uses([f"{key}:{reader}" if reader else key for key, reader, _ in asked])
    if uses is None:
        return [Quota(*one, None, None, None) for one in asked]
    return [_quota(one, use, now) for one, use in zip(asked, uses, strict=True)]


def bulk_share(per_day: int) -> int:
    """How many of a day's quota bulk may see used before it stops."""
    return per_day - floor(per_day * RESERVE)


def _quota(asked: tuple[str, UUID | None, int | None], use: Use, now: datetime) -> Quota:
    per_day = asked[2]
    if per_day is not None and use.sent >= bulk_share(per_day):
        return Quota(*asked, use.sent, now + use.day_left, SPENT)
    if use.paused:
        return Quota(*asked, use.sent, now + use.paused, REFUSED)
    return Quota(*asked, use.sent, None, None)
