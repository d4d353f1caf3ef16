"""Between the engine's channels and the clients of the servers outside: errors become outcomes."""

from backend.integrations.sms import SmsError, SmsProvider
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
    """The engine's view of the text-message provider."""

    def __init__(self, provider: SmsProvider) -> None:
        self._provider = provider

    def __call__(self, phone: str, text: str, reference: str) -> Outcome:
        """Send one text; the provider's trouble comes back as a verdict."""
        try:
            found = self._provider.send(phone, text, reference=reference)
        except SmsError as error:
            return Outcome(
                _SMS_VERDICTS[error.kind], code=error.code, text=f"短信平台：{error.kind}"
            )
        return Outcome(Verdict.ACCEPTED, found)


def _reply(error: WeChatError) -> Reply:
    return Reply(
        error.code, text=error.text or str(error.fault), arrived=error.fault is Fault.UNCLEAR
    )
