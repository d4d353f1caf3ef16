"""A street whose domain events are listened to, for tests of dispatch."""

from typing import Any

from backend.domains.dispatch import events
from backend.kernel.errors import DomainError
from backend.kernel.services import Services
from tests.dispatch_world import World, make_world

KINDS = [
    kind for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, events.DispatchEvent)
]  # fmt: skip


def listen(services: Services) -> World:
    """The street; what happens there is kept in `world.heard`."""
    world = make_world(services)
    for kind in KINDS:
        services.events.subscribe(kind, lambda uow, event: world.heard.append(event))
    return world


def heard(world: World, kind: type) -> list[Any]:
    """The events of exactly this kind, oldest first."""
    return [event for event in world.heard if type(event) is kind]


def refused(world: World, name: str, use: Any, *args: Any, **kwargs: Any) -> str:
    """The code with which it is refused to this member of staff; empty when it is not."""
    try:
        world.act(name, use, *args, **kwargs)
    except DomainError as error:
        return error.code
    return ""
