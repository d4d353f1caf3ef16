"""Which messages are about one matter.

Two stages of average linkage. The first joins messages; it is strict, because a pair of messages
says little. The second joins those groups by their centers, where what the messages have in
common stands out from what each writer adds; that finds the rest of a matter told in long and
different words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage

from backend.domains.insight.corpus import Corpus, Matrix, Text, unit_rows

# Average distance (1 - likeness) up to which messages, then groups, are one matter.
MESSAGES_APART, GROUPS_APART = 0.85, 0.76
_BLOCK = 256

Labels = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Messages about one matter, by their places in the list; the most central one first."""

    members: tuple[int, ...]
    keywords: tuple[str, ...]


def find(texts: Sequence[Text]) -> list[Cluster]:
    """Every message in exactly one cluster; most messages stand alone. Largest first.

    The same messages in the same order give the same clusters. Time and memory grow with the
    square of their number: 4,000 take some seconds and 300 MB.
    """
    if not texts:
        return []
    corpus = Corpus(texts)
    labels = _labels(corpus)
    groups: dict[int, list[int]] = {}
    for place, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(place)
    made = [_cluster(corpus, members) for members in groups.values()]
    return sorted(made, key=lambda cluster: (-len(cluster.members), min(cluster.members)))


def _labels(corpus: Corpus) -> Labels:
    nearness = corpus.nearness()
    first = _cut(corpus.words, corpus.words, nearness, MESSAGES_APART)
    count = int(first.max()) + 1
    shape = (count, corpus.size)
    member = sparse.csr_matrix(
        (np.ones(corpus.size, dtype=np.float32), (first, np.arange(corpus.size))), shape=shape
    )
    mean = sparse.csr_matrix(sparse.diags(1 / np.asarray(member.sum(axis=1)).ravel()) @ member)
    between = np.asarray(mean @ (mean @ nearness).T, dtype=np.float32)
    second = _cut(
        unit_rows(member @ corpus.words), unit_rows(member @ corpus.titles), between, GROUPS_APART
    )
    labels: Labels = second[first]
    return labels


def _cut(one: sparse.csr_matrix, other: sparse.csr_matrix, near: Matrix, apart: float) -> Labels:
    """Labels from 0 by average linkage over the mean of two likenesses times nearness."""
    size = one.shape[0]
    if size == 1:
        return np.zeros(1, dtype=np.intp)
    distances = np.empty(size * (size - 1) // 2)
    at = 0
    for start in range(0, size, _BLOCK):
        rows = slice(start, start + _BLOCK)
        alike = (one[rows] @ one.T).toarray()
        if other is not one:
            alike = (alike + (other[rows] @ other.T).toarray()) / 2
        block = np.clip(1 - alike * near[rows], 0, 1)
        for row in range(block.shape[0]):
            right = block[row, start + row + 1 :]
            distances[at : at + right.size] = right
            at += right.size
    tree = linkage(distances, "average")
    labels: Labels = fcluster(tree, apart, "distance").astype(np.intp) - 1
    return labels


def _cluster(corpus: Corpus, members: list[int]) -> Cluster:
    rows = corpus.words[members]
    center = np.asarray(rows.sum(axis=0)).ravel()
    near = np.asarray(rows @ center).ravel()
    order = np.argsort(-near, kind="stable")
    return Cluster(
        members=tuple(members[place] for place in order), keywords=corpus.keywords(center)
    )
