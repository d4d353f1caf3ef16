"""No-shows that count: what a resident sees and appeals against, what staff decide."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from appointments import missed
from appointments.demand_model import Missed
from appointments.fairness_rules import MOST_MISSED, WITHIN, barred_until
from appointments.model import Appointment, Hall
from backend.domains.appointments import desk, staff, wording
from backend.domains.appointments.refusals import in_words
from backend.domains.identity.service import person_cards
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import NotFound, Stale
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

PERMISSION = "fairness.decide"
_SHOWN = 50
DECIDED = ("forgiven", "upheld")


def standing(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """What a person missed, what of it counts, and until when booking online rests."""
    query = select(Missed).where(Missed.person_key == person_id).order_by(Missed.at.desc())
    rows = list(uow.session.scalars(query.limit(_SHOWN)))
    times = missed.counting(uow.session, person_id, uow.now)
    return {
        "missed": _many(uow, rows),
        "counted": sum(at > uow.now - WITHIN for at in times),
        "most": MOST_MISSED,
        "within_days": WITHIN.days,
        "banned_until": barred_until(times, uow.now),
    }


def _many(uow: UnitOfWork, rows: Sequence[Missed]) -> list[dict[str, Any]]:
    ids = [row.appointment_id for row in rows]
    of = select(Appointment, Hall.name).join(Hall, Hall.id == Appointment.hall_id)
    found = {row[0].id: row for row in uow.session.execute(of.where(Appointment.id.in_(ids)))}
    shown = []
    for row in rows:
        appointment, hall_name = found[row.appointment_id]
        shown.append(
            {
                "appointment_id": row.appointment_id,
                "item_name": appointment.details["item_name"],
                "hall_name": hall_name,
                "start": appointment.start_at,
                "state": row.state,
                "state_text": wording.MISSED_TEXT[row.state],
                "can_appeal": row.state == "counted",
                "appeal": row.appeal,
                "decision": row.decision,
                "version": row.version,
            }
        )
    return shown


def appeal(uow: UnitOfWork, person_id: UUID, appointment_id: UUID, words: str) -> dict[str, Any]:
    """Say why one could not come; staff decide. The words stay out of the trace."""
    row = uow.session.get(Missed, appointment_id)
    if row is None or row.person_key != person_id:
        raise NotFound("missed_unknown", title="没有找到这条记录", action="请到「预约信用」查看")
    with in_words():
        row = missed.appeal(uow.session, row, words, uow.now)
    _trace(uow, row, "appeal_no_show", "counted", "对没有到场提出申诉")
    return _many(uow, [row])[0]


def _trace(uow: UnitOfWork, row: Missed, action: str, before: str, text: str) -> None:
    trace.record(
        uow,
        subject=desk.subject(row.appointment_id),
        action=action,
        from_state=before,
        to_state=row.state,
        public_text=text,
    )


def query_listed(
    uow: UnitOfWork, who: Principal, state: str | None, hall_id: UUID | None
) -> Select[Missed]:
    """No-shows of the halls within reach; `decided` are those forgiven or upheld."""
    query = select(Missed)
    if state is not None:
        query = query.where(Missed.state.in_(DECIDED if state == "decided" else (state,)))
    if hall_id is not None:
        staff.enter_hall(uow, who, PERMISSION, hall_id)
        return query.where(Missed.hall_id == hall_id)
    at = [one for one in uow.session.scalars(select(Hall.id)) if who.may(PERMISSION, hall=one)]
    return query.where(Missed.hall_id.in_(at))


def for_staff(uow: UnitOfWork, rows: Sequence[Missed]) -> list[dict[str, Any]]:
    """No-shows as staff see them, names masked."""
    cards = person_cards(uow, {row.person_key for row in rows})
    found = []
    for row, shown in zip(rows, _many(uow, rows), strict=True):
        card = cards.get(row.person_key)
        own = {"name": card.name_masked if card else ""}
        when = {"appealed_at": row.appealed_at, "decided_at": row.decided_at}
        found.append({**shown, **when, "person": own, "hall_id": row.hall_id})
    return found


def decide(
    uow: UnitOfWork,
    who: Principal,
    appointment_id: UUID,
    *,
    forgive: bool,
    words: str,
    version: int,
) -> dict[str, Any]:
    """Forgive a no-show, or let it stand, with the reason its person reads."""
    row = uow.session.get(Missed, appointment_id)
    if row is None or not who.may(PERMISSION, hall=row.hall_id):
        raise NotFound("missed_unknown", title="没有找到这条记录", action="请刷新后再看")
    if row.version != version:
        raise Stale("stale", title="别人刚处理过", action="请刷新后再看")
    before, by = row.state, who.actor.id
    assert by is not None
    with in_words():
        row = missed.settle(uow.session, row, forgive=forgive, words=words, by=by, now=uow.now)
    text = "这次没有到场不再计入" if forgive else "申诉没有通过"
    _trace(uow, row, "decide_no_show", before, text)
    return for_staff(uow, [row])[0]


def forgive_hall(
    uow: UnitOfWork, who: Principal, hall_id: UUID, hours: tuple[datetime, datetime], reason: str
) -> int:
    """The hall was late: no no-show of that time counts; how many are forgiven."""
    staff.enter_hall(uow, who, PERMISSION, hall_id)
    by = who.actor.id
    assert by is not None
    rows = missed.between(uow.session, hall_id, *hours)
    before = {row.appointment_id: row.state for row in rows}
    missed.forgive_all(uow.session, rows, words=reason, by=by, now=uow.now)
    for row in rows:
        _trace(uow, row, "decide_no_show", before[row.appointment_id], "大厅晚了，这次不再计入")
    trace.record(
        uow,
        subject=Subject("hall", hall_id),
        action="forgive_no_shows",
        reason=reason,
        internal_text=f"{wording.time_range(*hours)}，{len(rows)}个未到不再计入",
    )
    return len(rows)
