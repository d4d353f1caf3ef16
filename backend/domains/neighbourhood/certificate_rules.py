"""Numbers of service certificates: read aloud, checked, and too many to guess. Pure."""

import secrets
import unicodedata
from collections.abc import Mapping
from datetime import date

from backend.domains.neighbourhood.rules import PERSON, STAFF, SYSTEM, way
from backend.kernel.state import Transition

VALID, WITHDRAWN = "valid", "withdrawn"
CERTIFICATE_TEXT = {VALID: "有效", WITHDRAWN: "已作废"}
CERTIFICATE_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (VALID, "withdraw"): way(WITHDRAWN, STAFF, SYSTEM, PERSON),
}
CERTIFICATE_ENDS = frozenset({WITHDRAWN})
# 29, a prime. Without 0, 1, I, L, O, U and V: none of them is taken for another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
_DATE = 4
_LETTERS = 10


def new_number(day: date) -> str:
    """`HY2611-XXXXX-XXXXX-C`: year and month, ten random letters (48 bits), a check letter."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LETTERS))
    stem = f"{day:%y%m}{body}"
    return f"HY{day:%y%m}-{body[:5]}-{body[5:]}-{check_letter(stem)}"


def check_letter(stem: str) -> str:
    """Finds each single wrong letter and each pair of swapped neighbours."""
    values = [int(char) for char in stem[:_DATE]]
    values += [ALPHABET.index(char) for char in stem[_DATE:]]
    total = sum((place + 2) * value for place, value in enumerate(values))
    return ALPHABET[total % len(ALPHABET)]


def normalise(typed: str) -> str | None:
    """The number in its written form from what somebody typed, or None if it cannot be one."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    text = "".join(char for char in plain if char.isascii() and char.isalnum())
    if (
        len(text) != 2 + _DATE + _LETTERS + 1
        or not text.startswith("HY")
        or not text[2:6].isdigit()
    ):
        return None
    stem, last = text[2:-1], text[-1]
    if any(char not in ALPHABET for char in stem[_DATE:]) or check_letter(stem) != last:
        return None
    return f"HY{stem[:4]}-{stem[4:9]}-{stem[9:]}-{last}"


def period_problem(first: date, last: date, today: date) -> tuple[str, str] | None:
    """The field that is wrong and why, or None."""
    if first > last:
        return "until", "结束日期不能早于开始日期"
    if last > today:
        return "until", "结束日期不能晚于今天"
    return None
