"""One form for all texts: simplified characters, half width, lower case, no punctuation."""

import re
import threading
import unicodedata

import opencc

_SEPARATORS = re.compile(r"[\W_]+")
_local = threading.local()


def simplified(text: str) -> str:
    """`text` with traditional characters replaced by simplified ones."""
    # A converter is kept per thread: the library does not promise to be safe when shared.
    if not hasattr(_local, "converter"):
        _local.converter = opencc.OpenCC("t2s")
    return str(_local.converter.convert(text))


def fold(text: str) -> str:
    """`text` as it is indexed and asked for; punctuation becomes single spaces."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return _SEPARATORS.sub(" ", simplified(plain)).strip()


class _Aligned(dict[int, str]):
    """For `str.translate`: what each character is folded to, found once."""

    def __missing__(self, code: int) -> str:
        folded = (fold(chr(code)) or " ")[0]
        self[code] = folded
        return folded


_ALIGNED = _Aligned()


def aligned(text: str) -> str:
    """`text` folded character by character, as long as the original: punctuation as spaces.

    Marking hits needs to know which character of the original a folded one came from.
    """
    return text.translate(_ALIGNED)
