"""Placeholders in texts that staff write: taken apart, and renamed. Pure.

Python's own format language reaches attributes and widths; of that nothing but ``{name}`` and
``{name:spec}`` is let through, since these texts come from a form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

#: How a moment may be printed (see ``kinds.Moment``), and what staff write for it.
SPEC_WORDS = {"clock": "几点", "wechat": "年月日"}
_SPECS = {words: spec for spec, words in SPEC_WORDS.items()}
_WIDE = str.maketrans({"｛": "{", "｝": "}"})


class Malformed(ValueError):
    """Braces that are no placeholder; the message says in Chinese what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Plain words, then a placeholder (``name`` None at the end of a text)."""

    words: str
    name: str | None = None
    spec: str = ""


def pieces(text: str) -> list[Piece]:
    """``text`` taken apart; ``Malformed`` for braces that do not pair or hold more than a name."""
    found = []
    try:
        for words, name, spec, conversion in Formatter().parse(text):
            if name is None:
                found.append(Piece(words))
                continue
            if not name or conversion or set(name + (spec or "")) & set(".[]{}!"):
                raise Malformed("花括号里只能写一项内容的名称，像{名称}")
            found.append(Piece(words, name, spec or ""))
    except Malformed:
        raise
    except ValueError:
        raise Malformed("花括号要成对，像{名称}") from None
    return found


def names(text: str) -> Iterator[str]:
    """The placeholders ``text`` names, in its order."""
    return (piece.name for piece in pieces(text) if piece.name is not None)


def as_written(text: str, words: Mapping[str, str]) -> str:
    """``text`` as staff read and write it: ``{start:clock}`` as ``{预约时间:几点}``."""
    return _renamed(text, words, SPEC_WORDS)


def as_kept(text: str, keys: Mapping[str, str]) -> str:
    """What staff wrote, with the keys of the values; a name that is not known stays."""
    return _renamed(text.translate(_WIDE), keys, _SPECS)


def dated(text: str, moments: Collection[str]) -> str:
    """``text`` with year, month and day for each of the ``moments`` that says no way of its own."""
    return _joined(
        Piece(one.words, one.name, "wechat" if one.name in moments and not one.spec else one.spec)
        for one in pieces(text)
    )


def plain(text: str) -> str:
    """``text`` with its braces as mere characters."""
    return text.replace("{", "{{").replace("}", "}}")


def _renamed(text: str, names: Mapping[str, str], specs: Mapping[str, str]) -> str:
    def renamed(piece: Piece) -> Piece:
        if piece.name is None:
            return piece
        name, spec = piece.name.strip(), piece.spec.strip()
        return Piece(piece.words, names.get(name, name), specs.get(spec, spec))

    return _joined(renamed(piece) for piece in pieces(text))


def _joined(parts: Iterable[Piece]) -> str:
    made = []
    for one in parts:
        made.append(plain(one.words))
        if one.name is not None:
            made.append(f"{{{one.name}:{one.spec}}}" if one.spec else f"{{{one.name}}}")
    return "".join(made)
