"""Random days in a hall, on the real tables: the counters agree after every step."""

import random
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from appointments import booking, queue, reconcile
from appointments.model import Appointment
from appointments.rules import AT_WINDOW, LIVE, Refused, Who
from tests.appointments_world import NOW, at, make_hall

STEPS = ("book", "cancel", "hall_cancel", "check_in", "call", "recall", "skip", "requeue",
         "start", "finish", "no_show", "expire", "close_day", "wait", "pause", "open")  # fmt: skip


def act(world, dice: random.Random, name: str, now) -> None:
    session = world.session
    rows = session.scalars(select(Appointment).order_by(Appointment.id)).all()
    if name == "book":
        person, item = dice.choice(world.people), dice.choice(world.items)
        world.book(at(9 + dice.randrange(2)), person=person, item=item, now=now)
    elif name in ("pause", "open"):
        status = {"pause": "paused", "open": "open"}[name]
        queue.set_window_status(session, dice.choice(world.windows), status)
    elif name == "call":
        queue.call(session, dice.choice(world.windows).id, now)
    elif rows:
        row = dice.choice(rows)
        if name in ("cancel", "hall_cancel", "expire"):
            getattr(booking, name)(session, row, now)
        elif name == "check_in":
            queue.check_in(session, row, Who.STAFF, now)
        else:
            getattr(queue, name)(session, row, now)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(STEPS), min_size=20, max_size=60))
def test_whatever_happens_the_counters_agree(db, seed, steps):
    dice = random.Random(seed)
    session = db.session()
    try:
        world = make_hall(session, early_check_in_minutes=60 * 24)
        world.people = [uuid4() for _ in range(4)]
        world.items = [uuid4(), uuid4()]
        now = NOW - timedelta(hours=2)
        for name in steps:
            if name == "wait":
                now += timedelta(minutes=dice.randrange(1, 40))
                continue
            with suppress(Refused):
                act(world, dice, name, now)
            assert reconcile.mismatches(session) == []
            live = select(Appointment.person_key, Appointment.item_key, Appointment.day).where(
                Appointment.state.in_(LIVE)
            )
            keys = session.execute(live).all()
            assert len(keys) == len(set(keys))
            busiest = session.scalar(
                select(func.count())
                .where(Appointment.state.in_(AT_WINDOW))
                .group_by(Appointment.window_id)
                .order_by(func.count().desc())
                .limit(1)
            )
            assert busiest in (None, 1)
    finally:
        session.rollback()
        session.close()
