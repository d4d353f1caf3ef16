"""A kind's texts as staff read and write them, and as they are kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from notifications.checking import CARDS, NAMES, placeholder_problems
from notifications.fitting import Unfit, kind_of
from notifications.kinds import Kind
from notifications.placeholder_rules import (
    Malformed,
    as_kept,
    as_written,
    dated,
    plain,
)
from notifications.templates import applied

PLAIN = ("title", "body", "sms", "staff")
_DATED = ("time", "date")


def written(kind: Kind) -> dict[str, Any]:
    """The kind's texts with the Chinese names of what they say."""
    words = {value.key: value.name for value in kind.values}
    made: dict[str, Any] = {name: _written(getattr(kind, name), words) for name in PLAIN}
    for card in CARDS:
        made[card] = [
            {"key": key, "text": _written(text, words)} for key, text in getattr(kind, card)
        ]
    return {**made, "ladder": list(kind.ladder)}


def kept(kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
    """What staff wrote, in the shape of a version; a moment on a card gets its year.

    Braces that are no placeholder stay as they are: the check names them.
    """
    keys = {value.name: value.key for value in kind.values}
    moments = {value.key for value in kind.values if value.is_moment}
    made: dict[str, Any] = {name: _kept(body[name], keys) for name in PLAIN}
    for card in CARDS:
        made[card] = [
            [one["key"], _field(one["key"], _kept(one["text"], keys), moments)]
            for one in body[card]
        ]
    return {**made, "ladder": list(body["ladder"])}


def drawable(kind: Kind) -> Kind:
    """The kind with every text that cannot be filled shown as it stands."""
    words = {value.key: value.name for value in kind.values}

    def safe(text: str) -> str:
        return plain(_written(text, words)) if placeholder_problems(kind, text) else text

    texts: dict[str, Any] = {name: safe(getattr(kind, name)) for name in PLAIN}
    for card in CARDS:
        texts[card] = [(key, safe(text)) for key, text in getattr(kind, card)]
    return applied(replace(kind, link="", page=""), texts)


def difference_text(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What changed between two texts as written, for the trace."""
    said = []
    for name in (*PLAIN, *CARDS, "ladder"):
        if before[name] != after[name]:
            label = {**NAMES, **CARDS}[name]
            said.append(f"{label}：{_one_line(before[name])} → {_one_line(after[name])}")
    return "；".join(said) or "没有变化"


def _one_line(value: Any) -> str:
    if isinstance(value, str):
        return f"「{value}」"
    rows = [f"{one['key']}={one['text']}" if isinstance(one, dict) else str(one) for one in value]
    return f"「{'，'.join(rows)}」"


def _written(text: str, words: Mapping[str, str]) -> str:
    try:
        return as_written(text, words)
    except Malformed:
        return text


def _kept(text: str, keys: Mapping[str, str]) -> str:
    try:
        return as_kept(text, keys)
    except Malformed:
        return text


def _field(key: str, text: str, moments: set[str]) -> str:
    try:
        return dated(text, moments) if kind_of(key) in _DATED else text
    except (Unfit, Malformed):
        return text
