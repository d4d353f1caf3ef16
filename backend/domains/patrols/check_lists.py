"""What to look at in places of each type: the lists that come with the product, and newer ones.

Version 1 of each is here, after what fire and production safety inspections of small places
look at first (九小场所, 出租屋, 工地); a district's own versions are rows and count from 2.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from backend.domains.patrols import rules
from backend.domains.patrols.model import CheckList
from backend.kernel.errors import Invalid, Stale
from backend.kernel.ids import stable_id
from backend.kernel.trace import Subject, record
from backend.kernel.uow import UnitOfWork

Item = dict[str, Any]
_BUILT_IN: dict[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "catering": ("小餐饮", (
        ("gas_hose", "燃气软管完好，没有老化、穿墙", "金属软管，长度不超过2米，没有三通"),
        ("gas_valve", "气瓶间通风，阀门和报警器正常", "瓶装气不放在地下室、不与明火同屋"),
        ("extinguisher", "灭火器在有效期，压力正常", "指针在绿区，每50平方米至少一具"),
        ("exit", "安全出口畅通，没有上锁、堵塞", "营业时门能从里面打开"),
        ("flue", "油烟管道按期清洗", "看清洗记录，至少每季度一次"),
        ("wiring", "电线穿管，没有乱拉乱接", ""),
    )),
    "shop": ("小商店", (
        ("exit", "安全出口畅通，没有上锁、堵塞", ""),
        ("extinguisher", "灭火器在有效期，压力正常", "指针在绿区"),
        ("wiring", "电线穿管，没有乱拉乱接", ""),
        ("living", "店里不住人，没有“三合一”", "经营、仓储、住宿没有混在一起"),
        ("charging", "没有电动车或电池在室内充电", ""),
    )),
    "workshop": ("小作坊", (
        ("exit", "安全出口畅通，没有上锁、堵塞", ""),
        ("extinguisher", "灭火器在有效期，压力正常", "指针在绿区"),
        ("chemicals", "易燃易爆物品单独存放", "远离火源和配电箱"),
        ("machines", "机器有护罩和急停", ""),
        ("living", "作坊里不住人", ""),
        ("wiring", "电线穿管，配电箱有漏电保护", ""),
    )),
    "rental": ("出租屋", (
        ("register", "住客登记和实际一致", "问住了几个人，看登记"),
        ("exit", "楼梯和通道没有堆放杂物", "逃生窗能打开"),
        ("charging", "电动车没有进楼、飞线充电", ""),
        ("gas_heater", "燃气热水器装在通风处，烟道通到室外", "直排式的要拆掉"),
        ("wiring", "没有乱拉电线、用大功率电器", ""),
        ("partition", "没有违规隔断、群租", ""),
        ("smoke_alarm", "独立烟感装了并能报警", "按一下测试键"),
    )),
    "site": ("工地", (
        ("enclosure", "围挡完整，出入口有人看守", ""),
        ("dust", "裸土覆盖，喷淋在用，车辆冲洗", ""),
        ("scaffold", "脚手架、临边防护齐全", ""),
        ("helmet", "进场戴安全帽，高处系安全带", ""),
        ("electricity", "一机一闸一漏，电缆没有拖地", ""),
        ("fire", "动火有审批，旁边有灭火器", ""),
        ("hours", "没有夜间超时施工", "夜间22时到次日6时"),
    )),
    "public_place": ("公共设施", (
        ("manhole", "井盖在位、没有破损", ""),
        ("lamp", "路灯、护栏完好", ""),
        ("playground", "健身和游乐设施牢固", ""),
        ("trees", "树枝没有压线、断枝", ""),
        ("water", "没有积水、漏水", ""),
    )),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Current:
    """The newest version of a place type's list."""

    place_type: str
    version: int
    name: str
    items: list[Item]


def versions(uow: UnitOfWork, place_type: str) -> dict[int, Current]:
    """All versions of a place type's list by number; empty for an unknown type."""
    found = {}
    if place_type in _BUILT_IN:
        found[1] = _built_in(place_type)
    rows = uow.session.scalars(select(CheckList).where(CheckList.place_type == place_type))
    return found | {row.version: _of(row) for row in rows}


def current(uow: UnitOfWork) -> list[Current]:
    """The newest list of every place type, those that come with the product first."""
    found = {place_type: _built_in(place_type) for place_type in _BUILT_IN}
    for row in uow.session.scalars(
        select(CheckList).order_by(CheckList.place_type, CheckList.version)
    ):
        found[row.place_type] = _of(row)
    return list(found.values())


def replace(
    uow: UnitOfWork, place_type: str, name: str, items: list[Item], version: int
) -> Current:
    """Write the next version of a list; `version` is the one it was made from, 0 for a new type.

    `Stale` when there is a newer one by now. Checks made with an older version keep it.
    """
    # Of two who write the same version the second sees the first's.
    lock = func.pg_advisory_xact_lock(func.hashtext(f"check_list:{place_type}"))
    uow.session.execute(select(lock))
    found = versions(uow, place_type)
    if max(found, default=0) != version:
        raise Stale(detail="别人刚刚改过这份清单", action="请刷新后再改一次")
    problem = rules.list_problem(place_type, items)
    if problem:
        raise Invalid("bad_check_list", title=problem[1], fields={problem[0]: [problem[1]]})
    row = CheckList(
        place_type=place_type, version=version + 1, name=name,
        items=items, created_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    record(
        uow,
        subject=Subject("check_list", stable_id("check_list", place_type)),
        action="edit",
        internal_text=f"{name} 第{row.version}版，{len(items)}项",
    )
    return _of(row)


def _built_in(place_type: str) -> Current:
    name, rows = _BUILT_IN[place_type]
    items = [{"key": key, "text": text, "hint": hint} for key, text, hint in rows]
    return Current(place_type, 1, name, items)


def _of(row: CheckList) -> Current:
    return Current(row.place_type, row.version, row.name, list(row.items))
