"""Blueprints whose routes all live below /api/v1 and show up in the OpenAPI document."""

import flask_smorest

from backend.http.parsing import StrictParser


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # untyped upstream
    """flask-smorest's, with our reading of bodies and queries."""

    ARGUMENTS_PARSER = StrictParser()


def blueprint(name: str, description: str) -> Blueprint:
    """A blueprint for one domain; `description` heads its part of the API page."""
    return Blueprint(name, f"backend.{name}", url_prefix="/api/v1", description=description)
