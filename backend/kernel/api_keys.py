"""Keys of other systems that may call in: told once, kept as a keyed hash, revoked at once."""

import secrets
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel import trace
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork


class ApiKeyColumns:
    """The columns of a table of keys. `hint` is how the key begins, so that people can tell."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    hint: Mapped[str] = mapped_column(String(8))
    fingerprint: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


Row = TypeVar("Row", bound=ApiKeyColumns)


class ApiKeys(Generic[Row]):
    """The keys of one table. `purpose` keeps its hashes apart from others', `kind` its trace."""

    def __init__(self, model: type[Row], purpose: str, kind: str) -> None:
        self.model: Any = model
        self.purpose, self.kind = purpose, kind

    def issue(self, uow: UnitOfWork, name: str, key: str = "") -> tuple[Row, str]:
        """A new key, told once: 192 random bits (or the `key` that a demo brings along)."""
        key = key or secrets.token_urlsafe(24)
        row: Row = self.model(
            id=new_id(),
            name=name,
            hint=key[:4],
            fingerprint=uow.services.privacy.fingerprint(key, self.purpose),
            created_at=uow.now,
        )
        uow.session.add(row)
        uow.session.flush()
        self._record(uow, row, "issue")
        return row, key

    def revoke(self, uow: UnitOfWork, key_id: UUID) -> Row:
        """Stop a key at once; doing it again changes nothing."""
        row: Row | None = uow.session.get(self.model, key_id, with_for_update=True)
        if row is None:
            raise NotFound("api_key_not_found", title="没有这个密钥")
        if row.revoked_at is None:
            row.revoked_at = uow.now
            self._record(uow, row, "revoke")
        uow.session.flush()
        return row

    def find(self, uow: UnitOfWork, key: str) -> Row | None:
        """The live key with these characters."""
        mark = uow.services.privacy.fingerprint(key, self.purpose)
        live = self.model.fingerprint == mark, self.model.revoked_at.is_(None)
        found: Row | None = uow.session.scalar(select(self.model).where(*live))
        return found

    def listed(self, uow: UnitOfWork) -> list[Row]:
        """All keys, newest first."""
        return list(uow.session.scalars(select(self.model).order_by(self.model.created_at.desc())))

    def _record(self, uow: UnitOfWork, row: Row, action: str) -> None:
        subject = Subject(self.kind, row.id)
        trace.record(uow, subject=subject, action=action, internal_text=row.name)


def view(row: ApiKeyColumns) -> dict[str, Any]:
    """A key as an administrator sees it; never the key itself."""
    return {
        "id": row.id,
        "name": row.name,
        "hint": f"{row.hint}…",
        "created_at": row.created_at,
        "used_at": row.used_at,
        "revoked_at": row.revoked_at,
    }
