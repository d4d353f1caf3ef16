"""The import of a register: row by row, twice the same, and never a half head."""

import io
import zipfile

import openpyxl
import pytest
from sqlalchemy import func, select

from backend.domains.community import import_files, importing, rules, service
from backend.domains.community.electorate import OWNERS, VILLAGERS
from backend.domains.community.model import HousingBuilding, HousingCommunity, HousingRoom
from backend.kernel.errors import Invalid, NotFound
from tests.community_world import OTHER_AREA, estate, named, worker

HEAD = "楼栋,单元,房号,楼层,面积,用途,身份,姓名,证件号码,手机,党员,总层数,电梯"


@pytest.fixture
def stage(services):
    return estate(services, name="和顺里")


def line(label, area, who=None, *, use="住宅", role="产权人", party="", **more):
    building, entrance, rest = label.split("-")
    who = (who.name, who.number, who.phone) if who else ("", "", "")
    cells = [
        more.get("building", f"{building}栋"), f"{entrance}单元", label, rest[:-2], area, use, role,
        *who, party, "18", "有",
    ]  # fmt: skip
    return ",".join(cells)


def file(*lines, head=HEAD, encoding="utf-8-sig"):
    return "\n".join([head, *lines]).encode(encoding)


def run(stage, raw, *, dry_run=False):
    with stage.unit() as uow:
        return importing.take(uow, stage.community_id, raw, dry_run=dry_run)


def heads(stage, kind=OWNERS):
    with stage.unit() as uow:
        return service.electorate(uow, service.Scope(service.COMMUNITY, stage.community_id), kind)


def rooms(stage):
    with stage.unit() as uow:
        query = select(func.count()).select_from(HousingRoom)
        return uow.session.scalar(query.where(HousingRoom.community_id == stage.community_id))


def test_rooms_and_their_owners_come_in_with_the_areas_summed(stage):
    wang, li = named("王甲", phone="13900000011"), named("李乙")
    raw = file(
        line("3-2-501", "89.35", wang), line("3-2-501", "89.35", li), line("3-2-502", "70", wang),
        line("3-2-503", "60.5"), line("3-2-101", "12.5", wang, use="车位"),
    )  # fmt: skip
    report = run(stage, raw)
    assert (report["read"], report["rooms_created"], report["refused"]) == (5, 4, [])
    assert (report["people_created"], report["rooms_without_owner"]) == (2, 1)
    assert (report["rooms"], report["rooms_in_roll"], report["area_centi"]) == (4, 3, 21_985)
    assert sorted((len(head.rooms), head.area_centi) for head in heads(stage)) == [
        (1, 7000), (1, 8935)
    ]  # fmt: skip
    with stage.unit() as uow:
        [building] = uow.session.scalars(
            select(HousingBuilding).where(HousingBuilding.name == "3栋")
        )
        assert (building.storeys, building.has_lift) == (18, True)


def test_a_second_run_changes_nothing_and_a_dry_run_never_does(stage):
    raw = file(line("3-2-501", "89.35", named("王甲")))
    tried = run(stage, raw, dry_run=True)
    assert (tried["rooms_created"], tried["dry_run"], rooms(stage)) == (1, True, 0)
    run(stage, raw)
    again = run(stage, raw)
    assert again["rooms_unchanged"] == 1
    assert [again[name] for name in ("rooms_created", "rooms_updated", "people_created")] == [0] * 3


def test_a_room_whose_rows_hold_one_fault_is_refused_as_a_whole(stage):
    wang, li = named("王甲"), named("李乙")
    wrong = named("周丙")
    raw = file(
        line("3-2-501", "89.35", wang),
        line("3-2-501", "89.35", wrong).replace(wrong.number, "999902198001010000"),
        line("3-2-502", "0", li),
        line("3-2-503", "70", li),
        line("3-2-504", "70", li), line("3-2-504", "71", wang),
        line("3-2-505", "70", wang), line("3-2-505", "没有面积", li),
    )  # fmt: skip
    report = run(stage, raw)
    assert report["rooms_created"] == 1 and rooms(stage) == 1
    why = {row["row"]: row["reason"] for row in report["refused"]}
    assert set(why) == {2, 3, 4, 6, 7, 8, 9}
    assert why[2] == why[3] and "身份证号" in why[3]
    assert "面积" in why[4] and "不一样" in why[6] and "第9行有误" in why[8]
    assert wrong.number not in str(report)


def test_who_owns_a_room_is_changed_by_a_transfer_only(stage):
    raw = file(line("3-2-501", "89.35", named("王甲")))
    run(stage, raw)
    before = heads(stage)
    report = run(stage, file(line("3-2-501", "90", named("李乙"))))
    assert "请走过户" in report["refused"][0]["reason"]
    assert heads(stage) == before


def test_an_area_is_corrected_and_a_phone_and_membership_follow(stage):
    who = named("王甲")
    run(stage, file(line("3-2-501", "89.35", who)))
    changed = named("王甲", phone="13900000012")
    changed = type(who)(who.kind, who.name, who.number, "13900000012")
    report = run(stage, file(line("3-2-501", "90", changed, party="是")))
    assert (report["rooms_updated"], report["people_updated"]) == (1, 2)
    assert heads(stage)[0].area_centi == 9000
    other = type(who)(who.kind, "王乙", who.number)
    [refused] = run(stage, file(line("3-2-501", "90", other)))["refused"]
    assert "另一个姓名" in refused["reason"]


def test_a_villages_households_come_in_with_their_members(services):
    stage = estate(services, name="下塱村", kind=rules.VILLAGE)
    head, wife = named("陈甲"), named("林乙")
    raw = file(
        line("5-1-101", "180", head), line("5-1-101", "180", head, role="户籍成员", party="是"),
        line("5-1-101", "180", wife, role="户籍成员"),
    )  # fmt: skip
    assert run(stage, raw)["refused"] == []
    assert len(heads(stage, VILLAGERS)) == 2 and len(heads(stage, "party_members")) == 1
    firm = line("5-1-102", "180", head, role="户籍成员").replace(head.number, "91440101MA5ABCDE12")
    [refused] = run(stage, file(firm))["refused"]
    assert "单位不能是户籍成员" in refused["reason"]


def test_areas_are_compared_with_what_was_declared(stage):
    with stage.unit() as uow:
        uow.session.get(HousingCommunity, stage.community_id).area_declared_centi = 10_000
    report = run(stage, file(line("3-2-501", "89.35", named())))
    assert report["area_difference_centi"] == -1065


def test_only_files_that_can_be_read_come_in(stage):
    for raw, said in (
        (b"a,b\n1,2", "缺少"), (b"\xff\xfe\x00\x81", "打不开"), (b"PK\x03\x04junk", "打不开"),
        (b"a\0b", "打不开"), (('"' + HEAD).encode(), "CSV"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            run(stage, raw)
        assert said in refused.value.detail
    with pytest.raises(Invalid):
        import_files.read(io.BytesIO(b""))
    with pytest.raises(Invalid):
        import_files.read(io.BytesIO(b"x" * (import_files.MAX_BYTES + 1)))
    assert import_files.read(io.BytesIO(b"x")) == b"x"


def test_a_package_that_unpacks_to_a_flood_or_declares_entities_is_not_opened(stage):
    for name, body in (
        ("xl/workbook.xml", b"<!doctype x [<!ENTITY a 'b'>]><x>&a;</x>"),
        ("xl/media.bin", b"0" * (61 * 1024 * 1024)),
    ):
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(name, body)
        with pytest.raises(Invalid) as refused:
            run(stage, raw.getvalue())
        assert "打不开" in refused.value.detail


def test_excel_and_old_csv_are_understood(stage):
    who = named("王甲")
    book = openpyxl.Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(
        ["3栋", "2单元", "3-2-501", 5, 89.35, "住宅", "产权人", who.name, who.number]
    )
    book.active.append([None] * 9)
    body = io.BytesIO()
    book.save(body)
    assert run(stage, body.getvalue())["area_centi"] == 8935
    gbk = file(line("3-2-502", "70", named("李乙")), encoding="gb18030")
    assert run(stage, gbk)["rooms_created"] == 1


def test_the_worker_of_another_community_imports_nothing(stage):
    by = worker(scope=OTHER_AREA)
    with pytest.raises(NotFound), stage.unit(by.actor) as uow:
        importing.run(uow, by, stage.community_id, file(), dry_run=False)
    by = worker()
    with stage.unit(by.actor) as uow:
        assert importing.run(uow, by, stage.community_id, file(), dry_run=False)["read"] == 0
