"""Tables of Open311: keys of the applications that may report, their questions, their requests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.api_keys import ApiKeyColumns
from backend.kernel.database import Base


class ApiKey(ApiKeyColumns, Base):
    """An application that may report. The key itself is told once; here is only its keyed hash."""

    __tablename__ = "open311_api_key"


class ServiceAttribute(Base):
    """A question a service asks beyond place and words."""

    __tablename__ = "open311_attribute"
    __table_args__ = (
        CheckConstraint(
            "datatype IN ('string','number','datetime','text','singlevaluelist','multivaluelist')",
            name="datatype",
        ),
    )

    service_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    datatype: Mapped[str] = mapped_column(String(20))
    required: Mapped[bool]
    description: Mapped[str] = mapped_column(String(120))
    datatype_description: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    choices: Mapped[list[Any]] = mapped_column(JSONB)


class ServiceRequest(Base):
    """A report by an application: answered at once with the event, or by a token until located.

    Exactly one of `event_id` (it became an event) and `intake_id` (a dispatcher must find the
    place first) is known when it arrives; `event_id` follows.
    """

    __tablename__ = "open311_request"
    __table_args__ = (
        CheckConstraint("event_id IS NOT NULL OR intake_id IS NOT NULL", name="leads_somewhere"),
    )

    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    api_key_id: Mapped[UUID] = mapped_column(ForeignKey("open311_api_key.id"), index=True)
    event_id: Mapped[UUID | None] = mapped_column(index=True)
    intake_id: Mapped[UUID | None] = mapped_column(unique=True)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    media_url: Mapped[str] = mapped_column(String(500))
    received_at: Mapped[datetime]
