"""How well the classifier does: labelled texts in, one set of figures out."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.domains.routing.classifier import Classifier, folds, train
from backend.domains.routing.text_features import PLAIN, TITLED

LEAST_TICKETS = 20
_SCHEME = "A"
_TOP = 3
_BINS = 15


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with labels; `titled` tells whether they have titles."""

    rows: list[tuple[str, str]]
    labels: list[str]
    titled: bool

    def part(self, places: Sequence[int]) -> "Labelled":
        """Only the rows at these places."""
        return Labelled(
            [self.rows[p] for p in places], [self.labels[p] for p in places], self.titled
        )


def read(path: Path) -> Labelled:
    """The labelled texts of a JSONL file; `ValueError` for another shape.

    Messages with `title`, `text` and `l1` are taken whole. Tickets with `text` and `dept` only
    where `scheme` is A and `dup` is false; nothing else of them is read.
    """
    found = list(_objects(path))
    if found and all({"title", "text", "l1"} <= row.keys() for row in found):
        rows = [(str(row["title"] or ""), str(row["text"] or "")) for row in found]
        return Labelled(rows, [str(row["l1"]) for row in found], True)
    if found and all({"text", "dept"} <= row.keys() for row in found):
        kept = [row for row in found if row.get("scheme") == _SCHEME and row.get("dup") is False]
        rows = [("", str(row["text"] or "")) for row in kept]
        return Labelled(rows, [str(row["dept"]) for row in kept], False)
    raise ValueError(f"{path.name}: needs title, text and l1, or text and dept, in every row")


def evaluate(train_path: Path, test_path: Path) -> dict[str, float | int]:
    """Train on one file, predict the other, and return the figures."""
    learned, asked = read(train_path), read(test_path)
    if learned.titled != asked.titled:
        raise ValueError("the two files have different shapes")
    learned = with_enough(learned)
    known = set(learned.labels)
    asked = asked.part([p for p, label in enumerate(asked.labels) if label in known])
    if not asked.labels:
        raise ValueError(f"{test_path.name}: no row has a label that was learned")
    model, seconds = timed_training(learned)
    return _figures([_answers(model, asked)], [seconds])


def cross_validate(path: Path, count: int) -> dict[str, float | int]:
    """The same figures with one file: each part predicted by what the others taught."""
    rows = with_enough(read(path))
    classes = {label: place for place, label in enumerate(sorted(set(rows.labels)))}
    part = folds(np.array([classes[label] for label in rows.labels]), count)
    answers: list[_Answers] = []
    seconds: list[float] = []
    for number in range(count):
        model, took = timed_training(rows.part(np.flatnonzero(part != number).tolist()))
        answers.append(_answers(model, rows.part(np.flatnonzero(part == number).tolist())))
        seconds.append(took)
    return _figures(answers, seconds)


def with_enough(rows: Labelled) -> Labelled:
    """Only departments with at least `LEAST_TICKETS` tickets; messages stay as they are."""
    if rows.titled:
        return rows
    counts = Counter(rows.labels)
    kept = [p for p, label in enumerate(rows.labels) if counts[label] >= LEAST_TICKETS]
    return rows.part(kept)


def timed_training(rows: Labelled) -> tuple[Classifier, float]:
    """A classifier of the rows, and the seconds it took."""
    start = time.perf_counter()
    model = train(rows.rows, rows.labels, TITLED if rows.titled else PLAIN)
    return model, time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class _Answers:
    truth: list[str]
    ranked: list[list[tuple[str, float]]]
    times: list[float]


def _answers(model: Classifier, rows: Labelled) -> _Answers:
    ranked: list[list[tuple[str, float]]] = []
    times: list[float] = []
    for title, text in rows.rows:
        start = time.perf_counter()
        found = model.ranking(title, text, _TOP)
        times.append((time.perf_counter() - start) * 1000)
        ranked.append(found or [(model.classes[0], 0.0)])
    return _Answers(rows.labels, ranked, times)


def _figures(parts: Sequence[_Answers], seconds: Sequence[float]) -> dict[str, float | int]:
    truth = [label for part in parts for label in part.truth]
    ranked = [found for part in parts for found in part.ranked]
    first = [found[0][0] for found in ranked]
    sure = np.array([found[0][1] for found in ranked])
    right = np.array([guess == label for guess, label in zip(first, truth, strict=True)])
    top = [any(code == w for code, _ in found) for found, w in zip(ranked, truth, strict=True)]
    times = [value for part in parts for value in part.times]
    return {
        "n": len(truth),
        "classes": len(set(truth)),
        "accuracy": round(float(right.mean()), 4),
        "macro_f1": round(macro_f1(truth, first), 4),
        "top3": round(float(np.mean(top)), 4),
        "p95_ms": round(float(np.percentile(times, 95)), 2),
        "seconds_to_train": round(max(seconds), 1),
        "calibration_error": round(calibration_error(sure, right), 4),
    }


def macro_f1(truth: Sequence[str], guesses: Sequence[str]) -> float:
    """The mean over all classes (of truth or guesses) of 2·hits / (wanted + guessed)."""
    hits = Counter(a for a, b in zip(truth, guesses, strict=True) if a == b)
    wanted, guessed = Counter(truth), Counter(guesses)
    classes = wanted.keys() | guessed.keys()
    return sum(2 * hits[c] / (wanted[c] + guessed[c]) for c in classes) / len(classes)


def calibration_error(sure: NDArray[Any], right: NDArray[Any]) -> float:
    """Expected calibration error: |share right - mean sureness| over 15 equal bins, weighted."""
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for number in np.unique(bins):
        inside = bins == number
        error += inside.mean() * abs(right[inside].mean() - sure[inside].mean())
    return float(error)


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path.name}:{number}: not JSON ({error.msg})") from error
            if not isinstance(row, dict):
                raise ValueError(f"{path.name}:{number}: not an object")
            yield row
