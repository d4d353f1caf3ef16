"""Addresses under which WeChat may fetch a picture to check it: signed, for an hour."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from backend.kernel.errors import NotFound
from backend.kernel.files import StoredFile
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

PATH = "/api/v1/content-files"
_LIFE = timedelta(hours=1)
_PURPOSE = "content-file"


def link(services: Services, file_id: UUID, now: datetime) -> str:
    """The address of a picture; empty where the installation has no public address."""
    base = services.settings.public_url.rstrip("/")
    if not base:
        return ""
    until = int((now + _LIFE).timestamp())
    return f"{base}{PATH}/{file_id}/{until}/{_signature(services, file_id, until)}"


def opened(uow: UnitOfWork, file_id: UUID, until: int, signature: str) -> StoredFile:
    """The picture a link names; `NotFound` for a wrong or an old link."""
    right = _signature(uow.services, file_id, until)
    row = uow.session.get(StoredFile, file_id)
    fits = secrets.compare_digest(right.encode(), signature.encode(errors="replace"))
    if row is None or not fits or until < uow.now.timestamp():
        raise NotFound("file_unknown", title="没有找到这个文件")
    return row


def _signature(services: Services, file_id: UUID, until: int) -> str:
    return services.privacy.sign(f"{file_id}:{until}", _PURPOSE).hex()[:40]
