"""From the files of a data set to the task of an evaluation.

Order of fields and rows, and fields not named here, do not matter.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.domains.retrieval.evaluation import Task
from backend.domains.retrieval.passage_rules import lead
from backend.kernel.rows import read_rows

_NO = frozenset({"", "0", "false", "no", "none", "null", "nan"})


def knowledge(corpus: Path, queries: Path) -> Task:
    """Documents with `docid` and `text`; queries with `question` and `docid`.

    Of the queries those with `doc_available` count, or all where the file does not say.
    """
    texts: list[tuple[str, str]] = []
    places: dict[str, int] = {}
    for row in read_rows(corpus):
        text = _field(row, "text", corpus)
        places.setdefault(_field(row, "docid", corpus), len(texts))
        texts.append((str(row.get("title") or "") or lead(text), text))
    asked: list[tuple[str, int]] = []
    missing = 0
    for row in read_rows(queries):
        if not _yes(row.get("doc_available", True)):
            continue
        place = places.get(_field(row, "docid", queries))
        if place is None:
            missing += 1
        else:
            asked.append((_field(row, "question", queries), place))
    return Task(texts, asked, missing)


def replies(corpus: Path, queries: Path) -> Task:
    """Letters with `id` and `reply`, of which only the reply is searched; queries with a `title`.

    A query's answer is the row with its `id`; without one, the row that stands at its place.
    """
    texts: list[tuple[str, str]] = []
    places: dict[str, int] = {}
    for at, row in enumerate(read_rows(corpus)):
        places.setdefault(_name(row, at), at)
        texts.append(("", _field(row, "reply", corpus)))
    asked: list[tuple[str, int]] = []
    missing = 0
    for at, row in enumerate(read_rows(queries)):
        place = places.get(_name(row, at))
        if place is None:
            missing += 1
        else:
            asked.append((_field(row, "title", queries), place))
    return Task(texts, asked, missing)


def _name(row: Mapping[str, Any], at: int) -> str:
    return str(row.get("id") or f"row {at}")


def _field(row: Mapping[str, Any], name: str, path: Path) -> str:
    value = row.get(name)
    if value is None:
        raise ValueError(f"{path.name}: a row without {name}")
    return str(value)


def _yes(value: object) -> bool:
    return str(value).strip().lower() not in _NO
