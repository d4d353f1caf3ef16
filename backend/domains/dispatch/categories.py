"""Categories and the limits of clocks as the district has set them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.dispatch import clock_rules, emergency_rules, ports, text_rules
from backend.domains.dispatch.settings_model import ClockRule, EventCategory
from backend.kernel.clock_rules import Limit, Rule, limit_of
from backend.kernel.database import table_of
from backend.kernel.errors import Invalid
from backend.kernel.ids import stable_id
from backend.kernel.uow import UnitOfWork

OTHER = "other"
OTHER_NAME = "其他"


@dataclass(frozen=True)
class Kind:
    """A category with the limits that hold for its events."""

    code: str
    name: str = OTHER_NAME
    parent_code: str | None = None
    urgency: str = "normal"
    dispose: Limit | None = None
    before_photo: bool = False
    after_photo: bool = False
    department_code: str | None = None
    public: bool = True
    rules: tuple[Rule, ...] = ()

    @cached_property
    def line(self) -> tuple[str, ...]:
        """The category and the one above it."""
        return (self.code, self.parent_code) if self.parent_code else (self.code,)

    @property
    def department_id(self) -> UUID | None:
        """The department that usually answers for it."""
        return stable_id("department", self.department_code) if self.department_code else None

    def limit(self, kind: str, urgency: str, *, hard: bool = False) -> Limit:
        """The limit of a clock; a hard case gives a department 5 working days to arrive."""
        base = self.dispose if kind == clock_rules.DISPOSE else None
        if kind == clock_rules.ARRIVE and hard:
            base = clock_rules.ARRIVE_HARD
        default = clock_rules.default_limit(kind, urgency)
        return limit_of(self.rules, kind, self.line, urgency, default=default, base=base)


def read(uow: UnitOfWork, code: str) -> Kind:
    """The category with its limits in one query; a plain `其他` for a code that is not kept."""
    found = uow.session.execute(
        select(EventCategory, ClockRule)
        .outerjoin(
            ClockRule,
            or_(
                ClockRule.category_code.is_(None),
                ClockRule.category_code == EventCategory.code,
                ClockRule.category_code == EventCategory.parent_code,
            ),
        )
        .where(EventCategory.code == code)
    ).all()
    if not found:
        general = uow.session.scalars(select(ClockRule).where(ClockRule.category_code.is_(None)))
        return Kind(code, rules=tuple(_rule(row) for row in general))
    row = found[0][0]
    return Kind(
        code=row.code,
        name=row.name,
        parent_code=row.parent_code,
        urgency=row.urgency,
        dispose=Limit(row.dispose_amount, row.dispose_unit),
        before_photo=row.before_photo,
        after_photo=row.after_photo,
        department_code=row.department_code,
        public=row.public,
        rules=tuple(_rule(rule) for _, rule in found if rule is not None),
    )


def chosen(uow: UnitOfWork, code: str) -> Kind:
    """The category a person chose; `Invalid` unless it is kept, active, and not only a group."""
    row = uow.session.get(EventCategory, code)
    if row is None and code == OTHER:
        return read(uow, OTHER)
    grouping = select(EventCategory.code).where(EventCategory.parent_code == code).limit(1)
    if row is None or not row.active or uow.session.scalar(grouping) is not None:
        text = "请重新选择类别"
        raise Invalid("unknown_category", detail=text, fields={"category_code": [text]})
    return read(uow, code)


def suggested(uow: UnitOfWork, words: str) -> Kind:
    """The category the words speak for: the model's if it is sure, a keyword's, else `其他`."""
    sure = [
        code
        for code, share in ports.suggestions(uow.services, words)
        if share >= ports.threshold(uow.services)
    ]
    rows = leaves(uow)
    code = next((code for code in sure if code in rows), None)
    code = code or text_rules.by_keywords(words, {c: row.keywords for c, row in rows.items()})
    return read(uow, code or OTHER)


def leaves(uow: UnitOfWork) -> dict[str, EventCategory]:
    """The active categories that can be chosen, by code, in the district's order."""
    rows = list(
        uow.session.scalars(
            select(EventCategory)
            .where(EventCategory.active)
            .order_by(EventCategory.position, EventCategory.code)
        )
    )
    groups = {row.parent_code for row in rows}
    return {row.code: row for row in rows if row.code not in groups}


def urgency_for(words: str, kind: Kind, wanted: str | None = None) -> str:
    """Never less urgent than words, category or the reporter say."""
    if wanted == emergency_rules.URGENT:
        return wanted
    return emergency_rules.urgency_of(words, kind.urgency)


def load(uow: UnitOfWork, document: Mapping[str, Any]) -> int:
    """Bring in `{categories: [{code, name, …, children: […]}]}`; how many rows there were.

    Rows that are there already keep what staff have set; nothing is deleted.
    """
    rows = list(_flat(document["categories"], None))
    table = table_of(EventCategory)
    for position, row in enumerate(rows):
        values = {"position": position, **row}
        uow.session.execute(
            insert(table).values(values).on_conflict_do_nothing(index_elements=["code"])
        )
    return len(rows)


def _flat(rows: Any, parent: Mapping[str, Any] | None) -> Any:
    for row in rows:
        own = {key: value for key, value in row.items() if key != "children"}
        if parent is not None:
            own = {"parent_code": parent["code"], "icon": parent.get("icon", ""), **own}
        yield own
        yield from _flat(row.get("children", ()), row)


def _rule(row: ClockRule) -> Rule:
    return Rule(row.kind, row.category_code, row.urgency, Limit(row.amount, row.unit))
