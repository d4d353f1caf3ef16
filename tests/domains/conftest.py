"""A hall on stage: the domain of appointments with its events listened to."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.domains.appointments import (
    events,
    service,
    staff,
)  # fmt: skip
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.timers import Timer
from tests.appointments_api import CARD, Place, fake_items, place
from tests.people import sign_in_person

KINDS = [kind for kind in vars(events).values() if isinstance(kind, type)]
EVENTS = [kind for kind in KINDS if issubclass(kind, events.AppointmentEvent)]


@dataclass
class Stage:
    services: object
    place: Place
    person: UUID
    heard: list

    def unit(self, actor: Actor | None = None):
        return self.services.unit(actor or Actor("person", self.person))

    def book(self, hour: int = 9, item=CARD) -> dict:
        with self.unit() as uow:
            slot = self.place.slot(hour, group=item.group_code)
            return service.book(uow, self.person, slot, item.id)

    def clerk(self, hall: UUID | None = None, *permissions: str) -> Principal:
        held = permissions or ("queue.operate", "appointments.view", "personal.reveal")
        grant = Grant("clerk", frozenset(held), "hall", hall or self.place.hall)
        return Principal(Actor("staff", uuid4(), "周敏", "clerk"), grants=(grant,))

    def step(self, act, who: Principal | None = None):
        who = who or self.clerk()
        with self.unit(who.actor) as uow:
            return act(uow, who)

    def check_in(self, shown: dict) -> dict:
        code = shown["check_in_code"]
        return self.step(
            lambda uow, who: staff.check_in(uow, who, self.place.hall, code=code, token=None)
        )

    def call(self, window: int = 0) -> dict:
        return self.step(lambda uow, who: staff.call(uow, who, self.place.windows[window], None))

    def do(self, shown: dict, name: str, version: int | None = None) -> dict:
        return self.step(lambda uow, who: staff.step(uow, who, shown["id"], name, version))

    def timers(self) -> set[str]:
        with self.services.unit() as uow:
            query = select(Timer.kind).where(
                Timer.fired_at.is_(None), Timer.subject_kind == "appointment"
            )
            return set(uow.session.scalars(query))


@pytest.fixture
def stage(services, monkeypatch) -> Stage:
    fake_items(monkeypatch)
    heard: list = []
    for kind in EVENTS:
        services.events.subscribe(kind, lambda uow, event: heard.append(event))
    person = sign_in_person(services).id
    return Stage(services, place(services), person, heard)
