"""Proxies: one head, one holder, in writing; and what ends with an account."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domains.community import (
    claiming,
    events,
    proxies,
    rules,
    service,
)
from backend.domains.community.electorate import OWNERS
from backend.domains.community.paper_model import VoteProxy
from backend.domains.community.parties import Named
from backend.domains.community.ports import TopicRef, register_topics
from backend.domains.identity import persons
from backend.kernel.access import Actor
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from tests.community_papers import heard, home_of, listening, picture, sold
from tests.community_world import OTHER_AREA, named, worker


@pytest.fixture
def stage(services):
    return listening(services)


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
    sold(stage, named("李乙"))
    assert len(held(stage, friend[1])) == 1
    sold(stage, named("周丙"), "1-1-102")
    assert held(stage, friend[1]) == []


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
