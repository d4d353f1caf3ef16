"""The worker's part: the meanings of new passages, and what sources have that the index lacks."""

import time

from backend.domains.retrieval import live, meaning, ports, store
from backend.kernel.services import Services

EMBED_SECONDS = 3.0
_MOST = 200


def embed_missing(services: Services, seconds: float = EMBED_SECONDS) -> int:
    """Compute vectors for about `seconds`, the newest documents first; how many.

    Never called while a request waits. Two workers may do the same passage: the result is equal.
    """
    with services.db.transaction() as session:
        waiting = store.without_vector(session, _MOST)
    embedder = meaning.embedder(services) if waiting else None
    if embedder is None:
        return 0
    until = time.monotonic() + seconds
    vectors = []
    for key, ordinal, title, text in waiting:
        vectors.append((key, ordinal, text, embedder.passage(meaning.said(title, text))))
        if time.monotonic() > until:
            break
    with services.db.transaction() as session:
        for key, ordinal, text, vector in vectors:
            store.set_vector(session, (key, ordinal), text, meaning.packed(vector))
    return len(vectors)


def compare_sources(services: Services) -> int:
    """Put in what a source has in another form, take out what none has; how many changed.

    Domains put their changes in themselves; this is for what was there before the search was,
    and against a change that forgot to.
    """
    changed = 0
    for kind, source in ports.sources(services).items():
        with services.unit() as uow:
            gone = store.known(uow.session, kind)
            for document in source.documents(uow):
                changed += store.put(uow.session, document)
                gone.discard(document.ref_id)
            for ref_id in gone:
                changed += store.remove(uow.session, kind, ref_id)
    return changed


def keep_up(services: Services) -> object:
    """Bring the index up to date, if this process has one on disk."""
    index = live.of(services)
    return index.upkeep() if index.background else 0


def keep_meanings(services: Services) -> object:
    """Bring the vectors on disk up to date, if this process has them there."""
    index = live.of(services)
    return index.refresh_meanings() if index.background else False
