"""The rules by which WeChat refuses a subscribe message's values (error 47003).

Written a second time on purpose, apart from the code that fits values: the stand-in must not
share the sender's mistakes.
"""

import re

_PATTERNS: dict[str, str] = {
    "thing": r"[^\x00-\x1f\x7f]{1,20}",
    "number": r"-?[0-9]+(\.[0-9]+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "amount": r"[¥￥$€£]?[0-9]{1,10}(\.[0-9]+)?元?",
    "phone_number": r"[0-9+\-]{1,17}",
    "car_number": r"[0-9A-Z\u4e00-\u9fff]{1,8}",
    "name": r"[\u3400-\u9fff\U00020000-\U0003ffff·]{1,10}|[A-Za-z .]{1,20}",
    "phrase": r"[\u3400-\u9fff\U00020000-\U0003ffff]{1,5}",
}
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_DAY = r"[0-9]{4}年(0?[1-9]|1[0-2])月(0?[1-9]|[12][0-9]|3[01])日"
_TIME = rf"({_DAY} )?{_CLOCK}"
_DATE = rf"{_DAY}( {_CLOCK})?"
_PATTERNS["time"] = rf"{_TIME}(~{_TIME})?"
_PATTERNS["date"] = rf"{_DATE}(~{_DATE})?"


#: A message with one of these is refused with 45168.
_BLOCKED = ("测试违禁",)


def blocked_word(data: object) -> bool:
    """Whether any value holds a word that WeChat does not let through."""
    holders = data.values() if isinstance(data, dict) else ()
    values = [str(holder.get("value")) for holder in holders if isinstance(holder, dict)]
    return any(word in value for value in values for word in _BLOCKED)


def shown(data: object, keys: tuple[str, ...]) -> object:
    """What of ``data`` the template with these fields shows; with none known, all of it."""
    if not keys or not isinstance(data, dict):
        return data
    return {key: data[key] for key in keys if key in data}


def wrong_field(data: object, keys: tuple[str, ...] = ()) -> str | None:
    """What WeChat would refuse first, in its words (``thing1.value is empty``); None: nothing.

    ``keys`` are the fields of the registered template: each must be there and have a value. What
    the template does not have is not looked at. With none known every value is judged by its key.
    """
    if not isinstance(data, dict) or not data:
        return "value is empty"
    for key in keys or data:
        holder = data.get(key)
        value = holder.get("value") if isinstance(holder, dict) else None
        if value is None or value == "":
            return f"{key}.value is empty"
        if not _fits(str(key), value):
            return f"{key}.value invalid"
    return None


def _fits(key: str, value: object) -> bool:
    match = re.fullmatch(r"([a-z_]+)[0-9]{1,2}", key)
    kind = match.group(1) if match else ""
    if kind not in _PATTERNS or not isinstance(value, str):
        return False
    if kind == "number" and len(value) > 32:
        return False
    return re.fullmatch(_PATTERNS[kind], value) is not None
