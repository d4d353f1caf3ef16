"""The community's register as votes ask of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.domains.community import service as community
from backend.domains.deliberation.roll_rules import Head, Room
from backend.domains.deliberation.vote_ports import OwnSeats, Place
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork

# Heads that the register names, so that somebody bound to one later may still cast for it. A
# person or household counted by who lived there when the roll was frozen is not joined later.
NAMED = (community.OWNERS, community.VILLAGERS, community.PARTY_MEMBERS)


class CommunityRegister:
    """`vote_ports.Register` over `community.service`."""

    def heads(self, uow: UnitOfWork, place: Place, electorate: str) -> list[Head]:
        """Everybody entitled now."""
        return [
            Head(
                str(one.ref_id),
                tuple(Room(str(r.room_id), r.label, r.area_centi) for r in one.rooms),
                tuple(str(person) for person in one.person_ids),
            )
            for one in community.electorate(uow, _scope(place), electorate)
        ]

    def unowned(self, uow: UnitOfWork, place: Place) -> list[str]:
        """Labels of rooms that count and whose owners are unknown."""
        return [room.label for room in community.unowned(uow, _scope(place))]

    def own(
        self, uow: UnitOfWork, person_id: UUID, community_id: UUID, electorate: str
    ) -> OwnSeats:
        """The person's own heads now; empty for who is not verified."""
        if electorate not in NAMED:
            return OwnSeats(frozenset(), {})
        seats = [
            seat for seat in community.seats_of(uow, person_id, community_id)
            if seat.kind == electorate
        ]  # fmt: skip
        rooms = {room.room_id: seat.ref_id for seat in seats for room in seat.rooms}
        return OwnSeats(frozenset(seat.ref_id for seat in seats), rooms)

    def principals(self, uow: UnitOfWork, topic_id: UUID, person_id: UUID) -> set[UUID]:
        """The heads the person holds a confirmed proxy for; their revocation waits."""
        held = community.proxies_for(uow, topic_id, person_id, lock=True)
        refs = (one.principal_party_id or one.principal_person_id for one in held)
        return {ref for ref in refs if ref}

    def owners_now(self, uow: UnitOfWork, room_ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """Which party owns each room now."""
        return community.current_parties(uow, room_ids)

    def sold_to(
        self, uow: UnitOfWork, refs: Iterable[UUID], room_ids: Iterable[UUID], since: datetime
    ) -> set[UUID]:
        """Of these rooms those that went to one of the parties since a moment."""
        wanted = set(refs)
        found = community.transferred_among(uow, room_ids, since)
        return {one.room_id for one in found if one.to_party_id in wanted}

    def scope_text(self, uow: UnitOfWork, place: Place) -> str:
        """`桂香苑3栋2单元`."""
        return community.scope_text(uow, _scope(place))

    def reach(self, uow: UnitOfWork, by: Principal, permission: str, community_id: UUID) -> None:
        """Nothing, or `NotFound` where the permission is not held."""
        community.reach(uow, by, permission, community_id)

    def building(self, uow: UnitOfWork, place: Place) -> dict[str, Any]:
        """Name, storeys and lift of the building, for the hand-over document."""
        if place.scope_kind == community.COMMUNITY:
            return {"name": self.scope_text(uow, place), "storeys": None, "has_lift": None}
        found = community.building(uow, _scope(place))
        return {"name": found.name, "storeys": found.storeys, "has_lift": found.has_lift}


def _scope(place: Place) -> community.Scope:
    return community.Scope(place.scope_kind, place.scope_id)
