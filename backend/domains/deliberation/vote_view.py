"""Votes as people see them: the page, one's seats and receipts, the result. No choice in any of it."""

import base64
import json
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.deliberation import (
    ballot_open,
    kind_rules,
    merkle_rules,
    roll_rules,
    tally_rules,
    vote_rolls,
    vote_rules,
    vote_seats,
)
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.ballot_keys import keys_of
from backend.domains.deliberation.ballot_model import (
    Ballot,
    BallotPaper,
    BallotParticipation,
    BallotPending,
)
from backend.domains.deliberation.vote_model import Roll, Vote, VoteLog, VoteResult
from backend.domains.deliberation.vote_public import question_of
from backend.domains.deliberation.vote_seats import Seat
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork

PROMISE = "投出的票先加密保存，结束后才统一开票，任何人都不能提前看到结果。结束后公布全部选票和名册，谁都可以下载核对。"
LIMITS = "系统防不住有人站在旁边逼您投票，也防不住被人控制的手机。遇到这种情况请告诉社区。"


def page(uow: UnitOfWork, vote_id: UUID, person_id: UUID | None) -> dict[str, Any]:
    """Everything a voter needs; turnout as of the last sealing, never a count of choices."""
    vote = moves.get(uow, vote_id)
    if vote.state in (vote_rules.PREPARED, vote_rules.CANCELLED):
        raise moves.unknown()
    seats = own_seats(uow, vote, person_id)
    return {
        **question(vote),
        "rule": rule(vote),
        "promise": PROMISE,
        "limits": LIMITS,
        "turnout": turnout(uow, vote),
        "seats": seats,
        "can_cast": _open_now(uow, vote) and any(one["can_cast"] for one in seats),
        "has_result": vote.published_at is not None,
        "key": _key(uow),
    }


def question(vote: Vote) -> dict[str, Any]:
    """What is asked, and where it stands."""
    return {
        "id": vote.id, "topic_id": vote.topic_id, "topic_number": vote.topic_number,
        "turn": vote.turn, "title": vote.title, "words": vote.words, "kind": vote.kind,
        "scope_text": vote.scope_text, "state": vote.state,
        "state_text": vote_rules.VOTE_STATE_TEXT[vote.state], "method": vote.method,
        "method_text": kind_rules.BALLOT_TEXT[vote.method], "options": vote.options,
        "least": vote.least, "most": vote.most, "budget_cents": vote.budget_cents,
        "secrecy": vote.secrecy,
        "secrecy_text": vote_rules.secrecy_text(vote.secrecy, by_area=vote.by_area),
        "changeable": vote.changeable, "opened_at": vote.opened_at, "closes_at": vote.closes_at,
    }  # fmt: skip


def rule(vote: Vote) -> dict[str, Any]:
    """Under which rule it runs and what its result is worth."""
    found = vote.rule
    terms = tally_rules.terms_of(question_of(vote), found, secrecy=vote.secrecy, silence=False)

    def texts(thresholds: Any) -> list[str]:
        return [
            f"{kind_rules.WEIGHT_TEXT[name]}{thresholds[name].text}"
            for name in found["weights"]
            if name in thresholds
        ]

    return {
        "name": found["preset_name"], "vote_name": found["name"],
        "version": vote.preset_version, "basis": found["basis"], "worth": found["worth"],
        "worth_text": found["worth_text"],
        "electorate_text": kind_rules.ELECTORATE_TEXT[vote.electorate],
        "weights": found["weights"], "quorum": texts(terms.quorum),
        "passing": texts(terms.passing), "silence_with_majority": vote.silence_with_majority,
        "proxies": vote.proxies, "smallest": found["k"] if vote.secret else None,
    }  # fmt: skip


def turnout(uow: UnitOfWork, vote: Vote) -> dict[str, Any]:
    """How many took part, of how many; for secret votes only whole batches."""
    roll = uow.session.get(Roll, vote.id)
    log = uow.session.get(VoteLog, vote.id)
    return {
        "heads": log.heads if log else 0, "heads_of": roll.heads if roll else 0,
        "area_centi": log.area_centi if log and vote.by_area else None,
        "area_centi_of": roll.area_centi if roll and vote.by_area else None,
    }  # fmt: skip


def own_seats(uow: UnitOfWork, vote: Vote, person_id: UUID | None) -> list[dict[str, Any]]:
    """The seats this person may cast for, and whether each has cast."""
    if person_id is None or vote.opened_at is None:
        return []
    found = vote_seats.seats(uow, vote, person_id)
    standing = {seat.entry.id: _standing(uow, vote, seat) for seat in found}
    return [_seat(uow, vote, seat, standing[seat.entry.id]) for seat in found]


def _standing(uow: UnitOfWork, vote: Vote, seat: Seat) -> dict[str, Any]:
    """What the seat has cast so far, without its choice: receipts, the last one first."""
    entry_id = seat.entry.id
    if vote.secret:
        waiting = select(BallotPending.receipt_code).where(BallotPending.entry_id == entry_id)
        taken = select(BallotParticipation).where(BallotParticipation.entry_id == entry_id)
        row = uow.session.scalar(taken)
        code = row.receipt_code if row else uow.session.scalar(waiting)
        return {"how": vote_rules.ONLINE if code else None, "sealed": row is not None,
                "receipts": [{"code": code, "seq": None, "counts": True}] if code else [],
                "batch": row.batch if row else None}  # fmt: skip
    rows = uow.session.scalars(
        select(Ballot).where(Ballot.entry_id == entry_id).order_by(Ballot.seq.desc())
    ).all()
    receipts = [
        {"code": row.receipt_code, "seq": row.seq, "counts": place == 0}
        for place, row in enumerate(rows)
    ]
    return {"how": rows[0].how if rows else None, "receipts": receipts, "batch": None,
            "sealed": bool(rows) and rows[0].ordinal is not None}  # fmt: skip


def _seat(uow: UnitOfWork, vote: Vote, seat: Seat, cast: dict[str, Any]) -> dict[str, Any]:
    has_cast = bool(cast["receipts"])
    can_change = vote.changeable and cast["how"] != vote_rules.ON_PAPER
    if has_cast and seat.taken_over and not ballot_open.is_holders(uow, seat):
        can_change = False
    if seat.how == vote_rules.BY_PROXY and cast["how"] == vote_rules.ONLINE:
        can_change = False
    on_paper = not has_cast and not vote.secret and _paper_waits(uow, seat)
    return {
        "entry_id": seat.entry.id, "ordinal": seat.entry.ordinal,
        "rooms": [room[1] for room in seat.entry.rooms], "area_centi": seat.entry.area_centi,
        "as": "proxy" if seat.how == vote_rules.BY_PROXY else "owner",
        "taken_over": seat.taken_over, "cast": has_cast or on_paper,
        "cast_how": vote_rules.HOW_TEXT.get(cast["how"] or ("paper" if on_paper else "")),
        "can_cast": _open_now(uow, vote) and not on_paper and (not has_cast or can_change),
        "changeable": can_change,
    }  # fmt: skip


def _paper_waits(uow: UnitOfWork, seat: Seat) -> bool:
    query = select(BallotPaper.id).where(
        BallotPaper.entry_id == seat.entry.id, BallotPaper.state != vote_rules.PAPER_VOID
    )
    return uow.session.scalar(query) is not None


def _open_now(uow: UnitOfWork, vote: Vote) -> bool:
    return vote.state == vote_rules.OPEN and bool(vote.closes_at and uow.now < vote.closes_at)


def receipts(uow: UnitOfWork, vote_id: UUID, person_id: UUID) -> list[dict[str, Any]]:
    """The receipts of one's own seats; `sealed`: it is in the log already."""
    vote = moves.get(uow, vote_id)
    if vote.opened_at is None:
        return []
    found = []
    for seat in vote_seats.seats(uow, vote, person_id):
        cast = _standing(uow, vote, seat)
        found += [
            {"entry_id": seat.entry.id, "rooms": [room[1] for room in seat.entry.rooms],
             "sealed": cast["sealed"], "batch": cast["batch"], **one}
            for one in cast["receipts"]
        ]  # fmt: skip
    return found


def result(uow: UnitOfWork, vote_id: UUID) -> dict[str, Any]:
    """The published result; `Conflict` before, whoever asks."""
    vote = moves.get(uow, vote_id)
    row = uow.session.get(VoteResult, vote_id)
    if vote.published_at is None or row is None:
        raise Conflict(
            "no_result_yet", title="还没有结果", detail="结束并计票后，所有人同时看到结果",
            action="可以先保存一份检查点",
        )  # fmt: skip
    record = json.loads(row.record)
    return {
        **question(vote), "rule": rule(vote), "outcome": row.outcome,
        "outcome_text": tally_rules.OUTCOME_TEXT[row.outcome], "passed": row.passed,
        "record": record, "counted_at": vote.counted_at, "published_at": vote.published_at,
        "annulled": vote.state == vote_rules.ANNULLED, "key": _key(uow),
    }  # fmt: skip


def roll_proof(uow: UnitOfWork, vote_id: UUID, person_id: UUID) -> list[dict[str, Any]]:
    """What shows a person that their seats are on the frozen roll."""
    vote = moves.get(uow, vote_id)
    if vote.opened_at is None:
        raise moves.unknown()
    mine = {seat.entry.id for seat in vote_seats.seats(uow, vote, person_id)}
    if not mine:
        raise vote_seats.not_on_roll()
    entries = vote_rolls.entries(uow, vote)
    leaves = roll_rules.leaves([entry for _, entry in entries], by_area=vote.by_area)
    root = vote_rolls.roll_of(uow, vote).root.hex()
    return [
        {
            "entry_id": row.id, "line": entry.line(by_area=vote.by_area),
            "salt": entry.salt.hex(), "opening": entry.opening,
            "path": [one.hex() for one in merkle_rules.inclusion_path(leaves, row.ordinal - 1)],
            "size": len(leaves), "root": root,
        }
        for row, entry in entries
        if row.id in mine
    ]  # fmt: skip


def _key(uow: UnitOfWork) -> str:
    return base64.b64encode(keys_of(uow.services).public_key).decode()


def summary(uow: UnitOfWork, topic_id: UUID, person_id: UUID | None) -> dict[str, Any] | None:
    """The topic's latest vote in short, for the topic page; None where there is none to see."""
    hidden = (vote_rules.PREPARED, vote_rules.CANCELLED)
    vote = uow.session.scalars(
        select(Vote)
        .where(Vote.topic_id == topic_id, Vote.state.not_in(hidden))
        .order_by(Vote.created_at.desc())
        .limit(1)
    ).first()
    if vote is None:
        return None
    seats = own_seats(uow, vote, person_id)
    return {
        "id": vote.id, "state": vote.state,
        "state_text": vote_rules.VOTE_STATE_TEXT[vote.state], "closes_at": vote.closes_at,
        "turnout": turnout(uow, vote), "seats": len(seats),
        "cast": sum(one["cast"] for one in seats),
        "can_cast": any(one["can_cast"] for one in seats),
        "has_result": vote.published_at is not None,
    }  # fmt: skip
