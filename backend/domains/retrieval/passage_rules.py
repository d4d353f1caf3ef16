"""How a long text is cut into passages short enough to be compared by meaning.

Lengths are in characters. A passage ends at the end of a sentence where there is one in its
second half, so that what is shown and compared reads as something somebody wrote.
"""

import re

PASSAGE = 220
MOST_PASSAGES = 60
# Of one document so many passages are compared by meaning; the words of the others still count.
MOST_COMPARED = 12
LONGEST_LEAD = 60
_ENDS = "。！？；!?;\n"
_PAUSES = "，、,： :"
_SPACES = re.compile(r"[ \t\r\f\v\u3000]+")
_BREAKS = re.compile(r"\s*\n\s*")


def tidy(text: str) -> str:
    """`text` with runs of spaces and of line breaks made one."""
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


def _end(text: str, start: int, size: int) -> int:
    """Where the passage that begins at `start` ends."""
    stop = start + size
    if stop >= len(text):
        return len(text)
    for marks in (_ENDS, _PAUSES):
        for place in range(stop, start + size // 2, -1):
            if text[place - 1] in marks:
                return place
    return stop


def passages(text: str, size: int = PASSAGE, most: int = MOST_PASSAGES) -> list[str]:
    """The passages of `text` in order, none empty, at most `most`.

    A text longer than `most` passages has longer ones: nothing is left out.
    """
    whole = tidy(text)
    size = max(size, -(-len(whole) * 4 // (most * 3)))
    found: list[str] = []
    start = 0
    while start < len(whole):
        end = _end(whole, start, size)
        found.append(whole[start:end].strip())
        start = end
    return [piece for piece in found if piece]


def lead(text: str) -> str:
    """The heading a text without a title of its own begins with, or "".

    It is what stands before the first space or line break, if that is short and no sentence.
    """
    first = re.split(r"\s", text.strip(), maxsplit=1)[0]
    if len(first) > LONGEST_LEAD or any(mark in first for mark in "。！？；"):
        return ""
    return first
