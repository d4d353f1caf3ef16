"""Decisions about residents' accounts: names, phones, codes, merging, closing.

Pure: standard library only. A function named `…_problem` answers None when all
is well, otherwise a Chinese sentence that can stand beside the field.
"""

import re
import unicodedata
from datetime import datetime, timedelta

from backend.kernel.state import Transition

PROVISIONAL, VERIFIED, MERGED, CLOSED = "provisional", "verified", "merged", "closed"

PERSON_STATES = (PROVISIONAL, VERIFIED, MERGED, CLOSED)
PERSON_ENDS = frozenset({MERGED, CLOSED})

PERSON_TRANSITIONS = {
    (PROVISIONAL, "verify"): Transition(to=VERIFIED),
    (PROVISIONAL, "merge"): Transition(to=MERGED),
    (PROVISIONAL, "close"): Transition(to=CLOSED),
    (VERIFIED, "close"): Transition(to=CLOSED),
}

CHANNEL_KINDS = ("mini_openid", "service_openid", "unionid", "phone")

# A citizen's name on the identity card: Han characters (rare ones lie in the
# extensions A to I), 〇, and the dot inside transliterated names.
_HAN = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002a6df\U0002a700-\U0002ee5d\U0002f800-\U0002fa1f\U00030000-\U000323af"
)
_NAME = re.compile(f"[{_HAN}]+(?:·[{_HAN}]+)*")
_DOTS = str.maketrans({"•": "·", "・": "·", "‧": "·", "．": "·", "∙": "·"})
NAME_LIMIT = 30

_PHONE = re.compile(r"1[3-9][0-9]{9}")

SMS_CODE_LIFE = timedelta(minutes=5)
SMS_RESEND_AFTER = timedelta(seconds=60)
SMS_TRIES = 5
SMS_PER_PHONE_A_DAY = 10
SMS_PER_ADDRESS_AN_HOUR = 30
SIGN_INS_PER_ADDRESS_A_MINUTE = 30

REAL_NAME_TRIES_A_DAY = 5
REAL_NAME_TRIES_PER_NUMBER_A_DAY = 10

CLOSE_WORDS = "注销账号"


def clean_name(text: str) -> str:
    """The name in normal form: NFC, the one dot '·', no blanks around or inside."""
    return "".join(unicodedata.normalize("NFC", text).split()).translate(_DOTS)


def name_problem(name: str) -> str | None:
    """What is wrong with a cleaned legal name."""
    if len(name) < 2:
        return "请填写身份证上的姓名，至少两个字"
    if len(name) > NAME_LIMIT:
        return f"姓名太长了，最多 {NAME_LIMIT} 个字，请照身份证填写"
    if not _NAME.fullmatch(name):
        return "姓名只能是汉字和“·”，请照身份证填写"
    return None


def clean_phone(text: str) -> str:
    """The phone in normal form: ASCII digits, no blanks or hyphens, no +86."""
    digits = unicodedata.normalize("NFKC", text)
    digits = re.sub(r"[\s-]", "", digits)
    return re.sub(r"^(?:\+86|0086)", "", digits)


def phone_problem(phone: str) -> str | None:
    """What is wrong with a cleaned mainland mobile number."""
    return None if _PHONE.fullmatch(phone) else "请填写 11 位手机号"


def clean_id_number(text: str) -> str:
    """The identity number in normal form: ASCII, no blanks, capital X."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def sms_code_problem(
    now: datetime, expires_at: datetime, used_at: datetime | None, matches: bool
) -> str | None:
    """Whether a code may be accepted; the sentence does not say more than a guesser may know."""
    if used_at is not None or now >= expires_at:
        return "验证码已过期，请重新获取"
    return None if matches else "验证码不对，请核对后再填"


def resend_wait(now: datetime, last_sent: datetime | None) -> int:
    """Whole seconds until the next code may be sent; 0 when it may go now."""
    if last_sent is None:
        return 0
    left = (last_sent + SMS_RESEND_AFTER - now).total_seconds()
    return max(0, -int(-left // 1))


def closing_problem(confirm: str, open_matters: list[str]) -> str | None:
    """Why the account cannot be closed now."""
    if confirm != CLOSE_WORDS:
        return f"请输入“{CLOSE_WORDS}”四个字再提交"
    if open_matters:
        return "还有没办完的事：" + "；".join(open_matters[:5])
    return None
