"""Taking secret ballots in: a batch drawn by lot, shuffled, parted from its seats for good.

One transaction does all of it. Before it, a new pending key is made; in it, what stays behind is
sealed anew for that key; after it, the old key's file is destroyed. A worker killed anywhere in
between leaves either the old state with its key or the new state with its key, and at most one
spare file that the next sweep destroys.
"""

import secrets
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update

from backend.domains.deliberation import (
    ballot_secret,
    record_rules,
    vote_log,
    vote_rules,
)
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.ballot_keys import pending_of, seal, unseal
from backend.domains.deliberation.ballot_model import Ballot, BallotParticipation, BallotPending
from backend.domains.deliberation.vote_model import RollEntry, Vote, VoteLog
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A pending ballot with its seat, and what was under the pending key."""

    row: BallotPending
    entry: RollEntry
    content: bytes


def shuffle(values: MutableSequence[Any]) -> None:
    """Into an order that nothing tells; a name of its own, so that a test can turn it off."""
    secrets.SystemRandom().shuffle(values)


def take_in(uow: UnitOfWork, vote: Vote, log: VoteLog, *, ending: bool) -> int:
    """Take a batch in if there are enough, or at the end whatever is left; how many ballots.

    The vote is held alone.
    """
    rows = uow.session.execute(
        select(BallotPending, RollEntry)
        .join(RollEntry, RollEntry.id == BallotPending.entry_id)
        .where(BallotPending.vote_id == vote.id)
        .order_by(RollEntry.ordinal)
    ).all()
    size = vote_rules.batch_size(len(rows), vote.rule["k"], ending=ending)
    if not size:
        return 0
    assert log.pending_key is not None
    private = pending_of(uow.services).load(log.pending_key)
    waiting = [
        _Waiting(row, entry, unseal(private, row.sealed, ballot_secret.context(vote, entry)))
        for row, entry in rows
    ]
    drawn = set(secrets.SystemRandom().sample(range(len(waiting)), size))
    taken = [one for place, one in enumerate(waiting) if place in drawn]
    left = [one for place, one in enumerate(waiting) if place not in drawn]
    _seal_anew(uow, vote, log, left, ending=ending)
    _part(uow, vote, log, taken)
    return size


def _seal_anew(
    uow: UnitOfWork, vote: Vote, log: VoteLog, left: Sequence[_Waiting], *, ending: bool
) -> None:
    """What stays behind waits under a new key; the old one is worth nothing from the commit on."""
    if ending:
        log.pending_key = log.pending_public = None
        return
    moves.hold_keys(uow)
    log.pending_key, log.pending_public = pending_of(uow.services).create()
    for one in left:
        again = seal(log.pending_public, one.content, ballot_secret.context(vote, one.entry))
        uow.session.execute(
            update(BallotPending)
            .where(BallotPending.entry_id == one.entry.id)
            .values(sealed=again)
            .execution_options(synchronize_session=False)
        )


def _part(uow: UnitOfWork, vote: Vote, log: VoteLog, taken: Sequence[_Waiting]) -> None:
    """Write ballots, receipts and participation, each in an order of its own."""
    log.batches += 1
    ballots = [one.content for one in taken]
    shuffle(ballots)
    codes = [one.row.receipt_code for one in taken]
    shuffle(codes)
    seats = sorted(taken, key=lambda one: one.entry.ordinal)
    uow.session.execute(
        insert(Ballot),
        [
            {"id": uuid4(), "vote_id": vote.id, "batch": log.batches, "ordinal": ordinal,
             "leaf": content[: ballot_secret.LEAF], "sealed": content[ballot_secret.LEAF :]}
            for ordinal, content in enumerate(ballots, log.ballots)
        ],
    )  # fmt: skip
    uow.session.execute(
        insert(BallotParticipation),
        [
            {"entry_id": one.entry.id, "vote_id": vote.id, "batch": log.batches,
             "receipt_code": one.row.receipt_code}
            for one in seats
        ],
    )  # fmt: skip
    lines = [record_rules.batch_receipt(log.batches, code) for code in codes]
    lines += [
        record_rules.took_part(
            log.batches, one.entry.ordinal,
            record_rules.receipt_proof(one.entry.salt, one.row.receipt_code),
        )
        for one in seats
    ]  # fmt: skip
    vote_log.append(uow, log, [content[: ballot_secret.LEAF] for content in ballots], lines)
    gone = [one.entry.id for one in taken]
    for one in taken:
        uow.session.expunge(one.row)
    uow.session.execute(
        delete(BallotPending)
        .where(BallotPending.entry_id.in_(gone))
        .execution_options(synchronize_session=False)
    )
    log.heads += len(taken)
    uow.session.flush()
    moves.note(uow, vote, "batch", internal=f"第{log.batches}批入箱，{len(taken)}张")


def destroy_spare_keys(services: Services) -> int:
    """Destroy pending keys that nothing waits under any more; how many.

    Waits for openings and batches that have made a key and not yet committed it.
    """
    if not pending_of(services).known():
        return 0
    with services.unit() as uow:
        moves.hold_keys(uow, alone=True)
        found = uow.session.scalars(select(VoteLog.pending_key))
        needed: set[UUID] = {key for key in found if key is not None}
        return pending_of(services).sweep(needed)
