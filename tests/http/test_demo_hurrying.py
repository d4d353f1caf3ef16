"""In the demo a visitor need not wait for days: a stage ends at once, a vote ends soon."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from backend.demo import hurrying
from backend.domains.deliberation import kind_rules, rules, votes
from backend.domains.deliberation.vote_model import Vote
from tests.topics_world import town

API = "/api/v1/demo/topics"


def test_a_notice_ends_at_once_and_the_vote_after_it_soon(services, client):
    hurrying.wire(services)
    place = town(services)
    topic = place.noticed(kind=kind_rules.OWNERS_ORDINARY)
    assert client.post(f"{API}/{topic}/stage-ends", json={}).status_code == 201
    place.wait(seconds=1)
    assert place.state(topic) == rules.NOTICING
    short = f"{API}/{topic}/short-votes"
    assert client.post(short, json={"seconds": 5}).status_code == 422
    assert client.post(short, json={"seconds": 60}).status_code == 204
    vote = place.act(votes.prepare, topic).id
    place.act(votes.open_vote, vote)
    with place.unit() as uow:
        row = uow.session.scalars(select(Vote).where(Vote.id == vote)).one()
        assert row.closes_at == row.opened_at + timedelta(seconds=60)
    refused = client.post(f"{API}/{topic}/stage-ends", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "no_waiting")
    place.wait(seconds=61)
    assert place.state(topic) != rules.VOTING


def test_a_discussion_ends_at_once_and_what_nobody_knows_does_not(services, client):
    place = town(services)
    topic = place.discussing()
    assert client.post(f"{API}/{topic}/stage-ends", json={}).status_code == 201
    place.wait(seconds=1)
    assert place.state(topic) == rules.DRAFTING
    for path in ("stage-ends", "short-votes"):
        answer = client.post(f"{API}/{uuid4()}/{path}", json={"seconds": 60})
        assert answer.status_code in (404, 422)
