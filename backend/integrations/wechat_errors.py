"""What can go wrong with WeChat's server, classified by code.

WeChat appends a request id to ``errmsg``, so its text is never compared; only ``errcode`` decides.
Nothing here ever holds a URL: addresses of WeChat calls carry the token or the secret.
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Why a call failed; ``UNCLEAR`` alone means that it may have taken effect all the same."""

    BUSY = "busy"
    QUOTA = "quota"
    CREDENTIAL = "credential"
    BAD_CODE = "bad_code"
    RISKY_USER = "risky_user"
    BAD_OPENID = "bad_openid"
    BAD_TEMPLATE = "bad_template"
    BAD_PAGE = "bad_page"
    BAD_VALUE = "bad_value"
    BLOCKED_WORD = "blocked_word"
    NO_CONSENT = "no_consent"
    NOT_FOLLOWING = "not_following"
    UNREACHABLE = "unreachable"
    UNCLEAR = "unclear"
    OTHER = "other"


#: The token is not, or no longer, the right one: worth one renewal and one retry.
STALE_TOKEN = frozenset({40001, 40014, 42001})

_FAULTS: dict[int, Fault] = {
    -1: Fault.BUSY,
    45009: Fault.QUOTA,
    45011: Fault.QUOTA,
    40001: Fault.CREDENTIAL,
    40014: Fault.CREDENTIAL,
    42001: Fault.CREDENTIAL,
    40013: Fault.CREDENTIAL,
    40125: Fault.CREDENTIAL,
    40164: Fault.CREDENTIAL,
    40243: Fault.CREDENTIAL,
    41002: Fault.CREDENTIAL,
    41004: Fault.CREDENTIAL,
    61004: Fault.CREDENTIAL,
    40029: Fault.BAD_CODE,
    40163: Fault.BAD_CODE,
    41008: Fault.BAD_CODE,
    40226: Fault.RISKY_USER,
    40003: Fault.BAD_OPENID,
    40037: Fault.BAD_TEMPLATE,
    41030: Fault.BAD_PAGE,
    40165: Fault.BAD_PAGE,
    47003: Fault.BAD_VALUE,
    45168: Fault.BLOCKED_WORD,
    43101: Fault.NO_CONSENT,
    43004: Fault.NOT_FOLLOWING,
}


def fault_of(code: int) -> Fault:
    """The fault that WeChat's error code names; ``OTHER`` for a code not known here."""
    return _FAULTS.get(code, Fault.OTHER)


class WeChatError(Exception):
    """A call to WeChat's server failed.

    ``code`` is WeChat's errcode, or None where no readable answer came; ``text`` is WeChat's
    own short message with token and secret blanked, for the operator's log.
    """

    def __init__(
        self, endpoint: str, fault: Fault, code: int | None = None, text: str = ""
    ) -> None:
        super().__init__(endpoint, fault, code, text)
        self.endpoint, self.fault, self.code, self.text = endpoint, fault, code, text

    def __str__(self) -> str:
        shown = "no answer" if self.code is None else str(self.code)
        return f"WeChat {self.endpoint}: {self.fault} ({shown}) {self.text}".rstrip()
