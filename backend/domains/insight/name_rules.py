"""Names of places, firms and projects in a segmented title. Pure.

Names are what tells two matters of one kind apart: 麻将馆扰民 here and there are two matters.
A name is a run of words that ends like a place (小区, 路, 公司 …); no list of names is needed.
"""

from collections.abc import Iterable, Sequence

_END_WORDS = (
    "小区 花园 家园 嘉园 佳苑 苑 府 公馆 公寓 庭院 华庭 广场 大厦 国际 新城 城 湾 公园 大道 路 街道 街 巷 "
    "站 公司 学校 中学 小学 幼儿园 学院 大学 医院 社区 村 镇 组 号线 市场 隧道 桥 湖 酒店 楼盘 大院 宿舍 "
    "中心 郡 园 坊 阁 轩 居 墅 里 庄 岭"
)
_ENDS = tuple(_END_WORDS.split())
# Words that stand before a name and do not belong to it.
_BEFORE_WORDS = (
    "关于 请问 请求 咨询 投诉 举报 反映 建议 希望 反应 恳请 要求 强烈 再次 位于 对 在 请 的 与 和 由 到 从 为 "
    "被 是 了 及 问题 我 你 市民 业主 居民 附近 旁边 旁 这个 该 一个 有 将 把 给 至 往 向 等 让 使 其 内 里 处 "
    "以 某 什么 如何 尽快 解决 处理 加快 能否 何时 多个 整个 很多 小区 社区 我们 开发商 物业 惊 坚决 反对 质疑 "
    "严惩 求 望 盼 急 帮助 领导 政府 部门 新建 修建 建 无良 黑心"
)
_BEFORE = frozenset(_BEFORE_WORDS.split())
# What looks like a name and is only a kind of place.
_KIND_WORDS = (
    "地铁站 公交站 加油站 安置小区 安置区 配套幼儿园 民办学校 搅拌站 垃圾站 菜市场 公交车站 实验中学 "
    "实验小学 幼儿园 一条路 人行道路 老旧小区 变电站"
)
_KINDS = frozenset(_KIND_WORDS.split())
_WORDS_BEFORE, _LONGEST, _SHORTEST = 4, 10, 3
# Tags of segmenters after jieba: prepositions, conjunctions, particles, pronouns, adverbs.
_SMALL_WORDS = "pcurdy"


def names(words: Sequence[tuple[str, str]]) -> set[str]:
    """The names in one run of (word, part of speech) without punctuation in between."""
    found = set()
    for place, (word, _) in enumerate(words):
        if word.endswith(_ENDS):
            name = _grown(word, words[:place])
            if len(name) >= _SHORTEST and name not in _KINDS:
                found.add(name)
    return found


def pairs(texts: Iterable[str]) -> set[str]:
    """All pairs of neighbouring characters in the texts."""
    return {text[at : at + 2] for text in texts for at in range(len(text) - 1)}


def _grown(name: str, before: Sequence[tuple[str, str]]) -> str:
    """`name` with the words before it that belong to it."""
    for word, tag in reversed(before[-_WORDS_BEFORE:]):
        ends_name = len(word) > 1 and word.endswith(_ENDS)
        stops = word in _BEFORE or tag[:1] in _SMALL_WORDS
        if stops or ends_name or len(name) >= _LONGEST:
            break
        name = word + name
    return name
