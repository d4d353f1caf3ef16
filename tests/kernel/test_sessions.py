"""Sessions: unguessable, hashed at rest, over at once when revoked, over in time when forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.kernel import sessions
from backend.kernel.ids import new_id
from backend.kernel.sessions import IDLE, LIFETIME, SessionRow, authenticate, csrf_matches

SECOND = timedelta(seconds=1)


def opened(uow, kind="person", principal=None, channel="weixin"):
    return sessions.open_session(
        uow, principal_kind=kind, principal_id=principal or new_id(), channel=channel
    )


def known(uow, session, kind="person"):
    return authenticate(uow.session, session.token, uow.now, kind) is not None


def test_a_token_is_long_random_and_stored_only_as_a_hash(uow) -> None:
    made = [opened(uow) for _ in range(20)]
    assert len({one.token for one in made}) == 20
    assert all(len(one.token) >= 43 for one in made)  # 256 bits in base64
    for row in uow.session.scalars(select(SessionRow)):
        values = [str(getattr(row, column)) for column in SessionRow.__table__.columns.keys()]  # noqa: SIM118 - a column collection, not a dict
        assert not any(one.token in value for one in made for value in values)


def test_a_wrong_or_empty_token_opens_nothing(uow) -> None:
    real = opened(uow)
    for token in ("", "x", real.token[:-1], real.token + "x", real.token.swapcase()):
        assert authenticate(uow.session, token, uow.now, "person") is None


def test_a_residents_token_opens_no_staff_door_and_the_other_way_round(uow) -> None:
    person, staff = opened(uow), opened(uow, "staff", channel="console")
    assert known(uow, person, "person")
    assert known(uow, staff, "staff")
    assert not known(uow, person, "staff")
    assert not known(uow, staff, "person")


def test_a_revoked_session_is_over_at_once_and_only_that_one(uow) -> None:
    principal = new_id()
    first, second = opened(uow, principal=principal), opened(uow, principal=principal)
    sessions.revoke(uow, first.id)
    assert not known(uow, first)
    assert known(uow, second)


def test_all_sessions_of_one_account_end_together_and_nobody_elses(uow) -> None:
    principal = new_id()
    mine = [opened(uow, principal=principal) for _ in range(3)]
    as_staff, other = opened(uow, "staff", principal), opened(uow)
    sessions.revoke_all(uow, "person", principal)
    assert not any(known(uow, session) for session in mine)
    assert known(uow, as_staff, "staff")
    assert known(uow, other)


def test_revocation_is_seen_by_another_connection_at_once(live_services) -> None:
    with live_services.unit() as uow:
        session = opened(uow)
    with live_services.db.transaction() as elsewhere:
        now = live_services.clock.now()
        assert authenticate(elsewhere, session.token, now, "person")
    with live_services.unit() as uow:
        sessions.revoke(uow, session.id)
    with live_services.db.transaction() as elsewhere:
        assert authenticate(elsewhere, session.token, now, "person") is None


@pytest.mark.parametrize("kind", ["person", "staff"])
def test_a_session_left_alone_ends(uow, kind: str) -> None:
    session = opened(uow, kind)
    uow.now += IDLE[kind]
    assert known(uow, session, kind)
    uow.now += SECOND
    assert not known(uow, session, kind)


@pytest.mark.parametrize("kind", ["person", "staff"])
def test_even_a_busy_session_ends_after_its_lifetime(uow, kind: str) -> None:
    session, end = opened(uow, kind), uow.now + LIFETIME[kind]
    assert session.expires_at == end
    while uow.now < end - SECOND:
        assert known(uow, session, kind)
        row = authenticate(uow.session, session.token, uow.now, kind)
        sessions.touch(uow.session, row, uow.now)
        uow.session.expire_all()
        uow.now = min(uow.now + IDLE[kind], end - SECOND)
    assert known(uow, session, kind)
    uow.now = end
    assert not known(uow, session, kind)


def test_use_is_noted_at_most_once_a_minute(uow) -> None:
    session, start = opened(uow), uow.now
    for seconds, noted in ((59, 0), (60, 60), (119, 60), (120, 120)):
        row = authenticate(uow.session, session.token, start, "person")
        sessions.touch(uow.session, row, start + timedelta(seconds=seconds))
        uow.session.expire_all()
        assert uow.session.get(SessionRow, session.id).seen_at == start + noted * SECOND


def test_ended_sessions_are_forgotten_after_a_day_and_live_ones_kept(uow) -> None:
    live, revoked, expired = opened(uow), opened(uow), opened(uow, "staff")
    sessions.revoke(uow, revoked.id)
    uow.now += LIFETIME["staff"] + timedelta(days=1) + SECOND
    sessions.purge(uow)
    left = set(uow.session.scalars(select(SessionRow.id)))
    assert live.id in left
    assert not left & {revoked.id, expired.id}


def test_a_csrf_token_belongs_to_one_session_and_does_not_give_it_away(uow) -> None:
    first, second = opened(uow), opened(uow)
    assert csrf_matches(first.token, first.csrf_token)
    for wrong in ("", second.csrf_token, first.csrf_token[:-1], first.token, "é"):
        assert not csrf_matches(first.token, wrong)
    assert first.token not in first.csrf_token


def test_sessions_follow_when_two_accounts_become_one(uow) -> None:
    source, target = new_id(), new_id()
    session = opened(uow, principal=source)
    sessions.reassign(uow, "person", source, target)
    uow.session.expire_all()
    row = authenticate(uow.session, session.token, uow.now, "person")
    assert row.principal_id == target
