"""Hot issues as staff see them: each only the part of an issue that lies in their streets."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.insight.model import HotIssue, HotIssueRun
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.uow import UnitOfWork

PERMISSION = "reports.view"
MEMBERS_SHOWN = 50


def day(uow: UnitOfWork, by: Principal, wanted: date | None) -> dict[str, Any]:
    """The hot issues of a day, hottest first; without a day, those of the newest finding."""
    if wanted is None:
        made = HotIssueRun.made_at.is_not(None)
        wanted = uow.session.scalar(select(func.max(HotIssueRun.day)).where(made))
    wanted = wanted or local_date(uow.now)
    run = uow.session.get(HotIssueRun, wanted)
    issues = uow.session.scalars(
        select(HotIssue).where(HotIssue.day == wanted).order_by(HotIssue.rank)
    )
    streets = by.scope_ids(PERMISSION, "street")
    shown = [_shown(issue, _within(issue.members, streets)) for issue in issues]
    return {**_run(wanted, run), "items": [issue for issue in shown if issue]}


def issue_of(uow: UnitOfWork, ids: Sequence[UUID], words: str = "") -> dict[str, Any] | None:
    """The hot issue of the newest finding that has one of these messages among its own.

    Failing that, the hottest of which `words` say at least two of its words. As
    `{id, title, count}`; None where there is none.
    """
    made = HotIssueRun.made_at.is_not(None)
    newest = select(func.max(HotIssueRun.day)).where(made).scalar_subquery()
    issues = list(
        uow.session.scalars(select(HotIssue).where(HotIssue.day == newest).order_by(HotIssue.rank))
    )
    wanted = {str(one) for one in ids}
    found = next(
        (one for one in issues if any(member["id"] in wanted for member in one.members)), None
    ) or next((one for one in issues if sum(word in words for word in one.words) >= 2), None)
    if found is None:
        return None
    return {"id": found.id, "title": found.members[0]["title"], "count": len(found.members)}


def ask_for_run(uow: UnitOfWork) -> dict[str, Any]:
    """Have the worker find today's hot issues anew, within a minute or two."""
    today = local_date(uow.now)
    uow.session.execute(
        insert(HotIssueRun)
        .values(day=today, requested_at=uow.now, messages=0)
        .on_conflict_do_update(index_elements=["day"], set_={"requested_at": uow.now})
    )
    return _run(today, uow.session.get(HotIssueRun, today, populate_existing=True))


def _run(wanted: date, run: HotIssueRun | None) -> dict[str, Any]:
    made_at = run.made_at if run else None
    asked_at = run.requested_at if run else None
    return {
        "date": wanted,
        "made_at": made_at,
        "waiting": asked_at is not None and (made_at is None or asked_at > made_at),
        "messages": run.messages if run else 0,
    }


def _within(members: Sequence[dict[str, Any]], streets: set[UUID] | None) -> list[dict[str, Any]]:
    """The messages of these streets; None means all."""
    if streets is None:
        return list(members)
    reached = {str(street) for street in streets}
    return [member for member in members if member["street_id"] in reached]


def _callers(members: Sequence[dict[str, Any]]) -> int:
    """Everybody once. Whoever counts in another street's message is still one of this part."""
    counted = sum(member.get("counted", member["callers"]) for member in members)
    return int(max([counted, *(member["callers"] for member in members)]))


def _shown(issue: HotIssue, members: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not members:
        return None
    moments = [datetime.fromisoformat(member["at"]) for member in members]
    places: dict[str, None] = {}
    for member in members:
        if member["place"]:
            places[member["place"]] = None
    return {
        "id": issue.id,
        "rank": issue.rank,
        "title": members[0]["title"],
        "words": issue.words,
        "count": len(members),
        "callers": _callers(members),
        "growth": issue.growth,
        "score": issue.score,
        "places": list(places),
        "first_at": min(moments),
        "last_at": max(moments),
        "event_ids": [member["id"] for member in members if member["kind"] == "event"],
        "members": [
            {**member, "at": moment}
            for member, moment in zip(members[:MEMBERS_SHOWN], moments, strict=False)
        ],
    }
