"""The pure parts of the search: terms, passages, readings, marks and features."""

from hypothesis import given
from hypothesis import strategies as st

from backend.domains.retrieval import (
    letter_rules,
    marking_rules,
    passage_rules,
    query_rules,
    ranking_rules,
    term_rules,
)
from backend.domains.retrieval.marking_rules import Part


def test_terms_are_pairs_words_and_what_stands_around_numbers():
    assert term_rules.pairs("社保卡 a3区 王") == ["社保", "保卡", "a3", "区", "王"]
    assert term_rules.singles("社保 pos机") == ["社", "保", "pos", "机"]
    assert term_rules.joined("在a3区 12号 x") == ["a3区", "在a3", "12号"]
    assert term_rules.joined("") == []
    assert term_rules.joined("12 34号") == ["34号"]


@given(st.text(alphabet="社保卡。\n 好a1，", max_size=400), st.integers(5, 40), st.integers(2, 9))
def test_passages_lose_nothing_and_stay_few(text, size, most):
    found = passage_rules.passages(text, size, most)
    assert all(found)
    whole = passage_rules.tidy(text)
    assert "".join("".join(found).split()) == "".join(whole.split())
    assert len(found) <= most


def test_a_passage_ends_with_a_sentence_or_a_pause_where_it_can():
    assert passage_rules.passages("甲乙丙丁戊。己庚辛壬癸子丑", 8) == [
        "甲乙丙丁戊。",
        "己庚辛壬癸子丑",
    ]
    assert passage_rules.passages("甲乙丙丁戊，己庚辛壬癸子丑", 8) == [
        "甲乙丙丁戊，",
        "己庚辛壬癸子丑",
    ]
    assert passage_rules.passages("甲" * 10, 8) == ["甲" * 8, "甲甲"]


def test_a_lead_is_short_and_no_sentence():
    assert passage_rules.lead("停水通知 明天停水") == "停水通知"
    assert passage_rules.lead("明天停水。请备水 谢谢") == ""
    assert passage_rules.lead("甲" * 80) == ""


def test_letters_lose_their_courtesies_unless_nothing_is_left():
    letter = "网友“U1”您好！您的留言已收悉。现将有关情况回复如下：路灯已修。感谢您的支持与监督！"
    assert letter_rules.without_courtesies(letter + "2019年1月3日") == "路灯已修。"
    assert letter_rules.without_courtesies("2019年1月3日") == "2019年1月3日"


def test_questions_lose_what_says_nothing_unless_nothing_is_left():
    assert query_rules.plain_words("请问居住证怎么办理") == "居住证"
    assert query_rules.plain_words("居住证怎么办理需要什么材料") == "居住证 需要 材料"
    assert query_rules.plain_words("怎么") == "怎么"


def test_the_longest_everyday_phrase_counts():
    words = {"社保": ("社会保险",), "社保卡": ("社会保障卡",), "丢了": ("挂失", "补领")}
    reading = query_rules.read("社保卡丢了", words)
    assert reading.official == ("社会保障卡", "挂失", "补领")
    assert reading.replaced == ("社保卡", "丢了")
    assert query_rules.read("社保卡丢了", {}).official == ()
    assert query_rules.read("新办社保", words).official == ("社会保险",)


def test_short_queries_are_met_whole_and_long_ones_in_part():
    assert [query_rules.at_least(count) for count in (1, 2, 3, 20)] == [1, 2, 1, 1]
    assert [query_rules.counts_from(count) for count in (1, 2, 3, 20)] == [1, 2, 2, 6]
    assert query_rules.weights("a3区路灯") == {"a3": 1, "区路": 1, "路灯": 1, "a3区": 1}
    assert query_rules.single_weights("路灯") == {"路": 1, "灯": 1}


def test_marks_join_into_the_text_again():
    assert marking_rules.marked("挂失社保卡", "挂失社保卡", ["社保卡"]) == [
        Part("挂失", False),
        Part("社保卡", True),
    ]
    assert marking_rules.marked("", "", ["社保"]) == []


def test_a_snippet_is_where_most_words_are():
    texts = ["无关" * 50, "前言" * 60 + "社保卡挂失要带身份证" + "后记" * 40]
    parts = marking_rules.snippet(texts, texts, ["社保卡挂失"])
    assert parts[0] == Part("…", False) == parts[-1]
    assert Part("社保卡挂失", True) in parts
    assert sum(len(part.text) for part in parts) <= marking_rules.LONGEST + 2
    assert marking_rules.snippet(["无关"], ["无关"], ["社保"]) == [Part("无关", False)]


def rarity(term: str) -> float:
    return 3.0 if "社" in term else 1.0


def test_features_prefer_words_that_stand_together():
    question = ranking_rules.asked("社保卡 挂失", ["卡挂"], rarity)
    assert question.runs == {"社保卡": 3.0}
    near = ranking_rules.Text("", ["社保卡挂失", "其他"], 1.0)
    far = ranking_rules.Text("", ["社保", "其他" * 20, "其他" * 20, "卡挂失"], 1.0)
    first, second = (
        ranking_rules.total(ranking_rules.features(question, one, 20.0, rarity))
        for one in (near, far)
    )
    assert first > second


def test_a_title_that_says_the_same_counts_and_nothing_is_no_error():
    question = ranking_rules.asked("社保卡挂失", [], rarity)
    same = ranking_rules.features(question, ranking_rules.Text("社保卡挂失", [], 0), 1, rarity)
    assert same["title"] == 1.0
    none = ranking_rules.features(
        ranking_rules.asked("", [], rarity), ranking_rules.Text("", [], 0), 0, rarity
    )
    assert none["pairs"] == none["title"] == none["window"] == 0
