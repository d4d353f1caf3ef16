"""Opening ballots after the end: the only place where a vote's private key is used."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.domains.deliberation import ballot_sealing, tally_rules, vote_rolls, vote_rules
from backend.domains.deliberation.ballot_keys import Unopened, keys_of, unseal
from backend.domains.deliberation.ballot_model import Ballot
from backend.domains.deliberation.ballot_sealing import Contents
from backend.domains.deliberation.tally_rules import Cast
from backend.domains.deliberation.vote_model import RollEntry, Vote
from backend.domains.deliberation.vote_public import question_of
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Opened:
    """A ballot of the log that was opened; `entry` is None for a secret one."""

    row: Ballot
    entry: RollEntry | None
    contents: Contents


def opened(uow: UnitOfWork, vote: Vote) -> list[Opened]:
    """Every ballot of the log in its order, opened; `Unopened` when one was altered.

    `Conflict` while the vote still runs, whoever asks. One that was published and made void later
    is open to everybody already.
    """
    ended = vote.state in (vote_rules.CLOSING, *vote_rules.ENDED) or vote.published_at is not None
    if not ended or vote.private_sealed is None:
        raise Conflict("vote_runs", title="表决还没有结束", detail="结束前任何人都看不到选票")
    private = keys_of(uow.services).vote_key(vote.id, vote.private_sealed)
    rows = uow.session.execute(
        select(Ballot, RollEntry)
        .outerjoin(RollEntry, RollEntry.id == Ballot.entry_id)
        .where(Ballot.vote_id == vote.id, Ballot.ordinal.is_not(None))
        .order_by(Ballot.ordinal)
        .execution_options(populate_existing=True)
    )
    found = []
    for row, entry in rows:
        contents = ballot_sealing.read(unseal(private, row.sealed, vote.id.bytes))
        if contents.leaf != row.leaf:
            raise Unopened("a ballot is not the one that was promised")
        found.append(Opened(row, entry, contents))
    return found


def standing(found: list[Opened]) -> list[Opened]:
    """Those that count: of each seat the last one, of secret ones all."""
    last: dict[Any, Opened] = {}
    for one in found:
        seat = one.row.entry_id
        if seat is None:
            last[one.row.id] = one
        elif seat not in last or (one.row.seq or 0) > (last[seat].row.seq or 0):
            last[seat] = one
    return list(last.values())


def counted(uow: UnitOfWork, vote: Vote, found: list[Opened]) -> dict[str, Any]:
    """The result of opened ballots, as it is published."""
    roll = vote_rolls.roll_of(uow, vote)
    terms = tally_rules.terms_of(
        question_of(vote), vote.rule, secrecy=vote.secrecy, silence=vote.silence_with_majority
    )
    cast = [
        Cast(tuple(one.contents.line["choice"]), one.entry.area_centi if one.entry else 0)
        for one in standing(found)
    ]
    entitled = {"heads": roll.heads, "area": roll.area_centi}
    return tally_rules.count(terms, entitled, cast)
