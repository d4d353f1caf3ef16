"""Paper ballots of open votes: read by two people who do not see each other's reading.

What each read is kept as a keyed mark, so that the two can be compared while nobody, database
reader included, can count. Two equal marks make the ballot; a third person looks where the first
two differ. From its first entry on the seat cannot vote online: the first that came counts.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update

from backend.domains.deliberation import (
    ballot_open,
    ballot_sealing,
    record_rules,
    vote_log,
    vote_rules,
)
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.ballot_casting import check_open, checked
from backend.domains.deliberation.ballot_keys import keys_of
from backend.domains.deliberation.ballot_model import Ballot, BallotPaper, BallotPaperEntry
from backend.domains.deliberation.vote_model import RollEntry, Vote
from backend.domains.deliberation.vote_preparing import PAPER, own
from backend.domains.deliberation.vote_rules import Answer
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.state import step
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as one person reads it: the number printed on it, whose it is, what is marked."""

    number: str
    entry_id: UUID
    choice: list[str]


@dataclass(frozen=True, slots=True)
class _Desk:
    """Who reads the sheets of which vote."""

    uow: UnitOfWork
    by: Principal
    vote: Vote


def enter(uow: UnitOfWork, by: Principal, vote_id: UUID, sheet: Sheet) -> BallotPaper:
    """The first reading of a sheet, while the vote is open. The same reading again is the same.

    A seat that has voted already keeps that ballot: the sheet is kept as void, with its trace.
    """
    moves.hold_shared(uow, vote_id)
    vote = _open_vote(uow, by, vote_id)
    check_open(uow, vote)
    desk = _Desk(uow, by, vote)
    entry = uow.session.get(RollEntry, sheet.entry_id)
    if entry is None or entry.vote_id != vote.id:
        raise _unknown()
    moves.hold_entry(uow, entry.id)
    known = _by_sheet(uow, vote, sheet.number)
    if known is not None:
        return _same_reading(desk, known, sheet)
    checked(vote, Answer(sheet.choice, "0" * 32))
    late = _has_voted(uow, entry)
    paper = BallotPaper(
        vote_id=vote.id, entry_id=entry.id, sheet=sheet.number, version=1, entered_at=uow.now,
        state=vote_rules.PAPER_VOID if late else vote_rules.PAPER_ENTERED,
        settled_at=uow.now if late else None,
    )  # fmt: skip
    uow.session.add(paper)
    uow.session.flush()
    if late:
        _note(uow, paper, "refuse", None, reason=late, first=True)
    else:
        _keep(desk, paper, entry, sheet.choice)
        _note(uow, paper, "enter", None, first=True)
    return paper


def second(
    uow: UnitOfWork, by: Principal, vote_id: UUID, sheet: str, choice: list[str]
) -> BallotPaper:
    """The second reading by somebody else, or the third look where the first two differ."""
    moves.hold_shared(uow, vote_id)
    vote = _open_vote(uow, by, vote_id)
    if vote.state not in vote_rules.RUNNING:
        raise Conflict("vote_closed", title="表决已经计票")
    paper = _by_sheet(uow, vote, sheet)
    if paper is None:
        raise _unknown()
    moves.hold_entry(uow, paper.entry_id)
    uow.session.refresh(paper)
    entry = uow.session.get_one(RollEntry, paper.entry_id)
    desk, readings = _Desk(uow, by, vote), _readings(uow, paper)
    mine = next((one for one in readings if one.staff_id == by.actor.id), None)
    if mine is not None and mine.mark == _mark(desk, paper, choice) and len(readings) > 1:
        return paper
    if mine is not None:
        raise Conflict(
            "another_person", title="要由另一个人录入", detail="同一张票要两个人各录一次"
        )
    if paper.state not in (vote_rules.PAPER_ENTERED, vote_rules.PAPER_DIFFERS):
        raise moves.changed_meanwhile()
    added = _keep(desk, paper, entry, choice)
    equal = any(one.mark == added.mark for one in readings)
    if equal:
        action = "agree" if paper.state == vote_rules.PAPER_ENTERED else "settle"
        _move(uow, paper, action, settled_at=uow.now)
        _put(uow, vote, entry, added)
    elif paper.state == vote_rules.PAPER_ENTERED:
        _move(uow, paper, "differ")
    else:
        _note(uow, paper, "look_again", paper.state)
    return paper


def void(uow: UnitOfWork, by: Principal, vote_id: UUID, sheet: str, reason: str) -> BallotPaper:
    """A sheet that does not count (illegible, withdrawn); the seat may vote in another way."""
    moves.hold_shared(uow, vote_id)
    vote = _open_vote(uow, by, vote_id)
    paper = _by_sheet(uow, vote, sheet)
    if paper is None:
        raise _unknown()
    if not reason.strip():
        text = "请写明作废的原因"
        raise Invalid("missing", detail=text, fields={"reason": [text]})
    moves.hold_entry(uow, paper.entry_id)
    uow.session.refresh(paper)
    _move(uow, paper, "void", reason=reason, settled_at=uow.now)
    return paper


def papers(uow: UnitOfWork, by: Principal, vote_id: UUID) -> list[tuple[BallotPaper, RollEntry]]:
    """The sheets of a vote with their seats, never with what is on them."""
    vote = own(uow, by, vote_id, PAPER)
    rows = uow.session.execute(
        select(BallotPaper, RollEntry)
        .join(RollEntry, RollEntry.id == BallotPaper.entry_id)
        .where(BallotPaper.vote_id == vote.id)
        .order_by(BallotPaper.entered_at, BallotPaper.sheet)
    )
    return [(row, entry) for row, entry in rows]


def read_by(uow: UnitOfWork, paper_id: UUID, staff_id: UUID | None) -> bool:
    """Whether this member of staff has read the sheet already."""
    query = exists().where(
        BallotPaperEntry.paper_id == paper_id, BallotPaperEntry.staff_id == staff_id
    )
    return bool(uow.session.scalar(select(query)))


def _open_vote(uow: UnitOfWork, by: Principal, vote_id: UUID) -> Vote:
    vote = own(uow, by, vote_id, PAPER)
    if vote.secret:
        # A sheet with a seat on it would give the ballot away.
        raise Conflict("no_paper_in_secret", title="不记名表决不录入纸质票",
                       action="请协助居民用手机投票")  # fmt: skip
    return vote


def _unknown() -> NotFound:
    return NotFound("paper_unknown", title="没有找到这张纸质票", action="请核对票号")


def _by_sheet(uow: UnitOfWork, vote: Vote, sheet: str) -> BallotPaper | None:
    query = select(BallotPaper).where(BallotPaper.vote_id == vote.id, BallotPaper.sheet == sheet)
    return uow.session.scalar(query)


def _readings(uow: UnitOfWork, paper: BallotPaper) -> list[BallotPaperEntry]:
    query = select(BallotPaperEntry).where(BallotPaperEntry.paper_id == paper.id)
    return list(uow.session.scalars(query.order_by(BallotPaperEntry.entered_at)))


def _same_reading(desk: _Desk, paper: BallotPaper, sheet: Sheet) -> BallotPaper:
    mark = _mark(desk, paper, sheet.choice)
    if paper.entry_id == sheet.entry_id and any(
        one.staff_id == desk.by.actor.id and one.mark == mark for one in _readings(desk.uow, paper)
    ):
        return paper
    raise Conflict("sheet_known", title="这个票号已经录过", detail="复录请到“复录”里操作")


def _has_voted(uow: UnitOfWork, entry: RollEntry) -> str:
    """Why a sheet of this seat comes too late; empty when it does not."""
    if uow.session.scalar(select(exists().where(Ballot.entry_id == entry.id))):
        return "这一户已经投过票，先投的有效"
    live = exists().where(
        BallotPaper.entry_id == entry.id, BallotPaper.state != vote_rules.PAPER_VOID
    )
    if uow.session.scalar(select(live)):
        return "这一户已经有一张纸质票，先交的有效"
    return ""


def _mark(desk: _Desk, paper: BallotPaper, choice: list[str]) -> bytes:
    """Equal for equal readings of a sheet; without BALLOT_KEY it does not tell what was read."""
    kept = checked(desk.vote, Answer(choice, "0" * 32)).choice
    keys = keys_of(desk.uow.services)
    return keys.mark(b"paper", paper.id.bytes, record_rules.canonical(kept))


def _keep(desk: _Desk, paper: BallotPaper, entry: RollEntry, choice: list[str]) -> BallotPaperEntry:
    """A reading, sealed as the ballot it would be. The nonce is the platform's: nobody keeps it."""
    uow, staff_id = desk.uow, desk.by.actor.id
    assert staff_id is not None
    answer = checked(desk.vote, Answer(choice, secrets.token_hex(16)))
    contents = ballot_sealing.open_contents(
        entry=entry.ordinal, seq=1, how=vote_rules.ON_PAPER, answer=answer,
        caster=f"sheet {paper.sheet}", at=vote_log.at_text(uow.now),
    )  # fmt: skip
    sealed = ballot_sealing.sealed_for(desk.vote, contents)
    row = BallotPaperEntry(
        paper_id=paper.id, staff_id=staff_id, mark=_mark(desk, paper, choice),
        attempt=ballot_open.attempt_of(entry, answer),
        ballot_mark=ballot_open.mark_of(uow, entry, answer), sealed=sealed.sealed,
        leaf=sealed.leaf, entered_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    return row


def _put(uow: UnitOfWork, vote: Vote, entry: RollEntry, reading: BallotPaperEntry) -> None:
    """Two people read the same: it is the seat's ballot."""
    uow.session.add(
        Ballot(
            vote_id=vote.id, entry_id=entry.id, seq=1, how=vote_rules.ON_PAPER,
            receipt_code=ballot_sealing.new_receipt(), attempt=reading.attempt,
            mark=reading.ballot_mark, sealed=reading.sealed, leaf=reading.leaf,
        )
    )  # fmt: skip
    uow.session.flush()


def _move(
    uow: UnitOfWork, paper: BallotPaper, action: str, reason: str = "", **values: Any
) -> None:
    before = paper.state
    way = step(vote_rules.PAPER_TRANSITIONS, before, action)
    changed = uow.session.scalars(
        update(BallotPaper)
        .where(BallotPaper.id == paper.id, BallotPaper.state == before,
               BallotPaper.version == paper.version)
        .values(state=way.to, version=BallotPaper.version + 1, **values)
        .returning(BallotPaper)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()  # fmt: skip
    if changed is None:
        raise moves.changed_meanwhile()
    _note(uow, paper, action, before, reason=reason)


def _note(
    uow: UnitOfWork, paper: BallotPaper, action: str, before: str | None, *, reason: str = "",
    first: bool = False,
) -> None:  # fmt: skip
    trace.record(uow, subject=Subject("ballot_paper", paper.id), action=action, from_state=before,
                 to_state=paper.state, reason=reason, first=first)  # fmt: skip
