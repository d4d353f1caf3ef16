"""Where to write to whom: people with an account, and callers who only left a number."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from backend.domains.hotline import service as hotline
from backend.domains.identity import service as identity
from backend.kernel.access import SYSTEM
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from notifications.channels.base import Addresses


def addresses(services: Services, session: Session, key: UUID) -> Addresses:
    """Of a person; or, where `key` is a ticket, the number its caller left."""
    found = identity.addresses(services, session, key)
    if found.mini_openid or found.service_openid or found.phone:
        return found
    return replace(found, phone=hotline.phone_of(UnitOfWork(session, services, SYSTEM), key))
