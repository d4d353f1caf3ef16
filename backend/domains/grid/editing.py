"""The grid editor: look at areas, change a name, aliases or an outline."""

import json
from typing import Any
from uuid import UUID

from shapely.geometry import shape
from sqlalchemy import select

from backend.domains.grid import geometry, scope
from backend.domains.grid.index import areas_of, revision, touch
from backend.domains.grid.model import Area
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid, Stale
from backend.kernel.trace import Subject, record
from backend.kernel.uow import UnitOfWork

WORDS = {"name": "名称", "aliases": "别名", "geometry": "边界", "active": "启用"}
Fields = dict[str, list[str]]


def tag(uow: UnitOfWork) -> str:
    """Names the present state of all areas."""
    return str(revision(uow.session) or "none")


def public_text(uow: UnitOfWork, kind: str | None, system: str) -> str:
    """Active areas as GeoJSON text, WGS-84 or GCJ-02; written once a state of the areas."""
    index = areas_of(uow)
    key = kind, system
    if key not in index.texts:
        features = [_feature(row, system) for row in _rows(uow, kind, None) if row.active]
        collection = {"type": "FeatureCollection", "features": features}
        index.texts[key] = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    return index.texts[key]


def listing(uow: UnitOfWork, kind: str | None, street_id: UUID | None) -> dict[str, Any]:
    """All areas as GeoJSON, those out of use too, with what an editor needs."""
    features = [_feature(row, "wgs84", full=True) for row in _rows(uow, kind, street_id)]
    return {"type": "FeatureCollection", "features": features}


def _rows(uow: UnitOfWork, kind: str | None, street_id: UUID | None) -> list[Area]:
    query = select(Area).order_by(Area.code)
    if kind:
        query = query.where(Area.kind == kind)
    if street_id:
        query = query.where(Area.street_id == street_id)
    return list(uow.session.scalars(query))


def _feature(row: Area, system: str, *, full: bool = False) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": str(row.id), "kind": row.kind, "code": row.code, "name": row.name,
        "parent_id": str(row.parent_id) if row.parent_id else None,
        "street_id": str(row.street_id),
    }  # fmt: skip
    if full:
        said |= {"aliases": row.aliases, "version": row.version, "active": row.active}
    return {
        "type": "Feature",
        "id": str(row.id),
        "properties": said,
        "geometry": geometry.in_system(row.geometry, system),
    }


def detail(uow: UnitOfWork, area_id: UUID) -> Area:
    """One area; `NotFound` when there is none."""
    row = uow.session.get(Area, area_id)
    if row is None:
        raise scope.not_there()
    return row


def etag(row: Area) -> str:
    """What changes whenever the area is changed."""
    return f"area-{row.version}"


def save(
    uow: UnitOfWork, who: Principal, area_id: UUID, body: dict[str, Any], if_match: str | None
) -> Area:
    """Change name, aliases, outline and whether it is in use, all as given.

    `if_match` is the ETag it was read with: `Stale` when it has been changed since. `Invalid`
    says field by field what is wrong: an outline that is broken, leaves the area above, leaves
    out one below, or overlaps another of the same kind by more than a few metres.
    """
    # Changes of areas wait for each other here, so that two cannot grow into one another.
    touch(uow)
    row = detail(uow, area_id)
    scope.street_kept(who, row.street_id, scope.GRID)
    uow.session.refresh(row)
    if if_match is None or if_match.strip().removeprefix("W/").strip('"') != etag(row):
        text = "别人刚刚改过这个区域" if if_match else "要带上读取时的版本标记（If-Match）"
        raise Stale(detail=text, action="请重新打开地图，把改动再做一次")
    outline = _outline(body["geometry"])
    aliases = list(dict.fromkeys(body["aliases"]))
    values = {
        "name": body["name"], "aliases": aliases, "geometry": geometry.written(outline),
        "active": body["active"],
    }  # fmt: skip
    changed = [key for key, value in values.items() if getattr(row, key) != value]
    if not changed:
        return row
    problems = _problems(uow, row, outline, active=body["active"])
    if problems:
        raise Invalid("area_does_not_fit", title=problems[0], fields={"geometry": problems})
    for key in changed:
        setattr(row, key, values[key])
    row.west, row.south, row.east, row.north = outline.bounds
    row.version += 1
    row.edited_at = uow.now
    uow.session.flush()
    record(
        uow,
        subject=Subject("area", row.id),
        action="edit",
        internal_text=f"{row.name}（{row.code}）" + "、".join(WORDS[key] for key in changed),
    )
    return row


def _outline(raw: object) -> geometry.Outline:
    try:
        return geometry.read(raw)
    except geometry.BadOutline as bad:
        raise Invalid("bad_outline", title=str(bad), fields={"geometry": [str(bad)]}) from None


def _problems(uow: UnitOfWork, row: Area, outline: geometry.Outline, *, active: bool) -> list[str]:
    below = [child for child in _below(uow, row.id) if child.active]
    if not active:
        return ["下面还有在用的区域，不能停用"] if below else []
    found = []
    parent = uow.session.get(Area, row.parent_id) if row.parent_id else None
    if parent is not None:
        if not parent.active:
            found.append(f"上级“{parent.name}”已停用")
        if not geometry.holds(shape(parent.geometry), outline):
            found.append(f"超出了“{parent.name}”的范围")
    found += [
        f"下级“{child.name}”会在范围之外"
        for child in below
        if not geometry.holds(outline, shape(child.geometry))
    ]
    found += [
        f"与“{other.name}”重叠"
        for other in _near(uow, row, outline)
        if geometry.overlap(shape(other.geometry), outline)
    ]
    return found


def _below(uow: UnitOfWork, area_id: UUID) -> list[Area]:
    return list(
        uow.session.scalars(select(Area).where(Area.parent_id == area_id).order_by(Area.code))
    )


def _near(uow: UnitOfWork, row: Area, outline: geometry.Outline) -> list[Area]:
    """Others of the kind, in use, whose boxes meet the outline's."""
    west, south, east, north = outline.bounds
    return list(
        uow.session.scalars(
            select(Area)
            .where(Area.kind == row.kind, Area.id != row.id, Area.active)
            .where(Area.west < east, Area.east > west, Area.south < north, Area.north > south)
            .order_by(Area.code)
        )
    )
