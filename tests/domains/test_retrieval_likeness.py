"""Nearness by meaning: right for every query, however many ask at once."""

import threading

import numpy as np

from backend.domains.retrieval.meanings import NOTHING, Meanings


def made(documents: int, passages: int = 3) -> Meanings:
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((documents * passages, 384), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    revisions = np.repeat(np.arange(10, 10 + documents), passages)
    internal = np.arange(len(revisions)) % passages == 0
    return Meanings(vectors, revisions, internal)


def test_the_nearest_document_is_that_of_the_nearest_passage():
    meanings = made(50)
    likeness = meanings.likeness(meanings.vectors[3 * 20 + 1], internal=True)
    assert likeness.nearest(2)[0] == 30
    assert likeness.nearest(1000)[0] == 30
    assert len(likeness.nearest(1000)) == 50
    assert abs(likeness.of([30, 999])[30] - 1.0) < 1e-5
    assert 999 not in likeness.of([30, 999])


def test_a_passage_for_staff_is_near_to_nobody_else():
    meanings = made(50)
    asked = meanings.vectors[3 * 20]
    assert meanings.likeness(asked, internal=True).nearest(1) == [30]
    assert meanings.likeness(asked, internal=False).of([30])[30] < 0.5
    hidden = made(4, passages=1).likeness(asked, internal=False)
    assert hidden.nearest(4) == []
    assert hidden.of([10, 11, 12, 13]) == {}


def test_without_vectors_nothing_is_near():
    likeness = NOTHING.likeness(np.ones(384, np.float32), internal=True)
    assert likeness.nearest(5) == []
    assert likeness.of([1]) == {}


def test_many_who_ask_at_once_each_get_their_own_answer():
    meanings = made(200)
    found: dict[int, list[int]] = {}

    def ask(document: int) -> None:
        asked = meanings.vectors[3 * document + 2]
        found[document] = meanings.likeness(asked, internal=False).nearest(1)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == {number: [number + 10] for number in range(60)}
