"""The votes' world as a fixture, for every folder of tests that stages votes."""

import pytest

from backend.domains.deliberation import vote_wiring
from tests.votes_world import World


@pytest.fixture
def vote_world(services) -> World:
    """Votes on an isolated database, with a register and topics in memory."""
    if "vote_keys" not in services.extensions:
        vote_wiring.wire(services)
    return World(services)
