"""Keys of the telephone systems that may tell of calls."""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.hotline.desk_model import CtiKey
from backend.kernel import trace
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

_PURPOSE = "cti_api_key"


def issue(uow: UnitOfWork, name: str, key: str = "") -> tuple[CtiKey, str]:
    """A new key, told once: 192 random bits (or the `key` that the demo brings along)."""
    key = key or secrets.token_urlsafe(24)
    row = CtiKey(
        id=new_id(),
        name=name,
        hint=key[:4],
        fingerprint=uow.services.privacy.fingerprint(key, _PURPOSE),
        created_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    _record(uow, row, "issue")
    return row, key


def revoke(uow: UnitOfWork, key_id: UUID) -> CtiKey:
    """Stop a key at once; doing it again changes nothing."""
    row = uow.session.get(CtiKey, key_id, with_for_update=True)
    if row is None:
        raise NotFound("api_key_not_found", title="没有这个密钥")
    if row.revoked_at is None:
        row.revoked_at = uow.now
        _record(uow, row, "revoke")
    uow.session.flush()
    return row


def find(uow: UnitOfWork, key: str) -> CtiKey | None:
    """The live key with these characters."""
    mark = uow.services.privacy.fingerprint(key, _PURPOSE)
    return uow.session.scalar(
        select(CtiKey).where(CtiKey.fingerprint == mark, CtiKey.revoked_at.is_(None))
    )


def listed(uow: UnitOfWork) -> list[CtiKey]:
    """All keys, newest first."""
    return list(uow.session.scalars(select(CtiKey).order_by(CtiKey.created_at.desc())))


def view(row: CtiKey) -> dict[str, Any]:
    """A key as an administrator sees it; never the key itself."""
    return {
        "id": row.id,
        "name": row.name,
        "hint": f"{row.hint}…",
        "created_at": row.created_at,
        "used_at": row.used_at,
        "revoked_at": row.revoked_at,
    }


def _record(uow: UnitOfWork, row: CtiKey, action: str) -> None:
    trace.record(uow, subject=Subject("cti_key", row.id), action=action, internal_text=row.name)
