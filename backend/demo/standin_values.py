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


def wrong_field(data: object) -> str | None:
    """The first key whose value WeChat would refuse, or None when all are right."""
    if not isinstance(data, dict) or not data:
        return "data"
    for key, holder in data.items():
        match = re.fullmatch(r"([a-z_]+)[0-9]{1,2}", str(key))
        kind = match.group(1) if match else ""
        value = holder.get("value") if isinstance(holder, dict) else None
        if kind not in _PATTERNS or not isinstance(value, str):
            return str(key)
        if kind == "number" and len(value) > 32:
            return str(key)
        if not re.fullmatch(_PATTERNS[kind], value):
            return str(key)
    return None
