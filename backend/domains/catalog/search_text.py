"""How catalogue search sees a text: folded characters, then words of one and two characters.

Chinese is not cut into dictionary words here. Single characters and pairs of neighbours rank
item names better than a segmenter does (see the catalogue's evaluation), and a mistyped
character costs only the pairs it stands in.
"""

import re
import threading
import unicodedata
from functools import lru_cache

import opencc

_SEPARATORS = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[a-z0-9]+")
_MIXED = re.compile(r"[a-z0-9]+|[^a-z0-9]+")
_local = threading.local()
MAX_TEXT = 4000


def _to_simplified(text: str) -> str:
    # A converter is kept per thread: the library does not promise to be safe when shared.
    if not hasattr(_local, "converter"):
        _local.converter = opencc.OpenCC("t2s")
    return str(_local.converter.convert(text))


def fold(text: str) -> str:
    """Return `text` in one form: full width to half, traditional to simplified, lower case.

    Punctuation becomes single spaces. At most `MAX_TEXT` characters are read.
    """
    plain = unicodedata.normalize("NFKC", text[:MAX_TEXT]).lower()
    return _SEPARATORS.sub(" ", _to_simplified(plain)).strip()


def grams(folded: str) -> tuple[list[str], list[str]]:
    """Return (characters, pairs) of a folded text; a Latin word or number counts as one pair."""
    singles: list[str] = []
    pairs: list[str] = []
    for run in _MIXED.findall(folded.replace(" ", "\n")):
        for piece in run.split("\n"):
            if not piece:
                continue
            if _LATIN.fullmatch(piece):
                pairs.append(piece)
                singles.append(piece)
                continue
            singles.extend(piece)
            pairs.extend(piece[i : i + 2] for i in range(len(piece) - 1))
    return singles, pairs


@lru_cache(maxsize=4096)
def fold_cached(text: str) -> str:
    """`fold` for queries, which people repeat."""
    return fold(text)
