"""Hours, certificates and the community home as their owner sees them."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.neighbourhood import (
    activity_view,
    care_rules,
    certificates,
    hours,
    party_rules,
    point_rules,
    points,
    ports,
    rules,
)
from backend.domains.neighbourhood.care_model import HelpOffer, HelpRequest, Wish
from backend.domains.neighbourhood.model import Activity, ActivitySignup, ServiceCertificate
from backend.domains.neighbourhood.party_model import PartyReport
from backend.kernel.clock import local_date
from backend.kernel.uow import UnitOfWork

_NEXT = 3


def show(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """Sums and lines of the person's service."""
    years: dict[int, list[int]] = defaultdict(list)
    lines: list[dict[str, Any]] = []
    for signup, activity in hours.served(uow, person_id):
        day = local_date(activity.starts_at)
        years[day.year].append(signup.minutes)
        lines.append(
            {
                "activity_id": activity.id, "title": activity.title, "day": day,
                "kind_text": rules.KIND_TEXT[activity.kind], "minutes": signup.minutes,
                "hours_text": point_rules.hours_text(signup.minutes),
            }
        )  # fmt: skip
    total = sum(line["minutes"] for line in lines)
    return {
        "minutes": total,
        "hours_text": point_rules.hours_text(total),
        "activities": len(lines),
        "points": points.total(uow, person_id),
        "ranked": points.ranked(uow, person_id),
        "years": [
            {"year": year, "minutes": sum(found), "activities": len(found),
             "hours_text": point_rules.hours_text(sum(found))}
            for year, found in sorted(years.items(), reverse=True)
        ],
        "lines": lines,
    }  # fmt: skip


def public_certificate(row: ServiceCertificate) -> dict[str, Any]:
    """What anybody may check."""
    return {**certificates.show(row), "hours_text": point_rules.hours_text(row.minutes)}


def certificate(uow: UnitOfWork, row: ServiceCertificate) -> dict[str, Any]:
    """One's own certificate."""
    base = uow.services.settings.public_url.rstrip("/")
    name = uow.services.privacy.open(row.name_sealed) if row.name_sealed else ""
    return {
        **public_certificate(row),
        "name": name,
        "lines": row.lines,
        "check_url": f"{base}/#/packages/neighbourhood/verify?number={row.number}",
    }


def home(uow: UnitOfWork, person_id: UUID, *, verified: bool) -> dict[str, Any]:
    """The person's communities and what is coming there."""
    own = ports.areas_of(uow, person_id)
    known = ports.communities(uow)
    reported = uow.session.scalars(
        select(PartyReport.area_id).where(
            PartyReport.person_id == person_id, PartyReport.state == party_rules.CONFIRMED
        )
    )
    coming = select(Activity).where(Activity.state.in_(rules.COMING))
    if own:
        coming = coming.where(Activity.area_id.in_(own))
    rows = list(uow.session.scalars(coming.order_by(Activity.starts_at).limit(_NEXT)))
    return {
        "areas": [{"id": id_, "name": name} for id_, name in known.items() if id_ in own],
        "all_areas": [{"id": id_, "name": name} for id_, name in known.items()],
        "party_areas": list(reported),
        "verified": verified,
        "next_activities": activity_view.cards(uow, rows, person_id),
        "waiting_for_me": _waiting(uow, person_id),
    }


def _waiting(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """What the person has to do something about, in a line each."""
    offered = uow.session.execute(
        select(Activity.id, Activity.title)
        .join(ActivitySignup, ActivitySignup.activity_id == Activity.id)
        .where(ActivitySignup.person_id == person_id, ActivitySignup.state == rules.OFFERED)
    )
    granted = uow.session.execute(
        select(Wish.id, Wish.title).where(
            Wish.person_id == person_id, Wish.state == care_rules.GRANTED
        )
    )
    helped = uow.session.execute(
        select(HelpRequest.id, HelpRequest.title)
        .join(HelpOffer, HelpOffer.help_id == HelpRequest.id)
        .where(
            HelpRequest.person_id == person_id, HelpRequest.state == care_rules.ASKED,
            HelpOffer.state == care_rules.STANDING,
        )
        .distinct()
    )  # fmt: skip
    return [
        {"kind": kind, "id": row_id, "text": words.format(title)}
        for kind, rows, words in (
            ("activity", offered, "「{}」有名额了，请确认"),
            ("wish", granted, "心愿「{}」完成了吗？请确认"),
            ("help", helped, "有邻居愿意帮忙：{}"),
        )
        for row_id, title in rows
    ]
