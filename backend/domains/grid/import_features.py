"""Features of a GeoJSON file as areas: what each must say, and why one is refused."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from backend.domains.grid import coordinate_rules, geometry
from backend.domains.grid.model import KINDS

NAME_MAX, ALIAS_MAX, ALIASES_MOST = 80, 60, 20
_CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")


class Refused(ValueError):
    """The feature cannot become an area; the text says why."""


@dataclass(slots=True)
class Candidate:
    """A feature that can be read; whether it fits with the others is still to be seen."""

    number: int
    kind: str
    code: str
    name: str
    parent: str | None
    aliases: list[str]
    outline: geometry.Outline


def read_feature(number: int, raw: object, system: str) -> Candidate:
    """The feature at place `number` of the file, its coordinates in `system`; or `Refused`."""
    if not isinstance(raw, dict) or raw.get("type") != "Feature":
        raise Refused("不是一个 Feature")
    said = raw.get("properties")
    if not isinstance(said, dict):
        raise Refused("缺少 properties")
    kind = said.get("kind")
    if kind not in KINDS:
        raise Refused("kind 应是 street、community 或 cell")
    code = said.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise Refused("code 应是1到40位字母、数字、点和横线")
    return Candidate(
        number=number,
        kind=kind,
        code=code,
        name=_line(said.get("name"), "name", NAME_MAX),
        parent=_parent(said.get("parent"), kind),
        aliases=_aliases(said.get("aliases")),
        outline=_outline(raw.get("geometry"), system),
    )


def _parent(value: object, kind: str) -> str | None:
    if kind == "street":
        if value is not None:
            raise Refused("街道没有上级，parent 应为空")
        return None
    if not isinstance(value, str) or not value:
        raise Refused("缺少 parent（上级的 code）")
    return value


def _line(value: object, key: str, maximum: int) -> str:
    if not isinstance(value, str):
        raise Refused(f"{key} 不是文字")
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text):
        raise Refused(f"{key} 含有看不见的特殊字符")
    if not 1 <= len(text) <= maximum:
        raise Refused(f"{key} 应有1到{maximum}个字")
    return text


def _aliases(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > ALIASES_MOST:
        raise Refused(f"aliases 应是最多{ALIASES_MOST}个文字的列表")
    return list(dict.fromkeys(_line(one, "aliases", ALIAS_MAX) for one in value))


def _outline(value: Any, system: str) -> geometry.Outline:
    try:
        outline = geometry.read(value)
        if system == coordinate_rules.WGS84:
            return outline
        turned = geometry.mapped(geometry.written(outline), _to_wgs84)
        return geometry.read(turned)
    except geometry.BadOutline as bad:
        raise Refused(str(bad)) from None


def _to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    there = coordinate_rules.gcj02_to_wgs84(latitude, longitude)
    return there[1], there[0]
