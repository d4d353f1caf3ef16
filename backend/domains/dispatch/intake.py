"""The one door by which every event comes in, and by which others join it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from backend.domains.dispatch import (
    access,
    calling,
    categories,
    evidence,
    moves,
    ports,
    rules,
    text_rules,
)
from backend.domains.dispatch.categories import Kind
from backend.domains.dispatch.model import Event, EventCaller
from backend.domains.dispatch.similar import Similar, similar
from backend.domains.grid.service import Located
from backend.kernel import receipts
from backend.kernel.database import table_of
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

__all__ = ["NewCall", "Similar", "call", "count_callers", "join", "place_values", "similar"]

FIRST, JOINED = "first", "joined"


@dataclass(frozen=True, slots=True)
class NewCall:
    """What is told. Coordinates are WGS-84; `before_ids` are pictures of the state found.

    Files are the caller's, the staff member's, or those of `file_owners`: whoever calls in for
    another domain has checked that these go along.
    """

    source: str
    words: str
    category_code: str | None = None
    urgency: str | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    file_ids: tuple[UUID, ...] = ()
    file_owners: tuple[UUID, ...] = ()
    voice_id: UUID | None = None
    person_id: UUID | None = None
    staff_id: UUID | None = None
    caller_name: str = ""
    external_number: str = ""
    patrol_id: UUID | None = None
    confidential: bool = False
    before_ids: tuple[UUID, ...] = ()
    called_at: datetime | None = None


def call(uow: UnitOfWork, new: NewCall) -> Event:
    """A new event: located, sorted, its candidates asked; everything or nothing.

    Without a category the words decide (`categories.suggested`). With no known cell, or nobody
    on duty up the chain, the dispatcher is asked at once. The caller gets a receipt, whose
    number is the event's. `called_at` is when it was said (a phone without network); clocks
    run from when it arrived.
    """
    if not (new.words.strip() or new.file_ids or new.voice_id):
        text = "请写一句话，或拍照、留言"
        raise Invalid("nothing_said", detail=text, fields={"words": [text]})
    kind = _kind(uow, new)
    located = _located(uow, new)
    event = _insert(uow, new, kind, located)
    _attach(uow, event, new)
    step = calling.find(
        uow, kind, cell_id=event.cell_id, street_id=event.street_id, level=event.level
    )
    event.level = step.level
    asked = calling.ask(uow, event, kind, step)
    moves.note(
        uow, event, "call", public=f"已收到，{asked.public}", internal=asked.internal, first=True
    )
    calling.tell(uow, event, asked, first=True)
    return event


def join(
    uow: UnitOfWork,
    event_id: UUID,
    *,
    person_id: UUID | None = None,
    staff_id: UUID | None = None,
    words: str = "",
    file_ids: tuple[UUID, ...] = (),
) -> EventCaller:
    """我也遇到: one more who waits for the end; a person who joins twice is one caller.

    Through a merged event the parent is joined. `Conflict` when it is over.
    """
    event = access.locked(uow, event_id)
    if event.parent_id is not None:
        event = access.locked(uow, event.parent_id)
    if person_id is not None:
        family = or_(Event.id == event.id, Event.parent_id == event.id)
        known = uow.session.scalar(
            select(EventCaller)
            .join(Event, Event.id == EventCaller.event_id)
            .where(family, EventCaller.person_id == person_id)
            .order_by(EventCaller.joined_at, EventCaller.id)
            .limit(1)
        )
        if known is not None:
            return known
    if not event.is_open:
        raise Conflict(
            "event_over", title="这件事已经结束", detail="", action="问题还在的话，请重新上报"
        )
    caller = EventCaller(
        id=new_id(), event_id=event.id, person_id=person_id, staff_id=staff_id, kind=JOINED,
        words=words, joined_at=uow.now,
    )  # fmt: skip
    uow.session.add(caller)
    uow.session.flush()
    receipts.issue(
        uow, kind=moves.KIND, subject=Subject(moves.KIND, caller.id), person_id=person_id,
        title=categories.read(uow, event.category_code).name,
    )  # fmt: skip
    evidence.attach(uow, event, "report", file_ids, owners=[person_id, staff_id])
    count_callers(uow, event, 1)
    moves.note(uow, event, "join", public="又有一位居民反映了同样的情况")
    return caller


def count_callers(uow: UnitOfWork, event: Event, more: int) -> None:
    """Keep the number of callers; no change that makes a colleague's view stale."""
    uow.session.scalars(
        update(Event)
        .where(Event.id == event.id)
        .values(callers_count=Event.callers_count + more)
        .returning(Event)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one()


def _kind(uow: UnitOfWork, new: NewCall) -> Kind:
    if new.category_code is None:
        return categories.suggested(uow, new.words)
    return categories.chosen(uow, new.category_code)


def _located(uow: UnitOfWork, new: NewCall) -> Located | None:
    if new.latitude is not None and new.longitude is not None:
        return ports.locate(uow, new.latitude, new.longitude)
    return ports.place_named(uow, f"{new.address} {new.words}")


def place_values(
    located: Located | None, address: str, latitude: float | None, longitude: float | None
) -> dict[str, Any]:
    """The columns of a place; without an address the names of the areas stand for it."""
    areas = [located.street, located.community, located.cell] if located else []
    names = [area.name for area in areas if area is not None]
    tile = None
    if latitude is not None and longitude is not None:
        tile = text_rules.tile_of(latitude, longitude)
    return {
        "address": (address.strip() or "".join(dict.fromkeys(names)))[:200],
        "latitude": latitude,
        "longitude": longitude,
        "tile": tile,
        "street_id": located.street_id if located else None,
        "community_id": located.community.id if located and located.community else None,
        "cell_id": located.cell.id if located and located.cell else None,
    }


def _insert(uow: UnitOfWork, new: NewCall, kind: Kind, located: Located | None) -> Event:
    event_id, caller_id = new_id(), new_id()
    receipt = receipts.issue(
        uow, kind=moves.KIND, subject=Subject(moves.KIND, caller_id), person_id=new.person_id,
        title=kind.name,
    )  # fmt: skip
    place = place_values(located, new.address, new.latitude, new.longitude)
    event = Event(
        id=event_id,
        number=receipt.number,
        source=new.source,
        category_code=kind.code,
        urgency=categories.urgency_for(new.words, kind, new.urgency),
        title=text_rules.title_of(new.words, kind.name),
        words=new.words.strip(),
        state=rules.CALLED,
        level=calling.first_level(uow, place["street_id"], place["cell_id"]),
        confidential=new.confidential,
        external_number=new.external_number,
        patrol_id=new.patrol_id,
        called_at=new.called_at or uow.now,
        **place,
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(event)
    except IntegrityError as error:
        if "uq_event_external" not in str(error.orig):
            raise
        raise Conflict(
            "already_taken_in", title="这件事已经录入", detail=f"来源编号 {new.external_number}"
        ) from error
    name = new.caller_name.strip()
    caller = {
        "id": caller_id, "event_id": event_id, "person_id": new.person_id,
        "staff_id": new.staff_id, "kind": FIRST, "words": "", "joined_at": uow.now,
        "name_sealed": uow.services.privacy.seal(name) if name else None,
    }  # fmt: skip
    uow.session.execute(insert(table_of(EventCaller)), caller)
    return event


def _attach(uow: UnitOfWork, event: Event, new: NewCall) -> None:
    owners = [new.person_id, new.staff_id, *new.file_owners]
    evidence.attach(uow, event, "report", new.file_ids, owners=owners)
    evidence.attach(uow, event, "before", new.before_ids, owners=owners)
    if new.voice_id is not None:
        evidence.attach(uow, event, "voice", [new.voice_id], owners=owners)
