"""The votes' world as a fixture, for every folder of tests that stages votes."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.domains.deliberation import vote_wiring
from tests.votes_world import World

_MEMORY = Path("/dev/shm")


@contextmanager
def in_memory() -> Iterator[str]:
    """A data folder in memory where there is such a thing.

    Key files are synced to the disk one by one; a killed process, unlike a lost disk, cannot tell.
    """
    fits = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    with tempfile.TemporaryDirectory(prefix="huying-", dir=_MEMORY if fits else None) as folder:
        yield folder


@pytest.fixture
def vote_world(services) -> World:
    """Votes on an isolated database, with a register and topics in memory."""
    if "vote_keys" not in services.extensions:
        vote_wiring.wire(services)
    return World(services)
