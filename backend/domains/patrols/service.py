"""Patrols: start, the way walked, checks, finish. All of it may come late, twice, out of order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, column, delete, func, select, table, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.grid import service as grid
from backend.domains.patrols import rules
from backend.domains.patrols.model import Patrol, TrackPoint
from backend.kernel.access import Principal
from backend.kernel.database import UtcDateTime, table_of
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.state import step
from backend.kernel.trace import Subject, record
from backend.kernel.uow import UnitOfWork

PERMISSION = "events.handle"
_POINTS = table_of(TrackPoint)
# Dispatch keeps with each event on which patrol it was found; that is all that is read of it.
_EVENTS = table(
    "event", column("id", Uuid), column("patrol_id", Uuid), column("called_at", UtcDateTime)
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch of points: new ones, known ones, and those of another time."""

    accepted: int
    known: int
    ignored: int
    patrol: Patrol


def start(
    uow: UnitOfWork, who: Principal, started_at: datetime, place: tuple[float, float] | None
) -> Patrol:
    """Begin a patrol; the same start sent again is the same patrol.

    One that is still open and began earlier lapses. A start that arrives late, after the next
    one, is kept as lapsed until its own end arrives. `place` is WGS-84 (latitude, longitude).
    """
    staff_id = _staff(who)
    _check_moment(started_at, uow.now, "started_at")
    _serialise(uow, staff_id)
    known = uow.session.scalar(
        select(Patrol).where(Patrol.staff_id == staff_id, Patrol.started_at == started_at)
    )
    if known is not None:
        return known
    state, finished_at = rules.OPEN, None
    for other in uow.session.scalars(
        select(Patrol).where(Patrol.staff_id == staff_id, Patrol.state == rules.OPEN)
    ):
        if other.started_at < started_at:
            _lapse(uow, other, started_at)
        else:
            state, finished_at = rules.LAPSED, started_at
    patrol = Patrol(
        id=new_id(), staff_id=staff_id, street_id=_street(uow, who, place), state=state,
        started_at=started_at, finished_at=finished_at, distance_m=0.0, points_count=0,
        created_at=uow.now,
    )  # fmt: skip
    uow.session.add(patrol)
    uow.session.flush()
    record(uow, subject=subject(patrol.id), action="start", to_state=state, first=True)
    if place is not None:
        add_points(uow, who, patrol.id, [rules.Point(started_at, *place)])
    return patrol


def own(uow: UnitOfWork, who: Principal, patrol_id: UUID, *, lock: bool = False) -> Patrol:
    """The worker's own patrol; `NotFound` for anybody else's."""
    query = select(Patrol).where(Patrol.id == patrol_id, Patrol.staff_id == _staff(who))
    found = uow.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("patrol_not_found", detail="没有这次巡查，或者它不是您的")
    return found


def mine(uow: UnitOfWork, who: Principal, limit: int = 20) -> list[Patrol]:
    """The worker's patrols, newest first."""
    query = select(Patrol).where(Patrol.staff_id == _staff(who))
    return list(uow.session.scalars(query.order_by(Patrol.started_at.desc()).limit(limit)))


def add_points(
    uow: UnitOfWork, who: Principal, patrol_id: UUID, points: Sequence[rules.Point]
) -> Taken:
    """Add points (WGS-84) to the track, in any order, also after its end.

    A point at a moment that the track already has changes nothing; points of another time than
    the patrol's are left out, so that a wrong clock does not draw a line across the map.
    """
    patrol = own(uow, who, patrol_id, lock=True)
    until = patrol.finished_at if patrol.state == rules.FINISHED else None
    fitting = [p for p in points if rules.belongs(p, patrol.started_at, until, uow.now)]
    rows = [
        {"patrol_id": patrol.id, "at": p.at, "latitude": p.latitude, "longitude": p.longitude,
         "accuracy": p.accuracy}
        for p in fitting
    ]  # fmt: skip
    before = patrol.points_count
    if rows:
        uow.session.execute(insert(_POINTS).on_conflict_do_nothing(), rows)
        points_now = track(uow, patrol.id)
        patrol.points_count = len(points_now)
        patrol.distance_m = round(rules.length_m(points_now, grid.distance_m), 1)
        uow.session.flush()
    accepted = patrol.points_count - before
    return Taken(accepted, len(fitting) - accepted, len(points) - len(fitting), patrol)


def track(uow: UnitOfWork, patrol_id: UUID) -> list[rules.Point]:
    """The points of a patrol in the order of time."""
    rows = uow.session.execute(
        select(_POINTS.c.at, _POINTS.c.latitude, _POINTS.c.longitude, _POINTS.c.accuracy)
        .where(_POINTS.c.patrol_id == patrol_id)
        .order_by(_POINTS.c.at)
    )
    return [rules.Point(*row) for row in rows]


def finish(uow: UnitOfWork, who: Principal, patrol_id: UUID, finished_at: datetime) -> Patrol:
    """End a patrol; once ended, the same call again changes nothing."""
    patrol = own(uow, who, patrol_id, lock=True)
    if patrol.state == rules.FINISHED:
        return patrol
    if finished_at < patrol.started_at:
        text = "结束时间早于开始时间"
        raise Invalid("finished_before_start", title=text, fields={"finished_at": [text]})
    _check_moment(finished_at, uow.now, "finished_at")
    _move(uow, patrol, "finish", finished_at)
    return patrol


def lapse_forgotten(services: Services) -> int:
    """Let patrols lapse whose end was never told; how many."""
    with services.unit() as uow:
        query = select(Patrol).where(
            Patrol.state == rules.OPEN, Patrol.started_at < uow.now - rules.LAPSES_AFTER
        )
        found = list(uow.session.scalars(query.with_for_update(skip_locked=True).limit(200)))
        for patrol in found:
            _lapse(uow, patrol, patrol.started_at + rules.LAPSES_AFTER)
        return len(found)


def forget_tracks(services: Services) -> None:
    """Delete points older than they are kept; length and number stay with the patrol."""
    with services.unit() as uow:
        oldest = uow.now - timedelta(days=rules.KEPT_DAYS)
        uow.session.execute(delete(TrackPoint).where(TrackPoint.at < oldest))


def found_events(uow: UnitOfWork, patrol_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The events reported on each patrol, the first one first."""
    rows = uow.session.execute(
        select(_EVENTS.c.patrol_id, _EVENTS.c.id)
        .where(_EVENTS.c.patrol_id.in_(patrol_ids))
        .order_by(_EVENTS.c.called_at)
    )
    found: dict[UUID, list[UUID]] = {}
    for patrol_id, event_id in rows:
        found.setdefault(patrol_id, []).append(event_id)
    return found


def subject(patrol_id: UUID) -> Subject:
    """The patrol as a subject of the trace."""
    return Subject("patrol", patrol_id)


def _lapse(uow: UnitOfWork, patrol: Patrol, at_the_latest: datetime) -> None:
    """End a forgotten patrol at its last point, or at its start when it has none."""
    last = uow.session.scalar(
        select(func.max(TrackPoint.at)).where(TrackPoint.patrol_id == patrol.id)
    )
    _move(
        uow, patrol, "lapse", max(patrol.started_at, min(last or patrol.started_at, at_the_latest))
    )


def _move(uow: UnitOfWork, patrol: Patrol, action: str, finished_at: datetime) -> None:
    before, after = patrol.state, step(rules.PATROL_TRANSITIONS, patrol.state, action).to
    moved = uow.session.execute(
        update(Patrol)
        .where(Patrol.id == patrol.id, Patrol.state == before)
        .values(state=after, finished_at=finished_at)
        .returning(Patrol.id)
    ).first()
    assert moved is not None, "the row is locked"
    uow.session.refresh(patrol)
    record(uow, subject=subject(patrol.id), action=action, from_state=before, to_state=after)


def _serialise(uow: UnitOfWork, staff_id: UUID) -> None:
    """Of two starts of one worker the second waits until the first has committed."""
    key = int.from_bytes(staff_id.bytes[:8], signed=True)
    uow.session.execute(select(func.pg_advisory_xact_lock(key)))


def _street(uow: UnitOfWork, who: Principal, place: tuple[float, float] | None) -> UUID | None:
    """The street it began in, or else the first one the worker works for."""
    located = grid.locate(uow, *place) if place else None
    scopes = who.scope_ids(PERMISSION, "street") or set()
    if located is not None and (not scopes or located.street_id in scopes):
        return located.street_id
    return min(scopes, default=None)


def _check_moment(at: datetime, now: datetime, field: str) -> None:
    problem = rules.moment_problem(at, now)
    if problem:
        raise Invalid("wrong_moment", title=problem, fields={field: [problem]})


def _staff(who: Principal) -> UUID:
    assert who.actor.kind == "staff" and who.actor.id is not None
    return who.actor.id
