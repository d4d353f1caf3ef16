"""Between the engine's channels and the clients of the servers outside: errors become outcomes."""

from backend.domains.messages.rules import PROVIDER_TEXT
from backend.integrations.sms import SmsError
from backend.integrations.sms_pool import SmsPool
from backend.integrations.wechat import WeChatServer
from backend.integrations.wechat_errors import Fault, WeChatError
from notifications.channels.base import Outcome
from notifications.channels.wechat import Reply
from notifications.rules import Verdict

_SMS_VERDICTS = {
    "refused": Verdict.FINAL,
    "busy": Verdict.RETRY,
    "unreachable": Verdict.RETRY,
    "unclear": Verdict.UNCLEAR,
}
_SMS_TEXT = {
    "refused": "不收这条短信",
    "busy": "忙，稍后再试",
    "unreachable": "连不上",
    "unclear": "没有答复，可能已经发出",
}


class WeChatGateway:
    """The engine's view of the two WeChat accounts; either may be missing."""

    def __init__(
        self, mini: WeChatServer | None, service: WeChatServer | None, *, page_state: str
    ) -> None:
        self._mini = mini
        self._service = service
        self._page_state = page_state

    def subscribe(self, openid: str, template_id: str, data: dict[str, str], page: str) -> Reply:
        """A subscribe message of the mini-program."""
        if self._mini is None:
            return Reply(None, text="no mini-program is set up")
        try:
            found = self._mini.send_subscribe(
                openid, template_id, data, page=page or None, state=self._page_state
            )
        except WeChatError as error:
            return _reply(error)
        return Reply(0, found)

    def template(
        self, openid: str, template_id: str, data: dict[str, str], page: str, reference: str
    ) -> Reply:
        """A template message of the service account, opening the mini-program."""
        if self._service is None:
            return Reply(None, text="no service account is set up")
        target = (self._mini.appid, page) if self._mini is not None and page else None
        try:
            found = self._service.send_template(
                openid, template_id, data, miniprogram=target, client_msg_id=reference
            )
        except WeChatError as error:
            return _reply(error)
        return Reply(0, found)


class SmsSender:
    """The engine's view of the providers of text messages."""

    def __init__(self, pool: SmsPool) -> None:
        self._pool = pool

    def __call__(self, phone: str, text: str, reference: str, provider: str) -> Outcome:
        """Send one text; the provider's trouble comes back as a verdict.

        Two providers may number alike, so the provider is a part of the message's id.
        """
        try:
            found = self._pool.providers[provider].send(phone, text, reference=reference)
        except SmsError as error:
            return Outcome(
                _SMS_VERDICTS[error.kind],
                code=error.code,
                text=f"{PROVIDER_TEXT[provider]}：{_SMS_TEXT[error.kind]}",
            )
        return Outcome(Verdict.ACCEPTED, message_id(provider, found))


def message_id(provider: str, number: str) -> str:
    """The id under which the engine knows a provider's text."""
    return f"{provider}:{number}"[:80]


def _reply(error: WeChatError) -> Reply:
    return Reply(
        error.code, text=error.text or str(error.fault), arrived=error.fault is Fault.UNCLEAR
    )
