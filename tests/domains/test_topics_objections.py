"""Objections to a draft and a result, and what holds a topic up or stands still meanwhile."""

import pytest

from backend.domains.deliberation import (
    events,
    kind_rules,
    leading,
    objecting,
    rules,
    topic_door,
    topic_view,
)
from backend.domains.deliberation.topic_model import TopicObjection
from backend.domains.deliberation.vote_events import VoteAnnulled
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.community_world import OTHER_AREA, worker
from tests.topics_world import Town, town


@pytest.fixture
def place(services) -> Town:
    return town(services)


def shown(place, topic_id, who):
    with place.unit(who) as uow:
        return topic_view.show(uow, who, topic_id)


def object_to(place, topic_id, who, words="影响一楼采光"):
    with place.unit(who) as uow:
        return objecting.raise_(uow, who, topic_id, words, []).id


def decide(place, objection_id, action, reason="", by=None):
    place.act(objecting.decide, objection_id, action, reason, by=by or place.street)


def test_an_objection_is_mediated_and_the_topic_waits_for_it(place):
    topic_id = place.objection_time()
    objection = object_to(place, topic_id, place.people[3])
    with pytest.raises(Conflict):
        object_to(place, topic_id, place.people[3])
    place.wait(days=20)
    assert place.state(topic_id) == rules.OBJECTION
    assert place.told(events.TopicTask)[-1].what == "异议没有办完"
    decide(place, objection, "mediate")
    with pytest.raises(Invalid):
        decide(place, objection, "settle")
    decide(place, objection, "settle", "加装遮光板，双方同意")
    assert place.state(topic_id) == rules.CARRYING_OUT
    (told,) = place.told(events.ObjectionDecided)
    assert (told.person_id, told.result) == (place.people[3], "已调解一致")


def test_a_sustained_objection_sends_the_result_back_and_annuls_the_vote(place):
    topic_id = place.objection_time()
    decide(place, object_to(place, topic_id, place.people[2]), "sustain", "公示漏了二单元")
    topic = place.topic(topic_id)
    assert (topic.state, topic.turn, topic.passed) == (rules.DRAFTING, 0, None)
    assert place.told(events.TopicAnnulled)[0].turn == 0
    place.act(leading.notice, topic_id, None)
    assert place.state(topic_id) == rules.NOTICING


def test_an_objection_to_a_draft_holds_the_vote(place):
    topic_id = place.noticed()
    objection = object_to(place, topic_id, place.people[2])
    place.wait(days=10)
    with pytest.raises(Conflict):
        place.open_vote(topic_id)
    decide(place, objection, "dismiss", "已说明采光没有影响")
    place.open_vote(topic_id)
    with pytest.raises(Conflict):
        object_to(place, topic_id, place.people[4])
    with pytest.raises(NotFound):
        decide(place, objection, "dismiss", "x", by=worker(scope=OTHER_AREA))
    with pytest.raises(Forbidden):
        decide(place, objection, "dismiss", "x", by=place.fang)


def test_who_comes_after_the_notice_cannot_hold_a_topic_up_with_new_objections(place):
    topic_id = place.objection_time()
    objection = object_to(place, topic_id, place.people[3])
    place.wait(days=20)
    assert place.state(topic_id) == rules.OBJECTION
    assert "object" not in shown(place, topic_id, place.people[4])["can"]
    with pytest.raises(Conflict, match="wrong_state"):
        object_to(place, topic_id, place.people[4])
    decide(place, objection, "dismiss", "已说明")
    assert place.state(topic_id) == rules.CARRYING_OUT


def test_everybody_who_could_vote_hears_that_a_vote_does_not_count(place):
    topic_id = place.noticed()
    voter, follower = place.people[6], place.people[0]
    topic = place.topic(topic_id)
    with place.unit() as uow:
        topic_door.on_annulled(
            uow,
            VoteAnnulled(
                vote_id=topic_id, topic_id=topic_id, topic_number=topic.number, title=topic.title,
                community_id=topic.community_id, turn=0, at=uow.now, reason="名册有误",
                person_ids=(voter, follower),
            ),
        )  # fmt: skip
    told = place.told(events.TopicStage)[-1]
    assert told.person_ids == (voter,) and "已投的票不算：名册有误" in told.words


def test_the_way_silence_counts_stands_still_while_the_draft_is_on_notice(place):
    topic_id = place.noticed(kind=kind_rules.OWNERS_ORDINARY)
    changes = {"silence_with_majority": True, "silence_basis": "本小区议事规则第九条"}
    with pytest.raises(Conflict, match="on_notice"):
        place.act(leading.edit, topic_id, place.topic(topic_id).version, changes)
    assert not place.topic(topic_id).silence_with_majority


def test_a_count_that_waits_for_sheets_is_told_at_once_and_then_every_day(place):
    topic_id = place.noticed()
    place.wait(days=10)
    place.open_vote(topic_id)
    with place.unit() as uow:
        topic_door.vote_ended(uow, topic_id, 2)
    assert place.told(events.TopicTask)[-1].what == "核对纸质票"
    place.wait(days=5)
    assert [one.what for one in place.told(events.TopicTask)][-2:] == ["还没有计票"] * 2
    with place.unit() as uow:
        topic_door.vote_counted(uow, topic_id, passed=True)
    place.published(topic_id)
    assert place.state(topic_id) == rules.OBJECTION


def test_the_community_may_not_decide_on_objections(place):
    topic_id = place.noticed()
    objection = object_to(place, topic_id, place.people[2])
    with pytest.raises(Forbidden):
        decide(place, objection, "sustain", "x", by=place.fang)
    with place.unit() as uow:
        assert uow.session.get_one(TopicObjection, objection).state == rules.OBJECTED
