"""Who acts on a thing, as far as its state tables ask; and the conditional moves of its rows."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import update

from backend.kernel.errors import DomainError
from backend.kernel.state import Table, Transition, step
from backend.kernel.uow import UnitOfWork


class Part(ABC):
    """Somebody before a thing; `plays` answers which parts of the tables they have."""

    @property
    def id(self) -> UUID | None:
        """The member of staff, where it is one."""
        return None

    @abstractmethod
    def plays(self, part: str) -> bool:
        """Whether they have this part."""


class Ways:
    """How the things of a domain move; `not_yours` and `meanwhile` make its refusals."""

    def __init__(
        self, not_yours: Callable[[], DomainError], meanwhile: Callable[[], DomainError]
    ) -> None:
        self._not_yours, self._meanwhile = not_yours, meanwhile

    def allowed(self, table: Table, state: str, action: str, part: Part) -> Transition:
        """The transition, if it exists and somebody with this part may take it."""
        way = step(table, state, action)
        if not any(part.plays(one) for one in sorted(way.who)):
            raise self._not_yours()
        return way

    def move(
        self, uow: UnitOfWork, row: Any, table: Table, action: str, part: Part, **values: Any
    ) -> str:
        """Take one way of the table of a row that has a version; the state before.

        A conditional update on state and version: whoever acted on what is no longer true is
        refused and changes nothing.
        """
        way = self.allowed(table, row.state, action, part)
        model = type(row)
        return self._changed(
            uow, row, model.version == row.version, state=way.to, version=model.version + 1,
            **values,
        )  # fmt: skip

    def set_state(
        self, uow: UnitOfWork, row: Any, table: Table, action: str, part: Part, **values: Any
    ) -> str:
        """The same for a row that belongs to a thing held by this unit of work.

        Nobody else moves it meanwhile; the update is conditional all the same.
        """
        way = self.allowed(table, row.state, action, part)
        return self._changed(uow, row, state=way.to, **values)

    def _changed(self, uow: UnitOfWork, row: Any, *conditions: Any, **values: Any) -> str:
        before: str = row.state
        model = type(row)
        changed = uow.session.scalars(
            update(model)
            .where(model.id == row.id, model.state == before, *conditions)
            .values(**values)
            .returning(model)
            .execution_options(synchronize_session=False, populate_existing=True)
        ).first()
        if changed is None:
            raise self._meanwhile()
        return before


def touch(uow: UnitOfWork, row: Any, **values: Any) -> None:
    """Change a row beside its state; colleagues' older views of it become stale."""
    model = type(row)
    uow.session.scalars(
        update(model)
        .where(model.id == row.id)
        .values(version=model.version + 1, **values)
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one()
