"""The demo's communities: an estate, an old block without a lift, a village, and who lives there.

Deterministic and fictional: names are combined from two lists, numbers lie in the area 999902,
which no place carries. Running it again changes nothing.
"""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.demo import drawings, register
from backend.demo.community_people import Neighbours
from backend.demo.district import DATA
from backend.domains.community import (
    attachments,
    claiming,
    confirming,
    importing,
    parties,
    proxies,
    rules,
    transfers,
)
from backend.domains.community.model import (
    HouseholdMember,
    HousingCommunity,
    HousingRoom,
    OwnerRecord,
    PartyMember,
    Residence,
    RoomOwnership,
)
from backend.domains.identity.service import create_demo_person
from backend.domains.identity.staff_rules import ROLES
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.clock import local_date
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

HEAD = (
    "楼栋", "单元", "房号", "楼层", "面积", "用途", "身份", "类型", "姓名", "证件号码", "手机", "党员",
    "总层数", "电梯",
)  # fmt: skip


@cache
def data() -> dict[str, Any]:
    """What `data/communities.json` says."""
    found: dict[str, Any] = json.loads((DATA / "communities.json").read_text(encoding="utf-8"))
    return found


def community_id(key: str) -> UUID:
    """The fixed id of a demo community: guixiang, xincun, shangpo."""
    return stable_id("demo-community", key)


def worker(username: str, area: str) -> Principal:
    """A demo worker of a community, acting."""
    role = ROLES["community_worker"]
    member = next(one for one in register.staff() if one.username == username)
    grant = Grant(
        "community_worker", frozenset(role.permissions), "community", stable_id("area", area)
    )
    actor = Actor("staff", register.staff_id(username), member.name, role.text)
    return Principal(actor, grants=(grant,))


def seed(services: Services) -> None:
    """Communities with rooms and owners; then who lives there, what waits, and proxies."""
    fresh = []
    for row in data()["communities"]:
        with services.unit() as uow:
            if uow.session.get(HousingCommunity, community_id(row["key"])) is None:
                _put(uow, row)
                fresh.append(row["key"])
    if fresh:
        _live(services)


def _put(uow: UnitOfWork, row: dict[str, Any]) -> None:
    people = Neighbours(row["key"], data()["surnames"], data()["given"], local_date(uow.now))
    lines = list(_houses(row, people) if row["kind"] == rules.VILLAGE else _flats(row, people))
    counted = {line[2]: line[4] for line in lines if line[5] != "车位"}
    areas = [rules.area_centi(area) or 0 for area in counted.values()]
    uow.session.add(
        HousingCommunity(
            id=community_id(row["key"]), area_id=stable_id("area", row["area"]), name=row["name"],
            kind=row["kind"], address=row["address"], room_count_declared=len(areas),
            area_declared_centi=sum(areas),
        )
    )  # fmt: skip
    uow.session.flush()
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *lines])
    raw = out.getvalue().encode()
    report = importing.take(uow, community_id(row["key"]), raw, dry_run=False)
    if report["refused"]:
        raise ValueError(f"the demo's register was refused: {report['refused'][:3]}")
    _bind(uow, row, people)


def _flats(row: dict[str, Any], people: Neighbours) -> Iterator[list[str]]:
    named = _named(row["key"], people)
    for building in row["buildings"]:
        more = [str(building["storeys"]), "有" if building["lift"] else "无"]
        for label, storey, area in _labels(building):
            shop = row["shops"].get(label)
            at = [building["name"], f"{label.split('-')[1]}单元", label, str(storey)]
            room = [shop or area, "商铺" if shop else "住宅", "产权人"]
            for owner in named.get(label) or people.owners(label):
                yield [*at, *room, *owner, "", *more]
    for number in range(1, row["parking"] + 1):
        owner = people.owners(f"车位-{number}")[0]
        yield ["车库", "", f"车位-{number}", "-1", "12.72", "车位", "产权人", *owner, "", "1", ""]


def _labels(building: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    number = building["name"].removesuffix("栋")
    for entrance in range(1, building["entrances"] + 1):
        for storey in range(1, building["storeys"] + 1):
            for flat in range(1, building["flats"] + 1):
                label = f"{number}-{entrance}-{storey}{flat:02d}"
                yield label, storey, building["sizes"][flat - 1]


def _named(key: str, people: Neighbours) -> dict[str, list[tuple[str, ...]]]:
    """The owners that the data name, by room: (kind, name, number, phone) each."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in data()["owners"]:
        if row["community"] != key:
            continue
        if "company" in row:
            owners: list[tuple[str, ...]] = [("单位", row["company"], row["number"], "")]
        else:
            owners = [_resident(one) or people.known(one) for one in row["people"]]
        found |= dict.fromkeys(row["rooms"], owners)
    return found


def _resident(key: str) -> tuple[str, ...] | None:
    """A demo resident, or somebody of the demo's register, as the file of a register has them."""
    for person in register.persons():
        if person.key == key:
            return ("个人", person.name or "", person.id_number or "", person.phone or "")
    for number, name in register.unclaimed().items():
        if name == key:
            return ("个人", name, number, "")
    return None


def _houses(row: dict[str, Any], people: Neighbours) -> Iterator[list[str]]:
    extra = {one["house"]: one for one in data()["villagers"]}
    turn = 0
    for group, count in row["houses"].items():
        for number in range(1, count + 1):
            label = f"{group}-{number:02d}"
            at = [group, "", label, "1", f"{140 + turn % 5 * 12}.00", "住宅"]
            family = people.family(label)
            yield [*at, "产权人", *family[0], "", "3", "无"]
            for position, one in enumerate(family):
                party = "是" if position == 0 and turn % 3 == 0 else ""
                yield [*at, "户籍成员", *one, party, "3", "无"]
            if label in extra:
                told = extra[label]
                party = "是" if told["party_member"] else ""
                yield [*at, "户籍成员", *(_resident(told["person"]) or ()), party, "3", "无"]
            turn += 1


def _bind(uow: UnitOfWork, row: dict[str, Any], people: Neighbours) -> None:
    """The first so many neighbours use the app: their accounts and homes, as if confirmed."""
    staff = register.staff_id(row["worker"])
    for who in people.made[: row["bound"]]:
        person = create_demo_person(
            uow, id=stable_id("demo-neighbour", who.number), name=who.name, id_number=who.number
        )
        record = uow.session.scalars(
            select(OwnerRecord).where(
                OwnerRecord.community_id == community_id(row["key"]),
                OwnerRecord.number_fingerprint == parties.mark_of(uow, who.number),
            )
        ).one_or_none()
        room, relation = _first_room(uow, record) if record else (None, "")
        if record is None or room is None:
            continue
        parties.bind(uow, record, person)
        uow.session.add(
            Residence(
                person_id=person, room_id=room, relation=relation, state=rules.CONFIRMED,
                claimed_at=uow.now - timedelta(days=40), decided_at=uow.now - timedelta(days=39),
                decided_by=staff, version=2,
            )
        )  # fmt: skip
    uow.session.flush()


def _first_room(uow: UnitOfWork, record: OwnerRecord) -> tuple[UUID | None, str]:
    owned = uow.session.scalar(
        select(HousingRoom.id)
        .join(RoomOwnership, RoomOwnership.room_id == HousingRoom.id)
        .join(PartyMember, PartyMember.party_id == RoomOwnership.party_id)
        .where(PartyMember.owner_id == record.id, RoomOwnership.until.is_(None))
        .order_by(HousingRoom.use, HousingRoom.label)
        .limit(1)
    )
    if owned is not None:
        return owned, rules.OWNER
    house = select(HouseholdMember.room_id).where(HouseholdMember.owner_id == record.id)
    return uow.session.scalar(house.limit(1)), rules.FAMILY


def _live(services: Services) -> None:
    """The demo's own residents claim their homes as anybody does; some of it still waits."""
    for row in data()["homes"]:
        person = register.person_id(row["person"])
        by = _staff_of(row["community"])
        with services.unit(Actor("person", person)) as uow:
            told = claiming.Claim(_room(uow, row), row["relation"], row.get("words", ""))
            home = claiming.claim(uow, person, told).id
        if not row.get("waiting"):
            with services.unit(by.actor) as uow:
                confirming.confirm(uow, by, home)
    for row in data()["transfers"]:
        _transfer(services, row)
    for row in data()["proxies"]:
        _proxy(services, row)


def _staff_of(key: str) -> Principal:
    row = next(one for one in data()["communities"] if one["key"] == key)
    return worker(row["worker"], row["area"])


def _room(uow: UnitOfWork, row: dict[str, Any]) -> UUID:
    return uow.session.scalars(
        select(HousingRoom.id).where(
            HousingRoom.community_id == community_id(row["community"]),
            HousingRoom.label == row["room"],
        )
    ).one()


def _paper(uow: UnitOfWork) -> UUID:
    picture = io.BytesIO(drawings.drawing("board", True))
    file_id: UUID = attachments.upload(uow, picture, attachments.RESIDENT_FILES)["id"]
    return file_id


def _home(uow: UnitOfWork, person: UUID, row: dict[str, Any]) -> UUID:
    room = _room(uow, row)
    return next(one.id for one in claiming.own_rows(uow, person) if one.room_id == room)


def _transfer(services: Services, row: dict[str, Any]) -> None:
    person = register.person_id(row["person"])
    with services.unit(Actor("person", person)) as uow:
        wish = transfers.Wish((), True, row["words"], (_paper(uow),))
        transfers.request(uow, person, _home(uow, person, row), wish)


def _proxy(services: Services, row: dict[str, Any]) -> None:
    holder = next(one for one in register.persons() if one.key == row["holder"])
    by = _staff_of(row["community"])
    giver = None if row.get("paper") else register.person_id(row["giver"])
    with services.unit(Actor("person", giver) if giver else by.actor) as uow:
        wish = proxies.Wish(
            holder.name or "", holder.phone or "",
            until=local_date(uow.now) + timedelta(days=row["days"]),
            file_ids=(_paper(uow),) if giver is None else (),
        )  # fmt: skip
        if giver is None:
            proxies.record(uow, by, _room(uow, row), wish)
        else:
            proxies.give(uow, giver, _home(uow, giver, row), proxies.AS_OWNER, wish)
