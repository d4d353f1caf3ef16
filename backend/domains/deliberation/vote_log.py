"""The log of a vote: leaves appended, trees continued, a signed checkpoint after each sealing."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from backend.domains.deliberation import merkle_rules, record_rules
from backend.domains.deliberation.ballot_keys import keys_of
from backend.domains.deliberation.ballot_model import BallotReceipt
from backend.domains.deliberation.merkle_rules import Frontier
from backend.domains.deliberation.vote_model import Roll, Vote, VoteCheckpoint, VoteLog
from backend.domains.deliberation.vote_public import vote_hash
from backend.kernel.uow import UnitOfWork


def log_of(uow: UnitOfWork, vote_id: UUID) -> VoteLog:
    """The log of an open vote, as it is now."""
    return uow.session.get_one(VoteLog, vote_id, populate_existing=True)


def at_text(moment: datetime) -> str:
    """`2026-11-23T00:00:00Z`: to the second, which no batch is finer than."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def append(
    uow: UnitOfWork, log: VoteLog, leaves: Iterable[bytes], lines: Iterable[dict[str, Any]]
) -> None:
    """Continue both trees by ballots' leaves and by lines of receipts, which are kept too.

    The vote is held alone.
    """
    ballots = Frontier.unpacked(log.ballots, log.ballots_peaks)
    for leaf in leaves:
        ballots.add(leaf)
    receipts = Frontier.unpacked(log.receipts, log.receipts_peaks)
    rows = []
    for line in lines:
        record = record_rules.canonical(line)
        rows.append({"vote_id": log.vote_id, "ordinal": receipts.size, "record": record.decode()})
        receipts.add(merkle_rules.leaf_hash(record))
    if rows:
        uow.session.execute(insert(BallotReceipt), rows)
    log.ballots, log.ballots_peaks = ballots.size, ballots.packed
    log.receipts, log.receipts_peaks = receipts.size, receipts.packed


def checkpoint(uow: UnitOfWork, vote: Vote, log: VoteLog, kind: str) -> VoteCheckpoint:
    """Sign how both trees, the roll and the question stand. The vote is held alone."""
    keys = keys_of(uow.services)
    promised = record_rules.Checkpoint(
        vote=str(vote.id), seq=log.seq, kind=kind, at=at_text(uow.now), ballots=log.ballots,
        ballots_root=Frontier.unpacked(log.ballots, log.ballots_peaks).root,
        receipts=log.receipts,
        receipts_root=Frontier.unpacked(log.receipts, log.receipts_peaks).root,
        roll_root=uow.session.get_one(Roll, vote.id).root, vote_hash=vote_hash(vote),
    )  # fmt: skip
    text = record_rules.note(promised, keys.public_key, keys.sign(promised.body))
    row = VoteCheckpoint(vote_id=vote.id, seq=log.seq, kind=kind, at=uow.now, note=text)
    log.seq += 1
    uow.session.add(row)
    uow.session.flush()
    return row


def checkpoints(uow: UnitOfWork, vote_id: UUID) -> list[VoteCheckpoint]:
    """All checkpoints, oldest first."""
    return list(
        uow.session.scalars(
            select(VoteCheckpoint)
            .where(VoteCheckpoint.vote_id == vote_id)
            .order_by(VoteCheckpoint.seq)
            .execution_options(populate_existing=True)
        )
    )
