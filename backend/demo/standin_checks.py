"""What WeChat's server checks before it does anything: credentials, quotas, who is asking.

Nothing here knows how a question came in: the demo's pages, the tests and the fast server for
measurements all ask the same ``WeChatRules``.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from backend.demo.standin_push import Pusher
from backend.demo.standin_settings import StandinSettings
from backend.demo.standin_store import StandinStore

Body = dict[str, Any]
TOKEN_LIFE = 7200
CODE_LIFE = 300
#: Whoever has not opened the mini-program for this long (seconds) has no words to be checked.
VISIT_LIFE = 7200
#: Calls a minute and a day; the account's own quota where the documents name one.
QUOTAS: dict[str, tuple[int | None, int | None]] = {
    "/cgi-bin/stable_token": (10_000, None),
    "/cgi-bin/message/subscribe/send": (None, 10_000_000),
    "/cgi-bin/message/template/send": (None, 100_000),
    "/wxa/msg_sec_check": (4_000, 2_000_000),
    "/wxa/media_check_async": (2_000, 200_000),
}
#: Forced renewals of the token: so many a day, and so many seconds between two.
FORCED_A_DAY, FORCED_APART = 20, 30
_BEIJING = timezone(timedelta(hours=8))


class Refused(Exception):
    """An answer with an error code; WeChat gives it with HTTP 200 and a request id in the text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code, self.text = code, text

    def body(self) -> Body:
        """The answer."""
        return {"errcode": self.code, "errmsg": f"{self.text} rid: {secrets.token_hex(4)}"}


class WeChatRules:
    """The server's side of one mini-program and one service account.

    ``now`` is its clock in Unix seconds; ``ahead`` moves it, so that a test need not wait for
    a token to grow old.
    """

    def __init__(
        self,
        settings: StandinSettings,
        store: StandinStore,
        pusher: Pusher,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings, self.store, self.pusher = settings, store, pusher
        self._clock = clock
        self.ahead = 0.0

    def now(self) -> float:
        """The moment by this server's clock."""
        return self._clock() + self.ahead

    def account(self, token: str) -> str:
        """The appid behind an access token."""
        rows = self.store.rows("SELECT appid, expires FROM token WHERE token = ?", token)
        if not rows:
            raise Refused(40001, "invalid credential, access_token is invalid or not latest")
        if rows[0]["expires"] <= self.now():
            raise Refused(42001, "access_token expired")
        return str(rows[0]["appid"])

    def check_secret(self, appid: str, secret: str) -> None:
        """Refuse a wrong appid or secret."""
        right = self.settings.accounts.get(appid)
        if right is None:
            raise Refused(40013, "invalid appid")
        if not secrets.compare_digest(right.encode(), secret.encode()):
            raise Refused(40125, "invalid appsecret")

    def count(self, path: str) -> None:
        """Count one call; refuse it beyond the quota of the minute or of the day in Beijing."""
        ordered = self.store.rows("SELECT per_minute, per_day FROM quota WHERE name = ?", path)
        per_minute, per_day = (
            (ordered[0]["per_minute"], ordered[0]["per_day"])
            if ordered
            else QUOTAS.get(path, (None, None))
        )
        moment = datetime.fromtimestamp(self.now(), UTC).astimezone(_BEIJING)
        for limit, span in ((per_minute, f"{moment:%m-%d %H:%M}"), (per_day, f"{moment:%m-%d}")):
            if limit is not None and self.store.count(path, span) > limit:
                raise Refused(45009, "reach max api daily quota limit")

    def visited(self, openid: str) -> None:
        """The person opens the mini-program."""
        self.store.change("INSERT OR REPLACE INTO visit VALUES (?, ?)", openid, self.now())

    def check_visit(self, openid: str) -> None:
        """Refuse words of somebody who has not been here in the last two hours."""
        if len(openid) != 28 or not openid.startswith("o"):
            raise Refused(40003, "invalid openid")
        since = self.now() - VISIT_LIFE
        if not self.store.rows("SELECT 1 FROM visit WHERE openid = ? AND at > ?", openid, since):
            raise Refused(61010, "code is expired")
