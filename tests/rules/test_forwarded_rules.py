"""What was copied from a WeChat group is read message by message."""

import pytest

from backend.domains.dispatch.forwarded_rules import MOST_LINES, Line, parse


def test_names_and_times_on_their_own_lines() -> None:
    text = (
        "和平社区 李姐 2026/11/22 9:31\n路口井盖坏了\n小心\n\n老王 9:35\n我家楼道灯也不亮\n[图片]\n"
    )
    assert parse(text) == [
        Line("和平社区 李姐", "2026/11/22 9:31", "路口井盖坏了\n小心"),
        Line("老王", "9:35", "我家楼道灯也不亮"),
    ]


def test_a_name_and_a_colon_on_each_line() -> None:
    text = "李姐: 路口井盖坏了\n老王：楼道灯不亮\n还很黑\n\n谢谢大家"
    assert parse(text) == [
        Line("李姐", "", "路口井盖坏了"),
        Line("老王", "", "楼道灯不亮\n还很黑"),
        Line("", "", "谢谢大家"),
    ]


def test_words_alone_are_one_message() -> None:
    assert parse("和平路口井盖坏了\r\n请来看看") == [Line("", "", "和平路口井盖坏了\n请来看看")]


def test_a_colon_inside_timed_words_starts_nothing() -> None:
    assert parse("李姐 9:31\n地点：和平路12号") == [Line("李姐", "9:31", "地点：和平路12号")]


def test_a_clock_is_no_name() -> None:
    assert parse("今天8:30停水了") == [Line("", "", "今天8:30停水了")]


@pytest.mark.parametrize("text", ["", "  \n \n", "[图片]\n[语音]"])
def test_nothing_said_is_nothing(text: str) -> None:
    assert parse(text) == []


def test_only_so_many_are_read() -> None:
    assert len(parse("\n".join(f"张{n}子: 第{n}件事" for n in range(300)))) == MOST_LINES
