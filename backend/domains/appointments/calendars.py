"""One's appointments in one's own calendar: a file for one, a private feed for all."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from appointments import ical
from appointments.model import Appointment, Hall
from appointments.remote_model import CalendarFeed
from appointments.rules import State
from backend.domains.appointments import service
from backend.kernel import trace
from backend.kernel.errors import NotFound
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

#: What the feed still shows of the past, so that a calendar does not lose what was just done.
FEED_PAST = timedelta(days=90)
#: How many appointments a feed holds at most, the latest ones.
FEED_MOST = 300
#: How often one address may be asked; calendars look about once an hour.
FEED_RATE = "60 per hour"
_PURPOSE = "calendar-feed"


def file_of(uow: UnitOfWork, person_id: UUID, appointment_id: UUID) -> str:
    """The person's own appointment as an iCalendar file."""
    row = service.mine(uow, person_id, appointment_id)
    return _written(uow, [row], name=row.details["item_name"], materials=True)


def feed_of(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """The address of the person's feed; both are None while there is none."""
    return _shown(uow, uow.session.get(CalendarFeed, person_id))


def open_feed(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """A new address; one there was before stops at once."""
    nonce = secrets.token_bytes(16)
    fresh = {
        "nonce": nonce,
        "token_hash": _hash(_token(uow, person_id, nonce)),
        "created_at": uow.now,
    }
    row = uow.session.scalars(
        insert(CalendarFeed)
        .values(person_key=person_id, **fresh)
        .on_conflict_do_update(index_elements=["person_key"], set_=fresh)
        .returning(CalendarFeed)
        .execution_options(populate_existing=True)
    ).one()
    _traced(uow, person_id, "open_feed")
    return _shown(uow, row)


def close_feed(uow: UnitOfWork, person_id: UUID) -> None:
    """Whoever has the address reads nothing more."""
    if forget(uow, person_id):
        _traced(uow, person_id, "close_feed")


def forget(uow: UnitOfWork, person_id: UUID) -> bool:
    """Take the feed away, whether there was one."""
    gone = uow.session.scalars(
        delete(CalendarFeed)
        .where(CalendarFeed.person_key == person_id)
        .returning(CalendarFeed.person_key)
    )
    return gone.one_or_none() is not None


def read_feed(uow: UnitOfWork, token: str) -> str:
    """What stands behind an address: when, where and what for, and nothing more."""
    feed = uow.session.scalars(
        select(CalendarFeed).where(CalendarFeed.token_hash == _hash(token))
    ).one_or_none()
    if feed is None:
        raise NotFound(
            "feed_unknown",
            title="这个日历地址已停用",
            action="请在小程序的「我的预约」里重新打开日历订阅",
        )
    uow.services.limiter.hit(FEED_RATE, _PURPOSE, feed.token_hash.hex()[:32])
    rows = uow.session.scalars(
        select(Appointment)
        .where(
            or_(
                Appointment.person_key == feed.person_key,
                Appointment.agent_key == feed.person_key,
            ),
            Appointment.start_at >= uow.now - FEED_PAST,
        )
        .order_by(Appointment.start_at.desc(), Appointment.id)
        .limit(FEED_MOST)
    )
    return _written(uow, list(rows), name="我的办事预约", materials=False)


def export(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """Whether there is a feed, and since when."""
    row = uow.session.get(CalendarFeed, person_id)
    return [{"created_at": row.created_at.isoformat(timespec="seconds")}] if row else []


def _token(uow: UnitOfWork, person_id: UUID, nonce: bytes) -> str:
    signed = uow.services.privacy.sign(f"{person_id}:{nonce.hex()}", _PURPOSE)
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _shown(uow: UnitOfWork, row: CalendarFeed | None) -> dict[str, Any]:
    if row is None:
        return {"url": None, "created_at": None}
    token = _token(uow, row.person_key, row.nonce)
    base = uow.services.settings.public_url.rstrip("/")
    return {"url": f"{base}/api/v1/calendar-feeds/{token}.ics", "created_at": row.created_at}


def _traced(uow: UnitOfWork, person_id: UUID, action: str) -> None:
    trace.record(uow, subject=Subject("person", person_id), action=action)


def _written(uow: UnitOfWork, rows: Sequence[Appointment], *, name: str, materials: bool) -> str:
    places = {
        hall.id: hall
        for hall in uow.session.scalars(select(Hall).where(Hall.id.in_({r.hall_id for r in rows})))
    }
    entries = [_entry(uow, row, places[row.hall_id], materials=materials) for row in rows]
    return ical.calendar(entries, name, uow.now)


def _entry(uow: UnitOfWork, row: Appointment, hall: Hall, *, materials: bool) -> ical.Entry:
    bring = row.details.get("materials", []) if materials else []
    video = row.channel == "video"
    where = " ".join(filter(None, (hall.name, hall.address, hall.floor)))
    return ical.Entry(
        # Not the id itself, which other programs of a calendar's owner need not know.
        uid=f"{uow.services.privacy.sign(str(row.id), 'calendar-uid')[:16].hex()}@huying",
        sequence=row.version - 1,
        start=row.start_at,
        end=row.end_at,
        summary=f"{row.details['item_name']}（{'视频办理' if video else hall.name}）",
        location=f"视频，{hall.name}" if video else where,
        cancelled=row.state == State.CANCELLED,
        description=f"请带上：{'、'.join(bring)}" if bring else "",
    )
