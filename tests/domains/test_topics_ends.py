"""Where a topic ends: without a vote, taken back, stopped, put up by staff; pictures and letters."""

import pytest

from backend.domains.deliberation import (
    files,
    kind_rules,
    leading,
    proposing,
    rules,
    seconding,
    staff_view,
    topic_door,
    topic_view,
    votes,
)
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.community_world import OTHER_AREA, worker
from tests.topics_world import Town, town


@pytest.fixture
def place(services) -> Town:
    return town(services)


def shown(place, topic_id, who):
    with place.unit(who) as uow:
        return topic_view.show(uow, who, topic_id)


def test_a_consultation_may_end_without_a_vote_but_an_owners_decision_may_not(place):
    matter = place.drafted()
    place.act(leading.carry_out, matter)
    assert place.state(matter) == rules.CARRYING_OUT
    owners = place.drafted(kind=kind_rules.OWNERS_ORDINARY, title="动用维修资金")
    with pytest.raises(Conflict):
        place.act(leading.carry_out, owners)


def test_silence_counts_only_where_owners_rules_provide_for_it(place):
    owners = place.discussing(kind=kind_rules.OWNERS_ORDINARY)
    matter = place.discussing(title="另一件")
    changes = {"silence_with_majority": True, "silence_basis": "本小区议事规则第九条"}
    with pytest.raises(Invalid):
        place.act(leading.edit, matter, place.topic(matter).version, changes)
    with pytest.raises(Invalid):
        place.act(leading.edit, owners, place.topic(owners).version,
                  {"silence_with_majority": True})  # fmt: skip
    with pytest.raises(Stale):
        place.act(leading.edit, owners, 1, changes)
    place.act(leading.edit, owners, place.topic(owners).version, changes)
    assert place.topic(owners).silence_with_majority
    with pytest.raises(Invalid):
        place.act(leading.edit, owners, place.topic(owners).version, {"words": "改"})


def test_a_topic_is_not_changed_any_more_once_its_vote_is_prepared(place):
    owners = place.drafted(kind=kind_rules.OWNERS_ORDINARY)
    changes = {"silence_with_majority": True, "silence_basis": "本小区议事规则第九条"}
    place.act(leading.edit, owners, place.topic(owners).version, changes)
    place.act(leading.notice, owners, None)
    with place.unit(place.fang) as uow:
        told = [one["text"] for one in topic_view.timeline(uow, owners)]
        assert any("没投票的计入多数：本小区议事规则第九条" in text for text in told)
        assert "edit" in staff_view.show(uow, place.fang, owners)["can"]
    place.act(votes.prepare, owners)
    with place.unit(place.fang) as uow:
        assert "edit" not in staff_view.show(uow, place.fang, owners)["can"]
    with pytest.raises(Conflict) as refused:
        place.act(leading.edit, owners, place.topic(owners).version, {"title": "改"})
    assert refused.value.code == "vote_prepared"


def test_a_proposer_takes_back_only_what_is_not_before_the_neighbours(place):
    first = place.propose()
    with place.unit(place.people[0]) as uow, pytest.raises(Invalid):
        proposing.withdraw(uow, place.people[0], first, " ")
    with place.unit(place.people[1]) as uow, pytest.raises(Forbidden):
        proposing.withdraw(uow, place.people[1], first, "不要了")
    with place.unit(place.people[0]) as uow:
        proposing.withdraw(uow, place.people[0], first, "物业已经装了")
    assert place.state(first) == rules.WITHDRAWN
    second = place.noticed(title="第二件")
    with place.unit(place.people[0]) as uow, pytest.raises(Conflict):
        proposing.withdraw(uow, place.people[0], second, "不要了")


def test_staff_put_a_topic_up_themselves(place):
    body = {
        "community_id": place.estate.community_id, "kind": kind_rules.SURVEY, "title": "停车调查",
        "scope_kind": "community", "scope_id": None, "words": "请说说停车", "file_ids": [],
    }  # fmt: skip
    with place.unit(worker(scope=OTHER_AREA)) as uow, pytest.raises(NotFound):
        proposing.propose_by_staff(uow, worker(scope=OTHER_AREA), body)
    with place.unit(place.fang) as uow:
        topic_id = proposing.propose_by_staff(uow, place.fang, body).id
    with pytest.raises(Conflict):
        place.act(leading.discuss, topic_id, None)
    place.act(leading.draft, topic_id)
    assert shown(place, topic_id, place.people[0])["proposer_text"] == "社区"


def test_a_vote_stopped_by_the_street_goes_back_to_the_draft(place):
    topic_id = place.noticed()
    place.wait(days=10)
    place.open_vote(topic_id)
    with place.unit(place.street) as uow:
        topic_door.vote_annulled(uow, topic_id, place.street, "选票印错了")
    assert place.state(topic_id) == rules.DRAFTING


def test_following_can_be_stopped(place):
    topic_id = place.propose()
    who = place.people[2]
    with place.unit(who) as uow:
        seconding.follow(uow, who, topic_id)
        seconding.follow(uow, who, topic_id)
    assert shown(place, topic_id, who)["followed"]
    with place.unit(who) as uow:
        seconding.unfollow(uow, who, topic_id)
        seconding.unfollow(uow, who, topic_id)
    assert not shown(place, topic_id, who)["followed"]


def test_pictures_belong_to_their_uploader_and_are_used_once(place):
    photo = place.photo(place.people[0])
    with pytest.raises(Invalid):
        place.propose(place.people[1], file_ids=[photo])
    topic_id = place.propose(file_ids=[photo], check=False)
    with pytest.raises(Invalid):
        place.propose(file_ids=[photo])
    with place.unit() as uow:
        assert files.served(uow, topic_id, photo, person_id=place.people[0]).id == photo
        with pytest.raises(NotFound):
            files.served(uow, topic_id, photo, person_id=place.people[1])
        assert files.served(uow, topic_id, photo, everything=True).id == photo
