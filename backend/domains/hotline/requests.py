"""What one asks for and another decides: rows, and the door by which all are decided."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.domains.hotline import access, events, moves, rules, telling
from backend.domains.hotline.model import Ticket, TicketRequest
from backend.domains.hotline.parts import Part
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden, NotFound
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork


class Decider(Part):
    """Whoever decides, seen from one request: only the parts that decide its kind count."""

    def __init__(self, viewer: access.Viewer, request: TicketRequest) -> None:
        self.ticket, self.viewer, self.request = viewer.ticket, viewer, request

    @property
    def id(self) -> UUID | None:
        """The member of staff."""
        return self.viewer.id

    def plays(self, part: str) -> bool:
        """Whether they may decide; nobody decides what they asked for."""
        if self.request.asked_by == self.viewer.id:
            return False
        if part == rules.SECOND_JUDGE:
            return self.request.kind == rules.EXCLUDE and self.viewer.plays(rules.JUDGE)
        return part in rules.REQUEST_DECIDERS[self.request.kind] and self.viewer.plays(part)


def add(uow: UnitOfWork, ticket: Ticket, kind: str, reason: str, **values: Any) -> TicketRequest:
    """A new request; `Conflict` while another waits."""
    assert uow.actor.id is not None
    row = TicketRequest(
        id=new_id(), ticket_id=ticket.id, kind=kind, state=rules.ASKED, reason=reason,
        asked_by=uow.actor.id, asked_at=uow.now, **values,
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
    except IntegrityError as error:
        if "uq_ticket_request" not in str(error.orig):
            raise
        raise Conflict(
            "already_requested", title="已经申请过", action="请等前一个申请有结果"
        ) from error
    return row


def tell_asked(
    uow: UnitOfWork,
    row: TicketRequest,
    ticket: Ticket,
    staff_ids: tuple[UUID, ...],
    due_at: Any = None,
) -> None:
    """Tell those who decide."""
    uow.emit(
        events.RequestAsked(
            **telling.facts(uow, ticket),
            request_id=row.id,
            request_kind=row.kind,
            reason=row.reason,
            by_name=uow.actor.name,
            staff_ids=tuple(one for one in staff_ids if one != row.asked_by),
            due_at=due_at,
        )
    )


def enter(
    uow: UnitOfWork, by: Principal, request_id: UUID, *kinds: str
) -> tuple[TicketRequest, Decider]:
    """The request and whoever decides, its ticket locked; `NotFound` out of reach."""
    row = uow.session.get(TicketRequest, request_id)
    if row is None or (kinds and row.kind not in kinds):
        raise NotFound("request_unknown", title="没有找到这个申请", action="请刷新后再看")
    viewer = access.enter(uow, by, row.ticket_id)
    uow.session.refresh(row)
    if row.asked_by == viewer.id:
        raise Forbidden("own_request", title="不能审批自己的申请", action="请由另一位审批")
    return row, Decider(viewer, row)


def settle(
    uow: UnitOfWork, decider: Decider, approved: bool, note: str, **values: Any
) -> TicketRequest:
    """Write the decision and tell those who asked; a no needs its reason."""
    row = decider.request
    action = "approve" if approved else "reject"
    note = note.strip()
    moves.allowed(rules.REQUEST_TRANSITIONS, row.state, action, decider)
    if not approved:
        moves.needs(note, "note", "请写明不同意的理由")
    moves.set_state(
        uow, row, rules.REQUEST_TRANSITIONS, action, decider,
        decided_by=decider.id, decided_at=uow.now, note=note, **values,
    )  # fmt: skip
    return row


def tell_decided(uow: UnitOfWork, decider: Decider, approved: bool) -> None:
    """Tell who asked."""
    row = decider.request
    uow.emit(
        events.RequestDecided(
            **telling.facts(uow, decider.ticket),
            request_id=row.id,
            request_kind=row.kind,
            approved=approved,
            note=row.note,
            staff_ids=(row.asked_by,),
        )
    )


def waiting(uow: UnitOfWork, ticket_id: UUID) -> TicketRequest | None:
    """The request that waits for a decision, if there is one."""
    return uow.session.scalar(
        select(TicketRequest).where(
            TicketRequest.ticket_id == ticket_id, TicketRequest.state == rules.ASKED
        )
    )
