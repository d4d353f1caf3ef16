"""What another caller may read of a closed ticket holds nobody's name or number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.hotline.scrub_rules import scrub


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("打13800138000找我", "打（号码略）找我"),
        ("座机0755-8888 1234转2", "座机（号码略）转2"),
        ("身份证11010119900307123X不对", "身份证（号码略）不对"),
        ("编号H261123-482073-5", "编号（号码略）"),
        ("卡号6222 0200 1111 2222 333", "卡号（号码略）"),
        ("发到wang.xl@example.org", "发到（号码略）"),
        ("加我微信 wxl_1964 说", "加我微信（号码略） 说"),
        ("车牌粤B·A1234停在门口", "车牌（车牌略）停在门口"),
        ("我叫王秀兰，住和平路12号3栋2单元502室", "我叫某某，住和平路某号某栋某单元某室"),
        ("三栋二单元五零二室漏水", "某栋某单元某室漏水"),
        ("李女士和张某某先生都反映", "某女士和某先生都反映"),
        ("请拨打12345或12333", "请拨打12345或12333"),
        ("2026年补了15000元，打了3次", "2026年补了15000元，打了3次"),
        ("地铁3号线2号口的房屋漏水", "地铁3号线某号口的房屋漏水"),
        ("岭府办2026年第3号文", "岭府办2026年第3号文"),
        ("", ""),
    ],
)
def test_names_and_numbers_go_and_the_matter_stays(before: str, after: str) -> None:
    assert scrub(before) == after


def test_known_names_go_wherever_they_stand() -> None:
    assert scrub("陈志远说陈志远的邻居陈志远华也在", ["陈志远", "陈志远华", "李"]) == (
        "某某说某某的邻居某某也在"
    )


PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
WORDS = st.text(alphabet="路灯不亮请来看看，。、 ", max_size=12)


@given(WORDS, PHONES, WORDS)
def test_no_phone_survives(before: str, phone: str, after: str) -> None:
    assert phone not in scrub(f"{before}{phone}{after}")
    spaced = f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    assert phone[7:] not in scrub(f"{before}{spaced}{after}")
