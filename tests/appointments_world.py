"""A small hall for tests of the booking engine and of what stands on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from appointments import booking, queue, schedules
from appointments.calendar import Rule
from appointments.model import Appointment, Hall, ItemGroup, Slot, Window, WindowGroup
from appointments.rules import ZONE, Who

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
GROUPS = (("shebao", "社保医保", "B"), ("huji", "户籍证件", "C"))


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    """That time of day in the district."""
    return datetime.combine(day, time(hour, minute), ZONE)


def weekdays(day: date) -> bool:
    """A plain calendar: Monday to Friday."""
    return day.isoweekday() <= 5


def week(
    groups: tuple[str, ...] = ("shebao", "huji"),
    capacity: int = 2,
    channels: tuple[str, ...] = ("online",),
    days: int = 5,
) -> list[Rule]:
    """9:00-11:00 in half-hours on each weekday."""
    return [
        Rule(group, weekday, time(9), time(11), 30, capacity, channel)
        for group in groups
        for weekday in range(1, days + 1)
        for channel in channels
    ]


@dataclass
class World:
    """A hall with three windows: two for shebao, one for huji."""

    session: Session
    hall: Hall
    windows: list[Window]

    def slot(self, start: datetime, group: str = "shebao", channel: str = "online") -> Slot:
        """The slot that begins at `start`."""
        return self.session.scalars(
            select(Slot)
            .where(
                Slot.hall_id == self.hall.id,
                Slot.group_code == group,
                Slot.channel == channel,
                Slot.start_at == start,
            )
            .execution_options(populate_existing=True)
        ).one()

    def book(
        self,
        start: datetime | None = None,
        *,
        group: str = "shebao",
        person: UUID | None = None,
        item: UUID | None = None,
        now: datetime = NOW,
        channel: str = "online",
        channels: tuple[str, ...] = ("online",),
        priority: int = 0,
    ) -> Appointment:
        """Book for a fresh person unless one is named."""
        return booking.book(
            self.session,
            appointment_id=uuid4(),
            slot_id=self.slot(start or at(9), group, channel).id,
            person_key=person or uuid4(),
            item_key=item or uuid4(),
            group_code=group,
            channels=channels,
            now=now,
            priority=priority,
            details={"item_name": "社会保障卡挂失"},
        ).appointment

    def checked_in(self, start: datetime | None = None, **kwargs: object) -> Appointment:
        """Book and take a ticket at once (or at `came`)."""
        came = kwargs.pop("came", NOW)
        found = self.book(start, **kwargs)  # type: ignore[arg-type]  # keywords of book
        assert isinstance(came, datetime)
        return queue.check_in(self.session, found, Who.STAFF, came).appointment

    def called(self, window: int = 0, now: datetime = NOW, **kwargs: object) -> Appointment:
        """Book, take a ticket and be called."""
        found = self.checked_in(**kwargs)  # type: ignore[arg-type]  # keywords of book
        return queue.call(self.session, self.windows[window].id, now, found.id).appointment


def make_hall(
    session: Session,
    *,
    code: str = "test-hall",
    rules: list[Rule] | None = None,
    now: datetime = NOW,
    working: Callable[[date], bool | None] = weekdays,
    **settings: object,
) -> World:
    """A hall with its groups, windows and slots."""
    for group, name, letter in GROUPS:
        if session.get(ItemGroup, group) is None:
            session.add(ItemGroup(code=group, name=name, letter=letter))
    hall = Hall(
        id=uuid4(),
        code=code,
        name="测试街政务服务中心",
        address="测试路1号",
        floor="2楼",
        phone="0000-1",
        opening_hours=["周一至周五 9:00-11:00"],
        latitude=20.5,
        longitude=115.3,
        **settings,
    )
    session.add(hall)
    session.flush()
    windows = []
    for number, group in ((1, "shebao"), (2, "shebao"), (3, "huji")):
        window = Window(
            id=uuid4(), hall_id=hall.id, number=number, name=f"{number}号", status="open"
        )
        session.add(window)
        session.flush()
        session.add(WindowGroup(window_id=window.id, group_code=group))
        windows.append(window)
    session.flush()
    schedules.replace_schedule(session, hall, rules or week(), now, working)
    return World(session, hall, windows)


def minutes(count: float) -> timedelta:
    """That many minutes."""
    return timedelta(minutes=count)
