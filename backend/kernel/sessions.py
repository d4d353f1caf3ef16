"""Sessions: opaque tokens, hashed at rest, revocable at once."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import String, bindparam, delete, update
from sqlalchemy import select as sa_select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

T = TypeVar("T", bound=Base)
LIFETIME = {"person": timedelta(days=30), "staff": timedelta(hours=10)}
IDLE = {"person": timedelta(days=14), "staff": timedelta(hours=2)}
_TOUCH_EVERY = timedelta(minutes=1)


class SessionRow(Base):
    """A signed-in device. `principal_kind` is person or staff."""

    __tablename__ = "session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    principal_kind: Mapped[str] = mapped_column(String(10))
    principal_id: Mapped[UUID] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """Told to the device once; the token is stored nowhere on our side."""

    id: UUID
    token: str
    csrf_token: str
    expires_at: datetime


def open_session(
    uow: UnitOfWork, *, principal_kind: str, principal_id: UUID, channel: str
) -> OpenedSession:
    """A fresh session with a token of 256 random bits."""
    token = secrets.token_urlsafe(32)
    row = SessionRow(
        id=new_id(),
        token_hash=_hash(token),
        principal_kind=principal_kind,
        principal_id=principal_id,
        channel=channel,
        created_at=uow.now,
        seen_at=uow.now,
        expires_at=uow.now + LIFETIME[principal_kind],
    )
    uow.session.add(row)
    uow.session.flush()
    return OpenedSession(row.id, token, csrf_token(token), row.expires_at)


def authenticate(session: Session, token: str, now: datetime, kind: str) -> SessionRow | None:
    """The live session of this token and principal kind, or None."""
    row = session.scalar(sa_select(SessionRow).where(SessionRow.token_hash == _hash(token)))
    return row if row is not None and _lives(row, now, kind) else None


def authenticate_with(
    session: Session, token: str, now: datetime, kind: str, account: type[T]
) -> tuple[SessionRow, T | None] | None:
    """As `authenticate`, together with the `account` row of the principal, in one query."""
    found = session.execute(_both(account), {"mark": _hash(token)}).one_or_none()
    return (found[0], found[1]) if found is not None and _lives(found[0], now, kind) else None


def living(session: Session, ids: Iterable[UUID], now: datetime, kind: str) -> list[SessionRow]:
    """Those of the sessions that still live, for what stays open longer than a request."""
    rows = session.scalars(sa_select(SessionRow).where(SessionRow.id.in_(list(ids))))
    return [row for row in rows if _lives(row, now, kind)]


@cache
def _both(account: type[Base]) -> Any:
    # Put together once, since every request asks it.
    return (
        sa_select(SessionRow, account)
        .outerjoin(account, account.id == SessionRow.principal_id)  # type: ignore[attr-defined]  # every account has an id
        .where(SessionRow.token_hash == bindparam("mark"))
    )


def _lives(row: SessionRow, now: datetime, kind: str) -> bool:
    if row.principal_kind != kind or row.revoked_at is not None:
        return False
    return now < row.expires_at and now - row.seen_at <= IDLE[kind]


def touch(session: Session, row: SessionRow, now: datetime) -> None:
    """Note that the session is in use, at most once a minute to spare writes."""
    if now - row.seen_at >= _TOUCH_EVERY:
        session.execute(update(SessionRow).where(SessionRow.id == row.id).values(seen_at=now))


def revoke(uow: UnitOfWork, session_id: UUID) -> None:
    """End one session now."""
    _revoke_where(uow, SessionRow.id == session_id)


def revoke_all(uow: UnitOfWork, principal_kind: str, principal_id: UUID) -> None:
    """End every session of a person or member of staff now."""
    _revoke_where(
        uow,
        (SessionRow.principal_kind == principal_kind) & (SessionRow.principal_id == principal_id),
    )


def reassign(uow: UnitOfWork, principal_kind: str, source_id: UUID, target_id: UUID) -> None:
    """Hand every session of one account to another, when two accounts become one."""
    uow.session.execute(
        update(SessionRow)
        .where(SessionRow.principal_kind == principal_kind, SessionRow.principal_id == source_id)
        .values(principal_id=target_id)
    )


def purge(uow: UnitOfWork) -> None:
    """Forget sessions that ended more than a day ago."""
    horizon = uow.now - timedelta(days=1)
    uow.session.execute(
        delete(SessionRow).where(
            (SessionRow.expires_at < horizon) | (SessionRow.revoked_at < horizon)
        )
    )


def csrf_token(token: str) -> str:
    """The CSRF token of a session: derived from its token, so it needs no column."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def csrf_matches(token: str, given: str) -> bool:
    """Whether `given` is the CSRF token of this session; in constant time."""
    return hmac.compare_digest(csrf_token(token).encode(), given.encode())


def _revoke_where(uow: UnitOfWork, condition: object) -> None:
    uow.session.execute(
        update(SessionRow)
        .where(condition, SessionRow.revoked_at.is_(None))  # type: ignore[arg-type]  # a clause
        .values(revoked_at=uow.now)
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
