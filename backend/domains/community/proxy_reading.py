"""Proxies as the vote and the pages read them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from backend.domains.community import rules
from backend.domains.community.paper_model import VoteProxy
from backend.kernel.clock import local_date
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class HeldProxy:
    """A proxy in force. The principal is an owner party or, per head, a person."""

    id: UUID
    community_id: UUID
    principal_party_id: UUID | None
    principal_person_id: UUID | None
    topic_id: UUID | None
    until: date | None
    paper: bool


def in_force(uow: UnitOfWork) -> ColumnElement[bool]:
    """The condition under which a proxy may be used today."""
    today = local_date(uow.now)
    return (VoteProxy.state == rules.CONFIRMED) & or_(
        VoteProxy.until.is_(None), VoteProxy.until >= today
    )


def proxies_for(
    uow: UnitOfWork, topic_id: UUID, person_id: UUID, *, lock: bool = False
) -> list[HeldProxy]:
    """The proxies the person holds for this topic now: for it alone, or general ones.

    Where a principal gave one for this topic to somebody else, a general one does not count.
    With `lock` their rows are held, so that a revocation waits until the ballot is in.
    """
    fitting = or_(VoteProxy.topic_id == topic_id, VoteProxy.topic_id.is_(None))
    query = (
        select(VoteProxy)
        .where(VoteProxy.holder_id == person_id, fitting, in_force(uow))
        .order_by(VoteProxy.given_at, VoteProxy.id)
    )
    if lock:
        query = query.with_for_update(read=True).execution_options(populate_existing=True)
    rows = list(uow.session.scalars(query))
    special = _principals(uow, topic_id)
    return [
        _held(row)
        for row in rows
        if row.topic_id is not None or _principal(row) not in special
    ]  # fmt: skip


def _principals(uow: UnitOfWork, topic_id: UUID) -> set[tuple[UUID | None, UUID | None]]:
    """Who has given a proxy in force for just this topic."""
    query = select(VoteProxy).where(VoteProxy.topic_id == topic_id, in_force(uow))
    return {_principal(row) for row in uow.session.scalars(query)}


def _principal(row: VoteProxy) -> tuple[UUID | None, UUID | None]:
    return row.principal_party_id, row.principal_person_id


def _held(row: VoteProxy) -> HeldProxy:
    return HeldProxy(
        row.id, row.community_id, row.principal_party_id, row.principal_person_id, row.topic_id,
        row.until, row.paper,
    )  # fmt: skip


def held_count(uow: UnitOfWork, holder_id: UUID, community_id: UUID, topic_id: UUID | None) -> int:
    """How many principals the holder stands for, or is about to, in the community.

    With a topic: those that would count there. Without: all that are live.
    """
    query = select(func.count()).select_from(VoteProxy).where(
        VoteProxy.holder_id == holder_id, VoteProxy.community_id == community_id,
        VoteProxy.state.in_(rules.LIVE_PROXIES),
    )  # fmt: skip
    if topic_id is not None:
        query = query.where(or_(VoteProxy.topic_id == topic_id, VoteProxy.topic_id.is_(None)))
    return uow.session.scalar(query) or 0
