"""What the demo adds to the composed application."""

from flask_smorest import Blueprint

from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Put the demo's providers in place of real ones."""


def blueprints() -> list[Blueprint]:
    """The demo's own routes."""
    return []
