"""What is shown of a text that was found: a piece of it, with the words that were asked for.

Every function takes a text together with its folded form, character by character as long as
the original, and words as they are asked for (folded).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backend.domains.retrieval.term_rules import pairs

LONGEST = 90
_ENDS = "。！？；!?;\n"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text; `hit` where it was asked for. Plain text, not HTML."""

    text: str
    hit: bool


def _terms(words: Iterable[str]) -> list[str]:
    return sorted({pair for word in words for pair in pairs(word)}, key=len, reverse=True)


def _hits(folded: str, terms: Iterable[str]) -> list[bool]:
    found = [False] * len(folded)
    for term in terms:
        place = folded.find(term)
        while place >= 0:
            found[place : place + len(term)] = [True] * len(term)
            place = folded.find(term, place + 1)
    return found


def _parts(text: str, hits: Sequence[bool]) -> list[Part]:
    parts: list[Part] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or hits[place] != hits[start]:
            parts.append(Part(text[start:place], hits[start]))
            start = place
    return parts


def marked(text: str, folded: str, words: Iterable[str]) -> list[Part]:
    """The whole text in parts."""
    return _parts(text, _hits(folded, _terms(words)))


def snippet(
    texts: Sequence[str], folded: Sequence[str], words: Iterable[str], longest: int = LONGEST
) -> list[Part]:
    """The stretch of at most `longest` characters with most of the words, in parts.

    The first text begins it where nothing was met.
    """
    terms = _terms(words)
    best = (0, 0, 0)
    for number, one in enumerate(folded):
        for place in _starts(one, longest):
            stretch = one[place : place + longest]
            met = sum(1 for term in terms if term in stretch)
            if met > best[0]:
                best = (met, number, place)
    _, number, place = best
    text = texts[number]
    end = place + longest
    parts = _parts(text[place:end], _hits(folded[number], terms)[place:end])
    if place > 0:
        parts.insert(0, Part("…", False))
    if end < len(text):
        parts.append(Part("…", False))
    return parts


def _starts(folded: str, longest: int) -> list[int]:
    """Where a stretch may begin: after the ends of sentences (spaces), and every so often."""
    return sorted({0, *range(0, max(len(folded) - longest // 2, 1), longest // 3)})
