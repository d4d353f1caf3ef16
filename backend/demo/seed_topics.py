"""The demo's topics: one at nearly every stage, told as neighbours would; fictional.

Everything goes through the use cases, at the moments at which it would have happened. Running it
again changes nothing.
"""

import io
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.demo import drawings, seed_community, seed_messages
from backend.demo.district import DATA
from backend.domains.community import service as community
from backend.domains.community.model import HousingBuilding, HousingEntrance
from backend.domains.content import checking
from backend.domains.deliberation import (
    ballot_papers,
    carrying,
    commenting,
    drafting,
    files,
    kind_data_rules,
    leading,
    moves,
    opinion_maps,
    proposing,
    requirements,
    rules,
    seconding,
    stating,
    vote_seats,
    votes,
)
from backend.domains.deliberation.talk_model import StatementVote
from backend.domains.deliberation.topic_model import Topic
from backend.domains.deliberation.vote_model import RollEntry, Vote
from backend.kernel.access import SYSTEM, Actor, Principal
from backend.kernel.clock import local_date
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

_DRAFT = {
    "ballot": "single", "options": [], "least": 1, "most": 1, "budget_cents": None,
    "secret": False, "note": "",
}  # fmt: skip
_FILES = ("topics.json", "topics_voted.json")
_SAID = {1: rules.AGREES, 0: rules.PASSES, -1: rules.DISAGREES}


def seed(services: Services) -> None:
    """Every topic of `data/topics*.json`; then the maps of what was answered."""
    told = []
    for row in (
        row for name in _FILES for row in json.loads((DATA / name).read_text("utf-8"))["topics"]
    ):
        with services.unit() as uow:
            known = select(Topic.id).where(Topic.title == row["title"])
            there = uow.session.scalar(known) is not None
        if not there:
            story = Story(services, row)
            story.tell()
            told.append(story.id)
    seed_messages.read_in_their_day(services, told)
    opinion_maps.refresh(services)


class Story:
    """One topic on its way; `at` is the moment the story has come to."""

    def __init__(self, services: Services, row: dict[str, Any]) -> None:
        self.services, self.row = services, row
        self.at: datetime = services.clock.now() - timedelta(days=row["days_ago"], hours=1)
        place = next(
            one for one in seed_community.data()["communities"] if one["key"] == row["community"]
        )
        self.by: Principal = seed_community.worker(place["worker"], place["area"])
        self.community_id = seed_community.community_id(row["community"])
        with services.unit() as uow:
            self.scope = self._scope(uow)
            rule = kind_data_rules.in_force(row["kind"], local_date(uow.now)).votes[-1]
            able = {
                person
                for one in community.electorate(uow, self.scope, rule.electorate)
                for person in one.person_ids
            }
            self.people = sorted(able, key=str)
        self.topic_id: UUID | None = None

    def person(self, number: int) -> UUID:
        """Neighbour number so much; the numbers go round."""
        return self.people[number % len(self.people)]

    @contextmanager
    def unit(self, who: UUID | Principal | None = None) -> Iterator[UnitOfWork]:
        """A unit of work at the story's moment."""
        actor = SYSTEM
        if who is not None:
            actor = Actor("person", who) if isinstance(who, UUID) else who.actor
        with self.services.unit(actor) as uow:
            uow.now = self.at
            yield uow

    def tell(self) -> None:
        """From the proposal to the stage that `until` names."""
        until = self.row["until"]
        self._propose(checked=until != "review")
        for step, states in _STEPS:
            if until in states:
                step(self)

    @property
    def id(self) -> UUID:
        """The topic."""
        assert self.topic_id is not None
        return self.topic_id

    def _scope(self, uow: UnitOfWork) -> community.Scope:
        named = self.row.get("scope")
        if named is None:
            return community.Scope(community.COMMUNITY, self.community_id)
        entrance = uow.session.scalars(
            select(HousingEntrance.id)
            .join(HousingBuilding, HousingBuilding.id == HousingEntrance.building_id)
            .where(
                HousingBuilding.community_id == self.community_id,
                HousingBuilding.name == named[0], HousingEntrance.name == named[1],
            )
        ).one()  # fmt: skip
        return community.Scope(community.ENTRANCE, entrance)

    def _propose(self, *, checked: bool) -> None:
        body = {
            "community_id": self.community_id, "kind": self.row["kind"],
            "scope_kind": self.scope.kind, "scope_id": self.scope.id,
            "title": self.row["title"], "words": self.row["words"], "file_ids": [],
        }  # fmt: skip
        if self.row["proposer"] == "staff":
            with self.unit(self.by) as uow:
                self.topic_id = proposing.propose_by_staff(uow, self.by, body).id
            return
        author = self.person(self.row["proposer"])
        with self.unit(author) as uow:
            self.topic_id = proposing.propose(uow, author, body).id
        if checked:
            self._pass(Subject(proposing.CHECKED, self.id))
        else:
            self._pass(Subject(proposing.CHECKED, self.id), "review")

    def _pass(self, subject: Subject, action: str = "pass") -> None:
        """The content check answers, as WeChat would a moment later."""
        with self.unit() as uow:
            row = checking.current(uow, subject)
            if row is not None and not (action == "review" and row.state == action):
                checking.change(uow, row, action)

    def second(self) -> None:
        """So many neighbours support it, as many as are needed where it goes further."""
        with self.unit() as uow:
            needed = uow.session.get_one(Topic, self.id).seconds_needed
        wanted = self.row.get("seconds", 0)
        if self.row["until"] not in ("seconding", "lapsed"):
            wanted = needed
        author = self.person(self.row["proposer"])
        others = [one for one in self.people if one != author]
        for number in range(min(wanted, len(others))):
            self.at += timedelta(minutes=37)
            who = others[number]
            with self.unit(who) as uow:
                seconding.second(uow, who, self.id)

    def lapse(self) -> None:
        """Too few came in time."""
        self.at += timedelta(days=rules.SECONDING_DAYS + 1)
        with self.unit() as uow:
            topic = uow.session.get_one(Topic, self.id)
            reason = f"联名不足：需要{topic.seconds_needed}人，到期有{topic.seconds_count}人"
            seconding.lapse(uow, topic, reason)

    def decline(self) -> None:
        """The community says why not."""
        self.at += timedelta(days=2)
        with self.unit(self.by) as uow:
            leading.decline(uow, self.by, self.id, self.row["closing"])

    def accept(self) -> None:
        """The community takes a neighbour's proposal up."""
        if self.row["proposer"] != "staff":
            self.at += timedelta(days=1)
            with self.unit(self.by) as uow:
                leading.accept(uow, self.by, self.id, "谢谢您的建议")

    def discuss(self) -> None:
        """Neighbours talk; while it is open now, until some days from now."""
        days = 7
        if self.row["until"] == "discussing":
            days = min(30, max(7, self.row["days_ago"] + 4))
        with self.unit(self.by) as uow:
            topic = uow.session.get_one(Topic, self.id)
            if rules.DISCUSSING not in moves.preset_of(topic).stages:
                return
            leading.discuss(uow, self.by, self.id, max(days, _least(topic)))
        self._talk()

    def _talk(self) -> None:
        for line in self.row.get("comments", ()):
            self.at += timedelta(hours=5)
            who = self.person(line["who"])
            with self.unit(who) as uow:
                comment = commenting.write(uow, who, self.id, line["text"]).id
            self._pass(Subject("topic_comment", comment))
            for number in line["likes"]:
                with self.unit(self.person(number)) as uow:
                    commenting.like(uow, self.person(number), comment, liked=True)
            if "answer" in line:
                with self.unit(self.by) as uow:
                    commenting.answer(
                        uow, self.by, self.id, line["answer"], parent_id=comment, file_ids=[]
                    )
        self._opinions()

    def _opinions(self) -> None:
        with self.unit(self.by) as uow:
            made = [
                stating.state_by_staff(uow, self.by, self.id, text).id
                for text in self.row.get("statements", ())
            ]
            for group in self.row.get("answers", ()):
                for turn, number in enumerate(group["people"]):
                    for place, statement in enumerate(made):
                        # Nobody answers everything.
                        if (turn + place) % 5 == 4:
                            continue
                        uow.session.add(
                            StatementVote(
                                statement_id=statement, person_id=self.person(number),
                                topic_id=self.id, answer=_SAID[group["say"][place]], at=uow.now,
                            )
                        )  # fmt: skip

    def draft(self) -> None:
        """The community writes what it will be."""
        self.at += timedelta(days=7)
        with self.unit(self.by) as uow:
            leading.draft(uow, self.by, self.id)
            drafting.save(uow, self.by, self.id, 0, {**_DRAFT, **self.row["draft"]})

    def without_vote(self) -> None:
        """Everybody agreed: done without a vote."""
        self.at += timedelta(days=1)
        with self.unit(self.by) as uow:
            leading.carry_out(uow, self.by, self.id)

    def notice(self) -> None:
        """The draft hangs out."""
        self.at += timedelta(days=1)
        with self.unit(self.by) as uow:
            topic = uow.session.get_one(Topic, self.id)
            period = moves.preset_of(topic).notice
            days = period.usual
            if self.row["until"] == "noticing":
                # Still out today, whenever the demo was made.
                gone = (self.services.clock.now() - self.at).days
                days = min(period.most, max(days, gone + 4))
            leading.notice(uow, self.by, self.id, days)
        if "requirement" in self.row:
            with self.unit(self.by) as uow:
                paper = files.upload(uow, io.BytesIO(drawings.drawing("board", True)))["id"]
                requirements.meet(
                    uow, self.by, self.id, "agreement", note=self.row["requirement"],
                    file_ids=[paper],
                )  # fmt: skip

    def vote(self) -> None:
        """The vote opens when the notice is over, and neighbours cast."""
        with self.unit() as uow:
            ends = uow.session.get_one(Topic, self.id).stage_ends_at
        self.at = max(self.at, ends or self.at) + timedelta(minutes=30)
        if self.row["until"] == "voting":
            self.at = max(self.at, self.services.clock.now() - timedelta(days=2))
        with self.unit(self.by) as uow:
            self.vote_id = votes.prepare(uow, self.by, self.id).id
        with self.unit(self.by) as uow:
            votes.open_vote(uow, self.by, self.vote_id)
        self._cast()

    def _cast(self) -> None:
        wanted = list(_choices(self.row["ballots"]))
        used: set[UUID] = set()
        for person in self.people:
            if not wanted:
                break
            self.at += timedelta(minutes=11)
            with self.unit(person) as uow:
                row = uow.session.get_one(Vote, self.vote_id)
                own = [one for one in vote_seats.seats(uow, row, person)
                       if one.entry.id not in used][:1]  # fmt: skip
                for seat in own:
                    used.add(seat.entry.id)
                    answer = votes.Answer(wanted.pop(0), secrets.token_hex(16))
                    votes.cast(uow, person, self.vote_id, seat.entry.id, answer)

        self._papers(used)

    def _papers(self, used: set[UUID]) -> None:
        """Owners who do not use the app vote on paper; two workers read each sheet."""
        wanted = [
            code for code, number in self.row.get("papers", {}).items() for _ in range(number)
        ]
        with self.unit() as uow:
            query = select(RollEntry.id).where(RollEntry.vote_id == self.vote_id)
            entries = list(uow.session.scalars(query.order_by(RollEntry.ordinal)))
        second = seed_community.worker("luojia", "yuehe-01")
        left = [entry for entry in entries if entry not in used]
        for number, (entry, code) in enumerate(zip(left, wanted, strict=False), start=1):
            sheet = ballot_papers.Sheet(f"{number:04d}", entry, [code])
            with self.unit(self.by) as uow:
                ballot_papers.enter(uow, self.by, self.vote_id, sheet)
            with self.unit(second) as uow:
                ballot_papers.second(uow, second, self.vote_id, sheet.number, [code])

    def count(self) -> None:
        """The vote ends, is counted and published."""
        with self.unit() as uow:
            closes = uow.session.get_one(Vote, self.vote_id).closes_at
        self.at = max(self.at, closes or self.at) + timedelta(minutes=1)
        for act in (votes.close, votes.count, votes.publish):
            with self.unit() as uow:
                act(uow, self.vote_id)

    def progress(self) -> None:
        """What was done, with a picture each."""
        for line in self.row["progress"]:
            self.at = self.services.clock.now() - timedelta(days=line["days_ago"])
            with self.unit(self.by) as uow:
                photo = files.upload(uow, io.BytesIO(drawings.drawing("lamp", True)))["id"]
                body = {
                    "text": line["text"], "percent": line["percent"],
                    "done_on": local_date(self.at), "planned_until": None, "file_ids": [photo],
                }  # fmt: skip
                carrying.report(uow, self.by, self.id, body)

    def close(self) -> None:
        """Done."""
        self.at += timedelta(days=1)
        with self.unit(self.by) as uow:
            carrying.close(uow, self.by, self.id, self.row["closing"])


def _choices(told: dict[str, int]) -> Iterator[list[str]]:
    """One list for each ballot; several codes are written with a blank between, the first first."""
    for codes, number in told.items():
        yield from (codes.split() for _ in range(number))


def _least(topic: Topic) -> int:
    return moves.preset_of(topic).discussion.least


_VOTED = frozenset({"voting", "objection"})
_DONE = frozenset({"carrying_out", "closed"})
_DRAFTED = _VOTED | _DONE | {"noticing"}
_TALKED = _DRAFTED | {"discussing"}
_STEPS = (
    (lambda story: story.row["proposer"] == "staff" or story.second(),
     _TALKED | {"seconding", "submitted", "declined", "lapsed"}),
    (Story.lapse, {"lapsed"}),
    (Story.decline, {"declined"}),
    (Story.accept, _TALKED),
    (Story.discuss, _TALKED),
    (Story.draft, _DRAFTED),
    (Story.without_vote, _DONE),
    (Story.notice, _VOTED | {"noticing"}),
    (Story.vote, _VOTED),
    (Story.count, {"objection"}),
    (Story.progress, _DONE),
    (Story.close, {"closed"}),
)  # fmt: skip
