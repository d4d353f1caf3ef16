"""Every table of the house, for Alembic and for the tests of the schema."""

from sqlalchemy import MetaData

import backend.app  # noqa: F401 - the composition root imports every domain
import notifications.control_model  # noqa: F401 - the tables of what a district sets
from appointments.model import Base as AppointmentsBase
from backend.domains.messages import campaign_model, hook_model  # noqa: F401 - their tables
from backend.kernel.database import Base
from notifications.model import Base as NotificationsBase


def all_metadata() -> list[MetaData]:
    """One metadata for each declarative base: the house's own and the two engines'."""
    return [Base.metadata, AppointmentsBase.metadata, NotificationsBase.metadata]
