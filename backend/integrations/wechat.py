"""The one client of WeChat's server.

A subclass of wechatpy's client, because that one fetches tokens without a timeout, retries
without a bound, knows no ``stable_token`` and cannot be pointed at another server.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from backend.integrations.wechat_errors import STALE_TOKEN, Fault, WeChatError, fault_of
from backend.integrations.wechat_push import PushCodec, PushRejected
from backend.integrations.wechat_token import TokenStore
from backend.kernel.redis import RedisLink

__all__ = [
    "Fault",
    "Judged",
    "PushCodec",
    "PushRejected",
    "WeChatError",
    "WeChatServer",
    "WeChatSession",
]

OFFICIAL = "https://api.weixin.qq.com/"
#: Seconds to connect and to wait for an answer.
TIMEOUT = (3.05, 8.0)
#: Connections that are kept for one client: as many as a process has callers, and some.
LINES = 40
_CODE_TO_SESSION = "sns/jscode2session"


@dataclass(frozen=True)
class WeChatSession:
    """Who signed in. ``session_key`` must never leave the server, so it is not shown."""

    openid: str
    session_key: str = field(repr=False)
    unionid: str | None = None


@dataclass(frozen=True)
class Judged:
    """What the content check suggests (pass, risky, review) and the label of what it found."""

    suggestion: str
    label: int


class WeChatServer(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """Calls on behalf of one account: a mini-program or a service account.

    Every method raises ``WeChatError`` and nothing else when the call fails. ``redis`` may be
    None: the token is then kept per process. ``api_base`` replaces https://api.weixin.qq.com/.
    """

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        redis: RedisLink | None = None,
        api_base: str = OFFICIAL,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        super().__init__(appid, secret, timeout=timeout, auto_retry=False)
        self._base = api_base.rstrip("/") + "/"
        # Its own, where wechatpy has one for all clients, with a line for each caller at once.
        self._http = requests.Session()
        self._http.mount(self._base, HTTPAdapter(pool_maxsize=LINES))
        if urlsplit(self._base).hostname in {"127.0.0.1", "localhost", "::1"}:
            # A stand-in on this machine must not be looked for behind the office's proxy.
            self._http.trust_env = False
        # At DEBUG urllib3 writes whole request lines, with token and secret in them.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.WARNING)
        self._tokens = TokenStore(redis, f"{self._base}|{appid}", self._fetch_token)

    def __repr__(self) -> str:
        return f"WeChatServer(appid={self.appid!r})"

    # -- calls --------------------------------------------------------------------------------

    def code_to_session(self, code: str) -> WeChatSession:
        """Who the one-time code of ``wx.login`` stands for (``Fault.BAD_CODE`` when used or old).

        The call carries the secret and needs no access token.
        """
        answer = self.wxa.code_to_session(code)
        return WeChatSession(
            openid=_text(answer, "openid", _CODE_TO_SESSION),
            session_key=_text(answer, "session_key", _CODE_TO_SESSION),
            unionid=answer.get("unionid"),
        )

    def phone_number(self, code: str) -> str:
        """The number, without country code, behind the one-time code of ``getPhoneNumber``."""
        endpoint = "wxa/business/getuserphonenumber"
        answer = self._call(endpoint, {"code": code})
        return _text(answer.get("phone_info") or {}, "purePhoneNumber", endpoint)

    def send_subscribe(
        self,
        openid: str,
        template_id: str,
        data: dict[str, str],
        *,
        page: str | None = None,
        state: str = "formal",
        lang: str = "zh_CN",
    ) -> str | None:
        """Send a mini-program subscribe message; ``state`` is developer, trial or formal.

        Returns WeChat's message id where it gives one. Uses up one consent of the person.
        """
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": _values(data),
            "miniprogram_state": state,
            "lang": lang,
        }
        if page:
            body["page"] = page
        return _message_id(self._call("cgi-bin/message/subscribe/send", body))

    def send_template(
        self,
        openid: str,
        template_id: str,
        data: dict[str, str],
        *,
        url: str | None = None,
        miniprogram: tuple[str, str] | None = None,
        client_msg_id: str | None = None,
    ) -> str | None:
        """Send a service-account template message, opening ``miniprogram`` (appid, page path).

        ``client_msg_id`` (≤ 32 characters) lets WeChat itself drop a repetition.
        """
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": _values(data),
        }
        if url:
            body["url"] = url
        if miniprogram:
            body["miniprogram"] = {"appid": miniprogram[0], "pagepath": miniprogram[1]}
        if client_msg_id:
            body["client_msg_id"] = client_msg_id
        return _message_id(self._call("cgi-bin/message/template/send", body))

    def subscribe_templates(self) -> list[dict[str, Any]]:
        """The subscribe templates registered with the mini-program, as WeChat lists them."""
        return self._listed("wxaapi/newtmpl/gettemplate", "data")

    def service_templates(self) -> list[dict[str, Any]]:
        """The template messages registered with the service account, as WeChat lists them."""
        return self._listed("cgi-bin/template/get_all_private_template", "template_list")

    def follower(self, openid: str) -> tuple[bool, str | None]:
        """Whether this openid follows the service account, and its unionid where WeChat has one."""
        endpoint = "cgi-bin/user/info"
        answer = self.get(OFFICIAL + endpoint, params={"openid": openid, "lang": "zh_CN"})
        if not isinstance(answer, dict):
            raise WeChatError(endpoint, Fault.UNCLEAR, text="the answer is not JSON")
        return bool(answer.get("subscribe")), answer.get("unionid") or None

    def msg_sec_check(self, content: str, openid: str, scene: int) -> Judged:
        """WeChat's opinion of a text (at most 2500 characters) of this person.

        ``scene`` is 1 profile, 2 comment, 3 forum, 4 social log.
        """
        endpoint = "wxa/msg_sec_check"
        body = {"version": 2, "content": content, "openid": openid, "scene": scene}
        result = self._call(endpoint, body).get("result") or {}
        return Judged(_text(result, "suggest", endpoint), int(result.get("label") or 0))

    def media_check_async(self, url: str, openid: str, scene: int) -> str:
        """Have the picture at ``url`` looked at; the answer comes as a push with this trace id."""
        endpoint = "wxa/media_check_async"
        body = {
            "version": 2, "media_url": url, "media_type": 2, "openid": openid, "scene": scene,
        }  # fmt: skip
        return _text(self._call(endpoint, body), "trace_id", endpoint)

    def token_left(self) -> int | None:
        """For how many more seconds the kept access token is used; None when none is kept.

        Asks nobody but our own memory.
        """
        return self._tokens.left()

    # -- beneath the calls ----------------------------------------------------------------------

    @property
    def access_token(self) -> str:
        """The current token. wechatpy reads this before ``__init__``: see ``_tokens`` missing."""
        return self._tokens.get()

    def fetch_access_token(self) -> str:
        """Kept for wechatpy's own callers; the same as reading ``access_token``."""
        return self._tokens.get()

    def _call(self, endpoint: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.post(OFFICIAL + endpoint, data=body)
        if not isinstance(answer, dict):
            raise WeChatError(endpoint, Fault.UNCLEAR, text="the answer is not JSON")
        return answer

    def _listed(self, endpoint: str, key: str) -> list[dict[str, Any]]:
        answer = self.get(OFFICIAL + endpoint)
        rows = answer.get(key) if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            raise WeChatError(endpoint, Fault.UNCLEAR, text=f"the answer has no {key}")
        return [row for row in rows if isinstance(row, dict)]

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        url = url_or_endpoint
        if not url.startswith(("http://", "https://")):
            url = kwargs.pop("api_base_url", self.API_BASE_URL) + url
        kwargs.pop("api_base_url", None)
        endpoint = url.removeprefix(OFFICIAL)
        url = self._base + endpoint
        kwargs.setdefault("allow_redirects", False)
        if isinstance(kwargs.get("data"), dict):
            kwargs["headers"] = {"Content-Type": "application/json; charset=utf-8"}
        if endpoint == _CODE_TO_SESSION:
            # As a list, the base class leaves the parameters alone and adds no access token.
            kwargs["params"] = list(kwargs["params"].items())
            return self._once(method, url, endpoint, kwargs)
        params = dict(kwargs.pop("params", None) or {})
        used = self.access_token
        try:
            return self._once(
                method, url, endpoint, {**kwargs, "params": {**params, "access_token": used}}
            )
        except WeChatError as error:
            if error.code not in STALE_TOKEN:
                raise
        fresh = self._tokens.renew(bad=used)
        return self._once(
            method, url, endpoint, {**kwargs, "params": {**params, "access_token": fresh}}
        )

    def _once(self, method: str, url: str, endpoint: str, kwargs: dict[str, Any]) -> Any:
        failure: WeChatError
        try:
            answer = super()._request(method, url, **kwargs)
        except WeChatClientException as error:
            failure = self._refusal(endpoint, error)
        except requests.RequestException as error:
            failure = WeChatError(endpoint, _transport_fault(error), text=type(error).__name__)
        else:
            if isinstance(answer, requests.Response) and answer.is_redirect:
                failure = WeChatError(endpoint, Fault.OTHER, text="redirected")
            else:
                return answer
        # Raised here, outside the handlers, so that no exception with a URL hangs behind it.
        raise failure

    def _refusal(self, endpoint: str, error: WeChatClientException) -> WeChatError:
        if error.errcode is None:
            status = getattr(error.response, "status_code", 0)
            fault = Fault.BUSY if status >= 500 or status == 429 else Fault.OTHER
            return WeChatError(endpoint, fault, text=f"HTTP {status}")
        code = int(error.errcode)
        return WeChatError(endpoint, fault_of(code), code, self._blank(str(error.errmsg)))

    def _fetch_token(self, force: bool) -> tuple[str, int]:
        endpoint = "cgi-bin/stable_token"
        body = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": force,
        }
        failure: WeChatError
        try:
            reply = self._http.post(
                self._base + endpoint, json=body, timeout=self.timeout, allow_redirects=False
            )
            reply.raise_for_status()
            answer = json.loads(reply.content)
            if not answer.get("errcode"):
                return str(answer["access_token"]), int(answer["expires_in"])
            code = int(answer["errcode"])
            failure = WeChatError(
                endpoint, fault_of(code), code, self._blank(str(answer.get("errmsg")))
            )
        except requests.RequestException as error:
            # No message left yet: whatever happened to this call, the caller may simply retry.
            failure = WeChatError(endpoint, Fault.UNREACHABLE, text=type(error).__name__)
        except (ValueError, KeyError, TypeError, AttributeError):
            failure = WeChatError(endpoint, Fault.BUSY, text="unreadable answer")
        raise failure

    def _blank(self, text: str) -> str:
        return text.replace(self.secret, "***")[:200]


def _transport_fault(error: requests.RequestException) -> Fault:
    """Did the request surely not arrive? Only then may it be repeated without a thought."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return Fault.UNREACHABLE
    if isinstance(error, requests.ConnectionError):
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        if isinstance(reason, NewConnectionError):
            return Fault.UNREACHABLE
    return Fault.UNCLEAR


def _values(data: dict[str, str]) -> dict[str, dict[str, str]]:
    return {key: {"value": value} for key, value in data.items()}


def _message_id(answer: dict[str, Any]) -> str | None:
    number = answer.get("msgid")
    return None if number is None else str(number)


def _text(answer: Any, key: str, endpoint: str) -> str:
    if not isinstance(answer, dict) or not answer.get(key):
        raise WeChatError(endpoint, Fault.UNCLEAR, text=f"the answer has no {key}")
    return cast(str, answer[key])
