"""The demo's community life: there once, in every stage, and its sums agree."""

import pytest
from sqlalchemy import func, select

from appointments import reconcile
from backend.demo import register, seed_community, seed_neighbourhood
from backend.domains.neighbourhood import hours, points
from backend.domains.neighbourhood.care_model import HelpRequest, Wish
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.domains.neighbourhood.resource_model import SharedResource
from tests.grid_world import db, demo, grid_database
from tests.neighbourhood_world import World, check

__all__ = ["db", "demo", "grid_database"]


@pytest.fixture
def seeded(demo):
    seed_community.seed(demo)
    seed_neighbourhood.seed(demo)
    return demo


def test_the_demo_has_life_in_every_stage_and_seeding_twice_changes_nothing(seeded):
    def counts():
        with seeded.unit() as uow:
            models = (Activity, ActivitySignup, Wish, HelpRequest, SharedResource)
            return [uow.session.scalar(select(func.count()).select_from(one)) for one in models]

    before = counts()
    seed_neighbourhood.seed(seeded)
    assert counts() == before
    with seeded.unit() as uow:
        states = set(uow.session.scalars(select(Activity.state)))
        assert states >= {"published", "ended", "settled"}
        ids = list(uow.session.scalars(select(Activity.id)))
        assert set(uow.session.scalars(select(Wish.state))) == {"open", "claimed", "confirmed"}
        assert reconcile.mismatches(uow.session) == []
    for activity_id in ids:
        check(World(seeded, {}), activity_id)


def test_a_demo_resident_has_hours_and_points(seeded):
    with seeded.unit() as uow:
        person = register.person_id("chen-zhiyuan")
        assert sum(signup.minutes for signup, _ in hours.served(uow, person)) >= 300
        assert points.total(uow, person) >= 10
