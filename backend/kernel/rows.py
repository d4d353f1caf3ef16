"""Data files of rows: JSON lines, a JSON array, or CSV/TSV, each also gzipped.

What a file is is told by its name; one with another name is taken for JSON lines.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO, cast

# The csv module refuses cells of more than 128 KiB unless told otherwise; documents are longer.
LONGEST_CELL = 50_000_000
_DELIMITERS = {".csv": ",", ".tsv": "\t"}


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file as objects; cells of CSV and TSV are strings.

    What is no row raises ValueError with the file's name and the line or place.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    opened = gzip.open if suffixes and suffixes[-1] == ".gz" else open
    kind = next((one for one in reversed(suffixes) if one != ".gz"), "")
    try:
        # A byte-order mark, as Excel writes it, is no part of the first field's name.
        with opened(path, "rt", encoding="utf-8-sig", newline="") as handle:
            yield from _of_kind(cast(TextIO, handle), kind, path.name)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise ValueError(f"{path.name}: not readable ({error})") from error


def _of_kind(lines: TextIO, kind: str, name: str) -> Iterator[dict[str, Any]]:
    if kind in _DELIMITERS:
        yield from _cells(lines, _DELIMITERS[kind], name)
    elif kind == ".json":
        yield from _array(lines, name)
    else:
        yield from _objects(lines, name)


def _cells(lines: TextIO, delimiter: str, name: str) -> Iterator[dict[str, Any]]:
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        for row in csv.DictReader(lines, delimiter=delimiter):
            # Cells beyond the heading are kept by the reader under None.
            yield {key: value for key, value in row.items() if key is not None}
    except csv.Error as error:
        raise ValueError(f"{name}: not {delimiter!r}-separated cells ({error})") from error
    finally:
        csv.field_size_limit(before)


def _array(lines: TextIO, name: str) -> Iterator[dict[str, Any]]:
    text = lines.read()
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        # Many call JSON lines `.json`.
        yield from _objects(text.splitlines(), name)
        return
    for number, row in enumerate(found if isinstance(found, list) else [found], 1):
        yield _object(row, f"{name}, entry {number}")


def _objects(lines: TextIO | list[str], name: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{name}:{number}: not JSON ({error.msg})") from error
        yield _object(row, f"{name}:{number}")


def _object(row: object, place: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ValueError(f"{place}: not an object")
    return row
