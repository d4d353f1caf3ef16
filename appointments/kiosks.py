"""Machines at the door of a hall (自助机): made, known by their key, ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from appointments.moves import hall_of
from appointments.remote_model import Kiosk

#: A machine that is in use is noted as seen this often, not at every touch.
SEEN_EVERY = timedelta(minutes=1)


def make(
    session: Session, *, kiosk_id: UUID, hall_id: UUID, name: str, key_hash: bytes, by: UUID,
    now: datetime,
) -> Kiosk:  # fmt: skip
    """A new machine of a hall; whoever knows the key behind the hash is this machine."""
    made = Kiosk(
        id=kiosk_id,
        hall_id=hall_of(session, hall_id).id,
        name=name,
        key_hash=key_hash,
        made_by=by,
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


def listed(session: Session, hall_id: UUID) -> list[Kiosk]:
    """The hall's machines, those in use first, then the latest first."""
    query = select(Kiosk).where(Kiosk.hall_id == hall_id)
    return list(
        session.scalars(query.order_by(Kiosk.ended_at.is_not(None), Kiosk.made_at.desc(), Kiosk.id))
    )


def known(session: Session, key_hash: bytes) -> Kiosk | None:
    """The machine with this key, as long as it has not been ended."""
    query = select(Kiosk).where(Kiosk.key_hash == key_hash, Kiosk.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def seen(session: Session, kiosk_id: UUID, now: datetime) -> None:
    """Note that the machine is in use, at most once a minute."""
    stale = or_(Kiosk.seen_at.is_(None), Kiosk.seen_at < now - SEEN_EVERY)
    session.execute(update(Kiosk).where(Kiosk.id == kiosk_id, stale).values(seen_at=now))


def end(session: Session, kiosk: Kiosk, now: datetime) -> bool:
    """Its key opens nothing any more; ending twice ends once (answers whether it ended now)."""
    ended = session.scalar(
        update(Kiosk)
        .where(Kiosk.id == kiosk.id, Kiosk.ended_at.is_(None))
        .values(ended_at=now, version=Kiosk.version + 1)
        .returning(Kiosk.id)
    )
    return ended is not None
