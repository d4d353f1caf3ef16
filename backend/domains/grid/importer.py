"""Bring areas in from GeoJSON: idempotent, in one transaction, refusals named feature by feature.

What staff have edited since the last import is left alone; areas the file does not name stay.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from shapely import STRtree
from shapely.geometry import shape
from sqlalchemy import select

from backend.domains.grid import geometry
from backend.domains.grid.coordinate_rules import WGS84
from backend.domains.grid.import_features import Candidate, Refused, read_feature
from backend.domains.grid.index import touch
from backend.domains.grid.model import Area
from backend.domains.organisation import service as organisation
from backend.kernel.ids import stable_id
from backend.kernel.trace import Subject, record
from backend.kernel.uow import UnitOfWork

# The kind above each kind; parents are looked at before their children.
ABOVE = {"street": None, "community": "street", "cell": "community"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A feature that was not taken."""

    feature: int
    kind: str
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

    def as_dict(self) -> dict[str, Any]:
        """Counts, and each refused feature with the reason."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "kept": self.kept,
            "refused": len(self.refused),
            "refused_features": [asdict(row) for row in self.refused],
        }


def read_file(path: Path) -> list[object]:
    """The features of a GeoJSON FeatureCollection; `ValueError` for anything else."""
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"不是 UTF-8 的 JSON：{error}") from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise ValueError("不是 GeoJSON 的 FeatureCollection")
    features = found.get("features")
    if not isinstance(features, list):
        raise ValueError("FeatureCollection 没有 features")
    return features


def run(uow: UnitOfWork, features: list[object], system: str = WGS84) -> Report:
    """Import the features, whose coordinates are in `system`; the caller commits."""
    touch(uow)
    report = Report()
    rows = {row.code: row for row in uow.session.scalars(select(Area))}
    taking = _Taking(uow, report, rows, _read_all(features, system, report))
    for kind in ABOVE:
        taking.take(kind)
    uow.session.flush()
    report.refused.sort(key=lambda refusal: refusal.feature)
    return report


def _read_all(features: list[object], system: str, report: Report) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    for number, raw in enumerate(features, 1):
        try:
            candidate = read_feature(number, raw, system)
            if candidate.code in found:
                raise Refused(f"code 与第{found[candidate.code].number}个 Feature 重复")
        except Refused as refused:
            report.refused.append(_unread(number, raw, str(refused)))
            continue
        found[candidate.code] = candidate
    return list(found.values())


def _unread(number: int, raw: object, reason: str) -> Refusal:
    properties = raw.get("properties") if isinstance(raw, dict) else None
    said = properties if isinstance(properties, dict) else {}
    kind, code, name = (str(said.get(key) or "") for key in ("kind", "code", "name"))
    return Refusal(number, kind[:10], code[:40], name[:80], reason)


@dataclass
class _Taking:
    """The areas as they will be: those there, changed and joined by what is taken."""

    uow: UnitOfWork
    report: Report
    rows: dict[str, Area]
    candidates: list[Candidate]
    outlines: dict[str, geometry.Outline] = field(default_factory=dict)
    streets: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outlines = {code: shape(row.geometry) for code, row in self.rows.items()}
        self.streets = organisation.place_names(self.uow, "street")

    def take(self, kind: str) -> None:
        """Take what fits of one kind, in the order of the file; the kind above is done."""
        ours = [one for one in self.candidates if one.kind == kind]
        named = {one.code for one in ours}
        there = [row for row in self.rows.values() if row.kind == kind and row.active]
        fixed = [row.code for row in there if row.code not in named or row.edited_at]
        codes = fixed + [one.code for one in ours if one.code not in fixed]
        news = {one.code: one.outline for one in ours}
        shapes = [self.outlines[c] if c in fixed else news[c] for c in codes]
        tree, accepted = STRtree(shapes), set(range(len(fixed)))
        for candidate in ours:
            if candidate.code in fixed:
                self.report.kept += 1
                continue
            place = codes.index(candidate.code)
            beside = [n for n in tree.query(candidate.outline, predicate="intersects")
                      if n in accepted and geometry.overlap(shapes[n], candidate.outline)]  # fmt: skip
            try:
                if beside:
                    raise Refused(f"与 {codes[beside[0]]} 重叠")
                self._put(candidate)
            except Refused as refused:
                self._refuse(candidate, str(refused))
                continue
            accepted.add(place)

    def _refuse(self, one: Candidate, reason: str) -> None:
        self.report.refused.append(Refusal(one.number, one.kind, one.code, one.name, reason))

    def _put(self, candidate: Candidate) -> None:
        """Create or change the row; `Refused` when it does not fit what lies above or below."""
        parent = self._parent(candidate)
        street_id = parent.street_id if parent else stable_id("street", candidate.code)
        if street_id not in self.streets:
            raise Refused("没有这个街道，请先导入组织机构")
        row = self.rows.get(candidate.code)
        if row is not None and row.kind != candidate.kind:
            raise Refused(f"code 已用于另一类（{row.kind}）")
        self._check_children(candidate, row)
        values = {
            "name": candidate.name,
            "aliases": candidate.aliases,
            "parent_id": parent.id if parent else None,
            "street_id": street_id,
            "geometry": geometry.written(candidate.outline),
        }
        if row is None:
            row = Area(
                id=stable_id("area", candidate.code), kind=candidate.kind, code=candidate.code,
                version=1, active=True,
            )  # fmt: skip
            _write(row, values, candidate.outline)
            self.uow.session.add(row)
            self._record(row, "create", "")
            self.report.created += 1
        elif row.active and all(getattr(row, key) == value for key, value in values.items()):
            self.report.unchanged += 1
        else:
            row.active, row.version = True, row.version + 1
            changed = [key for key, value in values.items() if getattr(row, key) != value]
            _write(row, values, candidate.outline)
            self._record(row, "import", "、".join(changed))
            self.report.updated += 1
        self.rows[row.code], self.outlines[row.code] = row, candidate.outline

    def _parent(self, candidate: Candidate) -> Area | None:
        if candidate.parent is None:
            return None
        parent = self.rows.get(candidate.parent)
        if parent is None or not parent.active or parent.kind != ABOVE[candidate.kind]:
            raise Refused(f"没有上级 {candidate.parent}，或者它没有被接受")
        if not geometry.holds(self.outlines[parent.code], candidate.outline):
            raise Refused(f"超出了上级 {parent.code} 的范围")
        return parent

    def _check_children(self, candidate: Candidate, row: Area | None) -> None:
        """Areas that stay as they are must still lie within the one they belong to."""
        if row is None:
            return
        moving = {one.code for one in self.candidates if not self._edited(one.code)}
        for child in self.rows.values():
            if child.parent_id != row.id or not child.active or child.code in moving:
                continue
            if not geometry.holds(candidate.outline, self.outlines[child.code]):
                raise Refused(f"下级 {child.code} 会在范围之外")

    def _edited(self, code: str) -> bool:
        return code in self.rows and self.rows[code].edited_at is not None

    def _record(self, row: Area, action: str, changed: str) -> None:
        self.uow.session.flush()
        record(
            self.uow,
            subject=Subject("area", row.id),
            action=action,
            internal_text=f"{row.name}（{row.code}）{changed}",
            first=action == "create",
        )


def _write(row: Area, values: dict[str, Any], outline: geometry.Outline) -> None:
    for key, value in values.items():
        setattr(row, key, value)
    row.west, row.south, row.east, row.north = outline.bounds
