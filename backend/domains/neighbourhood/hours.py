"""A person's recorded service."""

from uuid import UUID

from sqlalchemy import select

from backend.domains.neighbourhood import rules
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.kernel.uow import UnitOfWork


def served(uow: UnitOfWork, person_id: UUID) -> list[tuple[ActivitySignup, Activity]]:
    """The person's recorded service, the latest first: settled activities that count."""
    rows = uow.session.execute(
        select(ActivitySignup, Activity)
        .join(Activity, Activity.id == ActivitySignup.activity_id)
        .where(
            ActivitySignup.person_id == person_id,
            ActivitySignup.state == rules.ATTENDED,
            ActivitySignup.minutes > 0,
            Activity.state == rules.SETTLED,
            Activity.kind.in_(sorted(rules.SERVICE_KINDS)),
        )
        .order_by(Activity.starts_at.desc(), Activity.id)
    )
    return [(signup, activity) for signup, activity in rows]
