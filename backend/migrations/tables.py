"""Every table of the house, for Alembic and for the tests of the schema."""

from sqlalchemy import MetaData

import backend.http.health
import backend.http.mutation
import backend.kernel.files
import backend.kernel.receipts
import backend.kernel.reveals
import backend.kernel.sessions
import backend.kernel.timers
import backend.kernel.trace
import backend.kernel.workdays  # noqa: F401 - importing a module declares its tables
from backend.kernel.database import Base


def all_metadata() -> list[MetaData]:
    """One metadata for each declarative base: the house's own and the two engines'."""
    found = [Base.metadata]
    return found
