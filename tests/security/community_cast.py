"""What the routes of the register need to be tried: homes, papers and a proxy of the owner's."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from backend.demo import seed_community
from backend.domains.community import attachments, claiming, confirming, proxies, rules, transfers
from backend.domains.community.model import HousingEntrance, HousingRoom, OwnerRecord
from backend.kernel.access import Actor
from backend.kernel.clock import local_date
from backend.kernel.ids import stable_id
from backend.kernel.uow import UnitOfWork
from tests.security.dispatch_cast import Form, picture

if TYPE_CHECKING:
    from tests.security.demo_world import DemoWorld

HOLDER = {"holder_name": "王秀兰", "holder_phone": "13800000001"}
_STAFF = "/api/v1/staff"


def furnish(world: "DemoWorld") -> None:
    """The owner claims two flats as bought, is at home in a third, and has given a proxy."""
    services, ids = world.services, world.ids
    person = world.people["resident"].id
    by = seed_community.worker("fangmin", "yuehe-01")
    ids["community_id"] = seed_community.community_id("guixiang")
    with services.unit(Actor("person", person)) as uow:
        ids["home_id"] = _claim(uow, person, "2-2-801", rules.OWNER)
        bought = _claim(uow, person, "2-2-802", rules.OWNER)
        ids["paper_id"] = _paper(uow)
        wish = transfers.Wish((), True, "", (ids["paper_id"],))
        ids["transfer_id"] = transfers.request(uow, person, bought, wish).id
        ids["new_paper_id"] = _paper(uow)
        ids["flat_id"] = flat = _claim(uow, person, "2-2-901", rules.FAMILY)
        ids["residence_id"] = _claim(uow, person, "2-2-902", rules.TENANT)
    with services.unit(by.actor) as uow:
        confirming.confirm(uow, by, flat)
    with services.unit(Actor("person", person)) as uow:
        until = local_date(uow.now) + timedelta(days=30)
        wish_to = proxies.Wish(*HOLDER.values(), until=until)
        ids["proxy_id"] = proxies.give(uow, person, flat, proxies.AS_PERSON, wish_to).id
        room = _room(uow, "2-2-801")
        ids["room_id"], ids["entrance_id"] = room.id, room.entrance_id
        entrance = uow.session.get_one(HousingEntrance, room.entrance_id)
        ids["building_id"] = entrance.building_id
        ids["owner_id"] = uow.session.scalars(
            select(OwnerRecord.id)
            .where(OwnerRecord.community_id == ids["community_id"])
            .order_by(OwnerRecord.id)
            .limit(1)
        ).one()


def _room(uow: UnitOfWork, label: str) -> HousingRoom:
    query = select(HousingRoom).where(
        HousingRoom.label == label,
        HousingRoom.community_id == seed_community.community_id("guixiang"),
    )
    return uow.session.scalars(query).one()


def _claim(uow: UnitOfWork, person: UUID, label: str, relation: str) -> UUID:
    return claiming.claim(uow, person, claiming.Claim(_room(uow, label).id, relation)).id


def _paper(uow: UnitOfWork) -> UUID:
    return attachments.upload(uow, picture(), attachments.RESIDENT_FILES)["id"]


def _named(name: str) -> Callable[["DemoWorld"], dict[str, Any]]:
    return lambda world: {"room_id": str(world.ids[name])}


def _transfer(world: "DemoWorld") -> dict[str, Any]:
    return {"with_me": True, "file_ids": [str(world.ids["new_paper_id"])]}


def _owners(_: Any) -> dict[str, Any]:
    firm = {"kind": "company", "name": "测试公司", "id_number": "91440101MA5ABCDE12"}
    return {"owners": [firm]}


def _give(world: "DemoWorld") -> dict[str, Any]:
    return {**HOLDER, "home_id": str(world.ids["flat_id"]), "as": "person", "until": "2026-12-31"}


def _record(world: "DemoWorld") -> dict[str, Any]:
    ids = world.ids
    papers = [str(ids["staff_paper_id"])] if "staff_paper_id" in ids else []
    room = {"room_id": str(ids["room_id"]), "until": "2026-12-31", "file_ids": papers}
    return {**HOLDER, **room}


def paper(_: Any = None) -> Form:
    """A picture to upload."""
    return Form(file=(picture(), "x.jpg"))


def _register(_: Any) -> Form:
    raw = "楼栋,房号,面积\n9栋,9-1-101,80\n".encode()
    return Form(file=(io.BytesIO(raw), "x.csv"), dry_run="true")


_WHY = {"reason": "测试原因"}
_LOOK = {"field": "name", "purpose": "电话核对住处"}
_CHANGE = {"name": "桂香苑", "address": "越和街道桂香路18号", "room_count_declared": 96}
_FLAT = {"storey": 8, "area_centi": 10_218, "use": "home", "in_roll": True, "active": True}
BODIES: dict[str, Any] = {
    "POST /api/v1/homes": lambda world: {**_named("room_id")(world), "relation": "tenant"},
    "POST /api/v1/homes/<uuid:home_id>/transfers": _transfer,
    "POST /api/v1/proxies": _give,
    "POST /api/v1/home-files": paper,
    f"POST {_STAFF}/home-files": paper,
    f"POST {_STAFF}/communities": {
        "area_id": str(stable_id("area", "yuehe-01")), "name": "清和园", "kind": "estate",
    },
    f"PUT {_STAFF}/communities/<uuid:community_id>": _CHANGE,
    f"POST {_STAFF}/communities/<uuid:community_id>/imports": _register,
    f"PUT {_STAFF}/buildings/<uuid:building_id>": {"storeys": 9, "has_lift": True},
    f"PUT {_STAFF}/rooms/<uuid:room_id>": _FLAT,
    f"POST {_STAFF}/rooms/<uuid:room_id>/transfers": _owners,
    f"POST {_STAFF}/owners/<uuid:owner_id>/reveals": _LOOK,
    f"POST {_STAFF}/home-claims/<uuid:residence_id>/confirmations": {},
    f"POST {_STAFF}/home-claims/<uuid:residence_id>/refusals": _WHY,
    f"POST {_STAFF}/home-claims/<uuid:residence_id>/endings": _WHY,
    f"POST {_STAFF}/home-claims/<uuid:residence_id>/reveals": _LOOK,
    f"POST {_STAFF}/home-transfers/<uuid:transfer_id>/confirmations": {},
    f"POST {_STAFF}/home-transfers/<uuid:transfer_id>/refusals": _WHY,
    f"POST {_STAFF}/proxies": _record,
    f"POST {_STAFF}/proxies/<uuid:proxy_id>/confirmations": {},
    f"POST {_STAFF}/proxies/<uuid:proxy_id>/refusals": _WHY,
}  # fmt: skip
QUERIES = {
    "GET /api/v1/communities/<uuid:community_id>/rooms": lambda world: {
        "entrance_id": str(world.ids["entrance_id"])
    },
}
