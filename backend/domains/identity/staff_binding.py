"""The phone a member of staff works with: a resident's account bound to a work account."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from backend.domains.identity import principals, staff_rules, staff_sign_in
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.identity.staff_accounts import subject
from backend.domains.identity.staff_model import StaffAccount
from backend.domains.organisation import service as organisation
from backend.kernel import trace
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict, NotFound, Unauthenticated
from backend.kernel.uow import UnitOfWork


def of_person(uow: UnitOfWork, person_id: UUID) -> dict[str, Any] | None:
    """The work account bound to the person's phone, as the phone shows it; None without one."""
    account = _bound(uow, person_id)
    if account is None:
        return None
    grants = principals.grants_of(account)
    names = organisation.place_names(uow, "street")
    held = {grant.scope_id for grant in grants if grant.scope_kind == "street"}
    return {
        "staff_id": account.id,
        "name": account.name,
        "role_text": principals.role_text(account),
        "permissions": sorted({one for grant in grants for one in grant.permissions}),
        "streets": [{"id": key, "name": name} for key, name in names.items() if key in held],
    }


def bound_phones(uow: UnitOfWork, staff_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The person whose phone each active member of staff works with; none bound, none listed."""
    wanted = set(staff_ids)
    if not wanted:
        return {}
    rows = uow.session.execute(
        select(StaffAccount.id, StaffAccount.person_id).where(
            StaffAccount.id.in_(wanted),
            StaffAccount.person_id.is_not(None),
            StaffAccount.state == staff_rules.ACTIVE,
        )
    )
    return {row.id: row.person_id for row in rows if row.person_id}


def bind(
    uow: UnitOfWork, person_id: UUID, *, username: str, password: str, totp: str, address: str
) -> None:
    """Bind the phone after both factors are proved; the account's earlier phone is let go.

    Raises `Conflict` while the phone is bound to another account, `Unauthenticated` when the
    factors do not fit or the account is not fully set up.
    """
    account = staff_sign_in.prove(
        uow, username=username, password=password, totp=totp, address=address
    )
    if account.state != staff_rules.ACTIVE or account.must_change_password:
        raise Unauthenticated(
            "account_not_set_up",
            title="工作账号还没有设置好",
            detail="第一次使用要先在电脑工作台登录，改密码并绑定动态码",
        )
    other = _bound(uow, person_id)
    if other is not None and other.id != account.id:
        raise Conflict(
            "phone_bound",
            title="这部手机已绑定别的工作账号",
            detail=f"现在绑定的是{other.name}的账号",
            action="请先解除原来的绑定",
        )
    account.person_id = person_id
    _record(uow, account, "bind_phone")


def unbind(uow: UnitOfWork, person_id: UUID) -> None:
    """Let the phone go; `NotFound` when none is bound."""
    account = _bound(uow, person_id)
    if account is None:
        raise NotFound("no_work_account", title="没有绑定工作账号")
    account.person_id = None
    _record(uow, account, "unbind_phone")


def on_closed(uow: UnitOfWork, event: PersonClosed) -> None:
    """A closed account works for nobody."""
    _let_go(uow, event.person_id, None)


def on_merged(uow: UnitOfWork, event: PersonMerged) -> None:
    """The binding goes along, unless the person has one already."""
    taken = _bound(uow, event.target_id) is not None
    _let_go(uow, event.source_id, None if taken else event.target_id)


def _let_go(uow: UnitOfWork, person_id: UUID, to: UUID | None) -> None:
    uow.session.execute(
        update(StaffAccount).where(StaffAccount.person_id == person_id).values(person_id=to)
    )


def _bound(uow: UnitOfWork, person_id: UUID) -> StaffAccount | None:
    return uow.session.scalar(
        select(StaffAccount).where(
            StaffAccount.person_id == person_id, StaffAccount.state == staff_rules.ACTIVE
        )
    )


def _record(uow: UnitOfWork, account: StaffAccount, action: str) -> None:
    uow.session.flush()
    trace.record(
        uow,
        subject=subject(account.id),
        action=action,
        actor=Actor("staff", account.id, account.name, principals.role_text(account)),
    )
