"""Fitting values to the rules of WeChat's templates (error 47003 otherwise). No I/O.

Lengths are counted in UTF-16 units, as a server written in another language may count them:
a rare character such as 𠮷 then takes two, and the value is never longer than WeChat allows.
"""

from __future__ import annotations

import re
import unicodedata

_KEY = re.compile(r"(thing|number|letter|symbol|character_string|time|date|amount|phone_number"
                  r"|car_number|name|phrase)[0-9]{1,2}")  # fmt: skip
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_DAY = r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日"
_TIME = rf"({_DAY} )?{_CLOCK}"
_DATE = rf"{_DAY}( {_CLOCK})?"
_EXACT: dict[str, re.Pattern[str]] = {
    "time": re.compile(rf"{_TIME}(~{_TIME})?"),
    "date": re.compile(rf"{_DATE}(~{_DATE})?"),
    "number": re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?"),
    "amount": re.compile(r"[¥￥$€£]?[0-9]{1,10}(\.[0-9]{1,2})?元?"),
    "phone_number": re.compile(r"[0-9+\-]{1,17}"),
    "car_number": re.compile(r"[0-9A-Z\u4e00-\u9fff]{1,8}"),
}
#: What is left out, how many characters stay, and what stands in for nothing at all.
_FILTERED: dict[str, tuple[re.Pattern[str], int, str]] = {
    "phrase": (re.compile(r"[^\u4e00-\u9fff]"), 5, "无"),
    "letter": (re.compile(r"[^A-Za-z]"), 32, "x"),
    "symbol": (re.compile(r"[\w\s]"), 5, "-"),
    "character_string": (re.compile(r"[^\x21-\x7e]"), 32, "-"),
}
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_NOTHING = "无"


class Unfit(ValueError):
    """A value that cannot be made to fit without changing what it says."""


def kind_of(key: str) -> str:
    """The type in a template's key (thing1 → thing); ``Unfit`` for a key WeChat does not have."""
    match = _KEY.fullmatch(key)
    if not match:
        raise Unfit(f"{key} is not a key of a WeChat template")
    return match.group(1)


def fit(key: str, text: str) -> str:
    """``text`` as the field ``key`` accepts it.

    Long words are cut with an ellipsis; what is empty becomes 无 or a dash. Times, numbers,
    amounts, phones and number plates are never changed: they fit or raise ``Unfit``.
    """
    kind = kind_of(key)
    clean = tidy(text)
    if kind in _EXACT:
        if not _EXACT[kind].fullmatch(clean):
            raise Unfit(f"{key} does not take this value")
        return clean
    if kind == "thing":
        return cut(clean, 20) or _NOTHING
    if kind == "name":
        return _name(clean)
    unwanted, most, instead = _FILTERED[kind]
    return unwanted.sub("", clean)[:most] or instead


def tidy(text: str) -> str:
    """``text`` on one line, without control and format characters, single-spaced."""
    if text.isprintable():
        # Then none of the characters below is in it.
        return " ".join(text.split())
    spaced = "".join(
        " " if char in "\n\r\t" else char
        for char in text
        if char in "\n\r\t" or unicodedata.category(char) not in _DROPPED
    )
    return " ".join(spaced.split())


def cut(text: str, most: int) -> str:
    """``text`` in at most ``most`` UTF-16 units, with an ellipsis where something is missing."""
    if units(text) <= most:
        return text
    room, end = most - 1, 0
    while (room := room - units(text[end])) >= 0:
        end += 1
    return text[:end] + "…"


def _name(text: str) -> str:
    chinese = "".join(char for char in text if _is_han(char) or char == "·")
    if chinese:
        return chinese[:10]
    return re.sub(r"[^A-Za-z .]", "", text).strip()[:20] or _NOTHING


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
