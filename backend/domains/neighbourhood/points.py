"""The ledger of points: lines are added, never changed; sums are made when they are read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.neighbourhood import point_rules, ports
from backend.domains.neighbourhood.model import NeighbourProfile, PointEntry
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

_RANKED = 50


def add(
    uow: UnitOfWork, subject: Subject, *, person_id: UUID | None, area_id: UUID, reason: str,
    points: int, title: str, minutes: int = 0,
) -> None:  # fmt: skip
    """One line; of one reason and subject there is one, so that nothing counts twice."""
    if person_id is None:
        return
    uow.session.add(
        PointEntry(
            id=new_id(), person_id=person_id, area_id=area_id, reason=reason, points=points,
            minutes=minutes, subject_kind=subject.kind, subject_id=subject.id, title=title,
            at=uow.now,
        )
    )  # fmt: skip
    uow.session.flush()


def of_subject(uow: UnitOfWork, subject: Subject) -> tuple[int, int]:
    """Points and minutes all lines about the subject come to."""
    row = uow.session.execute(
        select(
            func.coalesce(func.sum(PointEntry.points), 0),
            func.coalesce(func.sum(PointEntry.minutes), 0),
        ).where(*_about(subject))
    ).one()
    return int(row[0]), int(row[1])


def known(uow: UnitOfWork, subject: Subject) -> bool:
    """Whether the ledger has a line about the subject."""
    return bool(uow.session.scalar(select(exists().where(*_about(subject)))))


def _about(subject: Subject) -> tuple[Any, ...]:
    return PointEntry.subject_kind == subject.kind, PointEntry.subject_id == subject.id


def total(uow: UnitOfWork, person_id: UUID) -> int:
    """All points of a person."""
    query = select(func.coalesce(func.sum(PointEntry.points), 0))
    return int(uow.session.scalar(query.where(PointEntry.person_id == person_id)) or 0)


def lines(rows: Sequence[PointEntry]) -> list[dict[str, Any]]:
    """Lines as their owner reads them."""
    return [
        {
            "id": row.id, "at": row.at, "title": row.title, "points": row.points,
            "minutes": row.minutes, "reason_text": point_rules.REASON_TEXT[row.reason],
        }
        for row in rows
    ]  # fmt: skip


def ranked(uow: UnitOfWork, person_id: UUID) -> bool:
    """Whether the person wishes to stand in the list."""
    row = uow.session.get(NeighbourProfile, person_id)
    return row is not None and row.ranked


def set_ranked(uow: UnitOfWork, person_id: UUID, *, wish: bool) -> None:
    """Stand in the list from now on, or no longer."""
    row = insert(NeighbourProfile).values(person_id=person_id, ranked=wish)
    uow.session.execute(
        row.on_conflict_do_update(index_elements=["person_id"], set_={"ranked": wish})
    )
    uow.session.expire_all()


def ranking(uow: UnitOfWork, area_id: UUID, person_id: UUID) -> list[dict[str, Any]]:
    """Those of the community who wish to be seen, by points, with masked names."""
    summed = func.sum(PointEntry.points)
    rows = uow.session.execute(
        select(PointEntry.person_id, summed)
        .join(NeighbourProfile, NeighbourProfile.person_id == PointEntry.person_id)
        .where(PointEntry.area_id == area_id, NeighbourProfile.ranked)
        .group_by(PointEntry.person_id)
        .having(summed > 0)
        .order_by(summed.desc(), func.min(PointEntry.at))
        .limit(_RANKED)
    ).all()
    names = ports.masked_names(uow, [row[0] for row in rows])
    found: list[dict[str, Any]] = []
    place = 0
    for number, (who, points) in enumerate(rows, 1):
        if not found or found[-1]["points"] != int(points):
            place = number
        found.append(
            {"place": place, "name": names.get(who, "") if who else "", "points": int(points),
             "me": who == person_id}
        )  # fmt: skip
    return found
