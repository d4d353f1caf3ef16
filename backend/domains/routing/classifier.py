"""A linear classifier of short Chinese texts that says how sure it is.

Training: one-against-the-rest linear support vector machines. Their scores on texts that they
were not trained on (cross-validation) fit a softmax, and the shares it gives are then corrected
by how often such a share was right. Prediction needs NumPy only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.domains.routing.text_features import Features, Recipe

Floats = NDArray[np.float32]
Rows = Sequence[tuple[str, str]]

FOLDS = 4
_SEED = 20180606
_POOLED = 5


@dataclass(frozen=True, slots=True)
class Calibration:
    """`softmax(scale · score + shift)`, then `shares` ↦ `right` (piecewise linear, rising)."""

    scale: float
    shift: Floats
    shares: Floats
    right: Floats

    def shares_of(self, scores: Floats) -> Floats:
        """Softmax shares of one row or many, not yet corrected."""
        return softmax(self.scale * scores + self.shift)

    def sure(self, shares: Floats) -> Floats:
        """How often a class with such a share was right."""
        return np.interp(shares, self.shares, self.right).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Classifier:
    """What has been learned; `classes` are the codes, `accuracy` is cross-validated."""

    classes: tuple[str, ...]
    features: Features
    weights: Floats
    bias: Floats
    calibration: Calibration
    accuracy: float
    count: int

    def ranking(self, title: str, text: str, limit: int | None = None) -> list[tuple[str, float]]:
        """`(class, sure 0 … 1)`, best first; empty where the text holds nothing known."""
        places, values = self.features.of(title, text)
        if not len(places):
            return []
        shares = self.calibration.shares_of(values @ self.weights[places] + self.bias)
        order = np.argsort(-shares, kind="stable")[:limit]
        sure = self.calibration.sure(shares[order])
        return [
            (self.classes[place], float(value)) for place, value in zip(order, sure, strict=True)
        ]


def softmax(scores: Any) -> Floats:
    """Shares that add up to 1 along the last axis."""
    raised = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float32)


def train(rows: Rows, labels: Sequence[str], recipe: Recipe) -> Classifier:
    """Learn from rows (title, text) and their labels; needs at least two classes."""
    return train_measured(rows, labels, recipe)[0]


def train_measured(
    rows: Rows, labels: Sequence[str], recipe: Recipe, judged: Sequence[bool] | None = None
) -> tuple[Classifier, NDArray[np.bool_]]:
    """`train`, and for each row whether a model that had not seen it named its label.

    Sureness and `accuracy` come from the rows that are `judged` (all by default): examples
    that are easier than what people write would make the model too sure of itself.
    """
    classes = tuple(sorted(set(labels)))
    if len(classes) < 2:
        raise ValueError("training needs at least two classes")
    place = {code: index for index, code in enumerate(classes)}
    wanted = np.array([place[label] for label in labels])
    features = Features.learn(recipe.fields, rows)
    matrix = features.matrix(rows)
    unseen = np.zeros((len(rows), len(classes)), dtype=np.float32)
    part = folds(wanted, FOLDS)
    for number in range(FOLDS):
        kept, left = np.flatnonzero(part != number), np.flatnonzero(part == number)
        if len(left):
            weights, bias = _fit(matrix[kept], wanted[kept], len(classes), recipe)
            unseen[left] = matrix[left] @ weights + bias
    weights, bias = _fit(matrix, wanted, len(classes), recipe)
    counted = np.ones(len(rows), dtype=bool) if judged is None else np.array(judged)
    calibration = calibrate(unseen[counted], wanted[counted])
    right = np.asarray(calibration.shares_of(unseen).argmax(axis=1) == wanted)
    model = Classifier(
        classes, features, weights, bias, calibration, float(right[counted].mean()), len(rows)
    )
    return model, right


def folds(wanted: NDArray[Any], count: int) -> NDArray[np.int64]:
    """A part 0 … count-1 for each row, every class spread evenly; the same at each call."""
    random = np.random.default_rng(_SEED)
    parts = np.zeros(len(wanted), dtype=np.int64)
    start = 0
    for one in np.unique(wanted):
        members = random.permutation(np.flatnonzero(wanted == one))
        parts[members] = (np.arange(len(members)) + start) % count
        start += len(members)
    return parts


def _fit(matrix: Any, wanted: NDArray[Any], count: int, recipe: Recipe) -> tuple[Floats, Floats]:
    """Weights (features × classes) and bias; a class without rows always scores -1."""
    from sklearn.svm import LinearSVC

    weights = np.zeros((matrix.shape[1], count), dtype=np.float32)
    bias = np.full(count, -1.0, dtype=np.float32)
    present = np.unique(wanted)
    if not recipe.contrast and len(present) > 2:
        # All classes in one call: much faster where nothing is scaled for each of them.
        machine = LinearSVC(C=recipe.cost, random_state=0, max_iter=2000).fit(matrix, wanted)
        weights[:, present], bias[present] = machine.coef_.T, machine.intercept_
        return weights, bias
    used = matrix.copy()
    used.data = np.ones_like(used.data)
    everywhere = np.asarray(used.sum(axis=0)).ravel()
    for place in present:
        inside = wanted == place
        if inside.all():
            bias[place] = 1.0
            continue
        strength = _contrast(used, everywhere, inside) ** recipe.contrast
        scaled = matrix.copy()
        scaled.data = scaled.data * strength[scaled.indices]
        machine = LinearSVC(C=recipe.cost, random_state=0, max_iter=2000).fit(scaled, inside)
        # What was multiplied before learning is multiplied into what was learned: prediction
        # stays one product.
        weights[:, place] = machine.coef_[0] * strength
        bias[place] = machine.intercept_[0]
    return weights, bias


def _contrast(used: Any, everywhere: Floats, inside: NDArray[np.bool_]) -> Floats:
    """|log(share of a feature inside the class / outside)|, smoothed by one."""
    within = np.asarray(used[np.flatnonzero(inside)].sum(axis=0)).ravel()
    there, elsewhere = within + 1, everywhere - within + 1
    ratio = (there / there.sum()) / (elsewhere / elsewhere.sum())
    return np.asarray(np.abs(np.log(ratio)), dtype=np.float32)


def calibrate(unseen: Floats, wanted: NDArray[Any]) -> Calibration:
    """Fit scale and shifts by likelihood, then the correction by isotonic regression."""
    from scipy.optimize import minimize
    from sklearn.isotonic import IsotonicRegression

    count = unseen.shape[1]
    truth = np.eye(count)[wanted]

    def loss(point: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        scale, shift = point[0], point[1:]
        scores = scale * unseen + shift
        scores = scores - scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        slope = (np.exp(logs) - truth) / len(wanted)
        # The small penalty keeps the shifts of rare classes near 0.
        value = -(logs * truth).sum() / len(wanted) + 0.003 * shift @ shift
        return value, np.concatenate([[(slope * unseen).sum()], slope.sum(0) + 0.006 * shift])

    start = np.concatenate([[3.0], np.zeros(count)])
    point = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
    scale, shift = float(max(point[0], 0.1)), point[1:].astype(np.float32)
    shares = softmax(scale * unseen + shift)
    best = np.argsort(-shares, axis=1)[:, :_POOLED]
    given = np.take_along_axis(shares, best, axis=1).ravel()
    right = np.take_along_axis(truth, best, axis=1).ravel()
    steps = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(given, right)
    knots = np.linspace(0, 1, 41)
    # Smoothed a little: a plateau at exactly 0 or 1 would promise more than was seen.
    risen = np.clip(steps.predict(knots), 0.002, 0.995)
    return Calibration(scale, shift, knots.astype(np.float32), risen.astype(np.float32))
