"""A dry run: how many a campaign would reach, and how, with a masked sample. Nothing is sent."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    String,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    select,
)

from backend.domains.identity import service as identity
from backend.domains.messages import campaign_audience, campaign_preview, campaign_rules, rules
from backend.domains.messages.campaign_model import Campaign
from backend.domains.messages.kinds_news import NOTICE
from backend.domains.messages.service import template_ids
from backend.kernel.uow import UnitOfWork
from notifications import consent, preferences
from notifications.kinds import INBOX, SERVICE, SUBSCRIBE
from notifications.rules import NIGHT, Priority, after_quiet

_SAMPLE = 8


def count(uow: UnitOfWork, row: Campaign) -> int:
    """How many people it is for at this moment."""
    query = campaign_audience.people(uow, row.audience, row.released_at or uow.now)
    return uow.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def dry_run(uow: UnitOfWork, row: Campaign) -> dict[str, Any]:
    """By which channel how many would be reached first, were it sent now.

    A channel counts whom it can reach: an address, a consent that is left where WeChat asks for
    one, and nothing muted. Whoever none of them reaches reads it in the inbox.
    """
    at = row.released_at or uow.now
    people = campaign_audience.people(uow, row.audience, at).subquery()
    person = people.c.id
    ways = {one: _reached(uow, person, one) for one in row.ladder}
    first = case(
        *[(condition, literal(channel)) for channel, condition in ways.items()], else_=INBOX
    ) if ways else literal(INBOX)  # fmt: skip
    counted = select(first.label("channel"), func.count()).select_from(people).group_by("channel")
    reach: dict[str, int] = dict(uow.session.execute(counted).all())
    begin = max(row.send_at or uow.now, uow.now)
    night = NIGHT if uow.services.settings.quiet_hours else None
    return {
        "total": sum(reach.values()),
        "audience_text": campaign_audience.said(uow, row.audience),
        "reach": [
            {"channel": channel, "channel_text": _channel_text(channel), "people": number}
            for channel, number in campaign_rules.shares(reach, row.ladder)
        ],
        "muted": _muted(uow, people, row.ladder),
        "sms_parts": campaign_preview.parts(uow, row),
        "first_at": after_quiet(begin, Priority.NEWS, night),
        "until": campaign_rules.end_of(begin, row.expires_at),
        "sample": _sample(uow, row, people, first),
        "counted_at": uow.now,
    }


def _reached(uow: UnitOfWork, person: ColumnElement[UUID], channel: str) -> ColumnElement[bool]:
    """Whether this person is reached on this channel, if it is set up at all."""
    settings = uow.services.settings
    heard = person.not_in(preferences.query_muted(NOTICE.topic, channel))
    if channel == SUBSCRIBE:
        template = template_ids(settings).get(NOTICE.template_key)
        if uow.services.wechat is None or not template:
            return false()
        allowed = person.in_(consent.query_allowing(template))
        return and_(person.in_(identity.query_reachable(identity.MINI)), allowed, heard)
    if channel == SERVICE:
        if not (settings.wechat.service_app_id and settings.wechat.service_template):
            return false()
        return and_(person.in_(identity.query_reachable(identity.SERVICE)), heard)
    if uow.services.sms is None:
        return false()
    return and_(person.in_(identity.query_reachable(identity.PHONE)), heard)


def _muted(uow: UnitOfWork, people: Subquery, ladder: Sequence[str]) -> int:
    """How many want nothing of notices on every one of the channels."""
    query = select(func.count()).select_from(people)
    for channel in ladder:
        query = query.where(people.c.id.in_(preferences.query_muted(NOTICE.topic, channel)))
    return (uow.session.scalar(query) or 0) if ladder else 0


def _sample(
    uow: UnitOfWork, row: Campaign, people: Subquery, first: ColumnElement[str]
) -> list[dict[str, Any]]:
    """A few of them, masked: the same ones each time, drawn by the campaign's id."""
    lot = func.md5(cast(people.c.id, String) + str(row.id))
    drawn = uow.session.execute(
        select(people.c.id, first.label("channel")).order_by(lot).limit(_SAMPLE)
    ).all()
    cards = identity.person_cards(uow, [one.id for one in drawn])
    return [
        {
            "name": cards[one.id].name_masked,
            "phone": cards[one.id].phone_masked or "",
            "channel_text": _channel_text(one.channel),
        }
        for one in drawn
    ]


def _channel_text(channel: str) -> str:
    return "只放站内消息" if channel == INBOX else rules.CHANNEL_TEXT[channel]
