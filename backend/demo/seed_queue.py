"""A day that is under way in the two demo halls, so that boards and estimates look real.

Every appointment goes through the real use cases at the moment it would have happened, by
a clock set for it; only messages are left out. What a day got once is not added again.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any
from uuid import UUID

from sqlalchemy import select

from appointments import queue, schedules
from appointments.model import Appointment, Hall, Slot, Window, WindowGroup
from appointments.rules import ELDER_AGE, Who, channels_for
from backend.demo.register import AREA, staff_id
from backend.domains.appointments import desk, ports, service
from backend.domains.appointments.refusals import in_words
from backend.domains.catalog.model import ItemVersion
from backend.domains.catalog.rules import LIVE
from backend.domains.identity.service import create_demo_person
from backend.kernel.access import Actor
from backend.kernel.clock import FixedClock, local, local_date
from backend.kernel.errors import Conflict
from backend.kernel.events import EventBus
from backend.kernel.identity_number import check_digit
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

CLERKS = {"yuehe": ("zhoumin", "周敏"), "district": ("sunli", "孙丽")}
SERVED = ("shebao", "huji", "minzheng", "shebao", "zonghe", "huji", "shebao", "shangshi")
# The social-insurance queue of 越和街 stays empty: the newcomer's ticket is called next.
WAITING = {
    "yuehe": ("huji", "huji", "minzheng"),
    "district": ("shebao", "shebao", "huji", "minzheng"),
}
AT_WINDOW = "huji"
SERVICE_MINUTES = (6, 9, 7, 12, 8, 5, 10, 11)
WAIT_MINUTES = (3, 6, 4, 9, 5, 2, 8, 7)
NEVER_CAME = 4
SCORES = (5, 5, 4, 5, 3, 5)


@dataclass(frozen=True, slots=True)
class Stage:
    """What the writing of one hall's day needs."""

    services: Services
    now: datetime
    hall_code: str
    hall_id: UUID
    people: Iterator[UUID]
    items: dict[str, list[UUID]]
    clerk: Actor
    comments: list[str]


def seed(services: Services, plan: dict[str, Any]) -> None:
    """Write today's life into the demo halls, unless today has it already."""
    quiet = replace(services, events=EventBus())
    now = services.clock.now()
    with quiet.unit() as uow:
        items = _items(uow)
        people = [_person(uow, number, row) for number, row in enumerate(plan["crowd"])]
    if not items:
        return
    for code, (username, name) in CLERKS.items():
        stage = Stage(
            quiet,
            now,
            code,
            stable_id("hall", code),
            # From either end of the crowd, so that nobody waits in two halls at once.
            cycle(people if code == "yuehe" else reversed(people)),
            items,
            Actor("staff", staff_id(username), name, "clerk"),
            plan["comments"],
        )
        if not _written(stage):
            _write(stage)


def _items(uow: UnitOfWork) -> dict[str, list[UUID]]:
    rows = uow.session.execute(
        select(ItemVersion.group_code, ItemVersion.item_id)
        .where(ItemVersion.state == LIVE, ItemVersion.bookable)
        .order_by(ItemVersion.name)
    )
    found: dict[str, list[UUID]] = {}
    for group, item_id in rows:
        found.setdefault(group, []).append(item_id)
    return found


def _person(uow: UnitOfWork, number: int, row: dict[str, str]) -> UUID:
    body = f"{AREA}{row['born']}{500 + number:03d}"
    return create_demo_person(
        uow,
        id=stable_id("demo-crowd", row["name"]),
        name=row["name"],
        id_number=body + check_digit(body),
        phone=f"138000009{number:02d}",
    )


def _mark(stage: Stage, number: int) -> UUID:
    return stable_id("demo-appointment", f"{stage.hall_code}-{local_date(stage.now)}-{number}")


def _written(stage: Stage) -> bool:
    with stage.services.unit() as uow:
        return uow.session.get(Appointment, _mark(stage, 0)) is not None


def _write(stage: Stage) -> None:
    plan: list[Callable[[int], None]] = []
    for start, group in zip(_past_starts(stage), SERVED, strict=False):
        plan.append(partial(_served, stage, group, start))
    for place, group in enumerate(WAITING[stage.hall_code]):
        plan.append(partial(_waiting, stage, group, 14 - 3 * place))
    plan.append(partial(_at_window, stage, AT_WINDOW))
    for number, step in enumerate(plan):
        # Whoever still holds yesterday's ticket stays away, as in life.
        with suppress(Conflict):
            step(number)


def _past_starts(stage: Stage) -> list[datetime]:
    """Half-hours of today that are over, the earliest first; before 11 o'clock yesterday's."""
    here = local(stage.now)
    day = here.date() if here.hour >= 11 else here.date() - timedelta(days=1)
    with stage.services.unit() as uow:
        hall = uow.session.get_one(Hall, stage.hall_id)
        schedules.make_day(uow.session, hall, day, uow.now)
        rows = uow.session.scalars(
            select(Slot.start_at)
            .where(Slot.hall_id == stage.hall_id, Slot.day == day)
            .where(Slot.end_at <= stage.now - timedelta(minutes=30))
            .distinct()
            .order_by(Slot.start_at)
        )
        return list(rows)


def _ago(stage: Stage, minutes: int) -> datetime:
    """That many minutes ago, but today: whoever comes before midnight comes on the wrong day."""
    midnight = local(stage.now).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(stage.now - timedelta(minutes=minutes), midnight.astimezone(stage.now.tzinfo))


def _at(stage: Stage, moment: datetime, actor: Actor) -> Any:
    return replace(stage.services, clock=FixedClock(moment)).unit(actor)


def _book(stage: Stage, number: int, group: str, at: datetime, start: datetime | None) -> UUID:
    """Book for the next person of the crowd: at `start`, or the first time with a place."""
    person = next(stage.people)
    with _at(stage, at, Actor("person", person)) as uow:
        items = [
            id_
            for id_ in stage.items[group]
            if ports.handles(ports.item_of(uow, id_), stage.hall_code)
        ]
        if not items:
            raise Conflict("nothing_of_the_kind_here")
        item_id = items[number % len(items)]
        elder = ports.age_of(uow, person) >= ELDER_AGE
        query = select(Slot.id).where(
            Slot.hall_id == stage.hall_id,
            Slot.group_code == group,
            Slot.channel.in_(channels_for(ELDER_AGE if elder else 0)),
            Slot.booked < Slot.capacity,
            Slot.closed.is_(False),
        )
        query = (
            query.where(Slot.start_at == start)
            if start
            else query.where(Slot.start_at >= stage.now + timedelta(minutes=30))
        )
        slot_id = uow.session.scalars(query.order_by(Slot.start_at, Slot.channel).limit(1)).one()
        shown = service.book(uow, person, slot_id, item_id, appointment_id=_mark(stage, number))
    return UUID(str(shown["id"]))


def _check_in(stage: Stage, appointment_id: UUID, at: datetime) -> None:
    with _at(stage, at, stage.clerk) as uow:
        row = uow.session.get_one(Appointment, appointment_id)
        desk.changed(uow, queue.check_in(uow.session, row, Who.STAFF, uow.now))


def _call(stage: Stage, appointment_id: UUID, group: str, at: datetime) -> None:
    with _at(stage, at, stage.clerk) as uow, in_words():
        window_id = uow.session.scalars(
            select(Window.id)
            .join(WindowGroup, WindowGroup.window_id == Window.id)
            .where(Window.hall_id == stage.hall_id, WindowGroup.group_code == group)
            .order_by(Window.number)
            .limit(1)
        ).one()
        desk.changed(uow, queue.call(uow.session, window_id, uow.now, appointment_id))


def _start(stage: Stage, appointment_id: UUID, at: datetime) -> None:
    with _at(stage, at, stage.clerk) as uow, in_words():
        row = uow.session.get_one(Appointment, appointment_id)
        desk.changed(uow, queue.start(uow.session, row, uow.now))


def _served(stage: Stage, group: str, start: datetime, number: int) -> None:
    """From the booking the day before to the rating, with some the hall waited for in vain."""
    if group not in stage.items:
        return
    appointment_id = _book(stage, number, group, start - timedelta(days=1), start)
    came = start - timedelta(minutes=4)
    called = came + timedelta(minutes=WAIT_MINUTES[number % len(WAIT_MINUTES)])
    done = called + timedelta(minutes=1 + SERVICE_MINUTES[number % len(SERVICE_MINUTES)])
    _check_in(stage, appointment_id, came)
    _call(stage, appointment_id, group, called)
    if number == NEVER_CAME:
        with _at(stage, done, stage.clerk) as uow:
            row = uow.session.get_one(Appointment, appointment_id)
            desk.changed(uow, queue.skip(uow.session, row, uow.now))
            desk.changed(uow, queue.no_show(uow.session, row, uow.now))
        return
    _start(stage, appointment_id, called + timedelta(minutes=1))
    with _at(stage, done, stage.clerk) as uow:
        row = uow.session.get_one(Appointment, appointment_id)
        desk.changed(uow, queue.finish(uow.session, row, uow.now))
        person = row.person_key
    with _at(stage, done + timedelta(minutes=5), Actor("person", person)) as uow:
        score = SCORES[number % len(SCORES)]
        comment = stage.comments[number % len(stage.comments)]
        service.rate(uow, person, appointment_id, score, comment)


def _waiting(stage: Stage, group: str, minutes: int, number: int) -> None:
    """Somebody who took a ticket `minutes` ago."""
    if group not in stage.items:
        return
    booked = stage.now - timedelta(minutes=minutes + 20)
    appointment_id = _book(stage, number, group, booked, None)
    _check_in(stage, appointment_id, _ago(stage, minutes))


def _at_window(stage: Stage, group: str, number: int) -> None:
    """Somebody who is being served just now."""
    if group not in stage.items:
        return
    appointment_id = _book(stage, number, group, stage.now - timedelta(minutes=40), None)
    _check_in(stage, appointment_id, _ago(stage, 20))
    _call(stage, appointment_id, group, _ago(stage, 5))
    _start(stage, appointment_id, _ago(stage, 4))
