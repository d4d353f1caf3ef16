"""Stopping a vote for good: while it runs by the street, afterwards by a sustained objection."""

from uuid import UUID

from sqlalchemy import delete, select

from backend.domains.deliberation import vote_counting as counting
from backend.domains.deliberation import vote_log, vote_opening, vote_rules
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.ballot_model import BallotPending
from backend.domains.deliberation.vote_events import VoteAnnulled
from backend.domains.deliberation.vote_model import Vote
from backend.domains.deliberation.vote_ports import topics_of
from backend.domains.deliberation.vote_preparing import DECIDE, own
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid
from backend.kernel.timers import disarm
from backend.kernel.uow import UnitOfWork


def stop(uow: UnitOfWork, by: Principal, vote_id: UUID, reason: str) -> Vote:
    """The street stops a vote that runs, or that cannot be counted (a lost key, a lost sheet).

    What was cast is never counted nor opened.
    """
    moves.hold_alone(uow, vote_id)
    vote = own(uow, by, vote_id, DECIDE)
    if not reason.strip():
        text = "请写明为什么停止"
        raise Invalid("missing", detail=text, fields={"reason": [text]})
    if vote.state not in vote_rules.RUNNING:
        raise moves.changed_meanwhile()
    _annul(uow, vote, reason)
    topics_of(uow).annulled(uow, vote.topic_id, by, reason)
    return vote


def does_not_hold(uow: UnitOfWork, topic_id: UUID, turn: int, reason: str) -> None:
    """An objection to the topic was sustained: its published vote of that turn is void."""
    query = select(Vote.id).where(
        Vote.topic_id == topic_id, Vote.turn == turn, Vote.state == vote_rules.PUBLISHED
    )
    for vote_id in uow.session.scalars(query).all():
        moves.hold_alone(uow, vote_id)
        _annul(uow, moves.get(uow, vote_id), reason)


def _annul(uow: UnitOfWork, vote: Vote, reason: str) -> None:
    running = vote.state in vote_rules.RUNNING
    moves.move(uow, vote, "annul", vote_rules.STREET, public=f"表决作废：{reason}", reason=reason,
               annulled_at=uow.now)  # fmt: skip
    if running:
        # Nobody will ever open them: the vote's own key goes, and what waits goes with its key.
        vote.private_sealed = None
        uow.session.execute(delete(BallotPending).where(BallotPending.vote_id == vote.id))
        log = vote_log.log_of(uow, vote.id)
        log.pending_key = log.pending_public = None
        for kind in (vote_opening.CLOSE, counting.COUNT):
            disarm(uow, kind, moves.subject(vote.id))
        uow.session.flush()
    people = vote_opening.casters(uow, vote.id)
    uow.emit(VoteAnnulled(**moves.event_facts(vote, uow.now), reason=reason, person_ids=people))
