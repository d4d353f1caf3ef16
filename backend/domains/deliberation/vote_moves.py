"""The one way a vote changes its state, its locks, and what both leave in the trace.

Everybody who casts holds the vote's lock shared; batches, sealing, closing and counting hold it
alone. It is an advisory lock, because waiters then queue fairly: a stream of casts cannot keep the
closing waiting, and casting writes nothing on the vote's row.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from backend.domains.deliberation import vote_rules
from backend.domains.deliberation.vote_model import Vote
from backend.kernel import trace
from backend.kernel.errors import Conflict, Forbidden, NotFound, Stale
from backend.kernel.state import step
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

KIND = "vote"


def subject(vote_id: UUID) -> Subject:
    """What the trace of a vote is filed under."""
    return Subject(KIND, vote_id)


def unknown() -> NotFound:
    """No such vote, or not theirs."""
    return NotFound("vote_unknown", title="没有找到这次表决", action="请返回议题页刷新后再看")


def _key(purpose: str, id_: UUID) -> int:
    return int.from_bytes(hashlib.sha256(purpose.encode() + id_.bytes).digest()[:8], signed=True)


def hold_shared(uow: UnitOfWork, vote_id: UUID) -> None:
    """Cast beside others, but never beside who holds the vote alone."""
    uow.session.execute(select(func.pg_advisory_xact_lock_shared(_key("vote", vote_id))))


def hold_alone(uow: UnitOfWork, vote_id: UUID) -> None:
    """Until this transaction ends nobody casts, seals or counts."""
    uow.session.execute(select(func.pg_advisory_xact_lock(_key("vote", vote_id))))


def hold_entry(uow: UnitOfWork, entry_id: UUID) -> None:
    """One ballot of a seat at a time; taken behind the vote's lock, always."""
    uow.session.execute(select(func.pg_advisory_xact_lock(_key("seat", entry_id))))


def hold_keys(uow: UnitOfWork, *, alone: bool = False) -> None:
    """Make a pending key (shared), or destroy those that no committed row names (alone)."""
    lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
    uow.session.execute(select(lock(_key("pending keys", UUID(int=0)))))


def get(uow: UnitOfWork, vote_id: UUID) -> Vote:
    """The vote as it is now; `NotFound` when there is none."""
    vote = uow.session.get(Vote, vote_id, populate_existing=True)
    if vote is None:
        raise unknown()
    return vote


def move(
    uow: UnitOfWork, vote: Vote, action: str, part: str, *, public: str = "", internal: str = "",
    reason: str = "", **values: Any,
) -> None:  # fmt: skip
    """Take one way of the vote's table: conditional on state and version, with its trace entry."""
    way = step(vote_rules.VOTE_TRANSITIONS, vote.state, action)
    if part not in way.who:
        raise Forbidden("not_your_step", title="这一步不由您操作")
    before = vote.state
    changed = uow.session.scalars(
        update(Vote)
        .where(Vote.id == vote.id, Vote.state == before, Vote.version == vote.version)
        .values(state=way.to, version=Vote.version + 1, **values)
        .returning(Vote)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise changed_meanwhile()
    note(uow, vote, action, before=before, public=public, internal=internal, reason=reason)


def note(
    uow: UnitOfWork, vote: Vote, action: str, *, before: str | None = None, public: str = "",
    internal: str = "", reason: str = "", first: bool = False,
) -> None:  # fmt: skip
    """A trace entry of the vote, which must be held."""
    trace.record(
        uow, subject=subject(vote.id), action=action, to_state=vote.state,
        from_state=None if first else before or vote.state, public_text=public,
        internal_text=internal, reason=reason, first=first,
    )  # fmt: skip


def changed_meanwhile() -> Conflict:
    """Somebody else acted first."""
    return Conflict(
        "changed_meanwhile", title="别人刚处理过", detail="这次表决刚有了变化，您的操作没有生效",
        action="请刷新后再看",
    )  # fmt: skip


def stale() -> Stale:
    """It was edited since it was read."""
    return Stale("stale", detail="别人刚改过这次表决", action="请刷新后再改")


def event_facts(vote: Vote, at: datetime) -> dict[str, Any]:
    """The fields of `VoteEvent`."""
    return {
        "vote_id": vote.id, "topic_id": vote.topic_id, "topic_number": vote.topic_number,
        "title": vote.title, "community_id": vote.community_id, "turn": vote.turn, "at": at,
    }  # fmt: skip
