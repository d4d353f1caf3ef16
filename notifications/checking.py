"""Whether a kind's texts can be sent, found out when they are saved.

Each text is filled with the shortest and with the longest values of its kind. What could never
be right is refused; what is only cut where a value is long is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from notifications.filling import THING, card_value, filled
from notifications.fitting import Unfit, kind_of, tidy, units
from notifications.kinds import (
    CHANNELS,
    MOST,
    SERVICE,
    SMS,
    STAFF_HOOK,
    SUBSCRIBE,
    Fields,
    Kind,
    printable,
)
from notifications.placeholder_rules import SPEC_WORDS, Malformed, Piece, names, pieces
from notifications.registered import Registered
from notifications.rules import Priority

NAMES = {"title": "标题", "body": "正文", "sms": "短信", "staff": "工作群", "ladder": "发送方式"}
CARDS = {"subscribe": "订阅消息", "service": "服务号消息"}
_CHANNEL_NAMES = {SUBSCRIBE: CARDS["subscribe"], SERVICE: CARDS["service"], SMS: NAMES["sms"],
                  STAFF_HOOK: NAMES["staff"]}  # fmt: skip
_LIKE = {
    "time": "15:01 或 2026年11月23日 15:01",
    "date": "2026年11月23日",
    "number": "12.5",
    "amount": "12.50元",
    "phone_number": "12345",
    "car_number": "粤A12345",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one field (``title``, ``service.thing1``, ``ladder``), in Chinese.

    ``stops``: it must be mended before the text can be used.
    """

    field: str
    text: str
    stops: bool = True


def sample(kind: Kind, which: str) -> dict[str, Any]:
    """The kind's values, all ``short`` or all ``long``."""
    return {value.key: getattr(value, which) for value in kind.values}


def check(kind: Kind, registered: Mapping[str, Registered | None] | None = None) -> list[Finding]:
    """Everything about a kind's texts that cannot be sent, or will be cut.

    ``registered`` has the template of each card (``subscribe``, ``service``) where it is known.
    """
    known = registered or {}
    found = []
    for field in ("title", "body", "sms", "staff"):
        found += _plain(kind, field, getattr(kind, field))
    for card in CARDS:
        found += _card(kind, card, getattr(kind, card), known.get(card))
    return found + list(_ladder(kind))


def unknown_names(kind: Kind) -> list[str]:
    """What the kind's texts name although no message of it says so."""
    known = {value.key for value in kind.values}
    found: set[str] = set()
    for text in (kind.title, kind.body, kind.sms, kind.staff,
                 *(text for _, text in (*kind.subscribe, *kind.service))):  # fmt: skip
        try:
            found |= set(names(text)) - known
        except Malformed:
            found.add(text)
    return sorted(found)


def refused(findings: list[Finding]) -> dict[str, list[str]]:
    """What stops, by field."""
    made: dict[str, list[str]] = {}
    for one in findings:
        if one.stops:
            made.setdefault(one.field, []).append(one.text)
    return made


def printed(kind: Kind, text: str, which: str) -> str:
    """``text`` on one line, filled with the kind's samples."""
    return tidy(text.format(**printable(sample(kind, which))))


def _plain(kind: Kind, field: str, text: str) -> list[Finding]:
    name, most = NAMES[field], MOST[field]
    if not text.strip():
        return [Finding(field, f"{name}不能空着")] if field in ("title", "body") else []
    found = [Finding(field, f"{name}：{problem}") for problem in placeholder_problems(kind, text)]
    if found:
        return found
    if field == "sms" and ("【" in text or "】" in text):
        found.append(Finding(field, "短信：签名会自动加上，正文里不要写【】"))
    short, long = (units(printed(kind, text, which)) for which in ("short", "long"))
    if not short:
        found.append(Finding(field, f"{name}：内容最短时是空的，请加几个字"))
    elif short > most:
        found.append(Finding(field, f"{name}最多{most}个字，现在最少也有{short}个字，请改短"))
    elif long > most and not _ends_in_value(kind, text, most):
        cut = "、".join(f"「{one}」" for one in _shortened(kind, text, most)) or "后面的"
        told = f"{name}最多{most}个字，内容最长时有{long}个字，{cut}会用…截短"
        found.append(Finding(field, told, stops=False))
    return found


def _card(kind: Kind, card: str, fields: Fields, registered: Registered | None) -> list[Finding]:
    found: list[Finding] = []
    keys = [key for key, _ in fields]
    for key, text in fields:
        place = f"{card}.{key}"
        name = f"{CARDS[card]}「{registered.label(key) if registered else key}」"
        if keys.count(key) > 1:
            found.append(Finding(place, f"{name}：{key}写了两次"))
        else:
            found += [
                Finding(place, f"{name}：{said}", stops)
                for said, stops in _field(kind, key, text, registered)
            ]
    if fields and registered:
        for one in registered.fields:
            if one.key not in keys:
                text = f"{CARDS[card]}：微信模板里有「{one.label or one.key}」（{one.key}），请补上"
                found.append(Finding(f"{card}.{one.key}", text))
    return found


def _field(
    kind: Kind, key: str, text: str, registered: Registered | None
) -> Iterator[tuple[str, bool]]:
    try:
        kind_of(key)
    except Unfit:
        yield f"微信没有「{key}」这种字段", True
        return
    listed = {one.key: one for one in registered.fields} if registered else {}
    if registered and key not in listed:
        yield f"微信模板「{registered.title}」里没有这一项（{key}）", True
        return
    if not text.strip():
        yield "不能空着", True
        return
    if problems := placeholder_problems(kind, text):
        yield from ((problem, True) for problem in problems)
        return
    choices = listed[key].choices if key in listed else ()
    for which in ("short", "long"):
        plain = printed(kind, text, which)
        found = _value(kind, key, text, choices, which)
        if found and (found[1] or not plain or not _ends_in_value(kind, text, THING)):
            yield found
            return


def _value(
    kind: Kind, key: str, text: str, choices: tuple[str, ...], which: str
) -> tuple[str, bool] | None:
    when = "内容最短时" if which == "short" else "内容最长时"
    plain = printed(kind, text, which)
    try:
        value = card_value(key, text, printable(sample(kind, which)), kind.whole)
    except Unfit:
        like = _LIKE[kind_of(key)]
        return f"{when}是「{plain[:40]}」，微信只收像「{like}」这样的内容", True
    if choices:
        if value in choices:
            return None
        return f"{when}是「{value}」，微信只收：{'、'.join(choices)}", True
    if value == plain:
        return None
    # Words may be cut where a value is long; a phrase or a code would say something else.
    harmless = kind_of(key) == "thing" and (which == "long" or not plain)
    return f"{when}是「{plain[:40]}」，发出去会变成「{value}」", not harmless


def _shortened(kind: Kind, text: str, most: int) -> list[str]:
    """The names of the values that lose their end where all are at their longest."""
    shown = printable(sample(kind, "long"))
    said = filled(text, shown, most, kind.whole)
    used = set(names(text))
    words = [one for one in kind.values if one.key in used and isinstance(shown[one.key], str)]
    return [one.name for one in words if tidy(shown[one.key]) not in said]


def _ends_in_value(kind: Kind, text: str, most: int) -> bool:
    """Whether a cut takes nothing but the end of the last value: that is what a cut is for."""
    parts = pieces(text)
    tail = parts.pop().words if parts[-1].name is None else ""
    if not parts or len(tail.strip()) > 1:
        return False
    last = parts.pop()
    before = "".join(
        part.words + (f"{{{part.name}:{part.spec}}}" if part.name else "") for part in parts
    )
    return units(printed(kind, before + last.words, "long")) < most


def placeholder_problems(kind: Kind, text: str) -> list[str]:
    """What is wrong with what stands in braces; nothing where the text can be filled."""
    try:
        parts = pieces(text)
    except Malformed as error:
        return [str(error)]
    known = {value.key: value for value in kind.values}
    return [problem for part in parts if part.name and (problem := _piece(kind, part, known))]


def _piece(kind: Kind, part: Piece, known: Mapping[str, Any]) -> str:
    if part.name not in known:
        listed = "、".join(value.name for value in kind.values)
        return f"没有「{part.name}」这一项，可以用的有：{listed}"
    if not part.spec:
        return ""
    value = known[str(part.name)]
    if not value.is_moment:
        return f"「{value.name}」不是时间，后面不能加「:{part.spec}」"
    if part.spec not in SPEC_WORDS:
        return f"「{value.name}」后面只能加：{'、'.join(SPEC_WORDS.values())}"
    return ""


def _ladder(kind: Kind) -> Iterator[Finding]:
    has = {SUBSCRIBE: bool(kind.subscribe), SERVICE: bool(kind.service), SMS: bool(kind.sms),
           STAFF_HOOK: bool(kind.staff)}  # fmt: skip
    if len(set(kind.ladder)) < len(kind.ladder):
        yield Finding("ladder", "发送方式：同一种方式写了两次")
    for channel in kind.ladder:
        if channel not in CHANNELS[1:]:
            yield Finding("ladder", f"发送方式：没有「{channel}」这种方式")
        elif channel == SUBSCRIBE and not kind.template_key:
            yield Finding("ladder", "发送方式：这种消息没有订阅消息模板，不能用订阅消息")
        elif not has[channel]:
            name = _CHANNEL_NAMES[channel]
            yield Finding("ladder", f"发送方式：选了{name}，还没有写{name}的内容")
    if kind.priority is Priority.CALL and not kind.ladder:
        yield Finding("ladder", "发送方式：这是急事，至少留一种微信或短信提醒")
