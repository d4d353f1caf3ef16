"""Patrols as they are shown: to the worker, and to staff who look at a day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from backend.domains.identity import service as identity
from backend.domains.patrols import checking, rules, service
from backend.domains.patrols.model import Patrol
from backend.kernel.access import Principal
from backend.kernel.clock import SHANGHAI, local_date
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

VIEW = "events.view"
_FIELDS = ("id", "state", "started_at", "finished_at", "distance_m", "points_count")


def shown(uow: UnitOfWork, patrols: Sequence[Patrol]) -> list[dict[str, Any]]:
    """Patrols with the numbers of their checks and findings."""
    ids = [patrol.id for patrol in patrols]
    checks, events = checking.of_patrols(uow, ids), service.found_events(uow, ids)
    return [
        {
            **{name: getattr(patrol, name) for name in _FIELDS},
            "state_text": rules.PATROL_STATE_TEXTS[patrol.state],
            "checks_count": len(checks.get(patrol.id, [])),
            "failed_count": sum(row.failed for row in checks.get(patrol.id, [])),
            "found_count": len(events.get(patrol.id, [])),
        }
        for patrol in patrols
    ]


def day(
    uow: UnitOfWork, who: Principal, wanted: date | None, street_id: UUID | None
) -> dict[str, Any]:
    """The patrols that began on a day (local; today by default) in streets within reach."""
    on = wanted or local_date(uow.now)
    if not 2000 <= on.year < 2099:
        raise Invalid("bad_date", title="日期超出范围", fields={"date": ["日期超出范围"]})
    start = datetime.combine(on, time(0), tzinfo=SHANGHAI)
    query = select(Patrol).where(
        Patrol.started_at >= start, Patrol.started_at < start + timedelta(days=1)
    )
    streets = who.scope_ids(VIEW, "street")
    if streets is not None:
        query = query.where(or_(Patrol.street_id.in_(streets), Patrol.staff_id == who.actor.id))
    if street_id is not None:
        query = query.where(Patrol.street_id == street_id)
    rows = list(uow.session.scalars(query.order_by(Patrol.started_at.desc(), Patrol.id).limit(500)))
    return {"date": on, "items": _with_names(uow, rows)}


def detail(uow: UnitOfWork, who: Principal, patrol_id: UUID) -> dict[str, Any]:
    """A patrol within reach with its way, checks and findings; else `NotFound`."""
    patrol = _reached(uow, who, patrol_id)
    return {
        **_with_names(uow, [patrol])[0],
        "track": track(service.track(uow, patrol.id)),
        "checks": checking.of_patrols(uow, [patrol.id]).get(patrol.id, []),
        "event_ids": service.found_events(uow, [patrol.id]).get(patrol.id, []),
    }


def photo(uow: UnitOfWork, who: Principal, patrol_id: UUID, file_id: UUID) -> StoredFile:
    """A photo of a check on a patrol within reach; else `NotFound`."""
    patrol = _reached(uow, who, patrol_id)
    rows = checking.of_patrols(uow, [patrol.id]).get(patrol.id, [])
    known = {one for row in rows for answer in row.answers for one in answer["file_ids"]}
    file = uow.session.get(StoredFile, file_id) if str(file_id) in known else None
    if file is None:
        raise NotFound("file_not_found", detail="没有这张照片")
    return file


def track(points: Sequence[rules.Point]) -> dict[str, Any]:
    """The way as a GeoJSON feature; rough fixes are left out."""
    good = [p for p in points if p.accuracy is None or p.accuracy <= rules.USABLE_ACCURACY]
    line = [[round(p.longitude, 6), round(p.latitude, 6)] for p in good]
    return {
        "type": "Feature",
        "properties": {"times": [p.at for p in good]},
        "geometry": {"type": "LineString", "coordinates": line} if len(line) > 1 else None,
    }


def _reached(uow: UnitOfWork, who: Principal, patrol_id: UUID) -> Patrol:
    patrol = uow.session.get(Patrol, patrol_id)
    streets = who.scope_ids(VIEW, "street")
    if patrol is None or (
        streets is not None and patrol.street_id not in streets and patrol.staff_id != who.actor.id
    ):
        raise NotFound("patrol_not_found", detail="没有这次巡查，或者不在您负责的范围")
    return patrol


def _with_names(uow: UnitOfWork, patrols: Sequence[Patrol]) -> list[dict[str, Any]]:
    names = identity.staff_names(uow, (patrol.staff_id for patrol in patrols))
    return [
        {**one, "staff_id": patrol.staff_id, "street_id": patrol.street_id,
         "staff_name": names.get(patrol.staff_id, "")}
        for one, patrol in zip(shown(uow, patrols), patrols, strict=True)
    ]  # fmt: skip
