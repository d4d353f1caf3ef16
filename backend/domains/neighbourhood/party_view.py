"""Report-ins and posts as their owner, and as the staff, see them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.neighbourhood import care_rules, care_view, party_rules, ports
from backend.domains.neighbourhood.care_model import Wish
from backend.domains.neighbourhood.party_model import PartyPost, PartyReport, PostClaim
from backend.kernel.uow import UnitOfWork

_MOST = 50


def show(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """One's report-ins, and what there is to do at those communities."""
    reports = list(
        uow.session.scalars(
            select(PartyReport)
            .where(PartyReport.person_id == person_id)
            .order_by(PartyReport.at.desc())
        )
    )
    known = [row.area_id for row in reports if row.state == party_rules.CONFIRMED]
    posts = uow.session.scalars(
        select(PartyPost)
        .where(PartyPost.area_id.in_(known), PartyPost.state == party_rules.OPEN)
        .order_by(PartyPost.created_at.desc())
        .limit(_MOST)
    )
    wishes = uow.session.scalars(
        select(Wish)
        .where(Wish.area_id.in_(known), Wish.visible, Wish.state == care_rules.OPEN)
        .order_by(Wish.created_at)
        .limit(_MOST)
    )
    return {
        "reports": own(uow, reports),
        "posts": posts_of(uow, list(posts), person_id),
        "wishes": care_view.wishes(uow, list(wishes), person_id),
    }


def own(uow: UnitOfWork, rows: Sequence[PartyReport]) -> list[dict[str, Any]]:
    """Report-ins with what was written."""
    names = ports.area_names(uow, [row.area_id for row in rows])
    open_ = uow.services.privacy.open
    return [
        {
            "id": row.id,
            "area": {"id": row.area_id, "name": names.get(row.area_id, "")},
            "branch": open_(row.branch_sealed) if row.branch_sealed else "",
            "skills": open_(row.skills_sealed) if row.skills_sealed else "",
            "state": row.state,
            "state_text": party_rules.REPORT_TEXT[row.state],
            "reason": row.reason,
            "at": row.at,
        }
        for row in rows
    ]


def posts_of(
    uow: UnitOfWork, rows: Sequence[PartyPost], person_id: UUID | None
) -> list[dict[str, Any]]:
    """Posts, and whether the person holds them."""
    names = ports.area_names(uow, [row.area_id for row in rows])
    held = set(
        uow.session.scalars(
            select(PostClaim.post_id).where(
                PostClaim.person_id == person_id, PostClaim.state == party_rules.HELD
            )
        )
    )
    return [_post(row, names, claimed=row.id in held) for row in rows]


def _post(row: PartyPost, names: dict[UUID, str], *, claimed: bool) -> dict[str, Any]:
    free = row.places - row.taken
    can = ["release"] if claimed else ["claim"] if free else []
    return {
        "id": row.id,
        "area": {"id": row.area_id, "name": names.get(row.area_id, "")},
        "title": row.title,
        "words": row.words,
        "when_text": row.when_text,
        "places": row.places,
        "free": free,
        "state": row.state,
        "state_text": party_rules.POST_TEXT[row.state],
        "claimed": claimed,
        "can": can if row.state == party_rules.OPEN else [],
    }
