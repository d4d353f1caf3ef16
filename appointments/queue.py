"""From the door to the window: check-in, ticket, call, service."""

from __future__ import annotations

import hmac
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from appointments.model import Appointment, Hall, ItemGroup, TicketCounter, Window, WindowGroup
from appointments.moves import Change, hall_of, move
from appointments.queue_rules import Waiting, others_turn, queue_at, return_place, ticket_no
from appointments.rules import AT_WINDOW, LIVE, ZONE, Action, Refused, State, Who, decide
from appointments.tokens import Claim

WINDOW_STATUSES = ("open", "paused", "closed")


def by_code(session: Session, hall_id: UUID, code: str) -> Appointment:
    """The appointment a six-digit code names in this hall: the live one, else the latest."""
    found = session.scalars(
        select(Appointment)
        .where(Appointment.hall_id == hall_id, Appointment.check_in_code == code)
        .order_by(Appointment.state.in_(LIVE).desc(), Appointment.booked_at.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        raise Refused("code_unknown")
    return found


def by_person(session: Session, hall_id: UUID, person_key: UUID, now: datetime) -> Appointment:
    """Today's appointment of a person in this hall: the next one booked, else the one queued."""
    today = now.astimezone(ZONE).date()
    found = session.scalars(
        select(Appointment)
        .where(
            Appointment.hall_id == hall_id,
            Appointment.person_key == person_key,
            Appointment.state.in_(LIVE),
            or_(Appointment.day == today, Appointment.queue_day == today),
        )
        .order_by((Appointment.state == State.BOOKED.value).desc(), Appointment.start_at)
        .limit(1)
    ).one_or_none()
    if found is None:
        raise Refused("none_today")
    return found


def by_claim(session: Session, hall_id: UUID, claim: Claim) -> Appointment:
    """The appointment a genuine QR token names; a token of another hall is told so."""
    found = session.get(Appointment, claim.appointment_id)
    if found is None or not hmac.compare_digest(found.qr_nonce, claim.nonce):
        raise Refused("qr_invalid")
    if found.hall_id != hall_id:
        raise Refused("other_hall", hall_id=found.hall_id)
    return found


def check_in(session: Session, appointment: Appointment, who: Who, now: datetime) -> Change:
    """Put the appointment into today's queue and give it a ticket.

    Coming twice is `Refused("already_checked_in")`, with the ticket that stands.
    """
    if appointment.state != State.BOOKED and appointment.ticket_no:
        raise Refused(
            "already_checked_in", ticket_no=appointment.ticket_no, state=appointment.state
        )
    hall = hall_of(session, appointment.hall_id)
    # Decided before the counter moves, so that a refusal wastes no number.
    decide(appointment.fact(hall.policy), Action.CHECK_IN, who, now)
    today = now.astimezone(ZONE).date()
    return move(
        session,
        appointment,
        Action.CHECK_IN,
        who,
        now,
        queue_day=today,
        queue_at=queue_at(appointment.start_at, now, hall.grace_minutes),
        checked_in_at=now,
        ticket_no=next_ticket(session, appointment.hall_id, appointment.group_code, today),
    )


def next_ticket(session: Session, hall_id: UUID, group_code: str, today: date) -> str:
    """The next number of the day for this business in this hall; each is given once."""
    group = session.get_one(ItemGroup, group_code)
    row = insert(TicketCounter).values(hall_id=hall_id, day=today, group_code=group_code, last=1)
    last = session.scalars(
        row.on_conflict_do_update(
            index_elements=["hall_id", "day", "group_code"],
            set_={"last": TicketCounter.last + 1},
        ).returning(TicketCounter.last)
    ).one()
    return ticket_no(group.letter, last)


def call(
    session: Session, window_id: UUID, now: datetime, appointment_id: UUID | None = None
) -> Change:
    """Call the next ticket this window serves, or the one named, to the window.

    Two clerks that call at once get different tickets: each takes the first row nobody
    else has locked. A window has one person at a time; the schema holds that too.
    """
    window = session.get(Window, window_id, with_for_update=True, populate_existing=True)
    if window is None:
        raise Refused("window_unknown")
    if window.status != "open":
        raise Refused("window_not_open", status=window.status)
    if session.scalar(
        select(Appointment.id).where(
            Appointment.window_id == window_id, Appointment.state.in_(AT_WINDOW)
        )
    ):
        raise Refused("window_busy")
    chosen = (
        _named(session, window, appointment_id) if appointment_id else _next(session, window, now)
    )
    if chosen is None:
        raise Refused("queue_empty")
    return move(
        session,
        chosen,
        Action.CALL,
        Who.STAFF,
        now,
        window_id=window_id,
        called_at=now,
        call_count=chosen.call_count + 1,
    )


def place() -> ColumnElement[datetime]:
    """Where a ticket stands among those queued by the same instant."""
    return func.coalesce(Appointment.place_at, Appointment.checked_in_at)


def queue_order() -> tuple[Any, ...]:
    """Priority first, then the instant queued by (the late rule is in it), then arrival."""
    return (Appointment.priority.desc(), Appointment.queue_at, place(), Appointment.id)


def _for_this(window: Window) -> ColumnElement[bool]:
    """The tickets a window calls: those sent to it, and those of its business sent to no other.

    A ticket sent to a window that has closed goes back to everybody who does its business.
    """
    groups = select(WindowGroup.group_code).where(WindowGroup.window_id == window.id)
    shut = select(Window.id).where(Window.hall_id == window.hall_id, Window.status == "closed")
    free = or_(Appointment.for_window_id.is_(None), Appointment.for_window_id.in_(shut))
    return or_(
        Appointment.for_window_id == window.id, and_(free, Appointment.group_code.in_(groups))
    )


def _next(session: Session, window: Window, now: datetime) -> Appointment | None:
    today = now.astimezone(ZONE).date()
    waiting = (
        select(Appointment)
        .where(
            Appointment.hall_id == window.hall_id,
            Appointment.queue_day == today,
            Appointment.state == State.CHECKED_IN.value,
            _for_this(window),
        )
        .order_by(*queue_order())
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    hall = hall_of(session, window.hall_id)
    if hall.priority_run and others_turn(_called(session, window, today, hall), hall.priority_run):
        other = session.scalars(waiting.where(Appointment.priority == 0)).one_or_none()
        if other is not None:
            return other
    return session.scalars(waiting).one_or_none()


def _called(session: Session, window: Window, today: date, hall: Hall) -> list[int]:
    """The priorities of who was called to the window today, the latest first."""
    rows = (
        select(Appointment.priority)
        .where(
            Appointment.hall_id == hall.id,
            Appointment.queue_day == today,
            Appointment.window_id == window.id,
            Appointment.called_at.is_not(None),
        )
        .order_by(Appointment.called_at.desc())
        .limit(hall.priority_run)
    )
    return list(session.scalars(rows))


def _named(session: Session, window: Window, appointment_id: UUID) -> Appointment:
    chosen = session.get(Appointment, appointment_id, with_for_update=True, populate_existing=True)
    if chosen is None or chosen.hall_id != window.hall_id:
        raise Refused("appointment_unknown")
    _check_skips(session, chosen)
    if chosen.state == State.PARKED and chosen.window_id == window.id:
        return chosen
    if session.scalar(select(Appointment.id).where(Appointment.id == chosen.id, _for_this(window))):
        return chosen
    sent = chosen.for_window_id
    if sent is not None and session.get(WindowGroup, (window.id, chosen.group_code)) is not None:
        raise Refused("for_other_window", number=session.get_one(Window, sent).number)
    raise Refused("window_wrong_group")


def recall(session: Session, appointment: Appointment, now: datetime) -> Change:
    """Call the same ticket once more."""
    return move(
        session,
        appointment,
        Action.RECALL,
        Who.STAFF,
        now,
        called_at=now,
        call_count=appointment.call_count + 1,
    )


def skip(session: Session, appointment: Appointment, now: datetime) -> Change:
    """Nobody came to the window: the ticket is passed over and the window is free."""
    skips = appointment.skip_count + 1
    return move(session, appointment, Action.SKIP, Who.STAFF, now, skip_count=skips)


def requeue(session: Session, appointment: Appointment, now: datetime) -> Change:
    """A skipped person is back and stands where the hall's rule puts her."""
    _check_skips(session, appointment)
    hall = hall_of(session, appointment.hall_id)
    rows = session.execute(
        select(Appointment.priority, Appointment.queue_at, place())
        .where(
            Appointment.hall_id == hall.id,
            Appointment.queue_day == appointment.queue_day,
            Appointment.group_code == appointment.group_code,
            Appointment.state == State.CHECKED_IN.value,
        )
        .order_by(*queue_order())
    )
    waiting = [Waiting(row[0], row[1], row[2]) for row in rows if row[1] is not None]
    by, placed = return_place(waiting, appointment.priority, hall.return_behind, now)
    return move(session, appointment, Action.REQUEUE, Who.STAFF, now, queue_at=by, place_at=placed)


def _check_skips(session: Session, appointment: Appointment) -> None:
    """Who missed her call too often takes a new ticket."""
    most = hall_of(session, appointment.hall_id).most_skips
    if appointment.state == State.SKIPPED and appointment.skip_count >= most:
        raise Refused("skipped_too_often", most=most)


def start(session: Session, appointment: Appointment, now: datetime) -> Change:
    """The person is at the window."""
    return move(session, appointment, Action.START, Who.STAFF, now, serving_at=now)


def finish(session: Session, appointment: Appointment, now: datetime) -> Change:
    """The service is done and the window is free."""
    return move(session, appointment, Action.FINISH, Who.STAFF, now, finished_at=now)


def park(session: Session, appointment: Appointment, now: datetime) -> Change:
    """Put the person aside while a paper is fetched: the window is free, the number is kept.

    The minutes until she is back at the window do not count as service.
    """
    return move(session, appointment, Action.PARK, Who.STAFF, now)


def transfer(
    session: Session,
    appointment: Appointment,
    now: datetime,
    *,
    window_id: UUID | None = None,
    group_code: str | None = None,
) -> Change:
    """Send a ticket on to another window, or to everybody who does another kind of business.

    The number and the instant it is queued by stay, so nobody goes to the end of a queue for
    having been sent to the wrong window.
    """
    values: dict[str, Any] = {"window_id": None, "serving_at": None, "for_window_id": window_id}
    if (window_id is None) == (group_code is None):
        raise Refused("transfer_where")
    if window_id is not None:
        window = session.get(Window, window_id)
        if window is None or window.hall_id != appointment.hall_id:
            raise Refused("window_unknown")
        if window.status == "closed":
            raise Refused("transfer_closed", number=window.number)
        if window_id == appointment.window_id:
            raise Refused("transfer_same")
    else:
        served = (
            select(WindowGroup.group_code)
            .join(Window, Window.id == WindowGroup.window_id)
            .where(Window.hall_id == appointment.hall_id, WindowGroup.group_code == group_code)
        )
        if session.scalar(served.limit(1)) is None:
            raise Refused("group_not_served")
        if group_code == appointment.group_code:
            raise Refused("transfer_same")
        values["group_code"] = group_code
    return move(session, appointment, Action.TRANSFER, Who.STAFF, now, **values)


def no_show(session: Session, appointment: Appointment, now: datetime) -> Change:
    """The clerk states that nobody came."""
    return move(session, appointment, Action.NO_SHOW, Who.STAFF, now)


def close_day(session: Session, appointment: Appointment, now: datetime) -> Change:
    """End what the hall left open after its day: see the table in `rules`."""
    served = (State.SERVING, State.PARKED)
    finished = {"finished_at": now} if appointment.state in served else {}
    return move(session, appointment, Action.CLOSE_DAY, Who.SYSTEM, now, **finished)


def set_window_status(session: Session, window: Window, status: str) -> Window:
    """Open, pause or close a window; not closed while somebody stands at it."""
    if status not in WINDOW_STATUSES:
        raise Refused("window_status_unknown")
    locked = session.get_one(Window, window.id, with_for_update=True, populate_existing=True)
    if status == "closed" and session.scalar(
        select(Appointment.id).where(
            Appointment.window_id == window.id, Appointment.state.in_(AT_WINDOW)
        )
    ):
        raise Refused("window_busy")
    if locked.status != status:
        locked.status = status
        locked.version += 1
        session.flush()
    return locked
