"""How many took part, and what units share: counted from the rows, never kept apart from them."""

from typing import Any
from uuid import UUID

from sqlalchemy import distinct, func, select

from backend.domains.neighbourhood import rules
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.domains.neighbourhood.resource_model import SharedResource
from backend.kernel.uow import UnitOfWork

_HELD = (rules.ENDED, rules.SETTLED)


def show(uow: UnitOfWork, area_id: UUID | None) -> dict[str, Any]:
    """Activities held, sign-ups and visits so far, people and minutes of service.

    `sign_ups` are places ever held at activities that took place, `visits` those who came;
    whoever has closed the account counts in both, and no longer as a person. `resources` are the
    places open to neighbours now, `units` those who share them.
    """
    came = ActivitySignup.state == rules.ATTENDED
    counted = select(
        func.count(distinct(Activity.id)),
        func.count(ActivitySignup.id).filter(ActivitySignup.state.in_(rules.HOLDING)),
        func.count(ActivitySignup.id).filter(came),
        func.count(distinct(ActivitySignup.person_id)).filter(came),
        func.coalesce(
            func.sum(ActivitySignup.minutes).filter(
                came, Activity.kind.in_(sorted(rules.SERVICE_KINDS))
            ),
            0,
        ),
    )
    query = counted.select_from(Activity).outerjoin(
        ActivitySignup, ActivitySignup.activity_id == Activity.id
    )
    query = query.where(Activity.state.in_(_HELD))
    if area_id is not None:
        query = query.where(Activity.area_id == area_id)
    row = uow.session.execute(query).one()
    units, resources = _shared(uow, area_id)
    return {
        "activities": row[0], "sign_ups": row[1], "visits": row[2], "people": row[3],
        "minutes": int(row[4]), "units": units, "resources": resources, "as_of": uow.now,
    }  # fmt: skip


def _shared(uow: UnitOfWork, area_id: UUID | None) -> tuple[int, int]:
    query = select(
        func.count(distinct(SharedResource.unit_name)), func.count(SharedResource.id)
    ).where(SharedResource.open)
    if area_id is not None:
        query = query.where(SharedResource.area_id == area_id)
    units, resources = uow.session.execute(query).one()
    return units, resources
