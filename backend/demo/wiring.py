"""What the demo adds to the composed application."""

from flask_smorest import Blueprint

from backend.demo import hurrying, phone, register, routes
from backend.domains.identity import real_name
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Put the demo's providers in place of real ones."""
    services.extensions[real_name.EXTENSION] = register.DemoRealName()
    phone.subscribe(services)
    hurrying.wire(services)
    services.extensions.setdefault("config_parts", {})["demo_links"] = _links


def _links(services: Services) -> list[dict[str, str]]:
    """Pages a visitor of the demo may want beside the app."""
    standin = services.settings.standin_url
    return [{"title": "看看发出的消息", "url": f"{standin}/"}] if standin else []


def blueprints() -> list[Blueprint]:
    """The demo's own routes."""
    return [routes.bp, hurrying.bp]
