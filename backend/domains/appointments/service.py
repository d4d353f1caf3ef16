"""What a resident does with appointments, and what other domains may ask of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update

from appointments import booking, consents, views
from appointments.booking import Booking
from appointments.demand_model import AgentConsent
from appointments.model import Appointment, Rating
from appointments.rules import ELDER_AGE, LIVE, State, channels_for
from appointments.video_rules import CHANNEL as VIDEO
from backend.domains.appointments import desk, ports, view
from backend.domains.appointments.refusals import in_words
from backend.kernel import receipts, trace
from backend.kernel.clock import local, local_date, moment_text
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.ids import new_id
from backend.kernel.trace import TraceEntry
from backend.kernel.uow import UnitOfWork

_ENDED = tuple(state.value for state in State if state not in LIVE)
_LIVE = tuple(state.value for state in State if state in LIVE)


def book(
    uow: UnitOfWork,
    person_id: UUID,
    slot_id: UUID,
    item_id: UUID,
    *,
    appointment_id: UUID | None = None,
    consent_id: UUID | None = None,
    video: bool = False,
) -> dict[str, Any]:
    """Book a place for one's own business, or as an agent for who consented to it.

    Everything or nothing, in this transaction.
    """
    made, number, entry = take(
        uow,
        Wanted(slot_id, item_id, consent_id, video),
        person_id,
        appointment_id=appointment_id,
    )
    return view.fresh(uow, made, number, entry)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place for an item, at the hall or by video; with a consent, for the one who gave it."""

    slot_id: UUID
    item_id: UUID
    consent_id: UUID | None = None
    video: bool = False


def take(
    uow: UnitOfWork,
    wanted: Wanted,
    person_id: UUID,
    *,
    appointment_id: UUID | None = None,
    visit_id: UUID | None = None,
) -> tuple[Booking, str, TraceEntry]:
    """Book one place with all that it leaves behind: receipt, trace, deadline, event."""
    item = ports.item_of(uow, wanted.item_id)
    if not item.bookable:
        raise Conflict(
            "item_not_bookable",
            title="这件事不用预约",
            detail=f"「{item.name}」不在窗口预约办理",
            action="请看办事指南里的办理方式",
        )
    principal, acting = for_whom(uow, person_id, wanted.consent_id)
    age = ports.age_of(uow, principal)
    with in_words():
        made = booking.book(
            uow.session,
            appointment_id=appointment_id or new_id(),
            slot_id=wanted.slot_id,
            person_key=principal,
            item_key=wanted.item_id,
            group_code=item.group_code,
            channels=(VIDEO,) if wanted.video else channels_for(age),
            hall_codes=item.hall_codes,
            now=uow.now,
            priority=int(age >= ELDER_AGE),
            details={"item_name": item.name, "materials": list(item.material_names)},
            acting=acting,
            visit_id=visit_id,
        )
    receipt = receipts.issue(
        uow,
        kind=desk.KIND,
        subject=desk.subject(made.appointment.id),
        person_id=principal,
        title=item.name,
    )
    entry = desk.booked(uow, made, receipt.number)
    return made, receipt.number, entry


def for_whom(
    uow: UnitOfWork, person_id: UUID, consent_id: UUID | None
) -> tuple[UUID, booking.Acting | None]:
    """Whose business it is: one's own, or that of who gave this consent."""
    if consent_id is None:
        return person_id, None
    consent = uow.session.get(AgentConsent, consent_id)
    if consent is None or consent.agent_key != person_id:
        raise NotFound("consent_unknown", title="没有找到这份委托", action="请到「代办」里查看")
    return consent.principal_key, booking.Acting(person_id, consent_id)


def acting_on(uow: UnitOfWork, person_id: UUID, appointment_id: UUID) -> Appointment:
    """An appointment the person may change: her own, or one whose consent still holds."""
    found = mine(uow, person_id, appointment_id)
    if found.person_key != person_id and found.consent_id is not None:
        with in_words():
            consents.check(
                uow.session,
                found.consent_id,
                principal=found.person_key,
                agent=person_id,
                item=found.item_key,
                day=local_date(uow.now),
            )
    return found


def mine(uow: UnitOfWork, person_id: UUID, appointment_id: UUID) -> Appointment:
    """The person's own appointment or one she booked for another; anybody else's is `NotFound`."""
    found = uow.session.get(Appointment, appointment_id)
    if found is None or person_id not in (found.person_key, found.agent_key):
        raise NotFound(
            "appointment_unknown", title="没有找到这个预约", action="请到「我的预约」查看"
        )
    return found


def show(uow: UnitOfWork, person_id: UUID, appointment_id: UUID) -> dict[str, Any]:
    """One appointment of the person's own."""
    return view.one(uow, mine(uow, person_id, appointment_id))


def query_mine(person_id: UUID, state: str | None, role: str | None = None) -> Select[Appointment]:
    """The person's appointments, `own` and booked as `agent`: `live`, `past`, or all of them."""
    own, agent = Appointment.person_key == person_id, Appointment.agent_key == person_id
    query = select(Appointment).where({"own": own, "agent": agent}.get(role or "", or_(own, agent)))
    if state is not None:
        query = query.where(Appointment.state.in_(_LIVE if state == "live" else _ENDED))
    return query


def present(uow: UnitOfWork, rows: Sequence[Appointment]) -> list[dict[str, Any]]:
    """Answers for several appointments of one person."""
    return view.many(uow, rows)


def cancel(uow: UnitOfWork, person_id: UUID, appointment_id: UUID, reason: str) -> dict[str, Any]:
    """Give the place back, up to the hall's deadline.

    The reason is the person's own words: it is kept with the appointment, where closing the
    account erases it, and not in the trace, which nothing can be taken out of.
    """
    appointment = acting_on(uow, person_id, appointment_id)
    details = {"cancel_reason": reason} if reason else None
    with in_words():
        change = booking.cancel(uow.session, appointment, uow.now, details)
    return view.one(uow, desk.changed(uow, change))


def rate(
    uow: UnitOfWork, person_id: UUID, appointment_id: UUID, score: int, comment: str
) -> dict[str, Any]:
    """Judge a finished service, once."""
    appointment = mine(uow, person_id, appointment_id)
    with in_words():
        booking.rate(uow.session, appointment, score, comment, uow.now)
    trace.record(
        uow,
        subject=desk.subject(appointment.id),
        action="rate",
        from_state=appointment.state,
        to_state=appointment.state,
        public_text=f"评价了 {score} 分",
    )
    return view.one(uow, appointment)


def open_matters(uow: UnitOfWork, person_id: UUID) -> list[str]:
    """The person's live appointments, each in a few words."""
    rows = views.of_person(uow.session, person_id, states=LIVE, newest_first=False)
    return [f"{moment_text(row.start_at)}的预约：{row.details['item_name']}" for row in rows]


def export(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """Everything kept about the person's appointments, as JSON values."""
    rows = views.of_person(uow.session, person_id, states=State, newest_first=True)
    ratings = views.ratings(uow.session, [row.id for row in rows])
    numbers = view.receipt_numbers(uow, [row.id for row in rows])
    found = []
    for row in rows:
        rating = ratings.get(row.id)
        found.append(
            {
                "receipt_number": numbers.get(row.id),
                "item": row.details["item_name"],
                "start": local(row.start_at).isoformat(timespec="seconds"),
                "state": row.state,
                "ticket_no": row.ticket_no,
                "cancel_reason": row.details.get("cancel_reason", ""),
                "rating": {"score": rating.score, "comment": rating.comment} if rating else None,
            }
        )
    return found


def forget_person(uow: UnitOfWork, person_id: UUID) -> None:
    """Erase what the person wrote when rating or cancelling; the appointments stay as figures."""
    own = select(Appointment.id).where(Appointment.person_key == person_id)
    uow.session.execute(
        update(Appointment)
        .where(Appointment.person_key == person_id, Appointment.details.has_key("cancel_reason"))
        .values(details=Appointment.details.op("-")("cancel_reason"))
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(update(Rating).where(Rating.appointment_id.in_(own)).values(comment=""))


def query_booked(
    since: datetime, *, halls: Iterable[UUID] = (), items: Iterable[UUID] = ()
) -> Select[UUID]:
    """The ids of those who booked since then, at one of these halls and for one of these items.

    Without halls any hall counts, without items any item.
    """
    # A ticket from the door that is nobody's in particular carries its own id as the person.
    query = select(Appointment.person_key).where(
        Appointment.booked_at >= since, Appointment.person_key != Appointment.id
    )
    if at := list(halls):
        query = query.where(Appointment.hall_id.in_(at))
    if wanted := list(items):
        query = query.where(Appointment.item_key.in_(wanted))
    return query


def needed(uow: UnitOfWork, since: datetime) -> dict[UUID, int]:
    """What people came for: how many of them booked each item since then."""
    people = func.count(Appointment.person_key.distinct())
    query = select(Appointment.item_key, people).where(
        Appointment.booked_at >= since, Appointment.person_key != Appointment.id
    )
    return dict(uow.session.execute(query.group_by(Appointment.item_key)).all())


def matters(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What the progress page says of these appointments: kind, state, next step, open or not."""
    rows = uow.session.scalars(select(Appointment).where(Appointment.id.in_(list(ids))))
    return view.matters(uow, list(rows))
