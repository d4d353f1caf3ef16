"""The search index of a process keeps in step with the database."""

import time

import numpy as np
import pytest
from sqlalchemy import select

from backend.domains.catalog import live_index, service
from backend.domains.catalog.live_index import LiveIndex, embed_missing
from backend.domains.catalog.model import ItemVersion
from backend.domains.catalog.search_dense import DIMENSION, shared_embedder, unpack
from backend.kernel.services import Services
from tests.catalog_samples import published, sample


class OneDirection:
    """A model for tests."""

    def embed(self, text: str) -> np.ndarray:
        return np.eye(1, DIMENSION, dtype=np.float32)[0]


@pytest.fixture
def offline(live_services: Services) -> Services:
    live_services.extensions["embedder"] = OneDirection
    return live_services


def found(index: LiveIndex, services: Services, words: str) -> list[str]:
    with services.db.transaction() as session:
        return index.current(session).search(words).keys


def wait_for(index: LiveIndex, services: Services, words: str) -> list[str]:
    for _ in range(100):
        keys = found(index, services, words)
        if keys:
            return keys
        time.sleep(0.05)
    raise AssertionError(f"{words} was not found within 5 s")


def test_a_publication_is_found_without_a_request_waiting(
    offline: Services, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live_index, "LOOK_EVERY_SECONDS", 0.0)
    index = LiveIndex(offline)
    assert found(index, offline, "社保卡丢了") == []
    with offline.unit() as uow:
        item_id = published(uow).item_id
    assert wait_for(index, offline, "社保卡丢了") == [str(item_id)]


def test_the_counter_is_looked_at_every_two_seconds_at_most(offline: Services):
    index = LiveIndex(offline)
    assert found(index, offline, "社保卡丢了") == []
    with offline.unit() as uow:
        published(uow)
    assert found(index, offline, "社保卡丢了") == []


def test_a_failed_build_keeps_the_index_in_use(offline: Services, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live_index, "LOOK_EVERY_SECONDS", 0.0)
    index = LiveIndex(offline)
    with offline.unit() as uow:
        published(uow)
    assert len(found(index, offline, "社保卡丢了")) == 1
    with offline.unit() as uow:
        live = service.newest(uow, uow.session.scalars(select(ItemVersion.item_id)).one())
        service.save_draft(uow, live.item_id, sample(summary="改"), service.etag(live))
        service.publish(uow, live.item_id)
    monkeypatch.setattr(live_index, "_documents", lambda session: 1 / 0)
    assert len(found(index, offline, "社保卡丢了")) == 1
    monkeypatch.undo()
    time.sleep(0.2)
    assert len(found(index, offline, "社保卡丢了")) == 1


def test_the_worker_gives_new_items_their_vectors_once(offline: Services):
    with offline.unit() as uow:
        published(uow)
    assert embed_missing(offline) == 1
    assert embed_missing(offline) == 0
    with offline.unit() as uow:
        stored = uow.session.scalars(select(ItemVersion.vectors)).one()
        assert stored is not None
        assert unpack(stored).shape == (3, DIMENSION)


def test_the_worker_stops_in_time_and_goes_on_later(offline: Services):
    with offline.unit() as uow:
        for number in range(3):
            published(uow, f"TEST-{number:04d}")
    assert [embed_missing(offline, seconds=-1) for _ in range(4)] == [1, 1, 1, 0]


def test_without_a_model_the_search_stays_lexical(offline: Services):
    offline.extensions["embedder"] = lambda: None
    with offline.unit() as uow:
        item_id = published(uow).item_id
    assert embed_missing(offline) == 0
    assert found(LiveIndex(offline), offline, "社保卡丢了") == [str(item_id)]


def test_the_real_model_finds_by_meaning(live_services: Services):
    with live_services.unit() as uow:
        wanted = published(uow, name="注销户口", aliases=[]).item_id
        published(uow, "TEST-0002", name="结婚登记", aliases=[])
    assert embed_missing(live_services) == 2
    keys = found(LiveIndex(live_services), live_services, "老伴没了户籍怎么处理")
    assert keys[0] == str(wanted)


def test_a_model_that_cannot_be_loaded_is_none(monkeypatch: pytest.MonkeyPatch):
    def broken(self: object, text: str) -> None:
        raise OSError("no engine for this machine")

    monkeypatch.setattr("backend.domains.catalog.search_dense.NanoEmbedder.embed", broken)
    shared_embedder.cache_clear()
    try:
        assert shared_embedder() is None
    finally:
        shared_embedder.cache_clear()
