"""The search engine without a database and without a model."""

import time

import numpy as np
import pytest

from backend.domains.catalog.search import CatalogIndex, Document
from backend.domains.catalog.search_dense import DIMENSION, pack, unpack
from backend.domains.catalog.search_text import MAX_TEXT, fold, grams
from backend.domains.catalog.search_words import read

NAMES = ("社会保障卡挂失", "社会保障卡申领", "居民身份证换领", "结婚登记", "食品经营许可")


def index(*names: str, **kwargs: object) -> CatalogIndex:
    return CatalogIndex([Document(name, name, hint="某局") for name in names or NAMES], **kwargs)


def test_texts_are_folded_to_one_form():
    assert fold("　ＡＢＣ１２ 社會保障卡！") == "abc12 社会保障卡"
    assert fold("，。！") == ""
    assert len(fold("长" * 10_000)) == MAX_TEXT


def test_grams_keep_latin_words_whole():
    singles, pairs = grams("办a4纸 ok")
    assert singles == ["办", "a4", "纸", "ok"]
    assert pairs == ["a4", "ok"]
    assert grams("身份证")[1] == ["身份", "份证"]


def test_rare_characters_and_emoji_do_no_harm():
    assert index("李㐂的𠮷屋登记").search("𠮷屋").keys == ["李㐂的𠮷屋登记"]
    assert index().search("😀").keys == []


def test_everyday_phrases_are_read_longest_first():
    assert read("丢了工作").official == ("失业保险金", "失业登记")
    assert "挂失" in read("社保卡丢了").official
    assert read("社保卡丢了").replaced == ("社保卡", "丢了")
    assert read("社保卡丢了", translate=False).official == ()


def test_fillers_are_dropped_unless_nothing_would_be_left():
    assert read("请问结婚登记怎么办理").plain == "结婚登记"
    assert read("材料").plain == "材料"


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("社保卡丢了", "社会保障卡挂失"),
        ("社會保障卡掛失", "社会保障卡挂失"),
        ("居民生份证换领", "居民身份证换领"),
        ("领证", "结婚登记"),
        ("开饭店", "食品经营许可"),
    ],
)
def test_everyday_words_find_official_names(said: str, first: str):
    assert index().search(said).keys[0] == first


def test_an_alias_counts_as_much_as_the_name():
    one = Document("a", "甲事项", aliases=("挂招牌",))
    other = Document("b", "乙事项")
    assert CatalogIndex([other, one]).search("挂招牌").keys == ["a"]


def test_a_blank_query_and_an_empty_catalogue_find_nothing():
    for query in ("", "   ", "！？"):
        assert index().search(query).keys == []
        assert index().suggest(query) == []
    assert CatalogIndex([]).search("结婚").keys == []
    assert CatalogIndex([]).suggest("结婚") == []


def test_the_answer_says_when_it_was_relaxed():
    assert not index().search("结婚登记").relaxed
    assert not index().search("社保卡丢了").relaxed
    assert index().search("结婚旅行团价格查询").relaxed


def test_equals_are_ordered_nearest_first():
    far = Document("far", "弩的制造审批", nearness=0)
    near = Document("near", "弩的制造审批", nearness=2)
    assert CatalogIndex([far, near]).search("弩的制造").keys == ["near", "far"]


class Directions:
    """A model for tests: each known text is a direction of its own."""

    def __init__(self, **same: str) -> None:
        self._same = same

    def embed(self, text: str) -> np.ndarray:
        vector = np.full(DIMENSION, 0.01, dtype=np.float32)
        vector[hash(self._same.get(text, text)) % DIMENSION] = 1.0
        return vector / np.linalg.norm(vector)


def test_meaning_finds_what_words_do_not():
    model = Directions(老伴走了="注销户口")
    documents = [
        Document(name, name, vectors=model.embed(name)[None, :])
        for name in ("注销户口", "结婚登记")
    ]
    documents.append(Document("新事项", "新事项"))
    answer = CatalogIndex(documents, model).search("老伴走了")
    assert answer.keys[0] == "注销户口"
    assert CatalogIndex(documents).search("老伴没了呀").keys == []


def test_an_item_without_vectors_is_found_by_its_words():
    model = Directions()
    documents = [
        Document("结婚登记", "结婚登记", vectors=model.embed("结婚登记")[None, :]),
        Document("离婚登记", "离婚登记"),
    ]
    assert CatalogIndex(documents, model).search("离婚登记").keys[0] == "离婚登记"


def test_vectors_survive_storage():
    vectors = np.stack([Directions().embed("甲"), Directions().embed("乙")])
    assert np.allclose(unpack(pack(list(vectors))), vectors, atol=1e-3)


def test_suggestions_complete_what_is_typed():
    names = [s.name for s in index().suggest("社会")]
    assert names == ["社会保障卡挂失", "社会保障卡申领"]
    assert [s.name for s in index().suggest("婚")] == ["结婚登记"]
    assert index().suggest("量子力学") == []
    assert len(index(*(f"结婚登记{n}" for n in range(30))).suggest("结婚")) == 8


def test_a_suggestion_says_why_it_is_offered():
    only = CatalogIndex([Document("a", "社会保障卡挂失", aliases=("社保卡丢了",), hint="人社局")])
    assert only.suggest("社保卡丢")[0].hint == "社保卡丢了"
    assert only.suggest("社会保障")[0].hint == "人社局"


def test_typing_is_answered_at_once_with_3400_items():
    documents = [
        Document(str(n), f"{name}第{n}号", aliases=(f"{name}{n}",), body=name * 10)
        for n in range(680)
        for name in NAMES
    ]
    built = CatalogIndex(documents)
    times = []
    for typed in (
        "社",
        "社保",
        "社保卡",
        "社保卡丢",
        "身份证",
        "结婚登",
        "食品经营许可",
        "换领",
    ) * 5:
        start = time.perf_counter()
        built.suggest(typed)
        times.append(time.perf_counter() - start)
    assert np.percentile(times, 95) <= 0.05
