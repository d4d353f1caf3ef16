"""Those who called, masked, and one value of one of them in full for a written purpose."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch import access, ports, rules
from backend.domains.dispatch.access import Viewer
from backend.domains.dispatch.model import Event, EventCaller
from backend.domains.identity import service as identity
from backend.kernel.access import Principal
from backend.kernel.errors import Forbidden, NotFound
from backend.kernel.privacy import mask_name
from backend.kernel.reveals import log_reveal
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

CONFIDENTIAL = "（要求保密）"
NAMELESS = "没有留名"
MOST_SHOWN = 200


def callers(uow: UnitOfWork, viewer: Viewer) -> list[dict[str, Any]]:
    """The callers of the event and of what was merged into it, the first 200."""
    event = viewer.event
    rows = _rows(uow, event.id)
    cards = identity.person_cards(uow, {row.person_id for row in rows if row.person_id})
    staff = ports.staff(uow, {row.staff_id for row in rows if row.staff_id})
    near = may_reveal(viewer)
    hidden = event.confidential and not near
    found = []
    for row in rows:
        card = cards.get(row.person_id) if row.person_id else None
        found.append(
            {
                "id": row.id,
                "name_masked": CONFIDENTIAL if hidden else _name(uow, row, card, staff),
                "phone_masked": None if hidden or card is None else card.phone_masked,
                "kind_text": rules.CALLER_KIND_TEXT[row.kind],
                "joined_at": row.joined_at,
                "words": row.words,
                "told_at": row.told_at,
                "score": row.score,
                "comment": row.comment,
                "can_reveal": near and (card is not None or row.name_sealed is not None),
            }
        )
    return found


def _rows(uow: UnitOfWork, event_id: UUID) -> list[EventCaller]:
    children = select(Event.id).where(Event.parent_id == event_id)
    query = (
        select(EventCaller)
        .where((EventCaller.event_id == event_id) | EventCaller.event_id.in_(children))
        .order_by(EventCaller.joined_at, EventCaller.id)
        .limit(MOST_SHOWN)
    )
    return list(uow.session.scalars(query))


def _name(
    uow: UnitOfWork,
    row: EventCaller,
    card: identity.PersonCard | None,
    staff: dict[UUID, identity.StaffCard],
) -> str:
    if card is not None:
        return card.name_masked
    if row.name_sealed is not None:
        return mask_name(uow.services.privacy.open(row.name_sealed))
    member = staff.get(row.staff_id) if row.staff_id else None
    # Colleagues are called by their names.
    return member.name if member else NAMELESS


def may_reveal(viewer: Viewer) -> bool:
    """Who has to talk to the caller: the lead while it is open, and the dispatchers."""
    if viewer.plays(rules.DISPATCHER):
        return True
    return viewer.plays(rules.LEAD) and viewer.event.is_open


def reveal(
    uow: UnitOfWork, by: Principal, event_id: UUID, caller_id: UUID, *, field: str, purpose: str
) -> str:
    """The full name or phone of a caller; who looked and why is kept in the same transaction."""
    viewer = access.viewer(uow, by, event_id)
    row = uow.session.get(EventCaller, caller_id)
    if row is None or row.id not in _ids(_rows(uow, viewer.event.id)):
        raise NotFound("caller_unknown", title="没有找到这位反映人", action="请刷新后再看")
    if not may_reveal(viewer):
        raise Forbidden(
            "not_your_step",
            title="只有主办人和调度员能查看",
            action="需要联系反映人时，请找主办人",
        )
    log_reveal(uow, Subject("event", viewer.event.id), field, purpose)
    if row.person_id is not None:
        return identity.reveal_value(uow, row.person_id, field)
    if field == "name" and row.name_sealed is not None:
        return uow.services.privacy.open(row.name_sealed)
    raise NotFound("value_not_found", detail="没有这一项信息")


def _ids(rows: Iterable[EventCaller]) -> set[UUID]:
    return {row.id for row in rows}
