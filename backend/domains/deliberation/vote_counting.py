"""The end of a vote: closed, sealed to the last ballot, counted, published. Each step alone.

Every step is one transaction that arms the next, so that a worker killed between two leaves a vote
that the next worker goes on with.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.deliberation import (
    ballot_opening,
    record_rules,
    tally_rules,
    vote_bundle,
    vote_log,
    vote_opening,
    vote_rules,
    vote_sealing,
)
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.ballot_model import BallotPaper
from backend.domains.deliberation.vote_events import VoteClosed, VoteCounted, VotePublished
from backend.domains.deliberation.vote_model import VoteResult
from backend.domains.deliberation.vote_ports import topics_of
from backend.kernel.files import CleanFile
from backend.kernel.timers import Timer, Timers, arm
from backend.kernel.uow import UnitOfWork

COUNT, PUBLISH = "vote.count", "vote.publish"
_PAPER_PAUSE = timedelta(minutes=5)


def register(timers: Timers) -> None:
    """Tell the timers who closes, counts and publishes."""
    timers.register(vote_opening.CLOSE, lambda uow, timer: _step(uow, timer, close))
    timers.register(COUNT, lambda uow, timer: _step(uow, timer, count))
    timers.register(PUBLISH, lambda uow, timer: _step(uow, timer, publish))


def _step(uow: UnitOfWork, timer: Timer, act: object) -> None:
    assert callable(act)
    act(uow, timer.subject_id)


def close(uow: UnitOfWork, vote_id: UUID) -> None:
    """Take no more ballots. Whoever was casting has finished: the vote is held alone."""
    moves.hold_alone(uow, vote_id)
    vote = moves.get(uow, vote_id)
    if vote.state != vote_rules.OPEN:
        return
    if vote.closes_at is None or uow.now < vote.closes_at:
        # Fired early by a clock that went back: come again.
        arm(uow, vote_opening.CLOSE, moves.subject(vote_id), vote.closes_at or uow.now)
        return
    moves.move(uow, vote, "close", vote_rules.SYSTEM, public="表决结束，开始计票",
               closed_at=uow.now)  # fmt: skip
    topics_of(uow).ended(uow, vote.topic_id, papers_waiting(uow, vote_id))
    arm(uow, COUNT, moves.subject(vote_id), uow.now)
    uow.emit(VoteClosed(**moves.event_facts(vote, uow.now)))


def papers_waiting(uow: UnitOfWork, vote_id: UUID) -> int:
    """Paper ballots that two people have not agreed on yet."""
    open_states = (vote_rules.PAPER_ENTERED, vote_rules.PAPER_DIFFERS)
    query = select(func.count()).select_from(BallotPaper)
    return uow.session.scalar(
        query.where(BallotPaper.vote_id == vote_id, BallotPaper.state.in_(open_states))
    ) or 0  # fmt: skip


def count(uow: UnitOfWork, vote_id: UUID) -> None:
    """Seal the rest, open the ballots, count them. Waits for paper ballots to be reconciled."""
    moves.hold_alone(uow, vote_id)
    vote = moves.get(uow, vote_id)
    if vote.state != vote_rules.CLOSING:
        return
    if papers_waiting(uow, vote_id):
        arm(uow, COUNT, moves.subject(vote_id), uow.now + _PAPER_PAUSE)
        return
    log = vote_log.log_of(uow, vote_id)
    vote_sealing.seal_rest(uow, vote, log)
    result = ballot_opening.counted(uow, vote, ballot_opening.opened(uow, vote))
    uow.session.add(
        VoteResult(
            vote_id=vote.id, record=record_rules.canonical(result).decode(),
            outcome=result["outcome"], passed=result["passed"], counted_at=uow.now,
        )
    )  # fmt: skip
    uow.session.flush()
    text = tally_rules.OUTCOME_TEXT[result["outcome"]]
    moves.move(uow, vote, "count", vote_rules.SYSTEM, public=f"计票完成：{text}",
               counted_at=uow.now)  # fmt: skip
    arm(uow, PUBLISH, moves.subject(vote_id), uow.now)
    facts = moves.event_facts(vote, uow.now)
    uow.emit(VoteCounted(**facts, outcome=result["outcome"], passed=result["passed"]))


def publish(uow: UnitOfWork, vote_id: UUID) -> None:
    """Result, rolls, ballots and checkpoints become public."""
    moves.hold_alone(uow, vote_id)
    vote = moves.get(uow, vote_id)
    if vote.state != vote_rules.COUNTED:
        return
    result = uow.session.get_one(VoteResult, vote_id)
    body = vote_bundle.packed(vote_bundle.files(uow, vote))
    kept = uow.services.files.keep(uow, CleanFile(body, "application/zip"), "vote_bundle")
    moves.move(
        uow, vote, "publish", vote_rules.SYSTEM, public="结果已公布，任何人都可以下载核对",
        published_at=uow.now, bundle_file_id=kept.id,
    )  # fmt: skip
    uow.emit(
        VotePublished(
            **moves.event_facts(vote, uow.now), outcome=result.outcome, passed=result.passed,
            person_ids=vote_opening.casters(uow, vote_id),
        )
    )  # fmt: skip
