"""The last simulated busy hour, as `make busy-hour` wrote it into the data folder."""

import json
from typing import Any, cast

from backend.kernel.errors import NotFound
from backend.kernel.services import Services

FILE = "busy-hour.json"


def read(services: Services) -> dict[str, Any]:
    """Its figures; `NotFound` where none was simulated."""
    path = services.settings.data_dir / FILE
    if not path.is_file():
        raise NotFound(
            "not_simulated", title="还没有模拟过繁忙时段", action="请先运行 make busy-hour"
        )
    return cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))
