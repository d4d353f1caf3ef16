"""A campaign as each channel shows it, in the words and templates in use."""

from dataclasses import replace
from typing import Any

from backend.domains.messages import campaign_running, previews, registered
from backend.domains.messages.campaign_model import Campaign
from backend.domains.messages.kinds_news import NOTICE
from backend.kernel.uow import UnitOfWork
from notifications import templates
from notifications.kinds import SMS

#: What stands in a blank notice where the words of the one being written go.
PLACES = {"title": "〔标题〕", "body": "〔正文〕", "sms": "〔短信〕"}


def of(uow: UnitOfWork, row: Campaign) -> dict[str, Any]:
    """The campaign on every channel of its ladder."""
    kind, _ = templates.in_use(uow.session).of(NOTICE)
    cards = registered.of_kind(uow.services, kind, registered.accounts(uow.services))
    made = previews.preview(
        replace(kind, ladder=tuple(row.ladder)), campaign_running.values(uow, row),
        sign=_sign(uow), registered=cards,
    )  # fmt: skip
    return made if SMS in row.ladder else {**made, "sms": None}


def blank(uow: UnitOfWork) -> dict[str, Any]:
    """A notice on every channel whose words are `PLACES`: what the editor draws upon."""
    row = Campaign(**PLACES, link="", ladder=list(NOTICE.ladder), send_at=None)
    return of(uow, row)


def parts(uow: UnitOfWork, row: Campaign) -> int:
    """How many text messages each reader's would count as; 0 where none is sent."""
    return previews.parts(row.sms, _sign(uow)) if SMS in row.ladder and row.sms else 0


def _sign(uow: UnitOfWork) -> str:
    return uow.services.settings.sms.sign
