"""Filling texts with values so that what matters stays when there is little room. No I/O.

A text that is too long for its channel loses the end of its longest value, not the end of its
last sentence: what is asked of the reader, by when, and where to read on are still there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from notifications.fitting import cut, fit, kind_of, tidy, units
from notifications.placeholder_rules import names

#: The most UTF-16 units of a card's ``thing``.
THING = 20
#: A value is not made shorter than this: less would say nothing.
_LEAST = 4


def filled(text: str, shown: Mapping[str, Any], most: int, whole: Collection[str] = ()) -> str:
    """``text`` with its values, on one line, in at most ``most`` UTF-16 units.

    Words are shortened with an ellipsis, the longest first; those named in ``whole`` (numbers,
    addresses, times) and moments are not. The end is cut only where even that is too long.
    """
    said = tidy(text.format(**shown))
    if units(said) <= most:
        return said
    used = Counter(names(text))
    room = dict(shown)
    loose = [key for key in used if isinstance(room[key], str) and key not in whole]
    for key in sorted(loose, key=lambda one: -units(room[one])):
        over = units(said) - most
        if over <= 0:
            break
        word = tidy(room[key])
        length = units(word)
        room[key] = cut(word, max(min(_LEAST, length), length - -(-over // used[key])))
        said = tidy(text.format(**room))
    return cut(said, most)


def card_value(key: str, text: str, shown: Mapping[str, Any], whole: Collection[str] = ()) -> str:
    """The same for the field ``key`` of a WeChat card; raises ``Unfit`` as ``fit`` does."""
    if kind_of(key) == "thing":
        return fit(key, filled(text, shown, THING, whole))
    return fit(key, text.format(**shown))
