"""What was changed about caps and rates, in words. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Every cap and rate that is new, different or gone, for the trace; empty for none."""
    said = _differences(before["caps"], after["caps"], "scope", _cap_text)
    said += _differences(before["rates"], after["rates"], "key", _rate_text)
    return "；".join(said)


def _differences(before: Sequence[Item], after: Sequence[Item], key: str, text: Any) -> list[str]:
    old = {item[key]: text(item) for item in before}
    new = {item[key]: text(item) for item in after}
    said = [
        f"{words}（原来{old[name]}）" if name in old else words
        for name, words in new.items()
        if old.get(name) != words
    ]
    return said + [f"取消：{words}" for name, words in old.items() if name not in new]


def _cap_text(item: Item) -> str:
    return f"{item['name']}每人每天 {item['per_day']} 条"


def _rate_text(item: Item) -> str:
    day = f"，每天 {item['per_day']} 条" if item["per_day"] is not None else ""
    return f"{item['name']}每秒 {item['per_second']:g} 条，一下最多 {item['burst']} 条{day}"
