"""The grid for the other domains: where a place is, and who is on duty there."""

from collections.abc import Iterable
from uuid import UUID

from backend.domains.grid.coordinate_rules import (
    GCJ02,
    SYSTEMS,
    WGS84,
    distance_m,
    from_wgs84,
    gcj02_to_wgs84,
    in_china,
    to_wgs84,
    wgs84_to_gcj02,
)
from backend.domains.grid.duty import (
    OnDuty,
    cells_of,
    chain,
    department_on_duty,
    duties_of,
    on_duty,
)
from backend.domains.grid.duty_rules import DEPARTMENT, LEVEL_TEXTS, LEVELS, next_level
from backend.domains.grid.index import AreaRef, Located, areas_of
from backend.kernel.errors import NotFound
from backend.kernel.uow import UnitOfWork

__all__ = [
    "DEPARTMENT",
    "GCJ02",
    "LEVELS",
    "LEVEL_TEXTS",
    "SYSTEMS",
    "WGS84",
    "AreaRef",
    "Located",
    "OnDuty",
    "area_names",
    "areas",
    "cell",
    "cells_of",
    "chain",
    "department_on_duty",
    "distance_m",
    "duties_of",
    "from_wgs84",
    "gcj02_to_wgs84",
    "in_china",
    "locate",
    "neighbours",
    "next_level",
    "on_duty",
    "suggest",
    "to_wgs84",
    "wgs84_to_gcj02",
]


def locate(uow: UnitOfWork, latitude: float, longitude: float) -> Located | None:
    """Where a WGS-84 point lies; None outside the district. Cell or community may be unknown."""
    return areas_of(uow).at(latitude, longitude)


def suggest(uow: UnitOfWork, text: str) -> Located | None:
    """The place that the words name; None when they name none or it cannot be told."""
    return areas_of(uow).named(text)


def cell(uow: UnitOfWork, area_id: UUID) -> Located:
    """A cell (or community, street) with what lies above it; `NotFound` unless it is active."""
    found = areas_of(uow).located(area_id) if area_id in areas_of(uow).by_id else None
    if found is None:
        raise NotFound("area_not_found", detail="没有这个网格，或者它已停用")
    return found


def areas(uow: UnitOfWork, kind: str | None = None, street_id: UUID | None = None) -> list[AreaRef]:
    """Active areas by code, of a kind (street, community, cell) and of a street."""
    return [
        known.ref
        for known in areas_of(uow).by_id.values()
        if kind in (None, known.kind) and street_id in (None, known.street_id)
    ]


def area_names(uow: UnitOfWork, area_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of active areas by id; unknown ids are left out."""
    known = areas_of(uow).by_id
    return {one: known[one].ref.name for one in area_ids if one is not None and one in known}


def neighbours(uow: UnitOfWork, cell_id: UUID) -> list[AreaRef]:
    """The cells around a cell, by code."""
    return areas_of(uow).beside(cell_id)
