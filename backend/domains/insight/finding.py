"""The daily finding of hot issues, done by the worker."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from backend.domains.insight import hot_rules, ports
from backend.domains.insight.hot_rules import Heat
from backend.domains.insight.model import HotIssue, HotIssueRun
from backend.domains.insight.ports import Message
from backend.kernel.clock import local_date
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

log = structlog.get_logger()

# What ended longer ago is no issue of today.
RECENT = timedelta(days=30)
MESSAGES_MOST = 4000
KEPT = timedelta(days=180)
_DAY = timedelta(days=1)


def run_if_due(services: Services) -> bool:
    """Find today's hot issues unless that is done; True when it was done now.

    Running twice, also at the same moment in two workers, leaves one finding of the day.
    The messages are read and the result is written in short transactions of their own.
    """
    with services.unit() as uow:
        now, today = uow.now, local_date(uow.now)
        if not _due(uow.session.get(HotIssueRun, today)):
            return False
        messages = _read(uow)
    found = rank(messages, now)
    with services.unit() as uow:
        _write(uow, today, now, len(messages), found)
    log.info("hot issues found", day=str(today), messages=len(messages), issues=len(found))
    return True


def rank(
    messages: Sequence[Message], now: datetime
) -> list[tuple[Heat, tuple[str, ...], list[Message]]]:
    """The issues of enough callers, hottest first: heat, keywords, messages by centrality."""
    # Late: half a second of imports that only the worker needs.
    from backend.domains.insight import clustering
    from backend.domains.insight.corpus import Text

    texts = [
        Text(
            title=message.title,
            body=message.text,
            day=(message.at - now) / _DAY,
            areas=frozenset([str(message.street_id)] if message.street_id else []),
        )
        for message in messages
    ]
    found = []
    for cluster in clustering.find(texts):
        members = [messages[place] for place in cluster.members]
        counted = once(members)
        heat = hot_rules.heat([(message.at, counted[message.id]) for message in members], now)
        if heat.callers >= hot_rules.CALLERS_LEAST:
            found.append((heat, cluster.keywords, members))
    found.sort(key=lambda issue: (-issue[0].score, -issue[0].callers, issue[2][0].at))
    return found[: hot_rules.SHOWN_MOST]


def once(members: Sequence[Message]) -> dict[UUID, int]:
    """How many callers each message of an issue counts for; who called twice, for the newest."""
    order = sorted(members, key=lambda message: (message.at, str(message.id)), reverse=True)
    added = hot_rules.counted_once([(message.callers, message.who) for message in order])
    return {message.id: count for message, count in zip(order, added, strict=True)}


def _due(run: HotIssueRun | None) -> bool:
    if run is None or run.made_at is None:
        return True
    return run.requested_at is not None and run.requested_at > run.made_at


def _read(uow: UnitOfWork) -> list[Message]:
    """The newest messages of all sources, in an order that does not depend on the sources."""
    found = [
        message
        for source in ports.sources(uow.services)
        for message in source(uow, uow.now - RECENT, MESSAGES_MOST)
    ]
    found.sort(key=lambda message: (message.at, str(message.id)), reverse=True)
    return found[:MESSAGES_MOST]


def _write(
    uow: UnitOfWork,
    day: date,
    read_at: datetime,
    messages: int,
    found: Sequence[tuple[Heat, tuple[str, ...], list[Message]]],
) -> None:
    wanted = {"made_at": read_at, "messages": messages}
    # The row of the day is the lock: of two workers the later one replaces what the other found.
    uow.session.execute(
        insert(HotIssueRun)
        .values(day=day, **wanted)
        .on_conflict_do_update(index_elements=["day"], set_=wanted)
    )
    uow.session.execute(delete(HotIssue).where(HotIssue.day == day))
    uow.session.execute(delete(HotIssueRun).where(HotIssueRun.day < day - KEPT))
    for place, (heat, words, members) in enumerate(found, 1):
        counted = once(members)
        uow.session.add(
            HotIssue(
                day=day, rank=place, words=list(words), growth=heat.growth, score=heat.score,
                members=[_kept(message, counted[message.id]) for message in members],
            )
        )  # fmt: skip


def _kept(message: Message, counted: int) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "kind": message.kind,
        "title": message.title,
        "at": message.at.isoformat(),
        "place": message.place,
        "street_id": str(message.street_id) if message.street_id else None,
        "callers": message.callers,
        "counted": counted,
    }
