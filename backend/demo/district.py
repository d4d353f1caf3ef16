"""The fictional district: 岭川区 of 南屿市, code 999901, which no real place carries."""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def district() -> dict[str, Any]:
    """Names and codes of the district, its streets, departments, halls and item groups."""
    text = (DATA / "district.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
