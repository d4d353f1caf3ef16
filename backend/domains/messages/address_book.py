"""Where to write to whom: people with an account, callers who only left a number, staff groups."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from backend.domains.hotline import service as hotline
from backend.domains.identity import service as identity
from backend.domains.messages.hook_model import StaffHook
from backend.kernel.access import SYSTEM
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from notifications.channels.base import Addresses
from notifications.channels.staff_hook import Hook


@dataclass(frozen=True, slots=True)
class HookOnly:
    """The addresses of a group or system of staff; None when it is switched off."""

    hook: Hook | None
    mini_openid: None = None
    service_openid: None = None
    phone: None = None


def addresses_of(
    services: Services, session: Session, keys: Collection[UUID]
) -> dict[UUID, Addresses]:
    """Of several at once, people mostly."""
    people = identity.addresses_of(services, session, keys)
    return {key: people.get(key) or addresses(services, session, key) for key in keys}


def addresses(services: Services, session: Session, key: UUID) -> Addresses:
    """Of a person; where `key` is a ticket, the number its caller left; of a staff hook."""
    found = identity.addresses(services, session, key)
    if found.mini_openid or found.service_openid or found.phone:
        return found
    row = session.get(StaffHook, key, populate_existing=True)
    if row is not None:
        return HookOnly(_hook(services, row))
    return replace(found, phone=hotline.phone_of(UnitOfWork(session, services, SYSTEM), key))


def _hook(services: Services, row: StaffHook) -> Hook | None:
    if not row.active:
        return None
    opened = services.privacy.open
    return Hook(row.dialect, opened(row.address), opened(row.secret) if row.secret else "")
