"""Opening a vote: the roll frozen, its keys made, the first checkpoint signed, its end set."""

from datetime import datetime, time
from typing import cast
from uuid import UUID

from sqlalchemy import select

from backend.domains.deliberation import record_rules, vote_log, vote_rolls, vote_rules
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.ballot_keys import keys_of, pending_of
from backend.domains.deliberation.period_rules import period_end
from backend.domains.deliberation.vote_events import VoteOpened
from backend.domains.deliberation.vote_model import Roll, RollCaster, Vote, VoteLog
from backend.domains.deliberation.vote_ports import topics_of
from backend.domains.deliberation.vote_preparing import MANAGE, check_current, own
from backend.kernel.access import Principal
from backend.kernel.clock import local
from backend.kernel.errors import Conflict
from backend.kernel.state import step
from backend.kernel.timers import arm
from backend.kernel.uow import UnitOfWork

CLOSE = "vote.close"
# The demo may put a function here that gives a vote an earlier end, or None.
SOONER = "vote_ends_sooner"
# People count on the end of a day, whatever minute the vote was opened in.
_LAST_HOUR = time(18, 0)


def open_vote(uow: UnitOfWork, by: Principal, vote_id: UUID, version: int | None = None) -> Vote:
    """Freeze the roll and let people cast until the first 18:00 after so many full days."""
    moves.hold_alone(uow, vote_id)
    vote = own(uow, by, vote_id, MANAGE)
    if version is not None and vote.version != version:
        raise moves.stale()
    step(vote_rules.VOTE_TRANSITIONS, vote.state, "open")
    check_current(uow, vote)
    closes_at = _end(uow, vote)
    topics_of(uow).opening(uow, vote.topic_id, closes_at, by)
    public_key, private_sealed = keys_of(uow.services).new_vote_key(vote.id)
    roll = vote_rolls.freeze(uow, vote)
    if vote.secret and roll.heads < vote.rule["k"]:
        raise Conflict(
            "too_few_for_secrecy", title="人数太少，不能不记名",
            detail=f"不记名表决至少要有{vote.rule['k']}人，名册里只有{roll.heads}人",
            action="请改为记名表决",
        )  # fmt: skip
    moves.move(
        uow, vote, "open", vote_rules.WORKER,
        public=f"表决开始，应参加{roll.heads}人，名册已固定", opened_at=uow.now,
        closes_at=closes_at, public_key=public_key, private_sealed=private_sealed,
    )  # fmt: skip
    log = _start_log(uow, vote)
    vote_log.checkpoint(uow, vote, log, record_rules.OPENING)
    arm(uow, CLOSE, moves.subject(vote.id), closes_at)
    facts = moves.event_facts(vote, uow.now)
    uow.emit(VoteOpened(**facts, person_ids=casters(uow, vote.id), closes_at=closes_at))
    return vote


def _end(uow: UnitOfWork, vote: Vote) -> datetime:
    sooner = uow.services.extensions.get(SOONER)
    if sooner is not None and (moment := sooner(vote, uow.now)) is not None:
        return cast(datetime, moment)
    return period_end(local(uow.now), vote.days, _LAST_HOUR)


def _start_log(uow: UnitOfWork, vote: Vote) -> VoteLog:
    log = VoteLog(vote_id=vote.id, seq=0, ballots=0, ballots_peaks=b"", receipts=0,
                  receipts_peaks=b"", batches=0, heads=0, area_centi=0)  # fmt: skip
    if vote.secret:
        moves.hold_keys(uow)
        log.pending_key, log.pending_public = pending_of(uow.services).create()
    uow.session.add(log)
    uow.session.flush()
    return log


def casters(uow: UnitOfWork, vote_id: UUID) -> tuple[UUID, ...]:
    """The accounts on the roll, each once."""
    query = select(RollCaster.person_id).where(RollCaster.vote_id == vote_id).distinct()
    return tuple(uow.session.scalars(query.order_by(RollCaster.person_id)))


def roll_for(uow: UnitOfWork, vote_id: UUID) -> Roll | None:
    """The sums, once they are frozen."""
    return uow.session.get(Roll, vote_id)
