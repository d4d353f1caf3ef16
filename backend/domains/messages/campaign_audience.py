"""Whom a campaign is for: a filter kept as data, answered by the domains that know.

Everybody with a living account, narrowed by each part that is set; within a part one of several
is enough. Nothing is collected for it: each domain answers from what it keeps for its own work.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from backend.domains.appointments import service as appointments
from backend.domains.catalog import service as catalog
from backend.domains.community import service as community
from backend.domains.deliberation import service as deliberation
from backend.domains.grid import service as grid
from backend.domains.identity import service as identity
from backend.domains.neighbourhood import service as neighbourhood
from backend.domains.organisation import service as organisation
from backend.kernel.uow import UnitOfWork

EVERYBODY = "所有有账号的居民"
_GONE = "已停用的"
_FEW = 3
#: Over so many days it is counted who needed what; a filter begins with as many.
LATELY = timedelta(days=90)


def people(uow: UnitOfWork, audience: Mapping[str, Any], at: datetime) -> Select[UUID]:
    """The ids of those it is for, in no order; `at` is the moment that 'lately' counts from."""
    within: list[Select[Any]] = []
    if audience["streets"] or audience["communities"]:
        within.append(community.query_residents(_areas(uow, audience)))
    if audience["booked_days"] is not None:
        since = _since(at, audience["booked_days"])
        halls, items = _ids(audience["halls"]), _ids(audience["items"])
        within.append(appointments.query_booked(since, halls=halls, items=items))
    if audience["council_days"] is not None:
        within.append(deliberation.query_followers(_since(at, audience["council_days"])))
    if audience["activity_days"] is not None:
        within.append(neighbourhood.query_signed_up(_since(at, audience["activity_days"])))
    return identity.query_people(
        verified=audience["verified"], elder_mode=audience["elder_mode"], within=within
    )


def said(uow: UnitOfWork, audience: Mapping[str, Any]) -> str:
    """The filter in one sentence; `EVERYBODY` where nothing narrows it."""
    found = []
    if audience["streets"] or audience["communities"]:
        streets = organisation.place_names(uow, "street")
        areas = organisation.place_names(uow, "community")
        places = _names(streets, audience["streets"]) + _names(areas, audience["communities"])
        found.append(f"住在{_several(places)}")
    if audience["booked_days"] is not None:
        halls = _names(organisation.place_names(uow, "hall"), audience["halls"])
        items = _names(dict(catalog.bookable_items(uow)), audience["items"])
        where = f"在{_several(halls)}" if halls else ""
        what = _several([f"「{one}」" for one in items])
        found.append(f"近{audience['booked_days']}天{where}预约过{what}")
    if audience["council_days"] is not None:
        found.append(f"近{audience['council_days']}天关注过议题")
    if audience["activity_days"] is not None:
        found.append(f"近{audience['activity_days']}天报名过社区活动")
    if audience["elder_mode"]:
        found.append("用长辈版")
    if audience["verified"]:
        found.append("实名认证过")
    return f"{'、'.join(found)}的居民" if found else EVERYBODY


def choices(uow: UnitOfWork) -> dict[str, list[dict[str, Any]]]:
    """What a filter can name, and what a notice can lead to: ids and names.

    Each item says how many people booked it lately.
    """
    streets = organisation.places(uow, "street")
    needed = appointments.needed(uow, uow.now - LATELY)
    items = [
        {"id": id_, "name": name, "people": needed.get(id_, 0)}
        for id_, name in catalog.bookable_items(uow)
    ]
    halls = _listed((one.id, one.name) for one in organisation.places(uow, "hall"))
    communities = [
        {"id": one.id, "name": one.name, "street_id": street.id}
        for street in streets
        for one in grid.areas(uow, "community", street.id)
    ]
    return {
        "streets": _listed((one.id, one.name) for one in streets),
        "communities": sorted(communities, key=lambda one: str(one["name"])),
        "halls": halls,
        "items": items,
        "topics": _listed(deliberation.open_topics(uow)),
        "activities": _listed(neighbourhood.coming_activities(uow)),
    }


def _areas(uow: UnitOfWork, audience: Mapping[str, Any]) -> list[UUID]:
    found = _ids(audience["communities"])
    for street in _ids(audience["streets"]):
        found += [one.id for one in grid.areas(uow, "community", street)]
    return list(dict.fromkeys(found))


def _since(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)


def _ids(values: list[str]) -> list[UUID]:
    return [UUID(one) for one in values]


def _names(known: Mapping[UUID, str], values: list[str]) -> list[str]:
    return [known.get(one, _GONE) for one in _ids(values)]


def _several(names: list[str]) -> str:
    if len(names) <= _FEW:
        return "、".join(names)
    return f"{'、'.join(names[:_FEW])}等{len(names)}处"


def _listed(rows: Any) -> list[dict[str, Any]]:
    return [{"id": id_, "name": name} for id_, name in rows]
