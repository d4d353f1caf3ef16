"""Votes over HTTP: from the noticed draft to the printed certificate, as staff and residents call."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from backend.domains.deliberation.votes import Draft as VoteDraft
from tests.conftest import KeyedClient
from tests.people import sign_in_person, sign_in_staff
from tests.votes_fixtures import vote_world  # noqa: F401 - a fixture
from tests.votes_world import COMMUNITY, World
from tests.web import web_app

WORKER = (("community_worker", "district", None),)
AUDITOR = (("supervisor", "district", None), ("dispatcher", "district", None))


class Api:
    def __init__(self, world: World) -> None:
        self.world = world
        app = web_app(world.services)
        app.test_client_class = KeyedClient
        self.client = app.test_client(use_cookies=False)
        self.people = [sign_in_person(world.services, name=f"测试{n}") for n in range(12)]
        for headers in self.people:
            world.register.add().persons[:] = [headers.id]
        self.worker = sign_in_staff(world.services, *WORKER, name="方敏")
        self.second = sign_in_staff(world.services, *WORKER, name="罗佳")
        self.auditor = sign_in_staff(world.services, *AUDITOR, name="沈宇")

    def call(self, who: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.open(
            f"/api/v1{path}", method=method, json=body, headers={**dict(who), **headers}
        )

    def good(self, who: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = self.call(who, method, path, body, **headers)
        assert sent.status_code < 300, sent.get_data(as_text=True)
        return sent.get_json() if "json" in sent.content_type else sent.get_data(as_text=True)

    def cast(self, number: int, vote_id: str, choice: str, nonce: str = "") -> Any:
        seat = self.good(self.people[number], "GET", f"/votes/{vote_id}")["seats"][0]
        body = {
            "entry_id": seat["entry_id"], "choice": [choice], "nonce": nonce or f"{number:032x}",
        }  # fmt: skip
        return self.call(self.people[number], "POST", f"/votes/{vote_id}/ballots", body)


@pytest.fixture
def api(vote_world) -> Api:
    return Api(vote_world)


@pytest.mark.requirement("004.11")
def check_as_a_neighbour_would(api, folder: Path, packed: bytes) -> None:
    """Both downloads in one folder, unpacked, and the one command of the instructions."""
    program = api.call({}, "GET", "/verifier")
    assert program.content_type == "application/zip"
    zipfile.ZipFile(io.BytesIO(program.get_data())).extractall(folder)
    (folder / "vote.zip").write_bytes(packed)
    done = subprocess.run(
        [sys.executable, "-I", "-c",
         "import runpy, sys; sys.path.insert(0, '.'); sys.argv = ['verifier', 'vote.zip'];"
         "runpy.run_module('verifier', run_name='__main__')"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "结论：没有发现问题。" in done.stdout, done.stdout + done.stderr
    assert "python -m verifier" in (folder / "verifier" / "README.zh.md").read_text("utf-8")


def test_a_vote_from_the_draft_to_the_certificate(api, tmp_path: Path) -> None:
    topic = api.world.topics.add("owners_ordinary", 2, VoteDraft("要不要换电梯", "说明"))
    made = api.good(api.worker, "POST", f"/staff/topics/{topic}/votes", {"days": 15})
    path = f"/staff/votes/{made['id']}"
    vote_id = made["id"]
    assert made["can"] == ["edit", "open", "cancel"]
    assert api.call(api.worker, "PUT", path, {}, **{"If-Match": '"9"'}).status_code == 412
    assert api.call(api.worker, "PUT", path, {}).status_code == 412
    assert api.good(api.worker, "PUT", path, {"days": 20}, **{"If-Match": '"1"'})["days"] == 20
    assert api.call({}, "GET", f"/votes/{vote_id}").status_code == 404
    assert api.good(api.worker, "POST", f"{path}/openings", {})["state"] == "open"

    assert api.cast(0, vote_id, "agree").status_code == 201
    again = api.cast(0, vote_id, "agree")
    assert (again.status_code, again.get_json()["repeated"]) == (200, True)
    for number in range(1, 8):
        assert api.cast(number, vote_id, "agree").status_code == 201
    assert api.call({}, "POST", f"/votes/{vote_id}/ballots", {}).status_code == 401
    unproved = sign_in_person(api.world.services, verified=False)
    assert api.call(unproved, "POST", f"/votes/{vote_id}/ballots", {}).status_code == 403

    seats = api.good(api.worker, "GET", f"{path}/roll")["items"]
    free = next(seat for seat in seats if not seat["cast"])
    sheet = {"sheet": "A1", "entry_id": free["entry_id"], "choice": ["oppose"]}
    first = api.good(api.worker, "POST", f"{path}/paper-ballots", sheet)
    assert (first["state"], first["mine"]) == ("entered", True)
    other = {"sheet": "A1", "choice": ["oppose"]}
    assert api.call(api.worker, "POST", f"{path}/second-entries", other).status_code == 409
    assert api.good(api.second, "POST", f"{path}/second-entries", other)["state"] == "agreed"
    spoilt = next(seat for seat in seats if not seat["cast"] and seat is not free)
    api.good(api.worker, "POST", f"{path}/paper-ballots",
             {"sheet": "A2", "entry_id": spoilt["entry_id"], "choice": ["agree"]})  # fmt: skip
    api.good(api.worker, "POST", f"{path}/paper-voids", {"sheet": "A2", "reason": "看不清"})
    listed = api.good(api.second, "GET", f"{path}/paper-ballots")["items"]
    assert [(one["sheet"], one["state"]) for one in listed] == [("A1", "agreed"), ("A2", "void")]

    api.world.finish(UUID(vote_id))
    # Twenty days later nobody is signed in any more.
    api.worker = sign_in_staff(api.world.services, *WORKER)
    api.auditor = sign_in_staff(api.world.services, *AUDITOR)
    result = api.good({}, "GET", f"/votes/{vote_id}/result")
    assert (result["outcome"], result["passed"]) == ("passed", True)
    assert result["record"]["options"]["agree"] == {"heads": 8, "area": 64_000}
    ballots = api.good(api.auditor, "GET", f"{path}/ballots")["items"]
    assert [one["how_text"] for one in ballots].count("纸质票") == 1
    assert api.good(api.auditor, "POST", f"{path}/recounts", {})["same"]
    assert "表决结果证明" in api.good(api.worker, "GET", f"{path}/certificate")
    notes = api.good({}, "GET", f"/votes/{vote_id}/checkpoints")
    assert [one["kind"] for one in notes["items"]] == ["opening", "final"]
    packed = api.call({}, "GET", f"/votes/{vote_id}/bundle")
    assert packed.content_type == "application/zip"
    assert "ballots.jsonl" in zipfile.ZipFile(io.BytesIO(packed.get_data())).namelist()
    check_as_a_neighbour_would(api, tmp_path, packed.get_data())


def test_a_prepared_vote_is_given_up_and_a_running_one_stopped_by_the_street(api) -> None:
    topic = api.world.topics.add("matter", 2, VoteDraft("要不要装充电桩", "说明"))
    first = api.good(api.worker, "POST", f"/staff/topics/{topic}/votes", {})
    path = f"/staff/votes/{first['id']}"
    assert api.good(api.worker, "POST", f"{path}/cancellations", {"reason": "重来"})["state"] == (
        "cancelled"
    )
    second = api.good(api.worker, "POST", f"/staff/topics/{topic}/votes", {})
    path = f"/staff/votes/{second['id']}"
    api.good(api.worker, "POST", f"{path}/openings", {})
    reason = {"reason": "名册有误"}
    assert api.call(api.worker, "POST", f"{path}/annulments", reason).status_code == 403
    assert api.good(api.auditor, "POST", f"{path}/annulments", reason)["state"] == "annulled"
    assert ("annulled", topic) in api.world.topics.told
    assert api.call(api.auditor, "GET", f"{path}/hand-over").status_code == 409
    assert api.world.vote(UUID(second["id"])).community_id == COMMUNITY
