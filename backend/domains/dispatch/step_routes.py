"""Makes one route for each step, so that desk and phone cannot differ in what they do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.domains.dispatch import steps
from backend.domains.dispatch.schemas import EventDetailSchema
from backend.domains.dispatch.steps import Step
from backend.http.blueprint import Routes
from backend.http.context import principal, uow
from backend.http.mutation import mutation

Guard = Callable[[Callable[..., Any]], Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Address:
    """`{root}/<uuid:{kind}_id>/…`; `base` is where the viewer finds the event's files."""

    root: str
    kind: str
    base: str


def add(bp: Routes, guard: Guard, address: Address, table: Mapping[str, Step]) -> None:
    """`POST` one route for every step of `table`; each answers the event as it is then."""
    for name, step in table.items():
        _one(bp, guard, address, name, step)


def _one(bp: Routes, guard: Guard, address: Address, name: str, step: Step) -> None:
    argument = f"{address.kind}_id"

    @guard
    @mutation
    @bp.arguments(step.schema)
    @bp.response(200, EventDetailSchema)
    def take(body: dict[str, Any], **ids: UUID) -> dict[str, Any]:
        return steps.take(uow(), principal(), ids[argument], body, step=step, base=address.base)

    take.__doc__ = step.promise
    path = f"{address.root}/<uuid:{argument}>/{name}"
    bp.route(path, methods=["POST"], endpoint=f"{address.kind}-{name}")(take)
