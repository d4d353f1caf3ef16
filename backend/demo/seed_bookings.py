"""What people of the demo have arranged around bookings; running it again adds nothing.

A son acts for his mother (代办) and waits for a place of a full day, somebody who did not come
says why; in one hall the windows have their people, and a machine stands at the door.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import select

from appointments import kiosks, schedules, shifts
from appointments.demand_model import AgentConsent, Missed, WaitlistEntry
from appointments.model import Hall, Slot
from appointments.remote_model import Kiosk
from appointments.shifts import Duty
from backend.demo import register
from backend.demo.seed_appointments import plan
from backend.domains.appointments import consents, fairness, ports, service, waiting
from backend.domains.appointments.halls import working_days
from backend.domains.appointments.kiosks import PURPOSE
from backend.kernel.access import Actor
from backend.kernel.clock import FixedClock, local_date
from backend.kernel.errors import Conflict
from backend.kernel.events import EventBus
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

MOTHER, SON = "wang-xiulan", "chen-zhiyuan"
EXCUSE = "那天早上孩子发烧去了医院，忘了取消，下次一定提前取消。"
HALL, CLERK = stable_id("hall", "yuehe"), "zhoumin"
#: What the demo's machine at the door is opened with at /console/kiosk.
KIOSK_KEY = "demo-kiosk-yuehe-front-door"
#: Who sits at the windows besides 周敏; each day everybody is one window further.
COLLEAGUES = ("温雅", "罗国强", "韦春燕", "蒋家明")
SHIFTS = ((time(9), time(12)), (time(13, 30), time(17)))
WANTED = stable_id("item", "11999901ZJJ001")


def seed(services: Services) -> None:
    """Write what is not there yet; nobody is told of it."""
    quiet = replace(services, events=EventBus())
    _consent(quiet)
    _appeal(quiet)
    with quiet.unit() as uow:
        _shifts(uow)
        _kiosk(uow)
    _waiting(quiet)


def _consent(services: Services) -> None:
    people = {person.key: person for person in register.persons()}
    mother, son = people[MOTHER], people[SON]
    assert mother.name is not None
    assert mother.phone is not None
    ids = {person.key: register.person_id(person.key) for person in (mother, son)}
    with services.unit(Actor("person", ids[SON])) as uow:
        known = select(AgentConsent.id).where(AgentConsent.agent_key == ids[SON])
        if uow.session.scalar(known.limit(1)) is not None:
            return
        wish = consents.Wish(None, "子女", local_date(uow.now) + timedelta(days=180))
        named = consents.Named(mother.name, mother.phone)
        asked = consents.ask(uow, ids[SON], "agent", named, wish)
    with services.unit(Actor("person", ids[MOTHER])) as uow:
        consents.answer(uow, ids[MOTHER], UUID(str(asked["id"])), give=True)


def _appeal(services: Services) -> None:
    with services.unit() as uow:
        row = uow.session.scalar(
            select(Missed).where(Missed.state == "counted").order_by(Missed.at).limit(1)
        )
        appealed = uow.session.scalar(
            select(Missed.appointment_id).where(Missed.state != "counted").limit(1)
        )
    if row is None or appealed is not None:
        return
    later = FixedClock(max(row.at, services.clock.now() - timedelta(hours=1)))
    with replace(services, clock=later).unit(Actor("person", row.person_key)) as uow:
        fairness.appeal(uow, row.person_key, row.appointment_id, EXCUSE)


def _shifts(uow: UnitOfWork) -> None:
    """This week's and the next week's shifts, a week that has some left as it is."""
    hall, today = uow.session.get_one(Hall, HALL), local_date(uow.now)
    monday = today - timedelta(days=today.weekday())
    duties: list[Duty] = []
    for week in (monday, monday + timedelta(days=7)):
        days = [week + timedelta(days=number) for number in range(7)]
        if not shifts.between(uow.session, HALL, days[0], days[-1]):
            duties += [duty for day in days if day >= today for duty in _day(uow, day)]
    if duties:
        shifts.add(uow.session, hall, duties, now=uow.now, working=working_days(uow))


def _day(uow: UnitOfWork, day: date) -> list[Duty]:
    clerk = next(one for one in register.staff() if one.username == CLERK)
    people = [(register.staff_id(CLERK), clerk.name), *((None, name) for name in COLLEAGUES)]
    return [
        Duty(window.id, *people[(number + day.toordinal()) % len(people)], day, starts, ends)
        for number, window in enumerate(shifts.windows(uow.session, HALL))
        for starts, ends in SHIFTS
    ]


def _kiosk(uow: UnitOfWork) -> None:
    kiosk_id = stable_id("kiosk", "yuehe-1")
    if uow.session.get(Kiosk, kiosk_id) is None:
        kiosks.make(
            uow.session,
            kiosk_id=kiosk_id,
            hall_id=HALL,
            name="3楼电梯口",
            key_hash=uow.services.privacy.fingerprint(KIOSK_KEY, PURPOSE),
            by=register.staff_id("huangjianguo"),
            now=uow.now,
        )


def _waiting(services: Services) -> None:
    """Tomorrow one business is full, and somebody waits for a place of it."""
    son = register.person_id(SON)
    with services.unit() as uow:
        open_ones = select(WaitlistEntry.id).where(
            WaitlistEntry.person_key == son, WaitlistEntry.state.in_(("waiting", "offered"))
        )
        day = local_date(uow.now) + timedelta(days=1)
        item = ports.item_of(uow, WANTED)
        slots = list(
            uow.session.scalars(
                select(Slot)
                .where(Slot.hall_id == HALL, Slot.day == day, Slot.channel == "online")
                .where(Slot.group_code == item.group_code, Slot.closed.is_(False))
                .order_by(Slot.start_at)
            )
        )
        if not slots or uow.session.scalar(open_ones.limit(1)) is not None:
            return
        for slot in slots:
            few = slot.booked + slot.held + (slot is slots[0])
            schedules.set_capacity(uow.session, slot, few)
        first = slots[0].id
    holder = stable_id("demo-crowd", plan()["crowd"][0]["name"])
    with suppress(Conflict), services.unit(Actor("person", holder)) as uow:
        service.book(uow, holder, first, WANTED)
    with suppress(Conflict), services.unit(Actor("person", son)) as uow:
        waiting.join(uow, son, hall_id=HALL, item_id=WANTED, date=day, earliest=None, latest=None)
