"""A resident's part in community life: shown to them, moved with them, erased with the account."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from appointments.model import Appointment, Hall
from appointments.rules import State
from backend.domains.identity.events import PersonMerged
from backend.domains.neighbourhood import care_rules, party_rules, party_view, point_rules, rules
from backend.domains.neighbourhood.care_model import HelpOffer, HelpRequest, Wish
from backend.domains.neighbourhood.certificate_rules import CERTIFICATE_TEXT
from backend.domains.neighbourhood.model import (
    Activity,
    ActivitySignup,
    NeighbourProfile,
    PointEntry,
    ServiceCertificate,
)
from backend.domains.neighbourhood.party_model import PartyPost, PartyReport, PostClaim
from backend.domains.neighbourhood.resource_model import ResourceBooking
from backend.kernel.clock import local, moment_text
from backend.kernel.uow import UnitOfWork


def export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """Everything kept about the person here, as JSON values."""
    return {
        "activities": _activities(uow, person_id),
        "certificates": [
            {"number": row.number, "minutes": row.minutes, "issued_at": _text(row.issued_at),
             "state": CERTIFICATE_TEXT[row.state]}
            for row in _of(uow, ServiceCertificate, person_id)
        ],
        "points": [
            {"at": _text(row.at), "reason": point_rules.REASON_TEXT[row.reason],
             "points": row.points, "title": row.title}
            for row in _of(uow, PointEntry, person_id)
        ],
        "wishes": [
            {"title": row.title, "words": row.words, "state": care_rules.WISH_TEXT[row.state],
             "created_at": _text(row.created_at)}
            for row in _of(uow, Wish, person_id)
        ],
        "help_requests": [
            {"title": row.title, "words": row.words, "state": care_rules.HELP_TEXT[row.state],
             "created_at": _text(row.created_at)}
            for row in _of(uow, HelpRequest, person_id)
        ],
        "help_offers": [
            {"at": _text(row.at), "state": care_rules.OFFER_TEXT[row.state]}
            for row in _of(uow, HelpOffer, person_id)
        ],
        "party_reports": [
            {"branch": row["branch"], "skills": row["skills"], "state": row["state_text"],
             "community": row["area"]["name"], "at": _text(row["at"])}
            for row in party_view.own(uow, _of(uow, PartyReport, person_id))
        ],
        "party_posts": [
            {"title": title, "state": party_rules.CLAIM_TEXT[state], "at": _text(at)}
            for title, state, at in uow.session.execute(
                select(PartyPost.title, PostClaim.state, PostClaim.at)
                .join(PostClaim, PostClaim.post_id == PartyPost.id)
                .where(PostClaim.person_id == person_id)
            )
        ],
        "bookings": [
            {"place": name, "start": _text(start), "purpose": purpose, "state": state}
            for name, start, purpose, state in uow.session.execute(
                select(Hall.name, Appointment.start_at, ResourceBooking.purpose,
                       Appointment.state)
                .join(ResourceBooking, ResourceBooking.id == Appointment.id)
                .join(Hall, Hall.id == Appointment.hall_id)
                .where(ResourceBooking.person_id == person_id)
            )
        ],
    }  # fmt: skip


def _of(uow: UnitOfWork, model: Any, person_id: UUID) -> list[Any]:
    return list(uow.session.scalars(select(model).where(model.person_id == person_id)))


def _activities(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    rows = uow.session.execute(
        select(ActivitySignup, Activity)
        .join(Activity, Activity.id == ActivitySignup.activity_id)
        .where(ActivitySignup.person_id == person_id)
        .order_by(ActivitySignup.signed_up_at)
    )
    return [
        {
            "title": activity.title, "starts_at": _text(activity.starts_at),
            "state": rules.SIGNUP_TEXT[signup.state], "minutes": signup.minutes,
            "checked_in_at": _text(signup.checked_in_at) if signup.checked_in_at else None,
        }
        for signup, activity in rows
    ]  # fmt: skip


def _text(moment: Any) -> str:
    return local(moment).isoformat(timespec="seconds")


def open_matters(uow: UnitOfWork, person_id: UUID) -> list[str]:
    """What somebody else waits for the person to do, each in a few words."""
    coming = uow.session.execute(
        select(Activity.title, Activity.starts_at)
        .join(ActivitySignup, ActivitySignup.activity_id == Activity.id)
        .where(
            ActivitySignup.person_id == person_id, ActivitySignup.state == rules.CONFIRMED,
            Activity.state.in_(rules.COMING),
        )
    )  # fmt: skip
    held = uow.session.scalars(
        select(Wish.title).where(Wish.holder_id == person_id, Wish.state == care_rules.CLAIMED)
    )
    helped = uow.session.scalars(
        select(HelpRequest.title).where(
            HelpRequest.helper_id == person_id, HelpRequest.state == care_rules.MATCHED
        )
    )
    booked = uow.session.execute(
        select(Hall.name, Appointment.start_at)
        .join(ResourceBooking, ResourceBooking.id == Appointment.id)
        .join(Hall, Hall.id == Appointment.hall_id)
        .where(
            ResourceBooking.person_id == person_id, Appointment.state == State.BOOKED.value,
            Appointment.start_at > uow.now,
        )
    )  # fmt: skip
    return [
        *(f"{moment_text(at)}的活动：{title}" for title, at in coming),
        *(f"认领的心愿：{title}" for title in held),
        *(f"答应帮的忙：{title}" for title in helped),
        *(f"{moment_text(at)}的场地：{name}" for name, at in booked),
    ]


def move(uow: UnitOfWork, told: PersonMerged) -> None:
    """The provisional account became another; where both had the same, the target's stays."""
    twice: tuple[tuple[Any, Any, Any], ...] = (
        (ActivitySignup, ActivitySignup.activity_id, rules.LIVE),
        (HelpOffer, HelpOffer.help_id, (care_rules.STANDING, care_rules.CHOSEN,
                                        care_rules.PASSED)),
        (PartyReport, PartyReport.area_id, party_rules.REPORT_LIVE),
        (PostClaim, PostClaim.post_id, (party_rules.HELD,)),
    )  # fmt: skip
    for model, key, live in twice:
        other = aliased(model)
        same = select(getattr(other, key.key)).where(
            other.person_id == told.target_id, other.state.in_(live)
        )
        _set(uow, model, told.source_id, None, model.state.in_(live), key.in_(same))
    for model in (ActivitySignup, ServiceCertificate, PointEntry, Wish, HelpRequest, HelpOffer,
                  PartyReport, PostClaim, ResourceBooking):  # fmt: skip
        _set(uow, model, told.source_id, told.target_id)
    for column in (Wish.holder_id, HelpRequest.helper_id):
        uow.session.execute(
            update(column.class_)
            .where(column == told.source_id)
            .values({column.key: told.target_id})
            .execution_options(synchronize_session=False)
        )
    uow.session.execute(
        delete(NeighbourProfile).where(NeighbourProfile.person_id == told.source_id)
    )


def _set(uow: UnitOfWork, model: Any, person_id: UUID, to: UUID | None, *conditions: Any) -> None:
    uow.session.execute(
        update(model)
        .where(model.person_id == person_id, *conditions)
        .values(person_id=to)
        .execution_options(synchronize_session=False)
    )
