"""The last simulated busy hour, as `make busy-hour` wrote it into the data folder."""

import json
from typing import Any, cast

from backend.kernel.services import Services

FILE = "busy-hour.json"
_NONE: dict[str, Any] = {
    "measured_on": "", "operators": 0, "calls": 0, "pace": 1.0, "tickets": 0, "failed": 0,
    "average_wait_seconds": 0.0, "answered_15s_rate": 0.0, "points": [], "actions": [],
}  # fmt: skip


def read(services: Services) -> dict[str, Any]:
    """Its figures; no points where none was simulated."""
    path = services.settings.data_dir / FILE
    if not path.is_file():
        return _NONE
    return cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))
