"""Duplicates: linked, taken apart again, and calls of several matters split."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from backend.domains.dispatch import (
    access,
    calling,
    categories,
    clocks,
    events,
    intake,
    moves,
    rules,
    telling,
    text_rules,
    windup,
)
from backend.domains.dispatch.claiming import needs
from backend.domains.dispatch.model import Event, EventCaller
from backend.kernel import receipts
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork


def merge(
    uow: UnitOfWork,
    by: Principal,
    child_id: UUID,
    parent_id: UUID,
    reason: str,
    *,
    version: int | None = None,
) -> Event:
    """Link a duplicate to an open event: its clocks end, its callers wait for the parent's end.

    What was merged into the child before goes along. Somebody who called about both is
    one caller. Answers the child.
    """
    needs(reason, "reason", "请写明为什么是同一件事")
    child, parent = _both(uow, by, child_id, parent_id, version)
    event = child.event
    working = telling.hands_on(uow, event) or telling.candidates(uow, child_id)
    told = telling.callers(uow, child_id)
    more = _callers(uow, _family(child_id), besides=_family(parent_id))
    moves.move(
        uow, child, "merge", values={"parent_id": parent_id}, reason=reason,
        public="与另一件事并案处理，有结果会告诉您", internal=f"并入 {parent.number}",
    )  # fmt: skip
    uow.session.execute(
        update(Event)
        .where(Event.parent_id == child_id)
        .values(parent_id=parent_id)
        .execution_options(synchronize_session=False)
    )
    windup.wind_up(uow, event)
    intake.count_callers(uow, parent, more)
    moves.note(uow, parent, "merge_in", internal=f"并入 {event.number}：{reason}")
    uow.emit(
        events.EventMerged(
            **telling.facts(uow, event),
            parent_id=parent_id,
            parent_number=parent.number,
            parent_title=parent.title,
            callers=told,
            staff_ids=tuple(working),
        )
    )
    return event


def separate(
    uow: UnitOfWork, by: Principal, child_id: UUID, reason: str, *, version: int | None = None
) -> Event:
    """Not the same after all: the child is called again, from the foot of the chain."""
    needs(reason, "reason", "请写明为什么不是同一件事")
    viewer = access.enter(uow, by, child_id, version)
    event = viewer.event
    moves.allowed(rules.EVENT_TRANSITIONS, event.state, "separate", viewer)
    assert event.parent_id is not None
    parent = access.locked(uow, event.parent_id)
    # What was merged into it before has gone along to the parent, and stays there.
    own, rest = Event.id == child_id, and_(_family(parent.id), Event.id != child_id)
    less, left = _callers(uow, own, besides=rest), _callers(uow, own)
    moves.move(
        uow, viewer, "separate",
        values={"parent_id": None, "lead_id": None, "claimed_at": None, "visit_at": None,
                "contacted_at": None},
        reason=reason, public="单独处理", internal=f"从 {parent.number} 拆出",
    )  # fmt: skip
    intake.count_callers(uow, parent, -less)
    intake.count_callers(uow, event, left - event.callers_count)
    moves.note(uow, parent, "separate_out", internal=f"拆出 {event.number}：{reason}")
    _call(uow, event)
    return event


def _family(event_id: UUID) -> ColumnElement[bool]:
    return or_(Event.id == event_id, Event.parent_id == event_id)


def _callers(
    uow: UnitOfWork, of: ColumnElement[bool], *, besides: ColumnElement[bool] | None = None
) -> int:
    """Who called about these events, everybody once; without those who called about `besides`."""
    who = func.coalesce(EventCaller.person_id, EventCaller.id)
    query = select(func.count(who.distinct())).join(Event, Event.id == EventCaller.event_id)
    query = query.where(of)
    if besides is not None:
        theirs = select(EventCaller.person_id).join(Event, Event.id == EventCaller.event_id)
        known = theirs.where(besides, EventCaller.person_id.is_not(None))
        query = query.where(
            or_(EventCaller.person_id.is_(None), EventCaller.person_id.not_in(known))
        )
    return uow.session.scalar(query) or 0


def split(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    *,
    caller_ids: Sequence[UUID],
    words: str,
    category_code: str,
    reason: str,
) -> Event:
    """Some callers mean another matter: a new event for them, with their receipts.

    At least one caller stays. Answers the new event.
    """
    needs(reason, "reason", "请写明为什么要拆分")
    needs(words, "words", "请写明拆出来的是什么事")
    viewer = access.enter(uow, by, event_id)
    event = viewer.event
    if not viewer.plays(rules.DISPATCHER):
        raise moves.not_yours()
    if not event.is_open:
        raise Conflict("event_over", title="这件事已经结束", detail="不能再拆分")
    moving = _moving(uow, event, caller_ids)
    kind = categories.chosen(uow, category_code)
    made = Event(
        id=new_id(),
        number=_number(uow, kind.name),
        source=event.source,
        category_code=kind.code,
        urgency=categories.urgency_for(words, kind),
        title=text_rules.title_of(words, kind.name),
        words=words.strip(),
        address=event.address,
        latitude=event.latitude,
        longitude=event.longitude,
        tile=event.tile,
        street_id=event.street_id,
        community_id=event.community_id,
        cell_id=event.cell_id,
        state=rules.CALLED,
        level=calling.first_level(uow, event.street_id, event.cell_id),
        confidential=event.confidential,
        called_at=uow.now,
        callers_count=len(moving),
    )
    uow.session.add(made)
    uow.session.flush()
    uow.session.execute(
        update(EventCaller)
        .where(EventCaller.id.in_(moving))
        .values(event_id=made.id, kind="moved")
        .execution_options(synchronize_session=False)
    )
    intake.count_callers(uow, event, -len(moving))
    moves.note(uow, event, "split", internal=f"拆出 {made.number}：{reason}")
    step = calling.find(uow, kind, cell_id=made.cell_id, street_id=made.street_id, level=made.level)
    made.level = step.level
    asked = calling.ask(uow, made, kind, step)
    moves.note(
        uow, made, "call", public=f"从另一件事拆出单独处理，{asked.public}",
        internal=f"拆自 {event.number}；{asked.internal}", first=True,
    )  # fmt: skip
    calling.tell(uow, made, asked, first=True)
    return made


def _both(
    uow: UnitOfWork, by: Principal, child_id: UUID, parent_id: UUID, version: int | None
) -> tuple[access.Viewer, Event]:
    """Both events, held in the order of their ids so that two mergers never wait in a circle."""
    if child_id == parent_id:
        text = "不能并入自己"
        raise Invalid("same_event", detail=text, fields={"parent_id": [text]})
    for one in sorted((child_id, parent_id)):
        access.locked(uow, one)
    child = access.enter(uow, by, child_id, version)
    parent = access.enter(uow, by, parent_id).event
    moves.allowed(rules.EVENT_TRANSITIONS, child.event.state, "merge", child)
    if not parent.is_open:
        raise Conflict(
            "parent_over", title="那件事已经结束", detail="", action="请选一件还在处理的事"
        )
    return child, parent


def _moving(uow: UnitOfWork, event: Event, caller_ids: Sequence[UUID]) -> list[UUID]:
    wanted = list(dict.fromkeys(caller_ids))
    own = select(EventCaller.id).where(EventCaller.event_id == event.id, EventCaller.id.in_(wanted))
    found = list(uow.session.scalars(own))
    total = uow.session.scalar(
        select(func.count()).select_from(EventCaller).where(EventCaller.event_id == event.id)
    )
    if not found or len(found) != len(wanted) or len(found) == total:
        text = "请选出一部分反映人，至少留一位"
        raise Invalid("bad_callers", detail=text, fields={"caller_ids": [text]})
    return found


def _number(uow: UnitOfWork, title: str) -> str:
    """A number of its own; the callers keep theirs."""
    receipt = receipts.issue(
        uow, kind=moves.KIND, subject=Subject(moves.KIND, new_id()), person_id=None, title=title
    )
    return receipt.number


def _call(uow: UnitOfWork, event: Event) -> None:
    clocks.stop(uow, event.id, cancelled=True)
    asked = calling.call_again(uow, event, categories.read(uow, event.category_code))
    moves.note(uow, event, "call", public=asked.public, internal=asked.internal)
    calling.tell(uow, event, asked)
