"""Citizen identity numbers (公民身份号码) after GB 11643-1999."""

from datetime import date

from backend.kernel.errors import Invalid

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def check_digit(first17: str) -> str:
    """The 18th character (0-9 or X) by ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def validate(number: str, *, today: date) -> str:
    """The number in its normal form (upper-case X), or `Invalid` at field `id_number`."""
    text = number.strip().upper()
    body = text[:17]
    if len(text) != 18 or not (body.isascii() and body.isdigit()):
        raise _invalid("身份证号应为18位，请对照证件再输一遍")
    try:
        born = birth_date(text)
    except ValueError:
        raise _invalid("身份证号中的出生日期不对，请对照证件再输一遍") from None
    if not date(1880, 1, 1) <= born <= today:
        raise _invalid("身份证号中的出生日期不对，请对照证件再输一遍")
    if check_digit(body) != text[17]:
        raise _invalid("身份证号校验不通过，可能有一位输错了，请对照证件再输一遍")
    return text


def birth_date(number: str) -> date:
    """The birth date written in digits 7-14; raises ValueError when there is no such day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _invalid(text: str) -> Invalid:
    return Invalid(
        "invalid_id_number", title="身份证号有误", detail=text, fields={"id_number": [text]}
    )
