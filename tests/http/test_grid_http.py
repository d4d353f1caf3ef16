"""Areas and rosters over HTTP: public maps, the editor, who may change which roster."""

import json

import pytest

from backend.demo.register import staff_id
from backend.kernel import sessions
from backend.kernel.ids import stable_id
from tests.conftest import body
from tests.grid_world import db, demo, grid_database  # noqa: F401 - fixtures

YUEHE, RONGAN = stable_id("street", "yuehe"), stable_id("street", "rongan")
CELL = stable_id("area", "yuehe-01-01")
CGJ = stable_id("department", "cgj")
AWAY = [[115.4, 20.6], [115.41, 20.6], [115.41, 20.61], [115.4, 20.6]]
BOW = [[115.3, 20.5], [115.31, 20.51], [115.31, 20.5], [115.3, 20.51], [115.3, 20.5]]


@pytest.fixture
def as_(demo):
    """`as_("linfang")`: headers of that member of staff."""

    def sign_in(username):
        with demo.unit() as uow:
            opened = sessions.open_session(
                uow, principal_kind="staff", principal_id=staff_id(username), channel="console"
            )
        return {"Cookie": f"hy_staff={opened.token}", "X-CSRF-Token": opened.csrf_token}

    return sign_in


@pytest.fixture
def call(client):
    """`call(headers, "PUT", path, json) -> answer's JSON`, asserting the status."""

    def send(headers, method, path, data=None, status=200, if_match=None):
        more = {"If-Match": if_match} if if_match else {}
        answer = client.open(
            f"/api/v1{path}", method=method, json=data, headers={**(headers or {}), **more}
        )
        assert answer.status_code == status, answer.get_data(as_text=True)
        return body(answer), answer.headers.get("ETag")

    return send


def test_everybody_gets_the_areas_and_hears_when_nothing_changed(demo, client, call):
    found, tag = call(None, "GET", "/public/areas?kind=cell")
    assert len(found["features"]) == 60
    one = found["features"][0]["properties"]
    assert set(one) == {"id", "kind", "code", "name", "parent_id", "street_id"}
    again = client.get("/api/v1/public/areas?kind=cell", headers={"If-None-Match": tag})
    assert again.status_code == 304
    mars, other = call(None, "GET", "/public/areas?kind=cell&system=gcj02")
    assert other != tag
    first = [list_["features"][0]["geometry"]["coordinates"][0][0] for list_ in (found, mars)]
    assert 0.003 < abs(first[0][0] - first[1][0]) + abs(first[0][1] - first[1][1]) < 0.02
    call(None, "GET", "/public/areas?kind=house", status=422)
    call(None, "GET", "/public/areas?colour=red", status=422)


def test_an_administrator_renames_a_cell_and_moves_its_border(call, as_):
    admin = as_("wulei")
    area, tag = call(admin, "GET", f"/staff/areas/{CELL}")
    change = {key: area[key] for key in ("name", "aliases", "geometry")}
    change["name"], change["aliases"] = "榕荫里一网格", [*area["aliases"], "榕树头", "榕树头"]
    after, fresh = call(admin, "PUT", f"/staff/areas/{CELL}", change, if_match=tag)
    assert (after["name"], after["version"]) == ("榕荫里一网格", area["version"] + 1)
    assert after["aliases"][-2:] != ["榕树头", "榕树头"]
    call(admin, "PUT", f"/staff/areas/{CELL}", change, status=412, if_match=tag)
    call(admin, "PUT", f"/staff/areas/{CELL}", change, status=412)
    same, unmoved = call(admin, "PUT", f"/staff/areas/{CELL}", change, if_match=fresh)
    assert (same["version"], unmoved) == (after["version"], fresh)
    listed, _ = call(admin, "GET", f"/staff/areas?kind=cell&street={YUEHE}")
    assert len(listed["features"]) == 14
    named = [f["properties"] for f in listed["features"] if f["id"] == str(CELL)]
    assert named[0]["name"] == "榕荫里一网格"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda g: g["coordinates"][0].pop(), "闭合"),
        (lambda g: g.update(type="Point"), "Polygon"),
        (lambda g: g.update(coordinates=[AWAY]), "范围"),
        (lambda g: g.update(coordinates=[BOW]), "自相交或不成形（约在经度115.305，纬度20.505）"),
        (lambda g: g.update(coordinates=[[["x"]]]), "四个点"),
    ],
)
def test_an_outline_that_does_not_fit_is_a_field_error(call, as_, change, says):
    admin = as_("wulei")
    area, tag = call(admin, "GET", f"/staff/areas/{CELL}")
    geometry = json.loads(json.dumps(area["geometry"]))
    change(geometry)
    sent = {"name": area["name"], "aliases": [], "geometry": geometry}
    answer, _ = call(admin, "PUT", f"/staff/areas/{CELL}", sent, status=422, if_match=tag)
    assert any(says in text for text in answer["errors"]["geometry"])


def test_a_cell_does_not_grow_over_its_neighbour(call, as_):
    admin = as_("wulei")
    area, tag = call(admin, "GET", f"/staff/areas/{CELL}")
    community, _ = call(admin, "GET", f"/staff/areas/{area['parent_id']}")
    sent = {"name": area["name"], "aliases": [], "geometry": community["geometry"]}
    answer, _ = call(admin, "PUT", f"/staff/areas/{CELL}", sent, status=422, if_match=tag)
    assert all("重叠" in text for text in answer["errors"]["geometry"])
    community_path = f"/staff/areas/{area['parent_id']}"
    _, tag = call(admin, "GET", community_path)
    sent = {"name": community["name"], "aliases": [], "geometry": area["geometry"]}
    answer, _ = call(admin, "PUT", community_path, sent, status=422, if_match=tag)
    assert any("范围之外" in text for text in answer["errors"]["geometry"])
    off = {**sent, "geometry": community["geometry"], "active": False}
    answer, _ = call(admin, "PUT", community_path, off, status=422, if_match=tag)
    assert "不能停用" in answer["errors"]["geometry"][0]


def test_a_cell_out_of_use_is_no_longer_on_public_maps(call, as_):
    admin = as_("wulei")
    area, tag = call(admin, "GET", f"/staff/areas/{CELL}")
    sent = {**{key: area[key] for key in ("name", "aliases", "geometry")}, "active": False}
    call(admin, "PUT", f"/staff/areas/{CELL}", sent, if_match=tag)
    found, _ = call(None, "GET", "/public/areas?kind=cell")
    assert len(found["features"]) == 59
    listed, _ = call(admin, "GET", "/staff/areas?kind=cell")
    assert len(listed["features"]) == 60


def test_only_who_edits_the_grid_changes_areas_and_clerks_see_none(call, as_):
    sent = {"name": "x", "aliases": [], "geometry": {}}
    call(as_("linfang"), "PUT", f"/staff/areas/{CELL}", sent, status=403, if_match="x")
    call(as_("zhoumin"), "GET", "/staff/areas", status=403)
    call(as_("linfang"), "GET", f"/staff/areas/{stable_id('area', 'none')}", status=404)
    missing = stable_id("area", "none")
    call(as_("wulei"), "PUT", f"/staff/areas/{missing}", sent, status=404, if_match="x")


def test_a_street_leader_changes_a_cell_s_roster(call, as_):
    lin = as_("linfang")
    people, _ = call(lin, "GET", f"/staff/duty-people?street={YUEHE}")
    ids = {one["name"]: one["staff_id"] for one in people["items"]}
    assert {"陈强", "刘霞", "赵刚", "林芳"} <= set(ids)
    before, tag = call(lin, "GET", f"/staff/cells/{CELL}/duties")
    assert [line["level"] for line in before["items"]] == ["worker", "deputy"]
    assert {line["level"] for line in before["above"]} == {"worker", "leader", "street"}
    shifts, _ = call(lin, "GET", f"/staff/duty-shifts?street={YUEHE}")
    night = next(one["id"] for one in shifts["items"] if one["name"] == "夜班")
    items = [{"staff_id": ids["刘霞"], "level": "worker", "shift_id": night},
             {"staff_id": ids["陈强"], "level": "worker", "category_code": "light"}]  # fmt: skip
    path = f"/staff/cells/{CELL}/duties"
    after, fresh = call(lin, "PUT", path, {"items": items}, if_match=tag)
    assert {line["shift_text"] for line in after["items"]} == {"全天", "夜班 20:00-次日8:00"}
    assert fresh != tag
    call(lin, "PUT", path, {"items": items}, status=412, if_match=tag)
    call(lin, "PUT", path, {"items": items}, status=412)
    bad = [{**items[0], "staff_id": str(staff_id("gaobo"))}, {**items[0], "shift_id": str(CELL)},
           items[1], items[1]]  # fmt: skip
    answer, _ = call(lin, "PUT", path, {"items": bad}, status=422, if_match=fresh)
    assert set(answer["errors"]) == {"items.0.staff_id", "items.1.shift_id", "items.3.staff_id"}


def test_a_street_leader_s_reach_ends_at_the_street(call, as_):
    lin = as_("linfang")
    other = stable_id("area", "rongan-01-01")
    call(lin, "GET", f"/staff/cells/{other}/duties", status=404)
    call(lin, "PUT", f"/staff/cells/{other}/duties", {"items": []}, status=404, if_match="x")
    for path in ("duties", "duties/now", "duties/week", "duty-shifts", "duty-absences"):
        call(lin, "GET", f"/staff/{path}?street={RONGAN}", status=404)
    call(lin, "GET", f"/staff/duty-people?street={RONGAN}", status=404)
    call(lin, "GET", f"/staff/duty-people?department={CGJ}", status=404)
    call(lin, "GET", "/staff/duty-people", status=422)
    call(lin, "GET", f"/staff/departments/{CGJ}/duties", status=404)
    call(as_("chenqiang"), "GET", "/staff/duties", status=403)
    chain = {"street_id": None, "levels": ["worker"], "version": 1}
    call(lin, "PUT", "/staff/escalation-chains", chain, status=404)
    mine, _ = call(lin, "GET", "/staff/duties")
    everything, _ = call(as_("hemin"), "GET", "/staff/duties")
    assert 0 < len(mine["items"]) < len(everything["items"])


def test_who_is_on_duty_now_and_through_the_week(call, as_, clock):
    lin = as_("linfang")
    now, _ = call(lin, "GET", f"/staff/duties/now?street={YUEHE}")
    assert len(now["items"]) == 14
    assert not any(cell["empty"] for cell in now["items"])
    for cell in now["items"]:
        assert all(level["people"] for level in cell["levels"])
    hall = next(cell for cell in now["items"] if cell["cell_id"] == str(CELL))
    names = {level["level"]: [p["name"] for p in level["people"]] for level in hall["levels"]}
    assert names == {"worker": ["陈强", "周文"], "deputy": ["刘霞"], "leader": ["赵刚"],
                     "street": ["林芳"]}  # fmt: skip
    week, _ = call(as_("hemin"), "GET", f"/staff/duties/week?street={RONGAN}&from=2026-11-22")
    assert week["days"][0] == "2026-11-22" and len(week["days"]) == 7
    row = next(row for row in week["rows"] if row["level"] == "worker"
               and row["area_name"] == "江滨社区" and row["shift_text"].startswith("白班"))  # fmt: skip
    away = [day["people"][0]["instead_of"] for day in row["days"]]
    assert away[0] is None and away[2] == "梁志强" and away[5] is None
    call(lin, "GET", f"/staff/duties/week?street={YUEHE}&from=9999-12-31", status=422)
    departments, _ = call(lin, "GET", "/staff/departments-on-duty")
    by_name = {one["name"]: one for one in departments["items"]}
    assert by_name["区城市管理和综合执法局"]["people"][0]["name"] == "高波"
    assert by_name["区城市管理和综合执法局"]["by_roster"] is True


def test_shifts_are_kept_by_street_and_not_removed_under_a_duty(call, as_):
    lin, he = as_("linfang"), as_("hemin")
    new = {"street_id": str(YUEHE), "name": "早市", "starts": "05:00", "ends": "09:00",
           "weekdays": 96}  # fmt: skip
    made, _ = call(lin, "POST", "/staff/duty-shifts", new, status=201)
    assert made["text"] == "早市 5:00-9:00（周六日）" and made["can_edit"]
    call(lin, "POST", "/staff/duty-shifts", new, status=409)
    call(lin, "POST", "/staff/duty-shifts", {**new, "street_id": None}, status=404)
    call(lin, "POST", "/staff/duty-shifts", {**new, "street_id": str(RONGAN)}, status=404)
    call(he, "POST", "/staff/duty-shifts", {**new, "street_id": str(CGJ)}, status=404)
    path = f"/staff/duty-shifts/{made['id']}"
    change = {"name": "早市", "starts": "06:00", "ends": "09:00", "weekdays": 127, "version": 1}
    changed, _ = call(lin, "PUT", path, change)
    assert changed["version"] == 2
    call(lin, "PUT", path, change, status=412)
    call(lin, "PUT", path, {**change, "version": 2, "weekdays": 0}, status=422)
    call(lin, "DELETE", path)
    call(lin, "DELETE", path, status=404)
    listed, _ = call(he, "GET", "/staff/duty-shifts")
    day = next(one for one in listed["items"] if one["name"] == "白班")
    call(he, "DELETE", f"/staff/duty-shifts/{day['id']}", status=409)
    call(lin, "DELETE", f"/staff/duty-shifts/{day['id']}", status=404)


def test_absences_come_and_go_and_the_substitute_is_on_duty(call, as_):
    lin = as_("linfang")
    new = {"staff_id": str(staff_id("chenqiang")), "substitute_id": str(staff_id("zhaogang")),
           "starts_at": "2026-11-23T00:00:00+08:00", "ends_at": "2026-11-24T00:00:00+08:00",
           "reason": "培训"}  # fmt: skip
    made, _ = call(lin, "POST", "/staff/duty-absences", new, status=201)
    assert (made["name"], made["substitute_name"], made["now"]) == ("陈强", "赵刚", True)
    now, _ = call(lin, "GET", f"/staff/duties/now?street={YUEHE}")
    hall = next(cell for cell in now["items"] if cell["cell_id"] == str(CELL))
    assert [p["name"] for p in hall["levels"][0]["people"]] == ["赵刚", "周文"]
    for wrong in ({"staff_id": str(staff_id("rongan.wg1"))}, {"staff_id": str(YUEHE)},
                  {"substitute_id": str(staff_id("rongan.wg1"))},
                  {"substitute_id": new["staff_id"]}, {"ends_at": new["starts_at"]},
                  {"starts_at": "0001-01-01T00:00:00+08:00"}):  # fmt: skip
        call(lin, "POST", "/staff/duty-absences", {**new, **wrong}, status=422)
    path = f"/staff/duty-absences/{made['id']}"
    change = {key: new[key] for key in ("starts_at", "ends_at")} | {
        "substitute_id": None, "reason": "", "version": 1,
    }  # fmt: skip
    changed, _ = call(lin, "PUT", path, change)
    assert (changed["substitute_id"], changed["version"]) == (None, 2)
    call(lin, "PUT", path, change, status=412)
    listed, _ = call(lin, "GET", "/staff/duty-absences")
    assert [one["name"] for one in listed["items"]] == ["陈强"]
    everywhere, _ = call(as_("hemin"), "GET", "/staff/duty-absences")
    assert {one["name"] for one in everywhere["items"]} == {"陈强", "梁志强"}
    elsewhere = next(one["id"] for one in everywhere["items"] if one["name"] == "梁志强")
    call(lin, "DELETE", f"/staff/duty-absences/{elsewhere}", status=404)
    call(lin, "DELETE", path)
    call(lin, "DELETE", path, status=404)


def test_a_street_has_its_own_chain_or_the_district_s(call, as_):
    lin, he = as_("linfang"), as_("hemin")
    shown, _ = call(lin, "GET", "/staff/escalation-chains")
    assert [(line["street_name"], line["own"]) for line in shown["items"]] == [
        ("全区", True), ("越和街道", False),
    ]  # fmt: skip
    change = {"street_id": str(YUEHE), "levels": ["worker", "street"], "version": 0}
    after, _ = call(lin, "PUT", "/staff/escalation-chains", change)
    assert after["items"][1]["levels_text"] == "网格员 → 街道"
    call(lin, "PUT", "/staff/escalation-chains", change, status=412)
    wrong = {**change, "levels": ["street", "worker"], "version": 1}
    call(lin, "PUT", "/staff/escalation-chains", wrong, status=422)
    again = {**change, "levels": ["worker"], "version": 1}
    call(lin, "PUT", "/staff/escalation-chains", again)
    none = {**change, "levels": [], "version": 2}
    after, _ = call(lin, "PUT", "/staff/escalation-chains", none)
    assert after["items"][1]["own"] is False
    district = {"street_id": None, "levels": ["worker", "leader"], "version": 1}
    after, _ = call(he, "PUT", "/staff/escalation-chains", district)
    assert after["items"][1]["levels"] == ["worker", "leader"]
    call(
        he, "PUT", "/staff/escalation-chains", {**district, "levels": [], "version": 2}, status=422
    )
    call(he, "PUT", "/staff/escalation-chains", {**change, "street_id": str(CGJ)}, status=404)


def test_a_department_s_roster(call, as_):
    he = as_("hemin")
    path = f"/staff/departments/{CGJ}/duties"
    people, _ = call(he, "GET", f"/staff/duty-people?department={CGJ}")
    assert [one["name"] for one in people["items"]] == ["高波"]
    before, tag = call(he, "GET", path)
    assert [line["level"] for line in before["items"]] == ["department"]
    after, _ = call(he, "PUT", path, {"items": []}, if_match=tag)
    assert after["items"] == []
    shown, _ = call(he, "GET", "/staff/departments-on-duty")
    mine = next(one for one in shown["items"] if one["department_id"] == str(CGJ))
    assert (mine["by_roster"], mine["people"][0]["name"]) == (False, "高波")
    missing = stable_id("department", "none")
    call(he, "GET", f"/staff/departments/{missing}/duties", status=404)
