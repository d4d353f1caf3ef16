"""The worker's part: starting campaigns, writing to their people, and seeing that they end."""

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from backend.domains.messages import campaign_audience, campaigns
from backend.domains.messages import campaign_rules as c
from backend.domains.messages.campaign_model import Campaign
from backend.domains.messages.campaign_parts import subject
from backend.domains.messages.kinds_news import NOTICE
from backend.domains.organisation import service as organisation
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from notifications import campaigns as engine
from notifications import outbox
from notifications.outbox import Draft, Letter

#: People written to in one transaction: what a worker that dies does again.
BATCH = 200
#: Other chores wait meanwhile, so a turn is short (seconds).
_TURN = 2.0


def run(services: Services) -> int:
    """Start what is due, write the next batches, end what is through; how many were written to."""
    until = time.monotonic() + _TURN
    written = 0
    while True:
        with services.unit() as uow:
            found = _next_batch(uow)
        if found is None:
            break
        written += found
        if time.monotonic() > until:
            break
    while _end_one(services):
        pass
    return written


def _next_batch(uow: UnitOfWork) -> int | None:
    """One batch of one campaign that nobody else is at; None when there is none.

    The one that has written least comes first, so that a long one does not hold up a short one.
    Its row is held: a stop waits for the batch, and then finds every message of it.
    """
    due = (
        select(Campaign)
        .where(
            Campaign.state.in_((c.RELEASED, c.RUNNING)),
            Campaign.send_at <= uow.now,
            Campaign.written_at.is_(None),
        )
        .order_by(Campaign.written, Campaign.id)
    )
    row = _held(uow, due)
    if row is None:
        return None
    if row.state == c.RELEASED:
        campaigns.begin(uow, row)
    return _write(uow, row) if row.state == c.RUNNING else 0


def _write(uow: UnitOfWork, row: Campaign) -> int:
    assert row.released_at is not None and row.expires_at is not None
    if row.expires_at <= uow.now:
        # Nobody who is written to now would still be told.
        row.written_at, row.reason = uow.now, "到了截止时间，后面的人没有再写"
        return 0
    people = campaign_audience.people(uow, row.audience, row.released_at).subquery()
    query = select(people.c.id).order_by(people.c.id).limit(BATCH)
    if row.cursor is not None:
        query = query.where(people.c.id > row.cursor)
    ids = uow.session.scalars(query).all()
    # Somebody who is told under an account that has since become part of this one.
    before = engine.told(uow.session, row.id, ids)
    fresh = [person for person in ids if person not in before]
    told = outbox.enqueue_letters(uow.session, uow.now, _letters(uow, row, fresh))
    row.written += len(told)
    if ids:
        row.cursor = ids[-1]
    if len(ids) < BATCH:
        row.written_at = uow.now
    return len(told)


def _letters(uow: UnitOfWork, row: Campaign, ids: Sequence[UUID]) -> list[Letter]:
    words = values(uow, row)
    return [
        Letter(
            Draft(
                NOTICE,
                f"campaign:{row.id}:{person}",
                expires_at=row.expires_at,
                ladder=tuple(row.ladder),
                campaign_id=row.id,
            ),
            person,
            subject(row.id),
            words,
        )
        for person in ids
    ]


def hold_still(uow: UnitOfWork) -> None:
    """Nobody is written to until this unit of work ends, and what was being written is there."""
    uow.session.execute(
        select(Campaign.id)
        .where(Campaign.state.in_((c.RELEASED, c.RUNNING)), Campaign.written_at.is_(None))
        .order_by(Campaign.id)
        .with_for_update(read=True)
    )


def values(uow: UnitOfWork, row: Campaign) -> dict[str, Any]:
    """The words of a campaign, as its messages take them."""
    settings = uow.services.settings
    return {
        "title": row.title,
        "body": row.body,
        "sms": row.sms,
        "link": row.link,
        "page": c.page_of(row.link),
        "district": organisation.district(uow.session, settings.district_code).name,
        "at": row.send_at or uow.now,
    }


def _end_one(services: Services) -> bool:
    """End one campaign all of whose messages have gone their way; whether there was one."""
    with services.unit() as uow:
        written = select(Campaign).where(
            Campaign.state == c.RUNNING,
            Campaign.written_at.is_not(None),
            ~engine.query_under_way(Campaign.id),
        )
        row = _held(uow, written)
        if row is not None:
            campaigns.finish(uow, row)
        return row is not None


def _held(uow: UnitOfWork, query: Select[Any]) -> Campaign | None:
    locked = query.limit(1).with_for_update(skip_locked=True)
    found: Campaign | None = uow.session.scalar(locked.execution_options(populate_existing=True))
    return found
