"""Who may see a ticket, what part they play in it, and what they may do now."""

from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from backend.domains.hotline import moves, rules
from backend.domains.hotline.model import Ticket, TicketUnit
from backend.domains.hotline.parts import Part
from backend.kernel.access import Principal
from backend.kernel.errors import NotFound, Stale
from backend.kernel.uow import UnitOfWork

SEEING = (
    "tickets.view", "tickets.intake", "tickets.dispatch", "tickets.approve", "tickets.audit",
    "tickets.callback", "tickets.judge", "tickets.supervise",
)  # fmt: skip
WORKING = ("tickets.handle", "tickets.review")
_PERMISSION = {
    rules.OPERATOR: "tickets.intake",
    rules.DISPATCHER: "tickets.dispatch",
    rules.APPROVER: "tickets.approve",
    rules.ARBITER: "tickets.arbitrate",
    rules.SUPERVISOR: "tickets.supervise",
    rules.REOPENER: "tickets.reopen",
    rules.REVIEWER: "tickets.audit",
    rules.CALLER_BACK: "tickets.callback",
    rules.JUDGE: "tickets.judge",
}
# Nobody checks, calls back on or judges what they had a hand in.
_APART = frozenset({rules.REVIEWER, rules.CALLER_BACK, rules.JUDGE})


def departments(by: Principal, *permissions: str) -> set[UUID]:
    """The departments for which the viewer holds one of the permissions."""
    return {
        grant.scope_id
        for grant in by.grants
        if grant.scope_kind == "department"
        and grant.scope_id
        and not grant.permissions.isdisjoint(permissions)
    }


def by_id(by: Principal) -> UUID:
    """The id of the member of staff who acts."""
    assert by.actor.id is not None
    return by.actor.id


class Viewer(Part):
    """A member of staff before a ticket; each part is looked up when it is asked for."""

    def __init__(self, uow: UnitOfWork, by: Principal, ticket: Ticket) -> None:
        self.uow, self.by, self.ticket = uow, by, ticket

    @property
    def id(self) -> UUID | None:
        """The member of staff."""
        return self.by.actor.id

    def plays(self, part: str) -> bool:
        """Whether the viewer has this part in the ticket."""
        if part in _PERMISSION:
            if part in _APART and self.had_a_hand:
                return False
            return self.held(_PERMISSION[part])
        if part == rules.LEAD:
            return self.ticket.lead_unit_id in departments(self.by, "tickets.handle")
        if part == rules.CO:
            return bool(self.co_units)
        if part == rules.HEAD:
            own = departments(self.by, "tickets.review")
            return self.ticket.lead_unit_id in own and self.id != self.ticket.replied_by
        return False

    def held(self, permission: str) -> bool:
        """Whether a grant of the district, its street or a department in it carries this."""
        return any(
            permission in grant.permissions
            and (
                grant.scope_kind == "district"
                or (grant.scope_kind == "street" and grant.scope_id == self.ticket.street_id)
                or (grant.scope_kind == "department" and grant.scope_id in self.unit_ids)
            )
            for grant in self.by.grants
        )

    @cached_property
    def units(self) -> list[TicketUnit]:
        """All parts departments have or had in it, oldest first."""
        query = select(TicketUnit).where(TicketUnit.ticket_id == self.ticket.id)
        return list(self.uow.session.scalars(query.order_by(TicketUnit.given_at, TicketUnit.id)))

    @property
    def unit_ids(self) -> set[UUID]:
        """Departments that have it; the first that signed stays among them."""
        found = {row.department_id for row in self.units if row.state != rules.RETURNED}
        return found | {one for one in (self.ticket.first_unit_id,) if one}

    @property
    def co_units(self) -> list[TicketUnit]:
        """Open parts of departments the viewer handles tickets for, beside the lead's."""
        own = departments(self.by, "tickets.handle")
        return [
            row for row in self.units
            if row.role == rules.CO_ROLE and row.department_id in own
            and row.state in rules.UNIT_OPEN
        ]  # fmt: skip

    @property
    def had_a_hand(self) -> bool:
        """Answered or signed it, or works for a unit that has it."""
        ticket = self.ticket
        if self.id in {ticket.replied_by, ticket.first_signer_id}:
            return True
        if any(self.id in {row.signed_by, row.replied_by} for row in self.units):
            return True
        return bool(departments(self.by, *WORKING) & self.unit_ids)

    @property
    def reaches(self) -> bool:
        """Whether the ticket exists for the viewer at all."""
        if any(self.held(permission) for permission in SEEING):
            return True
        return bool(departments(self.by, *WORKING) & self.unit_ids)


def visible(by: Principal) -> ColumnElement[bool] | None:
    """The condition under which tickets exist for the viewer, for lists; None: all of them."""
    streets: set[UUID] = set()
    units = departments(by, *SEEING, *WORKING)
    for grant in by.grants:
        if grant.permissions.isdisjoint(SEEING):
            continue
        if grant.scope_kind == "district":
            return None
        if grant.scope_kind == "street" and grant.scope_id:
            streets.add(grant.scope_id)
    found: list[ColumnElement[bool]] = []
    if streets:
        found.append(Ticket.street_id.in_(streets))
    if units:
        has = exists().where(
            and_(
                TicketUnit.ticket_id == Ticket.id,
                TicketUnit.department_id.in_(units),
                TicketUnit.state != rules.RETURNED,
            )
        )
        found += [has, Ticket.first_unit_id.in_(units)]
    return or_(*found) if found else false()


def unknown() -> NotFound:
    """What is out of reach looks like nothing."""
    return NotFound("ticket_unknown", title="没有找到这件工单", action="请返回列表刷新后再看")


def reach(uow: UnitOfWork, by: Principal, ticket_id: UUID) -> Viewer:
    """The viewer before the ticket, for reading; `NotFound` when it is out of reach."""
    ticket = uow.session.get(Ticket, ticket_id)
    if ticket is None:
        raise unknown()
    found = Viewer(uow, by, ticket)
    if not found.reaches:
        raise unknown()
    return found


def enter(uow: UnitOfWork, by: Principal, ticket_id: UUID, version: int | None = None) -> Viewer:
    """The viewer before the ticket, locked for a change; `version` is the one they have seen."""
    found = Viewer(uow, by, locked(uow, ticket_id))
    if not found.reaches:
        raise unknown()
    if version is not None and found.ticket.version != version:
        raise moves.changed_meanwhile()
    return found


def locked(uow: UnitOfWork, ticket_id: UUID) -> Ticket:
    """The ticket as it is now, held until the transaction ends."""
    ticket = uow.session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)
    if ticket is None:
        raise unknown()
    return ticket


def enter_caller(
    uow: UnitOfWork, person_id: UUID, ticket_id: UUID, *, lock: bool = True
) -> "Caller":
    """A resident before the own ticket; anybody else's is `NotFound`."""
    ticket = locked(uow, ticket_id) if lock else uow.session.get(Ticket, ticket_id)
    if ticket is None or ticket.person_id != person_id:
        raise unknown()
    return Caller(ticket)


class Caller(Part):
    """The resident whose ticket it is."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket

    def plays(self, part: str) -> bool:
        """Callers are callers."""
        return part == rules.CALLER


def stale() -> Stale:
    """It was edited since it was read."""
    return Stale("stale", detail="别人刚改过这件工单", action="请刷新后再改")
