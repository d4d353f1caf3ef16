"""The probe application for tests of the HTTP layer itself."""

from typing import Any

import pytest

from tests.conftest import KeyedClient
from tests.http import probe


@pytest.fixture
def api(services: Any, monkeypatch: Any) -> Any:
    """A client of the probe application that sends a fresh Idempotency-Key."""
    app = probe.make(services, monkeypatch)
    app.test_client_class = KeyedClient
    return app.test_client(use_cookies=False)


@pytest.fixture
def me(services: Any) -> dict[str, str]:
    """Headers of a signed-in resident."""
    return probe.sign_in(services)
