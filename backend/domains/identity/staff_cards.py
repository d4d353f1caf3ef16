"""What other domains may know of members of staff: who can be on duty, and who holds a role."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.domains.identity import staff_rules
from backend.domains.identity.principals import role_text
from backend.domains.identity.staff_model import StaffAccount, StaffRole
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class StaffCard:
    """A member of staff beside a duty. `person_id` is whose phone is bound to the account."""

    id: UUID
    name: str
    role_text: str
    person_id: UUID | None
    active: bool
    roles: tuple[str, ...]


def staff_cards(uow: UnitOfWork, staff_ids: Iterable[UUID]) -> dict[UUID, StaffCard]:
    """Cards by id in one query; unknown ids are left out."""
    wanted = set(staff_ids)
    if not wanted:
        return {}
    rows = uow.session.scalars(select(StaffAccount).where(StaffAccount.id.in_(wanted)))
    return {row.id: _card(row) for row in rows}


def staff_by_username(uow: UnitOfWork, username: str) -> StaffCard | None:
    """The active member of staff with this user name; None for an unknown one."""
    row = uow.session.scalar(
        select(StaffAccount).where(
            StaffAccount.username == staff_rules.clean_username(username),
            StaffAccount.state == staff_rules.ACTIVE,
        )
    )
    return _card(row) if row else None


def staff_holding(
    uow: UnitOfWork, roles: Iterable[str], scope_kind: str, scope_id: UUID | None = None
) -> list[StaffCard]:
    """Active members of staff who hold one of the roles at exactly this place, by name."""
    held = (StaffRole.scope_kind == scope_kind) & StaffRole.role.in_(list(roles))
    held &= StaffRole.scope_id == scope_id if scope_id else StaffRole.scope_id.is_(None)
    rows = uow.session.scalars(
        select(StaffAccount)
        .where(StaffAccount.state == staff_rules.ACTIVE, StaffAccount.roles.any(held))
        .order_by(StaffAccount.name, StaffAccount.username)
    )
    return [_card(row) for row in rows]


def _card(account: StaffAccount) -> StaffCard:
    return StaffCard(
        id=account.id,
        name=account.name,
        role_text=role_text(account),
        person_id=account.person_id,
        active=account.state == staff_rules.ACTIVE,
        roles=tuple(held.role for held in account.roles),
    )
