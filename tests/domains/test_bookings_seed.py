"""What the demo arranges around bookings: there once, whole, and not twice after a second seeding."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from appointments import kiosks
from appointments.demand_model import WaitlistEntry
from appointments.model import Appointment
from appointments.remote_model import Kiosk
from appointments.supply_model import Shift
from backend.demo import register, seed_bookings
from backend.domains.appointments.kiosks import PURPOSE
from backend.kernel.clock import FixedClock, local_date
from backend.kernel.database import Database
from tests.district import TEN, District


@pytest.fixture(scope="module")
def shared_database(district: District) -> Iterator[Database]:
    """The demo up to its bookings."""
    yield from district.opened(district.upto(seed_bookings))


@pytest.fixture
def clock() -> FixedClock:
    """When that was seeded."""
    return FixedClock(TEN)


def test_windows_have_people_this_week_and_the_next_and_a_machine_is_known(services):
    with services.unit() as uow:
        days = [row.day for row in uow.session.scalars(select(Shift))]
        assert (min(days), max(days)) == (local_date(TEN), local_date(TEN) + timedelta(days=13))
        clerk = register.staff_id(seed_bookings.CLERK)
        mine = select(func.count()).select_from(Shift).where(Shift.staff_key == clerk)
        # One window at a time: morning and afternoon of fourteen days.
        assert uow.session.scalar(mine) == 28
        key = services.privacy.fingerprint(seed_bookings.KIOSK_KEY, PURPOSE)
        assert kiosks.known(uow.session, key) is not None


def test_somebody_waits_for_a_place_that_somebody_else_has(services):
    with services.unit() as uow:
        (entry,) = uow.session.scalars(select(WaitlistEntry)).all()
        assert (entry.state, entry.person_key) == ("waiting", register.person_id("chen-zhiyuan"))
        holder = uow.session.scalars(
            select(Appointment.person_key).where(
                Appointment.day == entry.day, Appointment.item_key == entry.item_key
            )
        ).one()
        assert holder != entry.person_key


def test_a_second_seeding_adds_nothing(services):
    def counts() -> list[Any]:
        with services.unit() as uow:
            rows = (Shift, Kiosk, WaitlistEntry, Appointment)
            return [uow.session.scalar(select(func.count()).select_from(row)) for row in rows]

    before = counts()
    seed_bookings.seed(services)
    assert counts() == before
