"""Followers of the service account: who of them is which resident, and who has left.

WeChat tells of a follower by an openid of the service account alone. What joins it to a resident
is the unionid, which WeChat is asked for, outside any transaction, by a chore of the worker. The
resident may come before or after.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed, PersonMerged, UnionKnown
from backend.domains.messages.follower_model import ServiceFollower
from backend.integrations.wechat_errors import WeChatError
from backend.kernel.events import EventBus
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

log = structlog.get_logger()
EVERY_SECONDS = 20
#: Asked in one go: the chore must not hold up the others when WeChat is slow.
_AT_ONCE = 10
_FIRST_PAUSE, _LONGEST = timedelta(minutes=1), timedelta(hours=6)
#: How long it is remembered that somebody left: news of WeChat may come late, and out of order.
KEPT = timedelta(days=3)
KIND, UNION = "service_openid", "unionid"


def subscribe(events: EventBus) -> None:
    """Hear of residents whose unionid becomes known, of merged and of closed accounts."""
    events.subscribe(UnionKnown, on_union_known)
    events.subscribe(PersonMerged, on_merged)
    events.subscribe(PersonClosed, on_closed)


def changed(uow: UnitOfWork, openid: str, seconds: str, *, following: bool) -> None:
    """WeChat says that somebody follows, or no longer does, since the Unix time ``seconds``."""
    privacy = uow.services.privacy
    values = {
        "openid": privacy.seal(openid) if following else b"",
        "following": following,
        "at": datetime.fromtimestamp(int(seconds), UTC),
        "union_hash": None,
        "person_id": None,
        "next_at": uow.now,
        "failures": 0,
    }
    done = uow.session.scalar(
        insert(ServiceFollower)
        .values(openid_hash=privacy.fingerprint(openid, KIND), **values)
        .on_conflict_do_update(
            index_elements=["openid_hash"],
            set_=values,
            where=ServiceFollower.at <= values["at"],
        )
        .returning(ServiceFollower.openid_hash)
    )
    if done is not None and not following:
        identity.detach_channel(uow, KIND, openid)


def resolve(services: Services) -> int:
    """Ask WeChat who the new followers are, and join those that are known; how many were asked."""
    server = services.extensions["wechat_accounts"]["service"]
    if server is None:
        return 0
    with services.unit() as uow:
        query = (
            select(ServiceFollower.openid_hash, ServiceFollower.openid)
            .where(
                ServiceFollower.following,
                ServiceFollower.union_hash.is_(None),
                ServiceFollower.next_at <= uow.now,
            )
            .order_by(ServiceFollower.next_at)
            .limit(_AT_ONCE)
        )
        rows = uow.session.execute(query).all()
        waiting = [(mark, services.privacy.open(sealed)) for mark, sealed in rows]
    for mark, openid in waiting:
        _ask(services, server, mark, openid)
    return len(waiting)


def purge(services: Services) -> None:
    """Forget who left days ago."""
    with services.unit() as uow:
        uow.session.execute(
            delete(ServiceFollower).where(
                ServiceFollower.following.is_(False), ServiceFollower.at < uow.now - KEPT
            )
        )


def on_union_known(uow: UnitOfWork, event: UnionKnown) -> None:
    """Somebody signed in to the mini-program who has long followed the service account."""
    query = select(ServiceFollower).where(ServiceFollower.union_hash == event.union_hash)
    for row in uow.session.scalars(query.with_for_update()).all():
        _join(uow, row)


def on_merged(uow: UnitOfWork, event: PersonMerged) -> None:
    """The openid itself moved with the account."""
    uow.session.execute(
        update(ServiceFollower)
        .where(ServiceFollower.person_id == event.source_id)
        .values(person_id=event.target_id)
        .execution_options(synchronize_session=False)
    )


def on_closed(uow: UnitOfWork, event: PersonClosed) -> None:
    """Nothing of a closed account is kept here either."""
    uow.session.execute(
        delete(ServiceFollower)
        .where(ServiceFollower.person_id == event.person_id)
        .execution_options(synchronize_session=False)
    )


def _ask(services: Services, server: Any, mark: bytes, openid: str) -> None:
    unionid: str | None = None
    try:
        following, unionid = server.follower(openid)
    except WeChatError as error:
        log.warning("follower not known yet", fault=str(error.fault))
        following = True
    with services.unit() as uow:
        row = uow.session.scalars(
            select(ServiceFollower)
            .where(ServiceFollower.openid_hash == mark, ServiceFollower.following)
            .with_for_update()
        ).first()
        if row is None:
            return
        if not following:
            # The news of it will come, or was lost: WeChat itself says so.
            row.following, row.openid, row.at = False, b"", uow.now
            identity.detach_channel(uow, KIND, openid)
            return
        if not unionid:
            row.failures += 1
            row.next_at = uow.now + min(_FIRST_PAUSE * 2 ** min(row.failures, 12), _LONGEST)
            return
        row.union_hash = services.privacy.fingerprint(unionid, UNION)
        _join(uow, row)


def _join(uow: UnitOfWork, row: ServiceFollower) -> None:
    """Give the openid to the resident with the same unionid, where there is one."""
    if not row.following or row.union_hash is None:
        return
    person = identity.person_by_mark(uow, UNION, row.union_hash)
    if person is not None:
        openid = uow.services.privacy.open(row.openid)
        row.person_id = identity.attach_channel(uow, person, KIND, openid)
        uow.session.flush()
