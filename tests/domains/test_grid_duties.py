"""Who is on duty: duties of cells and what lies above, shifts, absences, departments, chains."""

from datetime import datetime, timedelta

import pytest

from backend.demo.register import staff_id
from backend.domains.grid import boards, duty, service
from backend.domains.grid.model import Area, Duty, DutyAbsence, EscalationChain
from backend.domains.identity.staff_model import StaffAccount
from backend.kernel.access import PUBLIC, Grant, Principal
from backend.kernel.clock import SHANGHAI
from backend.kernel.ids import stable_id
from tests.grid_world import db, demo, grid_database  # noqa: F401 - fixtures

YUEHE, RONGAN = stable_id("street", "yuehe"), stable_id("street", "rongan")
CELL = stable_id("area", "yuehe-01-01")
FAR = stable_id("area", "rongan-01-01")
CGJ = stable_id("department", "cgj")
DAY = datetime(2026, 11, 30, 10, 0, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 11, 30, 23, 0, tzinfo=SHANGHAI)


@pytest.fixture
def names(uow):
    """`names("worker", cell_id=CELL)`: who is on duty there."""

    def ask(level, at=DAY, category=None, parent=None, cell_id=CELL, street_id=YUEHE):
        found = service.on_duty(
            uow, cell_id=cell_id, street_id=street_id, category_code=category,
            parent_category=parent, at=at, level=level,
        )  # fmt: skip
        return [one.name for one in found]

    return ask


def duty_of(name, level="worker", area=CELL, **more):
    return Duty(area_id=area, staff_id=staff_id(name), level=level, **more)


@pytest.mark.parametrize("at", [DAY, NIGHT])
def test_every_cell_of_every_street_has_somebody_at_each_level_day_and_night(uow, clock, at):
    clock.set(at)
    uow.now = clock.now()
    everywhere = Principal(PUBLIC, grants=(Grant("dispatcher", frozenset({"events.view"})),))
    cells = []
    for street in service.areas(uow, "street"):
        street_id = service.cell(uow, street.id).street_id
        cells += boards.now(uow, everywhere, street_id)["items"]
    assert len(cells) == 60
    assert all(level["people"] for cell in cells for level in cell["levels"])


def test_the_nearest_duty_comes_first_and_shifts_take_turns(names):
    assert names("worker") == ["陈强", "周文"]
    assert names("worker", NIGHT) == ["陈强", "吴海燕"]
    assert names("leader") == ["赵刚"]


def test_without_a_cell_the_street_s_own_duties_count(names):
    assert names("worker", cell_id=None) == ["周文"]
    assert names("worker", cell_id=None, street_id=None) == []
    assert names("street", cell_id=stable_id("area", "gone")) == ["林芳"]


def test_a_duty_for_a_category_takes_it_and_those_below(uow, names):
    uow.session.add(duty_of("zhaogang", category_code="city"))
    uow.session.flush()
    assert "赵刚" in names("worker", category="light", parent="city")
    assert "赵刚" in names("worker", category="city")
    assert "赵刚" not in names("worker", category="water", parent="utility")
    assert "赵刚" not in names("worker")


def absence(name, by=None, start=DAY, hours=4):
    return DutyAbsence(
        staff_id=staff_id(name), substitute_id=staff_id(by) if by else None,
        starts_at=start, ends_at=start + timedelta(hours=hours), reason="",
    )  # fmt: skip


def test_a_substitute_takes_the_duty_and_the_cells(uow, names):
    uow.session.add(absence("chenqiang", "zhaogang"))
    uow.session.flush()
    assert names("worker") == ["赵刚", "周文"]
    assert names("worker", DAY - timedelta(minutes=1)) == ["陈强", "周文"]
    assert names("worker", DAY + timedelta(hours=4)) == ["陈强", "周文"]
    assert service.cells_of(uow, staff_id("chenqiang"), DAY) == set()
    assert CELL in service.cells_of(uow, staff_id("zhaogang"), DAY)


def test_somebody_away_without_a_substitute_leaves_the_others(uow, names):
    uow.session.add_all([absence("chenqiang"), absence("zhaogang")])
    uow.session.flush()
    assert names("worker") == ["周文"]
    assert names("leader") == []


def test_an_account_out_of_use_is_not_on_duty(uow, names):
    uow.session.get_one(StaffAccount, staff_id("chenqiang")).state = "disabled"
    uow.session.flush()
    assert names("worker") == ["周文"]


def test_a_substitute_stands_in_only_while_the_other_is_away(uow, clock):
    clock.set(DAY)
    uow.now = clock.now()
    before = service.duties_of(uow, staff_id("rongan.wg4"))
    uow.session.add(absence("zhaogang", "rongan.wg4"))
    uow.session.flush()
    during = service.duties_of(uow, staff_id("rongan.wg4"))
    assert len(before) == 13 and len(during) == 27
    uow.now += timedelta(hours=5)
    assert service.duties_of(uow, staff_id("rongan.wg4")) == before


def test_duties_are_all_cells_at_any_hour_and_cells_those_of_now(uow):
    night = staff_id("yuehe.wg2")
    assert len(service.duties_of(uow, night)) == 14
    assert service.cells_of(uow, night, DAY) == set()
    assert len(service.cells_of(uow, night, NIGHT)) == 14
    assert service.duties_of(uow, staff_id("hemin")) == set()


def test_who_is_on_duty_carries_the_phone_s_person(uow):
    found = service.on_duty(
        uow, cell_id=CELL, street_id=YUEHE, category_code=None, at=DAY, level="worker"
    )
    assert [one.person_id is not None for one in found] == [True, False]


def test_a_department_answers_by_roster_or_by_all_its_handlers(uow):
    assert [one.name for one in service.department_on_duty(uow, CGJ, DAY)] == ["高波"]
    night_only = duty.rows_of_department(uow, CGJ)[0].duty
    night_only.shift_id = stable_id("duty-shift", "night")
    uow.session.flush()
    # Nobody's shift, and yet a whistle must reach somebody.
    assert [one.name for one in service.department_on_duty(uow, CGJ, DAY)] == ["高波"]
    assert service.department_on_duty(uow, stable_id("department", "mzj"), DAY) == []


def test_a_street_climbs_by_its_own_chain_or_the_district_s(uow):
    assert service.chain(uow, YUEHE) == ["worker", "deputy", "leader", "street"]
    uow.session.add(EscalationChain(street_id=YUEHE, levels=["worker", "street"]))
    uow.session.flush()
    assert service.chain(uow, YUEHE) == ["worker", "street"]
    assert service.chain(uow, RONGAN) == service.chain(uow, None)


def test_an_area_out_of_use_has_nobody(uow, names):
    from backend.domains.grid.index import touch

    uow.session.get_one(Area, CELL).active = False
    touch(uow)
    uow.session.flush()
    assert CELL not in service.duties_of(uow, staff_id("chenqiang"))
    assert names("worker") == ["周文"]


@pytest.mark.parametrize(
    "row",
    [
        {"area_id": CELL, "department_id": CGJ, "level": "worker"},
        {"area_id": None, "department_id": None, "level": "worker"},
        {"area_id": CELL, "department_id": None, "level": "department"},
        {"area_id": None, "department_id": CGJ, "level": "leader"},
        {"area_id": CELL, "department_id": None, "level": "mayor"},
        # The same duty twice.
        {"area_id": CELL, "department_id": None, "level": "worker"},
    ],
)
def test_the_schema_refuses_duties_that_cannot_be(uow, row):
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        uow.session.add(Duty(staff_id=staff_id("chenqiang"), **row))
        uow.session.flush()
