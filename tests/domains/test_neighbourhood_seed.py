"""The demo's community life: there once, in every stage, and its sums agree."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from appointments import reconcile
from backend.demo import register, seed_neighbourhood
from backend.domains.neighbourhood import hours, points
from backend.domains.neighbourhood.care_model import HelpRequest, Wish
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.domains.neighbourhood.resource_model import SharedResource
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from tests.district import TEN, District
from tests.neighbourhood_world import World, check


@pytest.fixture(scope="module")
def shared_database(district: District) -> Iterator[Database]:
    """The demo up to its community life."""
    yield from district.opened(district.upto(seed_neighbourhood))


@pytest.fixture
def clock() -> FixedClock:
    """When that was seeded."""
    return FixedClock(TEN)


def test_the_demo_has_life_in_every_stage_and_seeding_twice_changes_nothing(services):
    def counts():
        with services.unit() as uow:
            models = (Activity, ActivitySignup, Wish, HelpRequest, SharedResource)
            return [uow.session.scalar(select(func.count()).select_from(one)) for one in models]

    before = counts()
    seed_neighbourhood.seed(services)
    assert counts() == before
    with services.unit() as uow:
        states = set(uow.session.scalars(select(Activity.state)))
        assert states >= {"published", "ended", "settled"}
        ids = list(uow.session.scalars(select(Activity.id)))
        assert set(uow.session.scalars(select(Wish.state))) == {"open", "claimed", "confirmed"}
        assert reconcile.mismatches(uow.session) == []
    for activity_id in ids:
        check(World(services, {}), activity_id)


def test_a_demo_resident_has_hours_and_points(services):
    with services.unit() as uow:
        person = register.person_id("chen-zhiyuan")
        assert sum(signup.minutes for signup, _ in hours.served(uow, person)) >= 300
        assert points.total(uow, person) >= 10
