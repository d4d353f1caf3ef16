"""Telling the groups and systems of staff: which of them want to know, and writing it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from backend.domains.messages import letters
from backend.domains.messages.hook_model import StaffHook
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications.kinds import Kind


def tell(
    uow: UnitOfWork, subject: Subject, kind: Kind, units: Iterable[UUID | None],
    values: Callable[[], Mapping[str, Any]],
) -> None:  # fmt: skip
    """Write ``kind`` to every hook of these units, and of the district, that wants it.

    ``values`` is asked only where somebody does.
    """
    known = [one for one in units if one is not None]
    hooks = uow.session.scalars(
        select(StaffHook.id).where(
            StaffHook.active,
            StaffHook.kinds.contains([kind.key]),
            or_(StaffHook.unit_id.is_(None), StaffHook.unit_id.in_(known)),
        )
    ).all()
    if hooks:
        said = values()
        number = str(said.get("number", ""))
        letters.write(uow, subject, kind, [(hook, number, said) for hook in hooks])
