"""The register over HTTP: a resident's way from claim to proxy, and what staff may change."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from backend.domains.community import rules
from backend.kernel.clock import local_date
from tests.community_world import AREA, OTHER_AREA, estate, named
from tests.people import sign_in_person, sign_in_staff


@pytest.fixture
def stage(services):
    made = estate(services)
    made.own("1-1-101", named("王甲"), area_centi=8935)
    made.room("1-1-102")
    return made


@pytest.fixture
def me(services):
    return sign_in_person(services, name="李乙", phone="13900000041")


@pytest.fixture
def staff(services):
    return sign_in_staff(services, ("community_worker", "community", AREA))


def paper(client, headers, path="/api/v1/home-files"):
    body = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(body, "PNG")
    body.seek(0)
    form = {"file": (body, "x.png")}
    answer = client.post(path, headers=headers, data=form, content_type="multipart/form-data")
    assert answer.status_code == 201, answer.json
    return answer.json


@pytest.mark.requirement("004.15")
def test_from_buying_a_home_to_letting_somebody_vote(client, stage, me, staff, services, clock):
    found = client.get("/api/v1/communities?q=桂香", headers=me).json["items"]
    assert [one["name"] for one in found] == ["桂香苑"]
    place = client.get(f"/api/v1/communities/{stage.community_id}", headers=me).json
    entrance = place["buildings"][0]["entrances"][0]["id"]
    path = f"/api/v1/communities/{stage.community_id}/rooms?entrance_id={entrance}"
    labels = client.get(path, headers=me).json["items"]
    assert [one["label"] for one in labels] == ["1-1-101", "1-1-102"]
    body = {"room_id": labels[0]["id"], "relation": "owner", "words": "刚买的"}
    home = client.post("/api/v1/homes", headers=me, json=body)
    assert home.status_code == 201, home.json
    assert (home.json["state"], home.json["owner_matched"]) == ("claimed", False)
    assert "过户" in home.json["next_text"] and home.json["area_text"] == ""
    claim = f"/api/v1/staff/home-claims/{home.json['id']}"
    refused = client.post(f"{claim}/confirmations", headers=staff, json={})
    assert (refused.status_code, refused.json["code"]) == (409, "not_in_register")
    assert client.get("/api/v1/staff/home-claims", headers=staff).json["items"][0][
        "register_match"
    ] == "none"  # fmt: skip

    picture = paper(client, me)
    assert client.get(picture["small_url"], headers=me).status_code == 200
    mine = f"/api/v1/homes/{home.json['id']}"
    body = {"with_me": True, "file_ids": [picture["id"]]}
    asked = client.post(f"{mine}/transfers", headers=me, json=body)
    assert asked.status_code == 201, asked.json
    assert client.get(mine, headers=me).json["transfer"]["id"] == asked.json["id"]
    [waiting] = client.get("/api/v1/staff/home-transfers", headers=staff).json["items"]
    assert waiting["to_owners"][0].startswith("李*") and waiting["from_owners"] == ["王*"]
    assert client.get(waiting["files"][0]["url"], headers=staff).status_code == 200
    path = f"/api/v1/staff/home-transfers/{waiting['id']}/confirmations"
    done = client.post(path, headers=staff, json={"version": waiting["version"]})
    assert done.status_code == 201, done.json
    assert done.json["to_owners"] == ["李*"]
    shown = client.get(mine, headers=me).json
    assert (shown["state"], shown["area_text"]) == ("confirmed", "89.35")
    assert set(shown["can"]) == {"leave", "transfer", "proxy"}

    sign_in_person(services, name="赵友", phone="13900000042")
    until = local_date(clock.now()) + timedelta(days=10)
    body = {
        "home_id": shown["id"], "as": "owner", "holder_name": "赵友",
        "holder_phone": "13900000042", "until": until.isoformat(),
    }  # fmt: skip
    given = client.post("/api/v1/proxies", headers=me, json=body)
    assert given.status_code == 201, given.json
    assert (given.json["state"], given.json["as_text"]) == ("confirmed", "1-1-101")
    assert client.get("/api/v1/proxies", headers=me).json["items"][0]["can"] == ["revoke"]
    assert client.delete(f"/api/v1/proxies/{given.json['id']}", headers=me).status_code == 204
    mine_exported = client.get("/api/v1/me/export", headers=me).json["parts"]["community"]
    assert mine_exported["homes"][0]["room"] == "1-1-101"
    assert mine_exported["register"][0]["name"] == "李乙"
    assert mine_exported["transfers"][0]["state"] == "已过户"
    assert mine_exported["proxies"][0]["held"] is False and len(mine_exported["files"]) == 1
    assert client.delete(mine, headers=me).status_code == 204


def test_a_waiting_transfer_is_an_open_matter_until_it_is_taken_back(client, stage, me):
    room = str(stage.rooms["1-1-101"])
    home = client.post(
        "/api/v1/homes", headers=me, json={"room_id": room, "relation": "owner"}
    ).json
    body = {"with_me": True, "file_ids": [paper(client, me)["id"]]}
    asked = client.post(f"/api/v1/homes/{home['id']}/transfers", headers=me, json=body).json
    closing = client.post("/api/v1/me/close", headers=me, json={"confirm": "注销账号"})
    assert closing.status_code == 409 and "过户" in closing.json["detail"]
    path = f"/api/v1/home-transfers/{asked['id']}"
    assert client.delete(path, headers=me).status_code == 204
    closing = client.post("/api/v1/me/close", headers=me, json={"confirm": "注销账号"})
    assert closing.status_code == 204, closing.json


def test_what_a_colleague_changed_meanwhile_is_not_written_over(client, stage, staff):
    path = f"/api/v1/staff/rooms/{stage.rooms['1-1-102']}"
    seen = client.get(path, headers=staff)
    body = {"storey": 1, "area_centi": 7000, "use": "home", "in_roll": True, "active": True}
    match = {**staff, "If-Match": seen.headers["ETag"]}
    assert client.put(path, headers=match, json=body).json["area_text"] == "70.00"
    stale = client.put(path, headers=match, json={**body, "area_centi": 7100})
    assert (stale.status_code, stale.json["code"]) == (412, "stale")
    assert client.put(path, headers=staff, json=body).status_code == 412
    listed = client.get(
        f"/api/v1/staff/communities/{stage.community_id}/rooms?q=102", headers=staff
    ).json
    assert [(row["label"], row["owners"]) for row in listed["items"]] == [("1-1-102", [])]
    for kind in ("buildings", "communities"):
        place = f"/api/v1/staff/communities/{stage.community_id}"
        shown = client.get(place, headers=staff)
        if kind == "buildings":
            one = shown.json["buildings"][0]
            tag = f'"{one["id"].replace("-", "")[-12:]}-{one["version"]}"'
            path, body = f"/api/v1/staff/buildings/{one['id']}", {"storeys": 19, "has_lift": True}
        else:
            tag, path, body = shown.headers["ETag"], place, {"name": "桂香苑", "address": "新路"}
        done = client.put(path, headers={**staff, "If-Match": tag}, json=body)
        assert done.status_code == 200, done.json
        assert client.put(path, headers={**staff, "If-Match": tag}, json=body).status_code == 412


def test_an_import_reports_before_it_writes(client, stage, staff, services):
    raw = "楼栋,单元,房号,面积\n1栋,1单元,1-1-103,70.5\n1栋,1单元,?,1\n".encode()
    path = f"/api/v1/staff/communities/{stage.community_id}/imports"
    for dry_run, rooms in (("true", 3), ("false", 3), ("false", 3)):
        form = {"file": (io.BytesIO(raw), "x.csv"), "dry_run": dry_run}
        told = client.post(path, headers=staff, data=form, content_type="multipart/form-data")
        assert told.status_code == 200, told.json
        assert (told.json["refused_count"], told.json["rooms"]) == (1, rooms)
        assert told.json["refused"][0]["row"] == 3
    assert told.json["rooms_unchanged"] == 1
    elsewhere = sign_in_staff(services, ("community_worker", "community", OTHER_AREA))
    form = {"file": (io.BytesIO(raw), "x.csv"), "dry_run": "true"}
    answer = client.post(path, headers=elsewhere, data=form, content_type="multipart/form-data")
    assert answer.status_code == 404


def test_a_claim_is_looked_into_refused_and_ended(client, stage, me, staff):
    body = {"room_id": str(stage.rooms["1-1-102"]), "relation": "tenant"}
    home = client.post("/api/v1/homes", headers=me, json=body).json
    again = client.post("/api/v1/homes", headers=me, json=body)
    assert (again.status_code, again.json["code"]) == (409, "already_claimed")
    claim = f"/api/v1/staff/home-claims/{home['id']}"
    look = client.post(
        f"{claim}/reveals", headers=staff, json={"field": "phone", "purpose": "电话核对"}
    )
    assert look.json == {"value": "13900000041"}
    assert client.post(f"{claim}/confirmations", headers=staff, json={}).status_code == 201
    over = client.post(f"{claim}/endings", headers=staff, json={"reason": "已搬走"})
    assert (over.status_code, over.json["state"]) == (201, rules.ENDED)
    look = client.post(
        f"{claim}/reveals", headers=staff, json={"field": "phone", "purpose": "电话核对"}
    )
    assert look.status_code == 404
