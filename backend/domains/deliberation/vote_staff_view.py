"""Votes as staff and auditors see them. Before the end: who has taken part, never how."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.deliberation import (
    ballot_opening,
    ballot_papers,
    vote_checking,
    vote_counting,
    vote_rules,
    vote_view,
)
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation.ballot_model import Ballot
from backend.domains.deliberation.vote_model import RollEntry, Vote
from backend.domains.deliberation.vote_ports import register_of
from backend.domains.deliberation.vote_preparing import AUDIT, DECIDE, MANAGE, PAPER, own
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.uow import UnitOfWork

VIEW = "topics.view"


def detail(uow: UnitOfWork, by: Principal, vote_id: UUID) -> dict[str, Any]:
    """One vote with what may be done with it now."""
    return _shown(uow, by, own(uow, by, vote_id, VIEW, MANAGE, AUDIT, DECIDE))


def _shown(uow: UnitOfWork, by: Principal, vote: Vote) -> dict[str, Any]:
    return {
        **vote_view.question(vote), "rule": vote_view.rule(vote),
        "turnout": vote_view.turnout(uow, vote), "version": vote.version, "days": vote.days,
        "counted_at": vote.counted_at, "published_at": vote.published_at,
        "papers_waiting": vote_counting.papers_waiting(uow, vote.id),
        "has_result": vote.published_at is not None, "can": _can(uow, by, vote),
    }  # fmt: skip


def _can(uow: UnitOfWork, by: Principal, vote: Vote) -> list[str]:
    found = {
        vote_rules.PREPARED: [("edit", MANAGE), ("open", MANAGE), ("cancel", MANAGE)],
        vote_rules.OPEN: [("stop", DECIDE)],
        vote_rules.CLOSING: [("stop", DECIDE)],
        vote_rules.PUBLISHED: [("recount", AUDIT), ("ballots", AUDIT), ("certificate", MANAGE)],
    }.get(vote.state, [])
    if vote.state == vote_rules.OPEN and not vote.secret:
        found = [*found, ("paper", PAPER)]
    if vote.state in vote_rules.RUNNING and not vote.secret:
        found = [*found, ("second_entry", PAPER)]
    return [name for name, permission in found if _holds(uow, by, permission, vote)]


def _holds(uow: UnitOfWork, by: Principal, permission: str, vote: Vote) -> bool:
    if not by.may(permission):
        return False
    try:
        register_of(uow).reach(uow, by, permission, vote.community_id)
    except NotFound:
        return False
    return True


def roll(uow: UnitOfWork, by: Principal, vote_id: UUID) -> list[dict[str, Any]]:
    """The seats of an open vote by room, for the desk that takes paper ballots; no names.

    Whether a seat has voted is shown, since a second ballot of it would be refused. Of a secret
    vote nothing is shown: who took part is nobody's business there.
    """
    vote = own(uow, by, vote_id, PAPER)
    if vote.secret or vote.opened_at is None:
        raise Conflict("no_roll_shown", title="这次表决不显示名册")
    cast = set(uow.session.scalars(select(Ballot.entry_id).where(Ballot.vote_id == vote.id)))
    rows = uow.session.scalars(
        select(RollEntry).where(RollEntry.vote_id == vote.id).order_by(RollEntry.ordinal)
    )
    return [
        {"entry_id": row.id, "ordinal": row.ordinal, "rooms": [room[1] for room in row.rooms],
         "area_centi": row.area_centi, "cast": row.id in cast}
        for row in rows
    ]  # fmt: skip


def ballots(uow: UnitOfWork, by: Principal, vote_id: UUID) -> list[dict[str, Any]]:
    """Open ballots by room and area for the auditor, after the end; the last of each seat."""
    vote = own(uow, by, vote_id, AUDIT)
    _not_void(vote)
    if vote.published_at is None:
        raise Conflict("no_result_yet", title="还没有结果", detail="公布后才能查看选票")
    if vote.secret:
        raise Conflict("secret_vote", title="不记名表决没有逐户选票")
    texts = {one["code"]: one["text"] for one in vote.options}
    return [
        {
            "ordinal": one.entry.ordinal, "rooms": [room[1] for room in one.entry.rooms],
            "area_centi": one.entry.area_centi, "choice": one.contents.line["choice"],
            "choice_text": "、".join(texts[code] for code in one.contents.line["choice"]),
            "how_text": vote_rules.HOW_TEXT[one.contents.line["how"]],
            "seq": one.row.seq,
        }
        for one in ballot_opening.standing(ballot_opening.opened(uow, vote))
        if one.entry is not None
    ]  # fmt: skip


def recount(uow: UnitOfWork, by: Principal, vote_id: UUID) -> dict[str, Any]:
    """Check the vote against its checkpoints and count it again; that it was done is traced."""
    moves.hold_alone(uow, vote_id)
    vote = own(uow, by, vote_id, AUDIT)
    _not_void(vote)
    if vote.counted_at is None:
        raise Conflict("no_result_yet", title="还没有结果", detail="计票后才能复核")
    found = vote_checking.check(uow, vote)
    text = "复核一致" if not found else f"复核发现{len(found)}处不一致"
    moves.note(uow, vote, "recount", public=text)
    return {
        "same": not found, "at": uow.now,
        "findings": [{"what": one.what, "where": one.where} for one in found],
    }  # fmt: skip


def _not_void(vote: Vote) -> None:
    if vote.state == vote_rules.ANNULLED:
        raise Conflict("vote_annulled", title="这次表决已经作废", detail="公布过的材料还可以下载")


def papers(uow: UnitOfWork, by: Principal, vote_id: UUID) -> list[dict[str, Any]]:
    """Sheets with their state; never what is on them."""
    return [sheet(uow, by, row, entry) for row, entry in ballot_papers.papers(uow, by, vote_id)]


def sheet(uow: UnitOfWork, by: Principal, row: Any, entry: RollEntry) -> dict[str, Any]:
    """One sheet; `mine` when this member of staff has read it already."""
    return {
        "sheet": row.sheet, "entry_id": entry.id, "rooms": [room[1] for room in entry.rooms],
        "state": row.state, "state_text": vote_rules.PAPER_TEXT[row.state],
        "entered_at": row.entered_at, "mine": ballot_papers.read_by(uow, row.id, by.actor.id),
    }  # fmt: skip
