"""Bring a JSONL catalogue in: idempotent, row by row, with a report of what was refused and why.

Imported items go live at once, since they are live where they come from; the cross-checks that
are errors at publication are warnings here. What staff have edited since is left alone.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.catalog import service, store
from backend.domains.catalog.import_rows import Imported, Refused, read_row
from backend.domains.catalog.model import Item, ItemVersion
from backend.domains.catalog.rules import DRAFT, problems
from backend.domains.organisation import service as organisation
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

SOURCE = "import"
BATCH = 200
LINE_MAX = 200_000
Progress = Callable[[list[bytes]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken."""

    line: int
    code: str
    name: str
    reason: str


@dataclass(slots=True)
class Report:
    """What an import did; `as_dict` is what the command prints."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    refused: list[Refusal] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    dropped: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Counts, warnings by cross-check, each refused row, and each value that was cut."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "kept": self.kept,
            "refused": len(self.refused),
            "warnings": dict(self.warnings.most_common()),
            "refused_rows": [asdict(row) for row in self.refused],
            "shortened": self.dropped,
        }


def run(services: Services, path: Path, progress: Progress = lambda lines: lines) -> Report:
    """Import the file at `path`; committed every `BATCH` rows, so a stop loses little."""
    report = Report()
    seen: dict[str, int] = {}
    rows = _rows(progress(path.read_bytes().split(b"\n")), report, seen)
    for batch in _batches(rows):
        with services.unit() as uow:
            departments = _departments(uow, [row.department for row in batch])
            there = _there(uow, batch)
            for row in batch:
                _take(uow, row, departments[row.department], there.get(row.code), report)
    return report


def _rows(lines: Iterable[bytes], report: Report, seen: dict[str, int]) -> Iterator[Imported]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row: object = None
        try:
            row = _parse(line)
            item = read_row(row)
            if item.code in seen:
                raise Refused(f"编码与第{seen[item.code]}行重复")
        except Refused as refused:
            report.refused.append(_refusal(number, row, str(refused)))
            continue
        seen[item.code] = number
        report.dropped += [f"第{number}行 {text}" for text in item.dropped]
        yield item


def _parse(line: bytes) -> object:
    if len(line) > LINE_MAX:
        raise Refused(f"这一行太长：{len(line)}字节")
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("不是 UTF-8 文字") from None
    except json.JSONDecodeError as error:
        raise Refused(f"不是 JSON：第{error.colno}个字符处出错") from None
    except RecursionError:
        raise Refused("JSON 嵌套太深") from None


def _refusal(number: int, row: object, reason: str) -> Refusal:
    said = row if isinstance(row, dict) else {}
    return Refusal(
        number, str(said.get("code") or "")[:80], str(said.get("name") or "")[:60], reason
    )


def _batches(rows: Iterable[Imported]) -> Iterator[list[Imported]]:
    batch: list[Imported] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _departments(uow: UnitOfWork, names: Iterable[str]) -> dict[str, UUID]:
    """Departments by name; one the district does not have gets a code of its own."""
    known = {place.name: place.id for place in organisation.departments(uow.session)}
    for name in dict.fromkeys(names):
        if name not in known:
            code = "x-" + hashlib.sha256(name.encode()).hexdigest()[:16]
            organisation.add(uow.session, "department", code, name)
            known[name] = stable_id("department", code)
    return known


def _there(uow: UnitOfWork, batch: list[Imported]) -> dict[str, ItemVersion]:
    """The newest version of each item of the batch that is there already."""
    rows = uow.session.execute(
        select(Item.implementation_code, ItemVersion)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.implementation_code.in_([row.code for row in batch]))
        .order_by(ItemVersion.number)
    )
    return dict(rows.all())


def _take(
    uow: UnitOfWork, row: Imported, department: UUID, newest: ItemVersion | None, report: Report
) -> None:
    report.warnings.update(problem.code for problem in problems(row.content))
    if newest is None:
        codes = service.Codes(row.code, department, row.base_code, source=SOURCE)
        service.put_live(uow, service.create(uow, codes, row.content))
        report.created += 1
    elif newest.content_hash == store.content_hash(row.content):
        report.unchanged += 1
    elif newest.state == DRAFT or newest.published_by != uow.actor.name:
        report.kept += 1
    else:
        version = service.open_draft(uow, newest.item_id, newest.number + 1, row.content)
        service.put_live(uow, version)
        report.updated += 1
