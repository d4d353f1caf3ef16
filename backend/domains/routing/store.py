"""Classifiers as files: arrays and text in one npz, nothing in it that could run.

Not pickle: whoever can write into the folder must not be able to run code in the web process.
"""

import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.domains.routing.classifier import Calibration, Classifier
from backend.domains.routing.text_features import Features, Field

FORMAT = 1
# A piece never holds this: `normal` leaves no control characters at its ends and none is a word.
_BETWEEN = "\x1f"


class BadModel(ValueError):
    """The file is not a model that this version can read, or not the one that was stored."""


def path_of(data_dir: Path, target: str, version: int) -> Path:
    """Where a version lies."""
    return data_dir / "models" / f"routing-{target}-{version}.npz"


def save(classifier: Classifier, path: Path) -> str:
    """Write the file so that nobody ever sees half of it; its SHA-256 in hex."""
    content = to_bytes(classifier)
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_suffix(f".{os.getpid()}.tmp")
    passing.write_bytes(content)
    passing.replace(path)
    return hashlib.sha256(content).hexdigest()


def load(path: Path, digest: str) -> Classifier:
    """The classifier of a file; `BadModel` unless it has this SHA-256 and can be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadModel(f"{path.name}: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise BadModel(f"{path.name}: not the file that was stored")
    return from_bytes(content)


def to_bytes(classifier: Classifier) -> bytes:
    """The content of a model file."""
    features, calibration = classifier.features, classifier.calibration
    about = {
        "format": FORMAT,
        "classes": classifier.classes,
        "fields": [[getattr(field, name) for name in _FIELD] for field in features.fields],
        "sizes": [len(columns) for columns in features.columns],
        "accuracy": classifier.accuracy,
        "count": classifier.count,
        "scale": calibration.scale,
    }
    pieces = _BETWEEN.join(piece for columns in features.columns for piece in columns)
    target = io.BytesIO()
    np.savez_compressed(
        target,
        about=_bytes(json.dumps(about, ensure_ascii=False)),
        pieces=_bytes(pieces),
        rarity=features.rarity,
        weights=classifier.weights.astype(np.float16),
        bias=classifier.bias,
        shift=calibration.shift,
        shares=calibration.shares,
        right=calibration.right,
    )
    return target.getvalue()


def from_bytes(content: bytes) -> Classifier:
    """Undo `to_bytes`; `BadModel` for anything else."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes())
            if about["format"] != FORMAT:
                raise BadModel(f"format {about['format']}")
            return _read(about, arrays)
    except (KeyError, ValueError, TypeError, OSError, EOFError) as error:
        raise BadModel(str(error)) from error


_FIELD = ("part", "unit", "low", "high", "weight", "least")


def _read(about: dict[str, Any], arrays: Any) -> Classifier:
    text = arrays["pieces"].tobytes().decode()
    pieces = text.split(_BETWEEN) if text else []
    columns: list[dict[str, int]] = []
    start = 0
    for size in about["sizes"]:
        part = pieces[start : start + size]
        columns.append({piece: start + place for place, piece in enumerate(part)})
        start += size
    weights = arrays["weights"].astype(np.float32)
    if start != len(pieces) or weights.shape != (len(pieces), len(about["classes"])):
        raise BadModel("sizes do not agree")
    fields = [Field(**dict(zip(_FIELD, values, strict=True))) for values in about["fields"]]
    calibration = Calibration(about["scale"], arrays["shift"], arrays["shares"], arrays["right"])
    return Classifier(
        tuple(about["classes"]),
        Features(fields, columns, arrays["rarity"]),
        weights,
        arrays["bias"],
        calibration,
        about["accuracy"],
        about["count"],
    )


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
