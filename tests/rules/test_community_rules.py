"""What the rules of the register promise."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.community import import_rules, rules
from backend.domains.community.import_rules import Refused

TODAY = date(2026, 11, 23)


@given(st.lists(st.uuids(), min_size=1, max_size=6), st.randoms())
def test_a_party_is_its_set_of_owners_in_whatever_order(ids, random):
    mixed = [*ids, ids[0]]
    random.shuffle(mixed)
    assert rules.key_of(mixed) == rules.key_of(ids)
    assert rules.key_of([*ids, uuid4()]) != rules.key_of(ids)


def test_of_age_from_the_eighteenth_birthday():
    born = date(2008, 11, 23)
    assert rules.adult(born, TODAY)
    assert not rules.adult(born + timedelta(days=1), TODAY)
    assert not rules.adult(date(2008, 12, 1), TODAY)
    assert rules.adult(date(1999, 12, 31), TODAY)


@pytest.mark.parametrize(
    ("text", "centi"),
    [
        ("89.35", 8935), (" 89.3 ", 8930), ("89", 8900), ("0.01", 1), ("89.35㎡", 8935),
        ("100 000", None), ("0", None), ("0.00", None), ("-3", None), ("89.355", None),
        ("", None), ("abc", None), ("100000.01", None), ("100000", 10_000_000),
    ],
)  # fmt: skip
def test_areas_are_exact_hundredths(text, centi):
    assert rules.area_centi(text) == centi


@given(st.integers(1, rules.AREA_MOST_CENTI))
def test_an_area_reads_back_as_it_was_written(centi):
    assert rules.area_centi(rules.area_text(centi)) == centi


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("3-2-501", "3-2-501"), (" 3－2－501 ", "3-2-501"), ("3/2/501", "3-2-501"),
        ("a座-501", "A座-501"), ("车位 12", "车位-12"), ("", None), ("--", None),
        ("1-2-3-4-5-6", None), ("x" * 41, None), ("3栋<b>", None),
    ],
)  # fmt: skip
def test_a_room_has_one_label_however_it_is_written(text, label):
    assert rules.label_of(text) == label


def test_a_companys_number():
    assert rules.company_problem("91440101MA5ABCDE12") is None
    assert rules.company_problem("91440101MA5ABCDEI2")
    assert rules.company_problem("123")


def proxy(**changed):
    given_ = {
        "topic": True, "until": None, "today": TODAY, "same_person": False, "held": 0, "most": 3,
    }  # fmt: skip
    return rules.proxy_problem(**{**given_, **changed})


def test_a_proxy_is_for_one_topic_or_until_a_day():
    assert proxy() is None
    assert proxy(topic=False, until=TODAY) is None
    assert proxy(topic=False, until=TODAY + rules.PROXY_LONGEST) is None
    assert "一件议题" in proxy(topic=False)
    assert "一件议题" in proxy(until=TODAY)
    assert "到期日" in proxy(topic=False, until=TODAY - timedelta(days=1))
    assert "到期日" in proxy(topic=False, until=TODAY + timedelta(days=367))


def test_nobody_is_the_own_proxy_and_nobody_holds_too_many():
    assert "自己" in proxy(same_person=True)
    assert proxy(held=2) is None
    assert "最多3份" in proxy(held=3)


def test_when_a_proxy_may_be_used():
    assert rules.in_force(rules.CONFIRMED, None, TODAY)
    assert rules.in_force(rules.CONFIRMED, TODAY, TODAY)
    assert not rules.in_force(rules.CONFIRMED, TODAY - timedelta(days=1), TODAY)
    assert not rules.in_force(rules.GIVEN, None, TODAY)


def test_how_long_something_waits():
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert rules.waiting_text(now - timedelta(hours=23), now) == "今天提交"
    assert rules.waiting_text(now - timedelta(days=2), now) == "已等2天"


@pytest.mark.parametrize(
    "table",
    [rules.RESIDENCE_TRANSITIONS, rules.TRANSFER_TRANSITIONS, rules.PROXY_TRANSITIONS],
)
def test_every_step_belongs_to_somebody(table):
    assert all(way.who for way in table.values())
    refusals = [way for (_, action), way in table.items() if action in ("refuse", "end")]
    assert refusals and all("reason" in way.needs for way in refusals)


ROW = {"building": "3栋", "entrance": "2单元", "label": "3-2-501", "storey": "5", "area": "89.35"}


def test_a_row_says_what_its_room_is():
    room = import_rules.room_of(ROW)
    assert (room.label, room.storey, room.area_centi, room.use) == ("3-2-501", 5, 8935, "home")
    assert room.in_roll and room.storeys is None and room.has_lift is None
    more = import_rules.room_of({**ROW, "storeys": "7层", "has_lift": "无", "storey": ""})
    assert (more.storeys, more.has_lift, more.storey) == (7, False, 1)


def test_a_bare_number_becomes_the_name_of_a_building_and_an_entrance():
    bare = import_rules.room_of({**ROW, "building": "3", "entrance": "2"})
    assert (bare.building, bare.entrance) == ("3栋", "2单元")
    named = import_rules.room_of({**ROW, "building": "东区A座", "entrance": ""})
    assert (named.building, named.entrance) == ("东区A座", "")


def test_a_parking_space_counts_only_where_the_file_says_so():
    assert not import_rules.room_of({**ROW, "use": "车位"}).in_roll
    assert import_rules.room_of({**ROW, "use": "车位", "in_roll": "是"}).in_roll
    assert not import_rules.room_of({**ROW, "in_roll": "否"}).in_roll


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"building": ""}, "楼栋"), ({"entrance": "x" * 41}, "单元"), ({"label": "?"}, "房号"),
        ({"area": "0"}, "面积"), ({"use": "仓库"}, "用途"), ({"storey": "五"}, "整数"),
        ({"storey": "999"}, "楼层"), ({"storeys": "-2"}, "总层数"), ({"has_lift": "也许"}, "电梯"),
    ],
)  # fmt: skip
def test_a_wrong_row_says_what_is_wrong(changed, said):
    with pytest.raises(Refused, match=said):
        import_rules.room_of({**ROW, **changed})


def test_who_a_row_names():
    assert import_rules.role_of({}) == import_rules.OWNER
    assert import_rules.role_of({"role": "户籍成员"}) == import_rules.MEMBER
    with pytest.raises(Refused, match="身份"):
        import_rules.role_of({"role": "邻居"})
    assert import_rules.party_member({"party_member": "是"})
    assert not import_rules.party_member({})


def test_a_company_is_told_by_its_letters_or_by_the_file():
    assert import_rules.owner_kind({"number": "91440101MA5ABCDE12"}) == rules.COMPANY
    assert import_rules.owner_kind({"number": "99990119800101002X"}) == rules.PERSON
    assert import_rules.owner_kind({"number": "1", "kind": "单位"}) == rules.COMPANY
    assert import_rules.owner_kind({}) == rules.PERSON
    with pytest.raises(Refused, match="类型"):
        import_rules.owner_kind({"kind": "其他"})
