"""One-time codes by text message: six digits, five minutes, five tries.

Codes are written and counted in units of their own, so that a refused request
cannot take its try back.
"""

import secrets
from datetime import timedelta
from hmac import compare_digest

from sqlalchemy import delete, func, select

from backend.domains.identity import rules
from backend.domains.identity.model import SmsCode
from backend.kernel import timers
from backend.kernel.errors import Invalid, RateLimited, Unavailable
from backend.kernel.ids import stable_id
from backend.kernel.timers import Timer
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

PURGE = "identity.purge_sms_codes"
KEPT = timedelta(hours=23)
_PURGE_SUBJECT = Subject("sms_code", stable_id("sms_code", "all"))


def checked_phone(text: str, field: str = "phone") -> str:
    """The phone in normal form, or `Invalid` at `field`."""
    phone = rules.clean_phone(text)
    problem = rules.phone_problem(phone)
    if problem:
        raise Invalid(
            "invalid_phone", title="手机号有误", detail=problem, fields={field: [problem]}
        )
    return phone


def send_code(uow: UnitOfWork, *, phone: str, purpose: str, address: str) -> dict[str, int]:
    """Send a fresh code; the answer is the same whether or not we know the phone.

    `address` is the caller's IP address. Raises `RateLimited`, or `Unavailable` when
    the limiter or the provider cannot be reached.
    """
    phone = checked_phone(phone)
    services = uow.services
    if services.sms is None:
        raise Unavailable("sms_off", detail="短信验证码暂未开通", action="请用微信登录")
    mark = services.privacy.fingerprint(phone, "phone")
    services.limiter.hit(f"{rules.SMS_PER_ADDRESS_AN_HOUR} per hour", "sms-address", address)
    _wait_for_resend(uow, mark, purpose)
    services.limiter.hit(f"{rules.SMS_PER_PHONE_A_DAY} per day", "sms-phone", mark.hex())
    code = f"{secrets.randbelow(1_000_000):06d}"
    _store(uow, phone, mark, purpose, code)
    text = f"验证码 {code}，5 分钟内有效。别告诉任何人，工作人员也不会向您要。"
    try:
        services.sms.send(phone, text)
    except Exception as error:  # whichever provider: the code did not surely leave
        raise Unavailable(
            "sms_not_sent", detail="短信没有发出去", action="请过一分钟再试，或改用微信登录"
        ) from error
    return {
        "expires_in": int(rules.SMS_CODE_LIFE.total_seconds()),
        "resend_in": int(rules.SMS_RESEND_AFTER.total_seconds()),
    }


def use_code(uow: UnitOfWork, *, phone: str, code: str, purpose: str, field: str = "code") -> str:
    """Spend the newest code of this phone; answers the phone in normal form.

    Raises `Invalid` at `field` when it does not match, has expired or was used.
    """
    phone = checked_phone(phone)
    privacy = uow.services.privacy
    mark = privacy.fingerprint(phone, "phone")
    given = privacy.sign(f"{phone}:{code}", "sms_code")
    with uow.services.unit(uow.actor) as own:
        row = own.session.scalar(_newest(mark, purpose).with_for_update())
        problem = "请先获取验证码" if row is None else None
        if row is not None and row.tries >= rules.SMS_TRIES:
            problem = "试的次数太多了，请重新获取验证码"
        elif row is not None:
            row.tries += 1
            problem = rules.sms_code_problem(
                own.now, row.expires_at, row.used_at, compare_digest(row.code_hash, given)
            )
            if problem is None:
                row.used_at = own.now
    if problem:
        raise Invalid("invalid_code", title="验证码有误", detail=problem, fields={field: [problem]})
    return phone


def purge(uow: UnitOfWork, timer: Timer) -> None:
    """Timer handler: codes are kept for less than a day."""
    uow.session.execute(delete(SmsCode).where(SmsCode.created_at <= uow.now - KEPT))


def _wait_for_resend(uow: UnitOfWork, mark: bytes, purpose: str) -> None:
    with uow.services.unit(uow.actor) as own:
        last = own.session.scalar(_newest(mark, purpose))
        wait = rules.resend_wait(own.now, last.created_at if last else None)
    if wait:
        raise RateLimited(retry_after=wait, detail="验证码刚发过，请留意短信")


def _store(uow: UnitOfWork, phone: str, mark: bytes, purpose: str, code: str) -> None:
    with uow.services.unit(uow.actor) as own:
        # Two requests at once for one phone: the second sees the first one's row.
        lock = int.from_bytes(mark[:8], signed=True)
        own.session.execute(select(func.pg_advisory_xact_lock(lock)))
        last = own.session.scalar(_newest(mark, purpose))
        wait = rules.resend_wait(own.now, last.created_at if last else None)
        if wait:
            raise RateLimited(retry_after=wait, detail="验证码刚发过，请留意短信")
        own.session.execute(delete(SmsCode).where(SmsCode.created_at <= own.now - KEPT))
        own.session.add(
            SmsCode(
                purpose=purpose,
                phone_fingerprint=mark,
                code_hash=own.services.privacy.sign(f"{phone}:{code}", "sms_code"),
                created_at=own.now,
                expires_at=own.now + rules.SMS_CODE_LIFE,
                tries=0,
            )
        )
        timers.arm(own, PURGE, _PURGE_SUBJECT, own.now + KEPT)


def _newest(mark: bytes, purpose: str):  # type: ignore[no-untyped-def]  # a Select of SmsCode
    return (
        select(SmsCode)
        .where(SmsCode.phone_fingerprint == mark, SmsCode.purpose == purpose)
        .order_by(SmsCode.created_at.desc())
        .limit(1)
    )
