"""Going from stage to stage: the move, and the timer of the stage that begins."""

from datetime import datetime, timedelta
from typing import Any

from backend.domains.deliberation import moves, rules
from backend.domains.deliberation.kind_rules import Period
from backend.domains.deliberation.parts import Part
from backend.domains.deliberation.period_rules import LAST_HOUR, period_end
from backend.domains.deliberation.topic_model import Topic
from backend.kernel import timers
from backend.kernel.clock import SHANGHAI, local, local_date, moment_text
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork
from backend.kernel.workdays import CalendarUnknown, Workdays

STAGE = "topic_stage"


def go(
    uow: UnitOfWork, part: Part, action: str, *, ends_at: datetime | None = None, **values: Any
) -> str:
    """Move, and let the stage end at `ends_at`; answers the state before."""
    before = moves.move(uow, part, action, stage_ends_at=ends_at, **values)
    arm(uow, part.topic)
    return before


def arm(uow: UnitOfWork, topic: Topic) -> None:
    """Let the timer of the present stage fall due when it ends; none without an end."""
    subject = moves.subject(topic)
    if topic.stage_ends_at is None:
        timers.disarm(uow, STAGE, subject)
    else:
        timers.arm(uow, STAGE, subject, topic.stage_ends_at)


def until(uow: UnitOfWork, days: int) -> datetime:
    """The end of a period of so many days from now."""
    return period_end(local(uow.now), days)


def chosen(period: Period, days: int | None, field: str = "days") -> int:
    """The days somebody chose, or the usual; `Invalid` outside what the preset allows."""
    if days is None:
        return period.usual
    if not period.fits(days):
        text = f"应在{period.least}到{period.most}天之间"
        raise Invalid("wrong_days", detail=text, fields={field: [text]})
    return days


def workdays_later(uow: UnitOfWork, count: int) -> datetime:
    """22:00 after so many working days; calendar days where the year is not published."""
    today = local_date(uow.now)
    try:
        day = Workdays.load(uow.session).add(today, count)
    except CalendarUnknown:
        day = today + timedelta(days=count)
    return datetime.combine(day, LAST_HOUR, SHANGHAI)


def said(moment: datetime | None) -> str:
    """A moment as people read it."""
    return moment_text(moment) if moment else ""


def ended(topic: Topic) -> bool:
    """Whether it is over."""
    return topic.state in rules.TOPIC_ENDS
