"""The demo district's service items and life events. Running it again changes nothing."""

import json
from typing import Any

from sqlalchemy import select

from backend.demo.district import DATA
from backend.domains.catalog import service
from backend.domains.catalog.model import Item, LifeEvent, LifeEventStep
from backend.domains.catalog.rules import order_problems
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork


def items() -> list[tuple[str, dict[str, Any]]]:
    """All demo items as written in `data/items`, each with its department's code."""
    found = []
    for path in sorted((DATA / "items").glob("*.json")):
        written = json.loads(path.read_text(encoding="utf-8"))
        found += [(written["department"], row) for row in written["items"]]
    return found


def life_events() -> list[dict[str, Any]]:
    """The life events as written in `data/life_events.json`."""
    found: list[dict[str, Any]] = json.loads(
        (DATA / "life_events.json").read_text(encoding="utf-8")
    )
    return found


def seed(services: Services) -> None:
    """Publish every demo item that is not there yet, then the life events."""
    with services.unit() as uow:
        there = set(uow.session.scalars(select(Item.implementation_code)))
        for department, row in items():
            if row["implementation_code"] not in there:
                _publish(uow, department, row)
        for position, event in enumerate(life_events(), 1):
            if uow.session.get(LifeEvent, event["code"]) is None:
                _event(uow, position, event)


def _publish(uow: UnitOfWork, department: str, row: dict[str, Any]) -> None:
    codes = service.Codes(
        implementation_code=row["implementation_code"],
        department_id=stable_id("department", department),
        base_code=row["base_code"],
        business_code=row["business_code"],
        source="demo",
    )
    version = service.create(uow, codes, row["content"])
    service.publish(uow, version.item_id)


def _event(uow: UnitOfWork, position: int, event: dict[str, Any]) -> None:
    wrong = order_problems([(step["order"], step["after"]) for step in event["steps"]])
    if wrong:
        raise ValueError(f"{event['code']}: {wrong}")
    uow.session.add(
        LifeEvent(
            code=event["code"], name=event["name"], summary=event["summary"], position=position
        )
    )
    uow.session.flush()
    for step in event["steps"]:
        uow.session.add(
            LifeEventStep(
                event_code=event["code"],
                position=step["order"],
                item_id=stable_id("item", step["item"]),
                after=step["after"],
                note=step["note"],
            )
        )
    uow.session.flush()
