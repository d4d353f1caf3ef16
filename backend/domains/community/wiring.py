"""How the register joins the application."""

from flask_smorest import Blueprint

from backend.domains.community import own_data, paper_routes, proxies, routes, staff_routes
from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """People's own data, and proxies that have run out."""
    identity.register_exporter("community", own_data.export)
    identity.register_open_matters("community", own_data.open_matters)
    services.events.subscribe(PersonClosed, own_data.forget)
    services.upkeep.add("proxies", 3600, proxies.expire)


def blueprints() -> list[Blueprint]:
    """The routes for residents and for the community's staff."""
    return [routes.bp, staff_routes.bp, paper_routes.bp]
