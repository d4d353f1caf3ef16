"""The map of opinions: where neighbours stand, in which groups, what unites and what parts them.

Answers (+1 agree, -1 disagree, 0 pass, missing where not asked) are drawn in the plane by PCA,
grouped by k-means with the k of the best silhouette. A group of fewer than three is never shown:
a map with one is not drawn in groups. What most groups share is Polis's group-aware consensus:
the product over the groups of the (smoothed) share that agrees, or that disagrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Row = Mapping[str, int]
LEAST_PEOPLE, LEAST_STATEMENTS, LEAST_GROUP = 6, 3, 3
LEAST_ANSWERS = 2  # of one person, to stand on the map
MOST_GROUPS = 5
NAMES = "ABCDE"
_SHARED, _APART = 0.6, 0.35
_MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """`drawing` for everybody; `model` to place one person by their own answers."""

    drawing: dict[str, Any]
    model: dict[str, Any]


def draw(people: Sequence[Row], statements: Sequence[str]) -> Drawn | None:
    """The map of these people's answers to these statements; None while there are too few.

    `people` are `{statement: 1 | 0 | -1}`, in an order that tells nothing. The same answers give
    the same map.
    """
    kept = [row for row in people if len(row) >= LEAST_ANSWERS]
    if len(kept) < LEAST_PEOPLE or len(statements) < LEAST_STATEMENTS:
        return None
    table = _table(kept, statements)
    # One neutral answer more, so that a statement few were asked about does not weigh much.
    means = np.nanmean(np.vstack([table, np.zeros(len(statements))]), axis=0)
    filled = np.where(np.isnan(table), means, table) - means
    if not np.any(np.abs(filled) > 1e-9):
        return None
    axes, flat = _plane(filled)
    labels = _groups(flat)
    groups = [_group(number, table, flat, labels, statements) for number in range(max(labels) + 1)]
    drawing = {
        "participants": len(kept),
        "points": [
            [round(float(x), 2), round(float(y), 2), NAMES[label]]
            for (x, y), label in sorted(zip(flat.tolist(), labels, strict=True))
        ],
        "groups": groups,
        "shared": _shared(table, labels, statements),
        "apart": _apart(table, labels, statements),
    }
    centres = [group["centre"] for group in groups]
    model = {
        "statements": list(statements), "means": means.tolist(), "axes": axes.tolist(),
        "centres": centres,
    }  # fmt: skip
    return Drawn(drawing, model)


def place(model: Mapping[str, Any], answers: Row) -> dict[str, Any] | None:
    """Where somebody with these answers stands, and in which group; None with too few answers."""
    statements = model["statements"]
    if sum(one in answers for one in statements) < LEAST_ANSWERS:
        return None
    means = np.array(model["means"])
    given = np.array([float(answers.get(one, np.nan)) for one in statements])
    spot = np.where(np.isnan(given), 0.0, given - means) @ np.array(model["axes"]).T
    gaps = [float(np.hypot(*(spot - np.array(centre)))) for centre in model["centres"]]
    return {
        "x": round(float(spot[0]), 2),
        "y": round(float(spot[1]), 2),
        "group": NAMES[int(np.argmin(gaps))],
    }


def _table(people: Sequence[Row], statements: Sequence[str]) -> Matrix:
    return np.array([[float(row.get(one, np.nan)) for one in statements] for row in people])


def _plane(filled: Matrix) -> tuple[Matrix, Matrix]:
    """Two axes and everybody's place on them; an axis's sign is fixed by its largest weight."""
    # Imported where it is used: only the worker draws, and it takes a second and 100 MB.
    from sklearn.decomposition import PCA

    axes = PCA(n_components=2, svd_solver="full").fit(filled).components_
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    axes = axes * np.where(largest < 0, -1.0, 1.0)[:, None]
    return axes, filled @ axes.T


def _groups(flat: Matrix) -> list[int]:
    """The group of each, the largest group first; all in one where nothing parts them."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    best: tuple[float, list[int]] = (0.0, [0] * len(flat))
    distinct = len(np.unique(np.round(flat, 6), axis=0))
    for k in range(2, min(MOST_GROUPS, distinct, len(flat) // LEAST_GROUP) + 1):
        labels = KMeans(k, n_init=10, random_state=0).fit_predict(flat)
        if min(np.bincount(labels)) < LEAST_GROUP:
            continue
        score = float(silhouette_score(flat, labels))
        if score > best[0]:
            best = (score, labels.tolist())
    order = np.argsort(-np.bincount(best[1]), kind="stable").tolist()
    return [order.index(label) for label in best[1]]


def _group(
    number: int, table: Matrix, flat: Matrix, labels: Sequence[int], statements: Sequence[str]
) -> dict[str, Any]:
    mine = np.array(labels) == number
    spots = flat[mine]
    return {
        "name": NAMES[number],
        "size": int(mine.sum()),
        "centre": [round(float(value), 3) for value in spots.mean(axis=0)],
        "hull": _hull(spots),
        "typical": _typical(table[mine], table[~mine], statements),
    }


def _hull(spots: Matrix) -> list[list[float]]:
    """The outline around a group; the points themselves where they lie on one line."""
    from scipy.spatial import ConvexHull, QhullError

    unique = np.unique(np.round(spots, 2), axis=0)
    try:
        corners = unique[ConvexHull(unique).vertices]
    except (QhullError, ValueError):
        corners = unique
    return [[float(x), float(y)] for x, y in corners]


def _share(table: Matrix, answer: int) -> Matrix:
    """The smoothed share of those asked who gave this answer, by statement."""
    asked = (~np.isnan(table)).sum(axis=0)
    gave = (table == answer).sum(axis=0)
    return np.asarray((gave + 1) / (asked + 2), dtype=np.float64)


def _counts(table: Matrix, column: int) -> dict[str, int]:
    answers = table[:, column]
    return {
        "agree": int((answers == 1).sum()),
        "disagree": int((answers == -1).sum()),
        "pass": int((answers == 0).sum()),
    }


def _typical(mine: Matrix, others: Matrix, statements: Sequence[str]) -> list[dict[str, Any]]:
    """What this group says more than the others do, the clearest first."""
    found = []
    for answer, word in ((1, "agree"), (-1, "disagree")):
        own = _share(mine, answer)
        rest = _share(others, answer) if len(others) else np.full(len(statements), 0.5)
        for column, one in enumerate(statements):
            if own[column] >= _SHARED and own[column] > rest[column]:
                lead = float(own[column] / rest[column])
                found.append((lead, one, word, _counts(mine, column)))
    found.sort(key=lambda row: (-row[0], row[1]))
    return [
        {"statement": one, "answer": word, "counts": counts}
        for _, one, word, counts in found[:_MOST_LISTED]
    ]


def _shared(
    table: Matrix, labels: Sequence[int], statements: Sequence[str]
) -> list[dict[str, Any]]:
    """What every group says alike: group-aware consensus, best first."""
    number = max(labels) + 1
    marks = np.array(labels)
    found = []
    for answer, word in ((1, "agree"), (-1, "disagree")):
        shares = np.array([_share(table[marks == group], answer) for group in range(number)])
        product = shares.prod(axis=0)
        for column, one in enumerate(statements):
            if shares[:, column].min() >= _SHARED:
                found.append((float(product[column]), one, word, _counts(table, column)))
    found.sort(key=lambda row: (-row[0], row[1]))
    return [
        {"statement": one, "answer": word, "counts": counts}
        for _, one, word, counts in found[:_MOST_LISTED]
    ]


def _apart(table: Matrix, labels: Sequence[int], statements: Sequence[str]) -> list[dict[str, Any]]:
    """Where the groups part: the widest gap between their shares of agreement."""
    number = max(labels) + 1
    if number < 2:
        return []
    marks = np.array(labels)
    shares = np.array([_share(table[marks == group], 1) for group in range(number)])
    gaps = shares.max(axis=0) - shares.min(axis=0)
    wide = [
        (float(gaps[column]), one, column)
        for column, one in enumerate(statements)
        if gaps[column] >= _APART
    ]
    wide.sort(key=lambda row: (-row[0], row[1]))
    return [
        {
            "statement": one,
            "groups": [
                {"name": NAMES[group], **_counts(table[marks == group], column)}
                for group in range(number)
            ],
        }
        for _, one, column in wide[:_MOST_LISTED]
    ]
