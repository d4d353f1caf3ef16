"""Which area a text names: `榕荫里三栋门口路灯不亮` names the cell called 榕荫里.

Pure: standard library only.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

# The smaller area says more.
_FINENESS = {"cell": 2, "community": 1, "street": 0}
SHORTEST = 2
# Endings that people leave out when they speak: 越和街道 is 越和.
_ENDINGS = ("街道办事处", "社区居委会", "街道", "社区", "村委会", "网格")


@dataclass(frozen=True, slots=True)
class Name:
    """One name or alias of an area."""

    text: str
    kind: str
    area_id: UUID


def plain(text: str) -> str:
    """A text as names are compared: NFKC, small letters, no blanks or punctuation."""
    flat = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in flat if unicodedata.category(char)[0] in "LN")


def forms(name: str) -> list[str]:
    """What may stand in a text for this name: itself, and itself without its ending."""
    full = plain(name)
    short = next((full.removesuffix(end) for end in _ENDINGS if full.endswith(end)), full)
    return [form for form in dict.fromkeys((full, short)) if len(form) >= SHORTEST]


def best(text: str, names: Iterable[Name], lineage: Callable[[UUID], list[UUID]]) -> UUID | None:
    """The area the text names; None when it names none or cannot be told.

    The smallest kind wins; within it, names that lie in other areas the text names as well come
    first, then longer ones. Two areas equally close cannot be told apart: then what lies above
    both is the answer, if the text names that, or nothing.
    """
    words = plain(text)
    hits: dict[UUID, tuple[int, int]] = {}
    for name in names:
        for form in forms(name.text):
            if form in words:
                score = (_FINENESS[name.kind], len(form))
                hits[name.area_id] = max(hits.get(name.area_id, score), score)
    ranked: dict[UUID, tuple[int, int, int]] = {}
    for area_id, (fineness, length) in hits.items():
        above = sum(one in hits for one in lineage(area_id)[1:])
        ranked[area_id] = (fineness, above, length)
    return _first_alone(ranked)


def _first_alone(ranked: dict[UUID, tuple[int, int, int]]) -> UUID | None:
    """The highest ranked; where several share a fineness's top, the best of the next kind up."""
    for fineness in sorted({rank[0] for rank in ranked.values()}, reverse=True):
        level = {area_id: rank for area_id, rank in ranked.items() if rank[0] == fineness}
        top = max(level.values())
        first = [area_id for area_id, rank in level.items() if rank == top]
        if len(first) == 1:
            return first[0]
    return None
