"""Grid rules: coordinates there and back, duties over midnight, stand-ins, chains, names."""

from datetime import UTC, date, datetime, time, timedelta
from math import nan
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.domains.grid import coordinate_rules as c
from backend.domains.grid import duty_rules as d
from backend.domains.grid import name_rules as n

A, B, C = (UUID(int=number) for number in (1, 2, 3))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
chinese_latitudes = st.floats(c.CHINA[1], c.CHINA[3])
chinese_longitudes = st.floats(c.CHINA[0], c.CHINA[2])


@given(latitude=chinese_latitudes, longitude=chinese_longitudes)
@example(latitude=20.5081, longitude=115.3042)
@example(latitude=0.8293, longitude=72.004)
@example(latitude=55.8271, longitude=137.8347)
def test_to_gcj02_and_back_differs_by_less_than_a_centimetre(latitude, longitude):
    there = c.wgs84_to_gcj02(latitude, longitude)
    back = c.gcj02_to_wgs84(*there)
    assert c.distance_m(latitude, longitude, *back) < 0.01
    assert 0 < c.distance_m(latitude, longitude, *there) < 2_000


# Shanghai, Shenzhen, Beijing: the pairs that eviltransform's own tests go by.
@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ],
)
def test_the_shift_is_the_one_that_chinese_maps_use(wgs84, gcj02):
    assert c.distance_m(*c.wgs84_to_gcj02(*wgs84), *gcj02) < 0.01


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(51.5, -0.12), (35.6, 139.7), (-33.9, 18.4), (56.5, 100.0), (nan, 1)],
)
def test_outside_china_nothing_moves(latitude, longitude):
    for change in (c.wgs84_to_gcj02, c.gcj02_to_wgs84):
        found = change(latitude, longitude)
        assert [str(one) for one in found] == [str(latitude), str(longitude)]


def test_just_outside_the_rectangle_a_point_that_nothing_is_shifted_to_stays():
    latitude, longitude = c.CHINA[3] + 0.015, 100.0
    assert c.gcj02_to_wgs84(latitude, longitude) == (latitude, longitude)


def test_systems_by_name():
    point = 20.5, 115.3
    assert c.to_wgs84(*point, c.WGS84) == c.from_wgs84(*point, c.WGS84) == point
    assert c.to_wgs84(*point, c.GCJ02) == c.gcj02_to_wgs84(*point)
    assert c.from_wgs84(*point, c.GCJ02) == c.wgs84_to_gcj02(*point)


def test_distances():
    assert c.distance_m(20, 115, 20, 115) == 0
    assert c.distance_m(0, 0, 1, 0) == pytest.approx(111_195, abs=1)
    assert c.distance_m(0, 0, 0, 180) == pytest.approx(20_015_115, abs=2)


DAY, NIGHT = d.Shift(time(8), time(20)), d.Shift(time(20), time(8))
FRIDAY_NIGHT = d.Shift(time(20), time(8), 1 << 4)


@pytest.mark.parametrize(
    ("shift", "local", "there"),
    [
        (None, datetime(2026, 11, 23, 3, 0), True),
        (DAY, datetime(2026, 11, 23, 8, 0), True),
        (DAY, datetime(2026, 11, 23, 7, 59), False),
        (DAY, datetime(2026, 11, 23, 20, 0), False),
        (NIGHT, datetime(2026, 11, 23, 20, 0), True),
        (NIGHT, datetime(2026, 11, 23, 7, 59), True),
        (NIGHT, datetime(2026, 11, 23, 8, 0), False),
        (FRIDAY_NIGHT, datetime(2026, 11, 27, 23, 0), True),
        (FRIDAY_NIGHT, datetime(2026, 11, 28, 7, 0), True),
        (FRIDAY_NIGHT, datetime(2026, 11, 27, 7, 0), False),
        (FRIDAY_NIGHT, datetime(2026, 11, 28, 23, 0), False),
        (d.Shift(time(8), time(20), 1 << 6), datetime(2026, 11, 23, 9, 0), False),
        (d.Shift(time(0), time(0)), datetime(2026, 11, 23, 0, 0), True),
    ],
)
def test_a_shift_covers_its_hours_and_reaches_over_midnight(shift, local, there):
    assert d.covers(shift, local) is there


@given(at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_day_and_night_together_leave_no_gap_and_no_overlap(at):
    assert d.covers(DAY, at) != d.covers(NIGHT, at)


def test_a_shift_starts_on_its_days():
    assert d.starts_on(None, date(2026, 11, 23))
    assert d.starts_on(FRIDAY_NIGHT, date(2026, 11, 27))
    assert not d.starts_on(FRIDAY_NIGHT, date(2026, 11, 28))


def test_shifts_in_words():
    assert d.shift_text("白班", DAY) == "白班 8:00-20:00"
    assert d.shift_text("夜班", NIGHT) == "夜班 20:00-次日8:00"
    assert d.shift_text("周末", d.Shift(time(9), time(12, 30), 0b110_0000)) == (
        "周末 9:00-12:30（周六日）"
    )
    assert d.weekday_text(d.EVERY_DAY) == "每天"


@pytest.mark.parametrize(
    ("duty", "category", "parent", "takes"),
    [
        (None, "light", "city", True),
        (None, None, None, True),
        ("light", "light", "city", True),
        ("city", "light", "city", True),
        ("light", "city", None, False),
        ("water", "light", "city", False),
        ("light", None, None, False),
    ],
)
def test_a_duty_takes_its_category_and_those_below(duty, category, parent, takes):
    assert d.category_matches(duty, category, parent) is takes


def away(*pairs: tuple[UUID, UUID | None]) -> dict[UUID, d.Absence]:
    hour = timedelta(hours=1)
    return d.away_at([d.Absence(who, NOON - hour, NOON + hour, by) for who, by in pairs], NOON)


def test_a_substitute_stands_in_and_hands_on():
    assert d.stands_in(A, {}) == A
    assert d.stands_in(A, away((A, B))) == B
    assert d.stands_in(A, away((A, B), (B, C))) == C
    assert d.stands_in(A, away((A, None))) is None
    assert d.stands_in(A, away((A, B), (B, A))) is None


def test_an_absence_holds_from_its_start_until_before_its_end():
    absence = d.Absence(A, NOON, NOON + timedelta(hours=1), B)
    assert d.away_at([absence], NOON) == {A: absence}
    assert d.away_at([absence], NOON - timedelta(seconds=1)) == {}
    assert d.away_at([absence], NOON + timedelta(hours=1)) == {}
    later = d.Absence(A, NOON + timedelta(minutes=5), NOON + timedelta(hours=2), C)
    assert d.away_at([later, absence], NOON + timedelta(minutes=10))[A] is later


def test_each_present_once_and_only_who_works():
    assert d.present([A, B, A], away((B, A)), lambda one: True) == [A]
    assert d.present([A, B], away((B, None)), lambda one: True) == [A]
    assert d.present([A, B], {}, lambda one: one != A) == [B]


def test_a_call_climbs_level_by_level_to_the_dispatcher():
    chain = ["worker", "leader", "street"]
    assert d.next_level(chain, "worker") == "leader"
    assert d.next_level(chain, "street") is None
    # Taken out of the chain while the call was waiting there.
    assert d.next_level(chain, "deputy") == "leader"
    assert d.next_level(["worker"], "deputy") is None
    assert d.next_level(chain, "dispatcher") is None


@given(chain=st.sets(st.sampled_from(d.LEVELS), min_size=1), start=st.sampled_from(d.LEVELS))
def test_every_chain_ends(chain, start):
    levels = sorted(chain, key=d.LEVELS.index)
    assert d.chain_problem(levels) is None
    level: str | None = start
    steps = 0
    while level is not None:
        level, steps = d.next_level(levels, level), steps + 1
    assert steps <= len(d.LEVELS)


def test_a_chain_is_not_empty_ordered_and_known():
    assert d.chain_problem([])
    assert d.chain_problem(["worker", "mayor"])
    assert d.chain_problem(["leader", "worker"])
    assert d.chain_problem(["worker", "worker"])


def test_what_is_wrong_with_shifts_and_absences_is_said_by_field():
    assert d.shift_problem(DAY) is None
    assert d.shift_problem(d.Shift(time(8), time(9), 0))[0] == "weekdays"
    assert d.shift_problem(d.Shift(time(8), time(9), 128))[0] == "weekdays"
    assert d.shift_problem(d.Shift(time(8, tzinfo=UTC), time(9)))[0] == "starts"
    day = timedelta(days=1)
    assert d.absence_problem(d.Absence(A, NOON, NOON + day, B)) is None
    assert d.absence_problem(d.Absence(A, NOON, NOON))[0] == "ends_at"
    assert d.absence_problem(d.Absence(A, NOON.replace(year=1), NOON))[0] == "starts_at"
    assert d.absence_problem(d.Absence(A, NOON, NOON + 400 * day))[0] == "ends_at"
    assert d.absence_problem(d.Absence(A, NOON, NOON + day, A))[0] == "substitute_id"


STREET, COMMUNITY, CELL, OTHER = (uuid4() for _ in range(4))
ABOVE = {CELL: [CELL, COMMUNITY, STREET], OTHER: [OTHER, STREET], COMMUNITY: [COMMUNITY, STREET],
         STREET: [STREET]}  # fmt: skip
NAMES = [
    n.Name("越和街道", "street", STREET),
    n.Name("榕荫社区", "community", COMMUNITY),
    n.Name("榕荫里网格", "cell", CELL),
    n.Name("榕荫路", "cell", CELL),
    n.Name("同心里网格", "cell", OTHER),
    n.Name("桥", "cell", OTHER),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("越和街道", STREET),
        ("越和 那边有人吵架", STREET),
        ("榕荫社区门口", COMMUNITY),
        ("榕荫里三栋门口的路灯不亮", CELL),
        ("榕荫路２６号", CELL),
        ("从榕荫里到同心里的路", CELL),
        ("同心里和榕荫里，越和街道", CELL),
        ("过了桥就是", None),
        ("", None),
    ],
)
def test_words_name_the_smallest_area_they_can(text, found):
    assert n.best(text, NAMES, ABOVE.__getitem__) == found


def test_two_areas_equally_close_are_not_guessed():
    twins = [n.Name("幸福里", "cell", CELL), n.Name("幸福里", "cell", OTHER)]
    alone = {CELL: [CELL], OTHER: [OTHER], STREET: [STREET]}.__getitem__
    assert n.best("幸福里", twins, alone) is None
    street = n.Name("越和街道", "street", STREET)
    assert n.best("越和街道幸福里", [*twins, street], alone) == STREET
    named = n.best("榕荫社区幸福里", [*twins, NAMES[1]], ABOVE.__getitem__)
    assert named == CELL
