"""A counted vote to tamper with, and what is said of a long run."""

import io
import os
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import pytest

from backend.domains.deliberation import vote_log
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from tests.votes_world import World

LONG = bool(os.environ.get("LONG"))
Files = dict[str, bytes]
# What was published by the first vote of each kind, so that not every test holds one.
PUBLISHED: dict[bool, tuple[Files, list[str]]] = {}


def finished(world: World, *, secret: bool) -> tuple[UUID, Files, list[str]]:
    """A counted vote, its files, and the checkpoints somebody kept."""
    owners = world.owners(26)
    vote_id = world.opened(
        "matter" if secret else "owners_ordinary", secrecy="secret" if secret else "open"
    )
    entries = world.entries(vote_id)
    for party in owners[:20]:
        world.cast(vote_id, party, AGREE, entry=entries[party.ref])
    world.seal()
    for party in owners[16:24]:
        world.cast(vote_id, party, OPPOSE, entry=entries[party.ref])
    world.finish(vote_id)
    with zipfile.ZipFile(io.BytesIO(world.bundle(vote_id))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    with world.unit() as uow:
        kept = [point.note for point in vote_log.checkpoints(uow, vote_id)]
    PUBLISHED.setdefault(secret, (files, kept))
    return vote_id, files, kept


@pytest.fixture
def tell(capsys) -> Iterator[Counter[str]]:
    """What was done, by kind; said at the end of a long run."""
    started, done = time.monotonic(), Counter[str]()
    yield done
    if LONG:
        with capsys.disabled():
            print(f"\n{done.total()} in {time.monotonic() - started:.0f} s: {dict(done)}")
