"""How events are put together from rows."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from backend.domains.neighbourhood import events, moves
from backend.domains.neighbourhood.model import Activity
from backend.kernel.uow import UnitOfWork


def activity(
    uow: UnitOfWork,
    kind: type[events.ActivityEvent],
    row: Activity,
    person_ids: Iterable[UUID | None],
    **more: Any,
) -> None:
    """Tell these people of something about an activity; nothing where there is nobody."""
    people = tuple(one for one in person_ids if one is not None)
    if people:
        uow.emit(
            kind(
                activity_id=row.id, title=row.title, place=row.place, starts_at=row.starts_at,
                person_ids=people, **more,
            )
        )  # fmt: skip


def care(
    uow: UnitOfWork, kind: type[events.CareEvent], row: Any, person_id: UUID | None, **more: Any
) -> None:
    """Tell one person of something about a wish or a request for help."""
    if person_id is not None:
        subject = moves.subject(row)
        uow.emit(
            kind(
                subject_kind=subject.kind, subject_id=subject.id, title=row.title,
                person_id=person_id, **more,
            )
        )  # fmt: skip


def over(uow: UnitOfWork, row: Any) -> None:
    """Say that a wish or a request for help has ended."""
    subject = moves.subject(row)
    uow.emit(events.CareOver(subject_kind=subject.kind, subject_id=subject.id))
