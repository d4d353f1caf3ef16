"""How words sound: for what was mistyped by its sound, and for what is typed in pinyin."""

from functools import lru_cache
from itertools import pairwise

from pypinyin import Style, lazy_pinyin

from backend.domains.retrieval.text import fold


@lru_cache(maxsize=20_000)
def _syllable(character: str) -> str:
    return str(lazy_pinyin(character, style=Style.NORMAL)[0])


def syllables(folded: str) -> list[str]:
    """The pinyin of each character, without tones; what is not Chinese stays."""
    return [_syllable(character) for character in folded if character != " "]


def sound_pairs(text: str) -> list[str]:
    """Pairs of neighbouring syllables."""
    said = syllables(fold(text))
    return [f"{first}'{second}" for first, second in pairwise(said)]


def ways_to_type(name: str) -> list[str]:
    """What somebody may begin to type for a name: itself, its pinyin, the initials."""
    written = fold(name).replace(" ", "")
    said = syllables(written)
    return list(dict.fromkeys([written, "".join(said), "".join(one[0] for one in said)]))
