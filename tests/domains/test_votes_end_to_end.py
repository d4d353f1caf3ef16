"""Votes from the proposal to the recount: real topics, a real register, and the verifier behind.

Nothing is faked but WeChat's opinion of what neighbours write.
"""

import io
import secrets
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.domains.community import rules as community_rules
from backend.domains.deliberation import (
    carrying,
    kind_rules,
    leading,
    requirements,
    rules,
    topic_view,
    vote_documents,
    vote_moves,
    vote_seats,
    votes,
)
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from backend.domains.deliberation.votes import Answer
from backend.kernel.errors import Conflict
from tests.community_world import estate, named
from tests.topics_world import DRAFT, Town, town
from tests.web import web_app
from verifier import bundle, checks


@pytest.fixture
def place(services) -> Town:
    return town(services)


@pytest.fixture
def village(services) -> Town:
    """Nine houses, one adult each; the first four are in the party."""
    place = town(services, people=0)
    place.estate = estate(services, name="上坡村", kind=community_rules.VILLAGE)
    for number in range(9):
        label, who = f"1-1-{number + 1}01", named(f"陈{'甲乙丙丁戊己庚辛壬'[number]}")
        who = named(who.name, party_member=number < 4)
        place.estate.own(label, who)
        place.estate.member(label, who)
        place.people.append(place.bound(who, label))
    return place


def prepared(place: Town, topic_id: UUID) -> UUID:
    """The vote of the topic's turn, prepared by the community."""
    return place.act(votes.prepare, topic_id).id


def opened(place: Town, topic_id: UUID) -> UUID:
    """It is open to be cast in."""
    vote_id = prepared(place, topic_id)
    place.act(votes.open_vote, vote_id)
    return vote_id


def cast(place: Town, vote_id: UUID, who: UUID, *choice: str) -> votes.Cast:
    """Somebody casts for their first seat."""
    with place.unit(who) as uow:
        seat = vote_seats.seats(uow, vote_moves.get(uow, vote_id), who)[0]
        answer = Answer(list(choice), secrets.token_hex(16))
        return votes.cast(uow, who, vote_id, seat.entry.id, answer)


def finished(place: Town, vote_id: UUID) -> dict[str, Any]:
    """Closed, counted and published by the worker; the result as everybody reads it."""
    with place.unit() as uow:
        closes_at = vote_moves.get(uow, vote_id).closes_at
    assert closes_at is not None
    place.services.clock.set(closes_at + timedelta(seconds=1))
    while place.services.timers.fire_due(place.services):
        pass
    return public(place, f"/votes/{vote_id}/result").get_json()


def public(place: Town, path: str) -> Any:
    """What anybody reads who is not signed in."""
    client = web_app(place.services).test_client()
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer


def recounted(place: Town, vote_id: UUID) -> checks.Case:
    """What the verifier finds in the published bundle."""
    packed = public(place, f"/votes/{vote_id}/bundle").get_data()
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        found = {name: files.read(name) for name in files.namelist()}
    case = checks.run(checks.opened(bundle.checked(found)))
    assert not case.bad, case.bad
    assert "重新计票，结果和公布的一样" in case.good
    return case


@pytest.mark.requirement("004.11", "004.15")
def test_a_village_decides_in_two_votes_and_publishes_both(village) -> None:
    place = village
    topic_id = place.noticed(kind=kind_rules.VILLAGE, title="修村口的路")
    place.wait(days=6)
    party = opened(place, topic_id)
    for who in place.people[:3]:
        cast(place, party, who, AGREE)
    with place.unit(place.people[5]) as uow:
        assert vote_seats.seats(uow, vote_moves.get(uow, party), place.people[5]) == []
    first = finished(place, party)
    assert (first["outcome"], first["passed"]) == ("passed", True)
    assert first["record"]["entitled"] == {"heads": 4}
    topic = place.topic(topic_id)
    assert (topic.state, topic.turn) == (rules.NOTICING, 1)

    assembly = prepared(place, topic_id)
    with pytest.raises(Conflict) as early:
        place.act(votes.open_vote, assembly)
    assert early.value.code == "notice_runs"
    place.wait(days=6)
    place.act(votes.open_vote, assembly)
    for number, who in enumerate(place.people[:7]):
        cast(place, assembly, who, OPPOSE if number > 4 else AGREE)
    second = finished(place, assembly)
    assert (second["outcome"], second["passed"]) == ("passed", True)
    assert second["record"]["entitled"] == {"heads": 9}
    assert second["record"]["options"][OPPOSE] == {"heads": 2}
    for vote_id in (party, assembly):
        recounted(place, vote_id)

    assert place.state(topic_id) == rules.OBJECTION
    place.wait(days=20)
    assert place.state(topic_id) == rules.CARRYING_OUT
    place.report(topic_id, text="路修好了。")
    place.act(carrying.close, topic_id, "两旁的沟也清了")
    with place.unit(place.people[8]) as uow:
        page = topic_view.show(uow, place.people[8], topic_id)
    assert page["state_text"] == "已办结"
    assert [one["id"] for one in page["votes"]] == [party, assembly]
    assert [one["name"] for one in page["votes"]] == ["党员大会审议", "村民会议决议"]
    told = [one["text"] for one in page["timeline"]]
    assert any("党员大会审议通过" in text for text in told)


def test_what_the_party_meeting_does_not_pass_never_comes_before_the_assembly(village) -> None:
    """Two of four came: two thirds must, and more than half of all four must agree."""
    place = village
    topic_id = place.noticed(kind=kind_rules.VILLAGE, title="卖村里的仓库")
    place.wait(days=6)
    party = opened(place, topic_id)
    for who in place.people[:2]:
        cast(place, party, who, AGREE)
    assert finished(place, party)["passed"] is False
    recounted(place, party)
    with pytest.raises(Conflict) as late:
        prepared(place, topic_id)
    assert late.value.code == "no_vote_now"
    place.wait(days=20)
    assert place.state(topic_id) == rules.FAILED


@pytest.mark.requirement("004.14", "004.15")
def test_a_lift_goes_from_the_proposal_to_the_hand_over(place) -> None:
    topic_id = place.noticed(
        kind=kind_rules.LIFT, title="二栋加装电梯", scope_kind="entrance",
        scope_id=place.estate.entrances["2-1"], draft={**DRAFT, "question": "是否同意加装电梯？"},
    )  # fmt: skip
    place.wait(days=20)
    vote_id = prepared(place, topic_id)
    with pytest.raises(Conflict) as bare:
        place.act(votes.open_vote, vote_id)
    assert bare.value.code == "requirement_missing"
    paper = place.photo(place.fang)
    place.act(requirements.meet, topic_id, "agreement", note="八户都签了", file_ids=[paper])
    place.act(votes.open_vote, vote_id)
    for number, who in enumerate(place.people[:6]):
        cast(place, vote_id, who, AGREE)
        if number == 0:
            # Who changes their mind counts once, by the last ballot.
            cast(place, vote_id, who, OPPOSE)
            cast(place, vote_id, who, AGREE)
    found = finished(place, vote_id)
    assert (found["outcome"], found["passed"]) == ("passed", True)
    assert found["record"]["options"][AGREE] == {"heads": 6, "area": 48_000}
    recounted(place, vote_id)
    with pytest.raises(Conflict) as early:
        place.act(vote_documents.hand_over, vote_id)
    assert early.value.code == "not_settled"
    place.act(requirements.meet, topic_id, "exclusive_space", note="没有占用", file_ids=[])
    place.wait(days=40)
    assert place.state(topic_id) == rules.CARRYING_OUT
    sheet = place.act(vote_documents.hand_over, vote_id).get_data(as_text=True)
    for text in (
        "联合审批移交单",
        "7 层",
        "没有电梯",
        "八户都签了",
        "已备",
        "480.00",
        "是否同意加装电梯？",
    ):
        assert text in sheet
    assert "未备" not in sheet
    certificate = place.act(vote_documents.certificate, vote_id).get_data(as_text=True)
    assert "四分之三" in certificate


@pytest.mark.requirement("004.15")
def test_neighbours_choose_projects_within_a_budget(place) -> None:
    options = [
        {"code": "a", "text": "装路灯", "cost_cents": 60_000_00},
        {"code": "b", "text": "修长椅", "cost_cents": 30_000_00},
        {"code": "c", "text": "种树", "cost_cents": 50_000_00},
    ]
    draft = {**DRAFT, "question": "先做哪些？", "ballot": "budget", "options": options, "most": 3,
             "budget_cents": 100_000_00}  # fmt: skip
    topic_id = place.noticed(kind=kind_rules.BUDGET, draft=draft)
    place.wait(days=3)
    vote_id = opened(place, topic_id)
    for who, choice in zip(place.people, ("ab", "ab", "a", "bc", "c", "a", "b"), strict=False):
        cast(place, vote_id, who, *choice)
    record = finished(place, vote_id)["record"]
    assert {code: one["heads"] for code, one in record["options"].items()} == {
        "a": 4, "b": 4, "c": 2,
    }  # fmt: skip
    chosen = record["projects"]["heads"]
    assert (chosen["chosen"], chosen["spent_cents"]) == (["b", "a"], 90_000_00)
    recounted(place, vote_id)
    assert place.state(topic_id) == rules.OBJECTION


@pytest.mark.parametrize("secret", [False, True], ids=["open", "secret"])
def test_neighbours_rank_and_the_weakest_choice_hands_its_ballots_on(services, secret) -> None:
    place = town(services, people=12)
    options = [{"code": code, "text": f"方案{code}"} for code in "abc"]
    draft = {**DRAFT, "question": "哪个方案？", "ballot": "ranked", "options": options, "most": 3,
             "secret": secret}  # fmt: skip
    topic_id = place.submitted(kind=kind_rules.SURVEY)
    place.act(leading.accept, topic_id, "")
    place.draft(topic_id, draft)
    place.act(leading.notice, topic_id, None)
    place.wait(days=3)
    vote_id = opened(place, topic_id)
    for who, choice in zip(place.people, ["ab"] * 5 + ["bc"] * 4 + ["cb"] * 3, strict=True):
        cast(place, vote_id, who, *choice)
    record = finished(place, vote_id)["record"]
    assert record["outcome"] == "counted"
    recounted(place, vote_id)
    rounds = record["ranked"]["heads"]["rounds"]
    assert [one["counts"] for one in rounds] == [{"a": 5, "b": 4, "c": 3}, {"a": 5, "b": 7}]
    assert record["winners"]["heads"] == ["b"]
