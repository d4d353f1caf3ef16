"""Kept places: taking one up, declining, letting it lapse; other times when a hall closes."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, or_, select

from appointments import offers
from appointments.demand_model import Offer
from appointments.model import Appointment, Slot
from appointments.rules import Refused
from backend.domains.appointments import desk, events, ports, precedence, view, waiting
from backend.domains.appointments.refusals import in_words
from backend.kernel import receipts, timers, trace
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.kernel.timers import Timer
from backend.kernel.uow import UnitOfWork


def _for_person(person_id: UUID) -> ColumnElement[bool]:
    # An agent answers for the booking she made.
    acted = select(Appointment.id).where(Appointment.agent_key == person_id)
    return or_(Offer.person_key == person_id, Offer.appointment_id.in_(acted))


def of_person(person_id: UUID) -> Select[Offer]:
    """The offers a person may answer, open ones first, then the latest."""
    first = case((Offer.state == "open", 0), else_=1)
    query = select(Offer).where(_for_person(person_id))
    return query.order_by(first, Offer.made_at.desc(), Offer.id).limit(50)


def mine(uow: UnitOfWork, person_id: UUID, offer_id: UUID) -> Offer:
    """An offer this person may answer; anybody else's is `NotFound`."""
    query = select(Offer).where(Offer.id == offer_id, _for_person(person_id))
    found = uow.session.scalar(query)
    if found is None:
        raise NotFound("offer_unknown", title="没有找到这个名额", action="请到「我的候补」查看")
    return found


def accept(uow: UnitOfWork, person_id: UUID, offer_id: UUID) -> dict[str, Any]:
    """One tap: the kept place becomes an appointment."""
    offer = mine(uow, person_id, offer_id)
    about = waiting.about(uow, [offer])[offer.id]["item"]
    item = ports.item_of(uow, about["id"])
    age = ports.age_of(uow, offer.person_key)
    day = uow.session.get_one(Slot, offer.slot_id).day
    with in_words():
        made = offers.accept(
            uow.session,
            offer.id,
            appointment_id=new_id(),
            priority=precedence.priority_of(uow, offer.person_key, day, age),
            details={"item_name": item.name, "materials": list(item.material_names)},
            now=uow.now,
        )
    timers.disarm(uow, waiting.LAPSE_TIMER, waiting.offer_subject(offer.id))
    receipt = receipts.issue(
        uow,
        kind=desk.KIND,
        subject=desk.subject(made.appointment.id),
        person_id=made.appointment.person_key,
        title=item.name,
    )
    _trace(uow, offer, "accept", "约上了")
    uow.emit(waiting.event_of(uow, events.SlotOfferEnded, offer))
    entry = desk.booked(uow, made, receipt.number)
    return view.fresh(uow, made, receipt.number, entry)


def _trace(uow: UnitOfWork, offer: Offer, action: str, text: str) -> None:
    trace.record(
        uow,
        subject=waiting.offer_subject(offer.id),
        action=action,
        from_state="open",
        to_state=offer.state,
        public_text=text,
    )


def decline(uow: UnitOfWork, person_id: UUID, offer_id: UUID) -> dict[str, Any]:
    """Say no: the place goes to the next, and who waits waits on."""
    offer = mine(uow, person_id, offer_id)
    with in_words():
        over = offers.end(uow.session, offer.id, "declined", uow.now)
    timers.disarm(uow, waiting.LAPSE_TIMER, waiting.offer_subject(offer.id))
    _ended(uow, over, "decline", "没有要这个名额")
    waiting.place_freed(uow, offer.slot_id)
    return waiting.shown_offers(uow, [over.offer])[0]


def lapse(uow: UnitOfWork, timer: Timer) -> None:
    """Nobody answered in time: the place goes to the next. Acting twice changes nothing."""
    try:
        over = offers.end(uow.session, timer.subject_id, "lapsed", uow.now)
    except Refused as refused:
        if refused.code in ("offer_over", "offer_unknown"):
            return
        raise
    _ended(uow, over, "lapse", "过了时间没有答复，名额让给下一位")
    entry = over.entry
    if entry is not None and entry.state == "ended":
        waiting.ended(uow, entry, "offered", f"{entry.lapses}次没有答复，候补结束了")
    waiting.place_freed(uow, over.offer.slot_id)


def _ended(uow: UnitOfWork, over: offers.Ended, action: str, text: str) -> None:
    _trace(uow, over.offer, action, text)
    uow.emit(waiting.event_of(uow, events.SlotOfferEnded, over.offer))


def void_day(uow: UnitOfWork, hall_id: UUID, day: date) -> list[Appointment]:
    """The hall closes: nobody can take up a place of that day any more.

    Answers the bookings, lost before, in whose stead some of these places were kept.
    """
    lost = []
    for offer_id in offers.of_day(uow.session, hall_id, day):
        over = offers.end(uow.session, offer_id, "void", uow.now)
        timers.disarm(uow, waiting.LAPSE_TIMER, waiting.offer_subject(offer_id))
        _ended(uow, over, "void", "大厅这一天停办，名额收回")
        if over.offer.appointment_id is not None:
            lost.append(uow.session.get_one(Appointment, over.offer.appointment_id))
    return lost


def offer_instead(uow: UnitOfWork, lost: Iterable[Appointment]) -> int:
    """Keep another place for each whose booking the hall took back; how many have one."""
    made = 0
    for appointment in lost:
        item = ports.item_of(uow, appointment.item_key)
        offer = offers.offer_instead(
            uow.session,
            appointment,
            new_id(),
            channels=ports.channels_like(uow, appointment),
            hall_codes=item.hall_codes,
            now=uow.now,
        )
        if offer is not None:
            made += 1
            waiting.opened(uow, offer, "大厅停办，给您留了别的时间")
    return made
