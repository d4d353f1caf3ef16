"""How residents sign in: by WeChat, by phone; and how sessions begin and end."""

from dataclasses import dataclass
from uuid import UUID

from backend.domains.identity import persons, rules, sms
from backend.domains.identity.model import Person
from backend.integrations.wechat_errors import Fault, WeChatError
from backend.kernel import sessions, trace
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict, Forbidden, Invalid, Unavailable
from backend.kernel.sessions import OpenedSession
from backend.kernel.uow import UnitOfWork

CHANNELS = ("h5", "weixin")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session and whose it is."""

    person: Person
    session: OpenedSession


def with_wechat(
    uow: UnitOfWork, *, code: str, channel: str, address: str, old_session: UUID | None
) -> SignedIn:
    """Exchange the one-time code of `wx.login`. WeChat's session_key is dropped at once."""
    _count(uow, address)
    openid, unionid = _ask_wechat(uow, code)
    person_id = persons.find_or_create(uow, "mini_openid", openid)
    if unionid:
        holder = persons.attach(uow, person_id, "unionid", unionid)
        if holder != person_id:
            person_id = _join_if_possible(uow, person_id, holder)
    return start(uow, person_id, channel, old_session, "wechat")


def with_sms(
    uow: UnitOfWork, *, phone: str, code: str, channel: str, address: str, old_session: UUID | None
) -> SignedIn:
    """Sign in with the code sent to the phone; an unknown phone opens an account."""
    _count(uow, address)
    phone = sms.use_code(uow, phone=phone, code=code, purpose="sign_in")
    person_id = persons.find_or_create(uow, "phone", phone)
    return start(uow, person_id, channel, old_session, "sms")


def start(
    uow: UnitOfWork, person_id: UUID, channel: str, old_session: UUID | None, way: str
) -> SignedIn:
    """Open a session with a new token; the device's earlier session ends."""
    # Locked, so that two devices at once queue up for the next trace entry.
    person = persons.get(uow, person_id, lock=True)
    if old_session is not None:
        sessions.revoke(uow, old_session)
    opened = sessions.open_session(
        uow, principal_kind="person", principal_id=person.id, channel=channel
    )
    trace.record(
        uow,
        subject=persons.subject(person.id),
        action="sign_in",
        public_text="登录",
        internal_text=f"{way} {channel}",
        actor=Actor("person", person.id),
    )
    return SignedIn(person, opened)


def bind_phone_by_wechat(uow: UnitOfWork, person_id: UUID, code: str) -> UUID:
    """Bind the phone WeChat vouches for (`getPhoneNumber`); answers the account that stays."""
    wechat = uow.services.wechat
    if wechat is None:
        raise _wechat_off()
    try:
        phone = wechat.phone_number(code)
    except WeChatError as error:
        raise _explained(error) from error
    return bind_phone(uow, person_id, phone)


def bind_phone_by_sms(uow: UnitOfWork, person_id: UUID, phone: str, code: str) -> UUID:
    """Bind the phone a code was sent to; answers the account that stays."""
    phone = sms.use_code(uow, phone=phone, code=code, purpose="bind_phone", field="sms_code")
    return bind_phone(uow, person_id, phone)


def bind_phone(uow: UnitOfWork, person_id: UUID, phone: str) -> UUID:
    """Make a proved phone the person's; her account under that phone, if any, is united."""
    phone = sms.checked_phone(phone)
    persons.get(uow, person_id, lock=True)
    holder = persons.attach(uow, person_id, "phone", phone)
    kept = persons.join(uow, person_id, holder)
    trace.record(uow, subject=persons.subject(kept), action="bind_phone", public_text="绑定手机号")
    return kept


def _join_if_possible(uow: UnitOfWork, person_id: UUID, holder: UUID) -> UUID:
    try:
        return persons.join(uow, person_id, holder)
    except Conflict:
        # Two verified persons on one WeChat account (a family's phone): the openid decides.
        return person_id


def _count(uow: UnitOfWork, address: str) -> None:
    rule = f"{rules.SIGN_INS_PER_ADDRESS_A_MINUTE} per minute"
    uow.services.limiter.hit(rule, "sign-in", address)


def _ask_wechat(uow: UnitOfWork, code: str) -> tuple[str, str | None]:
    if uow.services.wechat is None:
        raise _wechat_off()
    try:
        answer = uow.services.wechat.code_to_session(code)
    except WeChatError as error:
        raise _explained(error) from error
    return answer.openid, answer.unionid


def _wechat_off() -> Unavailable:
    return Unavailable("wechat_off", detail="微信登录暂未开通", action="请用手机号登录")


def _explained(error: WeChatError) -> Exception:
    if error.fault == Fault.BAD_CODE:
        text = "微信登录码已失效，请再点一次"
        return Invalid("invalid_code", title="登录没有成功", detail=text, fields={"code": [text]})
    if error.fault == Fault.RISKY_USER:
        return Forbidden(
            "wechat_refused", detail="微信提示这个账号有风险", action="请用手机号登录，或拨打 12345"
        )
    return Unavailable(
        "wechat_unavailable", detail="微信暂时没有回应", action="请稍后再试，或用手机号登录"
    )
