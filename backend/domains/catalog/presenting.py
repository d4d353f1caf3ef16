"""Items as residents and staff read them: codes beside their Chinese words."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from appointments import views
from backend.domains.catalog import content as words
from backend.domains.catalog import store
from backend.domains.catalog.content import Content, Material, Place
from backend.domains.catalog.model import Item, ItemVersion
from backend.kernel.ids import stable_id


def card(item: Item, version: ItemVersion, departments: dict[UUID, str]) -> dict[str, Any]:
    """The item in a list (`ItemCard`)."""
    content = store.content_of(version)
    return {
        "id": item.id,
        "code": item.implementation_code,
        "name": version.name,
        "department_name": departments.get(item.department_id, ""),
        "level": version.level,
        "level_text": words.LEVELS[version.level],
        "case_type": version.case_type,
        "case_type_text": words.CASE_TYPES[version.case_type],
        "promise_text": words.limit_text(content["promise_limit"]),
        "visits": version.visits,
        "bookable": version.bookable,
        "summary": content["summary"],
    }


def guide(
    session: Session, item: Item, version: ItemVersion, departments: dict[UUID, str]
) -> dict[str, Any]:
    """The whole guide of one version (`Item`)."""
    content = store.content_of(version)
    return {
        **card(item, version, departments),
        "implementation_code": item.implementation_code,
        "business_code": item.business_code,
        "base_code": item.base_code,
        "version": version.number,
        "published_at": version.published_at,
        "legal_limit_text": words.limit_text(content["legal_limit"]),
        "promise_limit_text": words.limit_text(content["promise_limit"]),
        "materials": [_material(material) for material in content["materials"]],
        "fees": [
            {"name": f["name"], "amount_text": f["amount_text"], "basis": f["basis"]}
            for f in content["fees"]
        ],
        "places": places(session, content["places"]),
        "themes": [{"code": code, "name": words.THEMES[code]} for code in content["themes"]],
        **_worded(content),
    }


def _worded(content: Content) -> dict[str, Any]:
    return {
        "aliases": content["aliases"],
        "group_code": content["group_code"],
        "group_text": words.GROUPS[content["group_code"]],
        "item_class": content["item_class"],
        "item_class_text": words.ITEM_CLASSES[content["item_class"]],
        "conditions": content["conditions"],
        "steps": content["steps"],
        "special_procedures": content["special_procedures"],
        "visits_reason": content["visits_reason"],
        "online_depth": content["online_depth"],
        "online_depth_text": words.ONLINE_DEPTHS[content["online_depth"]],
        "consult_phone": content["consult_phone"],
        "complaint_phone": content["complaint_phone"],
        "courier": content["courier"],
        "scope_text": words.SCOPES[content["scope"]],
        "result_type_text": words.RESULT_TYPES[content["result_type"]],
        "result_name": content["result_name"],
        "remedies": content["remedies"],
        "legal_basis": content["legal_basis"],
        "audience_text": words.AUDIENCES[content["audience"]],
    }


def _material(material: Material) -> dict[str, Any]:
    return {
        **{key: value for key, value in material.items() if key != "form"},
        "form_text": words.MATERIAL_FORMS[material["form"]],
        "necessity_text": words.NECESSITIES[material["necessity"]],
    }


def places(session: Session, chosen: list[Place]) -> list[dict[str, Any]]:
    """The halls of an item as they are now; a hall that has closed is told as the guide had it."""
    halls = {hall.code: hall for hall in views.halls(session)} if chosen else {}
    found = []
    for place in chosen:
        code = place["hall_code"]
        hall = halls.get(code)
        if hall is not None:
            now: dict[str, Any] = {
                "hall_name": hall.name,
                "address": hall.address,
                "floor": hall.floor,
                "opening_hours": hall.opening_hours,
                "phone": hall.phone,
            }
        else:
            now = {
                "hall_name": place.get("hall_name", ""),
                "address": place.get("address", ""),
                "floor": place.get("floor", ""),
                "opening_hours": place.get("opening_hours", []),
                "phone": place.get("phone", ""),
            }
        found.append(
            {
                "hall_id": hall.id if hall else stable_id("hall", code) if code else None,
                "hall_code": code,
                "windows_text": place["windows_text"],
                **now,
            }
        )
    return found
