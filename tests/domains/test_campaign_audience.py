"""Whom a campaign is for: each filter names exactly those it says, from what the domains know."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.domains.appointments import service as appointments
from backend.domains.deliberation import seconding
from backend.domains.identity.model import Person
from backend.domains.messages import campaign_audience
from backend.domains.neighbourhood import signups
from backend.kernel.access import Actor
from backend.kernel.services import Services
from tests import catalog_samples
from tests.appointments_api import place
from tests.campaign_world import Campaigns, body, make
from tests.community_world import AREA, OTHER_AREA, OTHER_STREET, STREET, estate, named, worker
from tests.neighbourhood_world import make_world
from tests.topics_world import town


@pytest.fixture
def world(services: Services) -> Campaigns:
    return make(services)


def people(services: Services, *, later: timedelta = timedelta(), **audience: Any) -> set[UUID]:
    """Whom this filter names now, or `later`."""
    with services.unit() as uow:
        asked = {**body()["audience"], **audience}
        return set(uow.session.scalars(campaign_audience.people(uow, asked, uow.now + later)))


def item(world: Campaigns, code: str, name: str) -> UUID:
    """A published service item, done at the windows of the test's halls."""
    with world.services.unit() as uow:
        places = [{"hall_code": hall, "windows_text": "综合窗口"} for hall in ("one", "two")]
        return catalog_samples.published(uow, code, name=name, places=places).item_id


def booked(world: Campaigns, hall: Any, item_id: UUID, hour: int = 9, minute: int = 0) -> UUID:
    """A resident who books this item there."""
    person = world.person(phone=f"136{len(world.people) + 1:08d}")
    with world.services.unit(Actor("person", person)) as uow:
        appointments.book(uow, person, hall.slot(hour, minute), item_id)
    return person


@pytest.mark.requirement("001.37")
def test_what_people_needed_is_counted_and_news_of_it_go_to_just_those(world: Campaigns) -> None:
    card, pension = item(world, "T-1", "社会保障卡补领"), item(world, "T-2", "养老金资格认证")
    one, two = (place(world.services, code) for code in ("one", "two"))
    for_card = booked(world, one, card)
    with_pension = [booked(world, one, pension, 9, 30), booked(world, two, pension)]
    world.residents(2)
    with world.services.unit() as uow:
        needed = {row["id"]: row["people"] for row in campaign_audience.choices(uow)["items"]}
    assert needed == {card: 1, pension: 2}

    assert people(world.services, booked_days=90) == {for_card, *with_pension}
    id_ = world.released(audience={"booked_days": 90, "items": [str(pension)]})
    assert world.row(id_).counted == 2
    with world.services.unit() as uow:
        said = campaign_audience.said(uow, world.row(id_).audience)
    assert said == "近90天预约过「养老金资格认证」的居民"
    world.run()
    assert {one.person_key for one in world.messages(id_)} == set(with_pension)


def test_a_hall_and_the_days_narrow_who_booked(world: Campaigns) -> None:
    card = item(world, "T-1", "社会保障卡补领")
    one, two = (place(world.services, code) for code in ("one", "two"))
    at_one, at_two = booked(world, one, card), booked(world, two, card)
    audience: dict[str, Any] = {"booked_days": 3, "halls": [str(two.hall)]}
    assert people(world.services, **audience) == {at_two}
    assert people(world.services, booked_days=3) == {at_one, at_two}
    assert people(world.services, later=timedelta(days=4), **audience) == set()


def test_a_street_and_a_community_mean_those_whose_home_there_is_confirmed(
    services: Services,
) -> None:
    here, there = estate(services), estate(services, name="榕岸苑", area=OTHER_AREA)
    owner, far, hopeful = named(), named("测试丙"), named("测试丁")
    here.own("1-1-101", owner)
    there.own("1-1-101", far)
    here.own("1-1-201", hopeful)
    mine, other = here.settle(owner, "1-1-101"), there.person(far)
    there.confirm(there.claim(other, "1-1-101"), worker(scope=OTHER_AREA))
    here.claim(here.person(hopeful), "1-1-201")
    assert people(services, communities=[str(AREA)]) == {mine}
    assert people(services, streets=[str(STREET)]) == {mine}
    assert people(services, streets=[str(OTHER_STREET)]) == {other}
    assert people(services, streets=[str(STREET), str(OTHER_STREET)]) == {mine, other}


def test_who_follows_a_topic(services: Services) -> None:
    stage = town(services)
    topic = stage.discussing()
    before = people(services, council_days=30)
    assert stage.people[1] in before, "who supports it follows it"
    stranger = stage.settle("2-1-901")
    assert stranger not in before
    with stage.unit(stranger) as uow:
        seconding.follow(uow, stranger, topic)
    assert people(services, council_days=30) == {*before, stranger}
    with stage.unit(stranger) as uow:
        seconding.unfollow(uow, stranger, topic)
    assert people(services, council_days=30) == before
    assert people(services, council_days=30, later=timedelta(days=31)) == set()


def test_who_signed_up_for_an_activity_and_did_not_take_it_back(services: Services) -> None:
    stage = make_world(services)
    coming, gone = stage.person("甲"), stage.person("乙")
    activity = stage.activity()
    stage.sign_up(activity, "甲", "乙")
    assert people(services, activity_days=30) == {coming, gone}
    stage.act("乙", signups.cancel, activity)
    assert people(services, activity_days=30) == {coming}
    assert people(services, activity_days=30, council_days=30) == set(), "all parts have to hold"


def test_elder_mode_and_proved_names(world: Campaigns) -> None:
    plain, proved = world.person(name=None, phone="13700000001"), world.person(phone="13700000002")
    elder = world.person(phone="13700000003")
    with world.services.unit() as uow:
        uow.session.get_one(Person, elder).elder_mode = True
        assert campaign_audience.said(uow, body()["audience"]) == campaign_audience.EVERYBODY
    assert people(world.services) == {plain, proved, elder}
    assert people(world.services, verified=True) == {proved, elder}
    assert people(world.services, elder_mode=True) == {elder}


def test_the_days_are_counted_back_from_the_release(world: Campaigns) -> None:
    person = booked(world, place(world.services, "one"), item(world, "T-1", "社会保障卡补领"))
    id_ = world.released(audience={"booked_days": 1}, send_at="2026-11-25T10:00:00+08:00")
    world.services.clock.advance(timedelta(days=2, hours=3))  # type: ignore[attr-defined]  # fixed
    world.run()
    assert [one.person_key for one in world.messages(id_)] == [person]
