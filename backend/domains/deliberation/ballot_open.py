"""Open ballots: each names its seat, the last of a seat counts, nothing is readable before the end."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select

from backend.domains.deliberation import ballot_sealing, record_rules, vote_log, vote_rules
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.ballot_keys import keys_of
from backend.domains.deliberation.ballot_model import Ballot, BallotPaper
from backend.domains.deliberation.vote_model import RollEntry, Vote
from backend.domains.deliberation.vote_rules import Answer
from backend.domains.deliberation.vote_seats import Seat
from backend.kernel import trace
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Put:
    """The ballot that stands for the call."""

    receipt: str
    seq: int
    repeated: bool


def attempt_of(entry: RollEntry, answer: Answer) -> bytes:
    """What names one try of a seat: the phone's random number, hashed with the seat's salt."""
    return record_rules.digest(b"attempt", entry.salt, answer.nonce.encode())


def mark_of(uow: UnitOfWork, entry: RollEntry, answer: Answer) -> bytes:
    """Equal for an equal try; without BALLOT_KEY it does not tell the choice."""
    body = record_rules.canonical([answer.nonce, answer.choice])
    return keys_of(uow.services).mark(b"cast", entry.id.bytes, body)


def cast(uow: UnitOfWork, vote: Vote, seat: Seat, person_id: UUID, answer: Answer) -> Put:
    """Append the seat's next ballot. The same try again is the same ballot."""
    entry = seat.entry
    moves.hold_entry(uow, entry.id)
    before = _standing(uow, entry)
    attempt, mark = attempt_of(entry, answer), mark_of(uow, entry, answer)
    if (known := _same_try(uow, entry, attempt)) is not None:
        if known.mark != mark:
            raise Invalid("nonce_reused", title="这次操作和上次不同", action="请重新打开投票页")
        assert known.receipt_code is not None and known.seq is not None
        return Put(known.receipt_code, known.seq, repeated=True)
    _may_follow(uow, vote, seat, before)
    _no_paper(uow, entry)
    seq = before.seq + 1 if before is not None and before.seq is not None else 1
    contents = ballot_sealing.open_contents(
        entry=entry.ordinal, seq=seq, how=seat.how, answer=answer,
        caster=str(person_id), at=vote_log.at_text(uow.now),
    )  # fmt: skip
    sealed = ballot_sealing.sealed_for(vote, contents)
    receipt = ballot_sealing.new_receipt()
    uow.session.add(
        Ballot(vote_id=vote.id, entry_id=entry.id, seq=seq, how=seat.how, receipt_code=receipt,
               attempt=attempt, mark=mark, sealed=sealed.sealed, leaf=sealed.leaf)
    )  # fmt: skip
    uow.session.flush()
    if seat.taken_over and before is None:
        _note_taken_over(uow, seat)
    return Put(receipt, seq, repeated=False)


def _standing(uow: UnitOfWork, entry: RollEntry) -> Ballot | None:
    """The seat's last ballot."""
    query = select(Ballot).where(Ballot.entry_id == entry.id).order_by(Ballot.seq.desc())
    return uow.session.scalars(query.limit(1)).first()


def _same_try(uow: UnitOfWork, entry: RollEntry, attempt: bytes) -> Ballot | None:
    query = select(Ballot).where(Ballot.entry_id == entry.id, Ballot.attempt == attempt)
    return uow.session.scalars(query).first()


def _may_follow(uow: UnitOfWork, vote: Vote, seat: Seat, before: Ballot | None) -> None:
    """Whether this ballot may stand behind the one before."""
    if before is None:
        return
    if before.how == vote_rules.ON_PAPER:
        raise already("这一票已经用纸质票投过")
    if seat.taken_over and not is_holders(uow, seat):
        # 最高法解释: a ballot cast before the sale stands.
        raise already("原业主在房屋过户前已经投票，这一票有效")
    if not vote.changeable:
        raise already("这一票已经投过，不能再改")
    if seat.how == vote_rules.BY_PROXY and before.how == vote_rules.ONLINE:
        raise already("本人已经亲自投票，受托人不能再改")


def already(text: str) -> Conflict:
    """The seat's ballot stands."""
    return Conflict("already_cast", title="这一票已经投过", detail=text,
                    action="可以在“我的回执”里核对")  # fmt: skip


def _no_paper(uow: UnitOfWork, entry: RollEntry) -> None:
    paper = exists().where(
        BallotPaper.entry_id == entry.id, BallotPaper.state != vote_rules.PAPER_VOID
    )
    if uow.session.scalar(select(paper)):
        raise already("这一票的纸质票已经登记")


def is_holders(uow: UnitOfWork, seat: Seat) -> bool:
    """Whether the standing ballot of a seat that was sold is its present owners' own.

    Then it may be changed as any other; the ballot of whoever sold stands.
    """
    subject = Subject("roll_entry", seat.entry.id)
    taken = [one for one in trace.entries(uow.session, subject) if one.action == "take_over"]
    return bool(taken) and taken[-1].internal_text.endswith(str(seat.holder))


def _note_taken_over(uow: UnitOfWork, seat: Seat) -> None:
    """Whose seat it is has changed since the roll was frozen: that leaves a trace."""
    trace.record(uow, subject=Subject("roll_entry", seat.entry.id), action="take_over", first=True,
                 internal_text=f"表决期间房屋过户，由新业主行使 {seat.holder}")  # fmt: skip
