"""Fields of articles as other people's files write them: names, dates, lists and choices."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from backend.domains.knowledge import rules
from backend.domains.knowledge.field_rules import FIELDS, LABELS

# How columns are headed, beside our own names.
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("标题", "知识标题", "名称", "问题"),
    "summary": ("摘要", "概述"),
    "public_text": ("公开内容", "内容", "正文", "答案", "回答", "text", "content", "body"),
    "internal_text": ("内部内容", "内部说明", "内部备注"),
    "material_kind": ("材料类型", "类型", "知识类型", "kind"),
    "keywords": ("关键词", "关键字", "标签", "tags"),
    "issuing_unit": ("发布单位", "发文单位", "来源单位", "单位"),
    "document_number": ("文号", "发文字号"),
    "category_code": ("分类", "类别", "category"),
    "audience": ("公开范围", "公开", "范围", "密级"),
    "region_codes": ("适用地区", "地区", "regions", "region"),
    "effective_on": ("生效日期", "生效时间", "实施日期", "date"),
    "expires_on": ("失效日期", "失效时间", "有效期至"),
    "source_url": ("来源网址", "来源", "网址", "链接", "url"),
}
_FIELD_OF = {
    alias.casefold(): field for field, names in _NAMES.items() for alias in (field, *names)
}
_DATE = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?\s*\Z")
_LIST = re.compile(r"[,，;；、|\n]+")
_DATES, _LISTS = ("effective_on", "expires_on"), ("keywords", "region_codes")
_ALWAYS = ("长期", "长期有效", "永久", "无")


class Refused(ValueError):
    """The row cannot become an article; the text says why, for the person who sent it."""


def field_of(heading: object) -> str | None:
    """The field that a column or key means; None for one we do not know."""
    return _FIELD_OF.get(str(heading or "").strip().rstrip("：:").casefold())


def content_of(
    row: Mapping[str, Any], categories: Mapping[str, str], regions: Mapping[str, str]
) -> dict[str, Any]:
    """A row's known fields as content; `Refused` for values that cannot be read.

    `categories` and `regions` are names by code: either is understood.
    """
    found: dict[str, Any] = {}
    for heading, value in row.items():
        field = field_of(heading)
        if field is not None and value not in (None, "", []):
            if field in found:
                raise Refused(f"“{LABELS[field]}”写了两次")
            found[field] = _value(field, value)
    for field, names in (("category_code", categories), ("region_codes", regions)):
        if field in found:
            found[field] = _coded(field, found[field], names)
    return {field: found[field] for field in FIELDS if field in found}


def _value(field: str, value: Any) -> Any:
    if field in _DATES:
        return _day(field, value)
    if field in _LISTS:
        parts = value if isinstance(value, list) else _LIST.split(_text(field, value))
        return [text for part in parts if (text := _text(field, part))]
    text = _text(field, value)
    if field == "material_kind":
        return _choice(field, text, rules.MATERIAL_TEXT)
    if field == "audience":
        return _choice(field, text, rules.AUDIENCE_TEXT)
    return text


def _text(field: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(f"“{LABELS[field]}”应为文字")
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    # Word leaves soft hyphens and joiners behind, which the editor would refuse.
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C")
    return unicodedata.normalize("NFC", text).strip()


def _day(field: str, value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(field, value)
    if text in _ALWAYS:
        return None
    found = _DATE.match(text)
    try:
        if found is None:
            raise ValueError
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        raise Refused(f"“{LABELS[field]}”应像 2026-11-23") from None
    if not 1900 <= day.year < 2200:
        raise Refused(f"“{LABELS[field]}”应在 1900 年到 2199 年之间")
    return day


def _choice(field: str, text: str, names: Mapping[str, str]) -> str:
    for code, name in names.items():
        if text in (code, name):
            return code
    raise Refused(f"“{LABELS[field]}”应为{'、'.join(names.values())}之一，写的是“{text[:20]}”")


def _coded(field: str, value: Any, names: Mapping[str, str]) -> Any:
    codes = {name: code for code, name in names.items()}

    def code(text: str) -> str:
        if text in names:
            return text
        if text in codes:
            return codes[text]
        raise Refused(f"“{LABELS[field]}”里没有“{text[:20]}”")

    if field == "region_codes":
        return [] if value in (["全区"], ["district"]) else [code(text) for text in value]
    return code(value)
