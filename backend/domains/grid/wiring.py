"""How the grid joins the application."""

from flask_smorest import Blueprint

from backend.domains.grid import index, roster_routes, routes, service, staff_routes
from backend.domains.organisation import service as organisation
from backend.domains.organisation.service import Place
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork


def wire(services: Services) -> None:
    """Give this process its areas, and the roles held at a community their places."""
    index.wire(services)
    organisation.register_places(services.extensions, "community", _communities)


def blueprints() -> list[Blueprint]:
    """The map for everybody, the editor, the rosters."""
    return [routes.bp, staff_routes.bp, roster_routes.bp]


def _communities(uow: UnitOfWork) -> list[Place]:
    return [Place(area.id, area.code, area.name) for area in service.areas(uow, "community")]
