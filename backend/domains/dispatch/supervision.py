"""督办: a supervisor's order with a due moment, which must be answered."""

from datetime import datetime
from uuid import UUID

from backend.domains.dispatch import access, clocks, events, moves, rules, telling
from backend.domains.dispatch.claiming import needs
from backend.domains.dispatch.model import SupervisionOrder
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork


def order(
    uow: UnitOfWork, by: Principal, event_id: UUID, words: str, due_at: datetime
) -> SupervisionOrder:
    """Order an answer by `due_at` from the lead, or from the dispatchers while nobody leads."""
    viewer = access.enter(uow, by, event_id)
    event = viewer.event
    if not viewer.plays(rules.SUPERVISOR):
        raise moves.not_yours()
    if not event.is_open:
        raise Conflict("event_over", title="这件事已经结束", detail="不能再督办")
    needs(words, "words", "请写明督办的要求")
    if due_at <= uow.now:
        text = "请选一个还没到的时间"
        raise Invalid("bad_due", detail=text, fields={"due_at": [text]})
    made = SupervisionOrder(
        id=new_id(), event_id=event_id, words=words.strip(), due_at=due_at,
        state=rules.ORDER_OPEN, ordered_by=access.by_id(by), ordered_at=uow.now,
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    clock = clocks.start_order(uow, event, made.id, due_at)
    moves.note(uow, event, "supervise", internal=made.words)
    uow.emit(
        events.SupervisionOrdered(
            **telling.facts(uow, event),
            order_id=made.id,
            words=made.words,
            due_at=due_at,
            by_name=by.actor.name,
            staff_ids=tuple(telling.holders(uow, event, clock)),
        )
    )
    return made


def reply(uow: UnitOfWork, by: Principal, order_id: UUID, words: str) -> SupervisionOrder:
    """Answer it; the last answer stands."""
    found, viewer = _enter(uow, by, order_id)
    moves.allowed(rules.ORDER_TRANSITIONS, found.state, "reply", viewer)
    needs(words, "words", "请写回复")
    moves.set_state(
        uow, found, rules.ORDER_TRANSITIONS, "reply", viewer,
        reply=words.strip(), replied_by=access.by_id(by), replied_at=uow.now,
    )  # fmt: skip
    clocks.stop(uow, found.event_id, subject_id=found.id)
    moves.note(uow, viewer.event, "reply", internal=words.strip())
    uow.emit(
        events.SupervisionReplied(
            **telling.facts(uow, viewer.event),
            order_id=found.id,
            words=words.strip(),
            staff_ids=(found.ordered_by,),
        )
    )
    return found


def close(uow: UnitOfWork, by: Principal, order_id: UUID) -> SupervisionOrder:
    """The supervisor is content, or takes the order back."""
    found, viewer = _enter(uow, by, order_id)
    moves.set_state(uow, found, rules.ORDER_TRANSITIONS, "close", viewer, closed_at=uow.now)
    clocks.stop(uow, found.event_id, subject_id=found.id, cancelled=True)
    moves.note(uow, viewer.event, "close_order", internal=found.words)
    return found


def _enter(
    uow: UnitOfWork, by: Principal, order_id: UUID
) -> tuple[SupervisionOrder, access.Viewer]:
    found = uow.session.get(SupervisionOrder, order_id)
    if found is None:
        raise NotFound("order_unknown", title="没有找到这个督办", action="请刷新后再看")
    viewer = access.enter(uow, by, found.event_id)
    uow.session.refresh(found)
    return found, viewer
