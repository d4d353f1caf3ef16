"""The demo's communities: the register adds up, its residents are at home, something waits."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from backend.demo import register, seed_community
from backend.domains.community import rules, service
from backend.domains.community.model import HousingRoom, Residence
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.domains.community.service import OWNERS, PARTY_MEMBERS, VILLAGERS, Scope
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from tests.district import TEN, District


@pytest.fixture(scope="module")
def shared_database(district: District) -> Iterator[Database]:
    """The demo up to its communities."""
    yield from district.opened(district.upto(seed_community))


@pytest.fixture
def clock() -> FixedClock:
    """When that was seeded."""
    return FixedClock(TEN)


def test_the_demos_communities_are_alive_and_seeding_again_changes_nothing(services):
    with services.unit() as uow:
        rolls = {
            key: service.electorate(
                uow, Scope(service.COMMUNITY, seed_community.community_id(key)), OWNERS
            )
            for key in ("guixiang", "xincun", "shangpo")
        }
        estate = rolls["guixiang"]
        assert sum(len(head.rooms) for head in estate) == 96
        assert 75 <= len(estate) <= 90
        assert sum(head.area_centi for head in estate) == uow.session.scalar(
            select(func.sum(HousingRoom.area_centi)).where(
                HousingRoom.community_id == seed_community.community_id("guixiang"),
                HousingRoom.in_roll,
            )
        )
        assert sum(bool(head.person_ids) for head in estate) >= 40
        assert max(len(head.rooms) for head in estate) >= 3
        assert len(rolls["xincun"]) >= 22 and len(rolls["shangpo"]) == 26
        village = Scope(service.COMMUNITY, seed_community.community_id("shangpo"))
        assert 50 <= len(service.electorate(uow, village, VILLAGERS)) <= 90
        assert 8 <= len(service.electorate(uow, village, PARTY_MEMBERS)) <= 12
        wang = register.person_id("wang-xiulan")
        assert {home.label for home in service.own_homes(uow, wang)} == {"1-2-301", "6-1-601"}
        assert len(service.proxies_for(uow, wang, wang)) == 1
        waiting = select(func.count()).select_from(Residence)
        assert uow.session.scalar(waiting.where(Residence.state == rules.CLAIMED)) == 2
        assert [row.state for row in uow.session.scalars(select(OwnershipTransfer))] == [
            "requested"
        ]
        assert {row.state for row in uow.session.scalars(select(VoteProxy))} == {
            rules.CONFIRMED, rules.GIVEN
        }  # fmt: skip
        before = uow.session.scalar(select(func.count()).select_from(Residence))
    seed_community.seed(services)
    with services.unit() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Residence)) == before
