"""The terms of a folded text: pairs of neighbouring characters, single characters, Latin words.

Folded means what `text.fold` gives: simplified, lower case, half width, punctuation as spaces.
Pairs do not reach across a space. A Latin word or a number is one term of its own; pieces of
mixed ones (`a3区`) are cut where the writing changes.
"""

import re

_PIECES = re.compile(r"[a-z0-9]+|[^a-z0-9\s]+")


def pairs(folded: str) -> list[str]:
    """Neighbouring characters, and Latin words, in order; a lone character stands for itself."""
    found: list[str] = []
    for piece in _PIECES.findall(folded):
        if piece[0].isascii() or len(piece) == 1:
            found.append(piece)
        else:
            found.extend(piece[place : place + 2] for place in range(len(piece) - 1))
    return found


def singles(folded: str) -> list[str]:
    """Single characters, and Latin words, in order."""
    found: list[str] = []
    for piece in _PIECES.findall(folded):
        if piece[0].isascii():
            found.append(piece)
        else:
            found.extend(piece)
    return found


def joined(folded: str) -> list[str]:
    """Latin words together with the character before and after: `a3区`, `第12号` as `12号`.

    They tell `a3区` from `a4区`, which the parts alone do badly.
    """
    found: list[str] = []
    for match in re.finditer(r"[a-z0-9]+", folded):
        before, after = folded[: match.start()], folded[match.end() :]
        if after and not after[0].isspace():
            found.append(match.group() + after[0])
        if before and not before[-1].isspace():
            found.append(before[-1] + match.group())
    return found
