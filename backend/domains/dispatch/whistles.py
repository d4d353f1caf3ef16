"""吹哨报到: a street calls a department, which signs, contacts, arrives and finishes."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from backend.domains.dispatch import (
    access,
    categories,
    clocks,
    events,
    moves,
    ports,
    rules,
    telling,
)
from backend.domains.dispatch.claiming import needs
from backend.domains.dispatch.clock_rules import ARRIVE, DEPT_CONTACT, SIGN
from backend.domains.dispatch.model import Event, EventClock, Whistle
from backend.domains.dispatch.parts import Part, system
from backend.kernel.access import SYSTEM, Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

_DONE = {
    "sign": "已签收", "dept_contact": "已联系", "arrive": "已到场", "finish_whistle": "已办完",
    "give_back_whistle": "认为不属于本部门，已退回", "withdraw_whistle": "不再需要到场",
}  # fmt: skip


class _Seen(Part):
    """Whoever acts, seen from one whistle: of its department or not."""

    def __init__(self, viewer: access.Viewer, whistle: Whistle) -> None:
        self.event, self._viewer, self._whistle = viewer.event, viewer, whistle

    def plays(self, part: str) -> bool:
        """The viewer's parts; `department` for staff of exactly the department that was called."""
        if part == rules.DEPARTMENT:
            own = access.departments(self._viewer.by, "whistles.answer")
            return self._whistle.department_id in own
        return self._viewer.plays(part)


def blow(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    department_id: UUID,
    what: str,
    *,
    hard: bool = False,
    version: int | None = None,
) -> Whistle:
    """Call a department; a hard case gives it more days to arrive. Several can be called."""
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    moves.allowed(rules.EVENT_TRANSITIONS, event.state, "whistle", viewer)
    moves.not_on_hold(event)
    needs(what, "what", "请写明需要部门做什么")
    name = ports.department_names(uow).get(department_id)
    if name is None:
        text = "没有这个部门"
        raise Invalid("unknown_department", detail=text, fields={"department_id": [text]})
    whistle = Whistle(
        id=new_id(), event_id=event_id, department_id=department_id, what=what.strip(),
        hard=hard, state=rules.BLOWN, blown_by=by.actor.id, blown_at=uow.now,
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            uow.session.add(whistle)
    except IntegrityError as error:
        if "uq_event_whistle_open" not in str(error.orig):
            raise
        raise Conflict(
            "already_whistled", title=f"已经向{name}吹哨", detail="", action="请等待部门答复"
        ) from error
    values = {"hard": True} if hard else {}
    moves.move(
        uow, viewer, "whistle", values=values,
        public=f"已请{name}到场处理", internal=whistle.what,
    )  # fmt: skip
    due_at = _next(uow, event, whistle, SIGN).due_at
    uow.emit(
        events.WhistleBlown(
            **telling.facts(uow, event),
            whistle_id=whistle.id,
            department_id=department_id,
            what=whistle.what,
            staff_ids=tuple(p.staff_id for p in ports.department_on_duty(uow, department_id)),
            by_name=by.actor.name,
            due_at=due_at,
        )
    )
    return whistle


def sign(uow: UnitOfWork, by: Principal, whistle_id: UUID, note: str = "") -> Whistle:
    """The department takes it; who signs answers for it."""
    whistle, seen = _enter(uow, by, whistle_id)
    _forward(uow, whistle, seen, "sign", note, signed_by=access.by_id(by))
    _traced(uow, seen.event, whistle, "sign", note)
    _next(uow, seen.event, whistle, DEPT_CONTACT)
    return whistle


def contact(uow: UnitOfWork, by: Principal, whistle_id: UUID, note: str = "") -> Whistle:
    """The department has contacted the street or the caller."""
    whistle, seen = _enter(uow, by, whistle_id)
    _forward(uow, whistle, seen, "contact", note)
    _traced(uow, seen.event, whistle, "dept_contact", note)
    _next(uow, seen.event, whistle, ARRIVE)
    return whistle


def arrive(uow: UnitOfWork, by: Principal, whistle_id: UUID, note: str = "") -> Whistle:
    """The department is there."""
    whistle, seen = _enter(uow, by, whistle_id)
    _forward(uow, whistle, seen, "arrive", note)
    _traced(uow, seen.event, whistle, "arrive", note)
    return whistle


def finish(uow: UnitOfWork, by: Principal, whistle_id: UUID, note: str) -> Whistle:
    """The department's part is done; the last one lets the lead go on."""
    whistle, seen = _enter(uow, by, whistle_id)
    moves.allowed(rules.WHISTLE_TRANSITIONS, whistle.state, "finish", seen)
    needs(note, "note", "请写明办理的情况")
    _forward(uow, whistle, seen, "finish", note, finished_at=uow.now)
    _traced(uow, seen.event, whistle, "finish_whistle", note)
    _answered(uow, seen.event, whistle)
    return whistle


def give_back(uow: UnitOfWork, by: Principal, whistle_id: UUID, reason: str) -> Whistle:
    """Not the department's matter, with its basis; the street's leader decides anew."""
    whistle, seen = _enter(uow, by, whistle_id)
    moves.allowed(rules.WHISTLE_TRANSITIONS, whistle.state, "give_back", seen)
    needs(reason, "reason", "请写明不属于本部门的依据")
    _forward(uow, whistle, seen, "give_back", reason, finished_at=uow.now)
    _traced(uow, seen.event, whistle, "give_back_whistle", reason)
    _answered(uow, seen.event, whistle)
    return whistle


def withdraw(uow: UnitOfWork, by: Principal, whistle_id: UUID, reason: str) -> Whistle:
    """The street no longer needs the department."""
    whistle, seen = _enter(uow, by, whistle_id)
    moves.allowed(rules.WHISTLE_TRANSITIONS, whistle.state, "withdraw", seen)
    needs(reason, "reason", "请写明撤回的原因")
    _forward(uow, whistle, seen, "withdraw", reason, finished_at=uow.now)
    _traced(uow, seen.event, whistle, "withdraw_whistle", reason)
    _answered(uow, seen.event, whistle)
    return whistle


def _forward(
    uow: UnitOfWork, whistle: Whistle, seen: Part, action: str, note: str, **values: object
) -> None:
    """One step, and the end of the step's clock (cancelled where the step was not taken)."""
    if note.strip():
        values["note"] = note.strip()
    moves.set_state(uow, whistle, rules.WHISTLE_TRANSITIONS, action, seen, **values)
    undone = action in ("give_back", "withdraw")
    clocks.stop(uow, whistle.event_id, subject_id=whistle.id, cancelled=undone)


def _next(uow: UnitOfWork, event: Event, whistle: Whistle, kind: str) -> EventClock:
    found = categories.read(uow, event.category_code)
    limit = found.limit(kind, event.urgency, hard=whistle.hard)
    clock = clocks.New(kind, limit, "whistle", whistle.id)
    return clocks.start(uow, event, clock)[0]


def _traced(uow: UnitOfWork, event: Event, whistle: Whistle, action: str, note: str) -> None:
    name = ports.department_names(uow).get(whistle.department_id, "部门")
    moves.note(uow, event, action, public=f"{name}{_DONE[action]}", internal=note.strip())


def _answered(uow: UnitOfWork, event: Event, whistle: Whistle) -> None:
    """Tell who blew it and the lead; with no whistle open the lead goes on."""
    open_ones = moves.rows_of(uow, Whistle, event.id, rules.WHISTLE_OPEN)
    if event.state == rules.WHISTLED and not open_ones:
        moves.move(uow, system(event), "answered", internal="吹哨的部门都已答复", actor=SYSTEM)
    told = [one for one in (whistle.blown_by, event.lead_id) if one is not None]
    uow.emit(
        events.WhistleAnswered(
            **telling.facts(uow, event),
            whistle_id=whistle.id,
            department_id=whistle.department_id,
            outcome=whistle.state,
            note=whistle.note,
            staff_ids=tuple(dict.fromkeys(told)),
        )
    )


def _enter(uow: UnitOfWork, by: Principal, whistle_id: UUID) -> tuple[Whistle, _Seen]:
    whistle = uow.session.get(Whistle, whistle_id)
    if whistle is None:
        raise NotFound("whistle_unknown", title="没有找到这次吹哨", action="请刷新后再看")
    viewer = access.enter(uow, by, whistle.event_id)
    uow.session.refresh(whistle)
    return whistle, _Seen(viewer, whistle)
