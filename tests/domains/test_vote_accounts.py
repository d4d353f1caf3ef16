"""Accounts that become one, end, or come back while a vote runs: one person, one ballot."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.domains.community import proxies
from backend.domains.community import rules as community_rules
from backend.domains.community import service as community
from backend.domains.community.paper_model import VoteProxy
from backend.domains.community.parties import Named
from backend.domains.deliberation import (
    carrying,
    kind_rules,
    leading,
    vote_moves,
    vote_seats,
    vote_view,
    votes,
)
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from backend.domains.deliberation.vote_model import VoteResult
from backend.domains.deliberation.votes import Answer
from backend.domains.identity import persons
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict, NotFound
from tests.community_papers import home_of
from tests.community_world import named
from tests.topics_world import Town, town


@pytest.fixture
def place(services) -> Town:
    return town(services, people=6)


def owner(place: Town, label: str, name: str) -> tuple[Named, UUID]:
    who = named(name)
    place.estate.own(label, who)
    return who, place.bound(who, label)


def opened(place: Town) -> tuple[UUID, UUID]:
    """An owners' vote that runs: the topic's id and the vote's."""
    topic_id = place.noticed(kind=kind_rules.OWNERS_ORDINARY)
    place.wait(days=20)
    vote_id = place.act(votes.prepare, topic_id).id
    place.act(votes.open_vote, vote_id)
    return topic_id, vote_id


def seats(place: Town, vote_id: UUID, who: UUID) -> list[dict[str, Any]]:
    with place.unit(who) as uow:
        return vote_view.own_seats(uow, vote_moves.get(uow, vote_id), who)


def cast(place: Town, vote_id: UUID, who: UUID, choice: str) -> votes.Cast:
    with place.unit(who) as uow:
        entry = vote_seats.seats(uow, vote_moves.get(uow, vote_id), who)[0].entry
        return votes.cast(uow, who, vote_id, entry.id, Answer([choice], secrets.token_hex(16)))


def counted(place: Town, vote_id: UUID) -> Any:
    with place.unit() as uow:
        closes_at = vote_moves.get(uow, vote_id).closes_at
    assert closes_at is not None
    place.services.clock.set(closes_at + timedelta(seconds=1))
    while place.services.timers.fire_due(place.services):
        pass
    with place.unit() as uow:
        return uow.session.get_one(VoteResult, vote_id).record


def given(place: Town, giver: UUID, holder: Named, topic_id: UUID) -> UUID:
    wish = proxies.Wish(holder.name, holder.phone, topic_id=topic_id)
    home = home_of(place.estate, giver).id
    with place.unit(giver) as uow:
        return proxies.give(uow, giver, home, proxies.AS_OWNER, wish).id


def proxy(place: Town, proxy_id: UUID) -> VoteProxy:
    with place.unit() as uow:
        return uow.session.get_one(VoteProxy, proxy_id)


@pytest.mark.requirement("004.15")
def test_a_second_account_that_joins_brings_no_second_ballot(place) -> None:
    holder = named("王甲", phone="13900000021")
    place.estate.own("1-1-501", holder)
    kept = place.estate.settle(holder, "1-1-501", phone=holder.phone)
    topic_id, vote_id = opened(place)
    given(place, place.people[0], holder, topic_id)
    first = cast(place, vote_id, kept, AGREE)
    before = seats(place, vote_id, kept)
    with place.unit() as uow:
        other = persons.create(uow).id
    assert seats(place, vote_id, other) == []
    with place.unit(other) as uow, pytest.raises(NotFound):
        answer = Answer([OPPOSE], secrets.token_hex(16))
        votes.cast(uow, other, vote_id, first.entry_id, answer)
    with place.unit(other) as uow:
        assert persons.join(uow, other, kept) == kept

    after = seats(place, vote_id, kept)
    assert after == before
    assert [one["cast"] for one in after] == [True, False]
    with place.unit() as uow:
        assert len(community.own_homes(uow, kept)) == 1
        assert len(community.proxies_for(uow, topic_id, kept)) == 1
    again = cast(place, vote_id, kept, OPPOSE)
    assert (again.entry_id, again.seq) == (first.entry_id, 2)
    assert seats(place, vote_id, other) == []
    assert '"taking_part":{"area":8000,"heads":1}' in counted(place, vote_id)


def test_two_proved_names_never_become_one_account(place) -> None:
    _, vote_id = opened(place)
    first, second = place.people[:2]
    for who in (first, second):
        cast(place, vote_id, who, AGREE)
    with place.unit(first) as uow, pytest.raises(Conflict):
        persons.join(uow, first, second)
    assert '"taking_part":{"area":16000,"heads":2}' in counted(place, vote_id)


def test_who_closes_the_account_and_comes_back_has_the_same_seat(place) -> None:
    who, old = owner(place, "1-1-501", "王甲")
    _, vote_id = opened(place)
    first = cast(place, vote_id, old, AGREE)
    with place.services.unit(Actor("person", old)) as uow:
        persons.close(uow, old)
    new = place.estate.person(who)
    assert seats(place, vote_id, new) == []
    place.estate.confirm(place.estate.claim(new, "1-1-501", community_rules.OWNER))
    again = cast(place, vote_id, new, OPPOSE)
    assert (again.entry_id, again.seq) == (first.entry_id, 2)
    record = counted(place, vote_id)
    assert '"taking_part":{"area":8000,"heads":1}' in record


@pytest.mark.requirement("004.15")
def test_a_proxy_for_one_topic_ends_with_it(place) -> None:
    holder = named("赵友", phone="13900000022")
    person = place.estate.person(holder, phone=holder.phone)
    topic_id = place.submitted(kind=kind_rules.OWNERS_ORDINARY)
    proxy_id = given(place, place.people[1], holder, topic_id)
    assert proxy(place, proxy_id).state == community_rules.CONFIRMED
    place.act(leading.decline, topic_id, "这件事归业主大会")
    assert proxy(place, proxy_id).state == community_rules.EXPIRED
    with place.unit() as uow:
        assert community.proxies_for(uow, topic_id, person) == []


def test_what_was_prepared_for_a_topic_ends_with_it(place) -> None:
    topic_id = place.noticed()
    vote_id = place.act(votes.prepare, topic_id).id
    place.act(leading.redraft, topic_id, "写错了")
    place.act(leading.carry_out, topic_id)
    place.report(topic_id)
    place.act(carrying.close, topic_id, "已经办好")
    with place.unit() as uow:
        assert vote_moves.get(uow, vote_id).state == "cancelled"
