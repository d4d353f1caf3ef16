"""Waiting and what was missed: given out, forgotten with the account, purged in time."""

from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from appointments import reconcile
from appointments.demand_model import Missed, Offer, Precedence, WaitlistEntry
from appointments.model import Appointment, Slot
from appointments.supply_model import Shift
from backend.domains.appointments import keeping, service, waiting
from backend.kernel.access import Actor
from backend.kernel.clock import local_date
from backend.kernel.ids import new_id
from tests.appointments_api import CARD
from tests.appointments_world import MONDAY
from tests.people import sign_in_person


@pytest.fixture
def kept(stage):
    """Everything of the day is sold but one place, which is kept for the stage's person."""
    with stage.services.unit() as uow:
        for slot in uow.session.scalars(select(Slot).where(Slot.group_code == "shebao")):
            slot.capacity = int(slot.id == stage.place.slot(10, 30))
    holder = sign_in_person(stage.services).id
    with stage.services.unit(Actor("person", holder)) as uow:
        shown = service.book(uow, holder, stage.place.slot(10, 30), CARD.id)
    with stage.unit() as uow:
        waiting.join(
            uow, stage.person, hall_id=stage.place.hall, item_id=CARD.id, date=MONDAY,
            earliest=None, latest=None,
        )  # fmt: skip
    with stage.services.unit(Actor("person", holder)) as uow:
        service.cancel(uow, holder, shown["id"], "")
    with stage.services.unit() as uow:
        assert uow.session.scalar(select(Offer.person_key)) == stage.person
    return shown["id"]


def missed(stage, appointment_id):
    with stage.services.unit() as uow:
        uow.session.add(
            Missed(
                appointment_id=appointment_id, person_key=stage.person, hall_id=stage.place.hall,
                at=uow.now, state="appealed", appeal="下大雨", appealed_at=uow.now,
            )
        )  # fmt: skip
        uow.session.add(
            Precedence(person_key=stage.person, granted_by=stage.person, granted_at=uow.now)
        )


def test_the_export_tells_what_was_waited_for_kept_and_missed(stage, kept):
    missed(stage, kept)
    with stage.unit() as uow:
        found = keeping.export(uow, stage.person)
    assert [row["state"] for row in found["waiting"]] == ["offered"]
    assert [row["state"] for row in found["kept_places"]] == ["open"]
    assert [row["appeal"] for row in found["missed"]] == ["下大雨"]


def test_a_closed_account_waits_no_longer_and_its_words_are_gone(stage, kept):
    missed(stage, kept)
    with stage.unit() as uow:
        keeping.forget_person(uow, stage.person)
    with stage.services.unit() as uow:
        assert uow.session.scalar(select(WaitlistEntry.state)) == "left"
        assert uow.session.scalar(select(Offer.state)) == "declined"
        assert uow.session.scalar(select(Slot.held).where(Slot.id == stage.place.slot(10, 30))) == 0
        assert reconcile.mismatches(uow.session) == []
        assert uow.session.scalar(select(Missed.appeal)) == ""
        assert uow.session.scalar(select(func.count()).select_from(Precedence)) == 0


def test_what_ended_long_ago_is_purged_and_nothing_else(stage, kept, clock):
    with stage.unit() as uow:
        keeping.forget_person(uow, stage.person)
    missed(stage, kept)
    clock.advance(keeping.KEPT - timedelta(hours=1))
    assert keeping.purge(stage.services) == 0
    clock.advance(timedelta(hours=2))
    assert keeping.purge(stage.services) == 2
    clock.advance(keeping.MISSED_KEPT)
    assert keeping.purge(stage.services) == 1
    with stage.services.unit() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Appointment)) == 1


def test_who_stood_at_a_window_is_forgotten_after_two_years(stage, clock):
    with stage.services.unit() as uow:
        today = local_date(uow.now)
        for days in (0, 1):
            uow.session.add(
                Shift(
                    id=new_id(), hall_id=stage.place.hall, window_id=stage.place.windows[0],
                    staff_key=new_id(), name="测试丙", day=today + timedelta(days=days),
                    starts=time(9), ends=time(12),
                )
            )  # fmt: skip
    clock.advance(keeping.MISSED_KEPT)
    assert keeping.purge(stage.services) == 0
    clock.advance(timedelta(days=1))
    assert keeping.purge(stage.services) == 1
