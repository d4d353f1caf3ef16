"""The communities a person belongs to, with what may be proposed there."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.community import service as community
from backend.domains.community.service import CommunityCard, Home, Scope
from backend.domains.deliberation import kind_data_rules, ports, rule_view
from backend.domains.deliberation.kind_rules import BUILDING, COMMUNITY, ENTRANCE, Preset
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.clock import local_date
from backend.kernel.uow import UnitOfWork


def communities(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """One's own communities: homes, how many topics are open, the kinds one may propose."""
    homes = community.own_homes(uow, person_id)
    found = []
    for card in ports.communities_of(uow, person_id):
        own = [home for home in homes if home.community_id == card.id]
        verified = ports.verified(uow, person_id, card.id)
        street_id = ports.street_of(uow, card.area_id)
        area, street = ports.place_names(uow, card.area_id, street_id)
        found.append(
            {
                "id": card.id,
                "name": card.name,
                "kind": card.kind,
                "address": card.address,
                "area_name": area,
                "street_name": street,
                "verified": verified,
                "homes": [home.label for home in own],
                "open_topics": _open(uow, card.id),
                "kinds": _kinds(uow, person_id, card, own) if verified else [],
            }
        )
    return found


def _open(uow: UnitOfWork, community_id: UUID) -> int:
    count = select(func.count()).where(
        Topic.community_id == community_id, Topic.is_open, Topic.published_at.is_not(None)
    )
    return uow.session.scalar(count) or 0


def _kinds(
    uow: UnitOfWork, person_id: UUID, card: CommunityCard, homes: list[Home]
) -> list[dict[str, Any]]:
    """Kinds with at least one place for which the person is entitled."""
    asked: dict[tuple[str, Scope], bool] = {}

    def may(electorate: str, scope: Scope) -> bool:
        key = (electorate, scope)
        if key not in asked:
            asked[key] = ports.may_take_part(uow, person_id, scope, electorate)
        return asked[key]

    found = []
    for preset in kind_data_rules.current(local_date(uow.now), card.kind):
        places = [one for one in _places(card, homes, preset) if may(preset.proposers, one)]
        places = [one for one in places if _fits(uow, preset, one)]
        if places:
            found.append(
                {
                    "kind": preset.kind,
                    "name": preset.name,
                    "scopes": [
                        {"kind": one.kind, "id": one.id, "text": ports.scope_text(uow, one)}
                        for one in places
                    ],
                    "rule": rule_view.shown(preset),
                }
            )
    return found


def _places(card: CommunityCard, homes: list[Home], preset: Preset) -> list[Scope]:
    every = [Scope(COMMUNITY, card.id)]
    every += [Scope(BUILDING, home.building_id) for home in homes]
    every += [Scope(ENTRANCE, home.entrance_id) for home in homes]
    return [one for one in dict.fromkeys(every) if one.kind in preset.scopes]


def _fits(uow: UnitOfWork, preset: Preset, scope: Scope) -> bool:
    if not preset.least_storeys or scope.kind == COMMUNITY:
        return True
    storeys, has_lift = ports.storeys(uow, scope)
    return storeys >= preset.least_storeys and not has_lift
