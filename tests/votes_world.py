"""Votes on stage: a register and topics that a test can change at will, and what one does there."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from backend.domains.deliberation import vote_events, vote_moves, vote_sealing, votes
from backend.domains.deliberation.kind_data_rules import preset
from backend.domains.deliberation.kind_rules import AGREE, MULTIPLE, OWNERS, SINGLE
from backend.domains.deliberation.roll_rules import Head, Room
from backend.domains.deliberation.vote_model import RollEntry, Vote
from backend.domains.deliberation.vote_ports import OwnSeats
from backend.domains.deliberation.votes import Answer, Draft, Option, Place, TopicFacts
from backend.kernel.access import SYSTEM, Actor, Grant, Principal
from backend.kernel.errors import NotFound
from backend.kernel.events import EventBus
from backend.kernel.services import Services

COMMUNITY = uuid4()
STAFF_PERMISSIONS = frozenset(
    {"topics.manage", "ballots.paper", "votes.audit", "topics.view", "topics.decide"}
)


def staff(name: str = "方敏") -> Principal:
    """A member of staff who may do everything with votes in the one community."""
    grant = Grant("community_worker", STAFF_PERMISSIONS, "district")
    return Principal(Actor("staff", uuid4(), name, "community_worker"), grants=(grant,))


@dataclass
class Party:
    """Owners of rooms, or a person, household or record where area does not count."""

    ref: UUID
    persons: list[UUID]
    rooms: list[UUID] = field(default_factory=list)


class FakeRegister:
    """A register in memory. `bound` are those whose accounts were confirmed."""

    def __init__(self) -> None:
        self.parties: dict[UUID, Party] = {}
        self.areas: dict[UUID, tuple[str, int]] = {}
        self.proxies: dict[UUID, set[UUID]] = {}
        self.unknown: list[str] = []
        self.sales: list[tuple[UUID, UUID]] = []

    def add(self, persons: int = 1, areas: Iterable[int] = (8000,)) -> Party:
        party = Party(uuid4(), [uuid4() for _ in range(persons)])
        for area in areas:
            room = uuid4()
            number = len(self.areas) + 1
            self.areas[room] = (f"{number // 40 + 1}-{number % 40 + 1}", area)
            party.rooms.append(room)
        self.parties[party.ref] = party
        return party

    def sell(self, room: UUID, to: Party) -> None:
        for party in self.parties.values():
            if room in party.rooms:
                party.rooms.remove(room)
        to.rooms.append(room)
        self.sales.append((room, to.ref))

    def heads(self, uow: Any, place: Place, electorate: str) -> list[Head]:
        return [
            Head(
                str(party.ref),
                tuple(
                    Room(str(room), *self.areas[room])
                    for room in (party.rooms if electorate == OWNERS else ())
                ),
                tuple(map(str, party.persons)),
            )
            for party in self.parties.values()
            if party.rooms or electorate != OWNERS
        ]

    def unowned(self, uow: Any, place: Place) -> list[str]:
        return self.unknown

    def own(self, uow: Any, person_id: UUID, community_id: UUID, electorate: str) -> OwnSeats:
        if electorate != OWNERS:
            return OwnSeats(frozenset(), {})
        theirs = [one for one in self.parties.values() if person_id in one.persons and one.rooms]
        rooms = {room: one.ref for one in theirs for room in one.rooms}
        return OwnSeats(frozenset(one.ref for one in theirs), rooms)

    def principals(self, uow: Any, topic_id: UUID, person_id: UUID) -> set[UUID]:
        return set(self.proxies.get(person_id, ()))

    def owners_now(self, uow: Any, room_ids: Iterable[UUID]) -> dict[UUID, UUID]:
        now = {room: one.ref for one in self.parties.values() for room in one.rooms}
        return {room: now[room] for room in room_ids if room in now}

    def sold_to(
        self, uow: Any, refs: Iterable[UUID], room_ids: Iterable[UUID], since: datetime
    ) -> set[UUID]:
        wanted, rooms = set(refs), set(room_ids)
        return {room for room, ref in self.sales if ref in wanted and room in rooms}

    def scope_text(self, uow: Any, place: Place) -> str:
        return "桂香苑"

    def reach(self, uow: Any, by: Principal, permission: str, community_id: UUID) -> None:
        if not by.may(permission) or community_id != COMMUNITY:
            raise NotFound("community_unknown")

    def building(self, uow: Any, place: Place) -> dict[str, Any]:
        return {"name": "桂香苑3栋2单元", "storeys": 7, "has_lift": False}


class FakeTopics:
    """Topics in memory, and what votes told them."""

    def __init__(self) -> None:
        self.known: dict[UUID, TopicFacts] = {}
        self.told: list[tuple[str, UUID]] = []
        self.needs: list[tuple[str, bool, str]] = []
        self.holds = True

    def add(self, kind: str, version: int, draft: Draft, turn: int = 0, **more: Any) -> UUID:
        topic_id = uuid4()
        place = Place(COMMUNITY, "community", COMMUNITY)
        self.known[topic_id] = TopicFacts(
            topic_id, "T261123-000001-0", draft.title, "", kind, preset(kind, version), turn,
            place, draft, **more,
        )  # fmt: skip
        return topic_id

    def facts(self, uow: Any, topic_id: UUID) -> TopicFacts:
        if topic_id not in self.known:
            raise NotFound("topic_unknown")
        return self.known[topic_id]

    def opening(self, uow: Any, topic_id: UUID, ends_at: datetime, by: Principal) -> None:
        self.told.append(("opening", topic_id))

    def ended(self, uow: Any, topic_id: UUID, papers_waiting: int) -> None:
        self.told.append(("ended", topic_id))

    def annulled(self, uow: Any, topic_id: UUID, by: Principal, reason: str) -> None:
        self.told.append(("annulled", topic_id))

    def requirements(self, uow: Any, topic_id: UUID) -> list[tuple[str, bool, str]]:
        return self.needs

    def settled(self, uow: Any, topic_id: UUID) -> bool:
        return self.holds


@dataclass
class World:
    """A composed application whose votes ask the fakes."""

    services: Services
    register: FakeRegister = field(default_factory=FakeRegister)
    topics: FakeTopics = field(default_factory=FakeTopics)
    staff: Principal = field(default_factory=staff)

    heard: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Others hear of votes too, and look for topics that only the fakes know.
        self.services.events = EventBus()
        for kind in vars(vote_events).values():
            if isinstance(kind, type) and issubclass(kind, vote_events.VoteEvent):
                self.services.events.subscribe(kind, lambda _, event: self.heard.append(event))
        votes.provide(self.services, votes.Ports(self.register, self.topics))

    def unit(self, actor: Actor = SYSTEM):
        return self.services.unit(actor)

    def owners(self, count: int, area: int = 8000) -> list[Party]:
        return [self.register.add(areas=(area,)) for _ in range(count)]

    def prepared(
        self, kind: str = "owners_ordinary", *, secrecy: str = "open", turn: int = 0,
        draft: Draft | None = None, **more: Any,
    ) -> UUID:  # fmt: skip
        version = max(v for k, v in _VERSIONS if k == kind)
        put = replace(draft or Draft("要不要换电梯", "说明"), secrecy=secrecy)
        topic = self.topics.add(kind, version, put, turn, **more)
        with self.unit(self.staff.actor) as uow:
            return votes.prepare(uow, self.staff, topic).id

    def opened(self, kind: str = "owners_ordinary", **more: Any) -> UUID:
        vote_id = self.prepared(kind, **more)
        with self.unit(self.staff.actor) as uow:
            votes.open_vote(uow, self.staff, vote_id)
        return vote_id

    def vote(self, vote_id: UUID) -> Vote:
        with self.unit() as uow:
            return vote_moves.get(uow, vote_id)

    def entry(self, vote_id: UUID, party: Party) -> UUID:
        with self.unit() as uow:
            query = select(RollEntry.id).where(
                RollEntry.vote_id == vote_id, RollEntry.ref_id == party.ref
            )
            return uow.session.scalars(query).one()

    def entries(self, vote_id: UUID) -> dict[UUID, UUID]:
        """Entry by party."""
        with self.unit() as uow:
            rows = uow.session.execute(
                select(RollEntry.ref_id, RollEntry.id).where(RollEntry.vote_id == vote_id)
            )
            return {row.ref_id: row.id for row in rows}

    def cast(
        self, vote_id: UUID, party: Party, *choice: str, person: UUID | None = None,
        nonce: str | None = None, entry: UUID | None = None,
    ) -> votes.Cast:  # fmt: skip
        who = person or party.persons[0]
        entry = entry or self.entry(vote_id, party)
        answer = Answer(list(choice or (AGREE,)), nonce or secrets.token_hex(16))
        with self.unit(Actor("person", who)) as uow:
            return votes.cast(uow, who, vote_id, entry, answer)

    def seal(self) -> int:
        return vote_sealing.seal_running(self.services)

    def end(self, vote_id: UUID) -> None:
        """Let the time come at which the vote closes."""
        closes_at = self.vote(vote_id).closes_at
        assert closes_at is not None
        self.services.clock.set(closes_at + timedelta(seconds=1))  # type: ignore[attr-defined]  # a fixed clock

    def finish(self, vote_id: UUID) -> None:
        """Close, count, publish: by the timers, as the worker does."""
        self.end(vote_id)
        while self.services.timers.fire_due(self.services):
            pass

    def result(self, vote_id: UUID) -> dict[str, Any]:
        import json

        from backend.domains.deliberation.vote_model import VoteResult

        with self.unit() as uow:
            return json.loads(uow.session.get_one(VoteResult, vote_id).record)

    def bundle(self, vote_id: UUID) -> bytes:
        from backend.domains.deliberation import vote_bundle

        with self.unit() as uow:
            return vote_bundle.published(uow, vote_moves.get(uow, vote_id))


def plans(method: str = SINGLE, codes: str = "abc", **more: Any) -> Draft:
    """A question with options of one letter."""
    costs = more.pop("costs", {})
    options = tuple(Option(code, f"方案{code}", costs.get(code)) for code in codes)
    most = len(codes) if method != SINGLE else 1
    return Draft("选哪个方案", "说明", method, options, 1, more.pop("most", most), **more)


_VERSIONS = [
    ("owners_ordinary", 2), ("owners_major", 2), ("matter", 2), ("lift", 1), ("village", 1),
    ("survey", 1), ("intent", 1), ("budget", 1),
]  # fmt: skip
__all__ = [
    "COMMUNITY",
    "MULTIPLE",
    "FakeRegister",
    "FakeTopics",
    "Party",
    "World",
    "plans",
    "staff",
]
