"""What residents and a community's workers are told about homes, transfers and proxies."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.domains.community import claiming, confirming, proxies, rules, transfers
from backend.domains.community.parties import Named
from backend.domains.identity.staff_model import StaffAccount
from backend.kernel.access import Actor
from backend.kernel.clock import local_date
from notifications.model import InboxMessage
from tests.community_papers import picture
from tests.community_world import AREA, estate, named, worker
from tests.people import sign_in_person, sign_in_staff


@pytest.fixture
def stage(services):
    made = estate(services)
    made.room("1-1-101")
    return made


@pytest.fixture
def phone(stage) -> UUID:
    """The phone of a worker of the community."""
    services = stage.services
    staff = sign_in_staff(services, ("community_worker", "community", AREA)).id
    person = sign_in_person(services).id
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, staff).person_id = person
    return person


def told(stage, person) -> list[str]:
    with stage.unit() as uow:
        query = select(InboxMessage).where(InboxMessage.person_key == person)
        return [f"{row.title}|{row.body}" for row in uow.session.scalars(query)]


def test_workers_are_asked_and_the_resident_hears_the_answer(stage, phone):
    person = stage.person(named())
    claim = stage.claim(person, "1-1-101", rules.TENANT)
    assert told(stage, phone)[0].startswith(
        "请确认住处：1-1-101|桂香苑1-1-101有人提交了住处（租户）"
    )
    by = worker()
    with stage.unit(by.actor) as uow:
        confirming.refuse(uow, by, claim, "请补充租赁合同")
    assert told(stage, person) == [
        "住处没有通过：1-1-101|桂香苑1-1-101没有通过：请补充租赁合同。有疑问请问社区工作人员。"
    ]
    stage.confirm(stage.claim(person, "1-1-101", rules.TENANT))
    assert any(line.startswith("住处已确认：1-1-101") for line in told(stage, person))


def test_a_transfer_is_asked_of_the_workers_and_staffs_own_is_told_to_nobody(stage, phone):
    by = worker()
    firm = Named(rules.COMPANY, "岭川置业有限公司", "91440101MA5ABCDE12")
    with stage.unit(by.actor) as uow:
        made = transfers.record(uow, by, stage.rooms["1-1-101"], transfers.Wish((firm,))).id
    assert told(stage, phone)[0].startswith("请核对过户：1-1-101")
    with stage.unit(by.actor) as uow:
        transfers.confirm(uow, by, made)
    assert len(told(stage, phone)) == 1


def test_the_holder_hears_of_a_proxy_and_of_its_end(stage):
    friend = named("赵友", phone="13900000021")
    holder = stage.person(friend, phone=friend.phone)
    person = stage.settle(named(), "1-1-101", rules.TENANT)
    with stage.unit(Actor("person", person)) as uow:
        until = local_date(uow.now) + timedelta(days=3)
        wish = proxies.Wish(friend.name, friend.phone, until=until)
        [home] = [row.id for row in claiming.own_rows(uow, person)]
        made = proxies.give(uow, person, home, proxies.AS_PERSON, wish).id
    assert told(stage, holder) == [
        "有人委托您投票：居民本人|桂香苑居民本人委托您代为投票，到2026年11月26日。不愿意可以退回。"
    ]
    with stage.unit(Actor("person", person)) as uow:
        proxies.revoke(uow, person, made)
    assert any(line.startswith("投票委托已撤销：居民本人|") for line in told(stage, holder))
    assert not [line for line in told(stage, person) if "委托" in line]


def test_owners_hear_of_a_paper_that_gives_their_vote_or_their_home_away(stage):
    """Whatever staff take down in somebody's name, that somebody learns of it at once."""
    wang, friend = named("王甲"), named("赵友", phone="13900000022")
    stage.own("1-1-101", wang)
    person = stage.settle(wang, "1-1-101")
    stage.person(friend, phone=friend.phone)
    by, room = worker(), stage.rooms["1-1-101"]
    paper = picture(stage, by.actor.id, "staff")
    with stage.unit(by.actor) as uow:
        until = local_date(uow.now) + timedelta(days=3)
        wish = proxies.Wish(friend.name, friend.phone, until=until, file_ids=(paper,))
        made = proxies.record(uow, by, room, wish).id
    with stage.unit(by.actor) as uow:
        proxies.confirm(uow, by, made)
    assert any(line.startswith("已委托他人投票：1-1-101|") for line in told(stage, person))
    with stage.unit(by.actor) as uow:
        moved = transfers.record(uow, by, room, transfers.Wish((named("李乙"),))).id
    with stage.unit(by.actor) as uow:
        transfers.confirm(uow, by, moved)
    assert any(line.startswith("房屋已过户：1-1-101|") for line in told(stage, person))
