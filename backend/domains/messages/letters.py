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
    *, ladder: tuple[str, ...] | None = None, part: object = "",
) -> None:  # fmt: skip
    """Enqueue one kind for several readers; the same words at the same moment are told once.

    `part` is what of the matter they are about: with it they can be stopped alone.
    """
    moment = f"{uow.now:%Y%m%d%H%M%S%f}"

    def key(person: UUID, number: str, values: Mapping[str, Any]) -> str:
        # Two different things may be said of one matter at one moment.
        said = zlib.crc32(repr(sorted(values.items(), key=str)).encode())
        return f"{kind.key}:{subject.id}:{number}:{person}:{moment}:{said:08x}"[:200]

    outbox.enqueue_letters(
        uow.session,
        uow.now,
        [
            Letter(
                Draft(kind, key(person, number, values), ladder=ladder, part=str(part)),
                person,
                subject,
                values,
            )
            for person, number, values in told
        ],
    )


def stop(
    uow: UnitOfWork, subject: Subject, *kinds: Kind, parts: Iterable[object] | None = None,
    people: Iterable[UUID] | None = None,
) -> None:  # fmt: skip
    """What no longer holds is not sent: these kinds, of these `parts` or to these people alone."""
    keys = [kind.key for kind in kinds]
    named = None if parts is None else [str(one) for one in parts]
    outbox.cancel(uow.session, subject, keys, uow.now, parts=named, people=people)


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
