"""An account is closed: what the person would still do ends, what they wrote goes."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from appointments import booking
from appointments.model import Appointment
from appointments.rules import State
from backend.domains.identity.events import PersonClosed
from backend.domains.neighbourhood import care_rules, party, party_rules, rules, signups
from backend.domains.neighbourhood import helping as help_
from backend.domains.neighbourhood import wishes as wish_
from backend.domains.neighbourhood.care_model import HelpOffer, HelpRequest, Wish
from backend.domains.neighbourhood.model import (
    Activity,
    ActivitySignup,
    NeighbourProfile,
    PointEntry,
    ServiceCertificate,
)
from backend.domains.neighbourhood.party_model import PartyReport, PostClaim
from backend.domains.neighbourhood.resource_model import ResourceBooking
from backend.kernel.uow import UnitOfWork

_GONE = "（已应本人要求删除）"


def forget(uow: UnitOfWork, told: PersonClosed) -> None:
    """End and erase; figures of activities and points stay, without the person."""
    who = told.person_id
    _leave_activities(uow, who)
    _leave_neighbours(uow, who)
    for report in _rows(uow, PartyReport, who, *party_rules.REPORT_LIVE):
        party.end_own(uow, who, report.id)
    _leave_places(uow, who)
    _erase(uow, Wish, who, title=_GONE, words="")
    _erase(uow, HelpRequest, who, title=_GONE, words="")
    _erase(uow, PartyReport, who, branch_sealed=None, skills_sealed=None, reason="")
    _erase(uow, ServiceCertificate, who, name_sealed=None)
    _erase(uow, ResourceBooking, who, purpose="")
    for model in (ActivitySignup, PointEntry, HelpOffer, PostClaim):
        _erase(uow, model, who)
    for column in (Wish.holder_id, HelpRequest.helper_id):
        uow.session.execute(
            update(column.class_)
            .where(column == who)
            .values({column.key: None})
            .execution_options(synchronize_session=False)
        )
    uow.session.execute(delete(NeighbourProfile).where(NeighbourProfile.person_id == who))


def _leave_activities(uow: UnitOfWork, who: UUID) -> None:
    """Give up coming places, so that others get them."""
    coming = select(ActivitySignup.activity_id).join(
        Activity, Activity.id == ActivitySignup.activity_id
    )
    coming = coming.where(
        ActivitySignup.person_id == who, ActivitySignup.state.in_(rules.LIVE),
        Activity.state == rules.PUBLISHED,
    )  # fmt: skip
    for activity_id in list(uow.session.scalars(coming)):
        activity = signups.held(uow, activity_id)
        signup = signups.mine(uow, who, activity_id)
        if signup is not None and activity.state == rules.PUBLISHED:
            signups.end(uow, activity, signup, "cancel", (rules.PERSON,))


def _leave_neighbours(uow: UnitOfWork, who: UUID) -> None:
    for wish in _rows(uow, Wish, who, care_rules.OPEN, care_rules.CLAIMED):
        wish_.withdraw(uow, who, wish.id)
    for request in _rows(uow, HelpRequest, who, *care_rules.HELP_OPEN):
        help_.withdraw(uow, who, request.id)
    held = select(Wish.id).where(Wish.holder_id == who, Wish.state == care_rules.CLAIMED)
    for wish_id in list(uow.session.scalars(held)):
        wish_.release(uow, who, wish_id)
    for offer in _rows(uow, HelpOffer, who, care_rules.STANDING, care_rules.CHOSEN):
        help_.take_back(uow, who, offer.help_id)


def _leave_places(uow: UnitOfWork, who: UUID) -> None:
    coming = (
        select(Appointment)
        .join(ResourceBooking, ResourceBooking.id == Appointment.id)
        .where(
            ResourceBooking.person_id == who, Appointment.state == State.BOOKED.value,
            Appointment.start_at > uow.now,
        )
    )  # fmt: skip
    for appointment in list(uow.session.scalars(coming)):
        booking.hall_cancel(uow.session, appointment, uow.now)


def _rows(uow: UnitOfWork, model: Any, who: UUID, *states: str) -> list[Any]:
    query = select(model).where(model.person_id == who, model.state.in_(states))
    return list(uow.session.scalars(query))


def _erase(uow: UnitOfWork, model: Any, who: UUID, **values: Any) -> None:
    uow.session.execute(
        update(model)
        .where(model.person_id == who)
        .values(person_id=None, **values)
        .execution_options(synchronize_session=False)
    )
