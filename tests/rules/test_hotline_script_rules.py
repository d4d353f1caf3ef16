"""A script's parts are read from its headings."""

from backend.domains.hotline.script_rules import Parts, parts

TEXT = """## 问

- 哪个小区？
1. 从什么时候开始？

## 要说

请先关总阀。
- 人到屋外。

### 记
- 地点：
* 时间：
"""


def test_each_heading_begins_a_part_and_marks_of_lists_fall_away():
    assert parts(TEXT) == Parts(
        ["哪个小区？", "从什么时候开始？"], "请先关总阀。\n- 人到屋外。", "地点：\n时间："
    )


def test_without_headings_all_of_it_is_said():
    assert parts("请稍等。\n\n马上查。") == Parts([], "请稍等。\n马上查。", "")
    assert parts("") == Parts([], "", "")
