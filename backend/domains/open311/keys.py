"""Keys of the applications that may report over Open311."""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.open311.model import ApiKey
from backend.kernel import trace
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

_PURPOSE = "open311_api_key"


def issue(uow: UnitOfWork, name: str) -> tuple[ApiKey, str]:
    """A new key for an application, told once: 192 random bits."""
    key = secrets.token_urlsafe(24)
    row = ApiKey(
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


def revoke(uow: UnitOfWork, key_id: UUID) -> ApiKey:
    """Stop a key at once; doing it again changes nothing."""
    row = uow.session.get(ApiKey, key_id, with_for_update=True)
    if row is None:
        raise NotFound("api_key_not_found", title="没有这个密钥")
    if row.revoked_at is None:
        row.revoked_at = uow.now
        _record(uow, row, "revoke")
    uow.session.flush()
    return row


def find(uow: UnitOfWork, key: str) -> ApiKey | None:
    """The live key with these characters."""
    mark = uow.services.privacy.fingerprint(key, _PURPOSE)
    return uow.session.scalar(
        select(ApiKey).where(ApiKey.fingerprint == mark, ApiKey.revoked_at.is_(None))
    )


def listed(uow: UnitOfWork) -> list[ApiKey]:
    """All keys, newest first."""
    return list(uow.session.scalars(select(ApiKey).order_by(ApiKey.created_at.desc())))


def view(row: ApiKey) -> dict[str, Any]:
    """A key as an administrator sees it; never the key itself."""
    return {
        "id": row.id,
        "name": row.name,
        "hint": f"{row.hint}…",
        "created_at": row.created_at,
        "used_at": row.used_at,
        "revoked_at": row.revoked_at,
    }


def _record(uow: UnitOfWork, row: ApiKey, action: str) -> None:
    trace.record(uow, subject=Subject("api_key", row.id), action=action, internal_text=row.name)
