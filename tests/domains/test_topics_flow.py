"""A topic's way: proposed, seconded, answered, drafted, noticed, voted, objected to, carried out."""

import pytest

from backend.domains.community import rules as community_rules
from backend.domains.deliberation import (
    carrying,
    drafting,
    events,
    kind_data_rules,
    kind_rules,
    leading,
    proposing,
    requirements,
    rules,
    topic_door,
    topic_view,
)
from backend.domains.deliberation.vote_rules import Option, Question, checked_question
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.community_world import OTHER_AREA, named, worker
from tests.topics_world import DRAFT, Town, town


@pytest.fixture
def place(services) -> Town:
    return town(services)


def shown(place, topic_id, who):
    with place.unit(who) as uow:
        return topic_view.show(uow, who, topic_id)


def test_a_proposal_is_seen_by_its_author_alone_until_it_is_checked(place):
    topic_id = place.propose(check=False)
    assert shown(place, topic_id, place.people[0])["notice"]["experience"] == "checking"
    with pytest.raises(NotFound):
        shown(place, topic_id, place.people[1])
    place.check()
    assert place.state(topic_id) == rules.SECONDING
    assert shown(place, topic_id, place.people[1])["can"] == ["follow", "comment", "second"]
    assert place.told(events.TopicSeconding)[0].needed == 4


@pytest.mark.requirement("004.13")
def test_a_refused_proposal_is_written_anew_or_appealed(place):
    topic_id = place.propose(words="这是违规的话")
    page = shown(place, topic_id, place.people[0])
    assert page["notice"]["experience"] == "refused"
    assert {"amend", "appeal", "withdraw"} <= set(page["can"])
    assert place.told(events.PostDecided)[0].result == "refused"
    with place.unit(place.people[0]) as uow:
        proposing.appeal(uow, place.people[0], topic_id, "这是小区的名字")
    assert shown(place, topic_id, place.people[0])["notice"]["experience"] == "under_review"
    with place.unit(place.people[0]) as uow:
        proposing.amend(uow, place.people[0], topic_id, title="装灯", words="改好了", file_ids=[])
    place.check()
    assert place.state(topic_id) == rules.SECONDING


def test_what_never_passes_lapses(place):
    topic_id = place.propose(words="违规")
    place.wait(days=31)
    assert place.state(topic_id) == rules.LAPSED


def test_supporters_count_once_and_the_last_one_hands_it_in(place):
    topic_id = place.propose()
    with pytest.raises(Conflict):
        place.second(topic_id, place.people[0])
    for who in (place.people[1], place.people[1], place.people[2], place.people[3]):
        place.second(topic_id, who)
    assert place.topic(topic_id).seconds_count == 3
    place.second(topic_id, place.people[4])
    assert place.state(topic_id) == rules.SUBMITTED
    with pytest.raises(Conflict):
        place.second(topic_id, place.people[5])
    (told,) = place.told(events.TopicSubmitted)
    assert told.due_at > place.services.clock.now()


def test_too_few_supporters_and_it_lapses(place):
    topic_id = place.propose()
    place.second(topic_id, place.people[1])
    place.wait(days=17)
    topic = place.topic(topic_id)
    assert topic.state == rules.LAPSED
    assert "需要4人" in topic.end_reason
    assert place.told(events.TopicEnded)[0].person_ids == tuple(sorted(place.people[:2]))


def test_strangers_and_those_not_verified_cannot_propose(place):
    other = place.estate.person(named())
    with pytest.raises(NotFound):
        place.propose(other)
    with place.unit(place.people[0]) as uow, pytest.raises(NotFound):
        topic_view.show(uow, other, place.propose(place.people[0]))


def test_owners_matters_are_proposed_by_owners(place):
    tenant = named()
    person = place.estate.settle(tenant, "2-1-101", community_rules.TENANT)
    with pytest.raises(Forbidden):
        place.propose(person, kind=kind_rules.OWNERS_ORDINARY)
    assert place.topic(place.propose(kind=kind_rules.OWNERS_ORDINARY)).seconds_needed == 1


@pytest.mark.parametrize("changes", [
    {"kind": kind_rules.VILLAGE},
    {"kind": kind_rules.LIFT},
    {"kind": kind_rules.LIFT, "scope_kind": "entrance", "entrance": "1-1"},
    {"kind": kind_rules.OWNERS_MAJOR, "scope_kind": "entrance", "entrance": "2-1"},
])  # fmt: skip
def test_kind_and_place_must_fit(place, changes):
    entrance = changes.pop("entrance", None)
    scope = place.estate.entrances[entrance] if entrance else None
    with pytest.raises(Invalid):
        place.propose(**changes, scope_id=scope)


def test_the_community_answers_with_a_reason_and_the_street_hears_of_silence(place):
    topic_id = place.submitted()
    with pytest.raises(Invalid):
        place.act(leading.decline, topic_id, " ")
    place.wait(days=10)
    tasks = place.told(events.TopicTask)
    assert [one.what for one in tasks] == ["议题没有答复", "社区没有答复"]
    place.act(leading.decline, topic_id, "这件事归业主大会")
    assert place.topic(topic_id).end_reason == "这件事归业主大会"


def test_staff_elsewhere_see_nothing_and_may_do_nothing(place):
    topic_id = place.submitted()
    with pytest.raises(NotFound):
        place.act(leading.accept, topic_id, "", by=worker(scope=OTHER_AREA))
    with pytest.raises(Forbidden):
        place.act(leading.accept, topic_id, "", by=worker("community_auditor"))


def test_a_discussion_ends_by_itself_and_may_be_prolonged_once_with_a_reason(place):
    topic_id = place.discussing()
    with pytest.raises(Invalid):
        place.act(leading.prolong, topic_id, 3, "还有人没说")
    with pytest.raises(Invalid):
        place.act(leading.prolong, topic_id, 300, "还有人没说")
    place.act(leading.prolong, topic_id, 20, "还有人没说")
    place.wait(days=9)
    assert place.state(topic_id) == rules.DISCUSSING
    place.wait(days=13)
    assert place.state(topic_id) == rules.DRAFTING
    assert place.told(events.TopicTask)[-1].what == "待写方案"


@pytest.mark.requirement("004.11")
def test_two_editors_of_one_draft_do_not_overwrite_each_other(place):
    topic_id = place.discussing()
    luo = worker()
    place.act(drafting.save, topic_id, 0, DRAFT)
    place.act(drafting.save, topic_id, 1, {**DRAFT, "text": "方敏的改动"})
    with pytest.raises(Stale) as caught:
        place.act(drafting.save, topic_id, 1, {**DRAFT, "text": "罗佳的改动"}, by=luo)
    assert caught.value.extra["current"]["text"] == "方敏的改动"
    assert caught.value.extra["current"]["number"] == 2
    place.act(drafting.save, topic_id, 2, {**DRAFT, "text": "两人的改动"}, by=luo)
    with place.unit() as uow:
        assert [row.number for row in drafting.versions(uow, topic_id)] == [3, 2, 1]


@pytest.mark.parametrize("changes", [
    {"ballot": "multiple"},
    {"options": [{"code": "a", "text": "甲"}]},
    {"options": [{"code": "a", "text": "甲"}, {"code": "a", "text": "乙"}]},
    {"options": [{"code": "a", "text": "甲"}, {"code": "b", "text": "乙"}]},
])  # fmt: skip
def test_a_question_that_does_not_fit_the_rule_is_refused(place, changes):
    topic_id = place.discussing()
    with pytest.raises(Invalid):
        place.act(drafting.save, topic_id, 0, {**DRAFT, **changes})


def test_votes_weighed_by_area_are_never_secret(place):
    topic_id = place.discussing(kind=kind_rules.OWNERS_ORDINARY)
    with pytest.raises(Invalid):
        place.act(drafting.save, topic_id, 0, {**DRAFT, "secret": True})


def test_a_budget_needs_its_sums(place):
    topic_id = place.discussing(kind=kind_rules.BUDGET)
    options = [{"code": "a", "text": "灯", "cost_cents": 100_00}, {"code": "b", "text": "椅"}]
    draft = {**DRAFT, "ballot": "budget", "options": options, "most": 2, "budget_cents": 150_00}
    with pytest.raises(Invalid):
        place.act(drafting.save, topic_id, 0, draft)
    options[1]["cost_cents"] = 80_00
    place.act(drafting.save, topic_id, 0, draft)


def test_what_can_be_saved_as_a_draft_can_be_voted_on(place):
    """Nothing that a vote would refuse comes to light only when the notice is over."""
    topic_id = place.discussing(kind=kind_rules.INTENT)
    options = [{"code": one, "text": one, "cost_cents": 5} for one in "abc"]
    body = {**DRAFT, "ballot": "multiple", "options": options, "least": 0, "most": 2}
    with pytest.raises(Invalid):
        place.act(drafting.save, topic_id, 0, body)
    with pytest.raises(Invalid, match="bad_question"):
        eleven = [{"code": one, "text": one} for one in "abcdefghijk"]
        place.act(drafting.save, topic_id, 0,
                  {**body, "ballot": "ranked", "options": eleven, "least": 1})  # fmt: skip
    row = place.act(drafting.save, topic_id, 0, {**body, "least": 1})
    assert [one["cost_cents"] for one in row.options] == [None] * 3
    rule = kind_data_rules.preset(kind_rules.INTENT, 1).vote(0)
    asked = Question(
        row.ballot, tuple(Option(one["code"], one["text"]) for one in row.options), 1, 2
    )
    assert checked_question(asked, rule, "open") is asked


def test_nothing_is_noticed_without_a_draft(place):
    topic_id = place.discussing()
    place.act(leading.draft, topic_id)
    with pytest.raises(Conflict):
        place.act(leading.notice, topic_id, None)


def test_a_vote_waits_for_the_end_of_the_notice(place):
    topic_id = place.noticed()
    with pytest.raises(Conflict):
        place.open_vote(topic_id)
    place.wait(days=4)
    assert place.told(events.TopicTask)[-1].what == "可以开始表决"
    place.open_vote(topic_id)
    assert place.state(topic_id) == rules.VOTING
    assert shown(place, topic_id, place.people[0])["main_action"]["code"] == "vote"


def test_owners_matters_are_noticed_for_fifteen_days(place):
    """物业管理条例 14: the owners are told 15 days before."""
    topic_id = place.drafted(kind=kind_rules.OWNERS_ORDINARY)
    with pytest.raises(Invalid):
        place.act(leading.notice, topic_id, 7)
    place.act(leading.notice, topic_id, None)
    left = place.topic(topic_id).stage_ends_at - place.services.clock.now()
    assert left.days >= 15


def test_lifts_wait_for_the_agreement_before_the_vote_and_for_consent_after_it(place):
    scope = place.estate.entrances["2-1"]
    topic_id = place.noticed(kind=kind_rules.LIFT, scope_kind="entrance", scope_id=scope)
    place.wait(days=20)
    with pytest.raises(Conflict):
        place.open_vote(topic_id)
    with pytest.raises(Invalid, match="no_paper"):
        place.act(requirements.meet, topic_id, "agreement", note="十户都签了", file_ids=[])
    paper = place.photo(place.fang)
    place.act(requirements.meet, topic_id, "agreement", note="十户都签了", file_ids=[paper])
    place.open_vote(topic_id)
    place.counted(topic_id)
    place.wait(days=40)
    assert place.state(topic_id) == rules.OBJECTION
    assert place.told(events.TopicTask)[-1].what == "还缺材料"
    with pytest.raises(Invalid, match="no_paper"):
        place.act(requirements.meet, topic_id, "exclusive_space", note="都同意了", file_ids=[])
    with place.unit() as uow:
        assert not topic_door.settled(uow, topic_id)
    place.act(requirements.meet, topic_id, "exclusive_space", note="没有占用", file_ids=[])
    with place.unit() as uow:
        assert topic_door.settled(uow, topic_id)
    assert place.state(topic_id) == rules.CARRYING_OUT
    with pytest.raises(NotFound):
        place.act(requirements.meet, topic_id, "unknown", note="x", file_ids=[])


def test_a_passed_vote_is_carried_out_reported_and_closed(place):
    topic_id = place.carrying()
    with pytest.raises(Conflict):
        place.act(carrying.close, topic_id, "办好了")
    with pytest.raises(Invalid):
        day = place.services.clock.now().date().replace(year=2028)
        place.report(topic_id, done_on=day)
    place.report(topic_id, percent=50, text="灯买好了")
    place.report(topic_id)
    with place.unit() as uow:
        rows = carrying.view(uow, topic_id, "/x")
    assert [row["percent"] for row in rows] == [100, 50]
    place.act(carrying.close, topic_id, "两盏灯都亮了")
    page = shown(place, topic_id, place.people[1])
    assert page["state_text"] == "已办结"
    assert page["progress_percent"] == 100
    assert {one["status"] for one in page["stages"]} == {"done"}
    assert place.told(events.TopicProgressed)[0].percent == 50


def test_a_vote_not_passed_ends_after_the_notice_with_the_reason(place):
    topic_id = place.objection_time(passed=False)
    assert "没有通过" in place.told(events.TopicStage)[-1].words
    place.wait(days=20)
    assert place.topic(topic_id).end_reason == "表决没有通过"
    assert place.state(topic_id) == rules.FAILED
