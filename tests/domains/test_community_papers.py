"""Transfers and proxies: decided on paper, told, and never letting a head vote twice."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from backend.domains.community import (
    attachments,
    claiming,
    events,
    proxies,
    rules,
    service,
    transfers,
)
from backend.domains.community.electorate import OWNERS
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.domains.community.parties import Named
from backend.domains.community.ports import TopicRef, register_topics
from backend.domains.identity import persons
from backend.kernel import trace
from backend.kernel.access import Actor
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from tests.community_world import OTHER_AREA, estate, named, worker

SOLD = (
    events.RoomTransferred, events.TransferDecided, events.ProxyChanged, events.HomeDecided,
)  # fmt: skip


@pytest.fixture
def stage(services):
    made = estate(services)
    for kind in SOLD:
        services.events.subscribe(kind, lambda uow, event: made.heard.append(event))
    return made


def heard(stage, kind):
    return [event for event in stage.heard if isinstance(event, kind)]


def picture(stage, person_id, kind="person"):
    body = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(body, "PNG")
    body.seek(0)
    with stage.unit(Actor(kind, person_id)) as uow:
        return attachments.upload(uow, body, attachments.RESIDENT_FILES)["id"]


def ask(stage, person_id, home_id, *owners, with_me=False):
    wish = transfers.Wish(owners, with_me, "", (picture(stage, person_id),))
    with stage.unit(Actor("person", person_id)) as uow:
        return transfers.request(uow, person_id, home_id, wish).id


def decide(stage, transfer_id, by=None, reason=None):
    by = by or worker()
    with stage.unit(by.actor) as uow:
        if reason is None:
            transfers.confirm(uow, by, transfer_id)
        else:
            transfers.refuse(uow, by, transfer_id, reason)


def home_of(stage, person_id, states=rules.RESIDENCE_STATES):
    with stage.unit() as uow:
        return claiming.own_rows(uow, person_id, states)[0]


def sold(stage, seller, buyer, label="1-1-101"):
    """The buyer claims, sends papers, staff confirm; answers the buyer's person."""
    person = stage.person(buyer)
    home = stage.claim(person, label)
    decide(stage, ask(stage, person, home, with_me=True))
    return person


@pytest.mark.requirement("004.15")
def test_a_bought_home_goes_to_the_new_owner_and_the_old_owner_leaves(stage):
    wang, li = named("王甲"), named("李乙")
    before = stage.own("1-1-101", wang)
    seller = stage.settle(wang, "1-1-101")
    family = stage.settle(named("王小"), "1-1-101", rules.FAMILY)
    tenant = stage.settle(named("租客"), "1-1-101", rules.TENANT)
    buyer = sold(stage, wang, li)
    with stage.unit() as uow:
        [seat] = [
            one for one in service.seats_of(uow, buyer, stage.community_id) if one.kind == OWNERS
        ]
        assert service.persons_of(uow, [seat.ref_id]) == {seat.ref_id: (buyer,)}
        assert service.seats_of(uow, seller, stage.community_id) == []
        # The frozen head of an open vote still knows its persons.
        assert service.persons_of(uow, [before]) == {before: (seller,)}
        [moved] = service.transferred(uow, stage.rooms["1-1-101"], uow.now - timedelta(days=1))
        assert (moved.from_party_id, moved.to_party_id) == (before, seat.ref_id)
        assert service.transferred(uow, stage.rooms["1-1-101"], uow.now) == []
        row = uow.session.get(OwnershipTransfer, moved.id)
        assert row.owners_sealed is None
    states = [home_of(stage, one).state for one in (seller, family, tenant, buyer)]
    assert states == [rules.MOVED, rules.MOVED, rules.CONFIRMED, rules.CONFIRMED]
    [told] = heard(stage, events.RoomTransferred)
    assert (told.from_party_id, told.label) == (before, "1-1-101")
    assert heard(stage, events.TransferDecided)[0].state == rules.CONFIRMED


def test_who_stays_a_co_owner_keeps_home_and_family(stage):
    wang, li = named("王甲"), named("李乙")
    stage.own("1-1-101", wang)
    owner = stage.settle(wang, "1-1-101")
    child = stage.settle(named("王小"), "1-1-101", rules.FAMILY)
    decide(stage, ask(stage, owner, home_of(stage, owner).id, wang, li))
    assert home_of(stage, owner).state == home_of(stage, child).state == rules.CONFIRMED
    wife = stage.settle(li, "1-1-101")
    with stage.unit() as uow:
        seats = [
            {one.ref_id for one in service.seats_of(uow, who, stage.community_id)
             if one.kind == OWNERS}
            for who in (owner, wife)
        ]  # fmt: skip
    assert seats[0] == seats[1] and len(seats[0]) == 1


def test_a_transfer_needs_a_picture_an_owner_and_right_numbers(stage):
    wang = named("王甲")
    stage.own("1-1-101", wang)
    owner = stage.settle(wang, "1-1-101")
    tenant = stage.settle(named("租客"), "1-1-101", rules.TENANT)
    home = home_of(stage, owner).id
    for files, said in (((), "files_needed"), ((new_id(),), "unknown_file")):
        wish = transfers.Wish((named(),), file_ids=files)
        with pytest.raises(Invalid, match=said), stage.unit(Actor("person", owner)) as uow:
            transfers.request(uow, owner, home, wish)
    for wrong in (
        Named(rules.PERSON, "李乙", "123"), Named(rules.COMPANY, "某公司", "123"),
        Named(rules.PERSON, " ", named().number), Named(rules.PERSON, "李", named().number, "12a"),
        Named(rules.PERSON, "李乙", named().number, "123"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match="bad_owner"):
            ask(stage, owner, home, wrong)
    with pytest.raises(Invalid, match="owners_needed"):
        ask(stage, owner, home)
    with pytest.raises(Conflict, match="not_owner"):
        ask(stage, tenant, home_of(stage, tenant).id, named())
    with pytest.raises(NotFound):
        ask(stage, tenant, home, named())
    same = ask(stage, owner, home, wang)
    with pytest.raises(Conflict, match="same_owners"):
        decide(stage, same)
    with pytest.raises(Conflict, match="transfer_waiting"):
        ask(stage, owner, home, named())


def test_a_transfer_is_refused_with_a_reason_or_taken_back_and_forgets_the_named(stage):
    wang = named("王甲")
    stage.own("1-1-101", wang)
    owner = stage.settle(wang, "1-1-101")
    home = home_of(stage, owner).id
    first = ask(stage, owner, home, named())
    with pytest.raises(Invalid, match="reason_needed"):
        decide(stage, first, reason="")
    with pytest.raises(NotFound):
        decide(stage, first, worker(scope=OTHER_AREA))
    decide(stage, first, reason="照片看不清")
    second = ask(stage, owner, home, named())
    with stage.unit(Actor("person", owner)) as uow:
        transfers.withdraw(uow, owner, second)
    with pytest.raises(Conflict, match="wrong_state"):
        decide(stage, second)
    with stage.unit() as uow:
        rows = [uow.session.get(OwnershipTransfer, one) for one in (first, second)]
        assert [row.state for row in rows] == [rules.REFUSED, rules.WITHDRAWN]
        assert all(row.owners_sealed is None for row in rows)
        said = [row.action for row in trace.entries(uow.session, Subject("transfer", first))]
    assert said == ["request", "refuse"]


def test_staff_take_down_a_transfer_to_a_company(stage):
    stage.own("1-1-101", named("王甲"))
    by = worker()
    firm = Named(rules.COMPANY, "岭川置业有限公司", "91440101MA5ABCDE12")
    with stage.unit(by.actor) as uow:
        made = transfers.record(uow, by, stage.rooms["1-1-101"], transfers.Wish((firm,))).id
        with pytest.raises(NotFound):
            transfers.record(
                uow, worker(scope=OTHER_AREA), stage.rooms["1-1-101"], transfers.Wish((firm,))
            )
    decide(stage, made)
    with stage.unit() as uow:
        scope = service.Scope(service.COMMUNITY, stage.community_id)
        [head] = service.electorate(uow, scope, OWNERS)
    assert head.person_ids == ()


# --- proxies


def given(stage, person_id, holder, *, as_=proxies.AS_OWNER, **scope):
    if not scope:
        scope = {"until": local_date(stage.services.clock.now()) + timedelta(days=30)}
    wish = proxies.Wish(holder.name, holder.phone, **scope)
    home = home_of(stage, person_id).id
    with stage.unit(Actor("person", person_id)) as uow:
        return proxies.give(uow, person_id, home, as_, wish).id


def held(stage, person_id, topic=None):
    with stage.unit() as uow:
        return service.proxies_for(uow, topic or new_id(), person_id)


def owner(stage, label, name="王甲"):
    who = named(name)
    party = stage.own(label, who)
    return party, stage.settle(who, label)


@pytest.fixture
def friend(stage):
    who = named("赵友", phone="13900000001")
    return who, stage.person(who, phone=who.phone)


def topics(stage, *, most=2, open_=True):
    found = TopicRef(new_id(), "装路灯", stage.community_id, most, open_)
    register_topics(stage.services, lambda uow, topic: found if topic == found.id else None)
    return found.id


@pytest.mark.requirement("004.15")
def test_a_proxy_given_in_the_app_is_in_force_at_once_until_it_is_taken_back(stage, friend):
    party, person = owner(stage, "1-1-101")
    made = given(stage, person, friend[0])
    [one] = held(stage, friend[1])
    assert (one.principal_party_id, one.paper) == (party, False)
    with stage.unit(Actor("person", person)) as uow:
        proxies.revoke(uow, person, made)
    assert held(stage, friend[1]) == []
    assert [event.state for event in heard(stage, events.ProxyChanged)] == ["confirmed", "revoked"]


def test_the_holder_gives_back_a_co_owner_takes_back_a_stranger_neither(stage, friend):
    wang, li = named("王甲"), named("李乙")
    stage.own("1-1-101", wang, li)
    person, wife = stage.settle(wang, "1-1-101"), stage.settle(li, "1-1-101")
    stranger = stage.person(named())
    for who in (wife, friend[1]):
        made = given(stage, person, friend[0])
        with pytest.raises(NotFound), stage.unit(Actor("person", stranger)) as uow:
            proxies.revoke(uow, stranger, made)
        with stage.unit(Actor("person", who)) as uow:
            proxies.revoke(uow, who, made)


def test_one_head_gives_one_proxy_for_the_same_matter(stage, friend):
    wang, li = named("王甲"), named("李乙")
    stage.own("1-1-101", wang, li)
    person, wife = stage.settle(wang, "1-1-101"), stage.settle(li, "1-1-101")
    given(stage, person, friend[0])
    with pytest.raises(Conflict, match="proxy_exists"):
        given(stage, wife, friend[0])


def test_a_proxy_for_a_topic_comes_before_a_general_one(stage, friend):
    _, person = owner(stage, "1-1-101")
    other = named("钱友", phone="13900000002")
    other_id = stage.person(other, phone=other.phone)
    topic = topics(stage)
    given(stage, person, friend[0])
    given(stage, person, other, topic_id=topic)
    assert held(stage, friend[1], topic) == []
    assert len(held(stage, friend[1])) == 1
    assert len(held(stage, other_id, topic)) == 1
    with stage.unit() as uow:
        proxies.end_for_topic(uow, topic)
    assert held(stage, other_id, topic) == [] and len(held(stage, friend[1], topic)) == 1


def test_nobody_holds_more_than_the_topics_rule_allows(stage, friend):
    topic = topics(stage, most=2)
    for number in (1, 2):
        _, person = owner(stage, f"1-1-{number}01")
        given(stage, person, friend[0], topic_id=topic)
    _, third = owner(stage, "1-1-301")
    with pytest.raises(Invalid, match="最多2份"):
        given(stage, third, friend[0], topic_id=topic)


def test_a_proxy_goes_to_an_adult_with_a_proved_name_who_is_somebody_else(stage, friend):
    wang, li = named("王甲", phone="13900000003"), named("李乙", phone="13900000004")
    stage.own("1-1-101", wang, li)
    person = stage.settle(wang, "1-1-101", phone=wang.phone)
    stage.settle(li, "1-1-101", phone=li.phone)
    for wrong in (wang, li):
        with pytest.raises(Invalid, match="自己"):
            given(stage, person, wrong)
    for name, phone in (("赵某", friend[0].phone), ("赵友", "13999999999")):
        with pytest.raises(Invalid, match="holder_unknown"):
            given(stage, person, Named(rules.PERSON, name, "", phone))
    with pytest.raises(Invalid, match="topic_unknown"):
        given(stage, person, friend[0], topic_id=new_id())
    topic = topics(stage, open_=False)
    with pytest.raises(Invalid, match="topic_unknown"):
        given(stage, person, friend[0], topic_id=topic)


def test_each_resident_may_let_another_vote_where_persons_are_heads(stage, friend):
    stage.room("1-1-101")
    person = stage.settle(named(), "1-1-101", rules.TENANT)
    with pytest.raises(Conflict, match="not_owner"):
        given(stage, person, friend[0])
    given(stage, person, friend[0], as_=proxies.AS_PERSON)
    assert held(stage, friend[1])[0].principal_person_id == person


def test_a_written_proxy_waits_for_staff(stage, friend):
    party, _ = owner(stage, "1-1-101")
    by = worker()
    paper = picture(stage, by.actor.id, "staff")
    until = local_date(stage.services.clock.now())
    wish = proxies.Wish(friend[0].name, friend[0].phone, until=until, file_ids=(paper,))
    with stage.unit(by.actor) as uow:
        with pytest.raises(Invalid, match="files_needed"):
            proxies.record(
                uow,
                by,
                stage.rooms["1-1-101"],
                proxies.Wish(friend[0].name, friend[0].phone, until=until),
            )
        made = proxies.record(uow, by, stage.rooms["1-1-101"], wish).id
    assert held(stage, friend[1]) == []
    with pytest.raises(NotFound), stage.unit(by.actor) as uow:
        proxies.confirm(uow, worker(scope=OTHER_AREA), made)
    with stage.unit(by.actor) as uow:
        proxies.confirm(uow, by, made)
    assert [(one.principal_party_id, one.paper) for one in held(stage, friend[1])] == [
        (party, True)
    ]
    stage.room("1-1-901")
    with pytest.raises(Conflict, match="no_owner"), stage.unit(by.actor) as uow:
        proxies.record(uow, by, stage.rooms["1-1-901"], wish)


def test_a_written_proxy_is_refused_with_a_reason(stage, friend):
    owner(stage, "1-1-101")
    by = worker()
    paper = picture(stage, by.actor.id, "staff")
    until = local_date(stage.services.clock.now())
    wish = proxies.Wish(friend[0].name, friend[0].phone, until=until, file_ids=(paper,))
    with stage.unit(by.actor) as uow:
        made = proxies.record(uow, by, stage.rooms["1-1-101"], wish).id
        proxies.refuse(uow, by, made, "没有签名")
        assert uow.session.get(VoteProxy, made).state == rules.REFUSED


def test_a_proxy_ends_after_its_last_day(stage, friend, clock):
    _, person = owner(stage, "1-1-101")
    made = given(stage, person, friend[0], until=local_date(clock.now()))
    proxies.expire(stage.services)
    assert len(held(stage, friend[1])) == 1
    clock.advance(timedelta(days=1))
    assert held(stage, friend[1]) == []
    proxies.expire(stage.services)
    with stage.unit() as uow:
        assert uow.session.get(VoteProxy, made).state == rules.EXPIRED


def test_who_sells_the_last_home_gives_no_general_proxy_any_more(stage, friend):
    wang = named("王甲")
    stage.own("1-1-101", wang)
    stage.own("1-1-102", wang)
    seller = stage.settle(wang, "1-1-101")
    given(stage, seller, friend[0])
    sold(stage, wang, named("李乙"))
    assert len(held(stage, friend[1])) == 1
    sold(stage, wang, named("周丙"), "1-1-102")
    assert held(stage, friend[1]) == []


# --- the account ends


def test_a_closed_account_leaves_the_register_without_saying_whose_it_was(stage, friend):
    wang = named("王甲")
    party = stage.own("1-1-101", wang)
    person = stage.settle(wang, "1-1-101")
    given(stage, person, friend[0], as_=proxies.AS_PERSON)
    with stage.unit(Actor("person", person)) as uow:
        persons.close(uow, person)
    with stage.unit() as uow:
        scope = service.Scope(service.COMMUNITY, stage.community_id)
        [head] = service.electorate(uow, scope, OWNERS)
        assert (head.ref_id, head.person_ids) == (party, ())
        rows = uow.session.scalars(select(VoteProxy)).all()
        assert [(row.state, row.principal_person_id, row.given_by) for row in rows] == [
            (rules.REVOKED, None, None)
        ]
        assert claiming.own_rows(uow, person, rules.RESIDENCE_STATES) == []
