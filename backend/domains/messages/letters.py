"""Letters to people and members of staff: how a handler writes them."""

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.domains.identity import service as identity
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.kinds import Kind, Moment
from notifications.outbox import Draft, Letter

#: Whose letter, the number it is told by, and the values of its text.
Told = tuple[UUID, str, Mapping[str, Any]]


def write(
    uow: UnitOfWork, subject: Subject, kind: Kind, told: Iterable[Told],
    *, ladder: tuple[str, ...] | None = None,
) -> None:  # fmt: skip
    """Enqueue one kind for several readers; the same words at the same moment are told once."""
    moment = f"{uow.now:%Y%m%d%H%M%S%f}"

    def key(person: UUID, number: str, values: Mapping[str, Any]) -> str:
        # Two different things may be said of one matter at one moment.
        said = zlib.crc32(repr(sorted(values.items(), key=str)).encode())
        return f"{kind.key}:{subject.id}:{number}:{person}:{moment}:{said:08x}"[:200]

    outbox.enqueue_letters(
        uow.session,
        uow.now,
        [
            Letter(Draft(kind, key(person, number, values), ladder=ladder), person, subject, values)
            for person, number, values in told
        ],
    )


def phones(uow: UnitOfWork, staff: Iterable[UUID | None]) -> list[UUID]:
    """The bound phones of these members of staff; who has none sees it on the console."""
    wanted = list(dict.fromkeys(one for one in staff if one is not None))
    return list(identity.bound_phones(uow, wanted).values())


def said(value: datetime | None) -> str:
    """A moment as people read it; nothing for none."""
    return format(Moment.fromtimestamp(value.timestamp(), value.tzinfo), "") if value else ""


def until(due: datetime | None) -> str:
    """`在11月23日（周一）9:30前`, or as soon as possible."""
    return f"在{said(due)}前" if due else "尽快"
