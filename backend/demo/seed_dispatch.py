"""Categories, limits and some sixty events of the demo, in every state.

Each event goes through the real use cases at the moments it would have happened, by a clock
set for it; only messages are left out. An installation that has events is left alone.
"""

import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import cycle
from typing import Any
from uuid import UUID

from shapely.geometry import Point, shape
from sqlalchemy import exists, select

from backend.demo import drawings, register
from backend.demo.district import DATA
from backend.domains.dispatch import (
    categories,
    claiming,
    handling,
    intake,
    merging,
    requests,
    subtasks,
    supervision,
    telling,
    transfer,
    whistles,
)
from backend.domains.dispatch.model import Event
from backend.domains.dispatch.settings_model import ClockRule
from backend.domains.grid.model import Area
from backend.domains.identity.principals import grants_of, role_text
from backend.domains.identity.service import staff_holding
from backend.domains.identity.staff_model import StaffAccount
from backend.kernel.access import Actor, Principal
from backend.kernel.clock import FixedClock
from backend.kernel.events import EventBus
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

# Where the district is quicker than the built-in limits: kind, category, urgency, amount, unit.
RULES = (
    ("contact", "elder_care", None, 1, "hours"),
    ("claim", "gas", None, 3, "minutes"),
    ("arrive", "gas", None, 4, "hours"),
    ("arrive", "water_supply", None, 8, "hours"),
)
RESIDENTS = ("wang-xiulan", "chen-zhiyuan", "he-jiayi", "li-xi")
_TOLD = "处理好了，欢迎再来监督"
# How far along its life an event is at each step, from call (0) to now (1).
_STEPS = {"claim": 0.04, "contact": 0.1, "start": 0.25, "work": 0.45, "dispose": 0.6,
          "verify": 0.75, "rate": 0.85, "reopen": 0.95}  # fmt: skip
_LATER = {
    "claimed": 2, "scheduled": 3, "in_progress": 4, "whistled": 4, "held": 4, "disposed": 5,
    "verified": 6, "closed": 7, "reopened": 7,
}  # fmt: skip


def seed(services: Services) -> None:
    """Categories and limits, then events unless there are any."""
    with services.unit() as uow:
        categories.load(uow, {"categories": _tree()})
        _rules(uow)
        if uow.session.scalar(select(exists(select(Event.id)))):
            return
    Stage(replace(services, events=EventBus())).play()


@cache
def _rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return found


def _tree() -> list[dict[str, Any]]:
    """The flat list of the data file as groups with their children."""
    groups: dict[str, dict[str, Any]] = {}
    for row in _rows("event_categories.json"):
        values = {key: row[key] for key in ("code", "name", "position")}
        if "parent" not in row:
            groups[row["code"]] = {**values, "icon": row["icon"], "children": []}
            continue
        keys = ("hint", "urgency", "before_photo", "after_photo", "public", "keywords")
        values |= {key: row[key] for key in keys}
        amount, unit = row["dispose"]
        values |= {"dispose_amount": amount, "dispose_unit": unit}
        groups[row["parent"]]["children"].append({**values, "department_code": row["department"]})
    return list(groups.values())


def _rules(uow: UnitOfWork) -> None:
    if uow.session.scalar(select(exists(select(ClockRule.id)))):
        return
    names = ("kind", "category_code", "urgency", "amount", "unit")
    uow.session.add_all([ClockRule(**dict(zip(names, row, strict=True))) for row in RULES])


@dataclass
class Stage:
    """Plays the events one after the other."""

    services: Services
    chance: random.Random = field(default_factory=lambda: random.Random(999901))  # noqa: S311 - a demo's dice
    made: dict[int, UUID] = field(default_factory=dict)
    known: dict[UUID, Principal] = field(default_factory=dict)
    people: Iterator[UUID] = field(
        default_factory=lambda: cycle(map(register.person_id, RESIDENTS))
    )

    def play(self) -> None:
        """All of them."""
        now = self.services.clock.now()
        for number, row in enumerate(_rows("events.json")):
            Story(self, row, number, now).tell()

    def at(self, moment: datetime, actor: Actor) -> Any:
        """A unit of work at that moment."""
        return replace(self.services, clock=FixedClock(moment)).unit(actor)

    def principal(self, staff_id: UUID) -> Principal:
        """A member of staff as the guards would find them."""
        if staff_id not in self.known:
            with self.services.unit() as uow:
                account = uow.session.get_one(StaffAccount, staff_id)
                actor = Actor("staff", account.id, account.name, role_text(account))
                self.known[staff_id] = Principal(actor, grants=grants_of(account))
        return self.known[staff_id]

    def staff(self, username: str) -> Principal:
        """One of the demo's own accounts."""
        return self.principal(register.staff_id(username))

    def place_in(self, code: str) -> tuple[float, float, UUID]:
        """A point inside a cell (latitude, longitude), and the cell's street."""
        with self.services.unit() as uow:
            area = uow.session.scalars(select(Area).where(Area.code == code)).one()
            outline, street = shape(area.geometry), area.street_id
        west, south, east, north = outline.bounds
        while True:
            point = Point(self.chance.uniform(west, east), self.chance.uniform(south, north))
            if outline.contains(point):
                return round(point.y, 6), round(point.x, 6), street


@dataclass
class Story:
    """One event from its call to the state it is to be in."""

    stage: Stage
    row: dict[str, Any]
    number: int
    now: datetime
    event_id: UUID = field(init=False)
    caller: UUID = field(init=False)
    street: UUID = field(init=False)
    lead: Principal = field(init=False)

    def tell(self) -> None:
        """From the call on."""
        self.caller = next(self.stage.people)
        self._call()
        to = self.row["to"]
        ends = {
            "assigned": self._assign, "cancelled": self._cancel, "transferred": self._transfer,
            "ticketed": self._ticket, "merged": self._merge,
        }  # fmt: skip
        if to in ends:
            ends[to]()
        reached = _LATER.get(to, 0)
        for needed, step in (
            (2, self._claim), (3, self._contact), (4, self._start), (5, self._dispose),
            (6, self._verify), (7, self._rate),
        ):  # fmt: skip
            if reached >= needed:
                step()
        if to == "whistled":
            self._whistle()
        if to == "held":
            self._hold()
        if to == "reopened":
            self._reopen()

    def _when(self, step: str) -> datetime:
        hours = self.row["hours"]
        return self.now - timedelta(hours=hours * (1 - _STEPS[step]))

    def _photo(self, uow: UnitOfWork, *, after: bool = False) -> UUID:
        body = drawings.drawing(drawings.OF_CATEGORY.get(self.row["category"], "board"), after)
        return uow.services.files.store(uow, io.BytesIO(body), "event_photo").id

    def _call(self) -> None:
        latitude, longitude, self.street = self.stage.place_in(self.row["cell"])
        moment = self.now - timedelta(hours=self.row["hours"])
        with self.stage.at(moment, Actor("person", self.caller)) as uow:
            made = intake.call(
                uow,
                intake.NewCall(
                    source="resident",
                    words=self.row["words"],
                    category_code=self.row["category"],
                    urgency=self.row.get("urgency"),
                    latitude=latitude,
                    longitude=longitude,
                    file_ids=(self._photo(uow),),
                    person_id=self.caller,
                    confidential=self.row.get("confidential", False),
                ),
            )
            self.event_id = self.stage.made[self.number] = made.id
        for extra in range(self.row.get("joined", 0)):
            person = stable_id("demo-crowd", _crowd()[extra]["name"])
            with self.stage.at(
                moment + timedelta(minutes=5 + extra), Actor("person", person)
            ) as uow:
                intake.join(uow, self.event_id, person_id=person, words="我这边也是")

    def _claim(self) -> None:
        moment = self._when("claim")
        with self.stage.at(moment, Actor("system")) as uow:
            asked = telling.candidates(uow, self.event_id)
            if not asked:
                asked = [
                    card.id for card in staff_holding(uow, ["grid_worker"], "street", self.street)
                ]
        # Whoever was asked first answers; dispatchers assign and do not claim.
        self.lead = self.stage.principal(asked[0])
        with self.stage.at(moment, self.lead.actor) as uow:
            claiming.claim(uow, self.lead, self.event_id)

    def _contact(self) -> None:
        moment = self._when("contact")
        with self.stage.at(moment, self.lead.actor) as uow:
            handling.contact(uow, self.lead, self.event_id, "联系上了，问清了位置")
        if self.row["to"] == "scheduled":
            with self.stage.at(moment, self.lead.actor) as uow:
                handling.schedule(uow, self.lead, self.event_id, self.now + timedelta(hours=3))

    def _start(self) -> None:
        with self.stage.at(self._when("start"), self.lead.actor) as uow:
            handling.start(uow, self.lead, self.event_id)
        moment = self._when("work")
        if self.row.get("subtask"):
            with self.stage.at(moment, self.lead.actor) as uow:
                subtasks.add(
                    uow, self.lead, self.event_id, "查一查有没有报建手续",
                    department_id=stable_id("department", "cgj"), hours=48,
                )  # fmt: skip
        if self.row.get("order"):
            by = self.stage.staff("zhengjie")
            with self.stage.at(moment, by.actor) as uow:
                due = self.now + timedelta(hours=20)
                supervision.order(uow, by, self.event_id, "居民反映多次，请说明处置安排", due)

    def _dispose(self) -> None:
        with self.stage.at(self._when("dispose"), self.lead.actor) as uow:
            handling.dispose(
                uow, self.lead, self.event_id, "到现场处理完毕，已拍照", _TOLD,
                after_ids=(self._photo(uow, after=True),),
            )  # fmt: skip

    def _verify(self) -> None:
        with self.stage.at(self._when("verify"), Actor("person", self.caller)) as uow:
            handling.confirm(uow, self.caller, self.event_id, True)

    def _rate(self) -> None:
        with self.stage.at(self._when("rate"), Actor("person", self.caller)) as uow:
            handling.rate(uow, self.caller, self.event_id, self.row["score"])

    def _reopen(self) -> None:
        with self.stage.at(self._when("reopen"), Actor("person", self.caller)) as uow:
            handling.reopen(uow, self.caller, self.event_id, "第二天又堆起来了")

    def _whistle(self) -> None:
        streets = {stable_id("street", "yuehe"): "linfang"}
        name = streets.get(self.street)
        by = self.stage.staff(name) if name else self.stage.staff("hemin")
        with self.stage.at(self._when("work"), by.actor) as uow:
            department = stable_id("department", self.row["department"])
            whistles.blow(uow, by, self.event_id, department, "请到现场一起处置")

    def _hold(self) -> None:
        with self.stage.at(self._when("work"), self.lead.actor) as uow:
            wish = requests.ask(
                uow, self.lead, self.event_id, "hold", "要等产权单位一起到场",
                until=self.now + timedelta(days=6),
            ).id  # fmt: skip
        by = self.stage.staff("hemin")
        with self.stage.at(self._when("dispose"), by.actor) as uow:
            requests.decide(uow, by, wish, True, "同意，到期前跟进")

    def _assign(self) -> None:
        by = self.stage.staff("hemin")
        with self.stage.at(self._when("reopen"), by.actor) as uow:
            worker = staff_holding(uow, ["grid_worker"], "street", self.street)[0]
            claiming.assign(uow, by, self.event_id, worker.id, "离得最近，辛苦跑一趟")

    def _cancel(self) -> None:
        with self.stage.at(self._when("claim"), Actor("person", self.caller)) as uow:
            handling.cancel(uow, self.caller, self.event_id, "自己好了")

    def _transfer(self) -> None:
        by = self.stage.staff("hemin")
        with self.stage.at(self._when("claim"), by.actor) as uow:
            transfer.to_emergency(uow, by, self.event_id, self.row["service"], "已派车")

    def _ticket(self) -> None:
        by = self.stage.staff("hemin")
        with self.stage.at(self._when("claim"), by.actor) as uow:
            transfer.to_ticket(uow, by, self.event_id, self.row["ticket"], "需要区级部门协调")

    def _merge(self) -> None:
        by = self.stage.staff("hemin")
        parent = self.stage.made[self.row["into"]]
        with self.stage.at(self._when("contact"), by.actor) as uow:
            merging.merge(uow, by, self.event_id, parent, "同一处水管")


@cache
def _crowd() -> list[dict[str, str]]:
    found: dict[str, Any] = json.loads((DATA / "halls.json").read_text(encoding="utf-8"))
    return list(found["crowd"])
