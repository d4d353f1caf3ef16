"""The register by the community's own staff: those of another community, auditors, supervisors."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.kernel.ids import stable_id
from tests.people import sign_in_staff
from tests.security import community_cast
from tests.security.access_community import LISTS, SINGLE
from tests.security.demo_world import DemoWorld
from tests.security.dispatch_cast import Form
from tests.security.judge import faults

HERE, ELSEWHERE = stable_id("area", "yuehe-01"), stable_id("area", "qingxu-02")
_SHOWN = {
    "PUT /api/v1/staff/communities/<uuid:community_id>": "communities/{community_id}",
    "PUT /api/v1/staff/rooms/<uuid:room_id>": "rooms/{room_id}",
}


@pytest.fixture(scope="module")
def cast(world: DemoWorld) -> Iterator[DemoWorld]:
    """The community's people."""
    services = world.services
    with world.undone():
        for name, grant in (
            ("worker", ("community_worker", "community", HERE)),
            ("worker_elsewhere", ("community_worker", "community", ELSEWHERE)),
            ("auditor", ("community_auditor", "community", HERE)),
            ("street_auditor", ("community_auditor", "street", stable_id("street", "yuehe"))),
            ("supervisor_too", ("supervisor", "district", None)),
        ):
            world.people[name] = sign_in_staff(services, grant)
        made = _ask(world, "worker", "POST /api/v1/staff/home-files")
        world.ids["staff_paper_id"] = made.get_json()["id"]
        yield world


def _ask(world: DemoWorld, who: str, name: str) -> Any:
    method, path = name.split()
    for argument, value in world.ids.items():
        path = path.replace(f"<uuid:{argument}>", str(value))
    headers = dict(world.people[who])
    if method == "PUT":
        headers["If-Match"] = _etag(world, name)
    given = community_cast.BODIES.get(name)
    body = given(world) if callable(given) else given
    if isinstance(body, Form):
        return world.client.open(
            path, method=method, headers=headers, data=dict(body),
            content_type="multipart/form-data",
        )  # fmt: skip
    return world.client.open(path, method=method, headers=headers, json=body)


def _etag(world: DemoWorld, name: str) -> str:
    if name not in _SHOWN:
        return f'"{world.ids["building_id"].hex[-12:]}-1"'
    path = "/api/v1/staff/" + _SHOWN[name].format(**world.ids)
    return str(world.client.get(path, headers=world.people["worker"]).headers["ETag"])


@pytest.mark.requirement("004.15")
def test_a_worker_keeps_the_own_community_and_sees_nothing_of_another(cast: DemoWorld) -> None:
    wrong = []
    for name in (*LISTS, *SINGLE):
        for who in ("worker", "worker_elsewhere"):
            with cast.undone():
                answer = _ask(cast, who, name)
            found = answer.status_code
            inside = who == "worker" or name in LISTS
            right = (found < 300 or found == 409) if inside else found == 404
            if not right:
                wrong.append(f"{who} {name}: {found} {answer.get_data(as_text=True)[:300]}")
            wrong += faults(answer)
            if who == "worker_elsewhere" and "桂香苑" in answer.get_data(as_text=True):
                wrong.append(f"{name} shows the other community")
    assert not wrong, "\n".join(wrong)


def test_who_audits_or_supervises_does_not_read_the_register(cast: DemoWorld) -> None:
    for name in (*LISTS, *SINGLE):
        for who in ("auditor", "street_auditor", "supervisor_too"):
            with cast.undone():
                assert _ask(cast, who, name).status_code == 403, (who, name)


def test_a_new_community_lies_where_its_worker_works(cast: DemoWorld) -> None:
    name = "POST /api/v1/staff/communities"
    with cast.undone():
        assert _ask(cast, "worker", name).status_code == 201
        assert _ask(cast, "worker", name).status_code == 409
    with cast.undone():
        refused = _ask(cast, "worker_elsewhere", name)
        assert (refused.status_code, refused.get_json()["code"]) == (422, "wrong_area")


def test_owners_are_masked_until_somebody_says_why_and_that_is_kept(cast: DemoWorld) -> None:
    with cast.undone():
        shown = _ask(cast, "worker", "GET /api/v1/staff/rooms/<uuid:room_id>").get_json()
        owner = shown["owners"][0]
        assert "*" in owner["name"] and "****" in owner["number"]
        path = f"/api/v1/staff/owners/{owner['id']}/reveals"
        headers = cast.people["worker"]
        for purpose, status in (("看", 422), ("电话核对产权", 200)):
            answer = cast.client.post(
                path, headers=headers, json={"field": "id_number", "purpose": purpose}
            )
            assert answer.status_code == status
        assert len(answer.get_json()["value"]) == 18
        log = cast.client.get("/api/v1/staff/reveals", headers=cast.people["supervisor_too"])
        assert log.get_json()["items"][0]["subject"].startswith("业主登记")
