"""How staff sign in: password and one-time code, with a lock that slows guessing."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select, update

from backend.domains.identity import staff_rules, staff_secrets
from backend.domains.identity.staff_accounts import subject
from backend.domains.identity.staff_model import StaffAccount
from backend.kernel import sessions, trace
from backend.kernel.access import Actor
from backend.kernel.errors import NotFound, RateLimited, Unauthenticated
from backend.kernel.sessions import OpenedSession
from backend.kernel.uow import UnitOfWork

FAILED = "用户名、密码或动态码不对"


@dataclass(frozen=True, slots=True)
class StaffSignedIn:
    """A fresh session and whose it is."""

    account: StaffAccount
    session: OpenedSession


def sign_in(
    uow: UnitOfWork,
    *,
    username: str,
    password: str,
    totp: str,
    address: str,
    old_session: UUID | None,
) -> StaffSignedIn:
    """Check both factors. Every failure looks the same; each counts before it is judged.

    An account without a second factor gets in to enrol one, with no permission yet.
    """
    account = prove(uow, username=username, password=password, totp=totp, address=address)
    if staff_secrets.outdated(account.password_hash):
        account.password_hash = staff_secrets.hash_password(password)
    return start(uow, account, old_session, "password")


def prove(
    uow: UnitOfWork, *, username: str, password: str, totp: str, address: str
) -> StaffAccount:
    """The account both factors belong to; `Unauthenticated` otherwise, `RateLimited` while locked.

    An account that has not enrolled a second factor is proved by the password alone: it holds
    no permission before it has one.
    """
    username = staff_rules.clean_username(username)
    rule = f"{staff_rules.STAFF_SIGN_INS_PER_ADDRESS_A_MINUTE} per minute"
    uow.services.limiter.hit(rule, "staff-sign-in", address)
    known = _reserve_try(uow, username)
    fits = staff_secrets.password_matches(known.password_hash if known else None, password)
    if known is None or not fits or known.state == staff_rules.DISABLED:
        raise _refused()
    step = None
    if known.state == staff_rules.ACTIVE:
        step = _checked_step(uow, known, totp)
    return _accept(uow, known.id, step)


def start(
    uow: UnitOfWork, account: StaffAccount, old_session: UUID | None, way: str
) -> StaffSignedIn:
    """Open a session with a new token; the device's earlier session ends."""
    if old_session is not None:
        sessions.revoke(uow, old_session)
    account.signed_in_at = uow.now
    opened = sessions.open_session(
        uow, principal_kind="staff", principal_id=account.id, channel="console"
    )
    trace.record(
        uow,
        subject=subject(account.id),
        action="sign_in",
        internal_text=way,
        actor=Actor("staff", account.id, account.name),
    )
    return StaffSignedIn(account, opened)


def account_by_username(uow: UnitOfWork, username: str) -> StaffAccount:
    """The account; `NotFound` when there is none or it is disabled."""
    account = uow.session.scalar(
        select(StaffAccount).where(
            StaffAccount.username == staff_rules.clean_username(username),
            StaffAccount.state != staff_rules.DISABLED,
        )
    )
    if account is None:
        raise NotFound("staff_not_found", detail="没有这个工作人员账号")
    return account


def _reserve_try(uow: UnitOfWork, username: str) -> StaffAccount | None:
    """Count a failure before looking, in a unit of its own: a success takes it back.

    So neither a rollback nor many tries at once can outrun the lock.
    """
    with uow.services.unit(uow.actor) as own:
        account = own.session.scalar(
            select(StaffAccount).where(StaffAccount.username == username).with_for_update()
        )
        wait = 0
        if account is not None:
            wait = staff_rules.locked_for(own.now, account.locked_until)
            if not wait:
                account.failures += 1
                pause = staff_rules.lock_after(account.failures)
                account.locked_until = own.now + pause if pause else None
    if account is None:
        # An unknown name is slowed down too, or the lock would tell which names exist.
        mark = uow.services.privacy.fingerprint(username, "unknown_staff").hex()
        tries = staff_rules.FREE_FAILURES + 1
        uow.services.limiter.hit(f"{tries} per minute", "staff-unknown", mark)
    if wait:
        raise RateLimited(retry_after=wait, detail="试的次数太多，账号暂时锁定")
    return account


def _checked_step(uow: UnitOfWork, account: StaffAccount, totp: str) -> int:
    assert account.totp_sealed is not None
    secret = uow.services.privacy.open(account.totp_sealed)
    step = staff_secrets.matched_step(secret, totp.strip(), uow.now)
    problem = staff_rules.totp_problem(step, account.totp_last_step)
    if problem or step is None:
        raise _refused(problem or FAILED)
    return step


def _accept(uow: UnitOfWork, account_id: UUID, step: int | None) -> StaffAccount:
    """Clear the failures and spend the code; of two uses of one code the second fails here."""
    change = update(StaffAccount).where(StaffAccount.id == account_id)
    values: dict[str, object] = {"failures": 0, "locked_until": None}
    if step is not None:
        last = StaffAccount.totp_last_step
        change = change.where(or_(last.is_(None), last < step))
        values["totp_last_step"] = step
    done = uow.session.execute(change.values(values).returning(StaffAccount.id)).scalar()
    if done is None:
        raise _refused(staff_rules.totp_problem(step, step) or FAILED)
    query = select(StaffAccount).where(StaffAccount.id == account_id)
    return uow.session.scalars(query.execution_options(populate_existing=True)).one()


def _refused(text: str = FAILED) -> Unauthenticated:
    return Unauthenticated(
        "sign_in_failed",
        title="没有登录成功",
        detail=text,
        action="请核对后再试，忘记了请找系统管理员重置",
    )
