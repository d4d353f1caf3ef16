"""The demo's areas and who is on duty in them. Running it again changes nothing."""

import secrets
from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from backend.demo.district import DATA
from backend.demo.register import staff_id
from backend.domains.grid import importer
from backend.domains.grid.duty_rules import DEPARTMENT, DEPUTY, LEADER, LEVELS, STREET, WORKER
from backend.domains.grid.model import Area, Duty, DutyAbsence, DutyShift, EscalationChain
from backend.domains.identity.service import RoleAt, create_demo_staff
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

SHIFTS = {"day": ("白班", time(8), time(20)), "night": ("夜班", time(20), time(8))}
# Yuehe has its own accounts, whose duty never ends, so that the demo answers at any hour; these
# two come in by shift. Each other street has three workers, a leader and somebody in its office.
YUEHE = (("周文", "grid_worker"), ("吴海燕", "grid_worker"))
OTHERS = {
    "rongan": ("梁志强", "冼小红", "龚家明", "骆永康", "孔丽珍"),
    "shitang": ("余伟光", "关少芬", "霍振华", "欧阳建", "聂春梅"),
    "dongzhou": ("麦俊杰", "游美兰", "简志鹏", "符文静", "甘国栋"),
    "qingxu": ("区伟洪", "卓小燕", "阮家宝", "幸志远", "古玉兰"),
}
ROLES = ("grid_worker", "grid_worker", "grid_worker", "grid_leader", "street_leader")


def seed(services: Services) -> None:
    """Areas, shifts, the streets' staff, duties and the escalation chain."""
    with services.unit() as uow:
        importer.run(uow, importer.read_file(DATA / "areas.geojson"))
        _put_shifts(uow)
        _put_staff(uow)
        if not uow.session.scalar(select(exists(select(Duty.id)))):
            uow.session.add(EscalationChain(street_id=None, levels=list(LEVELS)))
            _put_duties(uow)


def username(street: str, number: int) -> str:
    """The account of a street's generated staff, counted from 1."""
    return f"{street}.wg{number}"


def _put_shifts(uow: UnitOfWork) -> None:
    for code, (name, starts, ends) in SHIFTS.items():
        values = {
            "id": _shift(code), "street_id": None, "name": name, "starts": starts, "ends": ends,
            "weekdays": 0b111_1111, "version": 1,
        }  # fmt: skip
        uow.session.execute(insert(DutyShift).values(values).on_conflict_do_nothing())


def _shift(code: str) -> UUID:
    return stable_id("duty-shift", code)


def _put_staff(uow: UnitOfWork) -> None:
    people = {street: list(zip(names, ROLES, strict=True)) for street, names in OTHERS.items()}
    for street, members in {"yuehe": list(YUEHE), **people}.items():
        for number, (name, role) in enumerate(members, 1):
            create_demo_staff(
                uow,
                id=staff_id(username(street, number)),
                username=username(street, number),
                name=name,
                # Nobody signs in as them; an administrator can give a password of their own.
                password=secrets.token_urlsafe(24),
                roles=[RoleAt(role, "street", stable_id("street", street))],
            )


def _put_duties(uow: UnitOfWork) -> None:
    areas = {row.code: row for row in uow.session.scalars(select(Area).order_by(Area.code))}
    _yuehe(uow, areas)
    for street in OTHERS:
        first, second, night, leader, office = (
            staff_id(username(street, number)) for number in range(1, 6)
        )
        for number, community in enumerate(("01", "02", "03")):
            area = areas[f"{street}-{community}"].id
            _duty(uow, area, first if number < 2 else second, WORKER, "day")
            _duty(uow, area, second if number < 2 else first, DEPUTY, "day")
        whole = areas[street].id
        _duty(uow, whole, night, WORKER, "night")
        _duty(uow, whole, first, DEPUTY, "night")
        _duty(uow, whole, leader, LEADER)
        _duty(uow, whole, office, STREET)
    for department, account in (("cgj", "gaobo"), ("zjj", "tangli")):
        uow.session.add(
            Duty(
                department_id=stable_id("department", department),
                staff_id=staff_id(account),
                level=DEPARTMENT,
            )
        )
    uow.session.add(
        DutyAbsence(
            staff_id=staff_id(username("rongan", 1)),
            substitute_id=staff_id(username("rongan", 2)),
            starts_at=uow.now,
            ends_at=uow.now + timedelta(days=3),
            reason="年假",
        )
    )


def _yuehe(uow: UnitOfWork, areas: dict[str, Area]) -> None:
    """Each cell: one of the two workers and the other as deputy, at any hour."""
    chen, liu = staff_id("chenqiang"), staff_id("liuxia")
    cells = [code for code, row in areas.items() if row.kind == "cell" and code[:5] == "yuehe"]
    for number, code in enumerate(cells):
        worker, deputy = (chen, liu) if number < len(cells) / 2 else (liu, chen)
        _duty(uow, areas[code].id, worker, WORKER)
        _duty(uow, areas[code].id, deputy, DEPUTY)
    whole = areas["yuehe"].id
    for number, shift in ((1, "day"), (2, "night")):
        _duty(uow, whole, staff_id(username("yuehe", number)), WORKER, shift)
    _duty(uow, whole, staff_id("zhaogang"), LEADER)
    _duty(uow, whole, staff_id("linfang"), STREET)


def _duty(uow: UnitOfWork, area: UUID, staff: UUID, level: str, shift: str | None = None) -> None:
    uow.session.add(
        Duty(area_id=area, staff_id=staff, level=level, shift_id=_shift(shift) if shift else None)
    )
