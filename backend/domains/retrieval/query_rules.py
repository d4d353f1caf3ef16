"""What a query means for the index: the words that count, and how much.

Letters and questions are full of words that say nothing about their matter; they are taken out
where something is left without them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.domains.retrieval.term_rules import joined, pairs, singles

MOST_CHARACTERS = 120
LEAST_LEFT = 2
# All of so few pairs must be met; of more, this part.
SHORT = 2
SHARE = 0.3
OFFICIAL = 0.6
SOUND = 0.5
_COURTESY = (
    "网友您好", "您的留言已收悉", "现将有关情况回复如下", "感谢您对我们工作的支持理解与监督",
    "尊敬的领导", "您好", "你好", "请问", "谢谢", "麻烦", "咨询一下", "想咨询", "我想问",
    "想问一下", "想了解", "帮我", "我要", "我想",
)  # fmt: skip
_ASKING = (
    "有哪些", "是什么", "怎么办理", "如何办理", "怎样办理", "怎么办", "怎么样", "什么时候",
    "为什么", "多少钱", "有没有", "能不能", "可不可以", "是不是", "怎么", "怎样", "如何", "什么",
    "哪些", "哪里", "哪儿", "咋", "吗", "呢", "吧", "啊",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A query understood: its words without what says nothing, and official ones for them."""

    plain: str
    official: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()


def plain_words(folded: str) -> str:
    """The query without courtesies and question words, as long as something is left of it."""
    text = folded
    for filler in sorted((*_COURTESY, *_ASKING), key=len, reverse=True):
        without = " ".join(text.replace(filler, " ").split())
        if len(without.replace(" ", "")) >= min(LEAST_LEFT, len(folded.replace(" ", ""))):
            text = without
    return text[:MOST_CHARACTERS].strip()


def read(folded: str, everyday: Mapping[str, Sequence[str]]) -> Reading:
    """Read a folded query; of everyday phrases the longest ones count, from left to right."""
    text = plain_words(folded)
    longest = max(map(len, everyday), default=0)
    official: list[str] = []
    replaced: list[str] = []
    place = 0
    while place < len(text):
        for length in range(min(longest, len(text) - place), 0, -1):
            phrase = text[place : place + length]
            if phrase in everyday:
                official.extend(everyday[phrase])
                replaced.append(phrase)
                place += length
                break
        else:
            place += 1
    return Reading(text, tuple(dict.fromkeys(official)), tuple(replaced))


def weights(plain: str) -> dict[str, float]:
    """The pairs of a query, each with its weight."""
    found = dict.fromkeys(pairs(plain), 1.0)
    found.update(dict.fromkeys(joined(plain), 1.0))
    return found


def single_weights(plain: str) -> dict[str, float]:
    """The single characters of a query, each with its weight."""
    return dict.fromkeys(singles(plain), 1.0)


def at_least(count: int) -> int:
    """How many of `count` pairs a document must have to be ranked.

    One is enough of a longer query: answers use other words than questions.
    """
    return count if count <= SHORT else 1


def counts_from(count: int) -> int:
    """How many of `count` pairs a document must have to be counted as found."""
    return count if count <= SHORT else max(SHORT, round(SHARE * count))
