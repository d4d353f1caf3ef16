"""The register as a resident sees their own part of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.community import (
    attachments,
    claiming,
    confirming,
    moves,
    parties,
    places,
    proxies,
    rules,
)
from backend.domains.community.model import (
    HousingBuilding,
    HousingCommunity,
    HousingEntrance,
    HousingRoom,
    Residence,
)
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.domains.grid import service as grid
from backend.domains.identity import service as identity
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

_NEXT = {
    rules.CLAIMED: "社区工作人员核对后会告诉您",
    rules.CONFIRMED: "可以参加本小区的议事和投票",
    rules.REFUSED: "请按原因更正后再提交",
}
_LISTED = (*rules.LIVE_RESIDENCES, rules.REFUSED, rules.MOVED)


def communities(uow: UnitOfWork, q: str) -> list[dict[str, Any]]:
    """Communities by name, at most 50, with where they lie."""
    query = select(HousingCommunity).order_by(HousingCommunity.name)
    if q:
        query = query.where(
            HousingCommunity.name.contains(q, autoescape=True)
            | HousingCommunity.address.contains(q, autoescape=True)
        )
    rows = list(uow.session.scalars(query.limit(50)))
    names = grid.area_names(uow, [row.area_id for row in rows])
    return [community(row, names) for row in rows]


def community(row: HousingCommunity, names: dict[UUID, str]) -> dict[str, Any]:
    """A community as a card; `names` are the grid communities'."""
    return {
        "id": row.id, "name": row.name, "kind": row.kind,
        "kind_text": rules.COMMUNITY_KINDS[row.kind], "address": row.address,
        "area_id": row.area_id, "area_name": names.get(row.area_id, ""),
    }  # fmt: skip


def buildings(uow: UnitOfWork, community_id: UUID) -> list[dict[str, Any]]:
    """The buildings with their entrances, by name."""
    inside: dict[UUID, list[dict[str, Any]]] = {}
    entrances = uow.session.scalars(
        select(HousingEntrance)
        .where(HousingEntrance.community_id == community_id)
        .order_by(HousingEntrance.name)
    )
    for one in entrances:
        inside.setdefault(one.building_id, []).append({"id": one.id, "name": one.name})
    rows = uow.session.scalars(
        select(HousingBuilding)
        .where(HousingBuilding.community_id == community_id)
        .order_by(HousingBuilding.name)
    )
    return [
        {
            "id": row.id, "name": row.name, "storeys": row.storeys, "has_lift": row.has_lift,
            "version": row.version, "entrances": inside.get(row.id, []),
        }
        for row in rows
    ]  # fmt: skip


def labels(uow: UnitOfWork, community_id: UUID, entrance_id: UUID) -> list[dict[str, Any]]:
    """The homes of an entrance by label: what one chooses the own home from."""
    scope = places.Scope(places.ENTRANCE, entrance_id)
    query = places.rooms_of(scope).where(HousingRoom.community_id == community_id)
    return [
        {"id": row.id, "label": row.label, "use": row.use, "use_text": rules.USES[row.use]}
        for row in uow.session.scalars(query)
    ]


def homes(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """The person's homes: live ones, and the latest that were refused or sold."""
    rows = claiming.own_rows(uow, person_id, _LISTED)
    live = [row for row in rows if row.state in rules.LIVE_RESIDENCES]
    ended = [row for row in rows if row not in live][:5]
    return [home(uow, person_id, row) for row in [*live, *ended]]


def home(uow: UnitOfWork, person_id: UUID, row: Residence) -> dict[str, Any]:
    """One home as its person sees it."""
    room = uow.session.get_one(HousingRoom, row.room_id)
    place = uow.session.get_one(HousingCommunity, room.community_id)
    entrance = uow.session.get_one(HousingEntrance, room.entrance_id)
    owner = row.relation == rules.OWNER
    matched = None
    if owner and row.state in rules.LIVE_RESIDENCES:
        known = parties.record_of(uow, place.id, person_id)
        matched = confirming.owns(uow, room.id, known)
    waiting = _transfer(uow, person_id, room.id)
    return {
        "id": row.id, "community": community(place, grid.area_names(uow, [place.area_id])),
        "building_id": entrance.building_id, "entrance_id": entrance.id, "room_id": room.id,
        "label": room.label, "area_text": rules.area_text(room.area_centi) if matched else "",
        "use": room.use, "use_text": rules.USES[room.use], "relation": row.relation,
        "relation_text": rules.RELATIONS[row.relation], "state": row.state,
        "state_text": rules.RESIDENCE_STATES[row.state], "next_text": _next(row, matched),
        "reason": row.reason, "words": row.words, "claimed_at": row.claimed_at,
        "owner_matched": matched, "transfer": waiting, "can": _can(row, waiting),
        "files": attachments.listed(uow, [row.id], attachments.RESIDENT_FILES).get(row.id, []),
    }  # fmt: skip


def _next(row: Residence, matched: bool | None) -> str:
    if row.state == rules.CLAIMED and matched is False:
        return "登记的产权人里没有您，刚买的房请提交过户材料"
    return _NEXT.get(row.state, "")


def _can(row: Residence, waiting: dict[str, Any] | None) -> list[str]:
    found = []
    if row.state in rules.LIVE_RESIDENCES:
        found.append("leave")
        if row.relation == rules.OWNER and waiting is None:
            found.append("transfer")
    if row.state == rules.CONFIRMED:
        found.append("proxy")
    return found


def _transfer(uow: UnitOfWork, person_id: UUID, room_id: UUID) -> dict[str, Any] | None:
    row = uow.session.scalar(
        select(OwnershipTransfer)
        .where(
            OwnershipTransfer.room_id == room_id, OwnershipTransfer.requested_by == person_id,
            OwnershipTransfer.state == rules.REQUESTED,
        )
        .limit(1)
    )  # fmt: skip
    return transfer(uow, row) if row else None


def transfer(uow: UnitOfWork, row: OwnershipTransfer) -> dict[str, Any]:
    """A transfer as who asked for it sees it."""
    room = uow.session.get_one(HousingRoom, row.room_id)
    return {
        "id": row.id, "label": room.label, "state": row.state,
        "state_text": rules.TRANSFER_STATES[row.state], "owners_count": row.owners_count,
        "words": row.words, "reason": row.reason, "requested_at": row.requested_at,
        "files": attachments.listed(uow, [row.id], attachments.RESIDENT_FILES).get(row.id, []),
        "can": ["withdraw"] if row.state == rules.REQUESTED else [],
    }  # fmt: skip


def own_proxies(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """Proxies the person gave or holds."""
    return proxy_list(uow, person_id, proxies.own_rows(uow, person_id))


def proxy_list(uow: UnitOfWork, person_id: UUID, rows: Iterable[VoteProxy]) -> list[dict[str, Any]]:
    """Proxies as this person sees them: `direction` held or given."""
    listed = list(rows)
    cards = identity.person_cards(uow, {row.holder_id for row in listed if row.holder_id})
    names = places.community_names(uow, {row.community_id for row in listed})
    base = attachments.RESIDENT_FILES
    papers = attachments.listed(uow, [row.id for row in listed], base)
    found = []
    for row in listed:
        held = row.holder_id == person_id
        card = cards.get(row.holder_id) if row.holder_id else None
        found.append(
            {
                "id": row.id, "community_id": row.community_id,
                "community_name": names.get(row.community_id, ""),
                "direction": "held" if held else "given", "paper": row.paper,
                "as_text": proxies.principal_text(uow, row),
                "holder_name": "您" if held else card.name_masked if card else "",
                "scope_text": proxies.scope_text(uow, row), "topic_id": row.topic_id,
                "until": row.until, "state": row.state,
                "state_text": rules.PROXY_STATES[row.state], "reason": row.reason,
                "given_at": row.given_at, "files": papers.get(row.id, []),
                "can": ["revoke"] if row.state in rules.LIVE_PROXIES else [],
            }
        )  # fmt: skip
    return found


def paper(uow: UnitOfWork, person_id: UUID, file_id: UUID, size: str) -> attachments.Served:
    """A picture the person has uploaded, or one of a written proxy they gave or hold."""
    for kind, subject_id in attachments.subjects_of(uow, file_id):
        proxy = uow.session.get(VoteProxy, subject_id) if kind == attachments.PROXY else None
        if proxy is not None and proxies.concerns(uow, proxy, person_id):
            return attachments.served(uow, uow.session.get_one(StoredFile, file_id), size)
    return attachments.own(uow, file_id, size)


def place(uow: UnitOfWork, community_id: UUID) -> dict[str, Any]:
    """A community with its buildings."""
    row = uow.session.get(HousingCommunity, community_id)
    if row is None:
        raise moves.unknown()
    return {
        **community(row, grid.area_names(uow, [row.area_id])),
        "buildings": buildings(uow, row.id),
    }
