"""Parts of the work with co-handlers and departments, each with its own clock."""

from uuid import UUID

from backend.domains.dispatch import (
    access,
    clock_rules,
    clocks,
    events,
    evidence,
    moves,
    ports,
    rules,
    telling,
)
from backend.domains.dispatch.claiming import needs
from backend.domains.dispatch.model import Event, Subtask
from backend.domains.dispatch.parts import Part
from backend.kernel.access import Principal
from backend.kernel.clock_rules import HOURS, Limit
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

_LONGEST_HOURS = 30 * 24


class _Holder(Part):
    """Whoever acts, seen from one subtask: also its holder."""

    def __init__(self, viewer: access.Viewer, task: Subtask) -> None:
        self.event, self._viewer, self._task = viewer.event, viewer, task

    def plays(self, part: str) -> bool:
        """The viewer's parts, and `holder` for the co-handler or a colleague of the department."""
        if part != "holder":
            return self._viewer.plays(part)
        task, who = self._task, self._viewer.id
        if task.taken_by is not None:
            return task.taken_by == who
        if task.staff_id is not None:
            return task.staff_id == who
        return task.department_id in access.departments(self._viewer.by, "events.handle")


def add(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    what: str,
    *,
    staff_id: UUID | None = None,
    department_id: UUID | None = None,
    mandatory: bool = True,
    hours: int = 24,
) -> Subtask:
    """Give a part of the work to a colleague or a department; by the lead or the dispatcher."""
    viewer = access.enter(uow, by, event_id)
    event = viewer.event
    if not (viewer.plays(rules.LEAD) or viewer.plays(rules.DISPATCHER)):
        raise moves.not_yours()
    if event.state not in rules.AT_WORK:
        raise Conflict("wrong_state", detail="认领后、处置完成前才能交办子任务")
    moves.not_on_hold(event)
    needs(what, "what", "请写明要做什么")
    who = _who(uow, event, staff_id, department_id)
    if not 1 <= hours <= _LONGEST_HOURS:
        text = "时限请填1到720小时"
        raise Invalid("bad_hours", detail=text, fields={"hours": [text]})
    task = Subtask(
        id=new_id(), event_id=event_id, what=what.strip(), staff_id=staff_id,
        department_id=department_id, mandatory=mandatory, state=rules.WAITING,
        given_by=by.actor.id, given_at=uow.now,
    )  # fmt: skip
    uow.session.add(task)
    uow.session.flush()
    clock = clocks.New(clock_rules.SUBTASK, Limit(hours, HOURS), "subtask", task.id)
    due_at = clocks.start(uow, event, clock)[0].due_at
    moves.note(
        uow, event, "subtask", public="增加了协办人员" if staff_id else "请部门协办",
        internal=f"{who}：{task.what}",
    )  # fmt: skip
    uow.emit(
        events.SubtaskGiven(
            **telling.facts(uow, event),
            subtask_id=task.id,
            what=task.what,
            staff_ids=tuple(telling.subtask_holders(uow, task)),
            by_name=by.actor.name,
            due_at=due_at,
        )
    )
    return task


def accept(uow: UnitOfWork, by: Principal, subtask_id: UUID) -> Subtask:
    """Take it on; of a department's staff the first who does."""
    task, holder = _enter(uow, by, subtask_id)
    moves.set_state(
        uow, task, rules.SUBTASK_TRANSITIONS, "accept", holder, taken_by=access.by_id(by)
    )
    moves.note(uow, holder.event, "accept_subtask", internal=task.what)
    return task


def finish(
    uow: UnitOfWork,
    by: Principal,
    subtask_id: UUID,
    result: str,
    *,
    file_ids: tuple[UUID, ...] = (),
) -> Subtask:
    """Done, with what was done."""
    task, holder = _enter(uow, by, subtask_id)
    moves.allowed(rules.SUBTASK_TRANSITIONS, task.state, "finish", holder)
    needs(result, "result", "请写明完成的情况")
    evidence.attach(uow, holder.event, "result", file_ids, subtask_id=task.id)
    moves.set_state(
        uow, task, rules.SUBTASK_TRANSITIONS, "finish", holder,
        result=result.strip(), finished_at=uow.now,
    )  # fmt: skip
    _ended(uow, holder.event, task, "finish_subtask", result.strip(), cancelled=False)
    return task


def give_back(uow: UnitOfWork, by: Principal, subtask_id: UUID, reason: str) -> Subtask:
    """Not theirs, or not possible: the lead decides anew."""
    task, holder = _enter(uow, by, subtask_id)
    moves.allowed(rules.SUBTASK_TRANSITIONS, task.state, "give_back", holder)
    needs(reason, "reason", "请写明退回的原因")
    moves.set_state(
        uow, task, rules.SUBTASK_TRANSITIONS, "give_back", holder,
        result=reason.strip(), finished_at=uow.now,
    )  # fmt: skip
    _ended(uow, holder.event, task, "give_back_subtask", reason.strip(), cancelled=True)
    return task


def withdraw(uow: UnitOfWork, by: Principal, subtask_id: UUID) -> Subtask:
    """No longer needed; by the lead or the dispatcher."""
    task, holder = _enter(uow, by, subtask_id)
    moves.set_state(uow, task, rules.SUBTASK_TRANSITIONS, "withdraw", holder, finished_at=uow.now)
    clocks.stop(uow, task.event_id, subject_id=task.id, cancelled=True)
    moves.note(uow, holder.event, "withdraw_subtask", internal=task.what)
    return task


def _ended(
    uow: UnitOfWork, event: Event, task: Subtask, action: str, words: str, *, cancelled: bool
) -> None:
    clocks.stop(uow, event.id, subject_id=task.id, cancelled=cancelled)
    moves.note(uow, event, action, internal=f"{task.what}：{words}")
    uow.emit(
        events.SubtaskAnswered(
            **telling.facts(uow, event),
            subtask_id=task.id,
            what=task.what,
            outcome=task.state,
            words=words,
            staff_ids=(event.lead_id,) if event.lead_id else (),
        )
    )


def _enter(uow: UnitOfWork, by: Principal, subtask_id: UUID) -> tuple[Subtask, _Holder]:
    task = uow.session.get(Subtask, subtask_id)
    if task is None:
        raise _unknown()
    viewer = access.enter(uow, by, task.event_id)
    # Read again now that the event is held: it may have ended while we waited.
    uow.session.refresh(task)
    return task, _Holder(viewer, task)


def _who(uow: UnitOfWork, event: Event, staff_id: UUID | None, department_id: UUID | None) -> str:
    if (staff_id is None) == (department_id is None):
        text = "请选一位协办人员，或一个部门"
        raise Invalid("holder_needed", detail=text, fields={"staff_id": [text]})
    if staff_id is not None:
        card = ports.staff(uow, [staff_id]).get(staff_id)
        if card is None or not card.active or staff_id == event.lead_id:
            text = "请选另一位在职人员"
            raise Invalid("unknown_staff", detail=text, fields={"staff_id": [text]})
        return card.name
    assert department_id is not None
    name = ports.department_names(uow).get(department_id)
    if name is None:
        text = "没有这个部门"
        raise Invalid("unknown_department", detail=text, fields={"department_id": [text]})
    return name


def _unknown() -> NotFound:
    return NotFound("subtask_unknown", title="没有找到这个子任务", action="请刷新后再看")
