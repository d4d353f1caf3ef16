"""What a member of staff does with the own account: enrol a second factor, change the password."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.domains.identity import staff_rules, staff_secrets
from backend.domains.identity.staff_accounts import subject
from backend.domains.identity.staff_model import StaffAccount
from backend.domains.identity.staff_sign_in import StaffSignedIn, start
from backend.kernel import sessions, state, trace
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

_TRIES = "10 per hour"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Shown once; the secret cannot be read again."""

    secret: str
    uri: str
    qr_image: str


def begin_totp(uow: UnitOfWork, staff_id: UUID) -> Enrolment:
    """A fresh secret for an account without a second factor; an earlier unproved one is dropped."""
    account = _locked(uow, staff_id)
    state.step(staff_rules.STAFF_TRANSITIONS, account.state, "enrol")
    secret = staff_secrets.new_totp_secret()
    account.totp_pending_sealed = uow.services.privacy.seal(secret)
    uri = staff_secrets.enrolment_uri(secret, account.username)
    return Enrolment(secret, uri, staff_secrets.qr_data_uri(uri))


def confirm_totp(uow: UnitOfWork, staff_id: UUID, totp: str) -> StaffSignedIn:
    """Prove the secret with a code; the account becomes active and gets a new session."""
    uow.services.limiter.hit(_TRIES, "staff-enrol", str(staff_id))
    account = _locked(uow, staff_id)
    before = account.state
    after = state.step(staff_rules.STAFF_TRANSITIONS, before, "enrol").to
    if account.totp_pending_sealed is None:
        raise Conflict("enrolment_not_begun", detail="请先扫描二维码")
    secret = uow.services.privacy.open(account.totp_pending_sealed)
    step = staff_secrets.matched_step(secret, totp.strip(), uow.now)
    if step is None:
        text = "动态码不对，请看验证器上现在的六位数字"
        raise Invalid("invalid_totp", title=text, fields={"totp": [text]})
    account.totp_sealed, account.totp_pending_sealed = account.totp_pending_sealed, None
    account.totp_last_step = step
    account.state = after
    trace.record(uow, subject=subject(staff_id), action="enrol", from_state=before, to_state=after)
    sessions.revoke_all(uow, "staff", staff_id)
    return start(uow, account, None, "enrolment")


def change_password(uow: UnitOfWork, staff_id: UUID, old: str, new: str) -> StaffSignedIn:
    """Set a new password; every session of the account ends, this device gets a new one."""
    uow.services.limiter.hit(_TRIES, "staff-password", str(staff_id))
    account = _locked(uow, staff_id)
    if not staff_secrets.password_matches(account.password_hash, old):
        text = "原密码不对"
        raise Invalid("wrong_password", title=text, fields={"old": [text]})
    problem = staff_rules.password_problem(new, account.username)
    if problem is None and new == old:
        problem = "新密码不能和原密码一样"
    if problem:
        raise Invalid("weak_password", title=problem, fields={"new": [problem]})
    account.password_hash = staff_secrets.hash_password(new)
    account.password_changed_at = uow.now
    account.must_change_password = False
    trace.record(uow, subject=subject(staff_id), action="change_password")
    sessions.revoke_all(uow, "staff", staff_id)
    return start(uow, account, None, "password change")


def _locked(uow: UnitOfWork, staff_id: UUID) -> StaffAccount:
    query = select(StaffAccount).where(StaffAccount.id == staff_id).with_for_update()
    return uow.session.scalars(query.execution_options(populate_existing=True)).one()
