"""What a message looks like on a phone, before anybody gets it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend.domains.messages.kinds import TEMPLATES
from notifications.checking import CARDS
from notifications.filling import card_value, filled
from notifications.fitting import Unfit, tidy, units
from notifications.kinds import MOST, Kind, printable
from notifications.registered import Registered

#: A text message of one part, and of each part of a longer one, in UTF-16 units.
ONE_PART, PART = 70, 67


def parts(text: str, sign: str) -> int:
    """How many parts a provider counts for a text with its 【signature】."""
    length = units(f"【{sign}】{text}" if sign else text)
    return 1 if length <= ONE_PART else -(-length // PART)


def preview(
    kind: Kind,
    values: Mapping[str, Any],
    *,
    sign: str,
    registered: Mapping[str, Registered | None] | None = None,
) -> dict[str, Any]:
    """The message on every channel of its kind; a card's rows as they arrive.

    A value that does not fit a card is named, as the message would be left out there.
    """
    bare, shown = replace(kind, link="", page=""), printable(values)

    def said(text: str, most: int) -> str:
        return filled(text, shown, most, kind.whole)

    made: dict[str, Any] = {
        "title": said(bare.title, MOST["title"]),
        "body": said(bare.body, MOST["body"]),
        "ladder": list(kind.ladder),
        "sms": None,
        "staff": said(kind.staff, MOST["staff"]) if kind.staff else None,
    }
    if kind.sms:
        text = said(kind.sms, MOST["sms"])
        length = units(f"【{sign}】{text}" if sign else text)
        made["sms"] = {"sign": sign, "text": text, "length": length, "parts": parts(text, sign)}
    for card in CARDS:
        found = (registered or {}).get(card)
        fields = getattr(kind, card)
        made[card] = {
            "title": _title(kind, card, found),
            "rows": [_row(kind, key, text, shown, found) for key, text in fields],
        } if fields else None  # fmt: skip
    return made


def _title(kind: Kind, card: str, registered: Registered | None) -> str:
    if registered and registered.title:
        return registered.title
    return TEMPLATES.get(kind.template_key, kind.name) if card == "subscribe" else "办事进度通知"


def _row(
    kind: Kind, key: str, text: str, shown: Mapping[str, Any], registered: Registered | None
) -> dict[str, Any]:
    label = registered.label(key) if registered else key
    plain = tidy(text.format(**shown))
    try:
        value = card_value(key, text, shown, kind.whole)
    except Unfit:
        return {"key": key, "label": label, "value": plain, "fits": False, "changed": True}
    return {"key": key, "label": label, "value": value, "fits": True, "changed": value != plain}
