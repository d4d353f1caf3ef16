"""An estate whose neighbours talk, its staff, and WeChat's opinion of what they write."""

import io
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from PIL import Image

from backend.domains.community.parties import Named
from backend.domains.content import asking
from backend.domains.deliberation import (
    carrying,
    drafting,
    events,
    files,
    kind_rules,
    leading,
    proposing,
    rules,
    seconding,
    topic_door,
)
from backend.domains.deliberation.topic_model import Topic
from backend.domains.deliberation.vote_events import VotePublished
from backend.domains.identity import service as identity
from backend.kernel.access import SYSTEM, Actor, Principal
from backend.kernel.services import Services
from tests.community_world import STREET, Estate, estate, named, worker

KINDS = [
    kind for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, events.TopicEvent)
]  # fmt: skip
DRAFT: dict[str, Any] = {
    "text": "在三栋前装两盏灯，费用由公共收益出。", "question": "是否同意装两盏灯？",
    "ballot": "single", "options": [], "least": 1, "most": 1, "budget_cents": None,
    "secret": False, "note": "",
}  # fmt: skip


class FakeJudge:
    """WeChat's opinion by test words; `down` makes every call fail."""

    def __init__(self) -> None:
        self.down: Exception | None = None
        self.asked: list[Any] = []
        self.urls: list[str] = []

    def msg_sec_check(self, content: str, openid: str, scene: int) -> Any:
        if self.down:
            raise self.down
        self.asked.append((content, openid, scene))
        found = "risky" if "违规" in content else "review" if "复核" in content else "pass"
        return SimpleNamespace(suggestion=found, label=20003)

    def media_check_async(self, url: str, openid: str, scene: int) -> str:
        if self.down:
            raise self.down
        self.urls.append(url)
        return f"trace-{len(self.urls)}"


@dataclass
class Town:
    """An estate with neighbours `people` (each the owner of one room), staff, and what is heard."""

    estate: Estate
    judge: FakeJudge
    people: list[UUID]
    fang: Principal = field(default_factory=worker)
    street: Principal = field(default_factory=lambda: worker("street_leader", "street", STREET))
    heard: list[Any] = field(default_factory=list)

    @property
    def services(self) -> Services:
        return self.estate.services

    def unit(self, who: Any = None):
        """A unit of work of a person, a member of staff, or the system."""
        if isinstance(who, UUID):
            return self.services.unit(Actor("person", who))
        return self.services.unit(who.actor if who is not None else SYSTEM)

    def settle(self, label: str) -> UUID:
        """One neighbour more: owner of a room, bound to the mini-program."""
        who = named()
        self.estate.own(label, who)
        return self.bound(who, label)

    def bound(self, who: Named, label: str) -> UUID:
        """The account of somebody at home there, bound to the mini-program."""
        person = self.estate.settle(who, label)
        with self.unit() as uow:
            identity.attach_channel(uow, person, "mini_openid", "o" + secrets.token_hex(14)[:27])
        return person

    def check(self, **later: float) -> int:
        """The worker asks WeChat."""
        if later:
            self.wait(**later)
        return asking.run(self.services)

    def wait(self, **later: float) -> None:
        """Time goes on, and the worker fires what is due."""
        self.services.clock.advance(timedelta(**later))  # type: ignore[attr-defined]  # a FixedClock
        self.services.timers.fire_due(self.services)

    def photo(self, who: UUID | Principal) -> UUID:
        """A picture uploaded by somebody."""
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(out, "JPEG")
        out.seek(0)
        with self.unit(who) as uow:
            return files.upload(uow, out)["id"]

    def propose(self, who: UUID | None = None, **changes: Any) -> UUID:
        """A proposal, checked by the worker unless `check=False`."""
        who, checked = who or self.people[0], changes.pop("check", True)
        body = {
            "community_id": self.estate.community_id, "kind": kind_rules.MATTER,
            "scope_kind": kind_rules.COMMUNITY, "scope_id": None, "title": "三栋前装两盏灯",
            "words": "晚上太黑，老人容易摔。", "file_ids": [], **changes,
        }  # fmt: skip
        with self.unit(who) as uow:
            topic_id = proposing.propose(uow, who, body).id
        if checked:
            self.check()
        return topic_id

    def topic(self, topic_id: UUID) -> Topic:
        with self.unit() as uow:
            return uow.session.get_one(Topic, topic_id)

    def state(self, topic_id: UUID) -> str:
        return self.topic(topic_id).state

    def second(self, topic_id: UUID, who: UUID) -> None:
        with self.unit(who) as uow:
            seconding.second(uow, who, topic_id)

    def act(self, use: Any, *args: Any, by: Principal | None = None, **more: Any) -> Any:
        """One use case by staff (the community's worker where nobody is named)."""
        by = by or self.fang
        with self.unit(by) as uow:
            return use(uow, by, *args, **more)

    def submitted(self, **changes: Any) -> UUID:
        topic_id = self.propose(**changes)
        for who in self.people[1:]:
            if self.state(topic_id) == rules.SECONDING:
                self.second(topic_id, who)
        return topic_id

    def discussing(self, **changes: Any) -> UUID:
        topic_id = self.submitted(**changes)
        self.act(leading.accept, topic_id, "")
        self.act(leading.discuss, topic_id, None)
        return topic_id

    def drafted(self, **changes: Any) -> UUID:
        draft = changes.pop("draft", DRAFT)
        topic_id = self.discussing(**changes)
        self.draft(topic_id, draft)
        return topic_id

    def draft(self, topic_id: UUID, draft: dict[str, Any]) -> None:
        """The community begins the draft and writes it."""
        self.act(leading.draft, topic_id)
        self.act(drafting.save, topic_id, 0, draft)

    def noticed(self, **changes: Any) -> UUID:
        topic_id = self.drafted(**changes)
        self.act(leading.notice, topic_id, None)
        return topic_id

    def open_vote(self, topic_id: UUID) -> None:
        with self.unit(self.fang) as uow:
            ends_at = uow.now + timedelta(days=7)
            topic_door.vote_opening(uow, topic_id, self.fang, ends_at)

    def counted(self, topic_id: UUID, *, passed: bool | None = True) -> None:
        """The vote ended, was counted and published."""
        with self.unit() as uow:
            topic_door.vote_ended(uow, topic_id, 0)
            topic_door.vote_counted(uow, topic_id, passed=passed)
        self.published(topic_id)

    def published(self, topic_id: UUID) -> None:
        with self.unit() as uow:
            topic = uow.session.get_one(Topic, topic_id)
            topic_door.on_published(
                uow,
                VotePublished(
                    vote_id=topic_id, topic_id=topic_id, topic_number=topic.number,
                    title=topic.title, community_id=topic.community_id, turn=topic.turn,
                    at=uow.now, outcome="passed", passed=True, person_ids=tuple(self.people),
                ),
            )  # fmt: skip

    def objection_time(self, *, passed: bool | None = True, **changes: Any) -> UUID:
        topic_id = self.noticed(**changes)
        self.wait(days=70)
        self.open_vote(topic_id)
        self.counted(topic_id, passed=passed)
        return topic_id

    def carrying(self, **changes: Any) -> UUID:
        topic_id = self.objection_time(**changes)
        self.wait(days=40)
        return topic_id

    def report(self, topic_id: UUID, **changes: Any) -> None:
        body = {
            "text": "灯装好了。", "percent": 100, "done_on": None, "planned_until": None,
            "file_ids": [], **changes,
        }  # fmt: skip
        self.act(carrying.report, topic_id, body)

    def told(self, kind: type) -> list[Any]:
        return [one for one in self.heard if isinstance(one, kind)]


def town(services: Services, people: int = 8) -> Town:
    """An estate with so many neighbours, each owner of a room, the first ones in entrance 2-1."""
    judge = FakeJudge()
    services.wechat = judge
    made = Town(estate(services), judge, [])
    made.people = [made.settle(f"2-1-{number + 1}01") for number in range(people)]
    for kind in KINDS:
        services.events.subscribe(kind, lambda _, told: made.heard.append(told))
    return made
