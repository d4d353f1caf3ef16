"""Examples for a district that has closed no events yet: its categories' words, and our own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from backend.domains.routing.ports import Kind

# Frames around keywords, so that a bare keyword is not the only way a category is spoken of.
_FRAMES = ("{}", "这里有{}", "反映{}的问题", "{}没人管", "{}，请处理")


@dataclass(frozen=True, slots=True)
class Row:
    """One example: the text, its label, and when its event closed (None: made up).

    `spoken` tells whether somebody would say it so; keywords in a frame are not.
    """

    text: str
    label: str
    closed_at: datetime | None = None
    spoken: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """Made-up sentences about one thing, and what categories about it are called."""

    names: tuple[str, ...]
    sentences: tuple[str, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """Our own example sentences, for districts whose categories are called something like it."""
    path = Path(__file__).with_name("seed_examples.json")
    found = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Topic(tuple(row["names"]), tuple(row["sentences"])) for row in found)


def seed_rows(kinds: Sequence[Kind]) -> list[Row]:
    """Examples for a district without data: names, keywords, hints and our own sentences."""
    rows: list[Row] = []
    for kind in kinds:
        words = dict.fromkeys((kind.name, *kind.keywords))
        texts = [frame.format(word) for word in words for frame in _FRAMES]
        texts += [kind.hint] if kind.hint else []
        rows += [Row(text, kind.code, spoken=False) for text in dict.fromkeys(texts)]
    for topic in topics():
        if (code := category_about(topic, kinds)) is not None:
            rows += [Row(sentence, code) for sentence in topic.sentences]
    return rows


def category_about(topic: Topic, kinds: Sequence[Kind]) -> str | None:
    """The category whose name holds the topic's most telling name; else one with such a keyword.

    None where there is none: sentences under the wrong category do more harm than good.
    """
    for name in topic.names:
        named = [kind for kind in kinds if name in kind.name]
        if named:
            return min(named, key=lambda kind: len(kind.name)).code
    for name in topic.names:
        for kind in kinds:
            if name in kind.keywords:
                return kind.code
    return None
