"""How this domain joins the application; called by `backend.app`."""

from flask_smorest import Blueprint

from backend.domains.identity import (
    account_routes,
    config_routes,
    names,
    principals,
    routes,
    sms,
    staff_binding,
    staff_routes,
)
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.identity.model import Person
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Principals for the guards, and the timer that forgets old codes."""
    services.extensions["principals"]["person"] = principals.load_person
    services.extensions["principals"]["staff"] = principals.load_staff
    services.extensions["principals"]["worker"] = principals.load_worker
    # Guards read the session together with this row; staff come with their roles anyway.
    services.extensions["accounts"] = {"person": Person}
    services.events.subscribe(PersonClosed, staff_binding.on_closed)
    services.events.subscribe(PersonMerged, staff_binding.on_merged)
    services.timers.register(sms.PURGE, sms.purge)
    services.upkeep.add("names to find people by", names.EVERY, names.fill)


def blueprints() -> list[Blueprint]:
    """The routes, in the order the API page shows them."""
    return [config_routes.bp, routes.bp, staff_routes.bp, account_routes.bp]
