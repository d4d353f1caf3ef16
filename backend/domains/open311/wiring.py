"""How Open311 joins the application."""

from flask import Blueprint
from flask_smorest import Blueprint as ApiBlueprint

from backend.domains.open311 import key_routes, routes


def blueprints() -> list[ApiBlueprint]:
    """The administrator's routes below /api/v1."""
    return [key_routes.bp]


def plain_blueprints() -> list[Blueprint]:
    """GeoReport itself, at its own address."""
    return [routes.bp]
