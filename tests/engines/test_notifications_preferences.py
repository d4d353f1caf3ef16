"""Muted topics: by person, topic and channel; they follow a merged account."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from notifications import preferences
from notifications.control_model import MessagePreference
from notifications.kinds import SERVICE, SMS, SUBSCRIBE

WECHAT = (SUBSCRIBE, SERVICE)


def test_muting_counts_for_this_person_topic_and_channel_alone(
    db: Database, clock: FixedClock
) -> None:
    me, other = uuid4(), uuid4()
    with db.transaction() as session:
        preferences.mute(session, clock.now(), me, "life", WECHAT)
        preferences.mute(session, clock.now(), me, "news", [SMS])
        assert preferences.muted(session, me, "life") == frozenset(WECHAT)
        assert preferences.muted(session, me, "news") == {SMS}
        assert preferences.muted(session, me, "council") == frozenset()
        assert preferences.muted(session, other, "life") == frozenset()
        assert preferences.choices(session, me) == {"life": frozenset(WECHAT), "news": {SMS}}


def test_muting_twice_keeps_the_first_moment_and_unmuting_forgets_it(
    db: Database, clock: FixedClock
) -> None:
    me, begin = uuid4(), clock.now()
    with db.transaction() as session:
        preferences.mute(session, begin, me, "life", [SMS])
        preferences.mute(session, begin + timedelta(days=1), me, "life", [SMS, SERVICE])
        preferences.mute(session, begin, me, "life", [])
        moments = dict(
            session.execute(
                select(MessagePreference.channel, MessagePreference.muted_at).where(
                    MessagePreference.person_key == me
                )
            ).all()
        )
        assert moments == {SMS: begin, SERVICE: begin + timedelta(days=1)}
        preferences.unmute(session, me, "life", [SMS])
        preferences.unmute(session, me, "life", [SMS])
        assert preferences.muted(session, me, "life") == {SERVICE}


def test_what_either_account_muted_stays_muted_when_they_become_one(
    db: Database, clock: FixedClock
) -> None:
    old, new, closed = uuid4(), uuid4(), uuid4()
    with db.transaction() as session:
        preferences.mute(session, clock.now(), old, "life", WECHAT)
        preferences.mute(session, clock.now(), new, "life", [SERVICE, SMS])
        preferences.mute(session, clock.now(), closed, "life", [SMS])
        preferences.move(session, old, new)
        preferences.move(session, old, new)
        preferences.forget(session, closed)
        assert preferences.choices(session, old) == preferences.choices(session, closed) == {}
        assert preferences.choices(session, new) == {"life": {*WECHAT, SMS}}
