"""While a vote runs nobody can read how it stands: not by any route, not in any row."""

import json
import re
import secrets
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from backend.domains.deliberation import ballot_opening, vote_moves
from backend.domains.deliberation.ballot_keys import Unopened, VoteKeys
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from backend.kernel.errors import Conflict
from tests.conftest import KeyedClient
from tests.people import sign_in_person, sign_in_staff
from tests.votes_fixtures import vote_world  # noqa: F401 - a fixture
from tests.votes_world import Party, World
from tests.web import web_app

STAFF = (
    ("community_worker", "district", None), ("community_auditor", "district", None),
    ("supervisor", "district", None), ("dispatcher", "district", None),
    ("administrator", "district", None),
)  # fmt: skip
# What differs between any two votes and tells nothing: ids, hashes, receipts, moments.
_NOISE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|[A-Za-z0-9+/]{40,}={0,2}"
    r'|[0-9a-f]{16,}|"ordinal": ?[0-9]+'
)


class Watched:
    """Two votes, alike but that all agree in one and all oppose in the other."""

    def __init__(self, world: World) -> None:
        self.world = world
        app = web_app(world.services)
        app.test_client_class = KeyedClient
        self.app, self.client = app, app.test_client(use_cookies=False)
        self.people = [sign_in_person(world.services, name=f"测试{n}") for n in range(13)]
        self.staff = sign_in_staff(world.services, *STAFF)
        self.nonces: list[str] = []

    def vote(self, choice: str, secrecy: str) -> UUID:
        world = self.world
        world.register.parties.clear()
        world.register.areas.clear()
        for headers in self.people:
            party = world.register.add(areas=(8000,))
            party.persons = [headers.id]
        kind = "matter" if secrecy == "secret" else "owners_ordinary"
        vote_id = world.opened(kind, secrecy=secrecy)
        entries = world.entries(vote_id)
        for place, headers in enumerate(self.people):
            ref = next(p.ref for p in world.register.parties.values() if headers.id in p.persons)
            self.nonces.append(secrets.token_hex(16))
            body = {"entry_id": str(entries[ref]), "choice": [choice], "nonce": self.nonces[-1]}
            url = f"/api/v1/votes/{vote_id}/ballots"
            sent = self.client.post(url, json=body, headers=dict(headers))
            assert sent.status_code == 201, sent.get_data(as_text=True)
            if place == 6:
                world.seal()
        world.seal()
        return vote_id

    def answers(self, vote_id: UUID) -> dict[str, str]:
        """Every reading route that names a vote or its topic, by everybody, without the noise."""
        topic = self.world.vote(vote_id).topic_id
        found = {}
        for rule in self.app.url_map.iter_rules():
            path = rule.rule.replace("<uuid:vote_id>", str(vote_id))
            path = path.replace("<uuid:topic_id>", str(topic))
            # A place on a secret roll is drawn by lot, and so is the length of its path.
            if rule.rule.endswith("/roll-proof"):
                continue
            if "<" in path or "GET" not in (rule.methods or set()) or path == rule.rule:
                continue
            for who, headers in (("nobody", {}), ("voter", self.people[0]), ("staff", self.staff)):
                sent = self.client.get(path, headers=dict(headers))
                body = sent.get_data(as_text=True)
                assert not any(nonce in body for nonce in self.nonces)
                found[f"{who} {rule.rule}"] = f"{sent.status_code} {_NOISE.sub('·', body)}"
        return found


@pytest.fixture
def watched(vote_world) -> Watched:
    return Watched(vote_world)


@pytest.mark.requirement("004.11")
@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_no_route_tells_how_a_running_vote_stands(watched, secrecy) -> None:
    agreeing = watched.answers(watched.vote(AGREE, secrecy))
    opposing = watched.answers(watched.vote(OPPOSE, secrecy))
    assert len(agreeing) > 20
    different = {name for name in agreeing if agreeing[name] != opposing[name]}
    assert not different, {name: (agreeing[name], opposing[name]) for name in different}
    result = "nobody /api/v1/votes/<uuid:vote_id>/result"
    assert agreeing[result].startswith("409")
    assert "no_result_yet" in agreeing[result]


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_no_row_of_a_running_vote_holds_a_choice(watched, secrecy) -> None:
    vote_id = watched.vote(AGREE, secrecy)
    with watched.world.unit() as uow:
        for name in ("ballot", "ballot_pending", "ballot_participation", "ballot_receipt",
                     "vote_log", "vote_checkpoint", "vote_result", "trace_entry"):  # fmt: skip
            for row in uow.session.execute(text(f"SELECT * FROM {name}")):
                shown = repr(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row))
                assert "agree" not in shown, (name, shown)
                assert not any(nonce in shown for nonce in watched.nonces)
        kept = uow.session.scalars(text("SELECT body_hash FROM idempotency_key")).all()
        assert kept == []
        # The sizes are one, whatever was chosen; and leaves cannot be tried without their salt.
        sizes = uow.session.scalars(text("SELECT DISTINCT length(sealed) FROM ballot")).all()
        assert len(sizes) <= 1
        vote = vote_moves.get(uow, vote_id)
        with pytest.raises(Conflict, match="vote_runs"):
            ballot_opening.opened(uow, vote)
        with pytest.raises(Unopened):
            VoteKeys(b"\x00" * 32, b"\x01" * 32).vote_key(vote.id, vote.private_sealed)


def test_after_the_end_the_result_is_there_for_everybody_at_once(watched) -> None:
    vote_id = watched.vote(AGREE, "open")
    watched.world.finish(vote_id)
    shown = [
        watched.client.get(f"/api/v1/votes/{vote_id}/result", headers=dict(headers))
        for headers in ({}, watched.people[0], watched.staff)
    ]
    assert {one.status_code for one in shown} == {200}
    bodies = [json.loads(one.get_data(as_text=True)) for one in shown]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["record"]["options"]["agree"] == {"heads": 13, "area": 13 * 8000}


def test_a_person_sees_the_receipts_and_the_place_on_the_roll_of_their_own_seats(watched) -> None:
    from backend.domains.deliberation.merkle_rules import leaf_hash, root_from_path
    from backend.domains.deliberation.record_rules import canonical

    def get(path: str, headers: Any) -> Any:
        sent = watched.client.get(f"/api/v1/votes/{vote_id}/{path}", headers=dict(headers))
        return json.loads(sent.get_data(as_text=True))

    vote_id = watched.vote(OPPOSE, "secret")
    mine = get("my-receipts", watched.people[3])["items"]
    assert len(mine) == 1
    assert "choice" not in json.dumps(mine)
    proof = get("roll-proof", watched.people[3])["items"][0]
    path = [bytes.fromhex(one) for one in proof["path"]]
    leaf = leaf_hash(canonical(proof["line"]))
    root = root_from_path(leaf, proof["line"]["n"] - 1, proof["size"], path)
    assert root.hex() == proof["root"]
    stranger = sign_in_person(watched.world.services)
    assert get("my-receipts", stranger)["items"] == []
    assert get("roll-proof", stranger)["code"] == "not_on_roll"
    assert isinstance(watched.world.register.add(), Party)
