"""Who is entitled: heads as the law counts them, and whose seat is whose."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from backend.domains.community import claiming, confirming, rules, service
from backend.domains.community.model import RoomOwnership
from backend.domains.community.places import Scope
from backend.domains.community.service import (
    HOUSEHOLDS,
    OWNERS,
    PARTY_MEMBERS,
    RESIDENTS,
    VILLAGERS,
)
from backend.domains.identity.service import RoleAt, create_demo_person, create_demo_staff
from backend.kernel.access import Actor, Principal
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from tests.community_world import (
    AREA,
    OTHER_AREA,
    OTHER_STREET,
    STREET,
    building_of,
    estate,
    named,
    worker,
)


@pytest.fixture
def stage(services):
    return estate(services)


def heads(stage, kind=OWNERS, scope=None):
    with stage.unit() as uow:
        return service.electorate(uow, scope or Scope(service.COMMUNITY, stage.community_id), kind)


@pytest.mark.requirement("004.15")
def test_several_rooms_of_one_owner_are_one_head_with_the_areas_summed(stage):
    """民法典 278; 法释〔2009〕7号 第九条: 同一买受人拥有一个以上专有部分的，按一人计算。"""
    wang = named("王甲")
    one = stage.own("1-1-101", wang, area_centi=8935)
    assert stage.own("1-1-102", wang, area_centi=10_001) == one
    [head] = heads(stage)
    assert (head.ref_id, head.area_centi) == (one, 18_936)
    assert [room.label for room in head.rooms] == ["1-1-101", "1-1-102"]


def test_co_owners_of_a_room_are_one_head_and_another_set_of_owners_is_another(stage):
    wang, li = named("王甲"), named("李乙")
    both = stage.own("1-1-101", wang, li)
    assert stage.own("1-1-102", li, wang) == both
    alone = stage.own("1-1-201", wang)
    found = {head.ref_id: len(head.rooms) for head in heads(stage)}
    assert found == {both: 2, alone: 1}


def test_a_room_has_one_live_ownership(stage):
    party = stage.own("1-1-101", named())
    with pytest.raises(IntegrityError), stage.unit() as uow:
        uow.session.add(
            RoomOwnership(
                room_id=stage.rooms["1-1-101"], party_id=party, since=uow.now, source="import"
            )
        )


def test_only_what_counts_is_on_the_roll_and_rooms_without_owners_are_told(stage):
    stage.own("1-1-101", named())
    stage.room("1-1-901", use=rules.PARKING, in_roll=False)
    stage.room("1-1-902")
    assert [head.rooms[0].label for head in heads(stage)] == ["1-1-101"]
    with stage.unit() as uow:
        gaps = service.unowned(uow, Scope(service.COMMUNITY, stage.community_id))
    assert [room.label for room in gaps] == ["1-1-902"]


def test_a_building_and_an_entrance_have_their_own_electorates(stage):
    wang = named("王甲")
    stage.own("1-1-101", wang, area_centi=5000)
    stage.own("1-2-101", wang, area_centi=6000)
    stage.own("2-1-101", named("李乙"))
    [here] = heads(stage, scope=Scope(service.ENTRANCE, stage.entrances["1-2"]))
    assert here.area_centi == 6000
    [whole] = heads(stage, scope=Scope(service.BUILDING, building_of(stage, "1-1")))
    assert whole.area_centi == 11_000
    with stage.unit() as uow:
        low = service.building(uow, Scope(service.ENTRANCE, stage.entrances["2-1"]))
        assert (low.name, low.storeys, low.has_lift) == ("2栋1单元", 7, False)
        inside = Scope(service.ENTRANCE, stage.entrances["2-1"])
        service.check_scope(uow, stage.community_id, inside)
        assert service.scope_text(uow, inside) == "桂香苑2栋1单元"
        assert service.contains(uow, inside, stage.rooms["2-1-101"])
        assert not service.contains(uow, inside, stage.rooms["1-1-101"])
        with pytest.raises(NotFound):
            service.check_scope(
                uow, stage.community_id, Scope(service.BUILDING, stage.community_id)
            )
        with pytest.raises(Invalid):
            service.check_scope(uow, stage.community_id, Scope("street", stage.community_id))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 5), min_size=1, max_size=3), st.integers(1, 30_000)),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_heads_and_areas_always_add_up_to_the_rooms(db, services, rooms):
    db.restart()
    stage = estate(services)
    people = [named(f"测试{one}") for one in range(6)]
    for number, (owners, area) in enumerate(rooms):
        stage.own(f"1-1-{number + 101}", *(people[one] for one in owners), area_centi=area)
    found = heads(stage)
    assert len(found) == len({frozenset(owners) for owners, _ in rooms})
    assert sum(head.area_centi for head in found) == sum(area for _, area in rooms)
    assert sum(len(head.rooms) for head in found) == len(rooms)
    assert all(head.area_centi == sum(r.area_centi for r in head.rooms) for head in found)


@pytest.mark.requirement("004.15")
def test_only_whom_staff_have_confirmed_is_a_verified_neighbour(stage):
    wang = named("王甲")
    party = stage.own("1-1-101", wang)
    person = stage.person(wang)
    claim = stage.claim(person, "1-1-101")
    with stage.unit() as uow:
        assert not service.is_verified(uow, person, stage.community_id)
        assert service.seats_of(uow, person, stage.community_id) == []
    stage.confirm(claim)
    with stage.unit() as uow:
        assert service.is_verified(uow, person, stage.community_id)
        seats = {seat.kind: seat for seat in service.seats_of(uow, person, stage.community_id)}
        assert seats[OWNERS].ref_id == party and seats[OWNERS].area_centi == 8000
        assert seats[RESIDENTS].ref_id == person
        assert seats[HOUSEHOLDS].ref_id == stage.rooms["1-1-101"]
        assert service.persons_of(uow, [party]) == {party: (person,)}
        assert service.current_parties(uow, stage.rooms.values()) == {stage.rooms["1-1-101"]: party}
        [home] = service.own_homes(uow, person)
        assert (home.label, home.relation, home.community_name) == ("1-1-101", "owner", "桂香苑")
    [head] = heads(stage)
    assert head.person_ids == (person,)


def test_whose_number_is_not_in_the_register_is_no_owner(stage):
    stage.own("1-1-101", named("王甲"))
    stranger = stage.person(named("王甲"))
    claim = stage.claim(stranger, "1-1-101")
    with pytest.raises(Conflict, match="not_in_register"):
        stage.confirm(claim)
    stage.confirm(stage.claim(stage.person(named("租客")), "1-1-101", rules.TENANT))


def test_who_has_no_proved_name_is_not_confirmed(stage):
    stage.room("1-1-101")
    with stage.unit() as uow:
        nameless = create_demo_person(uow, id=new_id(), name=None)
    claim = stage.claim(nameless, "1-1-101", rules.TENANT)
    with pytest.raises(Conflict, match="not_verified"):
        stage.confirm(claim)


def test_owner_and_tenant_of_one_home_each_have_their_seats(stage):
    wang = named("王甲")
    stage.own("1-1-101", wang)
    owner = stage.settle(wang, "1-1-101")
    tenant = stage.settle(named("租客"), "1-1-101", rules.TENANT)
    with stage.unit() as uow:
        kinds = {seat.kind for seat in service.seats_of(uow, tenant, stage.community_id)}
    assert kinds == {RESIDENTS, HOUSEHOLDS}
    assert {head.ref_id for head in heads(stage, RESIDENTS)} == {owner, tenant}
    [household] = heads(stage, HOUSEHOLDS)
    assert set(household.person_ids) == {owner, tenant}


def test_children_have_no_seat(stage):
    child = named("小王", born=date(2012, 5, 1))
    stage.room("1-1-101")
    person = stage.settle(child, "1-1-101", rules.FAMILY)
    with stage.unit() as uow:
        assert service.seats_of(uow, person, stage.community_id) == []
        assert service.adults(uow, [person]) == set()
    assert heads(stage, RESIDENTS) == []
    [household] = heads(stage, HOUSEHOLDS)
    assert household.person_ids == ()


def test_villagers_are_the_adults_of_the_registered_households_bound_or_not(services):
    stage = estate(services, name="上坡村", kind=rules.VILLAGE)
    head, child = named("陈户主", party_member=True), named("陈小", born=date(2015, 1, 2))
    wife = named("陈妻")
    stage.own("1-1-101", head)
    records = [stage.member("1-1-101", one) for one in (head, wife, child)]
    person = stage.settle(wife, "1-1-101", rules.FAMILY)
    found = {one.ref_id: one.person_ids for one in heads(stage, VILLAGERS)}
    assert found == {records[0]: (), records[1]: (person,)}
    assert [one.ref_id for one in heads(stage, PARTY_MEMBERS)] == [records[0]]
    with stage.unit() as uow:
        kinds = {seat.kind for seat in service.seats_of(uow, person, stage.community_id)}
    assert VILLAGERS in kinds and PARTY_MEMBERS not in kinds
    leader = stage.settle(head, "1-1-101")
    with stage.unit() as uow:
        kinds = {seat.kind for seat in service.seats_of(uow, leader, stage.community_id)}
    assert {VILLAGERS, PARTY_MEMBERS, OWNERS} <= kinds
    assert [one.person_ids for one in heads(stage, HOUSEHOLDS)] == [tuple(sorted((person, leader)))]


def test_who_leaves_loses_the_seats_and_the_register_keeps_the_head(stage):
    wang = named("王甲")
    party = stage.own("1-1-101", wang)
    person = stage.settle(wang, "1-1-101")
    with stage.unit(Actor("person", person)) as uow:
        [row] = claiming.own_rows(uow, person)
        claiming.leave(uow, person, row.id)
    with stage.unit() as uow:
        assert service.seats_of(uow, person, stage.community_id) == []
        assert not service.is_verified(uow, person, stage.community_id)
    assert [(head.ref_id, head.person_ids) for head in heads(stage)] == [(party, ())]


def test_staff_reach_their_own_community_the_street_its_own_and_the_district_all(stage):
    with stage.unit() as uow:
        for by in (worker(), worker("supervisor", "district", None)):
            permission = "topics.view"
            assert service.reach(uow, by, permission, stage.community_id).name == "桂香苑"
        street = worker("street_leader", "street", STREET)
        assert service.reach(uow, street, "topics.decide", stage.community_id)
        for by in (
            worker(scope=OTHER_AREA), worker("street_leader", "street", OTHER_STREET),
            worker("clerk", "hall", OTHER_AREA),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                service.reach(uow, by, "topics.view", stage.community_id)


def test_staff_do_not_confirm_their_own_home(stage):
    stage.room("1-1-101")
    person = stage.person(named("方敏"))
    claim = stage.claim(person, "1-1-101", rules.FAMILY)
    with stage.unit() as uow:
        account = create_demo_staff(
            uow, id=new_id(), username="fangmin2", name="方敏", password="long enough 123456",
            roles=[RoleAt("community_worker", "community", AREA)], person_id=person,
        )  # fmt: skip
    by = Principal(Actor("staff", account, "方敏"), grants=worker().grants)
    with pytest.raises(Forbidden, match="own_claim"):
        stage.confirm(claim, by)
    stage.confirm(claim)


def test_a_home_ended_by_staff_is_told_with_its_reason(stage):
    person = stage.settle(named(), _room(stage), rules.TENANT)
    by = worker()
    with stage.unit(by.actor) as uow:
        [row] = claiming.own_rows(uow, person)
        with pytest.raises(Invalid, match="reason_needed"):
            confirming.end(uow, by, row.id, " ")
        confirming.end(uow, by, row.id, "已搬走")
    with stage.unit() as uow:
        [row] = claiming.own_rows(uow, person, rules.RESIDENCE_STATES)
        assert (row.state, row.reason) == (rules.ENDED, "已搬走")


def _room(stage) -> str:
    stage.room("1-1-101")
    return "1-1-101"


def test_a_home_is_claimed_once_at_a_time(stage):
    stage.room("1-1-101")
    person = stage.person(named())
    claim = stage.claim(person, "1-1-101", rules.TENANT)
    with pytest.raises(Conflict, match="already_claimed"):
        stage.claim(person, "1-1-101", rules.FAMILY)
    by = worker()
    with stage.unit(by.actor) as uow:
        confirming.refuse(uow, by, claim, "请补充租赁合同", version=1)
    again = stage.claim(person, "1-1-101", rules.TENANT)
    with pytest.raises(Conflict, match="changed_meanwhile"), stage.unit(by.actor) as uow:
        confirming.confirm(uow, by, again, version=7)


def test_nobody_has_more_homes_than_fit(stage, clock):
    person = stage.person(named())
    for number in range(rules.HOMES_MOST):
        stage.room(f"1-1-{number + 101}")
        stage.claim(person, f"1-1-{number + 101}", rules.TENANT)
    stage.room("1-1-801")
    clock.advance(timedelta(minutes=1))
    with pytest.raises(Conflict, match="too_many_homes"):
        stage.claim(person, "1-1-801", rules.TENANT)
