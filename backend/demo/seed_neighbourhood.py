"""The demo's community life: activities past and to come, posts, wishes, help, shared rooms.

Everything goes through the real use cases at the moments it would have happened; only messages
are left out. An installation that has activities is left alone.
"""

import json
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from backend.demo import register, seed_community
from backend.demo.district import DATA
from backend.demo.history import Past
from backend.demo.seed_dispatch import Stage
from backend.domains.content import checking
from backend.domains.content.events import ContentDecided
from backend.domains.grid.model import Area
from backend.domains.neighbourhood import (
    activities,
    attendance,
    deadlines,
    helping,
    party,
    resources,
    rules,
    signups,
    texts,
    wishes,
)
from backend.domains.neighbourhood.model import Activity
from backend.kernel.access import Actor
from backend.kernel.clock import SHANGHAI
from backend.kernel.events import EventBus
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject

AREA_CODE = "yuehe-01"
AREA = stable_id("area", AREA_CODE)


def seed(services: Services) -> None:
    """All of it, unless there is an activity already."""
    with services.unit() as uow:
        if uow.session.scalar(select(exists(select(Activity.id)))):
            return
    bus = EventBus()
    # Only the check of texts is heard: it makes them visible.
    bus.subscribe(ContentDecided, texts.on_decided)
    muted = replace(services, events=bus)
    Life(muted, services.clock.now()).play()


@cache
def data() -> dict[str, Any]:
    """What `data/neighbourhood.json` says."""
    found: dict[str, Any] = json.loads((DATA / "neighbourhood.json").read_text(encoding="utf-8"))
    return found


class Life:
    """Plays it, the oldest first."""

    def __init__(self, services: Services, now: datetime) -> None:
        self.services, self.now = services, now
        self.stage = Stage(services)
        self.past = Past(services, deadlines.register)
        self.worker = seed_community.worker("fangmin", AREA_CODE)
        with services.unit() as uow:
            self.centre = _centre(uow)

    def play(self) -> None:
        """Members first, since they take what others wish."""
        start = self.now - timedelta(days=60)
        self._members(start)
        for row in sorted(data()["activities"], key=lambda one: float(one["days"])):
            self._activity(row)
        for row in data()["wishes"]:
            self._wish(row)
        for row in data()["helps"]:
            self._help(row)
        for row in data()["resources"]:
            self._resource(row)
        self.past.until(self.now)

    def _staff(self, at: datetime) -> Any:
        return self.stage.at(at, self.worker.actor)

    def _as(self, key: str, at: datetime) -> tuple[UUID, Any]:
        person = register.person_id(key)
        return person, self.stage.at(at, Actor("person", person))

    def _members(self, start: datetime) -> None:
        posts = []
        with self._staff(start) as uow:
            for row in data()["posts"]:
                posts.append(party.new_post(uow, self.worker, {**row, "area_id": AREA}).id)
        for row in data()["members"]:
            waiting = row.get("waiting")
            at = self.now - timedelta(hours=5) if waiting else start + timedelta(days=1)
            person, unit = self._as(row["person"], at)
            with unit as uow:
                report = party.report(
                    uow, person, area_id=AREA, branch=row["branch"], skills=row["skills"]
                )
            if waiting:
                continue
            with self._staff(at + timedelta(hours=3)) as uow:
                party.decide(uow, self.worker, report.id, confirmed=True, reason="")
            person, unit = self._as(row["person"], at + timedelta(days=1))
            with unit as uow:
                party.claim(uow, person, posts[row["post"]])

    def _activity(self, row: dict[str, Any]) -> None:
        day = (self.now + timedelta(days=row["days"])).astimezone(SHANGHAI)
        start = day.replace(hour=0, minute=0, second=0, microsecond=0)
        start += timedelta(hours=row["hour"])
        if row.get("unsettled"):
            # It ended a few hours ago, whenever the demo starts: its hours wait for a look.
            start = (self.now - timedelta(hours=5)).replace(minute=0, second=0, microsecond=0)
        opened = min(start - timedelta(days=10), self.now - timedelta(hours=20))
        latitude, longitude = self.centre
        values = {
            "area_id": AREA, "kind": row["kind"], "title": row["title"], "words": row["words"],
            "place": row["place"], "contact": "榕荫社区 方敏", "latitude": latitude,
            "longitude": longitude, "radius_m": 300, "starts_at": start,
            "ends_at": start + timedelta(hours=row["hours"]), "sign_up_from": opened,
            "sign_up_until": start - timedelta(hours=1), "places": row["places"],
            "most_waiting": row.get("waiting", 10),
            "audience": row.get("audience", "everybody"),
            "check_in": row.get("check_in", "either"),
        }  # fmt: skip
        with self._staff(opened) as uow:
            made = activities.create(uow, self.worker, values)
        with self._staff(opened + timedelta(minutes=5)) as uow:
            activities.publish(uow, self.worker, made.id)
        people = row.get("came", row.get("signed", []))
        for number, key in enumerate(people):
            person, unit = self._as(key, opened + timedelta(hours=1 + number))
            with unit as uow:
                signups.sign_up(uow, person, made.id)
        if "came" in row:
            self._held(row, made.id, start)

    def _held(self, row: dict[str, Any], activity_id: UUID, start: datetime) -> None:
        """It took place: who came is noted, and a day later the hours stand."""
        self.past.until(start + timedelta(minutes=1))
        with self._staff(start + timedelta(minutes=10)) as uow:
            for signup in activities.rows(uow, activity_id, rules.CONFIRMED):
                attendance.mark(
                    uow, self.worker, activity_id, signup.id, attended=True, minutes=None
                )
        end = start + timedelta(hours=row["hours"])
        self.past.until(min(self.now, end + timedelta(minutes=1)))
        if not row.get("unsettled"):
            self.past.until(min(self.now, end + timedelta(days=1, minutes=5)))

    def _passed(self, kind: str, subject_id: UUID, at: datetime) -> None:
        """The check has let the words through."""
        with self._staff(at) as uow:
            check = checking.current(uow, Subject(kind, subject_id))
            if check is not None:
                checking.change(uow, check, "pass")

    def _wish(self, row: dict[str, Any]) -> None:
        at = self.now + timedelta(days=row["days"])
        values = {"area_id": AREA, "title": row["title"], "words": row["words"],
                  "share_phone": True}  # fmt: skip
        person, unit = self._as(row["person"], at)
        with unit as uow:
            wish = wishes.tell(uow, person, values).id
        self._passed("wish", wish, at + timedelta(minutes=1))
        if "by" not in row:
            return
        holder, unit = self._as(row["by"], at + timedelta(hours=4))
        with unit as uow:
            wishes.claim(uow, holder, wish)
        if row["to"] == "confirmed":
            with self._as(row["by"], at + timedelta(days=2))[1] as uow:
                wishes.grant(uow, holder, wish)
            with self._as(row["person"], at + timedelta(days=3))[1] as uow:
                wishes.confirm(uow, person, wish, "kind")

    def _help(self, row: dict[str, Any]) -> None:
        at = self.now - timedelta(hours=20)
        values = {"area_id": AREA, "kind": row["kind"], "title": row["title"],
                  "words": row["words"], "share_phone": True,
                  "until": self.now + timedelta(days=row["until"])}  # fmt: skip
        person, unit = self._as(row["person"], at)
        with unit as uow:
            request = helping.ask(uow, person, values).id
        self._passed("help_request", request, at + timedelta(minutes=1))
        for key in row.get("offers", []):
            helper, unit = self._as(key, at + timedelta(hours=2))
            with unit as uow:
                helping.offer(uow, helper, request, share_phone=True)
        if "done" in row:
            with self._as(row["person"], at + timedelta(hours=3))[1] as uow:
                offered = helping.offers(uow, request, "standing")[0]
                helping.choose(uow, person, request, offered.id)
            with self._as(row["person"], at + timedelta(hours=9))[1] as uow:
                helping.finish(uow, person, request, row["done"])

    def _resource(self, row: dict[str, Any]) -> None:
        latitude, longitude = self.centre
        values = {name: row[name] for name in ("kind", "name", "unit_name", "address", "words")}
        week = [
            {"weekday": day, "start": time.fromisoformat(start), "end": time.fromisoformat(end),
             "slot_minutes": minutes, "capacity": capacity}
            for day, start, end, minutes, capacity in row["week"]
        ]  # fmt: skip
        with self._staff(self.now) as uow:
            made = resources.create(
                uow, self.worker,
                {**values, "area_id": AREA, "latitude": latitude, "longitude": longitude,
                 "open": True, "cancel_minutes": 120, "days_ahead": 7},
            ).id  # fmt: skip
            resources.set_week(uow, self.worker, made, week)


def _centre(uow: Any) -> tuple[float, float]:
    """The middle of the community's box: where its square is said to lie."""
    area = uow.session.get_one(Area, AREA)
    return round((area.south + area.north) / 2, 6), round((area.west + area.east) / 2, 6)
