"""Editing what a district sets for its events: categories and the limits of clocks."""

from typing import Any

from sqlalchemy import select, update

from backend.domains.dispatch import clock_rules
from backend.domains.dispatch.settings_model import ClockRule, EventCategory
from backend.domains.organisation import service as organisation
from backend.kernel import limit_lists, trace
from backend.kernel.errors import Invalid, Stale
from backend.kernel.ids import stable_id
from backend.kernel.limit_lists import LimitList
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

_SHOWN = (
    "code", "parent_code", "name", "hint", "icon", "urgency", "dispose_amount", "dispose_unit",
    "before_photo", "after_photo", "department_code", "keywords", "public", "active", "position",
)  # fmt: skip
_LIMITS = LimitList(ClockRule, "urgency", clock_rules.KIND_TEXT, lock=0x4C494D01)
# In If-Match for a category that is not there yet.
NEW = "new"


def categories(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Every category, groups before what is in them, inactive ones too."""
    rows = list(
        uow.session.scalars(
            select(EventCategory).order_by(EventCategory.position, EventCategory.code)
        )
    )
    groups = [row for row in rows if row.parent_code is None]
    known = {row.code for row in groups}
    found = []
    for group in groups:
        found += [group, *(row for row in rows if row.parent_code == group.code)]
    found += [row for row in rows if row.parent_code is not None and row.parent_code not in known]
    return [shown(row) for row in found]


def shown(row: EventCategory) -> dict[str, Any]:
    """A category with its ETag."""
    return {name: getattr(row, name) for name in _SHOWN} | {"etag": str(row.version)}


def save_category(
    uow: UnitOfWork, code: str, body: dict[str, Any], if_match: str | None
) -> dict[str, Any]:
    """Change the category, or make it where there is none (`If-Match: "new"`); traced.

    `Stale` when somebody has changed it since it was read; `Invalid` for a parent that is not a
    group, or a department that is not there.
    """
    _check(uow, code, body)
    seen = (if_match or "").strip().removeprefix("W/").strip('"')
    row = uow.session.get(EventCategory, code, with_for_update=True, populate_existing=True)
    before = {name: getattr(row, name) for name in _SHOWN} if row else {}
    if seen != (str(row.version) if row else NEW):
        raise Stale("stale", detail="别人刚改过这个类别", action="请刷新后再改")
    if row is None:
        row = EventCategory(code=code, **body)
        uow.session.add(row)
        uow.session.flush()
    else:
        uow.session.execute(
            update(EventCategory)
            .where(EventCategory.code == code)
            .values(**body, version=EventCategory.version + 1)
            .execution_options(synchronize_session=False)
        )
        uow.session.refresh(row)
    changes = [
        f"{name}：{before.get(name, '')} → {getattr(row, name)}"
        for name in _SHOWN
        if before.get(name) != getattr(row, name)
    ]
    trace.record(
        uow,
        subject=Subject("event_category", stable_id("event_category", code)),
        action="change" if before else "create",
        internal_text=f"{code} " + "；".join(changes),
    )
    return shown(row)


def _check(uow: UnitOfWork, code: str, body: dict[str, Any]) -> None:
    parent = body["parent_code"]
    problems: dict[str, list[str]] = {}
    if parent is not None:
        group = uow.session.get(EventCategory, parent)
        if group is None or group.parent_code is not None or parent == code:
            problems["parent_code"] = ["请选一个大类"]
        below = select(EventCategory.code).where(EventCategory.parent_code == code).limit(1)
        if uow.session.scalar(below) is not None:
            problems["parent_code"] = ["这个大类下面还有小类，不能再放进别的大类"]
    wanted = body["department_code"]
    codes = {place.code for place in organisation.departments(uow.session)}
    if wanted is not None and wanted not in codes:
        problems["department_code"] = ["没有这个部门"]
    if problems:
        text = next(iter(problems.values()))[0]
        raise Invalid("invalid_category", detail=text, fields=problems)


def limits(uow: UnitOfWork) -> dict[str, Any]:
    """The limits set by the district, and those that hold where none is set."""
    items = _LIMITS.items(uow)
    return {
        "items": items,
        "defaults": [
            {
                "kind": kind,
                "kind_text": clock_rules.KIND_TEXT[kind],
                "urgency": urgency,
                "amount": limit.amount,
                "unit": limit.unit,
            }
            for (kind, urgency), limit in clock_rules.DEFAULTS.items()
        ],
        "etag": limit_lists.etag(items),
    }


def save_limits(
    uow: UnitOfWork, items: list[dict[str, Any]], if_match: str | None
) -> dict[str, Any]:
    """Put a whole list of limits in place of the one before; running clocks keep theirs. Traced."""
    _LIMITS.held(uow)
    limit_lists.seen(if_match, limit_lists.etag(_LIMITS.items(uow)))
    said = _LIMITS.replace(uow, items, uow.session.scalars(select(EventCategory.code)))
    trace.record(
        uow,
        subject=Subject("clock_rules", stable_id("clock_rules", "all")),
        action="change",
        internal_text=said or "没有变化",
    )
    return limits(uow)
