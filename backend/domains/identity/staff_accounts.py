"""Accounts of staff, kept by an administrator; every change is traced and holds at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from backend.domains.identity import staff_rules, staff_secrets
from backend.domains.identity.staff_model import StaffAccount, StaffRole
from backend.domains.organisation import service as organisation
from backend.kernel import sessions, state, trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class RoleAt:
    """A role and where it holds; `scope_id` is None exactly for the district."""

    role: str
    scope_kind: str
    scope_id: UUID | None = None


def subject(staff_id: UUID) -> Subject:
    """What trace entries about this account are filed under."""
    return Subject("staff", staff_id)


def create(
    uow: UnitOfWork, *, username: str, name: str, roles: Sequence[RoleAt]
) -> tuple[StaffAccount, str]:
    """A new account and its temporary password, told once."""
    username = staff_rules.clean_username(username)
    problem = staff_rules.username_problem(username)
    if problem:
        raise Invalid("invalid_username", title=problem, fields={"username": [problem]})
    password = staff_secrets.temporary_password()
    account = _new(uow, new_id(), username, name, password)
    account.must_change_password = True
    try:
        with uow.session.begin_nested():
            uow.session.add(account)
    except IntegrityError as error:
        if "username" not in str(error.orig):
            raise
        text = "这个用户名已经有人用了"
        raise Conflict("username_taken", detail=text, fields={"username": [text]}) from error
    _set_roles(uow, account, roles)
    trace.record(
        uow,
        subject=subject(account.id),
        action="create",
        to_state=account.state,
        internal_text=f"{username} {_role_words(account)}",
    )
    return account, password


def change(
    uow: UnitOfWork,
    staff_id: UUID,
    *,
    name: str | None = None,
    roles: Sequence[RoleAt] | None = None,
    disabled: bool | None = None,
) -> StaffAccount:
    """Rename, give other roles, disable or enable. Nobody changes the own roles or state."""
    account = _locked(uow, staff_id)
    if roles is not None or disabled is not None:
        _not_oneself(uow, staff_id)
    if name is not None and name != account.name:
        trace.record(
            uow,
            subject=subject(staff_id),
            action="rename",
            internal_text=f"{account.name} → {name}",
        )
        account.name = name
    if roles is not None:
        before = _role_words(account)
        _set_roles(uow, account, roles)
        trace.record(
            uow,
            subject=subject(staff_id),
            action="change_roles",
            internal_text=f"{before} → {_role_words(account)}",
        )
    if disabled is not None and disabled != (account.state == staff_rules.DISABLED):
        _move(uow, account, "disable" if disabled else "enable")
    uow.session.flush()
    return account


def reset_password(uow: UnitOfWork, staff_id: UUID) -> str:
    """A temporary password, told once; the account's sessions end and its lock is lifted."""
    _not_oneself(uow, staff_id)
    account = _locked(uow, staff_id)
    password = staff_secrets.temporary_password()
    account.password_hash = staff_secrets.hash_password(password)
    account.password_changed_at = uow.now
    account.must_change_password = True
    account.failures, account.locked_until = 0, None
    sessions.revoke_all(uow, "staff", staff_id)
    trace.record(uow, subject=subject(staff_id), action="reset_password")
    return password


def reset_totp(uow: UnitOfWork, staff_id: UUID) -> StaffAccount:
    """Take the second factor away (phone lost); the account can only enrol a new one."""
    _not_oneself(uow, staff_id)
    account = _locked(uow, staff_id)
    _move(uow, account, "reset_totp")
    return account


def get(uow: UnitOfWork, staff_id: UUID) -> StaffAccount:
    """The account; `NotFound` when there is none."""
    account = uow.session.get(StaffAccount, staff_id)
    if account is None:
        raise NotFound("staff_not_found", detail="没有这个工作人员账号")
    return account


def visible_to(principal: Principal) -> object:
    """A condition on accounts: all for administrators, one's own hall's for a hall manager."""
    if principal.may("accounts.edit"):
        return StaffAccount.id.is_not(None)
    principal.require("staff.view")
    halls = principal.scope_ids("staff.view", "hall")
    if halls is None:
        return StaffAccount.id.is_not(None)
    there = (StaffRole.scope_kind == "hall") & StaffRole.scope_id.in_(halls)
    return or_(StaffAccount.id == principal.actor.id, StaffAccount.roles.any(there))


def staff_names(uow: UnitOfWork, staff_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of staff by id, for traces and lists."""
    rows = uow.session.execute(
        select(StaffAccount.id, StaffAccount.name).where(StaffAccount.id.in_(set(staff_ids)))
    )
    return {row.id: row.name for row in rows}


def create_demo_staff(
    uow: UnitOfWork,
    *,
    id: UUID,
    username: str,
    name: str,
    password: str,
    roles: Sequence[RoleAt],
    totp_secret: str | None = None,
    person_id: UUID | None = None,
) -> UUID:
    """An account under a fixed id, ready to work; does nothing when it exists. For seeds, tests.

    `person_id` is the resident whose phone is bound to it.
    """
    if uow.session.get(StaffAccount, id) is not None:
        return id
    account = _new(uow, id, username, name, password)
    secret = totp_secret or staff_secrets.new_totp_secret()
    account.totp_sealed = uow.services.privacy.seal(secret)
    account.state = staff_rules.STAFF_TRANSITIONS[account.state, "enrol"].to
    account.person_id = person_id
    uow.session.add(account)
    _put_roles(uow, account, roles)
    trace.record(uow, subject=subject(id), action="create", to_state=account.state)
    return id


def _new(uow: UnitOfWork, id_: UUID, username: str, name: str, password: str) -> StaffAccount:
    return StaffAccount(
        id=id_,
        username=username,
        name=name,
        state=staff_rules.ENROLLING,
        password_hash=staff_secrets.hash_password(password),
        password_changed_at=uow.now,
        must_change_password=False,
        failures=0,
        created_at=uow.now,
        roles=[],
    )


def _not_oneself(uow: UnitOfWork, staff_id: UUID) -> None:
    """Whoever holds an administrator's session must not take over the account for good."""
    if uow.actor.id == staff_id:
        raise Forbidden(
            "own_account",
            detail="不能重置、停用自己，也不能改自己的角色",
            action="请另一位管理员来办",
        )


def _move(uow: UnitOfWork, account: StaffAccount, action: str) -> None:
    before = account.state
    account.state = state.step(staff_rules.STAFF_TRANSITIONS, before, action).to
    if account.state == staff_rules.ENROLLING:
        account.totp_sealed = account.totp_pending_sealed = account.totp_last_step = None
    sessions.revoke_all(uow, "staff", account.id)
    trace.record(
        uow, subject=subject(account.id), action=action, from_state=before, to_state=account.state
    )


def _set_roles(uow: UnitOfWork, account: StaffAccount, roles: Sequence[RoleAt]) -> None:
    problems = [problem for held in roles if (problem := _role_problem(uow, held))]
    if problems:
        raise Invalid("invalid_roles", title=problems[0], fields={"roles": problems})
    _put_roles(uow, account, roles)


def _put_roles(uow: UnitOfWork, account: StaffAccount, roles: Sequence[RoleAt]) -> None:
    account.roles.clear()
    uow.session.flush()
    for held in dict.fromkeys(roles):
        account.roles.append(
            StaffRole(
                role=held.role,
                scope_kind=held.scope_kind,
                scope_id=held.scope_id,
                granted_at=uow.now,
                granted_by=uow.actor.id,
            )
        )
    uow.session.flush()


def _role_problem(uow: UnitOfWork, held: RoleAt) -> str | None:
    problem = staff_rules.role_problem(held.role, held.scope_kind)
    if problem:
        return problem
    if held.scope_kind == "district":
        return None if held.scope_id is None else "全区的角色不用选地点"
    if held.scope_id not in organisation.place_names(uow, held.scope_kind):
        return f"请给“{staff_rules.ROLES[held.role].text}”选一个地点"
    return None


def _role_words(account: StaffAccount) -> str:
    words = [f"{held.role}@{held.scope_kind}:{held.scope_id or ''}" for held in account.roles]
    return ", ".join(words) or "none"


def _locked(uow: UnitOfWork, staff_id: UUID) -> StaffAccount:
    query = select(StaffAccount).where(StaffAccount.id == staff_id).with_for_update(of=StaffAccount)
    account = uow.session.scalar(query.execution_options(populate_existing=True))
    if account is None:
        raise NotFound("staff_not_found", detail="没有这个工作人员账号")
    return account
