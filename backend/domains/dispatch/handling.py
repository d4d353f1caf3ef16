"""What the lead does from the claim to the disposal, and the notes everybody leaves."""

from datetime import datetime
from uuid import UUID

from backend.domains.dispatch import (
    access,
    categories,
    clock_rules,
    clocks,
    events,
    evidence,
    moves,
    rules,
    telling,
    windup,
)
from backend.domains.dispatch.claiming import needs
from backend.domains.dispatch.clock_rules import CONTACT, DISPOSE, SUBTASK, VERIFY
from backend.domains.dispatch.endings import (
    cancel,
    close,
    confirm,
    rate,
    reopen,
    verify,
)
from backend.domains.dispatch.model import Event, EventCaller, Subtask
from backend.domains.dispatch.parts import system
from backend.kernel.access import Principal
from backend.kernel.clock import moment_text
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

__all__ = [
    "cancel",
    "close",
    "confirm",
    "contact",
    "dispose",
    "note",
    "note_of_caller",
    "rate",
    "reopen",
    "schedule",
    "start",
    "verify",
]


def schedule(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    visit_at: datetime,
    note: str = "",
    *,
    version: int | None = None,
) -> Event:
    """Say when somebody comes; said again, it moves the visit."""
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    moves.allowed(rules.EVENT_TRANSITIONS, event.state, "schedule", viewer)
    if visit_at < uow.now:
        text = "请选一个还没到的时间"
        raise Invalid("visit_past", detail=text, fields={"visit_at": [text]})
    _schedule(uow, viewer, visit_at, note)
    return event


def start(uow: UnitOfWork, by: Principal, event_id: UUID, *, version: int | None = None) -> Event:
    """Begin the work; without an appointment the visit is now."""
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    moves.not_on_hold(event)
    if event.state == rules.CLAIMED:
        _schedule(uow, viewer, uow.now, "")
    moves.move(
        uow, viewer, "start", values={"started_at": uow.now},
        public="工作人员已到场处置", internal=f"{by.actor.name}开始处置",
    )  # fmt: skip
    uow.emit(
        events.EventStarted(**telling.facts(uow, event), callers=telling.callers(uow, event.id))
    )
    return event


def contact(
    uow: UnitOfWork, by: Principal, event_id: UUID, result: str, *, version: int | None = None
) -> Event:
    """Write down that the caller was contacted; the first time stops that clock."""
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    _at_work(event)
    _only(viewer, rules.LEAD, rules.CO)
    needs(result, "result", "请写一句联系的结果")
    clocks.stop(uow, event_id, [CONTACT])
    if event.contacted_at is None:
        event.contacted_at = uow.now
        uow.session.flush()
    moves.note(uow, event, "contact", public="工作人员已联系来电人", internal=result)
    return event


def note(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    words: str,
    *,
    file_ids: tuple[UUID, ...] = (),
    public: bool = False,
) -> Event:
    """Add words and pictures; `public` ones are read by the callers too."""
    viewer = access.enter(uow, by, event_id)
    event = viewer.event
    if not file_ids:
        needs(words, "words", "请写点什么，或附一张照片")
    evidence.attach(uow, event, "note", file_ids)
    text = words.strip() or "补充了照片"
    moves.note(uow, event, "note", public=text if public else "", internal="" if public else text)
    return event


def note_of_caller(
    uow: UnitOfWork,
    person_id: UUID,
    event_id: UUID,
    words: str,
    file_ids: tuple[UUID, ...] = (),
) -> Event:
    """A caller adds to the own call. The words stay with the caller's row, not in the trace."""
    caller = access.enter_caller(uow, person_id, event_id)
    event = caller.event
    if not event.is_open:
        raise Conflict(
            "event_over",
            title="这件事已经结束",
            detail="",
            action="问题还在的话，可以申请重开或重新上报",
        )
    if not file_ids:
        needs(words, "words", "请写点什么，或附一张照片")
    evidence.attach(uow, event, "note", file_ids, owners=[person_id])
    caller_words(uow, caller.caller, words)
    moves.note(uow, event, "note", public="反映人补充了情况")
    return event


def caller_words(uow: UnitOfWork, caller: EventCaller, words: str) -> None:
    """Keep what a caller says with the caller, where closing the account erases it."""
    if words.strip():
        caller.words = f"{caller.words}\n{words.strip()}".strip()
        uow.session.flush()


def dispose(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    result: str,
    public_text: str,
    *,
    before_ids: tuple[UUID, ...] = (),
    after_ids: tuple[UUID, ...] = (),
    version: int | None = None,
) -> Event:
    """Done: result for the record, words for the callers, and the photos the category asks for.

    Mandatory subtasks must be finished; others still open are withdrawn. A photo of the report
    counts as one from before. Verification by somebody else follows.
    """
    viewer = access.enter(uow, by, event_id, version)
    event = viewer.event
    moves.allowed(rules.EVENT_TRANSITIONS, event.state, "dispose", viewer)
    moves.not_on_hold(event)
    needs(result, "result", "请写明处置结果")
    needs(public_text, "public_text", "请写一句给反映人看的话")
    _subtasks_done(uow, event)
    evidence.attach(uow, event, "before", before_ids)
    evidence.attach(uow, event, "after", after_ids)
    kind = categories.read(uow, event.category_code)
    _photos_there(uow, event, kind)
    moves.move(
        uow,
        viewer,
        "dispose",
        values={
            "result": result.strip(),
            "public_result": public_text.strip(),
            "disposed_at": uow.now,
            "disposer_id": access.by_id(by),
        },
        public=f"处置完成：{public_text.strip()}",
        internal=result.strip(),
    )
    # What was asked for the work that is now done has no meaning any more.
    windup.end_requests(uow, event)
    clocks.stop(uow, event_id, [DISPOSE])
    clocks.stop(uow, event_id, [CONTACT], cancelled=True)
    limit = kind.limit(VERIFY, event.urgency)
    due_at = clocks.start(uow, event, clocks.New(clock_rules.VERIFY, limit))[0].due_at
    uow.emit(
        events.EventDisposed(
            **telling.facts(uow, event),
            staff_ids=tuple(telling.verifiers(uow, event)),
            callers=telling.callers(uow, event.id),
            public_text=public_text.strip(),
            due_at=due_at,
        )
    )
    return event


def _schedule(uow: UnitOfWork, viewer: access.Viewer, visit_at: datetime, note: str) -> None:
    event = viewer.event
    when = "马上到场" if visit_at <= uow.now else f"约定{moment_text(visit_at)}到场"
    moves.move(
        uow, viewer, "schedule", values={"visit_at": visit_at}, public=when, internal=note.strip()
    )
    if visit_at > uow.now:
        uow.emit(
            events.EventScheduled(
                **telling.facts(uow, event),
                visit_at=visit_at,
                callers=telling.callers(uow, event.id),
            )
        )


def _subtasks_done(uow: UnitOfWork, event: Event) -> None:
    rows = moves.rows_of(uow, Subtask, event.id, rules.SUBTASK_OPEN)
    if any(row.mandatory for row in rows):
        raise Conflict(
            "subtasks_open", title="还有子任务没完成", detail="必办的子任务都完成后才能提交处置",
            action="请催办，或撤回不需要的子任务",
        )  # fmt: skip
    for row in rows:
        moves.set_state(uow, row, rules.SUBTASK_TRANSITIONS, "withdraw", system(event))
        clocks.stop(uow, event.id, [SUBTASK], subject_id=row.id, cancelled=True)


def _photos_there(uow: UnitOfWork, event: Event, kind: categories.Kind) -> None:
    problem = rules.evidence_problem(
        before_needed=kind.before_photo,
        after_needed=kind.after_photo,
        befores=evidence.count(uow, event.id, "before", "report"),
        afters=evidence.count(uow, event.id, "after"),
    )
    if problem:
        raise Invalid("photo_needed", title=problem, fields={"after_ids": [problem]})


def _at_work(event: Event) -> None:
    if event.state not in rules.AT_WORK:
        raise Conflict("wrong_state", detail="现在的状态不能这样操作，请刷新后再看")


def _only(viewer: access.Viewer, *parts: str) -> None:
    if not any(viewer.plays(part) for part in parts):
        raise moves.not_yours()
