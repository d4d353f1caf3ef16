"""Counters of places that are wrong are told, in the log and among the figures, and left alone."""

import pytest
import structlog
from sqlalchemy import text

from backend.domains.appointments import reconciling
from backend.http import metrics
from backend.kernel.services import Services
from tests.appointments_api import place


@pytest.fixture
def slot(services: Services):
    return place(services).slot(9)


def test_what_agrees_says_nothing(services: Services, slot) -> None:
    with structlog.testing.capture_logs() as lines:
        assert reconciling.report(services) == 0
    assert lines == []
    assert b"huying_slots_disagreeing 0.0" in metrics._from_database(services)


def test_a_counter_that_is_wrong_is_told_every_time_and_not_mended(services, slot) -> None:
    with services.db.transaction() as session:
        session.execute(text("UPDATE slot SET booked = 1, held = 1 WHERE id = :id"), {"id": slot})
    for _ in range(2):
        with structlog.testing.capture_logs() as lines:
            assert reconciling.report(services) == 1
        (line,) = lines
        assert (line["log_level"], line["slot"]) == ("error", str(slot))
        assert (line["booked"], line["appointments"]) == (1, 0)
        assert (line["held"], line["offers"]) == (1, 0)
    assert b"huying_slots_disagreeing 1.0" in metrics._from_database(services)


def test_the_worker_does_it_by_itself(services: Services, slot) -> None:
    with services.db.transaction() as session:
        session.execute(text("UPDATE slot SET booked = 1 WHERE id = :id"), {"id": slot})
    (chore,) = [one for one in services.upkeep._chores if one.name == "places agree"]
    with structlog.testing.capture_logs() as lines:
        chore.run(services)
    assert [line["slot"] for line in lines] == [str(slot)]
