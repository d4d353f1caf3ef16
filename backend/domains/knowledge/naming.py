"""What codes are called: categories of the knowledge base and of dispatch, and regions."""

from collections.abc import Sequence
from typing import Any

from backend.domains.dispatch import service as dispatch
from backend.domains.knowledge import rules
from backend.domains.knowledge.field_rules import CATEGORIES, CATEGORY_GROUPS
from backend.domains.organisation import service as organisation
from backend.kernel.uow import UnitOfWork

EVERYWHERE = "全区"


def categories(uow: UnitOfWork) -> dict[str, str]:
    """Names of all leaf categories by code; those of the street's events are among them."""
    found = {one.code: one.name for one in dispatch.published_categories(uow)}
    return {**found, **CATEGORIES}


def category_name(uow: UnitOfWork, code: str) -> str:
    """What a category is called; the code itself where it is not known any more."""
    return CATEGORIES.get(code) or categories(uow).get(code, code)


def region_text(uow: UnitOfWork, codes: Sequence[str]) -> str:
    """`越和街道、石塘街道`, or the whole district."""
    if not codes:
        return EVERYWHERE
    names = {place.code: place.name for place in organisation.streets(uow.session)}
    return "、".join(names.get(code, code) for code in codes)


def options(uow: UnitOfWork) -> dict[str, Any]:
    """What an editor chooses from."""
    groups = {name: dict(group) for name, group in CATEGORY_GROUPS.items()}
    for one in dispatch.published_categories(uow):
        # A code that stands in two groups would be chosen in both.
        if one.code not in CATEGORIES:
            groups.setdefault(one.group or "城市管理", {})[one.code] = one.name
    return {
        "categories": [
            {"group": name, "items": _pairs(group)} for name, group in groups.items() if group
        ],
        "material_kinds": _pairs(rules.MATERIAL_TEXT),
        "audiences": _pairs(rules.AUDIENCE_TEXT),
        "regions": [
            {"code": place.code, "name": place.name} for place in organisation.streets(uow.session)
        ],
        "departments": [
            {"id": place.id, "code": place.code, "name": place.name}
            for place in organisation.departments(uow.session)
        ],
    }


def _pairs(names: dict[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "name": name} for code, name in names.items()]
