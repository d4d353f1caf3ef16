"""The composed application for tests that look at its routes; it never connects anywhere."""

from typing import Any

import pytest
from flask import Flask

from backend import config
from backend.app import create_app
from backend.cli import NOWHERE


@pytest.fixture(scope="session")
def house_app() -> Flask:
    """Every route of the demo, which has all that production has."""
    return create_app(config.load({"ENVIRONMENT": "demo", **NOWHERE}))


@pytest.fixture(scope="session")
def api_rules(house_app: Flask) -> list[tuple[Any, str, Any]]:
    """`(rule, method, view)` of every operation below /api/v1."""
    return [
        (rule, method, house_app.view_functions[rule.endpoint])
        for rule in house_app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]
