"""Casting: one door for open and secret ballots, with what both must be."""

import re
from dataclasses import dataclass
from uuid import UUID

from backend.domains.deliberation import (
    ballot_open,
    ballot_secret,
    vote_rules,
    vote_seats,
)
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.vote_model import Vote
from backend.domains.deliberation.vote_public import question_of
from backend.domains.deliberation.vote_rules import Answer, BadChoice
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

NONCE = re.compile(r"[0-9a-f]{32,64}")


@dataclass(frozen=True, slots=True)
class Cast:
    """What the person is told. `repeated`: the seat had this ballot, or its only one, before.

    `seq` counts an open seat's ballots; a secret one has none.
    """

    entry_id: UUID
    receipt: str
    repeated: bool
    seq: int | None = None


def cast(uow: UnitOfWork, person_id: UUID, vote_id: UUID, entry_id: UUID, answer: Answer) -> Cast:
    """Cast one seat's ballot. Acknowledged means counted: it is in before the vote can close.

    The nonce (16 to 32 bytes, hex) is the phone's own. It is published beside the
    choice and kept nowhere with the voter, so that only the voter can find the ballot again.
    """
    moves.hold_shared(uow, vote_id)
    vote = moves.get(uow, vote_id)
    check_open(uow, vote)
    kept = checked(vote, answer)
    seat = vote_seats.seat(uow, vote, person_id, entry_id)
    if vote.secret:
        found = ballot_secret.cast(uow, vote, seat.entry, kept)
        return Cast(entry_id, found.receipt, found.repeated)
    put = ballot_open.cast(uow, vote, seat, person_id, kept)
    return Cast(entry_id, put.receipt, put.repeated, put.seq)


def check_open(uow: UnitOfWork, vote: Vote) -> None:
    """`Conflict` unless ballots are taken at this moment."""
    if vote.state == vote_rules.PREPARED:
        raise Conflict("vote_not_open", title="表决还没有开始", action="开始时会通知您")
    if vote.state != vote_rules.OPEN or vote.closes_at is None or uow.now >= vote.closes_at:
        raise Conflict("vote_closed", title="表决已经结束", detail="结束后不能再投票",
                       action="可以等待公布结果")  # fmt: skip


def checked(vote: Vote, answer: Answer) -> Answer:
    """The answer as it is kept; `Invalid` when it does not answer the question."""
    if not NONCE.fullmatch(answer.nonce):
        text = "缺少手机生成的随机数"
        raise Invalid("bad_nonce", detail=text, fields={"nonce": [text]})
    try:
        choice = vote_rules.checked_choice(question_of(vote), answer.choice)
    except BadChoice as error:
        raise Invalid("bad_choice", detail=str(error), fields={"choice": [str(error)]}) from None
    return Answer(choice, answer.nonce)
