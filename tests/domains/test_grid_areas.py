"""Areas: what the import takes and refuses, where a place lies, what words name."""

import json
from copy import deepcopy

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.cli import cli
from backend.demo import seed_grid
from backend.demo.district import DATA, district
from backend.domains.grid import importer, service
from backend.domains.grid.coordinate_rules import wgs84_to_gcj02
from backend.domains.grid.index import areas_of
from backend.domains.grid.model import Area
from backend.domains.organisation import service as organisation
from backend.kernel.errors import NotFound
from backend.kernel.ids import stable_id
from backend.kernel.trace import TraceEntry

DEMO = importer.read_file(DATA / "areas.geojson")


@pytest.fixture
def streets(uow):
    organisation.load(uow.session, district())
    return uow


def square(code, kind, parent, west, south, size, **more):
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    said = {"kind": kind, "code": code, "name": f"{code}网格", "parent": parent, **more}
    return {
        "type": "Feature", "properties": said,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


def town():
    """A street with one community of four cells, each 0.01 degrees wide."""
    return [
        square("yuehe", "street", None, 115.30, 20.50, 0.02),
        square("y1", "community", "yuehe", 115.30, 20.50, 0.02),
        square("c1", "cell", "y1", 115.30, 20.50, 0.01),
        square("c2", "cell", "y1", 115.31, 20.50, 0.01),
        square("c3", "cell", "y1", 115.30, 20.51, 0.01),
        square("c4", "cell", "y1", 115.31, 20.51, 0.01),
    ]


def refusals(report):
    return {row["code"]: row["reason"] for row in report.as_dict()["refused_features"]}


def test_the_demo_district_comes_in_whole_and_again_changes_nothing(streets):
    first = importer.run(streets, DEMO)
    assert (first.created, first.refused) == (80, [])
    marks = select(func.count(TraceEntry.id)).where(TraceEntry.subject_kind == "area")
    assert streets.session.scalar(marks) == 80
    again = importer.run(streets, DEMO)
    assert (again.unchanged, again.created, again.updated, again.refused) == (80, 0, 0, [])
    assert streets.session.scalar(marks) == 80


def test_every_hall_lies_in_its_own_street(streets):
    importer.run(streets, DEMO)
    halls = json.loads((DATA / "halls.json").read_text(encoding="utf-8"))["halls"]
    for hall in halls:
        found = service.locate(streets, hall["latitude"], hall["longitude"])
        wanted = "dongzhou" if hall["code"] == "district" else hall["code"]
        assert found.street.code == wanted
        assert found.street_id == stable_id("street", wanted)
        assert found.cell.code.startswith(found.community.code)


def test_the_demo_s_cells_leave_no_gap_and_do_not_overlap(streets):
    importer.run(streets, DEMO)
    index = areas_of(streets)
    outlines = {kind: [k.geometry for k in index.by_id.values() if k.kind == kind]
                for kind in ("street", "community", "cell")}  # fmt: skip
    assert [len(outlines[kind]) for kind in outlines] == [5, 15, 60]
    areas = {kind: sum(one.area for one in shapes) for kind, shapes in outlines.items()}
    assert areas["cell"] == pytest.approx(areas["street"], rel=1e-9)
    assert areas["community"] == pytest.approx(areas["street"], rel=1e-9)
    assert (DATA / "areas.geojson").stat().st_size < 150_000


def test_the_committed_areas_are_what_the_script_draws():
    from backend.demo import make_areas

    assert make_areas.draw()["features"] == DEMO


@given(share=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_point_lies_where_a_plain_look_at_every_cell_finds_it(demo_index, share):
    from shapely.geometry import Point

    longitude, latitude = 115.275 + 0.07 * share[0], 20.465 + 0.075 * share[1]
    found = demo_index.at(latitude, longitude)
    point = Point(longitude, latitude)
    holding = [k.ref.code for k in demo_index.by_id.values()
               if k.kind == "cell" and k.geometry.intersects(point)]  # fmt: skip
    assert (found.cell.code if found else None) == (min(holding) if holding else None)


@pytest.fixture(scope="module")
def demo_index():
    from shapely.geometry import shape

    from backend.domains.grid.index import AreaIndex, AreaRef, Known

    rows = {}
    for one in DEMO:
        said = one["properties"]
        key, parent = stable_id("area", said["code"]), said["parent"]
        street = stable_id("street", said["code"].split("-")[0])
        rows[key] = Known(
            AreaRef(key, said["code"], said["name"]), said["kind"],
            stable_id("area", parent) if parent else None, street, tuple(said["aliases"]),
            shape(one["geometry"]),
        )  # fmt: skip
    return AreaIndex(rows)


def test_words_name_cells_communities_and_streets(streets):
    importer.run(streets, DEMO)
    assert service.suggest(streets, "榕荫路26号门口有积水").cell.name == "榕荫里网格"
    only = service.suggest(streets, "榕荫社区这边")
    assert (only.cell, only.community.name) == (None, "榕荫社区")
    assert service.suggest(streets, "不知道在哪里") is None


def test_look_ups_by_id_and_neighbours(streets):
    importer.run(streets, town())
    index = {ref.code: ref for ref in service.areas(streets)}
    assert len(index) == 6
    assert [ref.code for ref in service.areas(streets, "cell")] == ["c1", "c2", "c3", "c4"]
    assert service.areas(streets, "cell", stable_id("street", "qingxu")) == []
    assert [ref.code for ref in service.neighbours(streets, index["c1"].id)] == ["c2", "c3", "c4"]
    assert service.neighbours(streets, stable_id("area", "none")) == []
    assert service.cell(streets, index["c1"].id).community.code == "y1"
    assert service.area_names(streets, [index["c1"].id, None]) == {index["c1"].id: "c1网格"}
    with pytest.raises(NotFound):
        service.cell(streets, stable_id("area", "none"))


def test_on_a_shared_border_the_first_code_has_it_and_outside_is_nowhere(streets):
    importer.run(streets, town())
    assert service.locate(streets, 20.505, 115.31).cell.code == "c1"
    assert service.locate(streets, 20.6, 115.31) is None


def test_a_point_in_no_cell_still_knows_its_street(streets):
    importer.run(streets, town()[:3])
    found = service.locate(streets, 20.515, 115.315)
    assert (found.cell, found.community.code, found.street.code) == (None, "y1", "yuehe")


def broken(change):
    features = town()
    change(features)
    return features


@pytest.mark.parametrize(
    ("change", "code", "reason"),
    [
        (lambda f: f[2]["geometry"]["coordinates"][0].pop(), "c1", "闭合"),
        (lambda f: f[2]["geometry"].update(coordinates=[[[115.3, 20.5], [115.31, 20.51],
            [115.31, 20.5], [115.3, 20.51], [115.3, 20.5]]]), "c1", "自相交"),
        (lambda f: f[2]["geometry"].update(type="LineString"), "c1", "Polygon"),
        (lambda f: f[2]["geometry"].update(coordinates=[]), "c1", "没有坐标"),
        (lambda f: f[2]["geometry"].update(coordinates=[[]]), "c1", "四个点"),
        (lambda f: f[2]["geometry"].update(coordinates=[[[1, 2, 3]] * 4]), "c1", "经度"),
        (lambda f: f[2]["geometry"].update(coordinates=[[["a", 2]] * 4]), "c1", "经度"),
        (lambda f: f[2]["geometry"].update(coordinates=[[[200, 2]] * 4]), "c1", "经度"),
        (lambda f: f[2]["geometry"].update(coordinates=[[[115, 20]] * 4]), "c1", "不成形"),
        (lambda f: f[2].update(geometry=None), "c1", "Polygon"),
        (lambda f: f[2]["properties"].update(parent=None), "c1", "parent"),
        (lambda f: f[2]["properties"].update(parent="nobody"), "c1", "没有上级"),
        (lambda f: f[2]["properties"].update(parent="yuehe"), "c1", "没有上级"),
        (lambda f: f[2]["properties"].update(kind="house"), "c1", "kind"),
        (lambda f: f[2]["properties"].update(code="a b"), "a b", "code"),
        (lambda f: f[2]["properties"].update(name=""), "c1", "name"),
        (lambda f: f[2]["properties"].update(name=7), "c1", "name"),
        (lambda f: f[2]["properties"].update(name="x\u202ey"), "c1", "特殊字符"),
        (lambda f: f[2]["properties"].update(aliases="x"), "c1", "aliases"),
        (lambda f: f[2].update(properties=None), "", "properties"),
        (lambda f: f[2].update(type="Thing"), "c1", "Feature"),
        (lambda f: f.append(deepcopy(f[2])), "c1", "重复"),
        (lambda f: f.append(square("c5", "cell", "y1", 115.305, 20.505, 0.005)), "c5", "重叠"),
        (lambda f: f.append(square("c5", "cell", "y1", 115.4, 20.5, 0.01)), "c5", "超出"),
        (lambda f: f.append(square("mars", "street", None, 115.5, 20.5, 0.01)), "mars", "街道"),
        (lambda f: f[0]["properties"].update(parent="x"), "yuehe", "没有上级"),
        (lambda f: f.append(7), "", "Feature"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_feature_and_says_why(streets, change, code, reason):
    report = importer.run(streets, broken(change))
    assert reason in refusals(report)[code]
    assert report.created == len(service.areas(streets))


def test_what_a_refused_parent_held_is_refused_too(streets):
    report = importer.run(streets, broken(lambda f: f[1]["geometry"].update(type="Point")))
    assert report.created == 1
    assert set(refusals(report)) == {"y1", "c1", "c2", "c3", "c4"}


def test_a_second_import_changes_what_differs_and_keeps_what_staff_edited(streets):
    importer.run(streets, town())
    row = streets.session.get_one(Area, stable_id("area", "c1"))
    row.name, row.edited_at = "手工改名", streets.now
    other = broken(lambda f: f[3]["properties"].update(name="新名", aliases=["别名", "别名"]))
    report = importer.run(streets, other)
    assert (report.updated, report.kept, report.unchanged) == (1, 1, 4)
    names = {ref.code: ref.name for ref in service.areas(streets)}
    assert (names["c1"], names["c2"]) == ("手工改名", "新名")
    assert service.suggest(streets, "在别名那里").cell.code == "c2"


def test_a_smaller_parent_that_leaves_children_outside_is_refused(streets):
    importer.run(streets, town())
    report = importer.run(streets, [square("y1", "community", "yuehe", 115.30, 20.50, 0.01)])
    assert "范围之外" in refusals(report)["y1"]


def test_a_code_keeps_its_kind_and_an_area_out_of_use_comes_back(streets):
    importer.run(streets, town())
    report = importer.run(streets, [square("c1", "community", "yuehe", 115.30, 20.50, 0.01)])
    assert refusals(report)
    streets.session.get_one(Area, stable_id("area", "c1")).active = False
    assert importer.run(streets, town()).updated == 1


def test_a_file_in_gcj02_lands_in_the_same_place(streets):
    features = town()
    for one in features:
        ring = one["geometry"]["coordinates"][0]
        one["geometry"]["coordinates"] = [
            [list(reversed(wgs84_to_gcj02(lat, lon))) for lon, lat in ring]
        ]
    report = importer.run(streets, features, "gcj02")
    assert (report.created, report.refused) == (6, [])
    row = streets.session.get_one(Area, stable_id("area", "c1"))
    assert (row.west, row.south) == pytest.approx((115.30, 20.50), abs=2e-7)


def test_other_processes_learn_of_a_change(services, uow):
    from backend.domains.grid.index import EXTENSION, LiveAreas

    organisation.load(uow.session, district())
    importer.run(uow, town())
    other = LiveAreas()
    seen = other.current(uow.session)
    assert other.current(uow.session) is seen
    importer.run(uow, broken(lambda f: f[3]["properties"].update(name="新名")))
    assert other.current(uow.session).by_id[stable_id("area", "c2")].ref.name == "新名"
    assert services.extensions[EXTENSION].current(uow.session) is not seen


def test_the_command_reports_and_refuses_what_is_no_collection(services, uow, tmp_path):
    with services.unit() as unit:
        organisation.load(unit.session, district())
    file, report = tmp_path / "areas.geojson", tmp_path / "report.json"
    features = broken(lambda f: f[5]["geometry"]["coordinates"][0].pop())
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    run = CliRunner().invoke(
        cli, ["import", "areas", str(file), "--report", str(report)], obj=lambda: services
    )
    assert json.loads(run.output)["created"] == 5
    assert json.loads(report.read_text())["refused_features"][0]["code"] == "c4"
    plain = CliRunner().invoke(cli, ["import", "areas", str(file)], obj=lambda: services)
    assert json.loads(plain.output)["unchanged"] == 5
    for wrong in ("[]", "{", '{"type": "FeatureCollection"}'):
        file.write_text(wrong)
        run = CliRunner().invoke(cli, ["import", "areas", str(file)], obj=lambda: services)
        assert run.exit_code == 1 and "Error" in run.output


def test_the_demo_s_seed_is_the_same_twice(services):
    from backend.demo import seed_identity
    from backend.domains.grid.model import Duty, DutyShift
    from backend.domains.identity.staff_model import StaffAccount

    def counts():
        with services.unit() as unit:
            tables = (Area, Duty, DutyShift, StaffAccount)
            return [unit.session.scalar(select(func.count()).select_from(t)) for t in tables]

    seed_identity.seed(services)
    seed_grid.seed(services)
    first = counts()
    assert first[0] == 80
    seed_grid.seed(services)
    assert counts() == first
