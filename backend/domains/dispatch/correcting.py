"""The dispatcher puts right what was reported wrongly: category, urgency, place."""

from uuid import UUID

from backend.domains.dispatch import (
    access,
    calling,
    categories,
    clock_rules,
    clocks,
    feed,
    intake,
    moves,
    ports,
    rules,
)
from backend.domains.dispatch.categories import Kind
from backend.domains.dispatch.model import Event
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

_KINDS = (
    clock_rules.CLAIM, clock_rules.ACCEPT, clock_rules.CONTACT, clock_rules.DISPOSE,
    clock_rules.VERIFY,
)  # fmt: skip


def set_category(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    category_code: str,
    *,
    version: int | None = None,
) -> Event:
    """Another category: other limits from the same start, and while nobody leads, other people."""
    event = _enter(uow, by, event_id, version)
    kind = categories.chosen(uow, category_code)
    before = categories.read(uow, event.category_code).name
    urgency = categories.urgency_for(event.words, kind)
    moves.touch(uow, event, category_code=kind.code, urgency=urgency)
    moves.note(uow, event, "correct", public=f"类别改为{kind.name}", internal=f"原类别：{before}")
    _again(uow, event, kind)
    return event


def set_urgency(
    uow: UnitOfWork, by: Principal, event_id: UUID, urgency: str, *, version: int | None = None
) -> Event:
    """More or less urgent: the running clocks get the other limits."""
    if urgency not in rules.URGENCY_TEXT:
        text = "请选紧急或一般"
        raise Invalid("bad_urgency", detail=text, fields={"urgency": [text]})
    event = _enter(uow, by, event_id, version)
    moves.touch(uow, event, urgency=urgency)
    moves.note(uow, event, "correct", internal=f"改为{rules.URGENCY_TEXT[urgency]}")
    _relimit(uow, event, categories.read(uow, event.category_code))
    return event


def set_place(
    uow: UnitOfWork,
    by: Principal,
    event_id: UUID,
    *,
    latitude: float,
    longitude: float,
    address: str = "",
    version: int | None = None,
) -> Event:
    """Another place (WGS-84): while nobody leads, the people there are asked.

    The desk of a street that it leaves is told live that it has gone, and where.
    """
    event = _enter(uow, by, event_id, version)
    located = ports.locate(uow, latitude, longitude)
    if located is None:
        text = "这个位置不在本区"
        raise Invalid("outside_district", detail=text, fields={"latitude": [text]})
    values = intake.place_values(located, address, latitude, longitude)
    left = event.street_id
    moves.touch(uow, event, **values)
    moves.note(uow, event, "correct", internal=f"位置改为{event.address}")
    if left is not None and left != event.street_id:
        moves.feed(uow, event, feed.MOVED, left)
    _again(uow, event, categories.read(uow, event.category_code))
    return event


def _enter(uow: UnitOfWork, by: Principal, event_id: UUID, version: int | None) -> Event:
    viewer = access.enter(uow, by, event_id, version)
    if not viewer.plays(rules.DISPATCHER):
        raise moves.not_yours()
    if not viewer.event.is_open:
        raise Conflict("event_over", title="这件事已经结束", detail="不能再更正")
    return viewer.event


def _again(uow: UnitOfWork, event: Event, kind: Kind) -> None:
    if event.state not in rules.CLAIMABLE:
        _relimit(uow, event, kind)
        return
    asked = calling.call_again(uow, event, kind)
    moves.note(uow, event, "call", public=asked.public, internal=asked.internal)
    calling.tell(uow, event, asked)


def _relimit(uow: UnitOfWork, event: Event, kind: Kind) -> None:
    clocks.relimit(uow, event, {name: kind.limit(name, event.urgency) for name in _KINDS})
