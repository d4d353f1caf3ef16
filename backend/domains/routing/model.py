"""Which models have been trained; their weights lie in files under DATA_DIR/models."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base


class RoutingModel(Base):
    """One trained model; the highest version of a target is in use. Rows are never changed.

    `sha256` is that of the file. Of its `examples`, `closed_events` came from events, the others
    are example sentences; `accuracy` is cross-validated over the events where there are enough,
    else over sentences. `made_for` is the fingerprint of the categories it can name.
    """

    __tablename__ = "routing_model"
    __table_args__ = (
        CheckConstraint("target IN ('category','department')", name="target"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("accuracy BETWEEN 0 AND 1", name="accuracy"),
        CheckConstraint("closed_events BETWEEN 0 AND examples", name="examples"),
    )

    target: Mapped[str] = mapped_column(String(12), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    trained_at: Mapped[datetime]
    examples: Mapped[int]
    closed_events: Mapped[int]
    classes: Mapped[int]
    accuracy: Mapped[float]
    sha256: Mapped[str] = mapped_column(String(64))
    made_for: Mapped[str] = mapped_column(String(64))
