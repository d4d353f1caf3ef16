"""One day as a discrete simulation: a heap of moments, the real services, an injected clock.

People react after drawn delays (lognormal: most soon, a few late), walk, work one piece after
the other, forget, release and send back; the worker's timers fire exactly when they are due.
The draws are seeded, so that a day can be replayed.
"""

import heapq
import itertools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.demo.replay.world import Member, World, place_in
from backend.domains.dispatch import (
    claiming,
    endings,
    events,
    handling,
    intake,
    requests,
    rules,
    subtasks,
    whistles,
)
from backend.domains.dispatch.model import Event, EventRequest, Subtask
from backend.kernel.access import Principal
from backend.kernel.clock import SHANGHAI, FixedClock
from backend.kernel.errors import DomainError, NotFound
from backend.kernel.services import Services
from backend.kernel.timers import Timer
from backend.kernel.uow import UnitOfWork

#: Calls by hour of the day, as shares: quiet nights, a peak before noon and after work.
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 7, 5, 6, 7, 7, 7, 8, 9, 8, 6, 4, 3, 2)
#: How long a piece of work takes on the spot, median minutes.
WORK_MINUTES = 35
_NIGHT_ENDS = 7
Step = Callable[[], object]


@dataclass
class Tally:
    """What cannot be read from the database afterwards."""

    lost_claims: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    transactions: int = 0


class Day:
    """The simulation; `call_at` puts calls in, `run` lets everything happen."""

    def __init__(
        self, services: Services, clock: FixedClock, world: World, chance: random.Random
    ) -> None:
        self.services, self.clock, self.world, self.chance = services, clock, world, chance
        self.tally = Tally()
        self._heap: list[tuple[datetime, int, Step]] = []
        self._turn = itertools.count()
        self._heard: list[object] = []
        for kind in (
            events.EventCalled, events.EventEscalated, events.EventClaimed, events.EventAssigned,
            events.EventDisposed, events.EventSentBack, events.EventVerified,
            events.EventDeclined, events.SubtaskGiven, events.WhistleBlown,
        ):  # fmt: skip
            services.events.subscribe(kind, self._hear)

    def at(self, moment: datetime, step: Step) -> None:
        """Let `step` happen at `moment`."""
        heapq.heappush(self._heap, (moment, next(self._turn), step))

    def after(self, median: float, step: Step, *, spread: float = 0.8) -> None:
        """Let `step` happen after a drawn delay with this median, in minutes."""
        minutes = median * math.exp(self.chance.gauss(0, spread))
        self.at(self.clock.now() + timedelta(minutes=minutes), step)

    def run(self, until: datetime) -> None:
        """Everything up to `until`, timers included, in the order of time."""
        while self._heap and self._heap[0][0] <= until:
            moment, _, step = heapq.heappop(self._heap)
            self._timers(moment)
            self.clock.set(max(moment, self.clock.now()))
            step()
        self._timers(until)
        self.clock.set(until)

    def call(self, new: intake.NewCall) -> UUID | None:
        """Somebody calls."""
        made: list[UUID] = []
        self.act(None, lambda uow: made.append(intake.call(uow, new).id))
        return made[0] if made else None

    def act(self, by: Principal | None, what: Callable[[UnitOfWork], object]) -> bool:
        """One transaction; what a person may not do, or does too late, is counted and is over."""
        self._heard = []
        self.tally.transactions += 1
        try:
            with self.services.unit(*((by.actor,) if by else ())) as uow:
                what(uow)
        except DomainError as error:
            self._heard = []
            if error.code == "already_claimed":
                self.tally.lost_claims += 1
            else:
                self.tally.refused[error.code] = self.tally.refused.get(error.code, 0) + 1
            return False
        self._react()
        return True

    def doing(self, by: Principal, use_case: Callable[..., object], *args: Any) -> Step:
        """The step in which `by` uses `use_case(uow, by, *args)`."""
        return lambda: self.act(by, lambda uow: use_case(uow, by, *args))

    def calls(self, day: datetime, count: int, categories: list[tuple[str, str]]) -> None:
        """`count` calls of residents over the day, by the shares of `HOURS`.

        `categories` are codes, each with words a resident might use.
        """
        for _ in range(count):
            hour = self.chance.choices(range(24), HOURS)[0]
            moment = day + timedelta(hours=hour, seconds=self.chance.uniform(0, 3600))
            code, words = self.chance.choice(categories)
            cell = self.chance.choice(self.world.cells)
            latitude, longitude = place_in(cell, self.chance)
            new = intake.NewCall(
                source="resident", words=words, category_code=code, latitude=latitude,
                longitude=longitude, person_id=self.chance.choice(self.world.residents),
            )  # fmt: skip
            self.at(moment, partial(self.call, new))

    def _timers(self, until: datetime) -> None:
        """Fire what is due up to `until`, each at its own moment."""
        while True:
            due = self._next_due()
            if due is None or due > until:
                return
            self.clock.set(max(due, self.clock.now()))
            self._heard = []
            self.tally.transactions += self.services.timers.fire_due(self.services)
            self._react()

    def _next_due(self) -> datetime | None:
        with self.services.unit() as uow:
            return uow.session.scalar(select(func.min(Timer.due)).where(Timer.fired_at.is_(None)))

    def _hear(self, uow: UnitOfWork, event: object) -> None:
        self._heard.append(event)

    def _react(self) -> None:
        heard, self._heard = self._heard, []
        for event in heard:
            if isinstance(event, events.EventCalled | events.EventEscalated):
                self._asked(event.event_id, event.level, event.staff_ids, event.urgency)
            elif isinstance(event, events.EventAssigned):
                self._assigned(event.event_id, event.staff_id)
            elif isinstance(event, events.EventDeclined):
                self.after(8, partial(self._dispatch, event.event_id))
            elif isinstance(event, events.EventClaimed):
                self._claimed(event.event_id, event.staff_id)
            elif isinstance(event, events.EventSentBack):
                self._work_on(event)
            elif isinstance(event, events.EventDisposed):
                self._disposed(event)
            elif isinstance(event, events.EventVerified):
                self._verified(event)
            elif isinstance(event, events.SubtaskGiven):
                self._subtask(event)
            elif isinstance(event, events.WhistleBlown):
                self._whistle(event)

    def _asked(self, event_id: UUID, level: str, staff_ids: tuple[UUID, ...], urgency: str) -> None:
        if level == "dispatch":
            self.after(8, partial(self._dispatch, event_id))
            return
        night = 1.0 if _NIGHT_ENDS <= self.clock.now().astimezone(SHANGHAI).hour < 22 else 2.5
        for one in staff_ids:
            member = self.world.members.get(one)
            if member is None or self.chance.random() < 0.15:
                continue
            busy = member.free_at is not None and member.free_at > self.clock.now()
            median = (2 if urgency == "urgent" else 7) * night * (2 if busy else 1)
            self.after(median, self.doing(member.by, claiming.claim, event_id))

    def _dispatch(self, event_id: UUID) -> None:
        desk = self.world.dispatcher
        assert desk is not None
        street = self._street(event_id)
        there = [one for one in self.world.workers if street in (None, one.street_id)]
        chosen = min(there, key=lambda one: one.free_at or self.clock.now())
        self.doing(desk.by, claiming.assign, event_id, chosen.id)()

    def _street(self, event_id: UUID) -> UUID | None:
        with self.services.unit() as uow:
            return uow.session.scalar(select(Event.street_id).where(Event.id == event_id))

    def _assigned(self, event_id: UUID, staff_id: UUID) -> None:
        by = self.world.members[staff_id].by
        if self.chance.random() < 0.1:
            self.after(6, self.doing(by, claiming.decline, event_id, "手上的事走不开"))
        else:
            self.after(5, self.doing(by, claiming.accept, event_id))

    def _claimed(self, event_id: UUID, staff_id: UUID) -> None:
        member = self.world.members[staff_id]
        if self.chance.random() < 0.04:
            reason = "不在我的片区，走过去太远"
            self.after(9, self.doing(member.by, claiming.release, event_id, reason))
            return
        self.after(15, self.doing(member.by, handling.contact, event_id, "已电话联系"))
        begin = max(member.free_at or self.clock.now(), self.clock.now())
        begin += timedelta(minutes=12 * math.exp(self.chance.gauss(0, 0.5)))
        takes = timedelta(minutes=WORK_MINUTES * math.exp(self.chance.gauss(0, 0.7)))
        member.free_at = begin + takes
        self.at(begin, partial(self._start, member, event_id))
        self.at(begin + takes, partial(self._finish, member, event_id))

    def _start(self, member: Member, event_id: UUID) -> None:
        if not self.doing(member.by, handling.start, event_id)():
            return
        draw = self.chance.random()
        if draw < 0.05:
            self._blow(event_id)
        elif draw < 0.09:
            self._ask_hold(member, event_id)
        elif draw < 0.17:
            other = self.chance.choice(self.world.workers)
            if other.id != member.id:
                give = partial(subtasks.add, staff_id=other.id, hours=4)
                self.doing(member.by, give, event_id, "请带工具过来帮忙")()

    def _finish(self, member: Member, event_id: UUID) -> None:
        photo = (member.photo_id,) if member.photo_id else ()
        dispose = partial(handling.dispose, before_ids=photo, after_ids=photo)
        step = self.doing(member.by, dispose, event_id, "现场处理完毕", "已到现场处理好")
        if not step() and self._still_working(event_id, member.id):
            # A whistle, a hold or a colleague is not through yet: look again later.
            self.after(90, partial(self._finish, member, event_id), spread=0.3)

    def _still_working(self, event_id: UUID, staff_id: UUID) -> bool:
        with self.services.unit() as uow:
            event = uow.session.get_one(Event, event_id)
            return event.lead_id == staff_id and event.state in rules.AT_WORK

    def _work_on(self, event: events.EventSentBack) -> None:
        member = self.world.members.get(event.staff_ids[0]) if event.staff_ids else None
        if member is not None:
            self.after(60, partial(self._finish, member, event.event_id))

    def _leader(self, event_id: UUID) -> Member | None:
        street = self._street(event_id)
        return self.world.street_leaders.get(street) if street else None

    def _blow(self, event_id: UUID) -> None:
        leader = self._leader(event_id)
        if leader is not None:
            code = self.chance.choice(sorted(self.world.departments))
            department = self.world.departments[code].by.grants[0].scope_id
            self.doing(leader.by, whistles.blow, event_id, department, "需要部门到场")()

    def _whistle(self, event: events.WhistleBlown) -> None:
        handler = next(
            one for one in self.world.departments.values()
            if one.by.grants[0].scope_id == event.department_id
        )  # fmt: skip
        moment = self.clock.now()
        for median, step in (
            (25, whistles.sign), (70, whistles.contact), (180, whistles.arrive),
        ):  # fmt: skip
            moment += timedelta(minutes=median * math.exp(self.chance.gauss(0, 0.6)))
            self.at(moment, self.doing(handler.by, step, event.whistle_id))
        moment += timedelta(minutes=40)
        finish = self.doing(handler.by, whistles.finish, event.whistle_id, "部门已处理")
        self.at(moment, finish)

    def _ask_hold(self, member: Member, event_id: UUID) -> None:
        ask = partial(requests.ask, until=self.clock.now() + timedelta(hours=20))
        if self.doing(member.by, ask, event_id, "hold", "等配件到货")():
            self.after(40, partial(self._decide, event_id))

    def _decide(self, event_id: UUID) -> None:
        leader = self._leader(event_id)
        if leader is None:
            return
        agreed = self.chance.random() < 0.8
        self.act(leader.by, lambda uow: requests.decide(
            uow, leader.by, _pending(uow, event_id), agreed, "知道了"))  # fmt: skip

    def _subtask(self, event: events.SubtaskGiven) -> None:
        if event.staff_ids:
            member = self.world.members[event.staff_ids[0]]
            self.after(20, self.doing(member.by, subtasks.accept, event.subtask_id))
            self.after(100, partial(self._help, member, event.subtask_id))

    def _help(self, member: Member, subtask_id: UUID) -> None:
        with self.services.unit() as uow:
            waiting = uow.session.get_one(Subtask, subtask_id).state == "waiting"
        if waiting:
            self.after(60, partial(self._help, member, subtask_id))
        else:
            self.doing(member.by, subtasks.finish, subtask_id, "已协助")()

    def _disposed(self, event: events.EventDisposed) -> None:
        if not event.staff_ids:
            return
        member = self.world.members.get(self.chance.choice(event.staff_ids))
        if member is not None:
            passed = self.chance.random() > 0.05
            note = "" if passed else "现场还没有清理干净"
            step = self.doing(member.by, endings.verify, event.event_id, passed, note)
            self.after(75, step)

    def _verified(self, event: events.EventVerified) -> None:
        person = event.callers[0].person_id if event.callers else None
        if person is not None and self.chance.random() < 0.45:
            score = self.chance.choices((5, 4, 3, 2, 1), (60, 22, 10, 5, 3))[0]
            self.after(120, partial(self._rate, person, event.event_id, score))

    def _rate(self, person: UUID, event_id: UUID, score: int) -> None:
        self.act(None, lambda uow: endings.rate(uow, person, event_id, score))


def _pending(uow: UnitOfWork, event_id: UUID) -> UUID:
    """The request that waits; `NotFound` where the work it was asked for has ended since."""
    query = select(EventRequest.id).where(
        EventRequest.event_id == event_id, EventRequest.state == "pending"
    )
    found = uow.session.scalar(query)
    if found is None:
        raise NotFound("no_request_waits", title="没有待审批的申请")
    return found
