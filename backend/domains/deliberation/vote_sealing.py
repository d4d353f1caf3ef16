"""Sealing: what was cast enters the log, every few seconds while a vote runs, and at its end."""

import secrets
from uuid import UUID

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from backend.domains.deliberation import (
    ballot_batches,
    record_rules,
    vote_log,
    vote_rules,
)
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.ballot_model import Ballot, BallotPending
from backend.domains.deliberation.vote_model import RollEntry, Vote, VoteLog
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

logger = structlog.get_logger()
EVERY_SECONDS = 3.0


def seal_running(services: Services) -> int:
    """Seal every running vote that has something to seal, each in a transaction of its own.

    Keys that nothing waits under any more are destroyed behind it: after a batch, a count, or a
    worker that was killed between a commit and this.
    """
    with services.unit() as uow:
        waiting = _waiting(uow)
    sealed = 0
    for vote_id in waiting:
        try:
            with services.unit() as uow:
                sealed += seal(uow, vote_id)
        except (DBAPIError, OSError) as error:
            # One vote whose key file or connection fails must not stop the others.
            logger.error("vote not sealed", vote_id=str(vote_id), error=type(error).__name__)
    ballot_batches.destroy_spare_keys(services)
    return sealed


def _waiting(uow: UnitOfWork) -> list[UUID]:
    """Running votes with ballots outside the log, or enough of them for a batch."""
    unsealed = select(Ballot.vote_id).where(Ballot.ordinal.is_(None)).distinct()
    many = (
        select(BallotPending.vote_id)
        .join(Vote, Vote.id == BallotPending.vote_id)
        .group_by(BallotPending.vote_id, Vote.rule)
        .having(func.count() >= 2 * Vote.rule["k"].as_integer())
    )
    running = select(Vote.id).where(Vote.state == vote_rules.OPEN)
    found = uow.session.scalars(running.where(Vote.id.in_(unsealed) | Vote.id.in_(many)))
    return sorted(found)


def seal(uow: UnitOfWork, vote_id: UUID) -> int:
    """Seal what a running vote has; how many ballots."""
    moves.hold_alone(uow, vote_id)
    vote = moves.get(uow, vote_id)
    if vote.state != vote_rules.OPEN:
        return 0
    log = vote_log.log_of(uow, vote_id)
    in_batches = vote.secret
    added = (
        ballot_batches.take_in(uow, vote, log, ending=False)
        if in_batches
        else seal_open(uow, vote, log)
    )
    if added:
        vote_log.checkpoint(uow, vote, log, record_rules.RUNNING)
    return added


def seal_rest(uow: UnitOfWork, vote: Vote, log: VoteLog) -> None:
    """At the end: whatever is left, and the last checkpoint. The vote is held alone."""
    if vote.secret:
        ballot_batches.take_in(uow, vote, log, ending=True)
        log.pending_key = log.pending_public = None
    else:
        seal_open(uow, vote, log)
    vote_log.checkpoint(uow, vote, log, record_rules.FINAL)


def seal_open(uow: UnitOfWork, vote: Vote, log: VoteLog) -> int:
    """Give open ballots their places; a seat's ballots in their order, seats by lot."""
    found = uow.session.execute(
        select(
            Ballot.id, Ballot.seq, Ballot.leaf, Ballot.receipt_code, RollEntry.ordinal,
            RollEntry.area_centi,
        )
        .join(RollEntry, RollEntry.id == Ballot.entry_id)
        .where(Ballot.vote_id == vote.id, Ballot.ordinal.is_(None))
    )  # fmt: skip
    rows = list(found)
    if not rows:
        return 0
    secrets.SystemRandom().shuffle(rows)
    rows.sort(key=lambda row: row.seq)
    uow.session.execute(
        update(Ballot),
        [{"id": row.id, "ordinal": place} for place, row in enumerate(rows, log.ballots)],
    )
    vote_log.append(
        uow, log, [row.leaf for row in rows],
        [record_rules.open_receipt(row.ordinal, row.seq, row.receipt_code) for row in rows],
    )  # fmt: skip
    first = [row for row in rows if row.seq == 1]
    log.heads += len(first)
    log.area_centi += sum(row.area_centi for row in first)
    uow.session.flush()
    return len(rows)
