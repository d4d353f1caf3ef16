"""The own duty, as the phone of a grid worker shows it."""

from typing import Any
from uuid import UUID

from backend.domains.grid import duty
from backend.domains.grid import duty_rules as rules
from backend.domains.grid.index import areas_of
from backend.kernel.clock import local
from backend.kernel.uow import UnitOfWork

OFF = "现在不当班"


def now(uow: UnitOfWork, staff_id: UUID) -> dict[str, Any]:
    """Whether on duty now, in which shifts, and the cells, by code."""
    away = duty.absent_at(uow, uow.now)
    mine = [
        row
        for row in duty.rows_for(uow, duty.stood_for(away, staff_id))
        if rules.covers(row.shift, local(uow.now))
        and rules.stands_in(row.duty.staff_id, away) == staff_id
    ]
    texts = dict.fromkeys(row.text for row in mine)
    index = areas_of(uow)
    cells = index.cells_below(row.duty.area_id for row in mine if row.duty.area_id)
    refs = sorted((index.by_id[one].ref for one in cells), key=lambda ref: ref.code)
    return {
        "on_duty": bool(mine),
        "shift_text": "、".join(texts) or (OFF if staff_id not in away else "请假中，由替班人值守"),
        "cells": [{"id": ref.id, "name": ref.name} for ref in refs],
    }
