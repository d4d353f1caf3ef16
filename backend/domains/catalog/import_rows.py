"""Rows of other catalogues as items of ours: what is refused, what is filled in, what is dropped.

Knows two shapes: the Guangdong catalogue's full rows, and lists with department, name and
address only (the item's code then stands in the address).
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from backend.domains.catalog.content import Content, Limit, Material, Place

NAME_MAX = 200
TEXT_MAX = 1000
_CODE = re.compile(r"[A-Za-z0-9._-]{4,80}")
_ITEM_CODE = re.compile(r"[?&]itemCode=([^&#]+)")
_LIMIT = re.compile(r"(\d{1,4})\s*[(（]?(工作日|自然日|天|日|小时|个工作日)[)）]?")
_UNITS = {"工作日": "workday", "个工作日": "workday", "小时": "hour"}
_LEVELS = {
    "国家级": "province", "省级": "province", "市级": "city", "县级": "district",
    "区级": "district", "县（区）级": "district", "镇级": "street", "街道级": "street",
    "镇（乡、街道）级": "street", "村级": "community", "社区级": "community",
}  # fmt: skip
_SERVICE_TYPES = ("公共服务",)
_THEMES = {
    "shengyu": ("生育收养", "生小孩", "儿童青少年", "妇女"),
    "huji": ("证件办理", "户籍办理", "迁居"),
    "jiaoyu": ("教育科研", "升学", "义务教育"),
    "jiuye": ("职业资格", "人才", "找工作", "就业创业", "创业", "高校毕业生", "失业"),
    "shebao": ("社会保障（社会保险、社会救助）",),
    "yiliao": ("医疗卫生",),
    "hunyin": ("婚姻登记", "结婚"),
    "zhufang": ("住房保障", "买房子", "抵押质押"),
    "jiaotong": ("交通出行",),
    "chujing": ("出境入境", "外国人", "港澳台侨"),
    "qiye": ("设立变更", "知识产权"),
    "zhunying": ("准营准办", "消费维权"),
    "nashui": ("纳税", "行政缴费"),
    "jiuzhu": ("社会救助",),
    "canji": ("残疾人",),
    "yanglao": ("退休", "离职退休", "养老服务", "老年人"),
    "falv": ("司法公证",),
    "sannong": ("农民", "涉农补贴"),
    "wenti": ("文化体育", "旅游观光", "民族宗教"),
    "chengjian": ("规划建设", "公用事业", "城市综合执法"),
    "huanbao": ("环保绿化",),
    "anquan": ("公共安全",),
}
_THEME_OF = {name: code for code, names in _THEMES.items() for name in names}


class Refused(ValueError):
    """The row cannot become an item; the text says why."""


@dataclass(slots=True)
class Imported:
    """A row as an item, with what was left out on the way."""

    code: str
    base_code: str
    department: str
    content: Content
    dropped: list[str] = field(default_factory=list)


def read_row(row: object) -> Imported:
    """Turn a row into an item; raises `Refused`."""
    if not isinstance(row, dict):
        raise Refused("不是一个 JSON 对象")
    name = _line(row, "name", NAME_MAX, needed=True)
    department = _line(row, "dept", 80, needed=True)
    code = _code(row, department, name)
    dropped: list[str] = []
    themes = _texts(row, "themes")
    conditions = [_cut(text, TEXT_MAX, "accept_standard", dropped) for text in _condition(row)]
    places = _places(row, dropped)
    content: Content = {
        "name": name,
        "summary": _cut(_line(row, "parent", TEXT_MAX), 200, "parent", dropped),
        "aliases": [alias[:60] for alias in _texts(row, "aliases")[:40]],
        "level": _LEVELS.get(_line(row, "level", 20), "district"),
        "item_class": _item_class(row, themes),
        "case_type": "promise",
        "group_code": "zonghe",
        "bookable": False,
        "audience": _audience(_texts(row, "targets")),
        "themes": sorted({_THEME_OF.get(theme, "qita") for theme in themes} or {"qita"}),
        "legal_limit": _limit(row, "legal_limit", dropped),
        "promise_limit": _limit(row, "promise_limit", dropped),
        "conditions": conditions,
        "materials": [_material(text) for text in _texts(row, "materials")[:100]],
        "steps": [],
        "special_procedures": [],
        "fees": [],
        "visits": 1 if places else 0,
        "visits_reason": "",
        "online_depth": 4 if row.get("platform") else 1,
        "places": places,
        "consult_phone": _cut(_line(row, "consult_phone", 2000), 200, "consult_phone", dropped),
        "complaint_phone": _cut(_line(row, "complain_phone", 2000), 200, "complain_phone", dropped),
        "courier": row.get("courier") == "是",
        "scope": "local",
        "result_type": "other",
        "result_name": "",
        "remedies": "",
        "legal_basis": [],
    }
    return Imported(code, _line(row, "catalog_code", 40), department, content, dropped)


def _code(row: dict[str, Any], department: str, name: str) -> str:
    code = row.get("code")
    if code is None:
        found = _ITEM_CODE.search(_line(row, "url", 2000))
        if found is None:
            # Department and name together are all that tells such rows apart.
            digest = hashlib.sha256(f"{department}\n{name}".encode()).hexdigest()
            return f"N-{digest[:32]}"
        code = found.group(1)
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise Refused("编码（code）应是4到80位字母、数字、点和横线")
    return code


def _line(row: dict[str, Any], key: str, maximum: int, *, needed: bool = False) -> str:
    value = row.get(key)
    if value is None and not needed:
        return ""
    if value is not None and not isinstance(value, str):
        raise Refused(f"{key} 不是文字")
    text = " ".join(_visible(unicodedata.normalize("NFC", value or "")).split())
    if needed and not text:
        raise Refused(f"缺少 {key}")
    if len(text) > maximum:
        raise Refused(f"{key} 太长：{len(text)}字，最多{maximum}字")
    return text


def _visible(text: str) -> str:
    """Drop what nobody sees (controls, direction marks, lone surrogates)."""
    return "".join(
        " " if char in "\n\r\t" else char
        for char in text
        if char in "\n\r\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )


def _texts(row: dict[str, Any], key: str) -> list[str]:
    value = row.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise Refused(f"{key} 不是文字的列表")
    cleaned = [" ".join(_visible(part).split()) for part in value]
    return [part for part in dict.fromkeys(cleaned) if part]


def _cut(text: str, maximum: int, key: str, dropped: list[str]) -> str:
    if len(text) <= maximum:
        return text
    dropped.append(f"{key} 截到{maximum}字")
    return text[:maximum]


def _condition(row: dict[str, Any]) -> list[str]:
    text = _line(row, "accept_standard", 20000)
    return [text] if text else []


def _item_class(row: dict[str, Any], themes: list[str]) -> str:
    if "公用事业" in themes:
        return "utility"
    kind = _line(row, "type", 40)
    return "service" if not kind or kind in _SERVICE_TYPES else "approval"


def _audience(targets: list[str]) -> str:
    person, other = "自然人" in targets, any(target != "自然人" for target in targets)
    if person and other:
        return "both"
    return "enterprise" if other else "person"


def _limit(row: dict[str, Any], key: str, dropped: list[str]) -> Limit | None:
    text = _line(row, key, 100)
    if not text:
        return None
    found = _LIMIT.fullmatch(text)
    if found is None:
        dropped.append(f"{key} 看不懂：{text[:20]}")
        return None
    return {"value": int(found.group(1)), "unit": _UNITS.get(found.group(2), "day")}


def _material(name: str) -> Material:
    return {
        "name": name[:200],
        "form": "original",
        "count": 1,
        "necessity": "required",
        "source": "",
        "replaced_by_licence": None,
        "legal_basis": "",
        "note": "",
    }


def _places(row: dict[str, Any], dropped: list[str]) -> list[Place]:
    address = _line(row, "location", 20000).removeprefix("办理地点：")
    if not address or "无线下办理窗口" in address:
        return []
    place: Place = {
        "hall_code": "",
        "windows_text": "",
        "address": _cut(address, 200, "location", dropped),
    }
    return [place]
