"""Each time somebody on the staff sees a masked value in full, and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork


class Reveal(Base):
    """One look at one field; append-only by convention of this module's single writer."""

    __tablename__ = "reveal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(index=True)
    staff_id: Mapped[UUID]
    staff_name: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(200))


def log_reveal(uow: UnitOfWork, subject: Subject, field: str, purpose: str) -> Reveal:
    """Note that the acting member of staff is about to see `field` of `subject`.

    Raises `Invalid` when the purpose says too little (fewer than 4 characters).
    """
    purpose = purpose.strip()
    if len(purpose) < 4:
        text = "请写明查看的原因，至少4个字"
        raise Invalid("purpose_needed", title=text, fields={"purpose": [text]})
    assert uow.actor.id is not None
    row = Reveal(
        at=uow.now,
        staff_id=uow.actor.id,
        staff_name=uow.actor.name,
        subject_kind=subject.kind,
        subject_id=subject.id,
        field=field,
        purpose=purpose,
    )
    uow.session.add(row)
    uow.session.flush()
    return row
