"""Two ways of asking which open events somebody sees, one quick for few and one for many."""

import pytest
from sqlalchemy import select

from backend.domains.dispatch import map, reading, subtasks, whistles, worker_desk
from backend.domains.dispatch.model import Event
from tests.dispatch_world import CGJ, IN_B, STAFF, ZJJ, World, make_world


@pytest.fixture
def world(services) -> World:
    made = make_world(services)
    made.call()
    made.call(**IN_B)
    made.claimed("sun", **IN_B)
    made.disposed("chen")
    helped = made.at_work("chen")
    made.act("chen", subtasks.add, helped, "扶梯子", staff_id=made.id("sun"))
    made.act("chen", subtasks.add, helped, "围起来", department_id=ZJJ)
    made.act("lin", whistles.blow, made.at_work("liu"), CGJ, "请到场")
    made.call(latitude=31.0, longitude=121.0)
    return made


@pytest.mark.parametrize("name", STAFF)
def test_both_ways_find_the_same_open_events(world: World, name: str) -> None:
    def seen(**kwargs: bool) -> set[object]:
        def read(uow, by):
            within = reading.within(uow, by, **kwargs)
            return set(uow.session.scalars(select(Event.id).where(Event.is_open, within)))

        return world.act(name, read)

    assert seen() == seen(open_=True)
    expected = {"far": 0, "gao": 1, "tang": 1, "he": 7, "lin": 6}
    assert len(seen()) == expected.get(name, len(seen()))


def test_a_department_sees_its_events_on_the_map(world: World) -> None:
    box = (120.0, 30.0, 121.5, 31.5)
    found = {name: world.act(name, map.show, box)["items"] for name in ("gao", "tang", "he")}
    assert {name: len(items) for name, items in found.items()} == {"gao": 1, "tang": 1, "he": 7}


def test_mine_holds_what_one_leads_and_helps_with_each_once(world: World) -> None:
    def mine(name: str) -> list[str]:
        found = world.act(name, worker_desk.lists, "mine", None)
        assert found["counts"]["mine"] == len(found["items"])
        return sorted(card["mine"] for card in found["items"])

    assert mine("sun") == ["co", "lead"]
    assert mine("chen") == ["lead"]
    assert mine("gao") == ["department"]
    assert mine("tang") == ["co"]
