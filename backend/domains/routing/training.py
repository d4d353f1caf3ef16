"""Training from the district's own closed events, with example sentences as a start."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from backend.domains.routing import ports, rules, store
from backend.domains.routing.classifier import Classifier, train_measured
from backend.domains.routing.model import RoutingModel
from backend.domains.routing.ports import Kind
from backend.domains.routing.seeds import Row, seed_rows
from backend.domains.routing.text_features import PLAIN
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

# The newest events count: departments and words change. Twenty thousand train in about a minute.
MOST_EVENTS = 20_000
# Sureness is judged by whole sentences where there are so many.
_LEAST_SPOKEN = 100
_MODEL_LOCK = 4203_0001


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to; `version` is None when the model in use was kept.

    `unseen_new` and `unseen_old` are the accuracies that were compared, None where not.
    """

    target: str
    version: int | None
    examples: int
    closed_events: int
    classes: int
    accuracy: float
    unseen_new: float | None
    unseen_old: float | None


class NothingToLearn(ValueError):
    """There are not two classes with enough examples."""


def gather(uow: UnitOfWork, source: ports.Source, target: str) -> list[Row]:
    """All examples for a target; only classes that have enough of them."""
    kinds = source.kinds(uow)
    known = {kind.code: kind for kind in kinds}
    rows = seed_rows(kinds)
    for event in source.finished(uow, MOST_EVENTS):
        if event.category_code in known:
            department = event.department_code or known[event.category_code].department_code
            label = event.category_code if target == rules.CATEGORY else department
            if label:
                rows.append(Row(joined(event.title, event.words), label, event.closed_at))
    if target == rules.DEPARTMENT:
        rows = list(_by_department(rows, known))
    enough = rules.usable(Counter(row.label for row in rows))
    return [row for row in rows if row.label in enough]


def _by_department(rows: Iterable[Row], known: dict[str, Kind]) -> Iterable[Row]:
    for row in rows:
        if row.closed_at is not None:
            yield row
        elif department := known[row.label].department_code:
            yield replace(row, label=department)


def joined(title: str, words: str) -> str:
    """Title and words as one text; titles that only repeat how the words begin are left out."""
    plain = title.rstrip("…").strip()
    return words if not plain or words.startswith(plain) else f"{plain} {words}"


def fingerprint(kinds: Sequence[Kind]) -> str:
    """Changes when a category comes, goes, or is called or described otherwise."""
    listed = sorted((k.code, k.name, k.hint, *k.keywords, k.department_code or "") for k in kinds)
    return hashlib.sha256(json.dumps(listed, ensure_ascii=False).encode()).hexdigest()


def learn(rows: Sequence[Row]) -> tuple[Classifier, NDArray[np.bool_]]:
    """A classifier, and for each row whether it is named right by one that had not seen it.

    `NothingToLearn` where there are not two classes.
    """
    if len({row.label for row in rows}) < 2:
        raise NothingToLearn("fewer than two classes with enough examples")
    # Once there are many texts of residents, pieces that only one of them wrote are left out.
    least = 2 if own_count(rows) > 500 else 1
    recipe = replace(PLAIN, fields=tuple(replace(f, least=least) for f in PLAIN.fields))
    texts, labels = [("", row.text) for row in rows], [row.label for row in rows]
    spoken = [row.spoken for row in rows]
    return train_measured(texts, labels, recipe, spoken if sum(spoken) >= _LEAST_SPOKEN else None)


def own_count(rows: Iterable[Row]) -> int:
    """How many of the examples are closed events of the district."""
    return sum(row.closed_at is not None for row in rows)


def measured(rows: Sequence[Row], right: NDArray[np.bool_]) -> float:
    """The share named right: among closed events where there are enough, else among sentences."""
    pairs = list(zip(rows, right.tolist(), strict=True))
    own = [hit for row, hit in pairs if row.closed_at is not None]
    if len(own) < rules.LEAST_MEASURED:
        own = [hit for row, hit in pairs if row.spoken] or right.tolist()
    return float(mean(own))


def run(services: Services, target: str, *, anyway: bool = False) -> Trained:
    """Train, and let the new model follow the one in use unless it measures worse.

    Compared are events that closed after the training of the model in use, so that neither
    has seen them: the new one cross-validated, the old one asked. `anyway` replaces it in any
    case. `NothingToLearn` where there is no source or too little to learn from.
    """
    source = ports.source(services)
    if source is None:
        raise NothingToLearn("no source of examples")
    with services.unit() as uow:
        rows = gather(uow, source, target)
        made_for = fingerprint(source.kinds(uow))
    # Outside the transaction: training takes up to minutes.
    classifier, right = learn(rows)
    with services.unit() as uow:
        uow.session.execute(select(func.pg_advisory_xact_lock(_MODEL_LOCK)))
        before = newest(uow, target)
        new, old = None, None
        if before is not None and before.made_for == made_for and not anyway:
            new, old = _compared(services, before, rows, right)
        done = Trained(
            target=target,
            version=None,
            examples=len(rows),
            closed_events=own_count(rows),
            classes=len(classifier.classes),
            accuracy=round(measured(rows, right), 4),
            unseen_new=new,
            unseen_old=old,
        )
        if new is not None and not rules.may_replace(new, old):
            return done
        version = before.version + 1 if before else 1
        path = store.path_of(Path(services.settings.data_dir), target, version)
        uow.session.add(
            RoutingModel(
                target=target,
                version=version,
                trained_at=uow.now,
                examples=done.examples,
                closed_events=done.closed_events,
                classes=done.classes,
                accuracy=done.accuracy,
                sha256=store.save(classifier, path),
                made_for=made_for,
            )
        )
    return replace(done, version=version)


def _compared(
    services: Services, before: RoutingModel, rows: Sequence[Row], right: NDArray[np.bool_]
) -> tuple[float | None, float | None]:
    """Accuracy of the new and the old model on what neither has seen; None if that is little."""
    fresh = [
        (row, bool(hit))
        for row, hit in zip(rows, right, strict=True)
        if row.closed_at is not None and row.closed_at > before.trained_at
    ]
    if len(fresh) < rules.LEAST_MEASURED:
        return None, None
    path = store.path_of(Path(services.settings.data_dir), before.target, before.version)
    try:
        model = store.load(path, before.sha256)
    except store.BadModel:
        return None, None
    old = [model.ranking("", row.text, 1)[:1] for row, _ in fresh]
    named = [bool(top) and top[0][0] == row.label for top, (row, _) in zip(old, fresh, strict=True)]
    return round(mean(hit for _, hit in fresh), 4), round(mean(named), 4)


def newest(uow: UnitOfWork, target: str) -> RoutingModel | None:
    """The model in use."""
    return uow.session.scalar(
        select(RoutingModel)
        .where(RoutingModel.target == target)
        .order_by(RoutingModel.version.desc())
        .limit(1)
    )


def train_missing(services: Services) -> None:
    """Train where there is no model yet, or one for other categories than those of now."""
    source = ports.source(services)
    if source is None:
        return
    for target in rules.TARGETS:
        with services.unit() as uow:
            kinds = source.kinds(uow)
            before = newest(uow, target)
            fits = before is not None and before.made_for == fingerprint(kinds)
        if kinds and not fits:
            try:
                run(services, target, anyway=True)
            except NothingToLearn:
                continue
