"""Every table of the house, for Alembic and for the tests of the schema."""

from sqlalchemy import MetaData

import backend.app  # noqa: F401 - the composition root imports every domain
from appointments.model import Base as AppointmentsBase
from backend.kernel.database import Base
from notifications.model import Base as NotificationsBase


def all_metadata() -> list[MetaData]:
    """One metadata for each declarative base: the house's own and the two engines'."""
    return [Base.metadata, AppointmentsBase.metadata, NotificationsBase.metadata]
