"""How this domain joins the application; called by `backend.app`."""

from flask_smorest import Blueprint

from backend.domains.identity import (
    account_routes,
    config_routes,
    principals,
    routes,
    sms,
    staff_routes,
)
from backend.domains.identity.model import Person
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Principals for the guards, and the timer that forgets old codes."""
    services.extensions["principals"]["person"] = principals.load_person
    services.extensions["principals"]["staff"] = principals.load_staff
    # Guards read the session together with this row; staff come with their roles anyway.
    services.extensions["accounts"] = {"person": Person}
    services.timers.register(sms.PURGE, sms.purge)


def blueprints() -> list[Blueprint]:
    """The routes, in the order the API page shows them."""
    return [config_routes.bp, routes.bp, staff_routes.bp, account_routes.bp]
