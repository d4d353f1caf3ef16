"""Secret ballots: cast into `ballot_pending`, where they wait for a batch under a key of their own.

What is written here is a seat, a receipt and ciphertext of one size: no time, no choice. The same
call sent again, and any later one, is answered with the receipt the seat has, so that no copy of
a request or of its hash is ever kept.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.deliberation import ballot_sealing, vote_log
from backend.domains.deliberation.ballot_keys import seal
from backend.domains.deliberation.ballot_model import BallotParticipation, BallotPending
from backend.domains.deliberation.vote_model import RollEntry, Vote
from backend.domains.deliberation.vote_rules import Answer
from backend.kernel.database import table_of
from backend.kernel.uow import UnitOfWork

LEAF = 32
_PENDING = table_of(BallotPending)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The seat's receipt."""

    receipt: str
    repeated: bool


def cast(uow: UnitOfWork, vote: Vote, entry: RollEntry, answer: Answer) -> Waiting:
    """Put the seat's only ballot; a second one changes nothing and gets the first one's receipt."""
    if (known := receipt_of(uow, entry)) is not None:
        return Waiting(known, repeated=True)
    log = vote_log.log_of(uow, vote.id)
    assert log.pending_public is not None
    ballot = ballot_sealing.sealed_for(vote, ballot_sealing.secret_contents(answer))
    waiting = seal(log.pending_public, ballot.leaf + ballot.sealed, context(vote, entry))
    receipt = ballot_sealing.new_receipt()
    put = uow.session.scalar(
        insert(_PENDING)
        .values(entry_id=entry.id, vote_id=vote.id, receipt_code=receipt, sealed=waiting)
        .on_conflict_do_nothing(index_elements=["entry_id"])
        .returning(_PENDING.c.receipt_code)
    )
    if put is None:
        # Somebody of the same household was faster by a moment.
        return Waiting(receipt_of(uow, entry) or "", repeated=True)
    return Waiting(receipt, repeated=False)


def receipt_of(uow: UnitOfWork, entry: RollEntry) -> str | None:
    """The receipt of the seat's ballot, waiting or taken in."""
    waiting = select(BallotPending.receipt_code).where(BallotPending.entry_id == entry.id)
    taken = select(BallotParticipation.receipt_code).where(BallotParticipation.entry_id == entry.id)
    return uow.session.scalar(waiting.union_all(taken).limit(1))


def context(vote: Vote, entry: RollEntry) -> bytes:
    """What a waiting ballot is bound to: its seat's row, so that rows cannot be swapped."""
    return vote.id.bytes + entry.id.bytes
