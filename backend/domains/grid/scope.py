"""Which streets and departments a member of staff may look at or change here."""

from uuid import UUID

from backend.kernel.access import Principal
from backend.kernel.errors import Forbidden, NotFound

GRID, ROSTERS = "grid.edit", "rosters.edit"
# Who may look at rosters without changing them.
VIEW = ("rosters.edit", "events.view", "events.whistle", "events.dispatch", "grid.edit")


def may_look(who: Principal, *also: str) -> None:
    """`Forbidden` for staff who have nothing to do with events or rosters.

    `also` are further permissions that will do.
    """
    if not {*VIEW, *also} & who.permissions:
        raise Forbidden(detail="这项操作不在您的岗位权限内", action="需要时请联系系统管理员")


def street_seen(who: Principal, street_id: UUID) -> None:
    """`NotFound` unless the rosters of this street may be looked at."""
    may_look(who)
    if not any(who.may(permission, street=street_id) for permission in VIEW):
        raise not_there()


def street_kept(who: Principal, street_id: UUID | None, permission: str = ROSTERS) -> None:
    """`NotFound` unless this street (None: the whole district) is in the scope of `permission`."""
    scopes = who.scope_ids(permission, "street")
    if scopes is not None and street_id not in scopes:
        raise not_there()


def department_kept(who: Principal, department_id: UUID) -> None:
    """`NotFound` unless the rosters of this department may be changed."""
    if not who.may(ROSTERS, department=department_id):
        raise not_there()


def streets_seen(who: Principal) -> set[UUID] | None:
    """The streets whose rosters may be looked at; None for all."""
    may_look(who)
    found: set[UUID] = set()
    for permission in VIEW:
        ids = who.scope_ids(permission, "street")
        if ids is None:
            return None
        found |= ids
    return found


def not_there() -> NotFound:
    """What is out of reach looks as if it did not exist."""
    return NotFound(detail="没有找到，或者不在您负责的范围")
