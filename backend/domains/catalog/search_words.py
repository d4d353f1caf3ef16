"""Everyday words and the official words that item names use for the same thing.

The table (`everyday_words.json`) was written for this project from general knowledge of civic
Chinese; `said` are ways to say it, `official` the words to look for as well.
"""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from backend.domains.catalog.search_text import fold

_TABLE = Path(__file__).with_name("everyday_words.json")
# Words around a request that say nothing about the item asked for.
_FILLERS = (
    "怎么办理", "如何办理", "怎样办理", "怎么办", "咋办", "怎么", "怎样", "如何", "咋",
    "我要", "我想", "想要", "我的", "请问", "帮我", "需要什么", "要什么", "带什么", "有什么",
    "什么时候", "多少钱", "有没有", "能不能", "可不可以", "可以", "一个", "一家", "一下",
    "在哪里", "在哪儿", "去哪里", "去哪", "哪里", "哪儿", "在哪",
    "材料", "手续", "流程", "办理", "申办", "要办", "想办", "吗", "呢", "啊", "呀", "吧", "啦",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A query as understood: what is left of the words said, and the official words for them."""

    plain: str
    official: tuple[str, ...]
    replaced: tuple[str, ...]


@cache
def table() -> tuple[dict[str, tuple[str, ...]], int]:
    """Folded everyday phrases with the official words for each, and the longest one's length."""
    phrases: dict[str, tuple[str, ...]] = {}
    for group in json.loads(_TABLE.read_text(encoding="utf-8")):
        official = tuple(dict.fromkeys(fold(word) for word in group["official"]))
        for said in group["said"]:
            phrase = fold(said)
            phrases[phrase] = tuple(dict.fromkeys(phrases.get(phrase, ()) + official))
    return phrases, max(map(len, phrases))


@lru_cache(maxsize=4096)
def read(folded: str, *, translate: bool = True) -> Reading:
    """Read a folded query: drop fillers, then find the longest everyday phrases left to right."""
    text = folded
    for filler in sorted(_FILLERS, key=len, reverse=True):
        if len(text.replace(filler, "").replace(" ", "")) >= 2:
            text = text.replace(filler, " ")
    text = " ".join(text.split())
    if not translate:
        return Reading(text, (), ())
    phrases, longest = table()
    official: list[str] = []
    replaced: list[str] = []
    position = 0
    while position < len(text):
        for length in range(min(longest, len(text) - position), 0, -1):
            phrase = text[position : position + length]
            if phrase in phrases:
                official.extend(phrases[phrase])
                replaced.append(phrase)
                position += length
                break
        else:
            position += 1
    return Reading(text, tuple(dict.fromkeys(official)), tuple(replaced))
