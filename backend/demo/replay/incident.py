"""A mass incident: hundreds call about one burst pipe within minutes."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from backend.demo.replay.day import Day
from backend.demo.replay.world import place_in
from backend.domains.dispatch import intake, merging, similar
from backend.domains.dispatch.model import Event
from backend.kernel.uow import UnitOfWork

_WORDS = (
    "水管爆了，路上全是水",
    "主水管爆裂，水喷得很高",
    "路口水管破了，水漫到人行道",
    "自来水管爆了，家里停水",
)
_JOINING = 0.95


class BurstPipe:
    """`count` residents call about one place within ten minutes.

    Each is first offered the similar open events, as the phone does; nearly all say 我也遇到,
    a few report anew, and the dispatcher merges those into the first.
    """

    def __init__(self, day: Day, category_code: str, residents: list[UUID]) -> None:
        self.day, self.code, self.residents = day, category_code, residents
        self.first: UUID | None = None
        self.separate: list[UUID] = []
        cell = day.chance.choice(day.world.cells)
        self.latitude, self.longitude = place_in(cell, day.chance)

    def begin(self, moment: datetime) -> None:
        """Lay the calls ready."""
        for person in self.residents:
            delay = timedelta(seconds=self.day.chance.uniform(0, 600))
            self.day.at(moment + delay, partial(self._call, person))

    def _call(self, person: UUID) -> None:
        chance = self.day.chance
        latitude = self.latitude + chance.gauss(0, 0.0004)
        longitude = self.longitude + chance.gauss(0, 0.0004)
        words = chance.choice(_WORDS)
        known = self._offered(latitude, longitude, words)
        if known is not None and chance.random() < _JOINING:
            self.day.act(None, lambda uow: intake.join(uow, known, person_id=person, words=words))
            return
        made = self.day.call(
            intake.NewCall(
                source="resident", words=words, category_code=self.code, urgency="urgent",
                latitude=latitude, longitude=longitude, person_id=person,
            )
        )  # fmt: skip
        if made is None:
            return
        if self.first is None:
            self.first = made
        else:
            self.separate.append(made)
            self.day.after(2, partial(self._merge, made))

    def _offered(self, latitude: float, longitude: float, words: str) -> UUID | None:
        with self.day.services.unit() as uow:
            found = similar.similar(
                uow, latitude=latitude, longitude=longitude, words=words, category_code=self.code
            )
            return found[0].event.id if found else None

    def _merge(self, child: UUID) -> None:
        desk, first = self.day.world.dispatcher, self.first
        assert desk is not None and first is not None

        def both(uow: UnitOfWork) -> None:
            if uow.session.get_one(Event, child).parent_id is None:
                merging.merge(uow, desk.by, child, first, "同一处水管")

        self.day.act(desk.by, both)
