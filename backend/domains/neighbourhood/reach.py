"""What other domains need to tell people about activities: who takes part, which can be linked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from backend.domains.neighbourhood import rules
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.kernel.uow import UnitOfWork

_MOST = 100


def query_signed_up(since: datetime) -> Select[UUID | None]:
    """The ids of those who signed up for an activity since then and did not take it back."""
    return select(ActivitySignup.person_id).where(
        ActivitySignup.person_id.is_not(None),
        ActivitySignup.signed_up_at >= since,
        ActivitySignup.state.in_(rules.LIVE),
    )


def coming_activities(uow: UnitOfWork) -> list[tuple[UUID, str]]:
    """Published activities that have not ended, the next first: id and title."""
    rows = uow.session.execute(
        select(Activity.id, Activity.title)
        .where(Activity.state.in_((rules.PUBLISHED, rules.RUNNING)), Activity.ends_at > uow.now)
        .order_by(Activity.starts_at, Activity.id)
        .limit(_MOST)
    )
    return [(row.id, row.title) for row in rows]
