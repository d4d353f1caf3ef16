"""Blueprints whose routes all live below /api/v1 and show up in the OpenAPI document."""

from flask_smorest import Blueprint


def blueprint(name: str, description: str) -> Blueprint:
    """A blueprint for one domain; `description` heads its part of the API page."""
    return Blueprint(name, f"backend.{name}", url_prefix="/api/v1", description=description)
