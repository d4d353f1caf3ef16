"""A district's own limits of clocks, edited as one list."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from backend.kernel.clock_rules import Limit
from backend.kernel.errors import Invalid, Stale
from backend.kernel.uow import UnitOfWork

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LimitList:
    """The limits kept in `model`: kind, category_code, amount, unit and what else they depend on.

    `qualifier` is the name of that column; `lock` is a number of this list's own, for PostgreSQL.
    """

    model: Any
    qualifier: str
    kind_text: Mapping[str, str]
    lock: int

    def held(self, uow: UnitOfWork) -> None:
        """Let nobody else replace the list until this transaction ends."""
        uow.session.execute(select(func.pg_advisory_xact_lock(self.lock)))

    def items(self, uow: UnitOfWork) -> list[Item]:
        """The limits that are set, in one order."""
        model = self.model
        order = (model.kind, model.category_code, getattr(model, self.qualifier), model.id)
        return [self._item(row) for row in uow.session.scalars(select(model).order_by(*order))]

    def replace(self, uow: UnitOfWork, items: Sequence[Item], known_codes: Iterable[str]) -> str:
        """Put a whole list in place of the one before; what has changed, in words.

        `Invalid` where two limits are for the same case, or a category is not there. Clocks that
        run keep theirs.
        """
        self._check(items, set(known_codes))
        before = {self._key(item): item for item in self.items(uow)}
        uow.session.execute(delete(self.model).execution_options(synchronize_session=False))
        uow.session.expunge_all()
        fields = ("kind", "category_code", self.qualifier, "amount", "unit")
        uow.session.add_all([self.model(**{name: item[name] for name in fields}) for item in items])
        uow.session.flush()
        after = {self._key(item): item for item in items}
        said = [self._words(item) for key, item in after.items() if _differs(before.get(key), item)]
        said += [f"取消 {self._words(item)}" for key, item in before.items() if key not in after]
        return "；".join(said)

    def _check(self, items: Sequence[Item], known: set[str]) -> None:
        if len({self._key(item) for item in items}) < len(items):
            raise Invalid(
                "double_rule", detail="同一种情况的同一时限只能有一条",
                fields={"items": ["有重复的时限"]},
            )  # fmt: skip
        if {item["category_code"] for item in items} - {None} - known:
            raise Invalid(
                "unknown_category", detail="有的类别不存在", fields={"items": ["没有这个类别"]}
            )

    def _item(self, row: Any) -> Item:
        return {
            "kind": row.kind,
            "kind_text": self.kind_text[row.kind],
            "category_code": row.category_code,
            self.qualifier: getattr(row, self.qualifier),
            "amount": row.amount,
            "unit": row.unit,
        }

    def _key(self, item: Item) -> tuple[str, str | None, str | None]:
        return item["kind"], item["category_code"], item[self.qualifier]

    def _words(self, item: Item) -> str:
        limit = Limit(item["amount"], item["unit"])
        of = f"{item['category_code'] or '全部类别'}/{item[self.qualifier] or '全部'}"
        return f"{of} {self.kind_text[item['kind']]} {limit.text}"


def etag(*parts: Any) -> str:
    """Names what is set now."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def seen(if_match: str | None, now: str, what: str = "时限") -> None:
    """`Stale` unless this is the state of `what` that the editor has read."""
    if (if_match or "").strip().removeprefix("W/").strip('"') != now:
        raise Stale("stale", detail=f"别人刚改过{what}", action="请刷新后再改")


def _differs(before: Item | None, item: Item) -> bool:
    return before is None or (before["amount"], before["unit"]) != (item["amount"], item["unit"])
