"""People to write to, staff who write and release, and channels that keep what they are given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from backend.domains.identity.service import create_demo_person
from backend.domains.identity.staff_rules import ROLES
from backend.domains.messages import address_book, campaign_running, campaign_schemas, campaigns
from backend.domains.messages.campaign_model import Campaign
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services
from notifications.delivery import Delivery
from notifications.kinds import SERVICE, SMS, SUBSCRIBE
from notifications.model import InboxMessage, OutboxMessage
from tests.engines.conftest import Scripted
from tests.people import fictional_id_number

#: Role, and the street of who is not at the district.
STAFF = {
    "writer": ("administrator", None), "writer2": ("administrator", None),
    "second": ("supervisor", None), "second2": ("supervisor", None),
    "street": ("supervisor", stable_id("street", "yuehe")), "operator": ("operator", None),
}  # fmt: skip
WORDS: dict[str, Any] = {
    "name": "停水", "title": "明天停水", "body": "11月24日8:00到16:00停水，请提前存水。",
    "sms": "明天8:00到16:00停水，请提前存水。", "ladder": ["wechat_service", "sms"],
}  # fmt: skip


@dataclass
class Campaigns:
    """The staff by name, residents, and short ways to act."""

    services: Services
    staff: dict[str, Principal] = field(default_factory=dict)
    people: list[UUID] = field(default_factory=list)

    def person(self, **given: Any) -> UUID:
        """A resident with an account; verified unless `name` is None."""
        name = given.pop("name", "测试甲")
        id_ = new_id()
        with self.services.unit() as uow:
            number = fictional_id_number() if name else None
            create_demo_person(uow, id=id_, name=name, id_number=number, **given)
        self.people.append(id_)
        return id_

    def residents(self, number: int) -> list[UUID]:
        """So many residents with a phone each."""
        return [
            self.person(phone=f"137{len(self.people) + one:08d}", name=None)
            for one in range(number)
        ]

    def act(self, who: str, use: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """A use case as somebody, in a unit of its own."""
        with self.services.unit(self.staff[who].actor) as uow:
            return use(uow, self.staff[who], *args, **more)

    def step(self, who: str, use: Callable[..., Any], id_: UUID, *args: Any, **more: Any) -> Any:
        """The same with the version as it is now."""
        return self.act(who, use, id_, str(self.row(id_).version), *args, **more)

    def write(self, who: str = "writer", **words: Any) -> UUID:
        """A draft."""
        return self.act(who, campaigns.create, body(**words)).id

    def submitted(self, **words: Any) -> UUID:
        """Written and submitted by the writer."""
        id_ = self.write(**words)
        self.step("writer", campaigns.submit, id_)
        return id_

    def released(self, **words: Any) -> UUID:
        """Written by one and released by another."""
        id_ = self.submitted(**words)
        self.step("second", campaigns.release, id_, read=True)
        return id_

    def run(self) -> int:
        """The worker's turn at campaigns."""
        return campaign_running.run(self.services)

    def row(self, id_: UUID) -> Campaign:
        """The campaign as it is now."""
        with self.services.unit() as uow:
            return uow.session.get_one(Campaign, id_, populate_existing=True)

    def messages(self, id_: UUID) -> list[OutboxMessage]:
        """What was written for it."""
        with self.services.unit() as uow:
            query = select(OutboxMessage).where(OutboxMessage.campaign_id == id_)
            ordered = query.order_by(OutboxMessage.person_key)
            return list(uow.session.scalars(ordered.execution_options(populate_existing=True)))

    def inboxes(self, id_: UUID) -> list[InboxMessage]:
        """How it stands in the inboxes."""
        with self.services.unit() as uow:
            query = select(InboxMessage).join(OutboxMessage, OutboxMessage.id == InboxMessage.id)
            mine = query.where(OutboxMessage.campaign_id == id_)
            return list(uow.session.scalars(mine.execution_options(populate_existing=True)))

    def delivery(self, *channels: Scripted, owner: str = "w1") -> Delivery:
        """A sender with these channels; those not given accept everything."""
        made = {one: Scripted(one) for one in (SUBSCRIBE, SERVICE, SMS)}
        made |= {one.name: one for one in channels}
        services = self.services
        return Delivery(
            services.db.transaction, services.clock.now,
            lambda session, keys: address_book.addresses_of(services, session, keys),
            made, owner=owner, chance=lambda: 0.5,
        )  # fmt: skip


def body(**words: Any) -> dict[str, Any]:
    """A campaign's body as the routes hand it over."""
    loaded: dict[str, Any] = campaign_schemas.EditCampaignSchema().load({**WORDS, **words})
    return loaded


def make(services: Services) -> Campaigns:
    """The staff, and nobody to write to yet."""
    world = Campaigns(services)
    for name, (role, street) in STAFF.items():
        scope = "street" if street else "district"
        grant = Grant(role, frozenset(ROLES[role].permissions), scope, street)
        world.staff[name] = Principal(Actor("staff", uuid4(), name, role), grants=(grant,))
    return world
